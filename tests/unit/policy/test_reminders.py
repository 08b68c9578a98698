"""Which reminder a day brings: reckoned from the due date, made once, made up for once, never for a stage that is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.calendar import local_day
from bot.domain.loan import Loan
from bot.domain.situation import Contact
from bot.policy.contact import Withheld
from bot.policy.explain import explain
from bot.policy.ladder import Stage, classify
from bot.policy.programme import Programme
from bot.policy.reminder_policy import StageReminders
from bot.policy.reminders import (
    ReminderPlan,
    candidate_due_dates,
    next_touch_after,
    plan_reminders,
    still_due,
    touches_ahead,
    unreached_task,
)
from tests.unit.policy.cases import DUE, a_contact, a_loan, a_payment, at, cny, generic

SHANGHAI = "Asia/Shanghai"


def plan(
    loan: Loan,
    now: datetime,
    history: Iterable[Contact] = (),
    programme: Programme | None = None,
    zone: str | None = SHANGHAI,
) -> ReminderPlan:
    programme = programme or generic()
    delinquency = classify(loan, local_day(now, programme.timezone), programme.ladder)
    return plan_reminders(loan, delinquency, history, programme, zone, now)


def test_the_reminder_of_the_due_date_comes_at_the_programmes_hour_for_the_borrower() -> None:
    [due] = plan(a_loan(), at("2025-03-03 00:05")).due
    assert (due.rule, due.stage, due.anchor, due.attempt) == ("due.d0", "due", DUE, 1)
    assert due.at == at("2025-03-03 10:00")
    assert due.not_after == at("2025-03-04 00:00")
    assert due.key == "L1:due.d0:2025-03-03:1"
    assert not due.catch_up
    assert explain(due) == "Its day has come: due.d0, counted from the due date 2025-03-03."


def test_the_hour_is_the_borrowers_not_the_lenders() -> None:
    [due] = plan(a_loan(), at("2025-03-03 00:05"), zone="America/New_York").due
    assert due.at == at("2025-03-03 10:00", "America/New_York")
    assert due.not_after == at("2025-03-04 00:00", "America/New_York")


def test_without_a_known_zone_the_lenders_is_planned_with() -> None:
    [due] = plan(a_loan(), at("2025-03-03 00:05"), zone=None).due
    assert due.at == at("2025-03-03 10:00")


def test_loans_of_one_borrower_due_the_same_day_have_a_reminder_each() -> None:
    now = at("2025-03-03 00:05")
    [one], [other] = plan(a_loan(), now).due, plan(a_loan(loan_id="L2"), now).due
    assert (one.key, other.key) == ("L1:due.d0:2025-03-03:1", "L2:due.d0:2025-03-03:1")


def test_a_day_of_the_ladder_without_a_touch_brings_nothing() -> None:
    history = [a_contact(at("2025-03-04 10:00"), rule="mild.d1")]
    assert plan(a_loan(), at("2025-03-05 00:05"), history) == ReminderPlan()


def test_before_the_ladder_begins_nothing_is_planned() -> None:
    assert plan(a_loan(), at("2025-02-20 00:05")) == ReminderPlan()


def test_a_stage_before_its_first_touch_brings_nothing() -> None:
    assert plan(a_loan(), at("2025-03-07 00:05")) == ReminderPlan()


def test_a_reminder_that_was_made_is_not_planned_again() -> None:
    history = [a_contact(at("2025-03-03 10:00"), rule="due.d0")]
    assert plan(a_loan(), at("2025-03-03 18:00"), history) == ReminderPlan()


@pytest.mark.parametrize(
    "contact",
    [
        a_contact(at("2025-03-03 10:00"), rule="due.d0", loan_id="L2"),
        a_contact(at("2025-02-03 10:00"), rule="due.d0"),
        a_contact(at("2025-03-03 10:00"), rule="promise_day"),
    ],
    ids=["another loan", "an older instalment", "another rule"],
)
def test_another_contact_does_not_stand_for_the_reminder(contact: Contact) -> None:
    assert len(plan(a_loan(), at("2025-03-03 10:30"), [contact]).due) == 1


def test_a_merged_message_stands_for_every_loan() -> None:
    history = [a_contact(at("2025-03-03 10:00"), rule="due.d0", loan_id=None)]
    assert plan(a_loan(), at("2025-03-03 18:00"), history) == ReminderPlan()


def test_planned_late_on_its_day_it_goes_at_once() -> None:
    now = at("2025-03-03 15:00")
    [due] = plan(a_loan(), now).due
    assert due.at == now


def test_a_missed_touch_is_made_up_for_once_while_its_stage_holds() -> None:
    now = at("2025-03-09 12:00")  # day 6; day 5 was missed
    [due] = plan(a_loan(), now).due
    assert (due.rule, due.at, due.catch_up) == ("moderate.d5", now, True)
    assert due.not_after == at("2025-03-14 00:00")
    assert explain(due) == "Its day passed while nothing was sent: moderate.d5, counted from the due date 2025-03-03."
    assert plan(a_loan(), now, [a_contact(now, rule="moderate.d5")]) == ReminderPlan()


def test_of_several_missed_touches_only_the_latest_is_made_up_for() -> None:
    found = plan(a_loan(), at("2025-03-25 12:00"))  # day 22; days 11, 15 and 20 were missed
    assert [d.rule for d in found.due] == ["severe.d20"]
    assert [(w.rule, w.reason) for w in found.withheld] == [("severe.d11", "superseded"), ("severe.d15", "superseded")]
    assert explain(found.withheld[0]) == "Day 11 of the ladder has passed; the reminder of day 20 takes its place."


def test_a_touch_before_one_that_was_made_is_no_longer_open() -> None:
    history = [a_contact(at("2025-03-18 10:00"), rule="severe.d15")]
    found = plan(a_loan(), at("2025-03-23 08:00"), history)
    assert [d.rule for d in found.due] == ["severe.d20"]
    assert found.withheld == ()


def test_a_missed_touch_whose_stage_is_over_is_never_made_up_for() -> None:
    assert plan(a_loan(), at("2025-03-07 08:00")).due == ()  # day 4, moderate; mild.d1 was missed


def test_a_touch_missed_by_more_than_the_catch_up_days_is_let_go() -> None:
    found = plan(a_loan(), at("2025-05-12 08:00"))  # day 70; late.d61 was missed nine days ago
    assert found.due == ()
    assert [(w.rule, w.reason) for w in found.withheld] == [("late.d61", "too_late")]


def test_part_payment_does_not_skip_a_stage() -> None:
    # The loan is severe when the first instalment is paid; the second is one day late. Counting on from the last check
    # would meet the loan next in its moderate stage; reckoned from the due date every stage comes.
    second = DUE + timedelta(days=14)
    before, after = a_loan([DUE, second]), a_loan([DUE, second], payments=[a_payment("1200.00", second)])
    history: list[Contact] = []
    seen = []
    for day in range(40):
        now = at("2025-02-28 10:00") + timedelta(days=day)
        loan = after if local_day(now, SHANGHAI) > second else before
        for due in plan(loan, now, history).due:
            seen.append((local_day(now, SHANGHAI), due.rule))
            history.append(a_contact(now, rule=due.rule))
    assert seen == [
        (date(2025, 2, 28), "upcoming.d-3"),
        (date(2025, 3, 3), "due.d0"),
        (date(2025, 3, 4), "mild.d1"),
        (date(2025, 3, 8), "moderate.d5"),
        (date(2025, 3, 11), "moderate.d8"),
        (date(2025, 3, 14), "severe.d11"),
        (date(2025, 3, 18), "mild.d1"),
        (date(2025, 3, 22), "moderate.d5"),
        (date(2025, 3, 25), "moderate.d8"),
        (date(2025, 3, 28), "severe.d11"),
        (date(2025, 4, 1), "severe.d15"),
        (date(2025, 4, 6), "severe.d20"),
    ]


def test_a_planned_reminder_still_holds_on_its_day() -> None:
    assert still_due(a_loan(), "due", DUE, generic(), SHANGHAI, at("2025-03-03 10:00")) is None


def test_a_planned_reminder_falls_when_the_debt_is_paid() -> None:
    loan = a_loan(payments=[a_payment("1200.00", DUE)])
    assert still_due(loan, "due", DUE, generic(), SHANGHAI, at("2025-03-03 10:00")) == Withheld("paid")


def test_a_planned_reminder_falls_when_another_instalment_became_the_oldest() -> None:
    loan = a_loan([DUE, date(2025, 4, 3)], payments=[a_payment("1200.00", DUE)])
    answer = still_due(loan, "due", DUE, generic(), SHANGHAI, at("2025-03-03 10:00"))
    assert answer == Withheld("anchor_moved", (("anchor", "2025-04-03"),))


def test_a_planned_reminder_falls_when_its_stage_is_over() -> None:
    answer = still_due(a_loan(), "due", DUE, generic(), SHANGHAI, at("2025-03-04 00:00"))
    assert answer == Withheld("stage_over", (("stage", "mild"),))


def test_a_planned_reminder_falls_before_the_ladder_begins() -> None:
    answer = still_due(a_loan(), "upcoming", DUE, generic(), None, at("2025-02-20 10:00"))
    assert answer == Withheld("stage_over", (("stage", "none"),))


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati"])
def test_the_due_date_reminder_holds_at_ten_wherever_the_borrower_lives(zone: str) -> None:
    [due] = plan(a_loan(), at("2025-03-03 00:05"), zone=zone).due
    assert still_due(a_loan(), "due", DUE, generic(), zone, due.at) is None


def test_next_touch_is_the_first_after_now() -> None:
    following = next_touch_after(a_loan(), generic(), SHANGHAI, at("2025-03-04 10:00"))
    assert following is not None
    assert (following.rule, following.at) == ("moderate.d5", at("2025-03-08 10:00"))


def test_touches_ahead_end_with_the_ladder() -> None:
    rules = [touch.rule for touch in touches_ahead(a_loan(), generic(), None, at("2025-04-20 10:00"))]
    assert rules == ["middle.d50", "middle.d60", "late.d61", "late.d75", "late.d90"]


def test_a_paid_loan_has_no_touch_ahead() -> None:
    loan = a_loan(payments=[a_payment("1200.00", DUE)])
    assert next_touch_after(loan, generic(), SHANGHAI, at("2025-03-01 10:00")) is None


def test_touches_of_stages_that_the_loan_does_not_reach_are_not_ahead() -> None:
    programme = generic()
    stages = tuple(
        replace(s, least_past_due={"CNY": cny("5000.00")}) if s.stage_id == "late" else s
        for s in programme.ladder.stages
    )
    programme = replace(programme, ladder=replace(programme.ladder, stages=stages))
    rules = [touch.rule for touch in touches_ahead(a_loan(), programme, None, at("2025-04-30 10:00"))]
    assert rules == ["middle.d60"]


def test_touches_ahead_are_in_the_order_of_time_where_stages_overlap() -> None:
    programme = generic()
    heavy = Stage("heavy", 2, None, "firm", least_past_due={"CNY": cny("2000.00")})
    ladder = replace(programme.ladder, stages=(heavy, *programme.ladder.stages))
    stages = (StageReminders("heavy", None, (2, 40, 100)), *programme.reminders.stages)
    programme = replace(programme, ladder=ladder, reminders=replace(programme.reminders, stages=stages))
    loan = a_loan([DUE, DUE + timedelta(days=30)])
    rules = [touch.rule for touch in touches_ahead(loan, programme, None, at("2025-03-23 12:00"))]
    assert rules == ["severe.d25", "severe.d30", "heavy.d40", "heavy.d100"]


def test_candidate_due_dates_name_every_day_with_a_touch_or_a_catch_up() -> None:
    programme = generic()
    stages = tuple(s for s in programme.reminders.stages if s.stage_id in ("upcoming", "due", "moderate", "late"))
    programme = replace(programme, reminders=replace(programme.reminders, stages=stages, catch_up_days=2))
    days = [(date(2025, 6, 1) - day).days for day in candidate_due_dates(programme, date(2025, 6, 1))]
    assert days == [-3, -2, -1, 0, 5, 6, 7, 8, 9, 10, 61, 62, 63, 75, 76, 77, 90, 91, 92, 93]


@pytest.mark.parametrize("day", range(-10, 110))
def test_candidates_are_exactly_the_loans_with_a_plan(day: int) -> None:
    today = DUE + timedelta(days=day)
    planned = plan(a_loan(), at(f"{today} 00:05"))
    assert (DUE in candidate_due_dates(generic(), today)) == bool(planned.due or planned.tasks)


@pytest.mark.parametrize(
    ("stage", "reason", "task"),
    [
        ("moderate", "no_address", False),
        ("severe", "no_address", True),
        ("late", "unproven", True),
        ("severe", "blocked", True),
        ("severe", "stop", False),
        ("unheard_of", "blocked", False),
    ],
)
def test_an_unreachable_borrower_becomes_a_task_from_the_named_stage_on(stage: str, reason: str, task: bool) -> None:
    assert unreached_task(generic(), stage, reason) is task


def test_no_task_where_the_programme_names_no_stage() -> None:
    programme = generic()
    programme = replace(programme, reminders=replace(programme.reminders, unreachable_task_from=None))
    assert not unreached_task(programme, "late", "blocked")


def test_the_hour_is_ten() -> None:
    assert generic().reminders.hour == time(10)
