"""Words by their sound, for a language written in two scripts and in as many ways as it is heard: नहीं, nahi, nahee.

Devanagari is brought to the Latin letters that most people type, and spellings of one sound to one key. A key finds a
word that is known; it never stands for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_CONSONANTS = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "f", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ल": "l", "व": "v", "श": "sh",
    "ष": "sh", "स": "s", "ह": "h", "ळ": "l",
}  # fmt: skip
_VOWELS = {
    "अ": "a", "आ": "aa", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o",
    "औ": "au", "ऑ": "o", "ऍ": "e",
}  # fmt: skip
_SIGNS = {
    "ा": "aa", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au",
    "ॉ": "o", "ॅ": "e", "्": "",
}  # fmt: skip
_NASAL, _DOT = "ंँ", "़"
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
#: The vowel that every consonant has, until it is known whether it is spoken.
_INHERENT = "A"
#: Spellings of one sound, in this order.
_ONE_SOUND = {
    "chh": "ch", "ph": "f", "ck": "k", "sh": "s", "w": "v", "z": "j", "q": "k", "x": "ks", "aa": "a", "ee": "i",
    "ii": "i", "oo": "u", "uu": "u", "ei": "e", "ai": "e", "au": "o", "ou": "o",
}  # fmt: skip


def sound_of(language: str) -> Callable[[str], str] | None:
    """How a word of the language sounds, for languages that are spelled by ear."""
    return sound if language == "hi" else None


def in_latin(word: str) -> str:
    """A word of Devanagari in Latin letters, करूँगा as "karunga"; any other word as it is."""
    return _in_latin(word) if _DEVANAGARI.search(word) else word


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """The key of a word's sound: long and short vowels, z and j, single and double consonants count as the same."""
    said = in_latin(word)
    for written, heard in _ONE_SOUND.items():
        said = said.replace(written, heard)
    said = re.sub(r"([^aeiou])\1+", r"\1", said)
    return said[:-1] + "i" if len(said) > 2 and said.endswith("y") else said


@lru_cache(maxsize=8192)
def _in_latin(word: str) -> str:
    """The syllables with the vowels taken out that are written and not spoken: the last, and one between two others."""
    said = _syllables(word.replace("ज्ञ", "ग्य"))  # written as two letters, spoken as two others
    last = len(said) - 1
    if last > 0:
        said[last][1] = {_INHERENT: "", "aa": "a"}.get(said[last][1], said[last][1])
    for place in range(last - 1, 0, -1):
        if said[place][1] == _INHERENT and said[place - 1][1] and said[place + 1][1]:
            said[place][1] = ""
    return "".join(part for syllable in said for part in syllable).replace(_INHERENT, "a")


def _syllables(word: str) -> list[list[str]]:
    """Consonant and vowel of each syllable."""
    said: list[list[str]] = []
    for place, letter in enumerate(word):
        if letter in _CONSONANTS:
            said.append([_CONSONANTS[letter], _INHERENT])
        elif letter in _SIGNS and said:
            said[-1][1] = _SIGNS[letter]
        elif letter in _NASAL:
            if place + 1 < len(word):
                said.append(["m" if word[place + 1] in "पफबभम" else "n", ""])
        elif letter != _DOT:
            said.append(["", _VOWELS[letter]] if letter in _VOWELS else [letter, ""])
    return said
