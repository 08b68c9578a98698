"""The calendar of one loan: its forecast under a version of the policies, with what one must know to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from bot.domain.calendar import instant_of, local_day
from bot.domain.situation import Situation
from bot.policy.forecast import ForecastDay, forecast
from bot.services.live import Live
from bot.services.ports import Storage
from bot.services.risk import score_of


@dataclass(frozen=True, slots=True)
class LoanCalendar:
    title: str
    about: tuple[str, ...]
    days: tuple[ForecastDay, ...]


async def calendar_of(storage: Storage, live: Live, loan_id: str, begin: datetime) -> LoanCalendar | None:
    """What the loan will see from `begin` on; a wall clock without a zone is the programme's. None: no such loan or programme."""
    ledger = await storage.ledger(loan_id)
    programme = live.programme(ledger.loan.programme) if ledger is not None else None
    if ledger is None or programme is None:
        return None
    loan = ledger.loan
    now = begin if begin.tzinfo is not None else instant_of(begin.date(), time(), programme.timezone)
    situation = await storage.situation_of_borrower(loan.borrower_id, now)
    policy = live.contact_policy_of(situation, loan_id)
    risk = score_of(ledger, programme, situation.commitments, local_day(now, programme.timezone))
    about = (
        f"Programme {programme.programme_id}: {programme.title}. Contact policy {policy.policy_id}.",
        f"Outstanding {loan.outstanding}. Drawn as if nothing were paid or said and every message could be delivered.",
        *_held(situation, loan_id),
        *([risk.sentence()] if risk is not None else []),
    )
    days = forecast(situation, loan, programme, policy, now, risk.band if risk is not None else None)
    return LoanCalendar(f"Loan {loan_id} from {days[0].on}", about, days)


def _held(situation: Situation, loan_id: str) -> tuple[str, ...]:
    return tuple(
        f"Held: {hold.kind} until {f'{hold.ends_at:%Y-%m-%d}' if hold.ends_at else 'a person ends it'}."
        for hold in situation.active_holds(loan_id)
    )
