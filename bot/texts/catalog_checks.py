"""What may be wrong with one translated message: placeholders, plural forms, tags, invisible marks, length.

The same rules hold when the bot reads a catalog and, as a Babel checker, when `pybabel compile` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.texts.placeholders import read_template

#: (code, sentence, fix)
Fault = tuple[str, str, str]

_TAG = re.compile(r"</?([a-z][a-z0-9-]*)[^<>]*>")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MOST = re.compile(r"at most (\d{1,4}) characters")
_SAMPLE = re.compile(r"^%\(([a-z0-9_]+)\)s: (.*)$", re.MULTILINE)


def message_faults(sources: Sequence[str], forms: Sequence[str], wanted: int) -> Iterator[Fault]:
    """Everything wrong with a translation that has all its words. `wanted` is how many plural forms the language has."""
    count = wanted if len(sources) > 1 else 1
    if len(forms) != count:
        sentence = f"There are {len(forms)} forms where the language needs {count}."
        yield "G004", sentence, "Fill in every msgstr[n] line and no other."
    names = [read_template(source).names for source in sources]
    every, always = frozenset().union(*names), frozenset.intersection(*names)
    for at, form in enumerate(forms):
        # A form for one may do without the number, where the English one does; the last form serves all other counts.
        yield from _form_faults(form, sources[0], every, every if at == len(forms) - 1 else always)


def _form_faults(form: str, source: str, allowed: frozenset[str], needed: frozenset[str]) -> Iterator[Fault]:
    template = read_template(form)
    if template.faults:
        sentence = f'"{template.faults[0]}" is not a placeholder.'
        yield "G005", sentence, "Placeholders look like %(name)s; write %% for a percent sign."
    missing, extra = sorted(needed - template.names), sorted(template.names - allowed)
    if extra:
        sentence = f"The placeholder %({extra[0]})s is not in the source sentence."
        yield "G006", sentence, "Use only the placeholders of the source sentence."
    if missing:
        sentence = f"The placeholder %({missing[0]})s of the source sentence is missing."
        yield "G007", sentence, "Copy it from the source sentence."
    angles = [(text.count("<"), text.count(">"), sorted(_TAG.findall(text))) for text in (form, source)]
    if angles[0] != angles[1] or not is_balanced(form):
        yield "G008", "The HTML tags differ from the source or do not close.", "Copy the tags as they are."
    if _BIDI_CONTROLS.search(form):
        fix = "Remove it; names and amounts are isolated by the program."
        yield "G009", "There is an invisible direction mark in the text.", fix
    if _CONTROLS.search(form):
        yield "G011", "There is a line break or a control character in the text.", "Write the message in one line."


def length_faults(notes: Sequence[str], forms: Sequence[str]) -> Iterator[Fault]:
    """A form that is longer than its notes allow, with the samples of the notes in place of the placeholders."""
    text = "\n".join(notes)
    most = _MOST.search(text)
    if most is None:
        return
    # What the program offers has no one length.
    samples = {name: "" if " such as " in sample else sample for name, sample in _SAMPLE.findall(text)}
    for form in forms:
        pieces = read_template(form).pieces
        shown = "".join(samples.get(piece, "") if at % 2 else piece for at, piece in enumerate(pieces))
        if len(shown) > int(most.group(1)):
            yield "G012", f'"{shown}" is {len(shown)} characters long.', f"Make it at most {most.group(1)}."


def is_balanced(text: str) -> bool:
    """True where every HTML tag is closed, innermost first."""
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        if not tag.group(0).startswith("</"):
            open_tags.append(tag.group(1))
        elif not open_tags or open_tags.pop() != tag.group(1):
            return False
    return not open_tags
