"""Reminders: which touches of the ladder are due for a loan on a day, and which are let go, with the reason.

Every touch is reckoned from the due date of the loan's anchor, never from "now plus an interval", so a payment, a reversal
or a night without the program moves no other touch. Whether a message may go is the gate's question, not asked here.

A mandatory notice is owed from its day on, whatever stage follows, and goes before every touch of a later day. Tasks for
people are planned like touches. Where bands of the scorecard have touches of their own, all are planned; which of them the
loan's band follows is asked when they are due, from all that is known then.
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
from bot.policy.reminder_policy import StageReminders, TaskTouch, rule_of, task_rule_of


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A contact to make at `at`, but not from `not_after` on. With a `medium` it is a task for a person, not a message.

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
    medium: str = ""

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
    """`due` are messages, mandatory notices first; `tasks` are for people."""

    due: tuple[PlannedReminder, ...] = ()
    withheld: tuple[WithheldReminder, ...] = ()
    tasks: tuple[PlannedReminder, ...] = ()


def plan_reminders(
    loan: Loan,
    delinquency: Delinquency,
    history: Iterable[Contact],
    programme: Programme,
    borrower_zone: str | None,
    now: datetime,
) -> ReminderPlan:
    """What is to be made on the day that `delinquency` describes, at the programme's hour for the borrower.

    Of the touches of the present stage whose day has come, the latest counts, if `history` does not hold it. A day missed
    by the program's own absence is therefore made up for once; the touches before it are superseded, and those of stages
    that are over are never made up for. Mandatory notices are: all that `history` does not hold come first.
    """
    if delinquency.anchor is None or delinquency.stage is None:
        return ReminderPlan()
    days = (delinquency.on - delinquency.anchor).days
    planning = _Planning(loan, delinquency.anchor, programme, borrower_zone or programme.timezone, now)
    contacts = tuple(history)
    owed = [
        planning.reminder(stage, touch, catch_up=touch < days)
        for stage, touch in _mandatory_until(loan, delinquency.anchor, programme, days)
        if not planning.was_made(stage, touch, contacts) and days <= programme.reminders.last_day_of(touch, stage)
    ]
    stage = programme.reminders.of_stage(delinquency.stage)
    if stage is None:
        return ReminderPlan(tuple(owed))
    due, let_go = ({}, {}) if stage.mandatory else _latest(stage, days, contacts, planning)
    return ReminderPlan(
        due=(*owed, *(planning.reminder(stage, touch, catch_up=touch < days) for touch in sorted(due))),
        withheld=tuple(
            planning.withheld(stage, touch, reason, by_day) for touch, (reason, by_day) in sorted(let_go.items())
        ),
        tasks=tuple(
            planning.task(stage, task)
            for task in stage.tasks
            if task.day <= days <= programme.reminders.last_day_of(task.day, stage)
        ),
    )


def _mandatory_until(loan: Loan, anchor: date, programme: Programme, days: int) -> Iterator[tuple[StageReminders, int]]:
    """The mandatory notices on the loan's way up the ladder until day `days`, in the order of time.

    The way is that of the loan as it stands: one that comes into the book long overdue has passed every stage of it.
    """
    touches = [(touch, stage) for stage in programme.reminders.stages if stage.mandatory for touch in stage.touches]
    for touch, stage in sorted(touches, key=lambda pair: pair[0]):
        if touch <= days:
            passed = classify(loan, anchor + timedelta(days=touch), programme.ladder).stage
            if passed == stage.stage_id:
                yield stage, touch


def _latest(
    stage: StageReminders, days: int, contacts: tuple[Contact, ...], planning: _Planning
) -> tuple[dict[int, None], dict[int, tuple[str, int]]]:
    """The touches to make, one for each cadence at most, and those let go, each with its reason and the day that says so."""
    due: dict[int, None] = {}
    let_go: dict[int, tuple[str, int]] = {}
    for cadence in stage.cadences:
        come = [touch for touch in cadence if touch <= days]
        made = [touch for touch in come if planning.was_made(stage, touch, contacts)]
        open_touches = [touch for touch in come if touch > max(made, default=touch - 1)]
        if not open_touches:
            continue
        *earlier, latest = open_touches
        let_go |= {touch: ("superseded", latest) for touch in earlier}
        if days > planning.programme.reminders.last_day_of(latest, stage):
            let_go[latest] = ("too_late", days)
        else:
            due[latest] = None
    return due, {touch: why for touch, why in let_go.items() if touch not in due}


@dataclass(frozen=True, slots=True)
class _Planning:
    """What all touches of one loan share."""

    loan: Loan
    anchor: date
    programme: Programme
    borrower_zone: str
    now: datetime

    def planned_at(self, touch: int) -> datetime:
        return instant_of(self._day(touch), self.programme.reminders.hour, self.borrower_zone)

    def was_made(self, stage: StageReminders, touch: int, contacts: tuple[Contact, ...]) -> bool:
        """Whether a contact by this rule was made since the touch's day began; an earlier one was for an older anchor."""
        rule = rule_of(stage.stage_id, touch)
        return any(
            any(made == rule and loan_id in (None, self.loan.loan_id) for loan_id, made in c.loans)
            and c.at >= instant_of(self._day(touch), time(), self.borrower_zone)
            for c in contacts
        )

    def reminder(self, stage: StageReminders, touch: int, catch_up: bool) -> PlannedReminder:
        return self._planned(stage, touch, rule_of(stage.stage_id, touch), catch_up, "")

    def task(self, stage: StageReminders, task: TaskTouch) -> PlannedReminder:
        return self._planned(stage, task.day, task_rule_of(stage.stage_id, task), False, task.medium)

    def _planned(self, stage: StageReminders, touch: int, rule: str, catch_up: bool, medium: str) -> PlannedReminder:
        over = self._day(self.programme.reminders.last_day_of(touch, stage) + 1)
        ends = (instant_of(over, time(), name) for name in (self.borrower_zone, self.programme.timezone))
        return PlannedReminder(
            loan_id=self.loan.loan_id,
            borrower_id=self.loan.borrower_id,
            rule=rule,
            stage=stage.stage_id,
            anchor=self.anchor,
            attempt=1,
            at=max(self.planned_at(touch), self.now),
            not_after=max(ends),
            catch_up=catch_up,
            medium=medium,
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
    loan: Loan,
    stage: str,
    anchor: date,
    programme: Programme,
    borrower_zone: str | None,
    now: datetime,
    rule: str = "",
    band: str | None = None,
) -> Withheld | None:
    """Asked again when a planned reminder is about to go: None where it still holds, else why it does not.

    The day is the earlier of the lender's and the borrower's, so that a reminder for the due date is not taken for late in
    the hours in which it is already tomorrow at the lender's. A mandatory notice holds in every later stage too. `rule` and
    `band` tell whether the touch is one that the loan's band follows.
    """
    present = anchor_of(loan, programme.ladder)
    if present is None:
        return Withheld("paid")
    if present.due_on != anchor:
        return Withheld("anchor_moved", (("anchor", present.due_on.isoformat()),))
    today = min(local_day(now, programme.timezone), local_day(now, borrower_zone or programme.timezone))
    found = classify(loan, today, programme.ladder).stage
    if is_mandatory(stage, programme) and programme.ladder.reached(stage, found):
        return None
    if found != stage:
        return Withheld("stage_over", (("stage", found or "none"),))
    planned = programme.reminders.of_stage(stage)
    return _of_another_band(planned, rule, band, (today - anchor).days) if planned is not None and rule else None


