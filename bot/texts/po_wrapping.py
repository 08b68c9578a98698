"""Wrapping of strings in .po files, as GNU gettext does it: 79 columns, by Unicode's rules of line breaking.

Catalog editors wrap the same way, so a catalog that went through one comes back without a line changed. Only the classes
of characters that the rules tell apart are kept here; what is not named is a letter.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Columns between the quotes of a line that goes on.
WIDTH = 77

_CLASSES = {
    "SP": " ",
    "ZW": "\u200b",
    "GL": "\u00a0\u202f\u2007\u2011",
    "WJ": "\u2060\ufeff",
    "EX": "!?\uff01\uff1f",
    "QU": "\"'«»‘’‛“”‟‹›",
    "OP": "([{¡¿‚„〈《「『【〔〖〘〚（［｛｟｢",
    "CP": ")]",
    "CL": "}、。〉》」』】〕〗〙〛，．）］｝｠｡｣､",
    "PR": "$+\\£¤¥±€₫₹₽₩₦₱＄￡￥",
    "PO": "%¢°‰‱℃℉％￠",
    "IS": ",.:;",
    "SY": "/",
    "HY": "-",
    "BA": "|\u00ad\u2010–‒‧।॥\t\u3000",
    "B2": "—",
    "BB": "´",
    "IN": "․‥…",
    "NS": "々〜゛゜゠・ヽヾ‼‽：；ー〻",
}
_CLASS_OF = {character: name for name, characters in _CLASSES.items() for character in characters}
#: Nothing breaks before these, not even after a blank.
_NEVER_BEFORE = frozenset(("CL", "CP", "EX", "IS", "SY", "ZW", "WJ"))
_NEVER_BETWEEN = frozenset((("QU", "OP"), ("CL", "NS"), ("CP", "NS"), ("B2", "B2")))
#: Pairs that break only where a blank stands between them.
_HELD = frozenset(
    (before, after)
    for befores, afters in (
        ("AL ID IN NU EX", "IN"),
        ("AL", "AL NU PR PO OP"),
        ("NU", "NU AL PO PR OP"),
        ("ID", "PO"),
        ("PR", "ID AL NU OP"),
        ("PO", "AL NU OP PO"),
        ("CL", "PO PR"),
        ("CP", "PO PR AL NU"),
        ("HY IS SY", "NU"),
    )
    for before in befores.split()
    for after in afters.split()
)


@lru_cache(maxsize=8192)
def _class(character: str) -> str:
    if character in _CLASS_OF:
        return _CLASS_OF[character]
    category = unicodedata.category(character)
    if category in ("Mn", "Mc", "Me") or character in "\u200c\u200d":
        return "CM"
    if category == "Nd" and unicodedata.east_asian_width(character) != "F":
        return "NU"
    if unicodedata.east_asian_width(character) in "WF":
        return "ID"
    return "AL"


@lru_cache(maxsize=8192)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _may_break(before: str, after: str, spaced: bool) -> bool:
    if after in _NEVER_BEFORE or before in ("OP", "WJ") or (before, after) in _NEVER_BETWEEN:
        return False
    if spaced:
        return True
    if "GL" in (before, after):
        return after == "GL" and before in ("BA", "HY")
    if "QU" in (before, after) or after in ("BA", "HY", "NS") or before == "BB":
        return False
    return (before, after) not in _HELD


def pieces(text: str) -> list[str]:
    """Escaped text cut wherever a line may end; blanks stay with the piece before them."""
    found, begin = [], 0
    last, spaced, escaped = "", False, False
    for at, character in enumerate(text):
        # An escape such as \" is one thing.
        within, escaped = escaped, character == "\\" and not escaped
        kind = _class(character)
        if kind == "SP":
            spaced = True
            continue
        if kind == "CM" and last and not spaced:
            continue
        kind = "AL" if kind == "CM" else kind
        if last and not within and (last == "ZW" or _may_break(last, kind, spaced)):
            found.append(text[begin:at])
            begin = at
        last, spaced = kind, False
    return [*found, text[begin:]]


def wrapped(text: str, first: int, later: int = 0) -> list[str]:
    """Escaped text in lines of at most 77 columns, `first` of them taken on the first line, `later` on the others."""
    lines, line, used = [], "", first
    width = WIDTH - later
    for piece in pieces(text):
        size = sum(map(_columns, piece))
        if line and used + size > width:
            lines.append(line)
            line, used = "", 0
        line += piece
        used += size
    return [*lines, line]
