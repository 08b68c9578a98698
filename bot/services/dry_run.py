"""Dry run: what the plan and the gate would say at an instant, without storing or sending anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime

from bot.domain.calendar import local_day
from bot.domain.delivery import MessageKind
from bot.domain.situation import Situation
from bot.policy.contact import may_contact
from bot.policy.explain import explain
from bot.policy.ladder import classify
from bot.policy.reminders import next_touch_after
from bot.services.borrower_day import BorrowerDay, PlannedRow, outcome_of
from bot.services.live import Live
from bot.services.plan_day import planned_loans
from bot.services.ports import Storage
from bot.services.risk import score_of
from bot.services.writes import EnterStage


async def dry_run(storage: Storage, live: Live, when: datetime | date, now: datetime) -> AsyncIterator[PlannedRow]:
    """Every message and task that would be planned at an instant, or on a day as its beginning plans it; streamed.

    Each comes sent or withheld, with its words. For a day ahead the days until then count as planned.
    """
    day = BorrowerDay(storage, live, when, now)
    for programme in live.programmes:
        async for candidate, _ in planned_loans(storage, programme, day.begins(programme)):
            first, rows = await day.rows(candidate.loan.borrower_id)
            if candidate.loan.loan_id == first:
                for row in rows:
                    yield row


async def explain_loan(storage: Storage, live: Live, loan_id: str, now: datetime) -> list[str]:
    """Where a loan stands and what comes next, in sentences; empty for an unknown loan."""
    ledger = await storage.ledger(loan_id)
    if ledger is None:
        return []
    loan = ledger.loan
    programme = live.programme(loan.programme)
    if programme is None:
        return [f"Loan {loan_id} names the programme {loan.programme}, which has no policy file: nothing is sent."]
    today = local_day(now, programme.timezone)
    found = classify(loan, today, programme.ladder)
    situation = await storage.situation_of_borrower(loan.borrower_id, now)
    anchor = f", counted from the instalment due on {found.anchor}" if found.anchor else ""
    risk = score_of(ledger, programme, situation.commitments, today)
    lines = [
        f"Loan {loan_id} of borrower {loan.borrower_id}, programme {programme.programme_id} version {programme.version}.",
        f"On {today} it is {found.days_past_due} days past due{anchor}: stage {found.stage or 'none'}.",
        f"Past due {found.past_due}, due by today {found.due_now}, outstanding {loan.outstanding}.",
        *([risk.sentence()] if risk is not None else []),
        *(_hold_line(situation)),
        *(f"Commitment {c.reference}: {c.kind}, {c.status}." for c in situation.commitments if c.loan_id == loan_id),
    ]
    policy = live.contact_policy_of(situation, loan_id)
    answer = may_contact(situation, loan_id, policy, now, MessageKind.REMINDER)
    lines.append(f"The gate now says {outcome_of(answer)}: {explain(answer)}")
    zone_name = situation.borrower.timezone if situation.borrower else None
    touch = next_touch_after(loan, programme, zone_name, now, risk.band if risk is not None else None)
    lines.append(f"Next: {touch.rule} at {touch.at.isoformat()}." if touch else "No reminder is to come.")
    return lines + [_stay(entry) for entry in await storage.stage_entries(loan_id)]


def _stay(entry: EnterStage) -> str:
    """One line of the history."""
    why = entry.reason.replace("_", " ")
    if entry.stage is None:
        return f"{entry.entered_on}: left its stage, because of: {why}."
    counted = f", counted from {entry.anchor}" if entry.anchor else ""
    return (
        f"{entry.entered_on}: stage {entry.stage}{counted}, because of: {why}; policy version {entry.policy_version}."
    )


def _hold_line(situation: Situation) -> list[str]:
    return [
        f"Held: {h.kind} since {h.starts_at:%Y-%m-%d}, {f'until {h.ends_at:%Y-%m-%d}' if h.ends_at else 'until ended'},"
        f" because {h.reason}."
        for h in situation.active_holds()
    ]
