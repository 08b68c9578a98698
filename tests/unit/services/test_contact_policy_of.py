"""Which contact policy holds: the programme's, made stricter by the place, and by the fallback where facts are stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.services.live import Live
from bot.services.undecided import overdue_reviews, undecided
from bot.services.writes import OpenCase
from tests.conversations.shipped import shipped
from tests.unit.policy.cases import a_loan, a_situation, at

NOW = at("2026-12-01 10:00")


def policy_id(region: str | None, programme: str = "CN", now: datetime = NOW, live: Live | None = None) -> str:
    live = live or of_programme(programme)
    situation = a_situation(now, region=region, loans=(a_loan(),))
    return live.contact_policy_of(situation, "L1").policy_id


def of_programme(contact: str) -> Live:
    generic = next(p for p in shipped().programmes if p.programme_id == "generic")
    return replace(shipped(), programmes=(replace(generic, contact_policy=contact),))


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (None, "CN"),  # the lender's own word counts where the loan book says nothing
        ("CN", "CN"),
        ("CN-31", "CN"),
        ("GB", "CN+UK"),
        ("GB-SCT", "CN+UK"),
        ("US-CA", "CN+US"),
        ("US-NY", "CN+US-NYC+US"),
        ("FR", "CN+EU"),
        ("DE-BY", "CN+DE"),
        ("ES", "CN+ES"),
        ("IN-MH", "CN+IN"),
        ("JP", "CN+GLOBAL"),
    ],
)
def test_a_region_finds_its_policy_and_a_place_without_one_the_fallback(region: str | None, expected: str) -> None:
    assert policy_id(region) == expected


def test_a_programme_may_name_a_policy_of_its_own_product() -> None:
    assert policy_id("IN", "IN-MFI") == "IN-MFI+IN"


def test_the_place_where_a_loan_was_made_holds_besides() -> None:
    live = of_programme("GLOBAL")
    made_in_spain = replace(live, programmes=(replace(live.programmes[0], jurisdiction="ES"),))
    assert policy_id(None, live=made_in_spain) == "GLOBAL+ES"
    assert policy_id("GB", live=made_in_spain) == "GLOBAL+ES+UK"


def test_T8_a_policy_past_its_review_is_held_to_the_fallback_too() -> None:
    on_the_day, after = datetime(2027, 2, 21, 10, tzinfo=UTC), datetime(2027, 2, 22, 10, tzinfo=UTC)
    assert policy_id("CN", now=on_the_day) == "CN"
    assert policy_id("CN", now=after) == "CN+GLOBAL"


def test_T8_people_are_told_once_a_day_which_policies_are_past_their_review() -> None:
    live = shipped()
    late = datetime(2027, 2, 1, 3, tzinfo=UTC)
    [case] = overdue_reviews(live, late)
    assert isinstance(case, OpenCase)
    assert (case.reason, case.brief) == ("contact_policy_review", (("policies", "IN, IN-MFI"),))
    [again] = overdue_reviews(live, late.replace(hour=23))
    [next_day] = overdue_reviews(live, late.replace(day=2))
    assert isinstance(again, OpenCase)
    assert isinstance(next_day, OpenCase)
    assert again.dedup_key == case.dedup_key != next_day.dedup_key
    assert overdue_reviews(live, NOW) == ()


@pytest.mark.parametrize("reason", ["unknown_zone", "clock", "never_open"])
def test_people_are_told_once_a_day_where_the_gate_could_not_decide(reason: str) -> None:
    [case] = undecided(reason, "B1", NOW)
    assert isinstance(case, OpenCase)
    assert (case.reason, case.dedup_key) == (f"gate_{reason}", f"gate_{reason}:2026-12-01")


def test_nobody_is_told_of_what_the_gate_did_decide() -> None:
    assert undecided("stop", "B1", NOW) == ()
