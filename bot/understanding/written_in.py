"""Which language a message is written in: by its script first, then by its letters, as far as it is long enough to tell.

A message of one word proves nothing: then nothing is said, and the borrower's own language goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from bot.understanding.book import PhraseBook
from bot.understanding.learned import Learned
from bot.understanding.traditional import SIMPLER
from bot.understanding.words import is_han

_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_LETTERS = re.compile(r"[^\W\d_]+")
#: Latin letters that a message needs before its language is told by them.
_FEWEST_LETTERS = 8
#: Characters that no simplified text uses; the last are those of Cantonese and of Taiwan's chats.
_TRADITIONAL = frozenset(SIMPLER) | frozenset("喺嘅咗唔冇係啲佢哋嚟嗰噉咁乜嘢攞睇俾畀嬲攰啱搵揾咩嘥諗咪唧妳囉囧")
#: Simplified ones, but for those that are common in traditional texts too, such as 后: the first plane of Big5.
_SIMPLIFIED = frozenset(simpler for simpler in SIMPLER.values() if not b"" < simpler.encode("big5", "ignore") < b"\xc9")
#: The share of a message's words that a language must know to read it, and how many languages read one message.
_WORTH_READING = 0.34
_MOST_READ = 3
#: How likely a language must be by its letters.
_SURE = 0.7


def written_in(
    text: str, spoken: str, known: Iterable[str], found: Sequence[int], learned: Learned | None
) -> str | None:
    """The tag of the language, one of `known`, or None. `spoken` is the borrower's; `found` the text's features."""
    tags = tuple(known)
    letters = "".join(_LETTERS.findall(text))
    if not letters:
        return None
    han = sum(map(is_han, letters))
    if han * 3 >= len(letters):
        return _chinese(letters, spoken, tags)
    if len(_DEVANAGARI.findall(letters)) * 2 >= len(letters):
        return "hi" if "hi" in tags else None
    if learned is None or len(letters) < _FEWEST_LETTERS:
        return None
    names = learned.languages.names
    scores = np.exp(learned.languages.sparse.scores(found))
    best = max((tag for tag in names if tag in tags), key=lambda tag: scores[names.index(tag)], default=None)
    return best if best is not None and scores[names.index(best)] >= _SURE else None


def _chinese(letters: str, spoken: str, tags: tuple[str, ...]) -> str | None:
    """Simplified or traditional by characters that only one of them has; else as the borrower writes."""
    written = [tag for tag in ("zh-Hans", "zh-Hant") if tag in tags]
    simplified = sum(letter in _SIMPLIFIED for letter in letters)
    traditional = sum(letter in _TRADITIONAL for letter in letters)
    if len(written) < 2 or simplified == traditional:
        return spoken if spoken in written else next(iter(written), None)
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def could_read(book: PhraseBook, words: Sequence[str], spoken: str, written: str | None) -> tuple[str, ...]:
    """The languages worth reading a message in: the borrower's, the one it is written in, and those that know its words.

    Where it is known what it is written in, others of the same script are left out: near languages share words that mean
    something else, and an alarm must not come from one that nobody wrote in.
    """
    scripts = {
        "zh": [word for word in words if is_han(word)],
        "hi": [word for word in words if _DEVANAGARI.match(word)],
        "": [word for word in words if not is_han(word) and not _DEVANAGARI.match(word)],
    }
    if written is not None:
        scripts.pop(_script_of(written, words))
    # Words of each script for themselves: a cry for help in Chinese is heard within an English message.
    shares = {
        tag: max(
            (sum(map(known.lexicon.knows, those)) / len(those) for those in scripts.values() if those), default=0.0
        )
        for tag, known in book.languages.items()
    }
    likely = sorted((tag for tag in shares if shares[tag] >= _WORTH_READING), key=lambda tag: -shares[tag])
    return tuple(
        dict.fromkeys(tag for tag in (spoken, written or spoken, *likely[:_MOST_READ]) if tag in book.languages)
    )


def _script_of(written: str, words: Sequence[str]) -> str:
    """The script of a message in this language: Hindi is written in two."""
    if written.startswith("zh"):
        return "zh"
    return "hi" if any(_DEVANAGARI.match(word) for word in words) else ""
