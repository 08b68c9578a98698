"""Risk scorecard: points per fact, added up into a band, and one sentence that says how.

A band may choose a tone and a cadence (and what is offered), nothing else: the ladder, the holds and the gate never see it,
so no score can refuse anybody a right. A band that came with the loan book wins over what is reckoned here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.loan import Loan, Payment, with_payments
from bot.domain.money import Money

#: Facts that are counted: how often something happened.
COUNTS = ("missed_payments", "instalments_late", "promises_broken")
#: Facts in days: since the oldest unpaid part fell due, and since the first instalment of all did.
DAYS = ("days_past_due", "account_age_days")
#: The fact that is an amount.
AMOUNT = "past_due"
FACTS = (*COUNTS, *DAYS, AMOUNT)


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """Points for one fact from `first` to `last` (None: no bound), or for an amount from `least` on, by currency.

    With `each` the points count for every one of a counted fact, up to `most` points in all.
    """

    fact: str
    points: int
    each: bool = False
    most: int | None = None
    first: int | None = None
    last: int | None = None
    least: Mapping[str, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`bands` are names with the points from which each holds, rising from 0."""

    bands: tuple[tuple[str, int], ...]
    rules: tuple[ScoreRule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.bands)


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What a score may rest on, and nothing else about a person."""

    missed_payments: int
    instalments_late: int
    promises_broken: int
    days_past_due: int
    account_age_days: int
    past_due: Money


@dataclass(frozen=True, slots=True)
class Score:
    """A band and how it came about: `parts` are phrases with their points; `imported` where the loan book names the band.

    `unknown` is a band of the loan book that the scorecard does not have; it is told and otherwise ignored.
    """

    band: str
    points: int
    parts: tuple[tuple[str, int], ...] = ()
    imported: bool = False
    unknown: str | None = None

    def sentence(self) -> str:
        """As in: Band high: 45 points: 2 broken promises (30), 800.00 CNY past due (15)."""
        if self.imported:
            return f"Band {self.band}: it came with the loan book."
        told = ", ".join(f"{phrase} ({points})" for phrase, points in self.parts) or "nothing counts"
        ignored = f' The loan book says "{self.unknown}", which is no band of this programme.' if self.unknown else ""
        return f"Band {self.band}: {self.points} points: {told}.{ignored}"


def facts_of(loan: Loan, payments: Sequence[Payment], promises_broken: int, today: date) -> ScoreFacts:
    """The facts of one loan on the lender's day `today`. `payments` are all of the loan's."""
    late = [part for part in loan.instalments if part.due_on < today and part.unpaid.minor > 0]
    first = min((part.due_on for part in loan.instalments), default=today)
    return ScoreFacts(
        missed_payments=_missed(loan, payments, today),
        instalments_late=len(late),
        promises_broken=promises_broken,
        days_past_due=max(((today - part.due_on).days for part in late), default=0),
        account_age_days=max(0, (today - first).days),
        past_due=loan.past_due(today),
    )


def _missed(loan: Loan, payments: Sequence[Payment], today: date) -> int:
    """Instalments that were not fully paid on their day, whatever came later."""
    missed = 0
    for part in loan.instalments:
        if part.due_on < today:
            then = with_payments(loan, [payment for payment in payments if payment.paid_on <= part.due_on])
            missed += any(p.number == part.number and p.unpaid.minor > 0 for p in then.instalments)
    return missed


def score(card: Scorecard, facts: ScoreFacts, imported: str | None = None) -> Score:
    """The band of these facts. Fewer than 0 points are 0."""
    if imported in card.names:
        return Score(imported, 0, imported=True)
    parts = tuple((_phrase(rule.fact, facts), points) for rule in card.rules if (points := _points(rule, facts)) != 0)
    total = max(0, sum(points for _, points in parts))
    band = [name for name, least in card.bands if least <= total][-1]
    return Score(band, total, parts, unknown=imported)


def _points(rule: ScoreRule, facts: ScoreFacts) -> int:
    if rule.fact == AMOUNT:
        least = rule.least.get(facts.past_due.currency)
        return rule.points if least is not None and facts.past_due >= least else 0
    value: int = getattr(facts, rule.fact)
    if rule.each:
        points = value * rule.points
        return points if rule.most is None else min(points, rule.most)
    holds = (rule.first is None or value >= rule.first) and (rule.last is None or value <= rule.last)
    return rule.points if holds else 0


_PHRASES = {
    "missed_payments": ("1 payment missed or late", "{} payments missed or late"),
    "instalments_late": ("1 instalment past due", "{} instalments past due"),
    "promises_broken": ("1 broken promise", "{} broken promises"),
    "days_past_due": ("1 day past due", "{} days past due"),
    "account_age_days": ("first payment due 1 day ago", "first payment due {} days ago"),
}


def _phrase(fact: str, facts: ScoreFacts) -> str:
    if fact == AMOUNT:
        return f"{facts.past_due} past due"
    value: int = getattr(facts, fact)
    one, many = _PHRASES[fact]
    return one if value == 1 else many.replace("{}", str(value))
