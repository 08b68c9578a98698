"""A mandatory notice cannot be skipped: it is owed from its day on, whatever stage follows, and goes before later touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.calendar import local_day
from bot.domain.loan import Loan
from bot.domain.situation import Contact
from bot.policy.contact import Withheld
from bot.policy.ladder import Stage, classify
from bot.policy.programme import Programme
from bot.policy.reminder_policy import StageReminders
from bot.policy.reminders import ReminderPlan, candidate_due_dates, is_mandatory, owed_before, plan_reminders, still_due
from tests.unit.policy.cases import DUE, a_contact, a_loan, a_payment, at, cny, programme

SHANGHAI = "Asia/Shanghai"
P2P = programme("p2p")


def plan(loan: Loan, day: int, history: Iterable[Contact] = (), by: Programme = P2P) -> ReminderPlan:
    now = at(f"{DUE + timedelta(days=day)} 00:05")
    found = classify(loan, local_day(now, by.timezone), by.ladder)
    return plan_reminders(loan, found, history, by, SHANGHAI, now)


def rules(found: ReminderPlan) -> list[str]:
    return [due.rule for due in found.due]


def test_on_its_day_a_mandatory_notice_is_planned_like_any_other() -> None:
    [due] = plan(a_loan(), 1).due
    assert (due.rule, due.at, due.catch_up) == ("warning.d1", at("2025-03-04 10:00"), False)


def test_a_mandatory_notice_is_made_up_for_however_late_in_its_stage_and_before_later_stages() -> None:
    assert rules(plan(a_loan(), 3)) == ["warning.d1"]
    assert rules(plan(a_loan(), 4)) == ["warning.d1"]
    assert rules(plan(a_loan(), 5)) == ["warning.d1", "reminder.d5"]


def test_a_loan_that_comes_into_the_book_long_overdue_still_gets_its_first_notice() -> None:
    found = plan(a_loan(), 200)
    assert rules(found) == ["warning.d1"]
    assert found.due[0].catch_up


def test_after_a_year_it_is_too_late_for_a_first_notice() -> None:
    assert rules(plan(a_loan(), 367)) == ["warning.d1"]
    assert plan(a_loan(), 368).due == ()


def test_a_notice_that_was_made_is_not_owed() -> None:
    history = [a_contact(at("2025-03-04 10:00"), rule="warning.d1")]
    assert rules(plan(a_loan(), 5, history)) == ["reminder.d5"]


def test_after_a_part_payment_the_ladder_does_not_skip_its_warning_stage() -> None:
    # The first instalment is paid 16 days late, when the second is 12 days past due: the loan goes straight from one day of
    # the telephone stage to another. Its second debt was never warned of, so the warning comes first.
    second = DUE + timedelta(days=4)
    paid = a_loan([DUE, second], payments=[a_payment("1200.00", DUE + timedelta(days=16))])
    history = [a_contact(at("2025-03-04 10:00"), rule="warning.d1")]
    assert classify(paid, DUE + timedelta(days=16), P2P.ladder).stage == "phone"
    found = plan(paid, 16, history)
    assert [(due.rule, due.anchor) for due in found.due] == [("warning.d1", second)]


def test_every_mandatory_notice_on_the_way_is_owed_in_the_order_of_time() -> None:
    stages = tuple(replace(s, mandatory=s.stage_id in ("warning", "reminder")) for s in P2P.reminders.stages)
    both = replace(P2P, reminders=replace(P2P.reminders, stages=stages))
    assert rules(plan(a_loan(), 12, by=both)) == ["warning.d1", "reminder.d5", "reminder.d8"]


def test_a_stage_that_the_loan_never_reached_owes_nothing() -> None:
    heavy = Stage("heavy", 1, None, "firm", least_past_due={"CNY": cny("5000.00")})
    ladder = replace(P2P.ladder, stages=(heavy, *P2P.ladder.stages))
    touches = (*P2P.reminders.stages, StageReminders("heavy", None, (1,), mandatory=True))
    by = replace(P2P, ladder=ladder, reminders=replace(P2P.reminders, stages=touches))
    assert rules(plan(a_loan(), 2, by=by)) == ["warning.d1"]
    assert rules(plan(a_loan(amount="6000.00"), 2, by=by)) == ["heavy.d1"]


@pytest.mark.parametrize("day", [1, 3, 4, 30, 120, 367])
def test_every_day_on_which_a_notice_is_owed_finds_the_loan(day: int) -> None:
    assert DUE in candidate_due_dates(P2P, DUE + timedelta(days=day))


def test_a_planned_notice_holds_in_every_later_stage_until_the_debt_is_over() -> None:
    assert still_due(a_loan(), "warning", DUE, P2P, SHANGHAI, at("2025-06-10 10:00"), "warning.d1") is None
    paid = a_loan(payments=[a_payment("1200.00", DUE)])
    assert still_due(paid, "warning", DUE, P2P, SHANGHAI, at("2025-06-10 10:00")) == Withheld("paid")


def test_a_planned_notice_does_not_hold_before_its_stage() -> None:
    answer = still_due(a_loan(), "warning", DUE, P2P, SHANGHAI, at("2025-03-03 10:00"))
    assert answer == Withheld("stage_over", (("stage", "due"),))


@pytest.mark.parametrize(
    ("rule", "waiting", "first"),
    [
        ("reminder.d5", ["warning.d1"], "warning.d1"),
        ("reminder.d5", ["reminder.d8"], None),
        ("due.d0", ["warning.d1"], None),
        ("warning.d1", ["warning.d1"], None),
        ("promise_day", ["warning.d1"], None),
        ("reminder.d5", [], None),
    ],
)
def test_a_reminder_waits_for_the_mandatory_notice_of_an_earlier_day(
    rule: str, waiting: list[str], first: str | None
) -> None:
    assert owed_before(rule, waiting, P2P) == first


def test_which_stages_have_mandatory_notices() -> None:
    assert [s.stage_id for s in P2P.ladder.stages if is_mandatory(s.stage_id, P2P)] == ["warning"]
    assert not is_mandatory(None, P2P)


def test_touches_of_bands_are_all_planned_and_decided_when_due() -> None:
    xinerfu = programme("xinerfu")
    made = [a_contact(at("2025-03-14 10:00"), rule="severe.d11")]
    assert rules(plan(a_loan(), 18, made, xinerfu)) == ["severe.d18"]
    now = at("2025-03-21 10:00")
    assert still_due(a_loan(), "severe", DUE, xinerfu, SHANGHAI, now, "severe.d18", "high") is None
    answer = still_due(a_loan(), "severe", DUE, xinerfu, SHANGHAI, now, "severe.d18", "low")
    assert answer == Withheld("other_band", (("band", "low"),))


def test_of_two_bands_the_latest_missed_touch_of_each_is_planned_and_one_goes() -> None:
    xinerfu = programme("xinerfu")
    found = plan(a_loan(), 34, by=xinerfu)  # days 11 to 32 were missed; band low follows 11 and 25 only
    assert rules(found) == ["severe.d32"]
    assert [(w.rule, w.reason) for w in found.withheld] == [
        ("severe.d11", "superseded"),
        ("severe.d18", "superseded"),
        ("severe.d25", "too_late"),
    ]
    now = at("2025-03-31 10:00")  # day 28, where day 25 was missed
    assert rules(plan(a_loan(), 28, by=xinerfu)) == ["severe.d25"]
    assert still_due(a_loan(), "severe", DUE, xinerfu, SHANGHAI, now, "severe.d25", "low") is None
    late = at("2025-04-04 10:00")  # day 32
    answer = still_due(a_loan(), "severe", DUE, xinerfu, SHANGHAI, late, "severe.d25", "high")
    assert answer == Withheld("superseded", (("day", "25"), ("by_day", "32")))


def test_tasks_are_planned_on_their_days_and_never_as_messages() -> None:
    found = plan(a_loan(), 11, [a_contact(at("2025-03-04 10:00"), rule="warning.d1")])
    assert found.due == ()
    [task] = found.tasks
    assert (task.rule, task.medium, task.stage, task.at) == ("phone.call.d11", "call", "phone", at("2025-03-14 10:00"))
    assert task.key == "L1:phone.call.d11:2025-03-03:1"


def test_the_days_of_tasks_find_their_loans() -> None:
    days = [(date(2025, 6, 1) - day).days for day in candidate_due_dates(programme("xinerfu"), date(2025, 6, 1))]
    assert {14, 15, 21} <= set(days)