def _of_another_band(stage: StageReminders, rule: str, band: str | None, days: int) -> Withheld | None:
    """Why a touch is none of the band's, where the bands of the stage have touches of their own."""
    touch = next((t for t in stage.all_touches if rule_of(stage.stage_id, t) == rule), None)
    if not stage.by_band or touch is None:
        return None
    followed = stage.touches_in(band)
    if touch not in followed:
        return Withheld("other_band", (("band", band or "none"),))
    latest = max(t for t in followed if t <= max(days, touch))
    return Withheld("superseded", (("day", str(touch)), ("by_day", str(latest)))) if latest > touch else None


def is_mandatory(stage_id: str | None, programme: Programme) -> bool:
    """Whether the notices of a stage are owed until they are made."""
    stage = programme.reminders.of_stage(stage_id)
    return stage is not None and stage.mandatory


def owed_before(rule: str, waiting: Iterable[str], programme: Programme) -> str | None:
    """The mandatory notice among the `waiting` rules of the same loan and anchor that goes before `rule`, if there is one."""
    day_of = {rule_of(s.stage_id, t): t for s in programme.reminders.stages for t in s.all_touches}
    mandatory = {rule_of(s.stage_id, t): t for s in programme.reminders.stages if s.mandatory for t in s.touches}
    before = [name for name in waiting if name in mandatory and rule in day_of and mandatory[name] < day_of[rule]]
    return min(before, key=lambda name: mandatory[name], default=None)


def touches_ahead(
    loan: Loan, programme: Programme, borrower_zone: str | None, now: datetime, band: str | None = None
) -> Iterator[PlannedReminder]:
    """Every message after `now` that the loan will see if nothing is paid and it stays in `band`, in the order of time."""
    anchor = anchor_of(loan, programme.ladder)
    if anchor is None:
        return
    planning = _Planning(loan, anchor.due_on, programme, borrower_zone or programme.timezone, now)
    touches = [(touch, stage) for stage in programme.reminders.stages for touch in stage.touches_in(band)]
    # Stages with conditions may lie over milder ones, so the order of stages is not yet the order of time.
    for touch, stage in sorted(touches, key=lambda pair: pair[0]):
        day = anchor.due_on + timedelta(days=touch)
        if planning.planned_at(touch) > now and classify(loan, day, programme.ladder).stage == stage.stage_id:
            yield planning.reminder(stage, touch, catch_up=False)


def next_touch_after(
    loan: Loan, programme: Programme, borrower_zone: str | None, now: datetime, band: str | None = None
) -> PlannedReminder | None:
    """What comes next if nothing is paid."""
    return next(touches_ahead(loan, programme, borrower_zone, now, band), None)


def candidate_due_dates(programme: Programme, today: date) -> tuple[date, ...]:
    """Exactly the due dates of anchors for which some touch or task is due or may be caught up on the lender's day `today`.

    Latest first. Storage finds the loans of a day's plan by these alone, however many there are.
    """
    policy = programme.reminders
    days = {
        day
        for stage in policy.stages
        for touch in {*stage.all_touches, *(task.day for task in stage.tasks)}
        for day in range(touch, policy.last_day_of(touch, stage) + 1)
    }
    return tuple(today - timedelta(days=day) for day in sorted(days))


#: Reasons of the gate for which no message can ever reach a borrower until a person helps.
_UNREACHED = frozenset(reach.value for reach in Reach if reach is not Reach.OK)


def is_unreached(reason: str) -> bool:
    """Whether a message was withheld because none can reach the borrower."""
    return reason in _UNREACHED


def unreached_task(programme: Programme, stage: str, reason: str) -> bool:
    """Whether a reminder withheld for `reason` becomes a task for a person: from the stage that the programme names on."""
    start = programme.reminders.unreachable_task_from
    order = [s.stage_id for s in programme.ladder.stages]
    return is_unreached(reason) and start is not None and stage in order and order.index(stage) <= order.index(start)
