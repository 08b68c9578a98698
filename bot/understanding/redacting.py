"""What leaves the house leaves it without persons: names, addresses, numbers and references become placeholders.

Rather a word too many is taken out than one too few; what is left is enough to tell what somebody wants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

#: Longer messages are cut: what is wanted is said by then.
MOST_CHARACTERS = 600

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>()\[\]]+@[^\s@<>()\[\]]+\.\w+")
_HANDLE = re.compile(r"(?<!\w)@\w{2,}")
#: Five digits or more, whatever stands between them: a phone, an account, a card, a long amount.
_NUMBER = re.compile(r"\+?\d(?:[\s().,/:-]{0,2}\d){4,}")
#: Letters and digits in one word, also joined by signs, such as L-2001; a short amount with its unit, "200rs", is none.
_MIXED = re.compile(r"(?<!\w)(?=[\w/#-]*[^\W\d_])(?=[\w/#-]*\d)\w[\w/#-]*")
_SHORT_AMOUNT = re.compile(r"\d{1,4}[^\W\d_]{1,4}\Z")
_FEWEST_DIGITS = 3
#: What people say before a name, with what the name may be made of after it.
_INTRODUCED = re.compile(
    r"(?P<before>\b(?:my name is|name's|name is|i am called|this is (?:mr|mrs|ms|miss)|(?:mr|mrs|ms|dr|miss)\.?"
    r"|me llamo|mi nombre es|me chamo|meu nome (?:é|e)|nama saya|tên (?:tôi|em) là|(?:tôi|em) tên là|mera naam|मेरा नाम)\s+)"
    r"(?P<name>[^\W\d_]+(?:\s+[A-ZÀ-ÖØ-Þ][^\W\d_]*){0,2})",
    re.IGNORECASE,
)
_INTRODUCED_HAN = re.compile(r"(?P<before>我叫|名字是|名叫|姓名[是:：]?)(?P<name>[一-鿿]{2,4})")
_TITLED_HAN = re.compile(r"[一-鿿](?=先生|女士|小姐)")
_CAPITALISED = re.compile(r"(?<![\w'’\[])[^\W\d_]{2,}(?!['’\w\]])")


def redacted(text: str, names: Iterable[str], is_word: Callable[[str], bool]) -> str:
    """The text with [link], [email], [name], [number] and [reference] in place of what could tell who somebody is.

    `names` are those of the people concerned, in any writing; `is_word` says of a word in small letters whether the
    phrases know it: a word with a capital that they do not know is taken for a name.
    """
    text = _LINK.sub("[link]", text[:MOST_CHARACTERS])
    text = _HANDLE.sub("[name]", _EMAIL.sub("[email]", text))
    for part in sorted(_parts(names), key=len, reverse=True):
        text = re.sub(
            rf"(?<![^\W\d_]){re.escape(part)}(?![^\W\d_])" if part.isascii() else re.escape(part),
            "[name]",
            text,
            flags=re.IGNORECASE,
        )
    text = _INTRODUCED.sub(r"\g<before>[name]", _INTRODUCED_HAN.sub(r"\g<before>[name]", text))
    text = _TITLED_HAN.sub("[name]", text)
    text = _MIXED.sub(_reference, text)
    text = _NUMBER.sub("[number]", text)
    return _CAPITALISED.sub(lambda word: "[name]" if _looks_like_name(word[0], is_word) else word[0], text)


def _parts(names: Iterable[str]) -> set[str]:
    """Whole names and the words they are made of; of a Chinese name also what follows the family name."""
    parts: set[str] = set()
    for name in names:
        parts |= {name, *name.split()}
        if not name.isascii() and " " not in name and len(name) > 2:
            parts.add(name[1:])
    return {part for part in parts if len(part) > 1}


def _reference(word: re.Match[str]) -> str:
    digits = sum(letter.isdigit() for letter in word[0])
    return word[0] if digits < _FEWEST_DIGITS or _SHORT_AMOUNT.match(word[0]) else "[reference]"


def _looks_like_name(word: str, is_word: Callable[[str], bool]) -> bool:
    return word[0].isupper() and word[1:].islower() and not is_word(word.casefold())
