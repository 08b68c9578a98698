"""Offers: exact schedules made from the limits that hold for a loan. Nothing else can make a concession.

Every offer goes through one check against its row, whoever asks for it, so that none can lie outside the limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain.commitments import DuePayment
from bot.domain.diagnostics import Place
from bot.domain.limits import ExtensionLimit, Forbearance, InstalmentsLimit, Limit, SettlementLimit, WaiverLimit
from bot.domain.money import Money
from bot.negotiation.limits import EffectiveLimits, Holding, part_days
from bot.negotiation.schedule import cost_of_deferring
from bot.negotiation.shares import forgone_by, least_down, least_part

#: What the bot offers by itself. A settlement is only answered where somebody asks for one.
OFFERED = (Forbearance.EXTENSION, Forbearance.INSTALMENTS, Forbearance.WAIVER)


@dataclass(frozen=True, slots=True)
class Offer:
    """One arrangement to choose. Its payments sum to `amount`, what it is about, less `forgone`, plus `cost`.

    `cost` is what it costs more than paying all now, and is paid with the last part. `rule` and `place` name the row.
    """

    kind: Forbearance
    payments: tuple[DuePayment, ...]
    amount: Money
    cost: Money
    forgone: Money
    needs_approval: bool
    rule: str
    place: Place
    replaces: str | None = None

    @property
    def total(self) -> Money:
        return self.amount - self.forgone + self.cost

    @property
    def last_due_on(self) -> date:
        return self.payments[-1].due_on

    @property
    def without_cost(self) -> tuple[DuePayment, ...]:
        """The payments as if deferring were free; what the row's bounds are about."""
        last = self.payments[-1]
        return (*self.payments[:-1], DuePayment(last.due_on, last.amount - self.cost))


@dataclass(frozen=True, slots=True)
class Ability:
    """What a borrower says they can do: pay so much now, so much with each part, or all of it by a day."""

    now: Money | None = None
    per_part: Money | None = None
    by: date | None = None


def propose(
    terms: EffectiveLimits, can: Ability | None = None, kinds: Iterable[Forbearance] = OFFERED
) -> tuple[Offer, ...]:
    """What may be offered, the smallest concession first: of each kind a small and a large one, where two fit.

    None of them asks less than what the borrower says they can do.
    """
    said = can or Ability()
    offers = [offer for kind in kinds for offer in _of_kind(terms, kind, said) if not _asks_less(terms, offer, said)]
    return tuple(sorted(dict.fromkeys(offers), key=lambda offer: _size(terms, offer)))


def is_allowed(terms: EffectiveLimits, offer: Offer) -> bool:
    """Whether the offer is, to the minor unit, one that could be made under these terms."""
    return offer == make_offer(terms, offer.kind, offer.without_cost)


def make_offer(terms: EffectiveLimits, kind: Forbearance, payments: tuple[DuePayment, ...]) -> Offer | None:
    """The offer with these payments, its cost added to the last; None where the row that holds forbids them."""
    ruling = terms.ruling(kind)
    if not isinstance(ruling, Holding):
        return None
    limit = ruling.limit
    amount = terms.loan.outstanding if kind is Forbearance.SETTLEMENT else terms.amount
    most, forgone = forgone_by(limit, terms.loan, terms.today), amount - _sum(payments, amount.currency)
    # More than the least may be paid to settle; all else gives up just what its row says.
    given_up = Money(0, amount.currency) < forgone <= most if kind is Forbearance.SETTLEMENT else forgone == most
    if not given_up or not _fits(terms, limit, payments):
        return None
    deferred = cost_of_deferring(payments, terms.base, limit.daily, limit.free_days)
    cost = Money(deferred, amount.currency) + limit.fee.get(amount.currency, Money.zero(amount.currency))
    last = DuePayment(payments[-1].due_on, payments[-1].amount + cost)
    above = limit.approval_above.get(amount.currency)
    judged = forgone if forgone else amount
    return Offer(
        kind=kind,
        payments=(*payments[:-1], last),
        amount=amount,
        cost=cost,
        forgone=forgone,
        needs_approval=limit.approval or (above is not None and judged > above),
        rule=limit.rule,
        place=limit.place,
        replaces=terms.replaces.commitment_id if terms.replaces is not None else None,
    )


