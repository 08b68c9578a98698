"""Extraction: the sentences of flows and answers for translators, each with what they must know to translate it.

Every sentence carries where it stands, who says it and when, how long it may be, and a sample of every value put into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.yaml_reading import MapNode, Node, ScalarNode, YamlFile
from bot.texts.fields import CHOICE, FIELDS, SLOT_FIELDS, FieldType
from bot.texts.placeholders import read_template
from bot.texts.render import FORMATS
from bot.texts.sentences import Found, read_sentence, sentences_in, tidy

LONGEST_LABEL = 24
LONGEST_MESSAGE = 600
#: How much of the message above a button is quoted beside it.
_QUOTED = 60

_SAMPLES = {
    FieldType.MONEY: "CN¥500.00",
    FieldType.DAY: "Friday, 27 November",
    FieldType.MOMENT: "Friday, 27 November 18:00 (Shanghai)",
    FieldType.COUNT: "7",
    FieldType.TEXT: "…",
}
_COUNTED = ("years", "months", "weeks", "days", "hours", "minutes", "count", "parts", "left", "place")

_SAID = {
    "say": "The bot says it.",
    "ask": "The bot asks it; the borrower presses a button or types.",
    "offer": "The bot asks it and offers days or amounts as buttons.",
    "confirm": "A line of the card that the borrower confirms before anything is recorded.",
    "reject": "The bot says it when it cannot take what the borrower entered.",
    "hand_off": "The bot says it when it calls a person.",
    "more": "The bot says it after the button that asks for more.",
}
#: Files of messages that are used in a way of their own.
_SAID_IN = {
    "reminders": "The bot begins with it, unasked.",
    "statements": "The bot says it where the law of a place asks for it; no fact in it may be lost.",
    "labels": "A few words that other messages name.",
}


@dataclass(frozen=True, slots=True)
class Extracted:
    """A sentence for translators; `file` and `line` say where it stands, `notes` what to know about it."""

    context: str
    source: str
    plural: str | None
    notes: tuple[str, ...]
    file: str
    line: int

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if self.plural is None else (self.source, self.plural)


def extract_flow(file: YamlFile) -> Iterator[Extracted]:
    """Every sentence of one flow file, in its order; none where it cannot be read, of which `dialogs check` says why."""
    root = file.root
    if not isinstance(root, MapNode):
        return
    name = root.get("flow") or root.get("messages")
    steps = root.get("steps")
    if not isinstance(name, ScalarNode) or not isinstance(steps, MapNode):
        return
    slots = _slots(steps)
    title = root.get("title")
    if isinstance(title, ScalarNode):
        found = Found(tidy(title.text), title.place, label=True)
        notes = (f"Flow {name.text}.", f"The name of the dialog, {_button('')}")
        yield _extracted(found, f"{name.text}.title", notes, slots)
    for key, step in steps.entries:
        yield from _step(name.text, key.text, step, slots)


def _step(flow: str, key: str, step: Node, slots: Mapping[str, FieldType]) -> Iterator[Extracted]:
    context, where = f"{flow}.{key}", f"Flow {flow}, step {key}."
    if isinstance(step, ScalarNode):
        if step.text != "end" or step.quoted:
            found = Found(tidy(step.text), step.place)
            yield _extracted(found, context, (where, *_about(found, flow, "")), slots)
        return
    above = ""
    for found in sentences_in(step):
        above = above or ("" if found.label else found.source)
        yield _extracted(found, context, (where, *_about(found, flow, above)), slots)


def extract_answers(file: YamlFile, groups: Mapping[str, str]) -> Iterator[Extracted]:
    """Every sentence of one file of answers. `groups` names the group of each question, for the answers of one place."""
    root = file.root
    if not isinstance(root, MapNode):
        return
    group, place = root.get("answers"), root.get("place")
    if isinstance(place, ScalarNode):
        for key, body in group.entries if isinstance(group, MapNode) else ():
            if isinstance(body, MapNode) and key.text in groups:
                context = f"{groups[key.text]}.{key.text}.{place.text}"
                where = f"Answer {key.text}, as it is in {place.text} only."
                yield from _answer(body, context, where)
        return
    questions = root.get("questions")
    if isinstance(group, ScalarNode) and isinstance(questions, MapNode):
        for key, body in questions.entries:
            if isinstance(body, MapNode):
                yield from _answer(body, f"{group.text}.{key.text}", f"Answer {key.text} of the group {group.text}.")


def _answer(body: MapNode, context: str, where: str) -> Iterator[Extracted]:
    title = body.get("title")
    named = read_sentence(title, label=True) if title is not None else None
    if named is not None:
        notes = (where, f"The name of the question, {_button('')}")
        yield _extracted(named, context, notes, {})
    rest = MapNode(body.place, tuple(entry for entry in body.entries if entry[0].text in ("say", "more", "next")))
    for found in sentences_in(rest):
        yield _extracted(found, context, (where, *_about(found, "", named.source if named else "")), {})


def groups_in(files: Iterable[YamlFile]) -> dict[str, str]:
    """The group of each question in these files of answers."""
    groups: dict[str, str] = {}
    for file in files:
        if isinstance(file.root, MapNode):
            group, questions = file.root.get("answers"), file.root.get("questions")
            if isinstance(group, ScalarNode) and isinstance(questions, MapNode):
                groups.update((key.text, group.text) for key, _ in questions.entries)
    return groups


def format_entries() -> Iterator[Extracted]:
    """The patterns by which a language writes its days in chat, in CLDR's letters."""
    for message in FORMATS:
        where = "A day on a button, as short as may be" if "EEEE" not in message.source else "A day in chat"
        note = (
            f"{where}, in the letters of CLDR date patterns (EEEE or EEE weekday, d day, MMMM, MMM or M month, y year)."
        )
        yield Extracted(message.context, message.source, None, (note,), "", 0)


