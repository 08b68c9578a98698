"""The calendar of one loan as a page of its own: months to look at, and below them the days on which something happens.

Everything is in the one file, so that it can be sent to a colleague or printed.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.policy.forecast import ForecastDay, happenings
from bot.web.templates import page

_WEEKDAYS = tuple(calendar.day_abbr)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One square of a month: a day with the stage that it begins, or nothing. `rank` is the place of its stage, from 1."""

    day: ForecastDay | None
    enters: str | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class _Month:
    name: str
    weeks: tuple[tuple[_Cell, ...], ...]


def calendar_page(title: str, about: Sequence[str], days: Sequence[ForecastDay]) -> str:
    """The page as HTML. `about` are sentences that stand under the title."""
    stages = tuple(dict.fromkeys(day.stage for day in days if day.stage is not None))
    return page(
        "calendar.html",
        title=title,
        about=tuple(about),
        weekdays=_WEEKDAYS,
        stages=stages,
        months=tuple(_months(days, stages)),
        rows=happenings(days),
    )


def _months(days: Sequence[ForecastDay], stages: Sequence[str]) -> Iterator[_Month]:
    cells = {
        day.on: _Cell(day, day.stage if _enters(before, day) else None, _rank(day.stage, stages))
        for before, day in zip((None, *days), days, strict=False)
    }
    for year, month in dict.fromkeys((day.on.year, day.on.month) for day in days):
        weeks = calendar.Calendar().monthdatescalendar(year, month)
        rows = (
            tuple(cells.get(on, _Cell(None)) if on.month == month else _Cell(None) for on in week) for week in weeks
        )
        yield _Month(f"{calendar.month_name[month]} {year}", tuple(row for row in rows if any(c.day for c in row)))


def _rank(stage: str | None, stages: Sequence[str]) -> int:
    return 0 if stage is None else stages.index(stage) + 1


def _enters(before: ForecastDay | None, day: ForecastDay) -> bool:
    return day.stage is not None and (before is None or before.stage != day.stage)
