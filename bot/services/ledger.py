"""Money comes in or is taken back: the writes that keep a loan, its promises and its reminders in step, in one batch.

Payments are posted by file, by the API, by the demo and as the difference that a loan book shows; all of them come
through here, so a promise is kept or reopened in the payment's own transaction and a paid reminder never leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.loan import Loan, Payment, with_payments
from bot.policy.programme import Programme
from bot.policy.promises import Broken, Kept, PartlyKept, StillOpen, decide_promise, promise_timers
from bot.services.ports import LedgerState
from bot.services.stage_entries import reason_of, stage_entries
from bot.services.writes import (
    AppendAudit,
    AppendDecision,
    AppendPayment,
    Batch,
    CancelOutbox,
    CancelTimers,
    ChangeCommitmentStatus,
    PutTimer,
    SaveLedger,
    Write,
)


def after_payments(before: LedgerState, new: Sequence[Payment]) -> Loan:
    """The loan with the new payments reckoned in, whatever their order."""
    return with_payments(before.loan, (*before.payments, *new))


def payment_batch(
    before: LedgerState,
    new: Sequence[Payment],
    commitments: Sequence[Commitment],
    programme: Programme | None,
    today: date,
    now: datetime,
    source: str,
    stored: Loan | None = None,
) -> Batch:
    """All that one or more new payments of one loan cause.

    The same loan's queued proactive messages are withdrawn: whatever they said of the debt is no longer true. Its timers
    stay: each is decided anew when it is due, so a reversal finds them where they were. `commitments` are those of the
    loan; `today` is the lender's day. `stored` is the loan as it was, where its schedule changes too.
    """
    after = after_payments(before, new)
    anchor = after.oldest_unpaid
    writes: list[Write] = [AppendPayment(payment, now, source) for payment in new]
    writes.append(
        SaveLedger(
            loan_id=after.loan_id,
            paid=tuple((i.number, i.paid.minor) for i in after.instalments),
            oldest_unpaid_due_on=anchor.due_on if anchor else None,
            outstanding_minor=after.outstanding.minor,
            status=after.status,
            at=now,
            expected_version=before.version,
        )
    )
    reason = reason_of(new) if stored is None else "schedule_changed"
    writes += stage_entries(stored or before.loan, after, programme, now, reason)
    writes.append(CancelOutbox(after.borrower_id, after.loan_id, "payment_posted", now))
    if programme is not None:
        payments = (*before.payments, *new)
        for commitment in commitments:
            writes += promise_writes(commitment, payments, programme, today, now)
    for payment in new:
        detail = (("loan_id", payment.loan_id), ("reference", payment.reference))
        writes.append(AppendAudit(now, source, "payment_posted", payment.loan_id, detail))
    return tuple(writes)


def promise_writes(
    commitment: Commitment, payments: Sequence[Payment], programme: Programme, today: date, now: datetime
) -> tuple[Write, ...]:
    """The change of a promise's status that the payments call for now; nothing where it stays as it is.

    A reversal takes a kept promise back to what the remaining money makes of it.
    """
    decision = decide_promise(commitment, tuple(payments), programme.promise, today)
    match decision:
        case Kept():
            status = CommitmentStatus.KEPT
        case PartlyKept():
            status = CommitmentStatus.PARTLY_KEPT
        case Broken():
            status = CommitmentStatus.BROKEN
        case StillOpen():
            status = CommitmentStatus.OPEN
    if status is commitment.status or commitment.status not in _DECIDABLE:
        return ()
    about = ("commitment_id", commitment.commitment_id)
    decided: list[Write] = [
        ChangeCommitmentStatus(commitment.commitment_id, commitment.status, status, decision.reason, now),
        AppendDecision(now, commitment.commitment_id, "promise", decision.facts, status, programme.version),
        CancelTimers(commitment.borrower_id, None, f"promise_{status}", now, _SPEAKING, about),
    ]
    if status is CommitmentStatus.OPEN:
        decided += _timers_again(commitment, programme, len(payments))
        return tuple(decided)
    decided.append(
        PutTimer(
            f"{commitment.commitment_id}:outcome:{status}:{len(payments)}",
            "promise_outcome",
            now,
            commitment.borrower_id,
            commitment.loan_id,
            programme.programme_id,
            (about, ("status", status)),
        )
    )
    return tuple(decided)


def _timers_again(commitment: Commitment, programme: Programme, count: int) -> list[Write]:
    """A promise that a reversal reopened is followed up again; the count makes the keys new."""
    return [
        PutTimer(
            f"{commitment.commitment_id}:{kind}:{count}",
            kind,
            at,
            commitment.borrower_id,
            commitment.loan_id,
            programme.programme_id,
            (("commitment_id", commitment.commitment_id),),
        )
        for kind, at in promise_timers(commitment, programme.promise, programme.timezone, programme.reminders.hour)
    ]


#: What would be said of the promise as it was; deciding it goes on whatever it became.
_SPEAKING = ("promise_day_before", "promise_day", "promise_outcome")

#: What money can still change: an open promise, and one decided by money that may yet be taken back.
_DECIDABLE = frozenset({CommitmentStatus.OPEN, CommitmentStatus.KEPT, CommitmentStatus.PARTLY_KEPT})
