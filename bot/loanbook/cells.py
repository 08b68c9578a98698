"""Cells: one column's text into its value, each different text read once.

A loan book repeats itself: currencies, dates, programmes, amounts. A Cell is a dictionary that reads what it does not yet
hold, so that a million rows cost a million look-ups and only some thousand readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from bot.domain.calendar import add_months
from bot.loanbook.columns import Column
from bot.loanbook.dates import DateOrder, formatted_reader, read_date
from bot.loanbook.problems import Fault
from bot.loanbook.raw import MAX_CELL
from bot.loanbook.sources import ANY_OTHER, BookMapping

T = TypeVar("T")
K = TypeVar("K")

_KEPT = 32_768
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+\Z", re.ASCII)
_SPACES = re.compile(r"\s+")

LONGEST_ID = 64
LONGEST_NAME = 200
EARLIEST_DUE = date(1970, 1, 1)


class Cell(dict[K, T]):
    """Values already read, by their text. A missing one is read now and kept; a Fault goes to whoever asked.

    Faults are kept as well: to find the near word for a wrong one takes a thousand times as long as to read a right one.
    """

    __slots__ = ("_faults", "_read")

    def __init__(self, read: Callable[[K], T]) -> None:
        super().__init__()
        self._read = read
        self._faults: dict[K, Fault] = {}

    def __missing__(self, text: K) -> T:
        if text in self._faults:
            raise self._faults[text].with_traceback(None)
        try:
            value = self._read(text)
        except Fault as fault:
            if len(self._faults) < _KEPT:
                self._faults[text] = fault
            raise
        if len(self) >= _KEPT:
            self.clear()
        self[text] = value
        return value


def optional(column: Column, mapping: BookMapping, read: Callable[[str], T]) -> Cell[str, T | None]:
    """A cell that is None where the text is empty or one of the mapping's nulls, and there is no default."""
    prepared = _prepared(column, mapping)

    def read_text(raw: str) -> T | None:
        text = prepared(raw)
        return None if text is None else read(text)

    return Cell(read_text)


def required(column: Column, mapping: BookMapping, read: Callable[[str], T]) -> Cell[str, T]:
    """A cell that must have a value."""
    prepared = _prepared(column, mapping)

    def read_text(raw: str) -> T:
        text = prepared(raw)
        if text is None:
            raise Fault("missing_value")
        return read(text)

    return Cell(read_text)


def _prepared(column: Column, mapping: BookMapping) -> Callable[[str], str | None]:
    """Strips, applies nulls, value translation and default, and refuses what no value can be."""
    nulls, default = mapping.nulls, mapping.defaults.get(column.name)
    words = mapping.values.get(column.name, {})

    def prepare(raw: str) -> str | None:
        text = raw.strip()
        if not (text.isascii() and text.isprintable()):
            text = _plain_text(text)
        if text in nulls:
            return default
        if words:
            text = words.get(text, words.get(ANY_OTHER, text))
            if text in nulls:
                return default
        if len(text) > MAX_CELL:
            raise Fault("too_long", limit=MAX_CELL)
        return text

    return prepare


def _plain_text(text: str) -> str:
    """Line breaks, tabs and the spaces of other scripts become spaces; what no value can hold is a fault."""
    text = _SPACES.sub(" ", text)
    if "\ufffd" in text:
        raise Fault("damaged_text")
    if _CONTROL.search(text):
        raise Fault("control_character")
    return text


# -- readers of single kinds ------------------------------------------------------------------------------------------


def read_id(text: str) -> str:
    if len(text) > LONGEST_ID:
        raise Fault("too_long", limit=LONGEST_ID)
    if _SCIENTIFIC.match(text):
        raise Fault("shortened_number")
    return text


def read_name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise Fault("too_long", limit=LONGEST_NAME)
    return text


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader for whole numbers in a range; `12.0`, as spreadsheets write it, is 12."""

    def read(text: str) -> int:
        digits = text.removesuffix(".0")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19 and low <= int(digits) <= high):
            raise Fault("not_a_number", low=low, high=high)
        return int(digits)

    return read


def day_reader(column: str, mapping: BookMapping, order: DateOrder | None, today: date) -> Callable[[str], date]:
    """A reader for the days of one column, within the bounds that make sense for it."""
    format_text = mapping.format_of(column)
    birth = column == "birth_date"
    if format_text:
        plain = formatted_reader(format_text, today if birth else None)
    else:

        def plain(text: str) -> date:
            return read_date(text, order, instant=column == "paid_at")

    if birth:
        return _within(plain, add_months(today, -120 * 12), today)
    if column in ("paid_at", "paid_on"):
        # A day ahead may already have begun where the lender is.
        return _within(plain, EARLIEST_DUE, today + timedelta(days=1))
    return _within(plain, EARLIEST_DUE, add_months(today, 60 * 12))


def _within(read: Callable[[str], date], earliest: date, latest: date) -> Callable[[str], date]:
    soon = latest.year + 20

    def bounded(text: str) -> date:
        day = read(text)
        if day > latest:
            raise Fault("future_date" if day.year < soon else "absurd_date")
        if day < earliest:
            raise Fault("absurd_date")
        return day

    return bounded
