"""Opening hours on the borrower's wall clock: zones, summer time, holidays, and several possible zones at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.policy.contact_policy import HolidayRule, Purpose, Window
from bot.policy.windows import OpeningHours, has_calendar, is_holiday, is_working_day, possible_zones
from tests.unit.policy.cases import at, contact_policy

GLOBAL, CN = contact_policy("GLOBAL"), contact_policy("CN")
BASIS = GLOBAL.min_gap.basis
EVERY_DAY = frozenset(range(7))
NEW_YORK, HONOLULU = "America/New_York", "Pacific/Honolulu"


def window(
    opens: str, closes: str, days: frozenset[int] = EVERY_DAY, purposes: frozenset[Purpose] | None = None
) -> Window:
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (opens, closes)]
    return Window(days, minutes[0], minutes[1], purposes or frozenset(Purpose), BASIS)


def hours(*windows: Window, zones: tuple[str, ...] = (NEW_YORK,), region: str | None = None) -> OpeningHours:
    policy = replace(GLOBAL, windows=windows, holidays=())
    return OpeningHours(policy, zones, region, lambda _day: (Purpose.OVERDUE,))


def test_open_from_the_first_minute_and_closed_from_the_last() -> None:
    usual = hours(window("08:00", "21:00"))
    assert not usual.open_at(at("2025-03-04 07:59:59", NEW_YORK))
    assert usual.open_at(at("2025-03-04 08:00", NEW_YORK))
    assert usual.open_at(at("2025-03-04 20:59:59", NEW_YORK))
    assert not usual.open_at(at("2025-03-04 21:00", NEW_YORK))


def test_an_open_instant_is_its_own_next_opening() -> None:
    now = at("2025-03-04 08:00:30", NEW_YORK)
    assert hours(window("08:00", "21:00")).next_open(now) == now


def test_the_hour_that_comes_twice_in_autumn_is_closed_both_times() -> None:
    usual = hours(window("08:00", "21:00"))
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert not usual.open_at(first)
    assert not usual.open_at(second)
    assert usual.next_open(first) == at("2026-11-01 08:00", NEW_YORK) == datetime(2026, 11, 1, 13, tzinfo=UTC)


def test_the_morning_after_clocks_go_forward_opens_by_the_new_clock() -> None:
    usual = hours(window("08:00", "21:00"))
    assert usual.next_open(at("2026-03-08 01:30", NEW_YORK)) == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_a_window_inside_the_skipped_hour_opens_on_the_next_day() -> None:
    odd = hours(window("02:10", "02:50"))
    assert odd.next_open(at("2026-03-08 01:00", NEW_YORK)) == at("2026-03-09 02:10", NEW_YORK)


def test_a_window_inside_the_repeated_hour_opens_twice() -> None:
    odd = hours(window("01:30", "01:45"))
    after_first = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)  # 01:50 before the clocks go back
    assert odd.next_open(after_first) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_midnight_closes_at_the_end_of_the_day() -> None:
    night = hours(window("20:00", "24:00"))
    assert night.open_at(at("2025-03-04 23:59", NEW_YORK))
    assert night.next_open(at("2025-03-05 00:00", NEW_YORK)) == at("2025-03-05 20:00", NEW_YORK)


def test_split_days_have_two_openings_and_touching_windows_are_one() -> None:
    split = hours(window("13:00", "17:00"), window("08:00", "12:00"))
    assert split.next_open(at("2025-03-04 12:00", NEW_YORK)) == at("2025-03-04 13:00", NEW_YORK)
    joined = hours(window("08:00", "13:00"), window("12:00", "17:00"))
    assert joined.of_day(date(2025, 3, 4)) == ((480, 1020),)


def test_days_of_the_week() -> None:
    weekdays = hours(window("08:00", "21:00", days=frozenset({0, 1, 2, 3, 4})))
    assert weekdays.next_open(at("2025-03-08 12:00", NEW_YORK)) == at("2025-03-10 08:00", NEW_YORK)


def test_a_window_that_names_a_purpose_goes_before_one_for_all() -> None:
    special = window("10:00", "11:00", purposes=frozenset({Purpose.OVERDUE}))
    assert hours(window("08:00", "21:00"), special).of_day(date(2025, 3, 4)) == ((600, 660),)


def test_unknown_zone_is_open_only_while_all_zones_of_the_region_are() -> None:
    usual = hours(window("08:00", "21:00"), zones=(NEW_YORK, "America/Chicago", HONOLULU))
    # In winter 08:00 in Honolulu is 13:00 in New York, which closes at 21:00.
    assert usual.next_open(at("2025-01-07 08:30", NEW_YORK)) == at("2025-01-07 13:00", NEW_YORK)
    assert usual.open_at(at("2025-01-07 20:59", NEW_YORK))
    assert usual.next_open(at("2025-01-07 21:00", NEW_YORK)) == at("2025-01-08 13:00", NEW_YORK)


def test_zones_without_a_common_hour_never_open() -> None:
    apart = hours(window("09:00", "10:00"), zones=("Asia/Shanghai", NEW_YORK))
    assert apart.next_open(at("2025-03-04 09:00", NEW_YORK)) is None


def test_no_window_never_opens() -> None:
    assert hours().next_open(at("2025-03-04 09:00", NEW_YORK)) is None


@pytest.mark.parametrize(
    ("timezone", "region", "zones"),
    [
        ("Europe/Paris", "CN", ("Europe/Paris",)),
        (None, "CN", ("Asia/Shanghai",)),
        (None, "CN-BJ", ("Asia/Shanghai",)),
        ("no/zone", "CN", ("Asia/Shanghai",)),
        (None, "FR", ("Europe/Paris",)),
        (None, "UK", ("Europe/London",)),
        (None, "GB", ("Europe/London",)),
        (None, "XX", ()),
        (None, None, ()),
        ("no/zone", None, ()),
    ],
)
def test_possible_zones(timezone: str | None, region: str | None, zones: tuple[str, ...]) -> None:
    assert possible_zones(CN, timezone, region) == zones


def test_the_zones_of_a_part_go_before_those_of_the_country() -> None:
    policy = replace(CN, zones=(("US-HI", (HONOLULU,)), ("US", (NEW_YORK, HONOLULU))))
    assert possible_zones(policy, None, "US-HI") == (HONOLULU,)
    assert possible_zones(policy, None, "US-NY") == (NEW_YORK, HONOLULU)


def test_a_region_that_no_policy_knows_has_all_its_zones_from_cldr() -> None:
    assert set(possible_zones(GLOBAL, None, "ID")) == {
        "Asia/Jakarta",
        "Asia/Pontianak",
        "Asia/Makassar",
        "Asia/Jayapura",
    }


def rule(calendar: str, closed: frozenset[date] = frozenset(), known_through: date | None = None) -> HolidayRule:
    return HolidayRule(calendar, closed, known_through, BASIS)


@pytest.mark.parametrize(
    ("holidays", "region", "day", "closed"),
    [
        (rule("DE"), None, date(2025, 10, 3), True),
        (rule("DE"), None, date(2025, 10, 2), False),
        (rule("region"), "DE-BY", date(2025, 1, 6), True),
        (rule("region"), "DE-BE", date(2025, 1, 6), False),
        (rule("region"), "DE-99", date(2025, 10, 3), True),
        (rule("region"), "UK", date(2025, 12, 26), True),
        (rule("region"), None, date(2025, 12, 25), False),
        (rule("region"), "XX", date(2025, 12, 25), False),
        (rule("none"), "DE", date(2025, 12, 25), False),
        (rule("none", frozenset({date(2025, 12, 24)})), None, date(2025, 12, 24), True),
        (rule("none", known_through=date(2027, 12, 31)), None, date(2028, 1, 3), True),
        (rule("none", known_through=date(2027, 12, 31)), None, date(2027, 12, 31), False),
        (rule("DE"), None, date(2150, 3, 3), True),
    ],
)
def test_holidays(holidays: HolidayRule, region: str | None, day: date, closed: bool) -> None:
    assert is_holiday(replace(GLOBAL, holidays=(holidays,)), region, day) is closed


def test_a_holiday_is_named_as_the_cause_of_closing() -> None:
    policy = replace(GLOBAL, holidays=(rule("DE"),))
    opening = OpeningHours(policy, ("Europe/Berlin",), None, lambda _day: (Purpose.OVERDUE,))
    assert opening.closed_because(at("2025-10-03 10:00", "Europe/Berlin")) == "holiday"
    assert opening.closed_because(at("2025-10-02 22:00", "Europe/Berlin")) == "quiet_hours"


@pytest.mark.parametrize(("name", "known"), [("CN", True), ("DE-BY", True), ("DE-XY", False), ("XX", False)])
def test_known_calendars(name: str, known: bool) -> None:
    assert has_calendar(name) is known


def test_a_long_way_ahead_is_not_searched() -> None:
    far = frozenset(date(2025, 3, 1) + timedelta(days=n) for n in range(120))
    policy = replace(GLOBAL, holidays=(rule("none", far),))
    opening = OpeningHours(policy, (NEW_YORK,), None, lambda _day: (Purpose.OVERDUE,))
    assert opening.next_open(at("2025-03-04 09:00", NEW_YORK)) is None


@pytest.mark.parametrize(
    ("region", "day", "works"),
    [
        ("CN", date(2025, 3, 7), True),
        ("CN", date(2025, 3, 8), False),  # Saturday
        ("CN", date(2025, 10, 1), False),  # National Day, a Wednesday
        ("SA", date(2025, 3, 7), False),  # Friday, where the weekend is Friday and Saturday
        ("SA", date(2025, 3, 9), True),  # Sunday
        ("US-NY", date(2025, 7, 4), False),
        (None, date(2025, 10, 1), True),
        (None, date(2025, 3, 9), False),
        ("AQ-XX", date(2025, 3, 10), True),
    ],
)
def test_working_days_leave_out_the_weekend_and_the_public_holidays_of_the_place(
    region: str | None, day: date, works: bool
) -> None:
    assert is_working_day(region, day) is works
