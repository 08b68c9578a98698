"""What the classifier learns from: the examples of all languages, and a few sentences of every phrase.

A phrase stands for more sentences than anybody could count; the few that are taken are drawn by its text, so the same
files always give the same corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from bot.understanding.book import LanguagePhrases, Part, Phrase, PhraseBook
from bot.understanding.notation import GAP, Choice, Pattern

#: Sentences taken of one phrase.
_OF_A_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and what it means. `own` is False for a sentence made from a phrase."""

    text: str
    language: str
    intent: str
    topic: str | None
    question: str | None
    own: bool
    first: bool = True  # False for further sentences of one phrase, which mean the same in other words


def lessons(book: PhraseBook) -> tuple[Lesson, ...]:
    """Everything there is to learn from a book, each text once for a meaning."""
    found: dict[tuple[str, str, str | None, str | None], Lesson] = {}
    for known in book.languages.values():
        for example in known.examples:
            lesson = Lesson(example.text, known.language, example.intent, example.topic, example.question, own=True)
            found.setdefault((lesson.text, lesson.intent, lesson.topic, lesson.question), lesson)
        for phrase in known.phrases:
            if phrase.part is not Part.EXCEPT:
                for number, text in enumerate(dict.fromkeys(_said(phrase, known))):
                    lesson = Lesson(
                        text, known.language, phrase.intent, phrase.topic, None, own=False, first=not number
                    )
                    found.setdefault((lesson.text, lesson.intent, lesson.topic, None), lesson)
    return tuple(found.values())


def _said(phrase: Phrase, known: LanguagePhrases) -> Iterator[str]:
    """Sentences of a phrase, as different as its choices allow."""
    for draw in range(_OF_A_PHRASE):
        yield known.written(_drawn(phrase.pattern, _Draw(f"{phrase.text}#{draw}")))


@dataclass(slots=True)
class _Draw:
    """Numbers that follow from a text and nothing else."""

    seed: str
    taken: int = 0

    def below(self, end: int) -> int:
        self.taken += 1
        return crc32(f"{self.seed}{self.taken}".encode()) % end


def _drawn(pattern: Pattern, draw: _Draw) -> Iterator[str]:
    for part in pattern:
        if isinstance(part, Choice):
            end = len(part.options) + (1 if part.optional else 0)
            place = draw.below(end)
            if place < len(part.options):
                yield from _drawn(part.options[place], draw)
        elif part != GAP:
            yield part
