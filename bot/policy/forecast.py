"""Forecast: what a loan will see, day by day, if nothing is paid and nothing is said.

The same rules decide as on the day itself: the ladder names the stage, the reminder plan the touches, and the gate is asked
for each at its hour, with the contacts forecast before it. Whether a message reaches the borrower is left out: the question
is what the policy does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.borrower import Address
from bot.domain.calendar import local_day
from bot.domain.delivery import MessageKind
from bot.domain.loan import Loan
from bot.domain.money import Money
from bot.domain.situation import Contact, Conversation, Holder, Situation
from bot.policy.contact import Allowed, ContactPolicy, DeferredUntil, Withheld, may_contact
from bot.policy.explain import explain
from bot.policy.ladder import anchor_of, classify
from bot.policy.programme import Programme
from bot.policy.reminder_policy import task_rule_of
from bot.policy.reminders import PlannedReminder, touches_ahead
from bot.policy.windows import is_holiday

#: Of a loan that a programme reminds for years, this much is shown.
LONGEST_DAYS = 400
#: Days shown after the last touch, so that one sees that nothing follows.
_AFTER_THE_LAST = 3


@dataclass(frozen=True, slots=True)
class ForecastTouch:
    """One touch of the ladder. `at` is when it goes, None where it never does; `why` is a sentence."""

    rule: str
    stage: str
    planned_at: datetime
    at: datetime | None
    reason: str
    why: str

    @property
    def deferred(self) -> bool:
        return self.at is not None and self.at > self.planned_at


@dataclass(frozen=True, slots=True)
class ForecastTask:
    """Something that a person is asked to do about the loan: a call, a letter, a visit, a review."""

    rule: str
    medium: str


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day of the borrower's calendar. `days` counts from the due date of the anchor; None where nothing is unpaid."""

    on: date
    days: int | None
    stage: str | None
    due: Money | None  # what falls due on this day
    holiday: bool
    sent: tuple[ForecastTouch, ...]  # those that go on this day
    held_back: tuple[ForecastTouch, ...]  # those planned for this day that never go
    tasks: tuple[ForecastTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """A day on which something happens, in words for people."""

    on: date
    weekday: str
    days: str
    stage: str
    lines: tuple[str, ...]


def forecast(
    situation: Situation,
    loan: Loan,
    programme: Programme,
    policy: ContactPolicy,
    now: datetime,
    band: str | None = None,
) -> tuple[ForecastDay, ...]:
    """Every day from `now` to a little after the last touch or task, in order; at least one, at most `LONGEST_DAYS`.

    `band` is the scorecard's at present; that it changes with the loan is not forecast.
    """
    zone = situation.borrower.timezone if situation.borrower else None
    local = zone or programme.timezone
    first = local_day(now, local)
    touches = tuple(_touches(_reachable(situation), loan, programme, policy, now, band))
    tasks = dict(_tasks(loan, programme))
    ends = [local_day(touch.at or touch.planned_at, local) for touch in touches] + list(tasks)
    last = min(max(ends, default=first) + timedelta(days=_AFTER_THE_LAST), first + timedelta(days=LONGEST_DAYS - 1))
    region = situation.borrower.region if situation.borrower else None
    days = []
    for on in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        stands = classify(loan, on, programme.ladder)
        due = [i.unpaid for i in loan.instalments if i.due_on == on and i.unpaid.minor > 0]
        days.append(
            ForecastDay(
                on=on,
                days=None if stands.anchor is None else (on - stands.anchor).days,
                stage=stands.stage,
                due=Money(sum(amount.minor for amount in due), loan.currency) if due else None,
                holiday=is_holiday(policy, region, on),
                sent=tuple(t for t in touches if t.at is not None and local_day(t.at, local) == on),
                held_back=tuple(t for t in touches if t.at is None and local_day(t.planned_at, local) == on),
                tasks=tasks.get(on, ()),
            )
        )
    return tuple(days)


def _reachable(situation: Situation) -> Situation:
    """The same borrower in a chat that the bot holds and in which identity is proven."""
    borrower = situation.borrower.borrower_id if situation.borrower else None
    chat = situation.conversation or Conversation(
        None, Address("forecast", "0"), borrower, None, None, Holder.BOT, 0, 0, None, None
    )
    proven = replace(
        chat, borrower_id=borrower, verified_at=chat.verified_at or situation.now, reachable=True, holder=Holder.BOT
    )
    return replace(situation, conversation=proven)


def _tasks(loan: Loan, programme: Programme) -> Iterator[tuple[date, tuple[ForecastTask, ...]]]:
    anchor = anchor_of(loan, programme.ladder)
    if anchor is None:
        return
    for number in sorted({task.day for stage in programme.reminders.stages for task in stage.tasks}):
        on = anchor.due_on + timedelta(days=number)
        stage = programme.reminders.of_stage(classify(loan, on, programme.ladder).stage)
        asked = [task for task in stage.tasks if task.day == number] if stage is not None else []
        if stage is not None and asked:
            yield on, tuple(ForecastTask(task_rule_of(stage.stage_id, task), task.medium) for task in asked)


def _touches(
    situation: Situation, loan: Loan, programme: Programme, policy: ContactPolicy, now: datetime, band: str | None
) -> Iterator[ForecastTouch]:
    zone = situation.borrower.timezone if situation.borrower else None
    for reminder in touches_ahead(loan, programme, zone, now, band):
        touch = _asked(replace(situation, now=reminder.at), reminder, policy)
        yield touch
        if touch.at is not None:
            made = Contact(touch.at, MessageKind.REMINDER, "chat", reminder.loan_id, reminder.rule)
            situation = replace(situation, contacts=(*situation.contacts, made))


def _asked(situation: Situation, reminder: PlannedReminder, policy: ContactPolicy) -> ForecastTouch:
    answer = may_contact(
        situation,
        reminder.loan_id,
        policy,
        reminder.at,
        MessageKind.REMINDER,
        not_after=reminder.not_after,
    )
    match answer:
        case Allowed():
            at: datetime | None = reminder.at
        case DeferredUntil():
            at = answer.until
        case Withheld():
            at = None
    return ForecastTouch(reminder.rule, reminder.stage, reminder.at, at, answer.reason, explain(answer))


def happenings(days: Sequence[ForecastDay]) -> tuple[Happening, ...]:
    """The days of a forecast on which a stage begins, money falls due, a touch is made or held back, or a person has a task."""
    found: list[Happening] = []
    stage = None
    for day in days:
        lines = [f"Stage {day.stage} begins."] if day.stage is not None and day.stage != stage else []
        lines += [f"{day.due} falls due."] if day.due is not None else []
        lines += [f"{touch.rule} goes{_when(touch)}" for touch in day.sent]
        lines += [f"{touch.rule} is held back: {touch.why}" for touch in day.held_back]
        lines += [f"A person gets the task {task.rule} ({task.medium})." for task in day.tasks]
        stage = day.stage
        if lines:
            counted = "" if day.days is None else str(day.days)
            found.append(Happening(day.on, f"{day.on:%a}", counted, day.stage or "", tuple(lines)))
    return tuple(found)


def _when(touch: ForecastTouch) -> str:
    if not touch.deferred:
        return "."
    return f", moved from {touch.planned_at:%Y-%m-%d} because of {touch.reason.replace('_', ' ')}."
