"""What may be promised: amounts and days within the programme's rules, and the nearest thing where they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.commitments import CommitmentStatus, DuePayment, PromiseRules
from bot.domain.loan import LoanStatus
from bot.domain.money import Money
from bot.negotiation.promises import (
    PromiseAccepted,
    PromiseRefused,
    SaidPromise,
    asked_for,
    promise_choices,
    propose_promise,
)
from bot.policy.explain import explain
from tests.unit.policy.cases import DUE, a_loan, a_payment, a_promise, cny

RULES = PromiseRules("Asia/Shanghai", 1, 95, 1, 14, 10, 2)
TODAY = date(2025, 3, 4)  # a Tuesday, the day after 1200.00 CNY fell due
FRIDAY = date(2025, 3, 7)
LOAN = a_loan([DUE, date(2025, 4, 3)])


def test_an_amount_and_a_day_within_the_rules_are_accepted_as_said() -> None:
    answer = propose_promise(LOAN, RULES, SaidPromise(FRIDAY, cny("500.00")), TODAY)
    assert isinstance(answer, PromiseAccepted)
    assert answer.payment == DuePayment(FRIDAY, cny("500.00"))
    assert answer.facts == (("least", "120.00 CNY"), ("most", "2400.00 CNY"), ("last_day", "2025-03-18"))
    assert explain(answer) == "Within the limits: from 120.00 CNY to 2400.00 CNY, until 2025-03-18."


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        (SaidPromise(FRIDAY), "1200.00"),
        (SaidPromise(FRIDAY, share=Fraction(1, 2)), "600.00"),
        (SaidPromise(FRIDAY, share=Fraction(1, 3)), "400.00"),
        (SaidPromise(FRIDAY, share=Fraction(1, 7)), "171.43"),
        (SaidPromise(FRIDAY, cny("120.00")), "120.00"),
        (SaidPromise(FRIDAY, cny("2400.00")), "2400.00"),
    ],
)
def test_amounts_said(said: SaidPromise, amount: str) -> None:
    answer = propose_promise(LOAN, RULES, said, TODAY)
    assert isinstance(answer, PromiseAccepted)
    assert answer.payment.amount == cny(amount)


@pytest.mark.parametrize("day", [TODAY, date(2025, 3, 18)])
def test_the_first_and_the_last_day_are_accepted(day: date) -> None:
    assert isinstance(propose_promise(LOAN, RULES, SaidPromise(day), TODAY), PromiseAccepted)


@pytest.mark.parametrize(
    ("said", "reason", "nearest"),
    [
        (SaidPromise(amount=cny("500.00")), "day_missing", None),
        (SaidPromise(FRIDAY, cny("0.00")), "no_amount", (FRIDAY, "120.00")),
        (SaidPromise(FRIDAY, cny("-5.00")), "no_amount", (FRIDAY, "120.00")),
        (SaidPromise(FRIDAY, cny("119.99")), "amount_too_small", (FRIDAY, "120.00")),
        (SaidPromise(FRIDAY, cny("2400.01")), "amount_too_large", (FRIDAY, "2400.00")),
        (SaidPromise(date(2025, 3, 3)), "day_past", (TODAY, "1200.00")),
        (SaidPromise(date(2025, 3, 19)), "day_too_late", (date(2025, 3, 18), "1200.00")),
        (SaidPromise(date(2025, 6, 1), cny("1.00")), "amount_too_small", (date(2025, 3, 18), "120.00")),
        (SaidPromise(FRIDAY, Money.of("5", "USD")), "other_currency", None),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_nearest_that_does_not(
    said: SaidPromise, reason: str, nearest: tuple[date, str] | None
) -> None:
    answer = propose_promise(LOAN, RULES, said, TODAY)
    assert isinstance(answer, PromiseRefused)
    assert answer.reason == reason
    assert answer.nearest == (None if nearest is None else DuePayment(nearest[0], cny(nearest[1])))
    assert explain(answer)


def test_the_nearest_is_accepted() -> None:
    refused = propose_promise(LOAN, RULES, SaidPromise(date(2026, 1, 1), cny("0.01")), TODAY)
    assert isinstance(refused, PromiseRefused)
    assert refused.nearest is not None
    again = SaidPromise(refused.nearest.due_on, refused.nearest.amount)
    assert isinstance(propose_promise(LOAN, RULES, again, TODAY), PromiseAccepted)


def test_a_second_promise_waits_for_the_first() -> None:
    answer = propose_promise(LOAN, RULES, SaidPromise(FRIDAY), TODAY, [a_promise()])
    assert answer == PromiseRefused("too_many_open", facts=(("open", "1"),))


def test_a_promise_about_another_loan_does_not_count() -> None:
    answer = propose_promise(LOAN, RULES, SaidPromise(FRIDAY), TODAY, [a_promise(loan_id="L2")])
    assert isinstance(answer, PromiseAccepted)


def test_after_as_many_broken_promises_as_allowed_a_person_decides() -> None:
    broken = a_promise(status=CommitmentStatus.BROKEN)
    assert isinstance(propose_promise(LOAN, RULES, SaidPromise(FRIDAY), TODAY, [broken]), PromiseAccepted)
    answer = propose_promise(LOAN, RULES, SaidPromise(FRIDAY), TODAY, [broken, broken])
    assert answer == PromiseRefused("too_many_broken", facts=(("broken", "2"),))


def test_no_promise_is_taken_for_a_debt_too_old_to_be_enforced() -> None:
    old = replace(a_loan(), flags=frozenset({"time_barred"}))
    assert propose_promise(old, RULES, SaidPromise(FRIDAY), TODAY) == PromiseRefused("time_barred")


@pytest.mark.parametrize(
    "loan", [a_loan(payments=[a_payment("1200.00", DUE)]), replace(a_loan(), status=LoanStatus.CLOSED)]
)
def test_nothing_is_promised_about_a_loan_without_a_debt(loan: object) -> None:
    assert propose_promise(loan, RULES, SaidPromise(FRIDAY), TODAY) == PromiseRefused("nothing_due")  # type: ignore[arg-type]
    assert promise_choices(loan, RULES, TODAY) == ()  # type: ignore[arg-type]


def test_before_anything_is_due_the_next_instalment_is_what_is_asked_for() -> None:
    assert asked_for(LOAN, date(2025, 2, 20)) == cny("1200.00")
    assert asked_for(LOAN, date(2025, 4, 3)) == cny("2400.00")
    assert asked_for(a_loan(payments=[a_payment("1200.00", DUE)]), TODAY) == cny("0.00")


def test_a_rest_smaller_than_the_least_share_may_be_promised_whole() -> None:
    loan = a_loan(payments=[a_payment("1199.99", DUE)])
    answer = propose_promise(loan, RULES, SaidPromise(FRIDAY), TODAY)
    assert isinstance(answer, PromiseAccepted)
    assert answer.payment.amount == cny("0.01")


def test_choices_are_days_people_plan_by() -> None:
    assert [choice.due_on for choice in promise_choices(LOAN, RULES, TODAY)] == [
        TODAY,
        FRIDAY,  # also in three days
        date(2025, 3, 10),
        date(2025, 3, 15),
    ]
    assert {choice.amount for choice in promise_choices(LOAN, RULES, TODAY)} == {cny("1200.00")}


def test_choices_at_the_end_of_january_are_days_that_exist() -> None:
    rules = replace(RULES, max_days_ahead=40)
    assert [choice.due_on for choice in promise_choices(LOAN, rules, date(2025, 1, 30))] == [
        date(2025, 1, 30),
        date(2025, 1, 31),
        date(2025, 2, 2),
        date(2025, 2, 10),
    ]


def test_on_a_friday_the_next_one_is_meant() -> None:
    assert date(2025, 3, 14) in [choice.due_on for choice in promise_choices(LOAN, RULES, FRIDAY)]


def test_choices_keep_to_the_days_ahead() -> None:
    rules = replace(RULES, max_days_ahead=2)
    assert [choice.due_on for choice in promise_choices(LOAN, rules, TODAY)] == [TODAY]


def test_while_a_promise_is_open_there_is_no_choice() -> None:
    assert promise_choices(LOAN, RULES, TODAY, [a_promise()]) == ()
