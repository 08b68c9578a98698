"""Text: how single sentences are written, in English and in each language: short, whole, and saying the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialog.findings import finding
from bot.dialog.script import AskStep, ConfirmStep, Script, Sentence, Step, step_lines
from bot.domain.diagnostics import Diagnostic
from bot.texts.fields import FIELDS, FieldType
from bot.texts.languages import SOURCE_LANGUAGE
from bot.texts.placeholders import read_template

MOST_WORDS = 25

_ADDRESS = re.compile(r"https?://[^\s<>\"'）。，、]+[^\s<>\"'）。，、.,!?;:)]", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][a-z0-9-]*[^<>]*>|\*\*|__|`")
_GLUED = re.compile(r"[^\W\d_]%\([a-z_0-9]+\)s|%\([a-z_0-9]+\)s[^\W\d_]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PLURAL_NOUN = re.compile(r"%\((?P<name>[a-z][a-z0-9_]*)\)s [a-z]+s\b")

#: Languages that put no space between words, where a value may well touch a letter.
_UNSPACED = ("zh-Hans", "zh-Hant")
#: What each mark at the end of a sentence is in other scripts.
_MARKS = {"。": ".", "．": ".", "！": "!", "？": "?", "：": ":", "।": ".", "॥": ".", "…": "."}


def check_text(script: Script) -> Iterator[Diagnostic]:
    """Mistakes in the English sentences."""
    for flow in script.flows.values():
        for step in flow.steps.values():
            yield from _questions(step)
    for _, sentence in script.sentences():
        for form in filter(None, (sentence.source, sentence.plural)):
            yield from _source(sentence, form)
        yield from _counted(sentence)


def check_form(sentence: Sentence, form: str, language: str) -> Iterator[Diagnostic]:
    """Mistakes in one form of a translation."""
    place = sentence.place
    if form != " ".join(form.split()):
        yield finding(place, "S090", language=language)
    if sorted(_ADDRESS.findall(form)) != sorted(_ADDRESS.findall(sentence.source)):
        yield finding(place, "S088", language=language)
    if language not in _UNSPACED and (glued := _GLUED.search(form)):
        yield finding(place, "S081", name=glued[0], language=language)
    if _end(form) != _end(sentence.plural or sentence.source):
        yield finding(place, "S089", language=language)


def _end(text: str) -> str:
    last = text.rstrip(" \"'”’」』)）")[-1:]
    mark = _MARKS.get(last, last)
    return mark if mark in (".", "!", "?", ":") else ""


def _questions(step: Step) -> Iterator[Diagnostic]:
    """Of two questions in one message only one gets an answer. Lines with a condition may exclude one another."""
    if isinstance(step, AskStep | ConfirmStep):
        asked = [line.sentence for line in step.lines if line.when is None]
        marks = sum(sentence.source.count("?") for sentence in asked)
        lines = step_lines(step)
        if marks > 1:
            yield finding(lines[0].sentence.place, "S079", name=step.id)


def _source(sentence: Sentence, form: str) -> Iterator[Diagnostic]:
    place = sentence.place
    for part in _SENTENCE_END.split(form):
        words = len(part.split())
        if words > MOST_WORDS:
            yield finding(place, "S080", size=words, all=MOST_WORDS)
    if glued := _GLUED.search(form):
        yield finding(place, "S081", name=glued[0], language=SOURCE_LANGUAGE)
    for address in _ADDRESS.findall(form):
        if not address.lower().startswith("https://"):
            yield finding(place, "S087", name=address)
    if markup := _MARKUP.search(form):
        yield finding(place, "S093", name=markup[0])


def _counted(sentence: Sentence) -> Iterator[Diagnostic]:
    if sentence.plural is not None:
        if sentence.count_by and sentence.count_by not in read_template(sentence.plural).names:
            yield finding(sentence.place, "S091", name=sentence.count_by)
        return
    for found in _PLURAL_NOUN.finditer(sentence.source):
        field = FIELDS.get(found["name"])
        if field is not None and field.type is FieldType.COUNT:
            yield finding(sentence.place, "S092", name=found["name"])