def extension(terms: EffectiveLimits, day: date, now: Money | None = None) -> Offer | None:
    """All on `day`, or what is left of it after paying `now` on the next day that suits."""
    rest = DuePayment(day, terms.amount - (now or Money.zero(terms.amount.currency)))
    first = terms.first_day()
    if not now:
        return make_offer(terms, Forbearance.EXTENSION, (rest,))
    return None if first is None else make_offer(terms, Forbearance.EXTENSION, (DuePayment(first, now), rest))


def even_plan(
    terms: EffectiveLimits, parts: int, gap: int, now: Money | None = None, first: date | None = None
) -> Offer | None:
    """A plan of so many parts that differ by at most a minor unit, after what is paid down.

    The parts fall `gap` days apart, from `first` or one gap from now on; closer where the last day would be passed.
    """
    limit = _row(terms, Forbearance.INSTALMENTS)
    if not isinstance(limit, InstalmentsLimit) or parts < 2:
        return None
    down = max(now or Money.zero(terms.amount.currency), least_down(limit, terms.amount))
    rest = terms.amount - down
    amounts = (down, *rest.split(parts - 1)) if down else rest.split(parts)
    return plan(terms, amounts, gap, down=bool(down), first=first)


def plan(
    terms: EffectiveLimits, amounts: tuple[Money, ...], gap: int, *, down: bool, first: date | None = None
) -> Offer | None:
    """A plan of these amounts; with `down` the first is paid on the next day that suits."""
    limit = _row(terms, Forbearance.INSTALMENTS)
    if not isinstance(limit, InstalmentsLimit):
        return None
    days = part_days(terms, limit, gap, len(amounts), down=down, first=first)
    if len(days) < len(amounts):
        return None
    return make_offer(terms, Forbearance.INSTALMENTS, tuple(map(DuePayment, days, amounts)))


def most_parts(terms: EffectiveLimits, now: Money | None = None, most: int | None = None) -> Offer | None:
    """The plan with the most parts that fits, at most `most`, a month apart where there is room."""
    limit = _row(terms, Forbearance.INSTALMENTS)
    if not isinstance(limit, InstalmentsLimit):
        return None
    largest = min(limit.parts, most if most is not None else limit.parts)
    tried = (even_plan(terms, parts, limit.largest_gap_days, now) for parts in range(largest, 1, -1))
    return next((offer for offer in tried if offer is not None), None)


def single_payment(
    terms: EffectiveLimits, kind: Forbearance, by: date | None = None, settling: Money | None = None
) -> Offer | None:
    """A waiver or a settlement, paid on the last day that suits, or the last up to `by`. `settling`: with at least so much."""
    limit = _row(terms, kind)
    if limit is None:
        return None
    last = terms.last_day(limit) if by is None else min(by, terms.last_day(limit))
    day = max(terms.days(terms.today, last), default=None)
    amount = terms.loan.outstanding if kind is Forbearance.SETTLEMENT else terms.amount
    left = amount - forgone_by(limit, terms.loan, terms.today)
    if settling is not None and settling < amount:
        left = max(left, settling)
    return None if day is None else make_offer(terms, kind, (DuePayment(day, left),))


def extension_days(terms: EffectiveLimits) -> tuple[date, ...]:
    """All days to which an extension is possible, earliest first."""
    limit = _row(terms, Forbearance.EXTENSION)
    if limit is None:
        return ()
    first = date.fromordinal(max(terms.base, terms.today).toordinal() + 1)
    return tuple(terms.days(first, terms.last_day(limit)))


