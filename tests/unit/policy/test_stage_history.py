"""Which entry of the stage history a change calls for: one for each stay, none where a loan stays where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.loan import Loan
from bot.policy.ladder import Stage, classify
from bot.policy.stage_history import (
    AnchorChange,
    StageChange,
    change_of_loan,
    changes_of_day,
    changes_of_policy,
    conditional_due_dates,
    stage_change,
)
from bot.services.stage_entries import reason_of, stage_entries
from bot.services.writes import EnterStage
from tests.unit.policy.cases import DUE, a_loan, a_payment, at, cny, generic, programme

GENERIC = generic()
SECOND = DUE + timedelta(days=14)
TWO = (DUE, SECOND)


def change(before: Loan | None, after: Loan, on: date) -> StageChange | None:
    was = None if before is None else classify(before, on, GENERIC.ladder)
    return stage_change(was, classify(after, on, GENERIC.ladder), "payment")


def test_paying_the_oldest_part_enters_the_stage_of_the_next_at_once() -> None:
    paid = a_loan(TWO, payments=[a_payment("1200.00", DUE)])
    on = DUE + timedelta(days=16)
    assert change(a_loan(TWO), paid, on) == StageChange("mild", SECOND, on, "payment")


def test_a_payment_that_moves_nothing_enters_nothing() -> None:
    part = a_loan(TWO, payments=[a_payment("100.00", DUE)])
    assert change(a_loan(TWO), part, DUE + timedelta(days=16)) is None


def test_the_same_stage_of_another_part_is_another_stay() -> None:
    near = (DUE, DUE + timedelta(days=2))
    paid = a_loan(near, payments=[a_payment("1200.00", DUE)])
    on = DUE + timedelta(days=20)
    assert change(a_loan(near), paid, on) == StageChange("severe", near[1], on, "payment")


def test_a_loan_that_is_paid_off_leaves_its_stage() -> None:
    on = DUE + timedelta(days=5)
    assert change(a_loan(), a_loan(payments=[a_payment("1200.00", DUE)]), on) == StageChange(None, None, on, "payment")


def test_a_loan_in_no_stage_that_stays_so_enters_nothing() -> None:
    assert change(None, a_loan(), DUE - timedelta(days=20)) is None
    assert change(a_loan(), a_loan(payments=[a_payment("100.00", DUE)]), DUE - timedelta(days=20)) is None


def test_a_loan_never_seen_enters_the_stage_it_is_found_in() -> None:
    on = DUE + timedelta(days=100)
    assert change(None, a_loan(), on) == StageChange("late", DUE, on, "payment")


def test_money_enters_in_its_own_write_with_the_version_of_the_policy() -> None:
    now = at("2025-03-19 09:00")
    paid = a_loan(TWO, payments=[a_payment("1200.00", DUE)])
    assert stage_entries(a_loan(TWO), paid, GENERIC, now, "payment") == [
        EnterStage("L1", "mild", SECOND, date(2025, 3, 19), "payment", 1, now)
    ]
    assert stage_entries(a_loan(TWO), paid, None, now, "payment") == []


def test_the_day_is_the_lenders() -> None:
    late = at("2025-03-03 23:30", "America/New_York")  # already the day after in Shanghai
    [entry] = stage_entries(None, a_loan(), GENERIC, late, "import")
    assert (entry.stage, entry.entered_on) == ("mild", date(2025, 3, 4))


@pytest.mark.parametrize(
    ("amounts", "reason"), [(["10.00"], "payment"), (["-10.00"], "reversal"), (["10.00", "-10.00"], "payment")]
)
def test_money_that_only_goes_back_is_a_reversal(amounts: list[str], reason: str) -> None:
    assert reason_of([a_payment(amount, DUE, f"R{n}") for n, amount in enumerate(amounts)]) == reason


def test_a_day_changes_the_loans_whose_stage_begins_on_it() -> None:
    day = date(2025, 6, 1)
    found = {(day - c.anchor).days: c.stage for c in changes_of_day(GENERIC, day)}
    assert found == {-3: "upcoming", 0: "due", 1: "mild", 4: "moderate", 11: "severe", 31: "middle", 61: "late"}


@pytest.mark.parametrize("name", ["generic", "p2p", "fenqile", "xinerfu", "jiebei", "huabei"])
def test_the_days_that_change_a_stage_are_all_found(name: str) -> None:
    shipped = programme(name)
    for days in range(-40, 120):
        day = DUE + timedelta(days=days)
        single = change_of_loan(shipped, a_loan(), day)
        found = [c for c in changes_of_day(shipped, day) if c.anchor == DUE]
        assert [c.stage for c in found] == ([] if single is None else [single.stage])


def test_loans_in_reach_of_a_condition_are_left_to_be_looked_at_one_by_one() -> None:
    heavy = Stage("heavy", 4, 20, "firm", least_past_due={"CNY": cny("2000.00")})
    ladder = replace(GENERIC.ladder, stages=(heavy, *GENERIC.ladder.stages))
    by = replace(GENERIC, ladder=ladder)
    day = DUE + timedelta(days=18)
    assert [(day - anchor).days for anchor in conditional_due_dates(by, day)] == list(range(4, 22))
    assert {(day - c.anchor).days for c in changes_of_day(by, day)} == {-3, 0, 1, 31, 61}
    # The second instalment falls due, and what is past due reaches the least amount a day later.
    assert change_of_loan(by, a_loan((DUE, DUE + timedelta(days=17))), day) == StageChange(
        "heavy", DUE, day, "day_passed"
    )


def test_another_ladder_changes_the_loans_that_it_puts_elsewhere() -> None:
    stages = tuple(
        replace(s, first=2) if s.stage_id == "mild" else replace(s, last=1) if s.stage_id == "due" else s
        for s in GENERIC.ladder.stages
    )
    new = replace(GENERIC, version=2, ladder=replace(GENERIC.ladder, stages=stages))
    today = date(2025, 6, 1)
    expected = AnchorChange(today - timedelta(days=1), "due", today, "policy_changed")
    assert list(changes_of_policy(GENERIC, new, today)) == [expected]
    assert list(changes_of_policy(GENERIC, GENERIC, today)) == []
