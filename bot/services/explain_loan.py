"""Why a loan is where it is: its facts, the rule, the versions, what the gate would say now, and what comes next.

One value for machines, and the same as sentences for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment
from bot.domain.delivery import MessageKind
from bot.domain.errors import ConfigurationProblems
from bot.domain.holds import Hold
from bot.domain.money import Money
from bot.policy.contact import GateAnswer, may_contact
from bot.policy.explain import explain
from bot.policy.ladder import classify
from bot.policy.reminders import next_touch_after
from bot.services.borrower_day import outcome_of
from bot.services.live import Live
from bot.services.ports import Storage
from bot.services.risk import score_of
from bot.services.writes import EnterStage


@dataclass(frozen=True, slots=True)
class GateNow:
    """What the gate would say of a reminder now. `outcome` is send, defer or withhold."""

    policy: str
    outcome: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NextTouch:
    rule: str
    stage: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoanExplanation:
    """Where a loan stands on a day. `anchor` is the due date that every stage counts from; None: nothing is unpaid."""

    loan_id: str
    borrower_id: str
    programme: str
    policy_version: int
    on: date
    days_past_due: int
    anchor: date | None
    stage: str | None
    past_due: Money
    due_now: Money
    outstanding: Money
    risk: str | None
    holds: tuple[Hold, ...]
    commitments: tuple[Commitment, ...]
    gate: GateNow
    next: NextTouch | None
    history: tuple[EnterStage, ...]

    def sentences(self) -> Iterator[str]:
        """The same for people."""
        yield (
            f"Loan {self.loan_id} of borrower {self.borrower_id}, programme {self.programme} "
            f"version {self.policy_version}."
        )
        anchor = f", counted from the instalment due on {self.anchor}" if self.anchor else ""
        yield f"On {self.on} it is {self.days_past_due} days past due{anchor}: stage {self.stage or 'none'}."
        yield f"Past due {self.past_due}, due by today {self.due_now}, outstanding {self.outstanding}."
        if self.risk is not None:
            yield self.risk
        yield from (_held(hold) for hold in self.holds)
        yield from (f"Commitment {c.reference}: {c.kind}, {c.status}." for c in self.commitments)
        yield f"The gate now says {self.gate.outcome}: {self.gate.sentence}"
        yield f"Next: {self.next.rule} at {self.next.at.isoformat()}." if self.next else "No reminder is to come."
        yield from (_stay(entry) for entry in self.history)


async def explain_loan(storage: Storage, live: Live, loan_id: str, now: datetime) -> LoanExplanation | None:
    """Where a loan stands and what comes next; None for an unknown loan.

    Raises ConfigurationProblems where the loan's programme has no policy file: then nothing is sent about it."""
    ledger = await storage.ledger(loan_id)
    if ledger is None:
        return None
    loan = ledger.loan
    programme = live.programme(loan.programme)
    if programme is None:
        sentence = f"Loan {loan_id} names the programme {loan.programme}, which has no policy file: nothing is sent."
        raise ConfigurationProblems([sentence])
    today = local_day(now, programme.timezone)
    found = classify(loan, today, programme.ladder)
    situation = await storage.situation_of_borrower(loan.borrower_id, now)
    risk = score_of(ledger, programme, situation.commitments, today)
    policy = live.contact_policy_of(situation, loan_id)
    answer = may_contact(situation, loan_id, policy, now, MessageKind.REMINDER)
    zone_name = situation.borrower.timezone if situation.borrower else None
    touch = next_touch_after(loan, programme, zone_name, now, risk.band if risk is not None else None)
    return LoanExplanation(
        loan_id=loan_id,
        borrower_id=loan.borrower_id,
        programme=programme.programme_id,
        policy_version=programme.version,
        on=today,
        days_past_due=found.days_past_due,
        anchor=found.anchor,
        stage=found.stage,
        past_due=found.past_due,
        due_now=found.due_now,
        outstanding=loan.outstanding,
        risk=risk.sentence() if risk is not None else None,
        holds=situation.active_holds(loan_id),
        commitments=tuple(c for c in situation.commitments if c.loan_id == loan_id),
        gate=_gate(policy.policy_id, answer),
        next=NextTouch(touch.rule, touch.stage, touch.at) if touch else None,
        history=tuple(await storage.stage_entries(loan_id)),
    )


def _gate(policy_id: str, answer: GateAnswer) -> GateNow:
    return GateNow(policy_id, outcome_of(answer), answer.reason, explain(answer))


def _stay(entry: EnterStage) -> str:
    """One line of the history."""
    why = entry.reason.replace("_", " ")
    if entry.stage is None:
        return f"{entry.entered_on}: left its stage, because of: {why}."
    counted = f", counted from {entry.anchor}" if entry.anchor else ""
    return (
        f"{entry.entered_on}: stage {entry.stage}{counted}, because of: {why}; policy version {entry.policy_version}."
    )


def _held(hold: Hold) -> str:
    end = f"until {hold.ends_at:%Y-%m-%d}" if hold.ends_at else "until ended"
    return f"Held: {hold.kind} since {hold.starts_at:%Y-%m-%d}, {end}, because {hold.reason}."
