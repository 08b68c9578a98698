"""Gallery: every message of a script as a borrower would see it, worded in one language with sample values.

For people who check words: nothing is left out because a condition does not hold; the condition stands beside the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.dialog.conditions import AllOf, AnyOf, Compare, Condition, Flag, Known, Member, Not
from bot.dialog.script import AskStep, Flow, Line, Script, ScriptButton, Sentence, Step, step_buttons, step_lines
from bot.domain.money import Money
from bot.texts.catalogs import Catalogs
from bot.texts.fields import FIELDS, SLOT_FIELDS, FieldType
from bot.texts.messages import Moment, Parameter
from bot.texts.placeholders import read_template
from bot.texts.render import render

_DAY = date(2026, 11, 27)
_MOMENT = Moment(datetime(2026, 11, 27, 10, 0, tzinfo=UTC), "UTC")
_MONEY = Money.of("1200.00", "CNY")
_COUNT = 3


@dataclass(frozen=True, slots=True)
class Bubble:
    """One sentence in its language. `when` says under which condition it is said, `is_source` that it is not translated."""

    words: str
    when: str
    is_source: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: str
    context: str
    lines: tuple[Bubble, ...]
    buttons: tuple[Bubble, ...]


@dataclass(frozen=True, slots=True)
class ShownFlow:
    flow: str
    title: str
    steps: tuple[ShownStep, ...]


def gallery(script: Script, catalogs: Catalogs, language: str) -> tuple[ShownFlow, ...]:
    """All flows with something to say, in the order of the files, in one language."""
    worded = _Worded(script, catalogs, language)
    found = (_flow(flow, worded) for flow in script.flows.values())
    return tuple(flow for flow in found if flow.steps)


def _flow(flow: Flow, worded: _Worded) -> ShownFlow:
    steps = (_step(flow, step, worded) for step in flow.steps.values())
    title = worded.sentence(flow.title, flow).words if flow.title else ""
    return ShownFlow(flow.id, title, tuple(step for step in steps if step.lines or step.buttons))


def _step(flow: Flow, step: Step, worded: _Worded) -> ShownStep:
    lines = tuple(bubble for line in step_lines(step) for bubble in worded.line(line, flow))
    buttons = [worded.button(button, flow) for button in step_buttons(step)]
    if isinstance(step, AskStep) and step.label is not None:
        buttons.append(worded.sentence(step.label, flow, "an offer"))
    # An answer has no steps to those who write and translate it.
    context = flow.id if flow.of_answer else f"{flow.id}.{step.id}"
    return ShownStep(step.id, context, lines, tuple(buttons))


@dataclass(frozen=True, slots=True)
class _Worded:
    script: Script
    catalogs: Catalogs
    language: str

    def line(self, line: Line, flow: Flow) -> Iterator[Bubble]:
        when = f"if {told(line.when)}" if line.when is not None else ""
        each = f"for each of {line.each}" if line.each else ""
        note = ", ".join(part for part in (when, each) if part)
        yield self.sentence(line.sentence, flow, note)
        if line.sentence.plural is not None:
            yield self.sentence(line.sentence, flow, ", ".join(part for part in (note, "one") if part), count=1)

    def button(self, button: ScriptButton, flow: Flow) -> Bubble:
        return self.sentence(button.label, flow, f"if {told(button.when)}" if button.when is not None else "")

    def sentence(self, sentence: Sentence, flow: Flow, when: str = "", count: int = _COUNT) -> Bubble:
        slots = flow.slot_types()
        names = [name for text in (sentence.source, sentence.plural or "") for name in read_template(text).names]
        values = {name: _sample(name, slots, count) for name in names}
        if sentence.count_by is not None:
            values[sentence.count_by] = count
        words = render(sentence.with_values(tuple(values.items())), self.catalogs, self.language)
        known = self.catalogs.chain(self.language)[0]
        there = (sentence.context, sentence.source) in known.entries and known.language == self.language
        return Bubble(words, when, is_source=not there)


def _sample(name: str, slots: dict[str, str], count: int) -> Parameter:
    field = FIELDS.get(name)
    kind = field.type if field is not None else SLOT_FIELDS[slots[name]] if name in slots else FieldType.TEXT
    match kind:
        case FieldType.MONEY:
            return _MONEY
        case FieldType.DAY:
            return _DAY
        case FieldType.MOMENT:
            return _MOMENT
        case FieldType.COUNT:
            return count
        case _:
            return field.sample if field is not None else name


def told(condition: Condition) -> str:
    """A condition as an author writes it."""
    match condition:
        case Compare():
            value = condition.other if condition.other is not None else condition.value
            return f"{condition.field} {condition.op} {value}"
        case Member():
            return f"{condition.field} in {' '.join(condition.values)}"
        case Known():
            return f"known {condition.field}"
        case Flag():
            return condition.field
        case Not():
            return f"not {told(condition.part)}"
        case AllOf():
            return " and ".join(told(part) for part in condition.parts)
        case AnyOf():
            return " or ".join(told(part) for part in condition.parts)
