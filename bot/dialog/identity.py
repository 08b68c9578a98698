"""Identity: whether an answer proves that somebody is the borrower. Answers are compared and forgotten, never kept.

A birth date may be written in any usual order, with any separators or with the month's name; 03/04 then counts for both
of its readings, and 90 for 1990 too, which gives a stranger a few more days in a year's 365.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from bot.domain.borrower import IdentityFacts
from bot.domain.understanding import Understanding

_NUMBERS = re.compile(r"[0-9]+")
_ORDERS = ((0, 1, 2), (2, 1, 0), (2, 0, 1))
#: English names of months stand in passports everywhere; those of other languages are understood as days are.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[a-z]*")
_HAN = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([1-9]?)十([1-9]?)")


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
    groups = _NUMBERS.findall(_in_numbers(text))
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
    return frozenset(day for cut in cuts for day in _days(*cut))


def days_of_birth(text: str, heard: Understanding) -> frozenset[date]:
    """The readings of `birth_dates`, and the day that was understood where its year was written out: 12 de mayo de 1990."""
    said = heard.slot("date")
    days = (said.day, *said.alternatives) if said else ()
    plain = unicodedata.normalize("NFKC", text)
    return birth_dates(text) | {day for day in days if day is not None and str(day.year) in plain}


def _in_numbers(text: str) -> str:
    """Months by name and numbers in Chinese characters as digits: 12 May 1990, 一九九〇年五月十二日."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_HAN)
    plain = _TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), plain)
    return _MONTH.sub(lambda found: f" {_MONTHS.index(found[1]) + 1} ", plain)


def _days(year: str, month: str, day: str) -> Iterator[date]:
    """The day, once for each century that a short year may mean."""
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        return
    for whole in (year,) if len(year) == 4 else (f"19{year}", f"20{year}"):
        try:
            yield date(int(whole), int(month), int(day))
        except ValueError:
            continue


def _digits(text: str) -> str:
    return "".join(_NUMBERS.findall(unicodedata.normalize("NFKC", text)))


def _characters(text: str) -> str:
    """Last four of an identity card may end in X."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _same(one: str, other: str) -> bool:
    # Constant time, so that how long a wrong answer takes tells nothing about the right one.
    return bool(other) and hmac.compare_digest(one.encode(), other.encode())
