"""What the programmes that come with the product would offer, day by day, with the ladder and the calendar of their files."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.limits import Forbearance
from bot.negotiation.limits import EffectiveLimits, LoanCase, effective_limits
from bot.negotiation.offers import propose
from bot.policy.ladder import classify
from bot.policy.windows import is_working_day
from tests.unit.negotiation.limit_cases import a_late_loan
from tests.unit.negotiation.test_offers import told
from tests.unit.policy.cases import DUE, programme


def on_day(name: str, days_past_due: int, band: str | None = "medium") -> EffectiveLimits:
    by, loan, today = programme(name), a_late_loan(), DUE + timedelta(days=days_past_due)
    stage = classify(loan, today, by.ladder).stage
    return effective_limits(by.limits, LoanCase(loan, today, stage, band), partial(is_working_day, by.jurisdiction))


def offered(name: str, days_past_due: int, band: str | None = "medium") -> list[tuple[str, list[str], bool]]:
    terms = on_day(name, days_past_due, band)
    return [(offer.kind.value, told(offer), offer.needs_approval) for offer in propose(terms)]


def test_xinerfu_offers_a_week_three_parts_and_with_approval_a_part_of_the_interest() -> None:
    """On 8 March, a Saturday; the last day that a plan may reach is 6 June."""
    assert offered("xinerfu", 5) == [
        ("extension", ["2025-03-12 1140.00"], False),
        ("extension", ["2025-03-14 1140.00"], False),
        ("instalments", ["2025-04-08 570.00", "2025-05-08 570.00"], False),
        ("instalments", ["2025-04-08 380.00", "2025-05-08 380.00", "2025-06-06 380.00"], False),
        ("waiver", ["2025-03-14 1110.00"], True),
    ]


def test_xinerfu_gives_who_has_always_paid_more_parts_later_on() -> None:
    kinds = [offer.kind for offer in propose(on_day("xinerfu", 20, "low"))]
    assert kinds == [Forbearance.INSTALMENTS, Forbearance.INSTALMENTS, Forbearance.WAIVER]
    assert [len(offer.payments) for offer in propose(on_day("xinerfu", 20, "low"))] == [2, 6, 1]
    assert [len(offer.payments) for offer in propose(on_day("xinerfu", 20, "high"))] == [2, 3, 1]


def test_fenqile_gives_time_to_breathe_longer_for_a_smaller_risk() -> None:
    last = {
        band: max(o.last_due_on for o in propose(on_day("fenqile", 2, band), kinds=(Forbearance.EXTENSION,)))
        for band in ("low", "high")
    }
    assert last == {"low": date(2025, 3, 12), "high": date(2025, 3, 7)}


@pytest.mark.parametrize("name", ["jiebei", "huabei"])
def test_where_the_source_knows_no_concession_a_person_decides(name: str) -> None:
    reasons = {r.reason for day in (-3, 0, 5, 40, 90) for r in on_day(name, day).rulings}
    assert reasons == {"not_offered"}


@pytest.mark.parametrize(
    ("name", "day", "kinds"),
    [
        ("generic", -2, {"extension"}),
        ("generic", 2, {"extension", "instalments"}),
        ("generic", 20, {"instalments"}),
        ("generic", 40, set()),
        ("p2p", 5, {"extension", "instalments"}),
        ("p2p", 20, {"instalments"}),
        ("p2p", 40, set()),
        ("fenqile", 20, {"instalments"}),
    ],
)
def test_less_is_offered_the_later_it_is(name: str, day: int, kinds: set[str]) -> None:
    assert {kind for kind, _, _ in offered(name, day)} == kinds


@pytest.mark.parametrize(("name", "day"), [("generic", 20), ("p2p", 20)])
def test_where_people_are_at_work_already_they_approve_the_plan(name: str, day: int) -> None:
    assert {approval for _, _, approval in offered(name, day)} == {True}
