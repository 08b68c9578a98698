"""Opening hours: whether contact is allowed at an instant in the borrower's zones, and when it next will be.

Several zones mean that the borrower's own is not known: then contact is allowed only while all of them are open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays
from babel.core import get_global
from holidays.registry import EntityLoader

from bot.domain.calendar import instant_of, is_zone, zone
from bot.policy.contact_policy import ContactPolicy, HolidayRule, Purpose, Window, windows_for

#: A policy that opens no minute in this many days is treated as never opening.
HORIZON_DAYS = 60

_REGION = re.compile(r"(?!ZZ)[A-Z]{2}(-[A-Z0-9]{1,3})?\Z")

SATURDAY = 5

PurposeOn = Callable[[date], tuple[Purpose, ...]]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """What decides whether a minute is open: the policy, the borrower's possible zones and region, and the purpose by day."""

    policy: ContactPolicy
    zones: tuple[str, ...]
    region: str | None
    purposes: PurposeOn

    def open_at(self, now: datetime) -> bool:
        return all(self._open_in(name, now) for name in self.zones)

    def closed_because(self, now: datetime) -> str:
        """`holiday` where a holiday closes the day in some zone, else `quiet_hours`."""
        days = {now.astimezone(zone(name)).date() for name in self.zones}
        return "holiday" if any(is_holiday(self.policy, self.region, day) for day in days) else "quiet_hours"

    def next_open(self, now: datetime) -> datetime | None:
        """The first instant from `now` on that is open in every zone, or None where there is none in sight."""
        candidate, last = now, now + timedelta(days=HORIZON_DAYS)
        while True:
            moved = candidate
            for name in self.zones:
                opening = self._next_in(name, moved, last)
                if opening is None:
                    return None
                moved = opening
            if moved == candidate:
                return candidate
            candidate = moved

    def _open_in(self, name: str, now: datetime) -> bool:
        local = now.astimezone(zone(name))
        minute = local.hour * 60 + local.minute
        return any(opens <= minute < closes for opens, closes in self.of_day(local.date()))

    def _next_in(self, name: str, now: datetime, last: datetime) -> datetime | None:
        if self._open_in(name, now):
            return now
        day = now.astimezone(zone(name)).date()
        while instant_of(day, time(), name) <= last:
            for opens, _ in self.of_day(day):
                opening = not_before(day, opens, name, now)
                if opening > now:
                    return opening
            day += timedelta(days=1)
        return None

    def of_day(self, day: date) -> tuple[tuple[int, int], ...]:
        """The open stretches of a local day, in minutes, merged and in order; those common to all purposes of the day."""
        if is_holiday(self.policy, self.region, day):
            return ()
        common: tuple[tuple[int, int], ...] = ((0, 24 * 60),)
        for purpose in self.purposes(day):
            common = _intersect(common, _stretches(self.policy.windows, purpose, day.weekday()))
        return common


@lru_cache(maxsize=4096)
def _stretches(windows: tuple[Window, ...], purpose: Purpose, weekday: int) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    fitting = (w for w in windows_for(windows, purpose) if weekday in w.days)
    for opens, closes in sorted((w.opens, w.closes) for w in fitting):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _intersect(ones: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in ones for b in others)
    return tuple((opens, closes) for opens, closes in pairs if opens < closes)


def not_before(day: date, minute: int, name: str, now: datetime) -> datetime:
    """When a wall clock shows `minute`; its second time where clocks go back and the first is already over."""
    clock = time(minute // 60, minute % 60)
    first = instant_of(day, clock, name)
    if first > now:
        return first
    return datetime.combine(day, clock, tzinfo=zone(name)).replace(fold=1).astimezone(UTC)


def is_holiday(policy: ContactPolicy, region: str | None, day: date) -> bool:
    """True where any of the policy's calendars closes the day, or cannot say."""
    return any(_closes(rule, region, day) for rule in policy.holidays)


def _closes(rule: HolidayRule, region: str | None, day: date) -> bool:
    if day in rule.closed or (rule.known_through is not None and day > rule.known_through):
        return True
    if day in rule.opened:
        return False
    calendar = region if rule.calendar == "region" else rule.calendar
    return calendar is not None and _is_public_holiday(calendar, day)


def has_calendar(name: str) -> bool:
    """True for a country, or a part of one, whose public holidays are known."""
    country, part = _split(name)
    known = _parts_of(country)
    return known is not None and (not part or part in known)


def is_region(code: str) -> bool:
    """True for a country of ISO 3166 in capitals, or a part of one, such as CN and US-NY. UK stands for GB too."""
    country, _ = _split(code)
    return bool(_REGION.match(code)) and country in get_global("territory_zones")


def calendar_ends(name: str) -> date | None:
    """The last day of which a country's calendar can tell whether it is a holiday; None where it is not known at all."""
    if not has_calendar(name):
        return None
    country, _ = _split(name)
    return date(holidays.country_holidays(country, years=()).end_year, 12, 31)


def _split(region: str) -> tuple[str, str]:
    country, _, part = region.partition("-")
    return ("GB" if country == "UK" else country), part


@lru_cache(maxsize=512)
def _parts_of(country: str) -> frozenset[str] | None:
    """None where nothing is known of the country. Asked one by one: the calendars of all countries are 8 MB."""
    if country not in EntityLoader.get_country_codes(include_aliases=False):
        return None
    return frozenset(getattr(holidays, country).subdivisions)


def _is_public_holiday(name: str, day: date) -> bool:
    """True also for a day of a year that the calendar does not reach; False where nothing is known of the country."""
    country, part = _split(name)
    if not has_calendar(country):
        return False
    days = _holidays_of(country, part if part and has_calendar(name) else None, day.year)
    return days is None or day in days


def is_working_day(region: str | None, day: date) -> bool:
    """True outside the weekend and the public holidays of the region; Saturday and Sunday where its weekend is not known."""
    if region is None or not has_calendar(_split(region)[0]):
        return day.weekday() < SATURDAY
    return day.weekday() not in _weekend_of(_split(region)[0]) and not _is_public_holiday(region, day)


@lru_cache(maxsize=512)
def _weekend_of(country: str) -> frozenset[int]:
    return frozenset(holidays.country_holidays(country, years=()).weekend)


@lru_cache(maxsize=512)
def _holidays_of(country: str, part: str | None, year: int) -> frozenset[date] | None:
    calendar = holidays.country_holidays(country, subdiv=part)
    if not calendar.start_year <= year <= calendar.end_year:
        return None
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year))


def possible_zones(policy: ContactPolicy, timezone: str | None, region: str | None) -> tuple[str, ...]:
    """The zones a borrower may live in: the own one if known, else all of the region, as its policy or CLDR lists them.

    Empty where neither is known: then nothing proactive may be sent.
    """
    if timezone is not None and is_zone(timezone):
        return (timezone,)
    if region is None:
        return ()
    country, _ = _split(region)
    listed = dict(policy.zones)
    return listed.get(region) or listed.get(country) or _zones_of(country)


@lru_cache(maxsize=256)
def _zones_of(country: str) -> tuple[str, ...]:
    return tuple(name for name in get_global("territory_zones").get(country, ()) if is_zone(name))
