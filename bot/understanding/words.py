"""A normalised text as words: letters, one Chinese character each, numbers, marks, pictures; and how people spell them.

A language's lexicon knows spellings that mean the same ("pls", "can't"), and forgives one wrong letter in longer words
of the Latin alphabet. It never guesses at numbers, short words or Chinese characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.understanding.normalize import Normalized
from bot.understanding.sounds import in_latin

#: Words shorter than this must be spelled right: too many short words differ by one letter and mean something else.
FORGIVEN_FROM = 5
#: And shorter than this must be known: the sound of two letters is everybody's.
HEARD_FROM = 3
#: Longer words are nobody's language; they are kept and never compared letter by letter.
FORGIVEN_TO = 24

#: Words read from the start and from the end of a message; a Chinese character is one. A long letter has 300.
KEPT = (260, 120)

#: Characters of a word, counted generously; only so many are looked at from the end.
_LONG_WORD = 8

_SENTENCE_ENDS = frozenset(".!?;\n。｡…")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
#: Alternatives begin with different characters, so the scan is linear whatever is typed.
_PIECES = re.compile(
    rf"(?P<han>[{_HAN}])"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    rf"|(?P<word>(?:(?![{_HAN}])[^\W\d_])(?:(?![{_HAN}])[^\W\d_]|['\u0300-\u036f\u0900-\u0903\u093a-\u094f])*)"
    r"|(?P<other>\S|\n)"
)


class Kind(StrEnum):
    WORD = "word"
    NUMBER = "number"
    MARK = "mark"  # punctuation; phrases do not see it
    END = "end"  # a mark that ends a sentence
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Word:
    """One word as compared, and where it stands in the normalised text. `sure` is False for a forgiven misspelling."""

    text: str
    start: int
    end: int
    kind: Kind = Kind.WORD
    sure: bool = True

    @property
    def is_han(self) -> bool:
        return is_han(self.text)


def is_han(text: str) -> bool:
    """True for one Chinese character."""
    return len(text) == 1 and "\u3400" <= text <= "\u9fff"


def split(text: str) -> Iterator[Word]:
    """The words as typed, before any spelling is looked at; of a very long text the first and the last of them."""
    head, tail = KEPT
    pieces = _PIECES.finditer(text)
    end = 0
    for piece in islice(pieces, head):
        end = piece.end()
        yield Word(piece.group(), piece.start(), end, _kind(piece))
    rest = max(end, len(text) - tail * _LONG_WORD)
    last = deque(_PIECES.finditer(text, rest), maxlen=tail)
    if last and text[end : last[0].start()].strip():  # something between was left out: no phrase is read across it
        yield Word("", end, end + 1, Kind.END)
    for piece in last:
        yield Word(piece.group(), piece.start(), piece.end(), _kind(piece))


def _kind(piece: re.Match[str]) -> Kind:
    if piece.lastgroup in ("han", "word"):
        return Kind.WORD
    if piece.lastgroup == "number":
        return Kind.NUMBER
    sign = piece.group()
    if sign in _SENTENCE_ENDS:
        return Kind.END
    category = unicodedata.category(sign)
    if category == "Sc":  # "$500": a currency sign is a word
        return Kind.WORD
    return Kind.PICTURE if category in ("So", "Sk") else Kind.MARK


class Lexicon:
    """The words a language's phrases and slot tables use, and the spellings that stand for them.

    `spellings` maps a typed word to the words it means; `known` are the words worth correcting to. With `sound`, which
    gives the key of a word's sound, an unknown word is the known one that sounds the same.
    """

    def __init__(
        self,
        spellings: Mapping[str, tuple[str, ...]],
        known: Iterable[str],
        sound: Callable[[str], str] | None = None,
    ) -> None:
        self._spellings = dict(spellings)
        self._known = frozenset(known)
        self._near: dict[str, str] = {}
        self._sound = sound
        # Of two that sound the same the words of phrases come before mere spellings.
        alike = (*sorted(self._spellings, reverse=True), *sorted(self._known, reverse=True)) if sound else ()
        self._sounding = {sound(word): word for word in alike} if sound else {}
        # Two words one letter apart share a form with one letter taken out: looking those up costs the word's length.
        for word in sorted(self._known | self._spellings.keys(), reverse=True):
            if FORGIVEN_FROM <= len(word) <= FORGIVEN_TO and _is_latin(word):
                for shorter in _shortened(word):
                    self._near[shorter] = word

    def knows(self, word: str) -> bool:
        if self._sound is not None and not _is_latin(word):
            return self._has(word) or self._sound(word) in self._sounding
        return self._has(word)

    def _has(self, word: str) -> bool:
        return word in self._known or word in self._spellings

    def read(self, normalized: Normalized) -> tuple[Word, ...]:
        """The text's words, spelled as the phrases spell them."""
        words: list[Word] = []
        for typed in split(normalized.text):
            counted = bool(words) and words[-1].kind is Kind.NUMBER
            words += self._spelled(typed, counted)
        return tuple(words)

    def _spelled(self, typed: Word, counted: bool) -> Iterator[Word]:
        """A known word stays; one that is also a spelling only behind a number: "500k", but "k" is "không"."""
        if typed.kind is not Kind.WORD or (
            typed.text in self._known and (counted or typed.text not in self._spellings)
        ):
            yield typed
            return
        found, sure = self._find(typed.text)
        for text in self._spellings.get(found, (found,)):
            yield Word(text, typed.start, typed.end, sure=sure)

    def _find(self, text: str) -> tuple[str, bool]:
        """The known spelling for a word, and whether it was typed so."""
        if self._sound is not None and not self._has(text):
            text = in_latin(text)
        for candidate in _squeezed(text):
            if self._has(candidate):
                return candidate, True
        if self._sound is not None and len(text) >= HEARD_FROM:
            alike = self._sounding.get(self._sound(text))
            if alike is not None:
                return alike, True
        if FORGIVEN_FROM <= len(text) <= FORGIVEN_TO and _is_latin(text):
            for shorter in _shortened(text):
                near = self._near.get(shorter)
                # Whoever mistypes a word rarely mistypes how it begins; names such as Amina are near to many a word.
                if near is not None and near[0] == text[0] and _one_letter_apart(text, near):
                    return near, False
        return text, True


def _squeezed(text: str) -> Iterator[str]:
    """The word itself, without a possessive ending, and with letters held down brought back to two or one."""
    yield text
    if text.endswith("'s"):
        yield text[:-2]
    if "'" in text:
        yield text.replace("'", "")
    if any(a == b == c for a, b, c in zip(text, text[1:], text[2:], strict=False)):
        yield _runs_cut(text, 2)
        yield _runs_cut(text, 1)


def _runs_cut(text: str, longest: int) -> str:
    """The word with every run of three or more equal letters cut to `longest`."""
    out: list[str] = []
    for run in re.findall(r"((.)\2*)", text):
        out.append(run[0][:longest] if len(run[0]) > 2 else run[0])
    return "".join(out)


def _is_latin(text: str) -> bool:
    return all(letter < "\u0250" or letter == "'" for letter in text)


def _shortened(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter more, less or different, or two neighbours swapped."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, rest_other = one[start:], other[start:]
    if len(one) != len(other):
        return rest[1:] == rest_other or rest_other[1:] == rest
    return rest[1:] == rest_other[1:] or (rest[:2] == rest_other[1::-1] and rest[2:] == rest_other[2:])