def _slots(steps: MapNode) -> dict[str, FieldType]:
    """Slots asked for in this flow, so that their samples fit."""
    found = {}
    for key, step in steps.entries:
        if isinstance(step, MapNode):
            slot, kind = step.get("slot"), step.get("type")
            if isinstance(kind, ScalarNode) and kind.text in SLOT_FIELDS:
                found[slot.text if isinstance(slot, ScalarNode) else key.text] = SLOT_FIELDS[kind.text]
    return found


def _about(found: Found, flow: str, above: str) -> Iterator[str]:
    """Who says it and when, and how long it may be."""
    if found.label:
        yield f"What the borrower presses, {_button(above)}"
    else:
        said = _SAID_IN.get(flow) or _SAID[found.role]
        yield f"{said} A message: at most {LONGEST_MESSAGE} characters."
    if found.when:
        yield f"Only if: {found.when}"
    if found.each:
        yield f"Once for each of: {found.each}"


def _button(above: str) -> str:
    quoted = above if len(above) <= _QUOTED else f"{above[:_QUOTED].rsplit(' ', 1)[0]} …"
    below = f' It stands below "{quoted}"' if quoted else ""
    return f"a button: at most {LONGEST_LABEL} characters.{below}"


def _extracted(found: Found, context: str, notes: tuple[str, ...], slots: Mapping[str, FieldType]) -> Extracted:
    names = sorted(read_template(found.source).names | read_template(found.plural or "").names)
    values = (f"%({name})s: {sample(name, slots)}" for name in names)
    return Extracted(context, found.source, found.plural, (*notes, *values), found.place.file, found.place.line)


def sample(name: str, slots: Mapping[str, FieldType]) -> str:
    """What a placeholder may stand for, in English."""
    if name in FIELDS and FIELDS[name].sample:
        return FIELDS[name].sample
    if name == CHOICE:
        return "a value that the program offers, such as Friday, 27 November"
    if name in slots:
        return _SAMPLES.get(slots[name], "")
    if name.rsplit("_", 1)[-1] in _COUNTED:
        return _SAMPLES[FieldType.COUNT]
    return _SAMPLES[FieldType.DAY if "day" in name else FieldType.MONEY]
