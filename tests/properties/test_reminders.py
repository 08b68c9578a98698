"""Properties of the ladder and its reminders: a year is simulated in many zones, with payments and nights without the program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import instant_of, local_day
from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Loan, Payment
from bot.domain.situation import Contact
from bot.policy.contact import Allowed, ContactPolicy, DeferredUntil, may_contact
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import PlannedReminder, candidate_due_dates, next_touch_after, plan_reminders, still_due
from tests.unit.policy.cases import a_contact, a_loan, a_payment, a_situation, contact_policy, generic

YEAR_ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "America/Los_Angeles",
    "America/Havana",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
]
FIRST = date(2026, 1, 1)
GLOBAL = contact_policy("GLOBAL")
#: Nothing but the ladder decides: every hour is open, nothing is capped.
OPEN = replace(
    GLOBAL,
    windows=tuple(replace(w, days=frozenset(range(7)), opens=0, closes=1440) for w in GLOBAL.windows),
    holidays=(),
    caps=(),
    min_gap=replace(GLOBAL.min_gap, hours=0),
)


@dataclass
class Year:
    """One borrower's year as the shell runs it: a plan each morning, timers with unique keys, the gate at each timer."""

    loan: Loan
    programme: Programme
    policy: ContactPolicy
    zone: str
    payments: list[Payment] = field(default_factory=list)
    off: frozenset[date] = frozenset()  # lender's days on which the program does not run
    holds: tuple[Hold, ...] = ()
    sent: list[tuple[datetime, PlannedReminder]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    waiting: list[tuple[datetime, PlannedReminder]] = field(default_factory=list)

    def run(self, days: int = 365) -> Year:
        for n in range(days):
            day = FIRST + timedelta(days=n)
            morning = instant_of(day, time(0, 5), self.programme.timezone)
            evening = instant_of(day + timedelta(days=1), time(0, 5), self.programme.timezone)
            if day not in self.off:
                self.plan(day, morning)
                self.fire(evening)
        return self

    def as_of(self, day: date) -> Loan:
        paid = [p for p in self.payments if p.paid_on <= day]
        return a_loan([i.due_on for i in self.loan.instalments], payments=paid)

    def plan(self, day: date, now: datetime) -> None:
        loan = self.as_of(day)
        anchor = loan.oldest_unpaid
        if anchor is None or anchor.due_on not in candidate_due_dates(self.programme, day):
            return
        delinquency = classify(loan, day, self.programme.ladder)
        for due in plan_reminders(loan, delinquency, self.contacts[-30:], self.programme, self.zone, now).due:
            if due.key not in self.keys:
                self.keys.add(due.key)
                self.waiting.append((max(due.at, now), due))

    def fire(self, until: datetime) -> None:
        while ready := sorted((w for w in self.waiting if w[0] < until), key=lambda w: w[0])[:1]:
            [(now, due)] = ready
            self.waiting.remove(ready[0])
            loan = self.as_of(local_day(now, self.programme.timezone))
            if still_due(loan, due.stage, due.anchor, self.programme, self.zone, now) is not None:
                continue
            situation = a_situation(now, loans=(loan,), timezone=self.zone, contacts=tuple(self.contacts[-30:]))
            situation = replace(situation, holds=self.holds)
            answer = may_contact(situation, "L1", self.policy, now, MessageKind.REMINDER, not_after=due.not_after)
            if isinstance(answer, Allowed):
                self.sent.append((now, due))
                self.contacts.append(a_contact(now, rule=due.rule))
            elif isinstance(answer, DeferredUntil):
                self.waiting.append((answer.until, due))


def monthly(count: int = 12) -> Loan:
    return a_loan([date(2026, month, 10) for month in range(1, count + 1)])


@pytest.mark.parametrize("zone", YEAR_ZONES)
def test_every_touch_of_a_year_is_made_once_at_the_hour_whatever_the_clocks_do(zone: str) -> None:
    year = Year(a_loan(date(2026, 3, 20)), generic(), OPEN, zone).run()
    days = [((local_day(now, zone) - date(2026, 3, 20)).days, due.rule) for now, due in year.sent]
    assert days == [
        (-3, "upcoming.d-3"),
        (0, "due.d0"),
        (1, "mild.d1"),
        (5, "moderate.d5"),
        (8, "moderate.d8"),
        (11, "severe.d11"),
        (15, "severe.d15"),
        (20, "severe.d20"),
        (25, "severe.d25"),
        (30, "severe.d30"),
        (35, "middle.d35"),
        (42, "middle.d42"),
        (50, "middle.d50"),
        (60, "middle.d60"),
        (61, "late.d61"),
        (75, "late.d75"),
        (90, "late.d90"),
    ]


@pytest.mark.parametrize("zone", YEAR_ZONES)
def test_each_instalment_paid_on_time_brings_its_reminders_and_no_more(zone: str) -> None:
    paid = [a_payment("1200.00", date(2026, month, 10), f"R{month}") for month in range(1, 13)]
    year = Year(monthly(), generic(), OPEN, zone, payments=paid).run()
    assert [due.rule for _, due in year.sent] == ["upcoming.d-3"] * 12


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("zone", YEAR_ZONES)
def test_a_year_with_payments_and_downtime_keeps_hours_caps_and_once(zone: str, seed: int) -> None:
    random = Random(f"{zone} {seed}")
    paid = [
        a_payment(
            str(random.choice(["300.00", "600.00", "1200.00"])), FIRST + timedelta(days=random.randrange(365)), f"R{n}"
        )
        for n in range(random.randrange(12))
    ]
    off: set[date] = set()
    for _ in range(6):
        start = random.randrange(360)
        off |= {FIRST + timedelta(days=start + n) for n in range(random.randrange(1, 12))}
    year = Year(monthly(), generic(), GLOBAL, zone, payments=paid, off=frozenset(off)).run()
    moments = [now for now, _ in year.sent]
    assert moments
    assert len({due.key for _, due in year.sent}) == len(year.sent)
    for now, due in year.sent:
        local = now.astimezone(ZoneInfo(zone))
        assert local.weekday() < 5
        assert 9 <= local.hour < 18
        assert now < due.not_after
    for n, now in enumerate(moments):
        assert sum(now - timedelta(days=7) < other <= now for other in moments[: n + 1]) <= 3
        assert n == 0 or now - moments[n - 1] >= timedelta(hours=20)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 100), st.integers(1, 40), st.sampled_from(YEAR_ZONES), st.sampled_from(list(HoldKind)))
