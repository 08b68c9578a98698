"""What may be agreed for a loan on a day, and why: for each kind the row that holds or the rule against it, and the offers.

One value for machines, and the same as rows and sentences for people. Nothing is offered to anybody by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bot.domain.calendar import local_day
from bot.domain.commitments import DuePayment
from bot.domain.errors import ConfigurationProblems
from bot.domain.money import Money
from bot.negotiation.budget import Budget
from bot.negotiation.limits import Holding, LoanCase, NotAllowed, effective_limits
from bot.negotiation.offers import Offer, propose
from bot.policy.explain import explain
from bot.policy.ladder import classify
from bot.policy.windows import is_working_day
from bot.services.live import Live
from bot.services.ports import Storage
from bot.services.risk import score_of


@dataclass(frozen=True, slots=True)
class KindNow:
    """One kind of concession. `rule` and `place` are those of the row that holds, or would hold; None where none does."""

    kind: str
    allowed: bool
    reason: str
    sentence: str
    rule: str | None
    place: str | None
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfferNow:
    """An offer that would be made, the smallest concession first. `cost` is what it costs more than paying all today."""

    kind: str
    payments: tuple[DuePayment, ...]
    total: Money
    cost: Money
    forgone: Money
    last_due_on: date
    needs_approval: bool
    rule: str
    place: str


@dataclass(frozen=True, slots=True)
class LimitsExplanation:
    """`amount` is what an arrangement would be about; `budget` that of the month, None where the programme sets none."""

    loan_id: str
    programme: str
    policy_version: int
    on: date
    stage: str | None
    band: str | None
    amount: Money
    outstanding: Money
    rounds: int
    budget: Budget | None
    kinds: tuple[KindNow, ...]
    offers: tuple[OfferNow, ...]

    def sentences(self) -> Iterator[str]:
        """What stands above the tables."""
        yield f"Loan {self.loan_id}, programme {self.programme} version {self.policy_version}, on {self.on}."
        band = f", band {self.band}" if self.band is not None else ""
        yield f"Stage {self.stage or 'none'}{band}: about {self.amount} of {self.outstanding} outstanding."
        if self.budget is not None:
            yield f"Budget of the month {self.budget.limit}, available {self.budget.available}."
        yield f"After {self.rounds} counter-offers a person takes over."


async def explain_limits(storage: Storage, live: Live, loan_id: str, now: datetime) -> LimitsExplanation | None:
    """What may be agreed for a loan now; None for an unknown loan.

    Raises ConfigurationProblems where the loan's programme has no policy file: then nothing can be agreed."""
    ledger = await storage.ledger(loan_id)
    if ledger is None:
        return None
    loan = ledger.loan
    programme = live.programme(loan.programme)
    if programme is None:
        sentence = f"Loan {loan_id} names the programme {loan.programme}, which has no policy file: nothing is agreed."
        raise ConfigurationProblems([sentence])
    today = local_day(now, programme.timezone)
    situation = await storage.situation_of_borrower(loan.borrower_id, now)
    risk = score_of(ledger, programme, situation.commitments, today)
    # All that were ever made: the situation has the latest only, and what was used once per loan may be older.
    known = storage.commitments(borrower_id=loan.borrower_id)
    case = LoanCase(
        loan=loan,
        today=today,
        stage=classify(loan, today, programme.ladder).stage,
        band=risk.band if risk is not None else loan.risk,
        commitments=tuple([c async for c in known if c.loan_id == loan_id]),
        holds=frozenset(hold.kind for hold in situation.active_holds(loan_id)),
        # A waiver is a person's to grant so far, outside of the bot, so no commitment says what was given up.
        concessions=(),
    )
    region = programme.jurisdiction or (situation.borrower.region if situation.borrower is not None else None)
    terms = effective_limits(programme.limits, case, partial(is_working_day, region))
    return LimitsExplanation(
        loan_id=loan_id,
        programme=programme.programme_id,
        policy_version=programme.version,
        on=today,
        stage=case.stage,
        band=case.band,
        amount=terms.amount,
        outstanding=loan.outstanding,
        rounds=terms.rounds,
        budget=terms.budget,
        kinds=tuple(map(_kind, terms.rulings)),
        offers=tuple(map(_offer, propose(terms))),
    )


def _kind(ruling: Holding | NotAllowed) -> KindNow:
    limit = ruling.limit
    return KindNow(
        kind=ruling.kind.value,
        allowed=isinstance(ruling, Holding),
        reason=ruling.reason,
        sentence=explain(ruling),
        rule=limit.rule if limit is not None else None,
        place=str(limit.place) if limit is not None else None,
        facts=dict(ruling.facts),
    )


def _offer(offer: Offer) -> OfferNow:
    return OfferNow(
        kind=offer.kind.value,
        payments=offer.payments,
        total=offer.total,
        cost=offer.cost,
        forgone=offer.forgone,
        last_due_on=offer.last_due_on,
        needs_approval=offer.needs_approval,
        rule=offer.rule,
        place=str(offer.place),
    )
