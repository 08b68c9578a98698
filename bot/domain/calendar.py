"""Days and instants: which calendar day an instant is for a lender or a borrower, and sums over months.

`today: date` is a local day, `now: datetime` an aware instant. Nothing here reads a clock.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError with a sentence where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone of the IANA list, such as Asia/Shanghai") from None


def is_zone(name: str) -> bool:
    try:
        zone(name)
    except ValueError:
        return False
    return True


def local_day(now: datetime, zone_name: str) -> date:
    """The calendar day that `now` (aware) is in that zone."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(zone(zone_name)).date()


def instant_of(day: date, clock: time, zone_name: str) -> datetime:
    """The UTC instant at which a wall clock in that zone shows `day` and `clock`.

    A time that daylight saving skips is moved forward to the first one that exists; one that happens twice means the first.
    """
    local = datetime.combine(day, clock, tzinfo=zone(zone_name))
    there_and_back = local.astimezone(UTC).astimezone(zone(zone_name))
    if there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None):
        gap = (there_and_back.utcoffset() or timedelta()) - (local.utcoffset() or timedelta())
        local = local + abs(gap) if gap < timedelta() else there_and_back
    return local.astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month stands for the days it lacks."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
