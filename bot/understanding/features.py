"""What a text is likened by: its words, pairs of words and pieces of words, each as a number below BUCKETS.

All ways of typing give the same features: capitals, digits, traditional characters; letters with and without their
marks, since half the people who write Vietnamese or Spanish in a chat leave them out. The same text always gives the
same numbers, on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from zlib import crc32

from bot.understanding.normalize import normalize

#: How many numbers there are; two features that share one are told apart by the others.
BUCKETS = 1 << 16
#: Pieces of words looked at, in letters, and of rows of Chinese characters.
_PIECES = range(2, 6)
_HAN_PIECES = range(1, 5)
#: Words looked at in one text; more say nothing new about what it is about.
_MOST_WORDS = 120

_HAN = "\u3400-\u9fff\uf900-\ufaff〇"
_TOKENS = re.compile(
    rf"[{_HAN}]+|[0-9]+(?:[.,:/][0-9]+)*|(?:(?![{_HAN}])[^\W\d_]|['\u0300-\u036f\u0900-\u0903\u093a-\u094f])+|[?!$€₹%]"
)


def features(text: str) -> tuple[int, ...]:
    """The distinct features of a text, in the order in which they are met."""
    return features_of(normalize(text, "zh").text)


def features_of(plain: str) -> tuple[int, ...]:
    """The features of a text that is normalised already, with its Chinese characters simplified."""
    return tuple(dict.fromkeys(crc32(name.encode()) % BUCKETS for name in _names(tokens(plain))))


def features_by_word(plain: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """For each word of a normalised text the features it has by itself, to show which words decided."""
    words = dict.fromkeys(tokens(plain))
    return tuple((word, tuple({crc32(name.encode()) % BUCKETS for name in _names([word])})) for word in words)


def tokens(plain: str) -> list[str]:
    """Words, rows of Chinese characters, and numbers as `0`, of a normalised text."""
    found = [match.group() for match in _TOKENS.finditer(plain)][:_MOST_WORDS]
    return ["0" if token[0].isdigit() else token for token in found]


def _names(words: list[str]) -> Iterator[str]:
    before = "^"
    for word in words:
        if _is_han(word):
            for size in _HAN_PIECES:
                for place in range(len(word) - size + 1):
                    yield word[place : place + size]
            before = word[-1]
            continue
        bare = unmarked(word)
        yield f"={word}"
        yield f"={before} {bare}"
        padded = f"_{bare}_"
        for size in _PIECES:
            for place in range(len(padded) - size + 1):
                yield padded[place : place + size]
        before = bare


def _is_han(word: str) -> bool:
    return "\u3400" <= word[0] <= "\ufaff"


def unmarked(word: str) -> str:
    """A word of Latin letters without accents and tones."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f"))
