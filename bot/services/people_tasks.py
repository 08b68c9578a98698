"""Tasks for people: what a person is asked to do on a day of the ladder, with the facts for it and nothing else.

Calls, letters, visits and the law are never the bot's: it sets a task in the case list, and says nothing of it in a chat.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import local_day
from bot.domain.commitments import CommitmentStatus
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import still_due
from bot.services.identifiers import fresh_id
from bot.services.ports import DueTimer
from bot.services.writes import AppendDecision, FinishTimer, MoveTimer, OpenCase, Write

#: How long a task waits for a hold to end before it is asked for again.
_AGAIN = timedelta(days=1)


def task_writes(
    timer: DueTimer, loan: Loan, situation: Situation, programme: Programme, band: str | None, now: datetime
) -> list[Write]:
    """The task of a timer as an open case, or why there is none: the debt is paid, its stage over, or the borrower protected.

    While a hold or an agreement is open the task waits, as long as it makes sense.
    """
    about = dict(timer.about)
    zone = situation.borrower.timezone if situation.borrower else None
    over = still_due(loan, about["stage"], date.fromisoformat(about["anchor"]), programme, zone, now)
    if over is not None:
        return [FinishTimer(timer.timer_id, now, f"cancelled:{over.reason}")]
    against = _against(situation, loan.loan_id)
    facts = (("rule", about["rule"]), ("medium", about["medium"]))
    decision = AppendDecision(now, loan.loan_id, "task", facts, against or "ladder_task", programme.version)
    if against is None:
        return [FinishTimer(timer.timer_id, now, "done"), _case(timer, loan, programme, band, now), decision]
    if now + _AGAIN < datetime.fromisoformat(about["not_after"]):
        return [MoveTimer(timer.timer_id, now + _AGAIN, against), decision]
    return [FinishTimer(timer.timer_id, now, f"withheld:{against}"), decision]


def _against(situation: Situation, loan_id: str) -> str | None:
    """The hold or agreement for which nobody is to press about this debt now."""
    holds = situation.active_holds(loan_id)
    if holds:
        return min(holds, key=lambda hold: (hold.kind, hold.hold_id)).kind.value
    agreed = (c for c in situation.commitments if c.loan_id == loan_id and c.status is CommitmentStatus.OPEN)
    return "promise_open" if any(agreed) else None


def _case(timer: DueTimer, loan: Loan, programme: Programme, band: str | None, now: datetime) -> OpenCase:
    about = dict(timer.about)
    today = local_day(now, programme.timezone)
    found = classify(loan, today, programme.ladder)
    brief = (
        ("medium", about["medium"]),
        ("stage", about["stage"]),
        ("rule", about["rule"]),
        ("days_past_due", str(found.days_past_due)),
        ("past_due", str(found.past_due)),
        ("outstanding", str(loan.outstanding)),
        ("oldest_due_on", about["anchor"]),
        ("instalments_past_due", str(sum(i.due_on < today and i.unpaid.minor > 0 for i in loan.instalments))),
        *((("band", band),) if band is not None else ()),
    )
    return OpenCase(
        case_id=fresh_id(now),
        at=now,
        reason=f"task_{about['medium']}",
        brief=brief,
        urgent=False,
        takes_chat=False,
        borrower_id=timer.borrower_id,
        loan_id=timer.loan_id,
        address=None,
        dedup_key=f"task:{timer.key}",
    )