def test_a_pause_takes_out_the_messages_of_its_time_and_moves_no_other(
    after: int, length: int, zone: str, kind: HoldKind
) -> None:
    """Days count from the due date, so resuming is where the ladder is by then: nothing is shifted, nothing made up for."""
    due = date(2026, 3, 20)
    begin = instant_of(due + timedelta(days=after - 10), time(9, 59), zone)
    end = begin + timedelta(days=length)
    pause = Hold("H1", kind, "B1", "L1", begin, end, "borrower", "said so")
    without = Year(a_loan(due), generic(), OPEN, zone).run(200)
    paused = Year(a_loan(due), generic(), OPEN, zone, holds=(pause,)).run(200)
    assert [(now, reminder.rule) for now, reminder in paused.sent] == [
        (now, reminder.rule) for now, reminder in without.sent if not begin <= now < end
    ]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 90), st.sampled_from(YEAR_ZONES))
def test_another_due_date_shifts_the_whole_ladder_by_as_many_days(days_later: int, zone: str) -> None:
    due, shift = date(2026, 3, 20), timedelta(days=days_later)
    first = Year(a_loan(due), generic(), OPEN, zone).run(300)
    second = Year(a_loan(due + shift), generic(), OPEN, zone).run(300)
    assert [(local_day(now, zone) + shift, reminder.rule) for now, reminder in first.sent] == [
        (local_day(now, zone), reminder.rule) for now, reminder in second.sent
    ]


days = st.integers(-30, 120).map(lambda n: date(2026, 3, 1) + timedelta(days=n))


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=4, unique=True).map(sorted), days, st.sampled_from(YEAR_ZONES))
def test_a_loan_has_a_plan_only_if_its_due_date_is_a_candidate(dues: list[date], today: date, zone: str) -> None:
    loan, programme = a_loan(dues), generic()
    now = instant_of(today, time(0, 5), programme.timezone)
    plan = plan_reminders(loan, classify(loan, today, programme.ladder), (), programme, zone, now)
    assert bool(plan.due or plan.tasks) == (dues[0] in candidate_due_dates(programme, today))
    assert len(plan.due) <= 1


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=4, unique=True).map(sorted), days, st.randoms(use_true_random=False))
def test_the_order_of_payments_and_of_history_means_nothing(dues: list[date], today: date, random: Random) -> None:
    programme = generic()
    payments = [
        a_payment("700.00", dues[0], "R1"),
        a_payment("900.00", dues[0], "R2"),
        a_payment("-700.00", today, "R3", "R1"),
    ]
    now = instant_of(today, time(12), programme.timezone)
    history = [
        a_contact(now - timedelta(days=n), rule=rule) for n, rule in enumerate(["severe.d11", "mild.d1", "due.d0"])
    ]
    plans = []
    for _ in range(3):
        random.shuffle(payments)
        random.shuffle(history)
        loan = a_loan(dues, payments=payments)
        plans.append(plan_reminders(loan, classify(loan, today, programme.ladder), history, programme, None, now))
    assert plans[0] == plans[1] == plans[2]


@settings(deadline=None)
@given(days, st.integers(0, 130), st.sampled_from(YEAR_ZONES))
def test_the_next_touch_is_what_the_plan_of_its_day_brings(due: date, after: int, zone: str) -> None:
    loan, programme = a_loan(due), generic()
    now = instant_of(due - timedelta(days=10) + timedelta(days=after), time(12), zone)
    following = next_touch_after(loan, programme, zone, now)
    if following is not None:
        day = local_day(following.at, zone)
        morning = instant_of(day, time(0), zone)
        plan = plan_reminders(loan, classify(loan, day, programme.ladder), (), programme, zone, morning)
        assert [due.key for due in plan.due] == [following.key]
        assert plan.due[0].at == following.at


@settings(deadline=None)
@given(st.lists(days, min_size=2, max_size=5, unique=True).map(sorted), days, st.integers(1, 5))
def test_paying_never_makes_a_debt_look_older(dues: list[date], today: date, count: int) -> None:
    ladder = generic().ladder
    order = [None, *reversed([stage.stage_id for stage in ladder.stages])]
    before = classify(a_loan(dues), today, ladder)
    paid = [a_payment("500.00", today, f"R{n}") for n in range(count)]
    after = classify(a_loan(dues, payments=paid), today, ladder)
    assert order.index(after.stage) <= order.index(before.stage)
    assert after.days_past_due <= before.days_past_due
