"""Facts: the value of every field of the closed list, read from a turn and nowhere else. What is not known is None.

Numbers come from the ledger, the programme and the borrower's own words; nothing here guesses or rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.dialog.known_answers import NO_ANSWERS, Answer, Answers, Jurisdiction
from bot.dialog.ledger import Ledger, loan_mark, open_promise
from bot.dialog.script import Script
from bot.dialog.state import SlotJson
from bot.domain.borrower import Borrower
from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentKind
from bot.domain.delinquency import Delinquency
from bot.domain.errors import MoneyError
from bot.domain.holds import HoldKind
from bot.domain.legal_facts import LEGAL_FACTS
from bot.domain.loan import Instalment, Loan
from bot.domain.money import Money, parse_money
from bot.domain.situation import Situation
from bot.policy.contact import ContactPolicy
from bot.policy.legal_facts import known_facts, place_of
from bot.policy.programme import Programme
from bot.policy.reminders import next_touch_after
from bot.texts.languages import native_name
from bot.texts.messages import DayInYear, Parameter, Words

#: Holds during which the bot says nothing of courts, of who owes, or of plans.
_PEOPLES = frozenset({HoldKind.DISPUTE, HoldKind.MORATORIUM, HoldKind.ATTORNEY, HoldKind.DECEASED, HoldKind.MINOR})

#: After so many wrong answers a person proves who somebody is.
MOST_PROOF_ATTEMPTS = 3

#: How long a promise may be taken back by its maker without asking.
UNDO = timedelta(minutes=15)

#: How long somebody who is first asked for a debt has to say that they do not agree with it.
TO_DISPUTE = timedelta(days=30)

Value = Parameter | bool | None


def typed_slot(type: str, value: SlotJson) -> Value:
    """A slot's exchange form as the value it stands for; None where it is none."""
    if value is None or type == "yes_no":
        return bool(value) if value is not None else None
    try:
        if type == "amount":
            return parse_money(str(value))
        if type == "date":
            return date.fromisoformat(str(value))
        if type in ("days", "instalments"):
            return int(value)
    except (MoneyError, ValueError):
        return None
    return str(value)


@dataclass(frozen=True)
class Facts:
    """Everything that sentences and conditions may read at one point of a turn.

    `values` are those that only the engine knows: slots, the row of a list, the topic of a return, what became of a link.
    `commitment` is the promise a message is about; else it is the loan's open one.
    """

    script: Script
    ledger: Ledger
    values: Mapping[str, Value] = field(default_factory=dict)
    claimed: Borrower | None = None  # whom the deep link just opened belongs to
    commitment: Commitment | None = None
    policy: ContactPolicy | None = None  # what must be said, by the rules that hold for the borrower
    approved: frozenset[str] = frozenset()  # what of places' facts and texts somebody approved

    def read(self, name: str) -> Value:
        """A field's value, or None where it is not known."""
        if name in self.values:
            return self.values[name]
        reader = READERS.get(name)
        if reader is None and name in LEGAL_FACTS:
            place = self.jurisdiction
            return known_facts(place.facts, self.approved).get(name) if place else None
        return reader(self) if reader else None

    def parameter(self, name: str) -> Parameter | None:
        """A field as a message takes it: days of another year show their year, flags say nothing."""
        value = self.read(name)
        if value is None or isinstance(value, bool):
            return None
        if isinstance(value, date) and value.year != self.today.year:
            return DayInYear(value)
        return value

    def rows(self, name: str) -> Iterable[Facts]:
        """The facts of each row of a list."""
        return LISTS_OF[name](self)

    def with_values(self, values: Mapping[str, Value]) -> Facts:
        return replace(self, values={**self.values, **values})

    def of_loan(self, loan_id: str) -> Facts:
        return replace(self, ledger=replace(self.ledger, about=loan_id))

    def label(self, name: str) -> Parameter:
        """The word for a code, from the script's `labels`; the code itself where there is none, as a lender wrote it."""
        step = self.script.message("labels", name)
        return Words(step.lines[0].sentence.with_values(())) if step else name.replace("_", " ")

    @property
    def situation(self) -> Situation:
        return self.ledger.situation

    @property
    def loan(self) -> Loan | None:
        return self.ledger.loan

    @property
    def programme(self) -> Programme | None:
        return self.ledger.programme

    @property
    def today(self) -> date:
        return self.ledger.today

    @property
    def borrower(self) -> Borrower | None:
        return self.claimed or self.situation.borrower

    @property
    def verified(self) -> bool:
        return self.situation.conversation is not None and self.situation.conversation.verified

    @property
    def promise(self) -> Commitment | None:
        return self.commitment or open_promise(self.situation, self.loan.loan_id if self.loan else None)

    @property
    def answers(self) -> Answers:
        return self.script.answers or NO_ANSWERS

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The place whose law holds for the loan and its borrower, where that is one place."""
        made_in = self.programme.jurisdiction if self.programme and self.loan else None
        lives_in = self.situation.borrower.region if self.situation.borrower else None
        code = place_of((made_in, lives_in), self.answers.served)
        return self.answers.places[code] if code else None

    def flow_of_answer(self, answer: Answer) -> str:
        """The flow that says an answer here: in the place's own words only where they are approved."""
        place = self.jurisdiction
        text = place.texts.get(answer.id) if place else None
        return f"{answer.context}.{place.code}" if place and text and text.digest in self.approved else answer.context

    @property
    def for_people(self) -> bool:
        """What the law says of this loan is a person's to tell: it is too old, questioned, or protected."""
        loan = self.loan
        return (loan is not None and loan.time_barred) or any(h.kind in _PEOPLES for h in self.situation.active_holds())

    def hold_until(self, kind: HoldKind) -> date | None:
        ends = [h.ends_at for h in self.situation.active_holds() if h.kind is kind and h.ends_at]
        return local_day(max(ends), self.programme.timezone) if ends and self.programme else None