def _of_kind(terms: EffectiveLimits, kind: Forbearance, can: Ability) -> Iterator[Offer]:
    match kind:
        case Forbearance.EXTENSION:
            days = [day for day in extension_days(terms) if can.by is None or day <= can.by]
            found = [extension(terms, day, can.now) for day in (days[(len(days) - 1) // 2], days[-1])] if days else []
        case Forbearance.INSTALMENTS:
            most = terms.amount.minor // max(can.per_part.minor, 1) if can.per_part is not None else None
            limit = _row(terms, kind)
            gap = limit.largest_gap_days if isinstance(limit, InstalmentsLimit) else 1
            few = even_plan(terms, 2, gap, can.now) if most is None or most >= 2 else None
            found = [few, most_parts(terms, can.now, most)]
        case _:
            found = [single_payment(terms, kind, can.by)]
    yield from (offer for offer in found if offer is not None)


def _row(terms: EffectiveLimits, kind: Forbearance) -> Limit | None:
    ruling = terms.ruling(kind)
    return ruling.limit if isinstance(ruling, Holding) else None


def _asks_less(terms: EffectiveLimits, offer: Offer, can: Ability) -> bool:
    """Whether the borrower said they can do more than the offer asks: a later end, less now, or smaller parts."""
    payments = offer.without_cost
    now = sum(p.amount.minor for p in payments if p.due_on == terms.first_day())
    parts = payments[1:] if now and len(payments) > 1 else payments
    return (
        (can.by is not None and offer.last_due_on > can.by)
        or (can.now is not None and len(payments) > 1 and now < can.now.minor)
        or (can.per_part is not None and any(p.amount < can.per_part for p in parts))
    )


def _size(terms: EffectiveLimits, offer: Offer) -> tuple[int, int, int]:
    """How much is conceded: first what is given up, then how much is deferred for how long, then in how many parts."""
    deferred = sum(p.amount.minor * (p.due_on - terms.base).days for p in offer.without_cost)
    return offer.forgone.minor, deferred, len(offer.payments)


def _sum(payments: tuple[DuePayment, ...], currency: str) -> Money:
    return Money(sum(p.amount.minor for p in payments), currency)


def _fits(terms: EffectiveLimits, limit: Limit, payments: tuple[DuePayment, ...]) -> bool:
    """The one check: days that suit, in order, in time; amounts above zero; and what the row's kind asks for."""
    days = [p.due_on for p in payments]
    sound = (
        bool(payments)
        and all(p.amount.minor > 0 and p.amount.currency == terms.amount.currency for p in payments)
        and all(terms.suits(day) for day in days)
        and all(one < other for one, other in pairwise(days))
        and terms.today <= days[0]
        and days[-1] <= terms.last_day(limit)
    )
    if not sound:
        return False
    match limit:
        case ExtensionLimit():
            return days[-1] > max(terms.base, terms.today) and (len(days) == 1 or days[:-1] == [terms.first_day()])
        case InstalmentsLimit():
            return _fits_parts(terms, limit, payments)
        case WaiverLimit() | SettlementLimit():
            return len(payments) == 1
        case _:
            return False


def _fits_parts(terms: EffectiveLimits, limit: InstalmentsLimit, payments: tuple[DuePayment, ...]) -> bool:
    least, down = least_part(limit, terms.amount), least_down(limit, terms.amount)
    days = [p.due_on for p in payments]
    # What is paid at once may be less than a part, if no down payment is asked for: it is more than was owed that day.
    at_once = days[0] == terms.first_day()
    parts = payments[1:] if at_once else payments
    # Before the due date no gap is counted: nothing is owed yet.
    start = max(terms.base, days[0] if at_once else terms.today)
    steps = pairwise((start, *(p.due_on for p in parts)))
    return (
        2 <= len(payments) <= limit.parts
        and (not down or (at_once and payments[0].amount >= down))
        and all(p.amount >= least for p in parts)
        and all((later - earlier).days <= limit.largest_gap_days for earlier, later in steps)
    )
