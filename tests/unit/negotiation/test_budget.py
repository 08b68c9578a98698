"""The monthly budget: what is left is the limit, less what was given up this month, less what waits for a decision."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.commitments import CommitmentStatus
from bot.domain.money import Money
from bot.negotiation.budget import Budget, Concession, budget_of
from tests.unit.policy.cases import cny

TODAY = date(2025, 3, 4)


def concession(amount: str, status: CommitmentStatus, made_on: date = TODAY) -> Concession:
    return Concession(made_on, cny(amount), status)


def test_what_is_left_is_the_limit_less_used_and_in_process() -> None:
    known = [
        concession("10.00", CommitmentStatus.OPEN),
        concession("20.00", CommitmentStatus.KEPT, date(2025, 3, 1)),
        concession("0.50", CommitmentStatus.PARTLY_KEPT, date(2025, 3, 31)),
        concession("40.00", CommitmentStatus.AWAITING_APPROVAL),
        concession("5.00", CommitmentStatus.PROPOSED),
    ]
    budget = budget_of(cny("100.00"), known, TODAY)
    assert budget == Budget(cny("100.00"), used=cny("30.50"), in_process=cny("45.00"))
    assert budget.available == cny("24.50")


@pytest.mark.parametrize(
    "status",
    [CommitmentStatus.BROKEN, CommitmentStatus.WITHDRAWN, CommitmentStatus.SUPERSEDED, CommitmentStatus.DECLINED],
)
def test_what_came_to_nothing_gives_up_nothing(status: CommitmentStatus) -> None:
    assert budget_of(cny("100.00"), [concession("10.00", status)], TODAY).available == cny("100.00")


@pytest.mark.parametrize("made_on", [date(2025, 2, 28), date(2025, 4, 1), date(2024, 3, 4)])
def test_another_month_has_its_own_budget_but_what_waits_counts_until_it_is_decided(made_on: date) -> None:
    known = [
        concession("10.00", CommitmentStatus.OPEN, made_on),
        concession("7.00", CommitmentStatus.AWAITING_APPROVAL, made_on),
    ]
    assert budget_of(cny("100.00"), known, TODAY) == Budget(cny("100.00"), cny("0.00"), cny("7.00"))


def test_other_currencies_have_their_own_budget_and_nothing_is_left_below_zero() -> None:
    known = [
        Concession(TODAY, Money.of("500.00", "USD"), CommitmentStatus.OPEN),
        concession("120.00", CommitmentStatus.OPEN),
    ]
    budget = budget_of(cny("100.00"), known, TODAY)
    assert (budget.used, budget.available) == (cny("120.00"), cny("0.00"))