def proofs_of(borrower: Borrower | None) -> tuple[str, ...]:
    """How this borrower may prove who they are, the easiest first."""
    if borrower is None:
        return ()
    facts = borrower.identity
    known = (("contact", facts.phone), ("birth_date", facts.birth_date), ("id_last4", facts.id_last4))
    return tuple(name for name, value in known if value)


def _attempts(facts: Facts) -> int:
    # A link that has just been opened starts a new binding, whose attempts are counted from nothing.
    conversation = facts.situation.conversation
    return conversation.proof_attempts if conversation and facts.claimed is None else 0


def _delinquency(read: Callable[[Delinquency], Value]) -> Callable[[Facts], Value]:
    def reader(facts: Facts) -> Value:
        delinquency = facts.ledger.delinquency
        return None if delinquency is None else read(delinquency)

    return reader


def _loan(read: Callable[[Loan, Facts], Value]) -> Callable[[Facts], Value]:
    return lambda facts: None if facts.loan is None else read(facts.loan, facts)


def _promise(read: Callable[[Commitment, Facts], Value]) -> Callable[[Facts], Value]:
    return lambda facts: None if facts.promise is None else read(facts.promise, facts)


def _next(loan: Loan, facts: Facts) -> Instalment | None:
    return loan.next_due(facts.today)


def _laid_down(read: Callable[[Programme, Facts], Value]) -> Callable[[Facts], Value]:
    """What the programme of the loan says; of a stranger, only what all programmes say alike."""

    def reader(facts: Facts) -> Value:
        programmes = (facts.programme,) if facts.situation.loans else facts.ledger.programmes
        said = {read(programme, facts) for programme in programmes if programme is not None}
        return said.pop() if len(said) == 1 else None

    return reader


def _late_on(facts: Facts, days: int | None) -> date | None:
    """The day on which what is unpaid now is so many days late."""
    oldest = facts.loan.oldest_unpaid if facts.loan else None
    return oldest.due_on + timedelta(days=days) if oldest and days is not None else None


def _next_reminder(loan: Loan, facts: Facts) -> date | None:
    """The day of the next reminder if nothing changes; None while a hold or an open promise keeps reminders back."""
    situation, programme = facts.situation, facts.programme
    if programme is None or situation.active_holds(loan.loan_id) or open_promise(situation, loan.loan_id):
        return None
    zone = (facts.borrower.timezone if facts.borrower else None) or programme.timezone
    planned = next_touch_after(loan, programme, zone, situation.now)
    return local_day(planned.at, zone) if planned else None


def _half(amount: Money | None) -> Money | None:
    return None if amount is None else amount.split(2)[0]


