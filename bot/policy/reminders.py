"""Reminders: which touches of the ladder are due for a loan on a day, and which are let go, with the reason.

Every touch is reckoned from the due date of the loan's anchor, never from "now plus an interval", so a payment, a reversal
or a night without the program moves no other touch. Whether a message may go is the gate's question, not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import instant_of, local_day
from bot.domain.delinquency import Delinquency
from bot.domain.loan import Loan
from bot.domain.situation import Contact, Reach
from bot.policy.contact import Facts, Withheld
from bot.policy.ladder import anchor_of, classify
from bot.policy.programme import Programme
from bot.policy.reminder_policy import StageReminders, rule_of


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A contact to make at `at`, but not from `not_after` on.

    Loans of one borrower that are due the same day have one each; the gate's caps and gaps decide about the second.
    """

    loan_id: str
    borrower_id: str
    rule: str
    stage: str
    anchor: date
    attempt: int
    at: datetime
    not_after: datetime
    catch_up: bool = False

    @property
    def key(self) -> str:
        return f"{self.loan_id}:{self.rule}:{self.anchor.isoformat()}:{self.attempt}"

    @property
    def reason(self) -> str:
        return "catch_up" if self.catch_up else "ladder_day"

    @property
    def facts(self) -> Facts:
        return (("rule", self.rule), ("anchor", self.anchor.isoformat()), ("at", self.at.isoformat()))


@dataclass(frozen=True, slots=True)
class WithheldReminder:
    """A touch that will not be made: superseded by a later one of its stage, or too_late."""

    loan_id: str
    borrower_id: str
    rule: str
    stage: str
    anchor: date
    reason: str
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    due: tuple[PlannedReminder, ...] = ()
    withheld: tuple[WithheldReminder, ...] = ()


def plan_reminders(
    loan: Loan,
    delinquency: Delinquency,
    history: Iterable[Contact],
    programme: Programme,
    borrower_zone: str | None,
    now: datetime,
) -> ReminderPlan:
    """The reminder to make on the day that `delinquency` describes: at most one, at the programme's hour for the borrower.

    Of the touches of the present stage whose day has come, the latest counts, if `history` does not hold it. A day missed
    by the program's own absence is therefore made up for once; the touches before it are superseded, and those of stages
    that are over are never made up for.
    """
    stage = programme.reminders.of_stage(delinquency.stage)
    if stage is None or delinquency.anchor is None:
        return ReminderPlan()
    days = (delinquency.on - delinquency.anchor).days
    planning = _Planning(loan, delinquency.anchor, programme, borrower_zone or programme.timezone)
    contacts = tuple(history)
    open_touches = [t for t in stage.touches if t <= days and not planning.was_made(stage, t, contacts)]
    made = [t for t in stage.touches if t <= days and t not in open_touches]
    open_touches = [t for t in open_touches if t > max(made, default=t - 1)]
    if not open_touches:
        return ReminderPlan()
    *earlier, latest = open_touches
    let_go = [planning.withheld(stage, t, "superseded", stage_day=latest) for t in earlier]
    if days > programme.reminders.last_day_of(latest, stage):
        return ReminderPlan((), (*let_go, planning.withheld(stage, latest, "too_late", stage_day=days)))
    return ReminderPlan((planning.reminder(stage, latest, now, catch_up=latest < days),), tuple(let_go))


