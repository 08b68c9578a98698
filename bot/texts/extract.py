"""Extraction: the sentences of flow files for translators, by Babel's extractor protocol.

Every entry carries where it stands, and a sample of every value that is put into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from bot.domain.yaml_reading import MapNode, ScalarNode, read_yaml
from bot.texts.fields import CHOICE, FIELDS, SLOT_FIELDS, FieldType
from bot.texts.placeholders import read_template
from bot.texts.render import FORMATS
from bot.texts.sentences import Found, sentences_in

#: (line, gettext function, messages with the context first, comments)
Extracted = tuple[int, str, tuple[str, ...], list[str]]

LONGEST_LABEL = 24

_SAMPLES = {
    FieldType.MONEY: "CN¥500.00",
    FieldType.DAY: "Friday, 27 November",
    FieldType.COUNT: "7",
    FieldType.TEXT: "…",
}


def extract_flows(
    fileobj: BinaryIO, keywords: Sequence[str], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Extracted]:
    """Babel's entry point for `dialogs/flows/*.yaml`. A file that cannot be read gives nothing: `dialogs check` says why."""
    text = fileobj.read().decode("utf-8", "replace")
    yield from extract_sentences(text, getattr(fileobj, "name", "flow.yaml"))


def extract_sentences(text: str, file: str) -> Iterator[Extracted]:
    """Every sentence of one flow file, in its order."""
    root = read_yaml(text, file).root
    if not isinstance(root, MapNode):
        return
    name = root.get("flow") or root.get("messages")
    steps = root.get("steps")
    if not isinstance(name, ScalarNode) or not isinstance(steps, MapNode):
        return
    slots = _slots(steps)
    title = root.get("title")
    if isinstance(title, ScalarNode):
        found = Found(" ".join(title.text.split()), title.place, label=True)
        yield _entry(found, f"{name.text}.title", f"Flow {name.text}, its name on buttons", slots)
    for key, step in steps.entries:
        context, where = f"{name.text}.{key.text}", f"Flow {name.text}, step {key.text}"
        if isinstance(step, ScalarNode):
            if step.text != "end" or step.quoted:
                yield _entry(Found(" ".join(step.text.split()), step.place), context, where, slots)
            continue
        for found in sentences_in(step):
            yield _entry(found, context, where, slots)


def format_entries() -> Iterator[Extracted]:
    """The patterns by which a language writes its days in chat, in CLDR's letters."""
    for message in FORMATS:
        comment = "A day in chat, in the letters of CLDR date patterns (EEEE weekday, d day, MMMM or M month, y year)."
        yield 0, "pgettext", (message.context, message.source), [comment]


def _slots(steps: MapNode) -> dict[str, FieldType]:
    """Slots asked for in this flow, so that their samples fit."""
    found = {}
    for key, step in steps.entries:
        if isinstance(step, MapNode):
            slot, kind = step.get("slot"), step.get("type")
            if isinstance(kind, ScalarNode) and kind.text in SLOT_FIELDS:
                found[slot.text if isinstance(slot, ScalarNode) else key.text] = SLOT_FIELDS[kind.text]
    return found


def _entry(found: Found, context: str, where: str, slots: Mapping[str, FieldType]) -> Extracted:
    kind = f"{where}. A button: at most {LONGEST_LABEL} characters." if found.label else f"{where}."
    names = sorted(read_template(found.source).names | read_template(found.plural or "").names)
    comments = [kind, *(f"%({name})s: {_sample(name, slots)}" for name in names)]
    if found.plural is None:
        return found.place.line, "pgettext", (context, found.source), comments
    return found.place.line, "npgettext", (context, found.source, found.plural), comments


def _sample(name: str, slots: Mapping[str, FieldType]) -> str:
    if name in FIELDS and FIELDS[name].sample:
        return FIELDS[name].sample
    if name == CHOICE:
        return "a value offered by the program, such as Friday, 27 November"
    return (
        _SAMPLES.get(slots.get(name, FieldType.TEXT), "")
        or _SAMPLES[FieldType.DAY if "day" in name else FieldType.MONEY]
    )