def _number(loan: Loan, facts: Facts) -> str:
    """The end of a loan's id, by which its owner knows it; all of it where another loan ends alike."""
    end = loan.loan_id[-4:]
    alike = [other for other in facts.situation.loans if other.loan_id.endswith(end)]
    return loan.loan_id if len(alike) > 1 else end


def _last_day(promise: Commitment, facts: Facts) -> date | None:
    return promise.last_due_on + timedelta(days=facts.programme.promise.grace_days) if facts.programme else None


READERS: Mapping[str, Callable[[Facts], Value]] = {
    "lender": lambda f: f.programme.lender if f.programme else None,
    "language_name": lambda f: native_name(c.language) if (c := f.situation.conversation) and c.language else None,
    "today": lambda f: f.today,
    "yesterday": lambda f: f.today - timedelta(days=1),
    "borrower_name": lambda f: f.borrower.name if f.borrower else None,
    "verified": lambda f: f.verified,
    "bound": lambda f: f.situation.conversation is not None and f.situation.conversation.borrower_id is not None,
    "proof": lambda f: next(iter(proofs_of(f.borrower)), "none"),
    "known_birth_date": lambda f: "birth_date" in proofs_of(f.borrower),
    "known_id": lambda f: "id_last4" in proofs_of(f.borrower),
    "proof_locked": lambda f: _attempts(f) >= MOST_PROOF_ATTEMPTS,
    "tries_left": lambda f: max(0, MOST_PROOF_ATTEMPTS - _attempts(f)),
    "has_loan": lambda f: bool(f.ledger.open_loans),
    "loan_count": lambda f: len(f.ledger.open_loans),
    "loan_number": _loan(_number),
    "loan_mark": _loan(lambda loan, _: loan_mark(loan.loan_id)),
    "stage": _delinquency(lambda d: d.stage),
    "days_past_due": _delinquency(lambda d: d.days_past_due),
    "days_to_due": _delinquency(lambda d: d.days_to_due),
    "due_on": lambda f: f.ledger.bill[0].due_on if f.ledger.bill else None,
    "next_due_on": _loan(lambda loan, f: i.due_on if (i := _next(loan, f)) else None),
    "next_due_amount": _loan(lambda loan, f: i.unpaid if (i := _next(loan, f)) else None),
    "next_reminder_on": _loan(_next_reminder),
    "due_now": _delinquency(lambda d: d.due_now),
    "past_due": _delinquency(lambda d: d.past_due),
    "past_due_parts": lambda f: sum(i.due_on < f.today for i in f.ledger.bill),
    "outstanding": _loan(lambda loan, _: loan.outstanding),
    "payable": lambda f: f.ledger.payable,
    "half_payable": lambda f: _half(f.ledger.payable),
    "bill_principal": lambda f: f.ledger.sum_of(lambda i: i.principal),
    "bill_interest": lambda f: f.ledger.sum_of(lambda i: i.interest),
    "bill_fees": lambda f: f.ledger.sum_of(lambda i: i.fees),
    "bill_late_fees": lambda f: f.ledger.sum_of(lambda i: i.late_fees),
    "bill_paid": lambda f: f.ledger.sum_of(lambda i: i.paid),
    "bill_total": lambda f: f.ledger.payable,
    "has_next_steps": lambda f: any(True for _ in f.rows("next_steps")),
    "lender_grace_days": _laid_down(lambda p, _: p.facts.grace_days),
    "lender_posting_days": _laid_down(lambda p, _: p.facts.posting_days),
    "lender_report_days": _laid_down(lambda p, _: p.facts.report_days),
    "lender_update_days": _laid_down(lambda p, _: p.facts.update_days),
    "lender_reports_to": _laid_down(lambda p, _: p.facts.reports_to),
    "lender_late_fee": _laid_down(lambda p, _: p.facts.late_fee),
    "lender_total_rate": _laid_down(lambda p, _: p.facts.total_rate),
    "lender_part_payments": _laid_down(lambda p, _: p.facts.part_payments),
    "lender_complaint_days": _laid_down(lambda p, _: p.facts.complaint_days),
    "lender_licence": _laid_down(lambda p, _: p.facts.licence),
    "lender_agency": _laid_down(lambda p, _: p.facts.agency),
    "lender_allocation": _laid_down(lambda p, _: p.facts.allocation),
    "lender_hours": _laid_down(lambda p, _: p.facts.hours or dict(p.help.lines).get("hours")),
    "lender_report_on": _laid_down(lambda p, f: _late_on(f, p.facts.report_days)),
    "time_barred": lambda f: f.loan is not None and f.loan.time_barred,
    "has_promise": lambda f: f.promise is not None,
    "promise_count": lambda f: sum(c.kind is CommitmentKind.PROMISE for c in f.situation.commitments),
    "promise_fresh": _promise(lambda c, f: f.situation.now - c.made_at <= UNDO),
    "undo_minutes": lambda f: UNDO // timedelta(minutes=1),
    "promise_amount": _promise(lambda c, _: c.total),
    "promise_day": _promise(lambda c, _: c.last_due_on),
    "promise_reference": _promise(lambda c, _: c.reference),
    "promise_last_day": _promise(_last_day),
    "dispute_by": lambda f: f.today + TO_DISPUTE,
    "plan_cost": _promise(lambda c, _: c.cost),
    "has_ways_to_pay": lambda f: bool(f.programme and f.programme.ways_to_pay),
    "has_help": lambda f: bool(f.programme and f.programme.help.lines),
    "stopped": lambda f: f.situation.held(HoldKind.STOP),
    "paused": lambda f: f.situation.held(HoldKind.PAUSED),
    "hold_until": lambda f: f.hold_until(HoldKind.PAUSED),
}