@dataclass(frozen=True, slots=True)
class _Planning:
    """What all touches of one loan share."""

    loan: Loan
    anchor: date
    programme: Programme
    borrower_zone: str

    def planned_at(self, touch: int) -> datetime:
        return instant_of(self._day(touch), self.programme.reminders.hour, self.borrower_zone)

    def was_made(self, stage: StageReminders, touch: int, contacts: tuple[Contact, ...]) -> bool:
        """Whether a contact by this rule was made since the touch's day began; an earlier one was for an older anchor."""
        rule = rule_of(stage.stage_id, touch)
        return any(
            c.rule == rule
            and c.loan_id in (None, self.loan.loan_id)
            and c.at >= instant_of(self._day(touch), time(), self.borrower_zone)
            for c in contacts
        )

    def reminder(self, stage: StageReminders, touch: int, now: datetime, catch_up: bool) -> PlannedReminder:
        over = self._day(self.programme.reminders.last_day_of(touch, stage) + 1)
        ends = (instant_of(over, time(), name) for name in (self.borrower_zone, self.programme.timezone))
        return PlannedReminder(
            loan_id=self.loan.loan_id,
            borrower_id=self.loan.borrower_id,
            rule=rule_of(stage.stage_id, touch),
            stage=stage.stage_id,
            anchor=self.anchor,
            attempt=1,
            at=max(self.planned_at(touch), now),
            not_after=max(ends),
            catch_up=catch_up,
        )

    def withheld(self, stage: StageReminders, touch: int, reason: str, stage_day: int) -> WithheldReminder:
        facts = (("day", str(touch)), ("by_day", str(stage_day)))
        rule = rule_of(stage.stage_id, touch)
        return WithheldReminder(
            self.loan.loan_id, self.loan.borrower_id, rule, stage.stage_id, self.anchor, reason, facts
        )

    def _day(self, touch: int) -> date:
        return self.anchor + timedelta(days=touch)


def still_due(
    loan: Loan, stage: str, anchor: date, programme: Programme, borrower_zone: str | None, now: datetime
) -> Withheld | None:
    """Asked again when a planned reminder is about to go: None where it still holds, else why it does not.

    The day is the earlier of the lender's and the borrower's, so that a reminder for the due date is not taken for late in
    the hours in which it is already tomorrow at the lender's.
    """
    present = anchor_of(loan, programme.ladder)
    if present is None:
        return Withheld("paid")
    if present.due_on != anchor:
        return Withheld("anchor_moved", (("anchor", present.due_on.isoformat()),))
    today = min(local_day(now, programme.timezone), local_day(now, borrower_zone or programme.timezone))
    found = classify(loan, today, programme.ladder).stage
    return None if found == stage else Withheld("stage_over", (("stage", found or "none"),))


def touches_ahead(
    loan: Loan, programme: Programme, borrower_zone: str | None, now: datetime
) -> Iterator[PlannedReminder]:
    """Every touch after `now` that the loan will see if nothing is paid, in the order of time."""
    anchor = anchor_of(loan, programme.ladder)
    if anchor is None:
        return
    planning = _Planning(loan, anchor.due_on, programme, borrower_zone or programme.timezone)
    touches = [(touch, stage) for stage in programme.reminders.stages for touch in stage.touches]
    # Stages with conditions may lie over milder ones, so the order of stages is not yet the order of time.
    for touch, stage in sorted(touches, key=lambda pair: pair[0]):
        day = anchor.due_on + timedelta(days=touch)
        if planning.planned_at(touch) > now and classify(loan, day, programme.ladder).stage == stage.stage_id:
            yield planning.reminder(stage, touch, now, catch_up=False)


def next_touch_after(
    loan: Loan, programme: Programme, borrower_zone: str | None, now: datetime
) -> PlannedReminder | None:
    """What comes next if nothing is paid."""
    return next(touches_ahead(loan, programme, borrower_zone, now), None)


def candidate_due_dates(programme: Programme, today: date) -> tuple[date, ...]:
    """Exactly the due dates of anchors for which some touch is due or may be caught up on the lender's day `today`.

    Latest first. Storage finds the loans of a day's plan by these alone, however many there are.
    """
    policy = programme.reminders
    days = {
        day
        for stage in policy.stages
        for touch in stage.touches
        for day in range(touch, policy.last_day_of(touch, stage) + 1)
    }
    return tuple(today - timedelta(days=day) for day in sorted(days))


#: Reasons of the gate for which no message can ever reach a borrower until a person helps.
_UNREACHED = frozenset(reach.value for reach in Reach if reach is not Reach.OK)


def unreached_task(programme: Programme, stage: str, reason: str) -> bool:
    """Whether a reminder withheld for `reason` becomes a task for a person: from the stage that the programme names on."""
    start = programme.reminders.unreachable_task_from
    order = [s.stage_id for s in programme.ladder.stages]
    return reason in _UNREACHED and start is not None and stage in order and order.index(stage) <= order.index(start)
