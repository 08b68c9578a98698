"""Text into calendar days. What can be read in two ways is a fault, never a guess.

Without a format, year-first dates (2026-03-31, 20260331, 2026年3月31日), English month names (31-Mar-2026) and a
spreadsheet's serial numbers are read as they stand. A date such as 31/03/2026 proves its order by itself. One such as
03/04/2026 is read only where the rest of its column decides: at least one value of the whole column proves an order and
none proves the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from bot.loanbook.problems import Fault


class DateOrder(Enum):
    DAY_FIRST = "day/month"
    MONTH_FIRST = "month/day"


#: Kinds that a mapping may name instead of a format.
CZECH_BIRTH_NUMBER = "czech_birth_number"

_TIME = r"(?P<time>[T ]\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s*[AaPp][Mm])?)\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}\Z", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\Z", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}\Z", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})\Z", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?\Z", re.ASCII)
#: Day 0 of a spreadsheet's calendar, which counts a 29 February 1900 that never was.
_SERIAL_ZERO = date(1899, 12, 30)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def order_proved(text: str) -> DateOrder | None:
    """The order of day and month that this value proves by itself, or None."""
    match = _YEAR_LAST.match(text.strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if second > 12 >= first else None


def read_date(text: str, order: DateOrder | None = None, instant: bool = False) -> date:
    """The day that `text` means without a format; raises Fault.

    `order` is what the column's other values prove. With `instant` a time of day with an offset is let in and its
    written day taken; without, only midnight is, because another instant can mean another day elsewhere.
    """
    if match := _YEAR_FIRST.match(text):
        _refuse_instant(match, instant)
        return _day(match[1], match[3], match[4])
    if match := _YEAR_LAST.match(text):
        _refuse_instant(match, instant)
        return _year_last(match[4], int(match[1]), int(match[3]), order)
    if match := _COMPACT.match(text) or _CHINESE.match(text):
        return _day(match[1], match[2], match[3])
    if (match := _NAMED.match(text)) and match[2][:3].lower() in _MONTHS:
        return _day(match[3], _MONTHS.index(match[2][:3].lower()) + 1, match[1])
    if match := _SERIAL.match(text):
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    raise Fault("not_a_date", like="")


def _year_last(year: str, first: int, second: int, order: DateOrder | None) -> date:
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if first > 12 else (second, first)
        return _day(year, month, day)
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if order is None:
        raise Fault("ambiguous_date", readings=f"{day_first} or {month_first}")
    return day_first if order is DateOrder.DAY_FIRST else month_first


def _refuse_instant(match: re.Match[str], instant: bool) -> None:
    if match["offset"] and not instant and match["clock"].strip("0:."):
        raise Fault("instant_not_day")


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Fault("not_a_date", like="") from None


# -- formats that a mapping names -------------------------------------------------------------------------------------

_DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "b": r"(?P<b>[A-Za-z]{3})",
    "H": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "%": "%",
}


@lru_cache(maxsize=64)
def _pattern(format_text: str) -> re.Pattern[str]:
    """The format as a pattern. Raises ValueError with a sentence."""
    parts: list[str] = []
    seen: set[str] = set()
    pieces = iter(re.findall(r"%.?|[^%]+", format_text))
    for piece in pieces:
        if not piece.startswith("%"):
            parts.append(re.escape(piece))
        elif piece[1:] not in _DIRECTIVES:
            raise ValueError(f'"{piece}" is not known; use %Y, %y, %m, %d, %b, %H, %M and %S.')
        elif piece[1:] in seen:
            raise ValueError(f'"{piece}" stands twice.')
        else:
            seen.add(piece[1:])
            # Run together, as in %y%m%d, numbers have a fixed width or nobody could tell where one ends.
            fixed = not re.search(r"%[a-zA-Z][^%\d]", format_text)
            parts.append(_DIRECTIVES[piece[1:]].replace("{1,2}", "{2}") if fixed else _DIRECTIVES[piece[1:]])
    if not (seen & {"Y", "y"} and seen & {"m", "b"}):
        raise ValueError("A date needs at least a year and a month, as in %Y-%m-%d.")
    return re.compile("".join(parts) + r"\Z", re.ASCII)


def format_mistake(format_text: str) -> str:
    """What is wrong with a date format, as a sentence, or nothing."""
    if format_text == CZECH_BIRTH_NUMBER:
        return ""
    try:
        _pattern(format_text)
    except ValueError as error:
        return str(error)
    return ""


def formatted_reader(format_text: str, not_after: date | None = None) -> Callable[[str], date]:
    """A reader for one format or kind; raises Fault for text that does not fit it.

    ISO dates (2026-03-31) are let in beside the format, since a workbook's own date cells come so. A month without a
    day means its first day. Two-digit years mean 1969 to 2068; with `not_after` (a birth date's) none after that day.
    """
    if format_text == CZECH_BIRTH_NUMBER:
        return _czech_birth_date
    pattern = _pattern(format_text)

    def read(text: str) -> date:
        match = pattern.match(text)
        if match is None:
            if iso := _YEAR_FIRST.match(text):
                return _day(iso[1], iso[3], iso[4])
            raise Fault("not_a_date", like=f" like {format_text}")
        parts = match.groupdict()
        month = parts.get("m") or _month_of_name(parts["b"], format_text)
        if parts.get("Y"):
            return _day(parts["Y"], month, parts.get("d") or 1)
        year = int(parts["y"])
        found = _day(year + (1900 if year >= 69 else 2000), month, parts.get("d") or 1)
        if not_after is not None and found > not_after:
            return _day(found.year - 100, month, parts.get("d") or 1)
        return found

    return read


def _month_of_name(name: str, format_text: str) -> int:
    if name.lower() not in _MONTHS:
        raise Fault("not_a_date", like=f" like {format_text}")
    return _MONTHS.index(name.lower()) + 1


_BIRTH_NUMBER = re.compile(r"(\d{2})(\d{2})(\d{2})/?(\d{3,4})?\Z", re.ASCII)


def _czech_birth_date(text: str) -> date:
    """The birth date in a Czech or Slovak birth number, with or without its last digits.

    Women's months are raised by 50; since 2004 both may be raised by a further 20. Numbers of nine digits are older
    than 1954; six digits alone come from such old registers and are read as 19xx.
    """
    match = _BIRTH_NUMBER.match(text)
    if match is None:
        raise Fault("not_a_date", like=" like a birth number (YYMMDD, women MM+50)")
    year, month = int(match[1]), int(match[2])
    century = 2000 if len(match[4] or "") == 4 and year < 54 else 1900
    month -= 50 if month > 50 else 0
    month -= 20 if month > 20 else 0
    return _day(century + year, month, match[3])