def _loan_rows(facts: Facts) -> Iterable[Facts]:
    return [facts.of_loan(loan.loan_id) for loan in facts.ledger.open_loans]


def _way_rows(facts: Facts) -> Iterable[Facts]:
    ways = facts.programme.ways_to_pay if facts.programme else ()
    return [
        facts.with_values({"pay_label": facts.label(name), "pay_value": value})
        for way in ways
        for name, value in way.lines
    ]


def _help_rows(facts: Facts) -> Iterable[Facts]:
    lines = facts.programme.help.lines if facts.programme else ()
    return [facts.with_values({"help_label": facts.label(name), "help_value": value}) for name, value in lines]


def _promise_rows(facts: Facts) -> Iterable[Facts]:
    made = sorted(facts.situation.commitments, key=lambda c: c.made_at, reverse=True)[:5]
    return [
        replace(facts.of_loan(c.loan_id), commitment=c).with_values(
            {"promise_status": facts.label(f"status_{c.status}")}
        )
        for c in made
    ]


#: At most so many steps of what comes next are told: further off, all may be different.
MOST_NEXT_STEPS = 2


def _next_step_rows(facts: Facts) -> Iterable[Facts]:
    """What comes when where the loan stays unpaid, from the programme alone: how reminders change, people, the register."""
    programme = facts.programme
    if facts.loan is None or programme is None:
        return []
    comes: dict[str, date] = {}
    for stage in sorted(programme.ladder.stages, key=lambda stage: stage.first):
        on = _late_on(facts, stage.first)
        word = "person" if stage.for_people else stage.tone
        if on and on > facts.today and stage.first > 0 and word != _tone_now(facts):
            comes.setdefault(f"next_{word}", on)
    on = _late_on(facts, programme.facts.report_days)
    if on and on > facts.today and programme.facts.reports_to:
        comes["next_report"] = on
    told = sorted(comes.items(), key=lambda step: step[1])[:MOST_NEXT_STEPS]
    return [facts.with_values({"next_step_on": on, "next_step": facts.label(name)}) for name, on in told]


def _tone_now(facts: Facts) -> str | None:
    delinquency = facts.ledger.delinquency
    stage = delinquency.stage if delinquency else None
    return facts.programme.tone_of(stage) if facts.programme and stage else None


def _complaint_rows(facts: Facts) -> Iterable[Facts]:
    routes = facts.policy.complaints if facts.policy else ()
    return [facts.with_values({"complaint_route": route}) for route in routes]


def _crisis_rows(facts: Facts) -> Iterable[Facts]:
    lines = facts.policy.crisis_lines if facts.policy else ()
    return [facts.with_values({"crisis_line": line}) for line in lines]


LISTS_OF: Mapping[str, Callable[[Facts], Iterable[Facts]]] = {
    "loans": _loan_rows,
    "ways_to_pay": _way_rows,
    "help": _help_rows,
    "promises": _promise_rows,
    "complaint_routes": _complaint_rows,
    "crisis_lines": _crisis_rows,
    "next_steps": _next_step_rows,
}
