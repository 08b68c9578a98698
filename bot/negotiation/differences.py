"""How an offer differs from what a borrower asked for, as codes with what was said and what is offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.limits import Forbearance
from bot.domain.money import Money
from bot.negotiation.limits import EffectiveLimits
from bot.negotiation.offers import Offer
from bot.negotiation.said_offer import SaidOffer, day_of, kinds_of, names_parts, settling_with


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which an offer is not what was asked for. `said` and `offered` are in exchange form.

    other_kind, days_fewer, days_more, earlier, later, now_larger, now_smaller, part_larger, parts_fewer, parts_more,
    gap_shorter, gap_longer, cost_stays.
    """

    code: str
    said: str
    offered: str


def differences(terms: EffectiveLimits, said: SaidOffer, offer: Offer) -> tuple[Difference, ...]:
    """How the offer differs from what was said, the weightiest first."""
    kinds = kinds_of(said)
    found = [Difference("other_kind", kinds[0].value, offer.kind.value)] if kinds and offer.kind is not kinds[0] else []
    found += _in_days(terms, said, offer)
    found += _in_now(terms, said, offer)
    settling = settling_with(terms, said)
    if settling is not None and offer.total > settling:
        found.append(Difference("amount_larger", str(settling), str(offer.total)))
    if offer.kind is Forbearance.INSTALMENTS:
        found += _in_parts(terms, said, offer)
    if said.no_cost and offer.cost:
        found.append(Difference("cost_stays", str(Money.zero(offer.cost.currency)), str(offer.cost)))
    return tuple(found)


def _in_days(terms: EffectiveLimits, said: SaidOffer, offer: Offer) -> Iterator[Difference]:
    wanted = day_of(terms, said)
    if wanted is None or (names_parts(said) and offer.kind is Forbearance.EXTENSION):
        return
    # Who asks for parts names the day of the first; who asks for time names the day by which all is paid.
    following = offer.payments[1:] if said.now is not None else offer.payments
    begins = offer.kind is Forbearance.INSTALMENTS and names_parts(said)
    reached = following[0].due_on if begins else offer.last_due_on
    if reached == wanted:
        return
    if said.day is None and said.days is not None:
        given = (reached - max(terms.base, terms.today)).days
        yield Difference("days_fewer" if given < said.days else "days_more", str(said.days), str(given))
    else:
        yield Difference("earlier" if reached < wanted else "later", wanted.isoformat(), reached.isoformat())


def _in_now(terms: EffectiveLimits, said: SaidOffer, offer: Offer) -> Iterator[Difference]:
    at_once = offer.payments[0].amount if offer.payments[0].due_on == terms.first_day() else None
    paid = at_once if at_once is not None and len(offer.payments) > 1 else Money.zero(offer.amount.currency)
    if said.now is not None and paid != said.now and said.kind is not Forbearance.SETTLEMENT:
        yield Difference("now_larger" if paid > said.now else "now_smaller", str(said.now), str(paid))


def _in_parts(terms: EffectiveLimits, said: SaidOffer, offer: Offer) -> Iterator[Difference]:
    payments = offer.without_cost
    if said.parts is not None and len(payments) != said.parts:
        code = "parts_fewer" if len(payments) < said.parts else "parts_more"
        yield Difference(code, str(said.parts), str(len(payments)))
    at_once = payments[0].due_on == terms.first_day() and len(payments) > 1
    largest = max(p.amount for p in (payments[1:] if at_once else payments))
    # A smaller one can only be the rest: no plan asks less than they said.
    if said.per_part is not None and largest > said.per_part:
        yield Difference("part_larger", str(said.per_part), str(largest))
    if said.gap_days is not None:
        gap = max((b.due_on - a.due_on).days for a, b in pairwise(payments))
        # A day moved to a working day is no other rhythm.
        if abs(gap - said.gap_days) > 3:
            yield Difference("gap_shorter" if gap < said.gap_days else "gap_longer", str(said.gap_days), str(gap))
