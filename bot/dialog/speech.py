"""Speech: a step's lines and buttons with the facts of the moment become messages and choices.

A sentence with a value that is not known is not said; one that says so, and where to ask, takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialog.conditions import holds
from bot.dialog.effects import Choice
from bot.dialog.facts import Facts
from bot.dialog.script import SLOT_TYPES, Line, ScriptButton, Sentence
from bot.dialog.state import LiveChoice
from bot.domain.events import Unsupported
from bot.policy.statements import STATEMENTS, statements_due, step_of
from bot.texts.fields import CHOICE
from bot.texts.messages import Message, Parameter, Parameters, Words
from bot.texts.placeholders import read_template

#: Sentences that the engine says by name; a script without one of them cannot be published.
SPOKEN_BY_ENGINE = (
    "not_known",
    "back_to",
    "recall",
    "cancelled",
    "expired",
    "card_again",
    "edited",
    "person_here",
    "group",
    "apology",
    "claim_picture",
    "contact_not_needed",
    "contact_not_own",
    "unknown_command",
    "not_understood",
    *(f"expected_{kind}" for kind in (*SLOT_TYPES, "confirm")),
    *(f"unsupported_{kind}" for kind in Unsupported),
)

#: Lists whose rows are what must be said, and the moment at which each is.
MOMENTS_OF = {
    "hardship_statements": "hardship",
    "dispute_statements": "dispute_open",
    "payment_statements": "payment_instruction",
    "consequence_statements": "consequence_answer",
    "plan_statements": "before_plan_accept",
    "agreed_statements": "after_plan_accept",
    "acknowledgement_statements": "before_acknowledgement",
}

#: Two labels no longer than this stand side by side.
SHORT_LABEL = 14

Button = tuple[Choice, LiveChoice]


def shared(facts: Facts, step: str) -> Message:
    """A sentence of the engine's own, by its name in the script."""
    found = facts.script.message("shared", step)
    if found is None:
        return Message("", f"shared.{step}")
    return worded(found.lines[0].sentence, facts) or Message("", f"shared.{step}")


def messages(lines: Iterable[Line], facts: Facts) -> tuple[Message, ...]:
    """The messages of the lines whose conditions hold, a list's line once for each row."""
    found: list[Message] = []
    for line in lines:
        for row in _rows(line.each, facts) if line.each else (facts,):
            if line.when is None or holds(line.when, row.read):
                message = worded(line.sentence, row)
                found.append(message if message is not None else shared(facts, "not_known"))
    return tuple(dict.fromkeys(found))


def _rows(name: str, facts: Facts) -> Iterable[Facts]:
    moment = MOMENTS_OF.get(name)
    if moment is None:
        return facts.rows(name)
    if "statement" in facts.values:  # a statement that lists statements would never end
        return ()
    return [facts.with_values({"statement": Words(said)}) for said in statements(facts, (moment,))]


def statements(facts: Facts, moments: Iterable[str]) -> tuple[Message, ...]:
    """What must be said at these moments by the contact policy, in the script's words; nothing where no policy is known."""
    if facts.policy is None:
        return ()
    found: list[Message] = []
    for statement in statements_due(facts.policy, facts.situation, facts.loan, moments):
        step = facts.script.message(STATEMENTS, step_of(statement))
        found += messages(step.lines, facts.with_values({"statement": None})) if step else ()
    return tuple(found)


def worded(sentence: Sentence, facts: Facts) -> Message | None:
    """The sentence with its values, or None where one is not known."""
    parameters = _parameters(sentence, facts)
    return None if parameters is None else sentence.with_values(parameters)


def _parameters(sentence: Sentence, facts: Facts) -> Parameters | None:
    names = read_template(sentence.source).names | read_template(sentence.plural or "").names
    if sentence.count_by:
        names |= {sentence.count_by}
    found: list[tuple[str, Parameter]] = []
    for name in sorted(names):
        value = facts.parameter(name)
        if value is None:
            return None
        found.append((name, value))
    return tuple(found)


def buttons(wanted: Iterable[ScriptButton], facts: Facts) -> list[Button]:
    """The buttons whose conditions hold and whose values are known."""
    found = []
    for button in wanted:
        if button.when is not None and not holds(button.when, facts.read):
            continue
        made = _button(button, facts)
        if made is not None:
            found.append(made)
    return found


def _button(button: ScriptButton, facts: Facts) -> Button | None:
    label = worded(button.label, facts)
    if label is None:
        return None
    value = button.value
    if button.value_of:
        known = facts.read(button.value_of)
        if known is None:
            return None
        value = (
            known if isinstance(known, bool | int) else known.isoformat() if hasattr(known, "isoformat") else str(known)
        )
    referred = [facts.read(name) if name else None for name in (button.argument, button.copy_of, button.url_of)]
    argument, copy_text, url = (None if r is None else str(r) for r in referred)
    if (button.copy_of and not copy_text) or (button.url_of and not url):
        return None
    choice = Choice(label, button.intent, argument, url, copy_text, button.contact, button.style)
    return choice, LiveChoice(value, button.goto, button.intent, typed_label(label))


def offered(label: Sentence, values: Iterable[tuple[object, Parameter]], facts: Facts) -> list[Button]:
    """A button for each value that code offers."""
    found = []
    for value, shown in values:
        message = label.with_values(((CHOICE, shown),))
        form = value if isinstance(value, str | int) else None
        found.append((Choice(message), LiveChoice(form, None, None, "")))
    return found


def typed_label(label: Message) -> str:
    """The label's key, by which typing it is known again; a label with values is understood by its values."""
    return "" if label.parameters else f"{label.context}\x1f{label.source}"


def in_rows(made: Sequence[Button]) -> tuple[tuple[Choice, ...], ...]:
    """Short labels two in a row, long ones alone; the order stays."""
    rows: list[tuple[Choice, ...]] = []
    for choice, _ in made:
        short = len(choice.label.source) <= SHORT_LABEL and not choice.request_contact
        if rows and short and len(rows[-1]) == 1 and len(rows[-1][0].label.source) <= SHORT_LABEL:
            rows[-1] = (*rows[-1], choice)
        else:
            rows.append((choice,))
    return tuple(rows)
