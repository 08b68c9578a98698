"""What became of a promise: money after the agreement, oldest first, reversals taken back, decided after grace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.commitments import DuePayment, PromiseRules
from bot.policy.promises import (
    Broken,
    Kept,
    PartlyKept,
    StillOpen,
    decide_promise,
    promise_timers,
    reminder_ends,
)
from tests.unit.policy.cases import a_payment, a_promise, at, cny

RULES = PromiseRules("Asia/Shanghai", 1, 95, 1, 14, 10, 2)
FRIDAY = date(2025, 3, 7)
CHECK = date(2025, 3, 9)


def test_nothing_paid_is_still_open_through_the_grace_day() -> None:
    answer = decide_promise(a_promise(), (), RULES, date(2025, 3, 8))
    assert isinstance(answer, StillOpen)
    assert answer.check_on == CHECK
    assert answer.facts == (("promised", "50000"), ("received", "0"), ("until", "2025-03-08"))


def test_nothing_paid_is_broken_after_grace() -> None:
    assert isinstance(decide_promise(a_promise(), (), RULES, CHECK), Broken)


def test_paid_in_full_is_kept_at_once() -> None:
    assert isinstance(decide_promise(a_promise(), (a_payment("500.00", FRIDAY),), RULES, date(2025, 3, 5)), Kept)


@pytest.mark.parametrize(("amount", "kind"), [("475.00", Kept), ("474.99", PartlyKept), ("0.01", PartlyKept)])
def test_kept_from_ninety_five_percent_on(amount: str, kind: type) -> None:
    assert isinstance(decide_promise(a_promise(), (a_payment(amount, FRIDAY),), RULES, CHECK), kind)


def test_too_little_is_open_until_grace_is_over() -> None:
    assert isinstance(decide_promise(a_promise(), (a_payment("100.00", FRIDAY),), RULES, FRIDAY), StillOpen)


def test_two_payments_count_together_in_any_order() -> None:
    paid = (a_payment("300.00", FRIDAY, "R2"), a_payment("200.00", date(2025, 3, 5), "R1"))
    assert isinstance(decide_promise(a_promise(), paid, RULES, CHECK), Kept)
    assert isinstance(decide_promise(a_promise(), paid[::-1], RULES, CHECK), Kept)


def test_money_from_before_the_agreement_does_not_count() -> None:
    promise = a_promise(paid_before=cny("400.00"))
    paid = (a_payment("400.00", date(2025, 3, 1), "R0"), a_payment("100.00", FRIDAY))
    answer = decide_promise(promise, paid, RULES, CHECK)
    assert isinstance(answer, PartlyKept)
    assert dict(answer.facts)["received"] == "10000"


def test_money_after_the_grace_day_comes_too_late() -> None:
    assert isinstance(decide_promise(a_promise(), (a_payment("500.00", CHECK),), RULES, CHECK), Broken)


def test_money_on_the_grace_day_is_in_time() -> None:
    assert isinstance(decide_promise(a_promise(), (a_payment("500.00", date(2025, 3, 8)),), RULES, CHECK), Kept)


def test_a_reversal_undoes_a_payment() -> None:
    paid = (a_payment("500.00", FRIDAY), a_payment("-500.00", FRIDAY, "R2", reverses="R1"))
    assert isinstance(decide_promise(a_promise(), paid, RULES, FRIDAY), StillOpen)
    assert isinstance(decide_promise(a_promise(), paid, RULES, CHECK), Broken)


def test_the_reversal_of_older_money_does_not_break_a_promise() -> None:
    promise = a_promise(paid_before=cny("400.00"))
    paid = (
        a_payment("400.00", date(2025, 3, 1), "R0"),
        a_payment("500.00", FRIDAY, "R1"),
        a_payment("-400.00", FRIDAY, "R2", reverses="R0"),
    )
    assert isinstance(decide_promise(promise, paid, RULES, CHECK), Kept)


def test_a_reversal_from_before_the_agreement_is_part_of_what_was_paid_before() -> None:
    paid = (a_payment("400.00", date(2025, 3, 1), "R0"), a_payment("-400.00", date(2025, 3, 2), "R2", reverses="R0"))
    assert isinstance(decide_promise(a_promise(), paid, RULES, CHECK), Broken)


def test_the_first_uncovered_payment_of_several_decides() -> None:
    two = replace(
        a_promise(), payments=(DuePayment(date(2025, 3, 14), cny("300.00")), DuePayment(FRIDAY, cny("200.00")))
    )
    first = (a_payment("200.00", FRIDAY),)
    answer = decide_promise(two, first, RULES, CHECK)
    assert isinstance(answer, StillOpen)
    assert answer.check_on == date(2025, 3, 16)
    assert isinstance(decide_promise(two, (), RULES, CHECK), Broken)
    assert isinstance(decide_promise(two, first, RULES, date(2025, 3, 16)), PartlyKept)


def test_timers_remind_the_day_before_and_on_the_day_and_decide_after_grace() -> None:
    timers = promise_timers(a_promise(), RULES, "America/New_York", time(10))
    assert timers == (
        ("promise_day_before", at("2025-03-06 10:00", "America/New_York")),
        ("promise_day", at("2025-03-07 10:00", "America/New_York")),
        ("promise_check", at("2025-03-09 00:00", "Asia/Shanghai")),
    )


def test_a_reminder_that_would_precede_the_promise_is_left_out() -> None:
    promise = a_promise(made_at=at("2025-03-07 09:00"))
    kinds = [kind for kind, _ in promise_timers(promise, RULES, "Asia/Shanghai", time(10))]
    assert kinds == ["promise_day", "promise_check"]
    promise = a_promise(made_at=at("2025-03-07 10:00"))
    kinds = [kind for kind, _ in promise_timers(promise, RULES, "Asia/Shanghai", time(10))]
    assert kinds == ["promise_check"]


def test_a_reminder_of_a_promise_is_worth_sending_on_its_own_day_only() -> None:
    planned = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
    assert reminder_ends(planned, "Asia/Shanghai") == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    assert reminder_ends(planned, "America/New_York") == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
