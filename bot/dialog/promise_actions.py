"""Actions about promises: what is accepted comes from the programme's rules, is recorded once confirmed, and may be taken back."""

from __future__ import annotations

from datetime import date, timedelta

from bot.dialog.asked import REFERENCE, Asked, Done
from bot.dialog.effects import ChangeCommitment, Effect, RecordCommitment, ScheduleFollowUp
from bot.dialog.facts import UNDO, Facts
from bot.dialog.ledger import loan_mark, open_promise
from bot.dialog.state import SlotJson
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus, DuePayment
from bot.domain.loan import Loan
from bot.domain.money import Money
from bot.negotiation.promises import PromiseAccepted, PromiseRefused, SaidPromise, promise_choices, propose_promise
from bot.policy.programme import Programme
from bot.policy.promises import promise_timers
from bot.texts.messages import Parameter

REFUSALS = (
    "day_missing",
    "no_amount",
    "amount_too_small",
    "amount_too_large",
    "day_past",
    "day_too_late",
    "other_currency",
    "nothing_due",
    "too_many_open",
    "too_many_broken",
)

#: What a script that asks all the same hears instead: here too a person decides.
_HEARD_AS = {"time_barred": "too_many_open"}

#: What has to be asked again where a rule refuses it.
_FORGET = {
    "no_amount": ("amount",),
    "amount_too_small": ("amount",),
    "amount_too_large": ("amount",),
    "other_currency": ("amount",),
    "day_past": ("day",),
    "day_too_late": ("day",),
}


def _said(asked: Asked) -> SaidPromise:
    day, amount = asked.facts.read("day"), asked.facts.read("amount")
    return SaidPromise(
        due_on=day if isinstance(day, date) else None,
        amount=amount if isinstance(amount, Money) else None,
    )


def _proposal(asked: Asked, loan: Loan, programme: Programme) -> PromiseAccepted | PromiseRefused:
    """What the rules say, as if the promise that this one replaces were not there."""
    old = open_promise(asked.facts.situation, loan.loan_id)
    others = tuple(c for c in asked.facts.situation.commitments if c is not old)
    return propose_promise(loan, programme.promise, _said(asked), asked.facts.today, others)


def propose(asked: Asked) -> Done:
    loan, programme = asked.facts.loan, asked.facts.programme
    if loan is None:
        return Done("nothing_due")
    if programme is None:
        return Done("too_many_open")  # no rule for promises is known, so none may be made; a person goes on from there
    proposal = _proposal(asked, loan, programme)
    if isinstance(proposal, PromiseRefused):
        nearest = _payment_slots(proposal.nearest, programme, "nearest_") if proposal.nearest else ()
        heard = _HEARD_AS.get(proposal.reason, proposal.reason)
        return Done(heard, slots=nearest, forget=_FORGET.get(proposal.reason, ()))
    slots = (*_payment_slots(proposal.payment, programme, ""), *_meanwhile(asked.facts, proposal.payment))
    return Done("accepted", slots=slots)


def _meanwhile(facts: Facts, payment: DuePayment) -> tuple[tuple[str, SlotJson], ...]:
    """What else becomes due up to the promised day and is not paid by it, and from which day on; None where nothing does."""
    loan, payable = facts.loan, facts.ledger.payable
    others = [
        i
        for i in (loan.instalments if loan else ())
        if i.unpaid.minor > 0 and i not in facts.ledger.bill and i.due_on <= payment.due_on
    ]
    more = sum(i.unpaid.minor for i in others)
    covered = payable is not None and payment.amount.minor >= payable.minor + more
    if not others or covered:
        return (("meanwhile_amount", None), ("meanwhile_day", None))
    first = min(i.due_on for i in others)
    return (
        ("meanwhile_amount", str(Money(more, payment.amount.currency))),
        ("meanwhile_day", first.isoformat()),
    )


def _payment_slots(payment: DuePayment, programme: Programme, prefix: str) -> tuple[tuple[str, SlotJson], ...]:
    last = payment.due_on + timedelta(days=programme.promise.grace_days)
    own = (("last_day", last.isoformat()),) if not prefix else ()
    return ((f"{prefix}amount", str(payment.amount)), (f"{prefix}day", payment.due_on.isoformat()), *own)


