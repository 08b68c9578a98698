"""Entries of the stage history that a change of a loan causes, for the same transaction as the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import local_day
from bot.domain.loan import Loan, Payment
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.stage_history import StageChange, stage_change
from bot.services.writes import EnterStage


def stage_entries(
    before: Loan | None, after: Loan, programme: Programme | None, now: datetime, reason: str
) -> list[EnterStage]:
    """At most one entry: where the loan now is, if it is not where it was. `before` is None for a loan never stored."""
    if programme is None:
        return []
    today = local_day(now, programme.timezone)
    was = classify(before, today, programme.ladder) if before is not None else None
    change = stage_change(was, classify(after, today, programme.ladder), reason)
    return [] if change is None else [entry_of(after.loan_id, change, programme, now)]


def entry_of(loan_id: str, change: StageChange, programme: Programme, now: datetime) -> EnterStage:
    return EnterStage(loan_id, change.stage, change.anchor, change.on, change.reason, programme.version, now)


def reason_of(payments: Sequence[Payment]) -> str:
    """Money came in, or only went back."""
    return "payment" if any(payment.amount.minor > 0 for payment in payments) else "reversal"
