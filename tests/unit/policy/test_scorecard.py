"""The scorecard: points per fact, a band, and a sentence that says how; it chooses tone and cadence and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from bot.domain.delinquency import Delinquency
from bot.policy.ladder import classify
from bot.policy.scorecard import Scorecard, ScoreFacts, ScoreRule, facts_of, score
from tests.unit.policy.cases import DUE, a_loan, a_payment, cny, programme

CARD = Scorecard(
    bands=(("low", 0), ("medium", 20), ("high", 40)),
    rules=(
        ScoreRule("promises_broken", 15, each=True, most=45),
        ScoreRule("past_due", 15, least={"CNY": cny("500.00")}),
        ScoreRule("days_past_due", 20, first=30),
        ScoreRule("account_age_days", -10, first=365),
    ),
)
NOTHING = ScoreFacts(0, 0, 0, 0, 0, cny("0"))


def test_points_add_up_to_a_band_that_one_sentence_explains() -> None:
    found = score(CARD, replace(NOTHING, promises_broken=2, past_due=cny("800.00")))
    assert (found.band, found.points) == ("high", 45)
    assert found.sentence() == "Band high: 45 points: 2 broken promises (30), 800.00 CNY past due (15)."


def test_one_is_said_in_the_singular() -> None:
    assert score(CARD, replace(NOTHING, promises_broken=1)).sentence() == "Band low: 15 points: 1 broken promise (15)."


def test_where_nothing_counts_the_first_band_holds() -> None:
    assert score(CARD, NOTHING).sentence() == "Band low: 0 points: nothing counts."


def test_points_for_each_end_at_the_most() -> None:
    assert score(CARD, replace(NOTHING, promises_broken=9)).points == 45


@pytest.mark.parametrize(("days", "points"), [(29, 0), (30, 20), (31, 20)])
def test_days_count_from_the_named_day_on(days: int, points: int) -> None:
    assert score(CARD, replace(NOTHING, days_past_due=days)).points == points


@pytest.mark.parametrize(("days", "points"), [(90, 5), (91, 0)])
def test_days_count_up_to_the_named_day(days: int, points: int) -> None:
    card = Scorecard((("low", 0),), (ScoreRule("account_age_days", 5, last=90),))
    assert score(card, replace(NOTHING, account_age_days=days)).points == points


@pytest.mark.parametrize(("amount", "points"), [("499.99", 0), ("500.00", 15)])
def test_an_amount_counts_from_the_least_on(amount: str, points: int) -> None:
    assert score(CARD, replace(NOTHING, past_due=cny(amount))).points == points


def test_an_amount_in_a_currency_without_a_least_one_does_not_count() -> None:
    card = Scorecard((("low", 0),), (ScoreRule("past_due", 15, least={}),))
    assert score(card, replace(NOTHING, past_due=cny("800.00"))).points == 0


def test_fewer_points_than_none_are_none() -> None:
    found = score(CARD, replace(NOTHING, account_age_days=400))
    assert (found.band, found.points) == ("low", 0)


def test_a_band_of_the_loan_book_wins() -> None:
    found = score(CARD, replace(NOTHING, promises_broken=3), imported="low")
    assert found.sentence() == "Band low: it came with the loan book."


def test_a_band_of_the_loan_book_that_is_not_known_is_told_and_left_aside() -> None:
    found = score(CARD, NOTHING, imported="C")
    assert found.band == "low"
    assert found.sentence() == (
        'Band low: 0 points: nothing counts. The loan book says "C", which is no band of this programme.'
    )


def test_facts_of_a_loan_with_one_part_paid_late_and_one_open() -> None:
    second = DUE + timedelta(days=30)
    payments = [a_payment("1200.00", DUE + timedelta(days=2))]
    loan = a_loan([DUE, second], payments=payments)
    assert facts_of(loan, payments, 1, second + timedelta(days=3)) == ScoreFacts(
        missed_payments=2,
        instalments_late=1,
        promises_broken=1,
        days_past_due=3,
        account_age_days=33,
        past_due=cny("1200.00"),
    )


def test_a_part_paid_on_its_day_was_not_missed() -> None:
    payments = [a_payment("1200.00", DUE)]
    assert facts_of(a_loan(payments=payments), payments, 0, DUE + timedelta(days=9)).missed_payments == 0


def test_a_payment_that_was_taken_back_later_was_made_on_its_day() -> None:
    payments = [a_payment("1200.00", DUE), a_payment("-1200.00", DUE + timedelta(days=4), "R2", "R1")]
    found = facts_of(a_loan(payments=payments), payments, 0, DUE + timedelta(days=5))
    assert (found.missed_payments, found.instalments_late) == (0, 1)


def test_before_the_first_due_date_nothing_has_happened() -> None:
    assert facts_of(a_loan(), (), 0, date(2025, 1, 1)) == NOTHING


@pytest.mark.parametrize(
    ("stage", "band", "tone"),
    [
        ("severe", None, "firm"),
        ("severe", "high", "firm"),
        ("severe", "low", "clear"),
        ("mild", "low", "gentle"),
        (None, "high", "friendly"),
    ],
)
def test_a_band_chooses_the_tone_of_a_stage(stage: str | None, band: str | None, tone: str) -> None:
    assert programme("xinerfu").tone_of(stage, band) == tone


def test_a_band_chooses_the_touches_of_a_stage() -> None:
    severe = programme("xinerfu").reminders.of_stage("severe")
    assert severe is not None
    assert severe.touches_in("low") == (11, 25, 39, 53, 67, 81)
    assert severe.touches_in("high") == severe.touches_in(None) == tuple(range(11, 95, 7))


def test_the_stage_of_a_loan_knows_no_band() -> None:
    # By construction: what a stage is decided from and what it says has no place for a band or for points.
    ladder = programme("xinerfu").ladder
    risky = replace(a_loan(), risk="high")
    assert classify(risky, DUE + timedelta(days=5), ladder) == classify(a_loan(), DUE + timedelta(days=5), ladder)
    assert not {"band", "risk", "points"} & {f.name for f in fields(Delinquency)}
