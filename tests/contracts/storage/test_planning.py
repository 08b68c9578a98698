"""The night's plan as sets: it sets the very timers that the policy gives loan by loan, whatever the book looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from bot.domain.calendar import local_day
from bot.domain.loan import Instalment, LoanStatus, Payment, with_payments
from bot.domain.loan import Loan as LoanValue
from bot.domain.money import Money
from bot.jobs.clock import MovableClock
from bot.policy.ladder import Stage, classify
from bot.policy.programme import Programme
from bot.policy.reminder_policy import StageReminders, TaskTouch
from bot.policy.reminders import plan_reminders
from bot.services.ledger import payment_batch
from bot.services.plan_day import PlanDay, about
from bot.services.ports import LedgerState, Storage
from bot.services.writes import SaveLedger, UpsertBorrower, UpsertInstalment, UpsertLoan, Write
from tests.contracts.storage.builders import NOW, a_borrower
from tests.end_to_end.terminals import NoWakeUps
from tests.unit.policy.cases import generic

ZONES = ("Asia/Shanghai", "America/Havana", "Pacific/Kiritimati", "Europe/London", None)
TODAY = NOW.date()


@dataclass(frozen=True)
class OneProgramme:
    """Stands where the live scripts stand: a plan asks them for nothing but its programme."""

    the_programme: Programme

    @property
    def current(self) -> OneProgramme:
        return self

    @property
    def programmes(self) -> tuple[Programme, ...]:
        return (self.the_programme,)

    def programme(self, programme_id: str) -> Programme | None:
        return self.the_programme if programme_id == self.the_programme.programme_id else None


def with_conditions(programme: Programme) -> Programme:
    """With a least amount, and a stage for larger sums over the milder ones, whose notices are mandatory."""
    large = Stage("large", 4, 20, "firm", {"CNY": Money(150_000, "CNY")}, 2)
    ladder = replace(programme.ladder, stages=(large, *programme.ladder.stages), minimums={"CNY": Money(500, "CNY")})
    call = TaskTouch(9, "call")
    touches = (*programme.reminders.stages, StageReminders("large", 20, (4, 9, 14), (call,), mandatory=True))
    return replace(programme, ladder=ladder, reminders=replace(programme.reminders, stages=touches))


def with_notices(programme: Programme) -> Programme:
    """With a mandatory notice and a task, and no condition on any stage."""
    stages = tuple(
        replace(stage, mandatory=True, tasks=(TaskTouch(2, "letter"),)) if stage.stage_id == "mild" else stage
        for stage in programme.reminders.stages
    )
    return replace(programme, reminders=replace(programme.reminders, stages=stages))


#: The programmes that a random book is planned by.
VARIANTS = (
    generic("Asia/Shanghai"),
    generic("America/New_York"),
    with_conditions(generic("Asia/Shanghai")),
    with_notices(generic("America/New_York")),
)


def a_book(random: Random, size: int) -> list[LoanValue]:
    loans = []
    for number in range(size):
        currency = random.choice(("CNY", "CNY", "GBP"))
        none = Money(0, currency)
        first = TODAY + timedelta(days=random.randrange(-100, 8))
        days = [first + timedelta(days=30 * n) for n in range(random.randrange(1, 4))]
        parts = tuple(
            Instalment(n, day, Money(100_000, currency), none, none, none, none) for n, day in enumerate(days, 1)
        )
        loan = LoanValue(f"L{number}", "generic", f"B{random.randrange((size + 1) // 2)}", currency, parts)
        paid = Money(random.choice((0, 0, 400, 99_600, 100_000, 150_000, 199_700, 300_000)), currency)
        loan = with_payments(loan, [Payment(f"P{number}", loan.loan_id, paid, TODAY)] if paid.minor else [])
        loans.append(replace(loan, status=LoanStatus.CLOSED) if random.random() < 0.1 else loan)
    return loans


async def stored(storage: Storage, loans: list[LoanValue], zones: dict[str, str | None]) -> None:
    people: list[Write] = [UpsertBorrower(a_borrower(b, timezone=zone), NOW) for b, zone in zones.items()]
    await storage.commit(tuple(people))
    for loan in loans:
        anchor = loan.oldest_unpaid
        await storage.commit(
            (
                UpsertLoan(loan.loan_id, "generic", loan.borrower_id, loan.currency, None, frozenset(), NOW),
                *(UpsertInstalment(loan.loan_id, part, NOW) for part in loan.instalments),
                SaveLedger(
                    loan.loan_id,
                    tuple((part.number, part.paid.minor) for part in loan.instalments),
                    anchor.due_on if anchor else None,
                    loan.outstanding.minor,
                    loan.status,
                    NOW,
                ),
            )
        )


async def timers_in(storage: Storage) -> set[tuple[str, datetime, str | None, tuple[tuple[str, str], ...]]]:
    due = await storage.due_timers(NOW + timedelta(days=999), 10_000)
    return {(t.key, t.due_at, t.borrower_id, t.about) for t in due}


def one_by_one(loans, zones, programme, now):
    today = local_day(now, programme.timezone)
    plans = [
        plan_reminders(loan, classify(loan, today, programme.ladder), (), programme, zones[loan.borrower_id], now)
        for loan in loans
    ]
    return {
        (reminder.key, reminder.at, reminder.borrower_id, about(reminder))
        for plan in plans
        for reminder in (*plan.due, *plan.tasks)
    }


async def plan(storage: Storage, programme: Programme, now: datetime) -> None:
    clock = MovableClock(now, standing=True)
    await PlanDay(storage, OneProgramme(programme), clock, NoWakeUps()).programme("generic")


@pytest.mark.parametrize("seed", range(len(VARIANTS)))
async def test_the_plan_as_sets_is_the_plan_loan_by_loan(by_threes: Storage, seed: int) -> None:
    random = Random(seed)
    loans = a_book(random, 60)
    zones = {loan.borrower_id: random.choice(ZONES) for loan in loans}
    programme = VARIANTS[seed]
    await stored(by_threes, random.sample(loans, len(loans)), zones)
    await plan(by_threes, programme, NOW)
    expected = one_by_one(loans, zones, programme, NOW)
    assert expected
    assert await timers_in(by_threes) == expected


async def test_a_plan_made_again_puts_nothing_and_a_late_one_what_was_missed(by_threes: Storage) -> None:
    loans = a_book(Random(7), 40)
    zones = dict.fromkeys((loan.borrower_id for loan in loans), "Europe/London")
    await stored(by_threes, loans, zones)
    await plan(by_threes, generic(), NOW)
    first = await timers_in(by_threes)
    await plan(by_threes, generic(), NOW)
    assert await timers_in(by_threes) == first
    later = NOW + timedelta(days=5)
    await plan(by_threes, generic(), later)
    keys = {key for key, *_ in first}
    missed = {row for row in one_by_one(loans, zones, generic(), later) if row[0] not in keys}
    assert missed
    assert await timers_in(by_threes) == first | missed


async def test_a_loan_paid_between_reading_and_putting_gets_no_timer(by_threes: Storage) -> None:
    (loan,) = [replace(a_book(Random(1), 1)[0], status=LoanStatus.OPEN)]
    none = Money(0, loan.currency)
    part = Instalment(1, TODAY, Money(1000, loan.currency), none, none, none, none)
    loan = replace(loan, instalments=(part,))
    await stored(by_threes, [loan], {loan.borrower_id: "Europe/London"})

    class PaysInBetween:
        def __getattr__(self, name: str) -> object:
            return getattr(by_threes, name)

        async def loans_without_timer(self, *asked: object):
            async for found in by_threes.loans_without_timer(*asked):
                paid = Payment("now", loan.loan_id, Money(1000, loan.currency), date(2026, 11, 21))
                before = await by_threes.ledger(loan.loan_id)
                assert isinstance(before, LedgerState)
                await by_threes.commit(payment_batch(before, [paid], (), None, TODAY, NOW, "test"))
                yield found

    await plan(PaysInBetween(), generic(), NOW)
    assert await timers_in(by_threes) == set()
