"""Stage history: which entry a change of facts or of the ladder calls for, and on which due dates a day changes a stage.

A stage is always reckoned anew from the facts; its history is written for people, and nothing is decided from it. An entry
also ends the stay before it. Reasons: day_passed, payment, reversal, schedule_changed, import, closed, policy_changed.
A pause, a hold or a promise changes no stage: it only keeps messages back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.delinquency import Delinquency
from bot.domain.loan import Loan
from bot.policy.day_plan import loan_due_on
from bot.policy.ladder import classify
from bot.policy.programme import Programme

#: Days from the due date beyond which no ladder has a bound.
_LAST_DAY = 3660


@dataclass(frozen=True, slots=True)
class StageChange:
    """A loan is in `stage` from `on` on, reckoned from the due date `anchor`; None: in no stage any more."""

    stage: str | None
    anchor: date | None
    on: date
    reason: str


def stage_change(before: Delinquency | None, after: Delinquency, reason: str) -> StageChange | None:
    """The entry between two looks at a loan; None where it stays where it was. `before` is None for a loan never seen.

    The same stage for another instalment is another stay: its days and its notices begin anew.
    """
    was = (before.stage, before.anchor) if before is not None else (None, None)
    if after.stage is None:
        return StageChange(None, None, after.on, reason) if was[0] is not None else None
    return StageChange(after.stage, after.anchor, after.on, reason) if was != (after.stage, after.anchor) else None


@dataclass(frozen=True, slots=True)
class AnchorChange:
    """All loans of one anchor change their stage."""

    anchor: date
    stage: str | None
    on: date
    reason: str


def changes_of_day(programme: Programme, day: date) -> tuple[AnchorChange, ...]:
    """The due dates whose loans change their stage because `day` has come, where amounts have no say in it."""
    ends = [stage.last + 1 for stage in programme.ladder.stages if stage.last is not None]
    bounds = sorted({stage.first for stage in programme.ladder.stages} | set(ends))
    apart = set(conditional_due_dates(programme, day))
    found = []
    for anchor in (day - timedelta(days=bound) for bound in bounds):
        if anchor in apart:
            continue
        loan = loan_due_on(programme, anchor)
        before = classify(loan, day - timedelta(days=1), programme.ladder).stage
        after = classify(loan, day, programme.ladder).stage
        if after != before:
            found.append(AnchorChange(anchor, after, day, "day_passed"))
    return tuple(found)


def changes_of_policy(old: Programme, new: Programme, today: date) -> Iterator[AnchorChange]:
    """The due dates whose loans change their stage because another version of the programme is live."""
    if old.ladder == new.ladder:
        return
    first = min(stage.first for stage in (*old.ladder.stages, *new.ladder.stages))
    for days in range(first, _LAST_DAY + 1):
        loan = loan_due_on(new, today - timedelta(days=days))
        after = classify(loan, today, new.ladder).stage
        if classify(loan, today, old.ladder).stage != after:
            yield AnchorChange(today - timedelta(days=days), after, today, "policy_changed")


def change_of_loan(programme: Programme, loan: Loan, day: date) -> StageChange | None:
    """The same for one loan, where its amounts have a say."""
    before = classify(loan, day - timedelta(days=1), programme.ladder)
    return stage_change(before, classify(loan, day, programme.ladder), "day_passed")


def conditional_due_dates(programme: Programme, day: date) -> tuple[date, ...]:
    """The due dates whose loans are or were the day before in reach of a stage with conditions."""
    days: set[int] = set()
    for stage in programme.ladder.stages:
        if stage.conditional:
            days |= set(range(stage.first, (_LAST_DAY if stage.last is None else stage.last + 1) + 1))
    return tuple(day - timedelta(days=number) for number in sorted(days))
