"""Which stage a loan is in: a function of its unpaid money and the day, most severe first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.loan import LoanStatus
from bot.policy.ladder import Stage, StageLadder, anchor_of, classify
from tests.unit.policy.cases import DUE, a_loan, a_payment, cny, generic

LADDER = generic().ladder


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (-4, None),
        (-3, "upcoming"),
        (-1, "upcoming"),
        (0, "due"),
        (1, "mild"),
        (3, "mild"),
        (4, "moderate"),
        (10, "moderate"),
        (11, "severe"),
        (30, "severe"),
        (31, "middle"),
        (60, "middle"),
        (61, "late"),
        (4000, "late"),
    ],
)
def test_generic_ladder_has_one_stage_for_each_day_from_three_before_the_due_date(day: int, stage: str | None) -> None:
    assert classify(a_loan(), DUE + timedelta(days=day), LADDER).stage == stage


def test_facts_of_a_loan_four_days_past_due() -> None:
    found = classify(a_loan([DUE, date(2025, 4, 3)]), date(2025, 3, 7), LADDER)
    assert (found.days_past_due, found.days_to_due) == (4, 27)
    assert (str(found.past_due), str(found.due_now)) == ("1200.00 CNY", "1200.00 CNY")
    assert (found.anchor, found.on, found.loan_id) == (DUE, date(2025, 3, 7), "L1")


def test_on_the_due_date_money_is_due_but_not_past_due() -> None:
    found = classify(a_loan(), DUE, LADDER)
    assert (found.days_past_due, found.days_to_due) == (0, 0)
    assert (str(found.past_due), str(found.due_now)) == ("0.00 CNY", "1200.00 CNY")


def test_new_instalment_does_not_make_an_old_debt_younger() -> None:
    loan = a_loan([DUE, DUE + timedelta(days=14)])
    assert classify(loan, DUE + timedelta(days=14), LADDER).stage == "severe"


def test_paying_the_oldest_instalment_takes_the_loan_back_to_the_stage_of_the_next() -> None:
    loan = a_loan([DUE, DUE + timedelta(days=14)], payments=[a_payment("1200.00", DUE)])
    assert classify(loan, DUE + timedelta(days=16), LADDER).stage == "mild"


def test_a_reversal_brings_the_old_stage_back() -> None:
    paid = [a_payment("1200.00", DUE), a_payment("-1200.00", DUE, "R2", reverses="R1")]
    loan = a_loan([DUE, DUE + timedelta(days=14)], payments=paid)
    assert classify(loan, DUE + timedelta(days=16), LADDER).stage == "severe"


def test_a_paid_loan_has_no_stage() -> None:
    found = classify(a_loan(payments=[a_payment("1200.00", DUE)]), DUE + timedelta(days=40), LADDER)
    assert (found.stage, found.anchor, found.days_past_due, found.days_to_due) == (None, None, 0, None)


def test_a_closed_loan_has_no_stage_though_money_is_unpaid() -> None:
    loan = replace(a_loan(), status=LoanStatus.CLOSED)
    found = classify(loan, DUE + timedelta(days=5), LADDER)
    assert (found.stage, found.anchor, found.days_past_due) == (None, None, 5)


def test_a_rest_below_the_minimum_does_not_make_the_next_instalment_look_old() -> None:
    ladder = replace(LADDER, minimums={"CNY": cny("5.00")})
    loan = a_loan([DUE, DUE + timedelta(days=31)], payments=[a_payment("1197.00", DUE)])
    assert classify(loan, DUE + timedelta(days=29), ladder).stage == "upcoming"
    assert classify(loan, DUE + timedelta(days=29), LADDER).stage == "severe"


def test_a_rest_of_exactly_the_minimum_counts() -> None:
    ladder = replace(LADDER, minimums={"CNY": cny("5.00")})
    loan = a_loan([DUE, DUE + timedelta(days=31)], payments=[a_payment("1195.00", DUE)])
    assert classify(loan, DUE + timedelta(days=1), ladder).stage == "mild"


def test_a_loan_whose_whole_rest_is_below_the_minimum_has_no_anchor() -> None:
    ladder = replace(LADDER, minimums={"CNY": cny("5.00")})
    assert anchor_of(a_loan(payments=[a_payment("1196.00", DUE)]), ladder) is None


def test_first_stage_that_holds_wins_where_conditions_overlap() -> None:
    ladder = StageLadder(
        (
            Stage("heavy", 1, None, "firm", least_past_due={"CNY": cny("2000.00")}),
            Stage("repeated", 1, None, "firm", least_instalments=2),
            Stage("light", 1, None, "gentle"),
        )
    )
    today = DUE + timedelta(days=20)
    two = [DUE, DUE + timedelta(days=7)]
    assert classify(a_loan(two), today, ladder).stage == "heavy"
    assert classify(a_loan(two, amount="500.00"), today, ladder).stage == "repeated"
    assert classify(a_loan(amount="500.00"), today, ladder).stage == "light"


def test_a_stage_is_found_by_its_id() -> None:
    mild = LADDER.stage("mild")
    assert mild is not None
    assert (mild.first, mild.last, mild.tone) == (1, 3, "gentle")
    assert LADDER.stage("unheard_of") is None