def record(asked: Asked) -> Done:
    loan, programme = asked.facts.loan, asked.facts.programme
    if loan is None or programme is None:
        return Done("changed")
    proposal = _proposal(asked, loan, programme)
    # The card may be a day old: what was confirmed is recorded only if it is still, to the byte, what would be offered.
    if isinstance(proposal, PromiseRefused) or asked.slots.get("confirmed") is not True:
        return Done("changed", forget=("confirmed",))
    old = open_promise(asked.facts.situation, loan.loan_id)
    made = _commitment(asked, loan, proposal.payment, old)
    superseded = (
        (
            ChangeCommitment(
                old.commitment_id, old.status, CommitmentStatus.SUPERSEDED, f"superseded_by:{made.reference}"
            ),
        )
        if old
        else ()
    )
    return Done(
        "recorded", (*superseded, RecordCommitment(made), *_timers(asked, made, programme)), forget=("confirmed",)
    )


def _commitment(asked: Asked, loan: Loan, payment: DuePayment, old: Commitment | None) -> Commitment:
    turn, conversation = asked.turn, asked.facts.situation.conversation
    posted = [p.amount.minor for p in turn.payments if p.loan_id == loan.loan_id]
    paid = sum(posted) if posted else sum(i.paid.minor for i in loan.instalments)
    return Commitment(
        commitment_id=turn.fresh_id,
        reference=turn.reference,
        kind=CommitmentKind.PROMISE,
        status=CommitmentStatus.OPEN,
        loan_id=loan.loan_id,
        borrower_id=loan.borrower_id,
        payments=(payment,),
        cost=Money.zero(loan.currency),
        made_at=turn.now,
        channel=conversation.address.channel if conversation else "",
        policy_version=turn.script_version,
        script_version=turn.script_version,
        paid_before=Money(paid, loan.currency),
        supersedes=old.commitment_id if old else None,
    )


def _timers(asked: Asked, made: Commitment, programme: Programme) -> tuple[Effect, ...]:
    borrower = asked.facts.borrower
    zone = (borrower.timezone if borrower else None) or programme.timezone
    about = (("commitment_id", made.commitment_id), ("reference", made.reference))
    return tuple(
        ScheduleFollowUp(f"{timer.kind}:{made.commitment_id}", timer.kind, timer.at, made.loan_id, about)
        for timer in promise_timers(made, programme.promise, zone, programme.reminders.hour)
    )


def withdraw(asked: Asked) -> Done:
    promise = asked.facts.promise
    if promise is None or promise.status is not CommitmentStatus.OPEN:
        return Done("none")
    if asked.turn.now - promise.made_at > UNDO:
        return Done("too_late")
    change = ChangeCommitment(
        promise.commitment_id, promise.status, CommitmentStatus.WITHDRAWN, "withdrawn_by_borrower"
    )
    # It is no longer open, but it is the one that the rest of the flow speaks of.
    return Done("withdrawn", (change,), slots=((REFERENCE, promise.reference),))


def newest(asked: Asked) -> Done:
    """The newest open promise is what the rest of the flow, and of the talk, is about."""
    promise = open_promise(asked.facts.situation, None)
    if promise is None:
        return Done("past" if asked.facts.read("promise_count") else "none")
    about = (("loan", loan_mark(promise.loan_id)),)
    return Done("open", slots=((REFERENCE, promise.reference),), remember=about)


def days_to_choose(facts: Facts, _languages: tuple[str, ...]) -> tuple[tuple[SlotJson, Parameter], ...]:
    if facts.loan is None or facts.programme is None:
        return ()
    old = open_promise(facts.situation, facts.loan.loan_id)
    others = tuple(c for c in facts.situation.commitments if c is not old)
    offered = promise_choices(facts.loan, facts.programme.promise, facts.today, others)
    return tuple((p.due_on.isoformat(), p.due_on) for p in offered)
