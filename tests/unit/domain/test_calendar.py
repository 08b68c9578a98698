"""Local days, wall clocks around daylight saving, and sums over months."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.calendar import add_months, instant_of, is_zone, local_day, zone


def test_the_same_instant_is_another_day_elsewhere() -> None:
    late = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert local_day(late, "Asia/Shanghai") == date(2026, 11, 22)
    assert local_day(late, "America/New_York") == date(2026, 11, 21)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 11, 21, 17, 0), "UTC")


def test_a_time_that_daylight_saving_skips_moves_forward() -> None:
    # On 8 March 2026 New York's clocks went from 02:00 to 03:00.
    skipped = instant_of(date(2026, 3, 8), time(2, 30), "America/New_York")
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert skipped.astimezone(zone("America/New_York")).time() == time(3, 30)


def test_a_time_that_happens_twice_means_the_first() -> None:
    assert instant_of(date(2026, 11, 1), time(1, 30), "America/New_York") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_an_ordinary_time_is_what_the_wall_clock_shows() -> None:
    assert instant_of(date(2026, 11, 21), time(10, 0), "Asia/Kolkata") == datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_are_added_without_leaving_the_month(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_an_unknown_zone_is_named() -> None:
    assert not is_zone("Mars/Olympus")
    with pytest.raises(ValueError, match="Mars/Olympus"):
        zone("Mars/Olympus")
