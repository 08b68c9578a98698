"""Dry run: what the plan and the gate would say at an instant, without storing or sending anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.dialog.compose import reminder_message, render_say, with_statements
from bot.domain.calendar import instant_of, local_day
from bot.domain.delivery import MessageKind
from bot.domain.situation import Situation
from bot.policy.contact import Allowed, DeferredUntil, GateAnswer, may_contact
from bot.policy.explain import explain
from bot.policy.ladder import classify
from bot.policy.reminders import next_touch_after
from bot.services.live import Live
from bot.services.plan_day import planned_loans
from bot.services.ports import Storage
from bot.services.risk import score_of
from bot.services.writes import EnterStage


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One reminder of a day. `outcome` is send, defer or withhold; `at` is when it would go or was to go.

    `why` is the reason as a sentence for people.
    """

    at: datetime
    borrower_id: str
    loan_id: str
    stage: str
    rule: str
    outcome: str
    reason: str
    why: str
    text: str | None = None


async def dry_run(storage: Storage, live: Live, when: datetime | date) -> AsyncIterator[PlannedRow]:
    """Every reminder that would be planned at an instant, or on a day as its beginning plans it; streamed.

    Each comes sent or withheld, with its words. A day begins when it begins for the programme's lender.
    """
    for programme in live.programmes:
        now = when if isinstance(when, datetime) else instant_of(when, time.min, programme.timezone)
        async for candidate, plan in planned_loans(storage, programme, now):
            for skipped in plan.withheld:
                yield PlannedRow(
                    now,
                    skipped.borrower_id,
                    skipped.loan_id,
                    skipped.stage,
                    skipped.rule,
                    "withhold",
                    skipped.reason,
                    explain(skipped),
                )
            for reminder in plan.due:
                situation = replace(await storage.situation_of_borrower(reminder.borrower_id, now), now=reminder.at)
                policy = live.contact_policy_of(situation, reminder.loan_id)
                answer = may_contact(
                    situation,
                    reminder.loan_id,
                    policy,
                    reminder.at,
                    MessageKind.REMINDER,
                    not_after=reminder.not_after,
                )
                loan = candidate.loan
                delinquency = classify(loan, local_day(reminder.at, programme.timezone), programme.ladder)
                say = reminder_message(live.script, loan, delinquency, situation, programme, reminder.at)
                say = with_statements(say, live.script, policy, situation, programme)
                language = live.language_of(situation.conversation)
                text = render_say(say, live.catalogs, language, lambda _choice, _place: "-").text
                yield PlannedRow(
                    answer.until if isinstance(answer, DeferredUntil) else reminder.at,
                    reminder.borrower_id,
                    reminder.loan_id,
                    reminder.stage,
                    reminder.rule,
                    _outcome(answer),
                    answer.reason,
                    explain(answer),
                    None if _outcome(answer) == "withhold" else text,
                )


def _outcome(answer: GateAnswer) -> str:
    if isinstance(answer, Allowed):
        return "send"
    return "defer" if isinstance(answer, DeferredUntil) else "withhold"


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
    lines.append(f"The gate now says {_outcome(answer)}: {explain(answer)}")
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
