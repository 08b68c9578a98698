"""Values: what buttons, conditions and arguments of a flow name must be possible, and told apart by whoever reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.dialog.actions import ACTIONS
from bot.dialog.conditions import AllOf, AnyOf, Compare, Condition, Member, Not
from bot.dialog.facts import typed_slot
from bot.dialog.findings import finding
from bot.dialog.script import (
    AskStep,
    DoStep,
    Flow,
    IfStep,
    ScriptButton,
    Step,
    step_buttons,
    step_lines,
)
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.holds import HoldKind
from bot.texts.fields import LISTS
from bot.texts.placeholders import read_template

#: More than this nobody reads on a small screen.
MOST_BUTTONS = 10
MOST_TRIES = 5

STYLES = ("primary", "success", "danger")

#: Words that a field can be, where the list is closed.
_PROOFS = ("contact", "birth_date", "id_last4")
WORDS: Mapping[str, tuple[str, ...]] = {
    "proof": (*_PROOFS, "none"),
    "link": ("none", "unknown", "expired", "used", "other", "mine", "fresh"),
}

#: Arguments that an action cannot do without, and what each may be.
ARGUMENTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("place_hold", "kind"): tuple(kind.value for kind in HoldKind),
    ("check_proof", "proof"): _PROOFS,
}

#: Fields that only a row of a list has, with the lists whose rows have them.
ROW_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, names in LISTS.items() if name in names)
    for name in ("pay_label", "pay_value", "help_label", "help_value", "statement", "complaint_route", "crisis_line")
}

_COMMAND = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")


def check_values(flow: Flow) -> Iterator[Diagnostic]:
    """All mistakes of value in one flow whose names all exist."""
    for command in flow.commands:
        if not _COMMAND.match(command):
            yield finding(flow.place, "S097", name=command)
    choices = _choices(flow)
    for step in flow.steps.values():
        yield from _buttons(step)
        yield from _rows(step)
        for condition, place in conditions_of(step):
            yield from _possible(condition, place, choices)
            if _settled(condition):
                yield finding(place, "S071")
        match step:
            case AskStep():
                yield from _question(step)
            case DoStep():
                yield from _action(flow, step)
            case IfStep() if step.then == (step.otherwise or step.next):
                yield finding(step.place, "S072", name=step.then)


def conditions_of(step: Step) -> Iterator[tuple[Condition, Place]]:
    """The conditions of a step, its lines, buttons and rejections, with their places."""
    if isinstance(step, IfStep):
        yield step.when, step.place
    for line in step_lines(step):
        if line.when is not None:
            yield line.when, line.sentence.place
    for button in step_buttons(step):
        if button.when is not None:
            yield button.when, button.place
    if isinstance(step, AskStep):
        yield from ((reject.when, reject.line.sentence.place) for reject in step.rejects)


def repeated(shown: Iterable[tuple[ScriptButton, object]]) -> Iterator[ScriptButton]:
    """Buttons that show what another shows that may stand beside them."""
    seen: list[tuple[object, Condition | None]] = []
    for button, what in shown:
        if any(what == other and _together(button.when, when) for other, when in seen):
            yield button
        seen.append((what, button.when))


def _together(one: Condition | None, other: Condition | None) -> bool:
    return one is None or other is None or one == other


def _buttons(step: Step) -> Iterator[Diagnostic]:
    buttons = step_buttons(step)
    if len(buttons) > MOST_BUTTONS:
        yield finding(buttons[MOST_BUTTONS].place, "S062", size=len(buttons), all=MOST_BUTTONS)
    for button in repeated((b, b.label.source) for b in buttons):
        yield finding(button.label.place, "S061", name=button.label.source, language="en")
    for button in buttons:
        template = read_template(button.label.source)
        if not template.names and not any(c.isalnum() for c in button.label.source):
            yield finding(button.label.place, "S063", name=button.label.source)
        if button.style is not None and button.style not in STYLES:
            near, known = did_you_mean(button.style, STYLES), ", ".join(STYLES)
            yield finding(button.place, "S074", name=button.style, near=near, known=known)
        if button.argument is not None and button.intent is None:
            yield finding(button.place, "S099", name=button.argument)


def _question(step: AskStep) -> Iterator[Diagnostic]:
    valued = [b for b in step.buttons if b.value is not None]
    for button in repeated((b, b.value) for b in valued):
        yield finding(button.place, "S060", name=button.value)
    for button in valued:
        if not _fits(step.type, button.value):
            yield finding(button.place, "S066", name=button.value, type=step.type)
    if step.type == "choice" and step.offers is None and not step.buttons:
        yield finding(step.place, "S067")
    if not 1 <= step.most_tries <= MOST_TRIES:
        yield finding(step.place, "S073", size=step.most_tries, all=MOST_TRIES)


def _fits(type: str, value: str | int | bool | None) -> bool:
    if type == "yes_no":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    return typed_slot(type, value) is not None


def _action(flow: Flow, step: DoStep) -> Iterator[Diagnostic]:
    given = dict(step.arguments)
    for (action, name), words in ARGUMENTS.items():
        if action == step.action and given.get(name) not in words:
            near = did_you_mean(str(given.get(name) or ""), words)
            yield finding(step.place, "S075", name=action, result=name, near=near, known=", ".join(words))
    types = flow.slot_types()
    for slot, wanted in ACTIONS[step.action].needs.items():
        if wanted and types.get(slot, wanted) != wanted:
            yield finding(step.place, "S086", name=slot, result=step.action, type=wanted)


def _rows(step: Step) -> Iterator[Diagnostic]:
    for line in step_lines(step):
        text = line.sentence.source + (line.sentence.plural or "")
        names = read_template(text).names
        for name in sorted(names & set(ROW_FIELDS)):
            if line.each not in ROW_FIELDS[name]:
                yield finding(line.sentence.place, "S068", name=name, known=" or ".join(ROW_FIELDS[name]))
        if line.each is not None and not names & set(LISTS[line.each]):
            yield finding(line.sentence.place, "S069", name=line.each, known=", ".join(LISTS[line.each]))


def _choices(flow: Flow) -> Mapping[str, tuple[str, ...]]:
    """Slots that only buttons of this flow can fill, with the words they may hold."""
    found: dict[str, set[str]] = {}
    opened: set[str] = set()
    for step in flow.steps.values():
        if isinstance(step, AskStep):
            found.setdefault(step.slot, set()).update(str(b.value) for b in step.buttons if b.value is not None)
            if step.type != "choice" or step.offers is not None or any(b.value_of for b in step.buttons):
                opened.add(step.slot)
    return {slot: tuple(sorted(words)) for slot, words in found.items() if slot not in opened and words}


def _possible(condition: Condition, place: Place, choices: Mapping[str, tuple[str, ...]]) -> Iterator[Diagnostic]:
    for field, word in words_compared(condition):
        known = choices.get(field) or WORDS.get(field)
        if known is not None and word not in known:
            near = did_you_mean(word, known)
            yield finding(place, "S070", name=field, result=word, near=near, known=", ".join(known))


def words_compared(condition: Condition) -> Iterator[tuple[str, str]]:
    """Every field with each word that a condition compares it with."""
    match condition:
        case Not():
            yield from words_compared(condition.part)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from words_compared(part)
        case Compare() if isinstance(condition.value, str):
            yield condition.field, condition.value
        case Member():
            yield from ((condition.field, word) for word in condition.values)


def _settled(condition: Condition) -> bool:
    """Whether a condition is the same whatever is so: a part and its opposite, or words that exclude each other."""
    if isinstance(condition, Not):
        return _settled(condition.part)
    if isinstance(condition, Compare):
        return condition.field == condition.other
    if not isinstance(condition, AllOf | AnyOf):
        return False
    parts = condition.parts
    if any(_settled(part) for part in parts) or any(Not(part) in parts for part in parts):
        return True
    exact = [p for p in parts if isinstance(p, Compare) and p.op == "=" and p.other is None]
    told = {p.field for p in exact}
    return isinstance(condition, AllOf) and len({(p.field, p.value) for p in exact}) > len(told)
