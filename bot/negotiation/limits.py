"""Effective limits: for one loan on one day, which row of the programme holds for each kind of concession, or why none does.

Nothing is offered here; `bot.negotiation.offers` makes offers out of what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus
from bot.domain.holds import HoldKind
from bot.domain.limits import Forbearance, InstalmentsLimit, Limit, Limits, SettlementLimit, WaiverLimit
from bot.domain.loan import Loan, LoanStatus
from bot.domain.money import Money
from bot.negotiation.budget import Budget, Concession, budget_of
from bot.negotiation.promises import asked_for
from bot.negotiation.schedule import Rhythm, WorkingDay
from bot.negotiation.shares import forgone_by, least_down, least_part

Facts = tuple[tuple[str, str], ...]

#: While one of these holds, a person looks after the debt and nothing is agreed by the bot. A wish about messages is none.
PROTECTIVE = (
    HoldKind.DECEASED,
    HoldKind.MINOR,
    HoldKind.ATTORNEY,
    HoldKind.MORATORIUM,
    HoldKind.WRONG_PERSON,
    HoldKind.DISPUTE,
    HoldKind.VULNERABLE,
    HoldKind.HARDSHIP,
    HoldKind.COMPLAINT,
    HoldKind.PAID_CLAIM,
    HoldKind.HUMAN_HOLDS,
)

_UNUSED = frozenset(
    {CommitmentStatus.PROPOSED, CommitmentStatus.WITHDRAWN, CommitmentStatus.DECLINED, CommitmentStatus.SUPERSEDED}
)


@dataclass(frozen=True, slots=True)
class Holding:
    """The row that holds. `used` of its `times` are used up."""

    kind: Forbearance
    limit: Limit
    used: int
    reason: str = "limit_holds"
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Why nothing of this kind can be agreed now. `limit` is the row that would hold, where there is one."""

    kind: Forbearance
    reason: str
    facts: Facts = ()
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class LoanCase:
    """What is known of a loan on the lender's day `today`. `commitments` are all of the loan, open and past.

    `holds` are those active now, `concessions` those of the whole programme that count towards its monthly budget.
    """

    loan: Loan
    today: date
    stage: str | None = None
    band: str | None = None
    commitments: tuple[Commitment, ...] = ()
    holds: frozenset[HoldKind] = frozenset()
    concessions: tuple[Concession, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectiveLimits:
    """All that an offer for one loan is made of. `amount` is what it would be about: all that is due, else what is due next.

    Days are counted from `base`: the due date where it is to come, else the day on which the arrangement was first made.
    `replaces` is the open arrangement that an offer would change. `suits` tells on which days payments may be agreed.
    """

    loan: Loan
    today: date
    amount: Money
    base: date
    rounds: int
    rulings: tuple[Holding | NotAllowed, ...] = ()
    budget: Budget | None = None
    replaces: Commitment | None = None
    suits: WorkingDay = field(default=lambda _: True, repr=False, compare=False)

    def ruling(self, kind: Forbearance) -> Holding | NotAllowed:
        return next(ruling for ruling in self.rulings if ruling.kind is kind)

    def last_day(self, limit: Limit) -> date:
        """The last day that the row allows, whether it suits or not."""
        return self.base + timedelta(days=limit.within_days)

    def first_day(self) -> date | None:
        """The first day from today on that suits, within a month."""
        return next(self.days(self.today, self.today + timedelta(days=31)), None)

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days that suit, earliest first."""
        return (day for n in range((last - first).days + 1) if self.suits(day := first + timedelta(days=n)))


def effective_limits(limits: Limits, case: LoanCase, is_working_day: WorkingDay) -> EffectiveLimits:
    """What holds for the loan now. The first rule that forbids is named; a row must fit stage, band, currency and balance.

    With an open arrangement only a change of it is possible, as often as the limits say, and counted from its first day.
    """
    loan, today = case.loan, case.today
    still_open = [c for c in case.commitments if c.status is CommitmentStatus.OPEN]
    chain = _chain(still_open[0], case.commitments) if still_open else ()
    made = [local_day(c.made_at, limits.timezone) for c in chain if c.kind is not CommitmentKind.PROMISE]
    due = loan.oldest_unpaid.due_on if loan.oldest_unpaid is not None else today
    monthly = limits.budget.get(loan.currency)
    bare = EffectiveLimits(
        loan=loan,
        today=today,
        amount=asked_for(loan, today),
        base=max(min(made, default=today), due),
        rounds=limits.rounds,
        budget=None if monthly is None else budget_of(monthly, case.concessions, today),
        replaces=still_open[0] if still_open else None,
        suits=is_working_day if limits.working_days else _every_day,
    )
    barred = _barred(limits, case, still_open, len(chain) - 1)
    others = tuple(c for c in case.commitments if c not in chain)
    return replace(
        bare,
        rulings=tuple(
            NotAllowed(kind, *barred) if barred is not None else _ruling(kind, limits, case, bare, others)
            for kind in Forbearance
        ),
    )


def _every_day(_: date) -> bool:
    return True


def _chain(commitment: Commitment, known: Iterable[Commitment]) -> tuple[Commitment, ...]:
    """The commitment and those that it replaced, newest first."""
    replaced = {c.commitment_id: c for c in known if c.status is CommitmentStatus.SUPERSEDED}
    chain = [commitment]
    while (before := replaced.get(chain[-1].supersedes or "")) is not None and before not in chain:
        chain.append(before)
    return tuple(chain)


def _barred(limits: Limits, case: LoanCase, still_open: list[Commitment], changes: int) -> tuple[str, Facts] | None:
    """Rules that stand against every kind."""
    loan = case.loan
    if loan.status is LoanStatus.CLOSED:
        return "closed", ()
    if loan.status is not LoanStatus.OPEN or not loan.outstanding:
        return "paid", ()
    if loan.time_barred:
        return "too_old", ()
    for kind in PROTECTIVE:
        if kind in case.holds:
            return kind.value, ()
    waiting = next((c for c in case.commitments if c.status is CommitmentStatus.AWAITING_APPROVAL), None)
    if waiting is not None:
        return "awaiting_approval", (("reference", waiting.reference),)
    broken = sum(c.status is CommitmentStatus.BROKEN for c in case.commitments)
    if broken >= limits.max_broken:
        return "agreements_broken", (("broken", str(broken)), ("most", str(limits.max_broken - 1)))
    if len(still_open) > 1 or (still_open and changes >= limits.changes):
        references = ", ".join(c.reference for c in still_open)
        return "arrangement_open", (("reference", references), ("changes", str(changes)), ("most", str(limits.changes)))
    return None


def _ruling(
    kind: Forbearance, limits: Limits, case: LoanCase, bare: EffectiveLimits, others: tuple[Commitment, ...]
) -> Holding | NotAllowed:
    row, reason, facts = _row_for(limits.of(kind), case)
    if row is None:
        return NotAllowed(kind, reason, facts)
    used = _used(kind, row, others, limits.timezone, case.today)
    counted = (("used", str(used)), ("times", str(row.times)), ("period", _period(row)))
    if used >= row.times:
        return NotAllowed(kind, "used_up", counted, row)
    against = _against(row, limits, bare)
    if against is not None:
        return NotAllowed(kind, *against, row)
    return Holding(kind, row, used, facts=(*counted, ("last_day", bare.last_day(row).isoformat())))


def _row_for(rows: tuple[Limit, ...], case: LoanCase) -> tuple[Limit | None, str, Facts]:
    """The first row that fits; else why the last of them that came near does not."""
    stage, band, balance = case.stage, case.band, case.loan.outstanding
    if not rows:
        return None, "not_offered", ()
    rows = tuple(r for r in rows if not r.when.stages or stage in r.when.stages)
    if not rows:
        return None, "no_row_for_stage", (("stage", stage or "none"),)
    rows = tuple(r for r in rows if not r.when.bands or band in r.when.bands)
    if not rows:
        return None, "no_row_for_band", (("band", band or "unknown"),)
    rows = tuple(r for r in rows if all(balance.currency in amounts for amounts in r.amounts))
    if not rows:
        return None, "no_row_for_currency", (("currency", balance.currency),)
    for row in rows:
        least, most = row.when.balance_from.get(balance.currency), row.when.balance_to.get(balance.currency)
        if (least is None or least <= balance) and (most is None or balance <= most):
            return row, "", ()
    return None, "no_row_for_balance", (("balance", str(balance)),)


def _used(kind: Forbearance, row: Limit, others: tuple[Commitment, ...], timezone: str, today: date) -> int:
    """How often the loan had this kind in the row's period. One that was changed into its own kind counts once."""
    next_kind = {c.supersedes: c.kind for c in others if c.supersedes is not None}

    def counts(c: Commitment) -> bool:
        replaced = c.status is CommitmentStatus.SUPERSEDED and next_kind.get(c.commitment_id, c.kind) is not c.kind
        return c.kind is kind.commitment and (replaced or c.status not in _UNUSED)

    first = date.min if row.per_days is None else today - timedelta(days=row.per_days - 1)
    return sum(counts(c) and local_day(c.made_at, timezone) >= first for c in others)


def _period(row: Limit) -> str:
    return "the life of the loan" if row.per_days is None else f"{row.per_days} days"


def _against(row: Limit, limits: Limits, bare: EffectiveLimits) -> tuple[str, Facts] | None:
    """What stands against a row that holds: nothing to give up, no budget, or no day."""
    if isinstance(row, WaiverLimit | SettlementLimit):
        forgone = forgone_by(row, bare.loan, bare.today)
        if not forgone:
            return "nothing_to_waive", ()
        if limits.budget and bare.budget is None:
            return "no_budget", (("currency", forgone.currency),)
        if bare.budget is not None and forgone > bare.budget.available:
            return "budget_used_up", (("needed", str(forgone)), ("available", str(bare.budget.available)))
    if isinstance(row, InstalmentsLimit) and least_part(row, bare.amount) + _other_part(row, bare.amount) > bare.amount:
        return "too_small_to_split", (("amount", str(bare.amount)), ("least", str(least_part(row, bare.amount))))
    return _no_day(row, bare)


def _other_part(row: InstalmentsLimit, amount: Money) -> Money:
    return least_down(row, amount) or least_part(row, amount)


def _no_day(row: Limit, bare: EffectiveLimits) -> tuple[str, Facts] | None:
    last = bare.last_day(row)
    told = (("last_day", last.isoformat()),)
    at_once = isinstance(row, WaiverLimit | SettlementLimit)
    first = bare.today if at_once else max(bare.base, bare.today) + timedelta(days=1)
    if last < first:
        return "no_day_left", told
    if isinstance(row, InstalmentsLimit):
        days = part_days(bare, row, row.largest_gap_days, 2, down=bool(least_down(row, bare.amount)))
        return None if len(days) == 2 else ("no_working_day", told)
    first = (
        bare.today if isinstance(row, WaiverLimit | SettlementLimit) else max(bare.base, bare.today) + timedelta(days=1)
    )
    return None if next(bare.days(first, last), None) is not None else ("no_working_day", told)


def part_days(
    terms: EffectiveLimits, row: InstalmentsLimit, gap: int, count: int, *, down: bool, first: date | None = None
) -> tuple[date, ...]:
    """The days of at most `count` parts, `gap` days apart, or closer where the last day would be passed.

    With a down payment the first of them is the next day from today on that suits.
    """
    last = terms.last_day(row)
    start = max(terms.base, terms.today)
    steps = max(count - down - (first is not None), 1)
    room = (last - (first if first is not None else start)).days // steps
    rhythm = Rhythm(terms.suits, max(1, min(gap, room, row.largest_gap_days)), row.largest_gap_days, last)
    if not down:
        return rhythm.days(start, count, first)
    paid_down = terms.first_day()
    if paid_down is None or paid_down > last:
        return ()
    return (paid_down, *rhythm.days(max(terms.base, paid_down), count - 1, first))
