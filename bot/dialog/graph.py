"""A flow as a picture: its steps and where each leads, as Mermaid text or as an SVG drawing.

Generated from the script, so that a picture never shows a flow that is not. Layers are by the least number of steps from the
beginning; what leads back is drawn dashed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from bot.dialog.script import (
    END,
    AnswerStep,
    AskStep,
    CallStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    GotoStep,
    HandOffStep,
    IfStep,
    SayStep,
    Step,
    step_buttons,
    step_lines,
)

#: Longest text of a box or an arrow, in characters.
_LONGEST = 34

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 250, 58, 90, 84, 24


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to another of the flow, or to its end. `label` says when."""

    start: str
    end: str
    label: str


def arrows(flow: Flow) -> tuple[Arrow, ...]:
    """Every way that a step may lead, in the order of the file. A hand-off leads to the end, which is where people go on."""
    return tuple(Arrow(step.id, end, label) for step in flow.steps.values() for end, label in _ways(step))


def _ways(step: Step) -> Iterator[tuple[str, str]]:
    match step:
        case SayStep() | GotoStep() | CallStep():
            yield step.next or END, ""
        case AskStep():
            yield step.next or END, "answered"
            if step.otherwise:
                yield step.otherwise, f"not after {step.most_tries} tries"
        case DoStep():
            yield from ((target, result) for result, target in step.on)
        case IfStep():
            yield step.then, "yes"
            yield step.otherwise or step.next or END, "no"
        case AnswerStep():
            yield step.next or END, "answered"
            yield step.held or END, "for a person"
            yield step.otherwise or END, "not known"
        case HandOffStep():
            yield step.next or END, f"a person: {step.reason}"
        case EndStep():
            yield END, ""
        case ConfirmStep():
            pass
    yield from ((button.goto, button.label.source) for button in step_buttons(step) if button.goto)


def mermaid(flow: Flow) -> str:
    """The flow in the language of Mermaid, which many editors and sites draw."""
    lines = [f"%% {flow.id}", "flowchart TD"]
    names = {step_id: f"s{number}" for number, step_id in enumerate((*flow.steps, END))}
    for step in flow.steps.values():
        box = f"{_quoted(step.id)}<br/>{_quoted(_about(step))}"
        opening, closing = _SHAPES.get(type(step), ("[", "]"))
        lines.append(f'  {names[step.id]}{opening}"{box}"{closing}')
    lines.append(f"  {names[END]}((end))")
    for arrow in arrows(flow):
        label = f'|"{_quoted(_short(arrow.label))}"|' if arrow.label else ""
        lines.append(f"  {names[arrow.start]} -->{label} {names.get(arrow.end, names[END])}")
    return "\n".join(lines) + "\n"


_SHAPES: Mapping[type[Step], tuple[str, str]] = {
    AskStep: ("[/", "/]"),
    IfStep: ("{", "}"),
    DoStep: ("[[", "]]"),
    HandOffStep: ("([", "])"),
}


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _about(step: Step) -> str:
    """What a step does, in a few words."""
    match step:
        case DoStep():
            return f"do {step.action}"
        case IfStep():
            return "if"
        case CallStep():
            return f"call {step.flow}"
        case AnswerStep():
            return f"answer {step.field}"
        case GotoStep():
            return "go to"
        case EndStep():
            return "end"
        case _:
            said = step_lines(step)
            return _short(said[0].sentence.source) if said else type(step).__name__.removesuffix("Step").lower()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def svg(flow: Flow) -> str:
    """The flow as a drawing that stands alone, in light and dark. Text can be searched and read aloud."""
    places = _places(flow)
    across = max(column for column, _ in places.values()) + 1
    down = max(row for _, row in places.values()) + 1
    width = 2 * _MARGIN + across * (_WIDTH + _ACROSS) - _ACROSS
    height = 2 * _MARGIN + down * (_HEIGHT + _DOWN) - _DOWN
    title = escape(f"{flow.id}: {flow.title.source}" if flow.title else flow.id)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{title}" font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{title}</title>",
        _STYLE,
    ]
    lines, words = _drawn_arrows(flow, places)
    parts += [*lines, *(_drawn_step(step, places[step.id]) for step in flow.steps.values()), *words]
    x, y = _corner(places[END])
    parts.append(f'<rect class="end" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="29"/>')
    parts.append(f'<text x="{x + _WIDTH // 2}" y="{y + 34}" text-anchor="middle">end</text>')
    return "\n".join((*parts, "</svg>")) + "\n"


