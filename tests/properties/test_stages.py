"""Properties of stages, for every shipped programme: a function of the facts alone, one stage a day, notices never skipped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import instant_of
from bot.domain.situation import Contact
from bot.policy.ladder import classify
from bot.policy.reminders import candidate_due_dates, owed_before, plan_reminders
from bot.policy.stage_history import stage_change
from tests.unit.policy.cases import a_contact, a_loan, a_payment, programme

NAMES = ("generic", "p2p", "fenqile", "xinerfu", "jiebei", "huabei")
FIRST = date(2026, 3, 1)
days = st.integers(-30, 120).map(lambda n: FIRST + timedelta(days=n))
dues = st.lists(days, min_size=1, max_size=5, unique=True).map(sorted)


@pytest.mark.parametrize("name", NAMES)
def test_every_day_from_three_before_the_due_date_on_has_exactly_one_stage(name: str) -> None:
    ladder = programme(name).ladder
    for day in range(-3, 401):
        holding = [stage.stage_id for stage in ladder.stages if stage.covers(day)]
        assert len(holding) == 1, (day, holding)
        assert classify(a_loan(FIRST), FIRST + timedelta(days=day), ladder).stage == holding[0]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(NAMES), dues, days, st.lists(st.tuples(days, st.integers(1, 2400)), max_size=4))
def test_a_payment_never_makes_a_debt_older_or_its_stage_more_severe(
    name: str, parts: list[date], today: date, paid: list[tuple[date, int]]
) -> None:
    ladder = programme(name).ladder
    order = [None, *reversed([stage.stage_id for stage in ladder.stages])]
    payments = [a_payment(str(amount), on, f"R{n}") for n, (on, amount) in enumerate(paid)]
    found = [classify(a_loan(parts, payments=payments[:n]), today, ladder) for n in range(len(payments) + 1)]
    for before, after in pairwise(found):
        assert after.days_past_due <= before.days_past_due
        assert order.index(after.stage) <= order.index(before.stage)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(NAMES), dues, days, st.randoms(use_true_random=False))
def test_a_stage_does_not_depend_on_the_way_to_it(name: str, parts: list[date], today: date, random: Random) -> None:
    # Back-dated, reversed and posted in any order: what counts is what is unpaid today.
    ladder = programme(name).ladder
    payments = [
        a_payment("700.00", parts[0], "R1"),
        a_payment("1900.00", today, "R2"),
        a_payment("-700.00", today, "R3", "R1"),
        a_payment("300.00", parts[0] - timedelta(days=9), "R4"),
    ]
    straight = classify(a_loan(parts, payments=[a_payment("2200.00", today)]), today, ladder)
    random.shuffle(payments)
    assert classify(a_loan(parts, payments=payments), today, ladder) == straight


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(NAMES), dues, st.lists(st.tuples(days, st.integers(1, 2400)), max_size=4))
def test_the_history_read_to_its_end_names_the_stage_of_the_facts(
    name: str, parts: list[date], paid: list[tuple[date, int]]
) -> None:
    ladder = programme(name).ladder
    payments = [a_payment(str(amount), on, f"R{n}") for n, (on, amount) in enumerate(paid)]
    found, stands = None, (None, None)
    for n in range(-40, 130):
        today = FIRST + timedelta(days=n)
        now = classify(a_loan(parts, payments=[p for p in payments if p.paid_on <= today]), today, ladder)
        entry = stage_change(found, now, "day_passed")
        stands = stands if entry is None else (entry.stage, entry.anchor)
        assert stands == (now.stage, now.anchor if now.stage else None)
        found = now


@settings(deadline=None, max_examples=40)
@given(
    due=days,
    seen=st.integers(-10, 300),
    off=st.sets(st.integers(0, 60), max_size=50),
    held=st.sets(st.integers(0, 60), max_size=50),
)
def test_no_downtime_hold_or_late_import_skips_a_mandatory_notice(
    due: date, seen: int, off: set[int], held: set[int]
) -> None:
    """A loan comes into the book on day `seen`; on days `off` nothing runs, on days `held` nothing may go; one message a day."""
    p2p, loan = programme("p2p"), a_loan(due)
    sent: list[str] = []
    history: list[Contact] = []
    waiting: dict[str, None] = {}
    for n in range(75):
        today = due + timedelta(days=seen + n)
        now: datetime = instant_of(today, time(0, 5), p2p.timezone)
        if n not in off and due in candidate_due_dates(p2p, today):
            plan = plan_reminders(loan, classify(loan, today, p2p.ladder), history, p2p, None, now)
            waiting |= dict.fromkeys(reminder.rule for reminder in plan.due)
        ready = [rule for rule in waiting if owed_before(rule, waiting, p2p) is None]
        if ready and n not in off and n not in held:
            del waiting[ready[0]]
            sent.append(ready[0])
            history.append(a_contact(now + timedelta(hours=10), rule=ready[0]))
    late = [rule for rule in sent if rule.startswith(("warning", "reminder"))]
    assert late[:1] == ["warning.d1"]
    assert late.count("warning.d1") == 1
