"""One form for every way of typing: full-width, capitals, native digits, invisible characters, floods of one sign.

Each character kept remembers where it stood, so a slot can point at the words the borrower typed. Work is bounded: of
an overlong text the start and the end are read, because people in trouble often say the worst at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.traditional import SIMPLER

#: Raw characters looked at from the start and from the end. The longest letters that people write fit in; what is longer
#: was pasted, and the safety layer too reads only its beginning and its end.
LOOKED_AT = (2_000, 500)
#: The same sign again and again is cut to this many: "nooooo" to "nooo", "!!!!!!!" to "!!!".
REPEATS = 3

_JOINERS = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
}

#: Accents that half of all messages leave out.
_ACCENTS = str.maketrans("áàâãéêíóôõúüñç", "aaaaeeiooouunc")
_VIETNAMESE = {
    "a": "áàảãạăắằẳẵặâấầẩẫậ", "d": "đ", "e": "éèẻẽẹêếềểễệ", "i": "íìỉĩị", "o": "óòỏõọôốồổỗộơớờởỡợ",
    "u": "úùủũụưứừửữự", "y": "ýỳỷỹỵ",
}  # fmt: skip
#: Letters that one language writes in two ways, brought to the one its phrases use.
_FOLDS: dict[str, dict[int, str]] = {
    "zh": {ord(letter): simpler for letter, simpler in SIMPLER.items()},
    "es": {place: chr(letter) for place, letter in _ACCENTS.items()},
    "pt": {place: chr(letter) for place, letter in _ACCENTS.items()},
    "vi": {ord(letter): plain for plain, letters in _VIETNAMESE.items() for letter in letters},
}
#: Words that keep their accents where somebody types them, because without them they say something else: "stop" looks like
#: "right" then, so it is kept where it is all that is said; elsewhere the words around it tell.
_KEPT = {
    "vi": re.compile(r"\b(?:tử|vẫn|vậy|lãi|sáu|nửa|mốt|tù)\b|^dừng(?=(?: (?:lại|đi|ngay|ạ|nhé|nha))?\W*$)"),
}


@dataclass(frozen=True, slots=True)
class Normalized:
    """The text that is compared, and for each of its characters the position in what was typed."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stood in the raw text."""
        if start >= end:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def folded(self, language: str) -> Normalized:
        """The same with letters that the language writes in two ways brought to the one its phrases use."""
        tag = language.partition("-")[0]
        folds = _FOLDS.get(tag)
        if folds is None:
            return self
        plain = self.text.translate(folds)
        for kept in _KEPT[tag].finditer(self.text) if tag in _KEPT else ():
            plain = plain[: kept.start()] + kept.group() + plain[kept.end() :]
        return Normalized(plain, self.origin)


def normalize(text: str, language: str) -> Normalized:
    """Lower case, NFKC, ASCII digits, plain quotes and dashes, nothing invisible, no floods, bounded length."""
    out: list[str] = []
    origin: list[int] = []
    marks = run = 0
    for position, character in _ends(text):
        plain = _plain(character)
        if not plain:
            continue
        if out and unicodedata.combining(plain[0]):
            whole = unicodedata.normalize("NFC", out[-1] + plain)
            marks += 1
            if len(whole) == 1:
                out[-1] = whole
                continue
            if marks > REPEATS:  # a letter buried under marks keeps the first few
                continue
        else:
            marks = 0
        same = bool(out) and out[-1] == plain and not plain.isdigit()
        run = run + 1 if same else 0
        if run >= REPEATS or (same and plain == " "):
            continue
        for letter in plain:
            out.append(letter)
            origin.append(position)
    return Normalized("".join(out), tuple(origin)).folded(language)


def _ends(text: str) -> Iterator[tuple[int, str]]:
    """The characters of a text and their places; of an overlong one the first and last, a line end between."""
    head, tail = LOOKED_AT
    if len(text) <= head + tail:
        yield from enumerate(text)
        return
    yield from enumerate(text[:head])
    yield head, "\n"
    yield from enumerate(text[-tail:], len(text) - tail)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What one typed character counts as; nothing for the invisible ones."""
    if character in _JOINERS:
        return _JOINERS[character]
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Co", "Cn") or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    if category == "Cc" or category.startswith("Z"):
        return "\n" if character in "\n\r\u2028\u2029" else " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # One sign may stand for a whole sentence (U+FDFA); four letters are enough for every unit and ligature people use.
    return unicodedata.normalize("NFKC", character).casefold()[:4]