_STYLE = """<style>
svg { background: #fff; } text { fill: #1c1e21; } .what { fill: #5a6067; font-size: 11px; }
rect { fill: #eef2f7; stroke: #8a94a0; } .ask { fill: #e3f0e4; } .do { fill: #fdf1dc; } .if { fill: #f1e8f8; }
.hand_off { fill: #fbe4e1; } .end { fill: #fff; }
path { fill: none; stroke: #5a6067; stroke-width: 1.3; marker-end: url(#tip); } .back { stroke-dasharray: 5 4; }
.label { font-size: 11px; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
@media (prefers-color-scheme: dark) {
  svg { background: #16181b; } text { fill: #e8eaed; } .what { fill: #a5abb3; }
  rect { fill: #262a30; stroke: #6b737d; } .ask { fill: #1f3322; } .do { fill: #3a2f17; } .if { fill: #302340; }
  .hand_off { fill: #43211d; } .end { fill: #16181b; } path { stroke: #a5abb3; } .label { stroke: #16181b; }
}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 8 4 0 8z" style="fill:#7a828c;stroke:none"/></marker></defs>"""


def _places(flow: Flow) -> dict[str, tuple[int, int]]:
    """Column and row of each step and of the end: rows by distance from the first step, the end below all others."""
    leads: dict[str, list[str]] = {}
    for arrow in arrows(flow):
        leads.setdefault(arrow.start, []).append(arrow.end)
    rows: list[list[str]] = [[flow.first]]
    placed = {flow.first, END}
    while rows[-1]:
        following = dict.fromkeys(end for start in rows[-1] for end in leads.get(start, ()) if end in flow.steps)
        rows.append([end for end in following if end not in placed])
        placed.update(rows[-1])
    # Steps that other flows or lasting buttons enter stand in a row of their own.
    rows[-1] = [step_id for step_id in flow.steps if step_id not in placed]
    found = {step_id: (column, row) for row, ids in enumerate(filter(None, rows)) for column, step_id in enumerate(ids)}
    return found | {END: (0, max(row for _, row in found.values()) + 1)}


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    column, row = place
    return _MARGIN + column * (_WIDTH + _ACROSS), _MARGIN + row * (_HEIGHT + _DOWN)


def _drawn_step(step: Step, place: tuple[int, int]) -> str:
    x, y = _corner(place)
    kind = {AskStep: "ask", DoStep: "do", IfStep: "if", HandOffStep: "hand_off"}.get(type(step), "say")
    box = f'<rect class="{kind}" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>'
    name = f'<text x="{x + 10}" y="{y + 23}">{escape(_short(step.id))}</text>'
    return f'{box}{name}<text class="what" x="{x + 10}" y="{y + 43}">{escape(_about(step))}</text>'


def _drawn_arrows(flow: Flow, places: Mapping[str, tuple[int, int]]) -> tuple[list[str], list[str]]:
    """Lines, and their words: those stand where their arrow ends, or begins if it leads back, one below the other."""
    lines: list[str] = []
    words: list[str] = []
    stacked: Counter[tuple[str, bool]] = Counter()
    for arrow in arrows(flow):
        end = arrow.end if arrow.end in places else END
        (x1, y1), (x2, y2) = _corner(places[arrow.start]), _corner(places[end])
        back = y2 <= y1
        if back:
            # Around the right side, so that it does not run through the boxes between.
            x1, x2, y1, y2 = x1 + _WIDTH, x2 + _WIDTH + 4, y1 + _HEIGHT // 2, y2 + _HEIGHT // 2
            bend = max(x1, x2) + _ACROSS
            lines.append(f'<path class="back" d="M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}"/>')
        else:
            x1, x2, y1, y2 = x1 + _WIDTH // 2, x2 + _WIDTH // 2, y1 + _HEIGHT, y2 - 4
            lines.append(f'<path d="M{x1} {y1} C{x1} {y1 + _DOWN // 2} {x2} {y2 - _DOWN // 2} {x2} {y2}"/>')
        if arrow.label:
            beside = (arrow.start if back else end, back)
            x, y = (x1 + 6, y1 + 16 + 13 * stacked[beside]) if back else (x2 + 8, y2 - 8 - 13 * stacked[beside])
            stacked[beside] += 1
            words.append(f'<text class="label" x="{x}" y="{y}">{escape(_short(arrow.label))}</text>')
    return lines, words
