"""Identity: whether an answer proves that somebody is the borrower. Answers are compared and forgotten, never kept.

A birth date may be written in any usual order and with any separators; 03/04 then counts for both of its readings, which
gives a stranger one more day in a year's 365.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date

from bot.domain.borrower import IdentityFacts

_NUMBERS = re.compile(r"[0-9]+")
_ORDERS = ((0, 1, 2), (2, 1, 0), (2, 0, 1))


def proves(proof: str, answer: str, known: IdentityFacts) -> bool:
    """Whether the answer fits. `proof` is contact (a number the channel vouches for), birth_date or id_last4."""
    match proof:
        case "contact":
            return known.phone is not None and _same(_digits(answer).lstrip("0"), _digits(known.phone).lstrip("0"))
        case "birth_date":
            return known.birth_date is not None and known.birth_date in birth_dates(answer)
        case "id_last4":
            return known.id_last4 is not None and _same(_characters(answer), _characters(known.id_last4))
        case _:
            return False


def birth_dates(text: str) -> frozenset[date]:
    """Every day that the answer may mean: 19900512, 1990-05-12, 12.5.1990, 1990年5月12日."""
    groups = _NUMBERS.findall(unicodedata.normalize("NFKC", text))
    if len(groups) == 1 and len(groups[0]) == 8:
        whole = groups[0]
        cuts: tuple[tuple[str, str, str], ...] = (
            (whole[:4], whole[4:6], whole[6:]),
            (whole[4:], whole[2:4], whole[:2]),
            (whole[4:], whole[:2], whole[2:4]),
        )
    elif len(groups) == 3:
        cuts = tuple((groups[y], groups[m], groups[d]) for y, m, d in _ORDERS)
    else:
        return frozenset()
    return frozenset(day for cut in cuts if (day := _day(*cut)) is not None)


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) != 4 or len(month) > 2 or len(day) > 2:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _digits(text: str) -> str:
    return "".join(_NUMBERS.findall(unicodedata.normalize("NFKC", text)))


def _characters(text: str) -> str:
    """Last four of an identity card may end in X."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _same(one: str, other: str) -> bool:
    # Constant time, so that how long a wrong answer takes tells nothing about the right one.
    return bool(other) and hmac.compare_digest(one.encode(), other.encode())
