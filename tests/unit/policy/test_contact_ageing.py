"""Contact policies grow old: somebody is told before their facts are no longer relied on and before their holidays end."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.diagnostics import Severity
from bot.policy.contact import read_contact_policy
from bot.policy.contact_ageing import check_ages
from bot.policy.windows import calendar_ends
from tests.unit.policy.cases import files_in
from tests.unit.policy.test_contact_reading import CHILD, PARENT, files


def told(today: date, **texts: str) -> list[str]:
    read = files(**texts)
    policies, problems = read_contact_policy(read)
    assert problems == ()
    found = check_ages(read, policies, today)
    assert {problem.severity for problem in found} <= {Severity.WARNING}
    return [f"{p.place.file.rpartition('/')[2]}:{p.place.line} {p.code} {p.sentence}" for p in found]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 4, 21), []),
        (
            date(2027, 4, 22),
            ["TOP.yaml:4 C013 TOP is to be looked at by 2027-05-21; from then on GLOBAL holds beside it."],
        ),
        (
            date(2027, 5, 21),
            ["TOP.yaml:4 C013 TOP is to be looked at by 2027-05-21; from then on GLOBAL holds beside it."],
        ),
        (
            date(2027, 5, 22),
            ["TOP.yaml:4 C013 TOP was to be looked at by 2027-05-21; GLOBAL holds beside it until it is."],
        ),
    ],
)
def test_a_review_is_asked_for_thirty_days_ahead(today: date, expected: list[str]) -> None:
    endless = PARENT.replace("known_through: 2027-12-31, ", "")
    assert told(today, TOP=endless) == expected


@pytest.mark.parametrize(
    ("today", "ends"),
    [(date(2026, 12, 31), False), (date(2027, 1, 1), True), (date(2028, 1, 1), True)],
)
def test_holidays_are_asked_for_that_end_within_a_year_in_the_file_that_says_them(today: date, ends: bool) -> None:
    late = PARENT.replace("review_by: 2027-05-21", "review_by: 2029-05-21")
    found = told(today, TOP=late, SUB=CHILD.replace("2027-05-21", "2029-05-21"))
    sentence = "The holidays of TOP are known through 2027-12-31 only; every day after is closed."
    assert found == ([f"TOP.yaml:8 C014 {sentence}"] if ends else [])


def test_a_calendar_of_the_library_that_ends_is_told_too() -> None:
    ending = PARENT.replace("calendar: DE", "calendar: LK").replace("known_through: 2027-12-31, ", "")
    last = calendar_ends("LK")
    assert last is not None
    [found] = told(last, TOP=ending.replace("review_by: 2027-05-21", "review_by: 2999-05-21"))
    assert found.endswith(f"The holidays of TOP are known through {last} only; every day after is closed.")


def test_the_calendar_of_a_region_is_that_of_the_regions_served() -> None:
    last = calendar_ends("LK")
    assert last is not None
    ending = PARENT.replace("calendar: DE", "calendar: region").replace("known_through: 2027-12-31, ", "")
    ending = ending.replace("review_by: 2027-05-21", "review_by: 2999-05-21")
    assert told(last, TOP=ending) == []
    assert len(told(last, TOP=ending.replace("title: Parent", "title: Parent\nregions: [DE, LK]"))) == 1


def test_no_shipped_policy_is_old_on_the_day_of_its_facts() -> None:
    shipped = files_in("contact")
    policies, _ = read_contact_policy(shipped)
    assert check_ages(shipped, policies, date(2026, 11, 21)) == ()
