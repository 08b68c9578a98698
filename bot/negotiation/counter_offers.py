"""Counter-offers: what a borrower asks for instead, and the nearest arrangements that the limits allow, with what differs.

How many rounds there were is counted by the caller, who hands over to a person after `EffectiveLimits.rounds` of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.limits import Forbearance, InstalmentsLimit
from bot.domain.money import Money
from bot.negotiation.differences import Difference, differences
from bot.negotiation.limits import EffectiveLimits, Facts, Holding, NotAllowed
from bot.negotiation.offers import (
    Ability,
    Offer,
    even_plan,
    extension,
    extension_days,
    plan,
    propose,
    single_payment,
)
from bot.negotiation.said_offer import SaidOffer, day_of, kinds_of, names_parts, paid_now, settling_with
from bot.negotiation.schedule import A_MONTH

#: As many as can be compared side by side.
MOST_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class Option:
    offer: Offer
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """Just what was asked for is allowed."""

    offer: Offer
    reason: str = "within_limits"


@dataclass(frozen=True, slots=True)
class Nearest:
    """What comes nearest, nearest first. `reason` is the first difference of the first option."""

    options: tuple[Option, ...]
    reason: str
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the kind that was asked for is allowed: the rule, and what would work instead, if anything.

    Besides the reasons of a `NotAllowed`: nothing_said, no_amount, other_currency, day_past, no_schedule, and covers_all, where a
    promise to pay is enough.
    """

    reason: str
    facts: Facts = ()
    nearest: tuple[Option, ...] = ()


def answer_counter_offer(terms: EffectiveLimits, said: SaidOffer) -> Met | Nearest | Refused:
    """What to say to what a borrower asks for. No option asks less than they said they can do, nor lies outside the limits."""
    impossible = _impossible(terms, said)
    if impossible is not None:
        return impossible
    asked = replace(said, now=paid_now(terms, said))
    kinds = kinds_of(asked)
    if not kinds:
        return Refused("nothing_said", nearest=_proposals(terms, asked))
    options = tuple(dict.fromkeys(_options(terms, asked, kinds)))
    ruling = terms.ruling(kinds[0])
    if isinstance(ruling, NotAllowed):
        return Refused(ruling.reason, ruling.facts, options[:MOST_OPTIONS] or _proposals(terms, asked))
    exact = next((option for option in options if not option.differences), None)
    if exact is not None:
        return Met(exact.offer)
    if not options:
        return Refused("no_schedule", ruling.facts, _proposals(terms, asked))
    first = options[0].differences[0]
    return Nearest(options[:MOST_OPTIONS], first.code, (("said", first.said), ("offered", first.offered)))


def _impossible(terms: EffectiveLimits, said: SaidOffer) -> Refused | None:
    currency = terms.amount.currency
    amounts = [amount for amount in (said.now, said.per_part) if amount is not None]
    if any(amount.currency != currency for amount in amounts):
        return Refused("other_currency", (("currency", currency),))
    numbers = [n for n in (said.share, said.days, said.gap_days, said.parts) if n is not None]
    if any(amount.minor <= 0 for amount in amounts) or any(n <= 0 for n in numbers):
        return Refused("no_amount")
    if said.day is not None and said.day < terms.today:
        return Refused("day_past", (("day", said.day.isoformat()),))
    if _covers_all(terms, said):
        return Refused("covers_all", (("amount", str(terms.amount)),))
    return None


def _covers_all(terms: EffectiveLimits, said: SaidOffer) -> bool:
    """Whether they would pay all that is asked for, or all today, so that no concession is needed."""
    if not terms.loan.outstanding:
        return False
    if said.kind is Forbearance.SETTLEMENT:
        settling = settling_with(terms, said)
        return settling is not None and settling >= terms.loan.outstanding
    now = paid_now(terms, said)
    whole = any(amount is not None and amount >= terms.amount for amount in (now, said.per_part))
    return whole or (said.day == terms.today and not names_parts(said) and said.kind is not Forbearance.WAIVER)


def _near(terms: EffectiveLimits, kind: Forbearance, said: SaidOffer) -> Iterator[Offer]:
    if isinstance(terms.ruling(kind), NotAllowed):
        return
    match kind:
        case Forbearance.EXTENSION:
            yield from _near_extensions(terms, said)
        case Forbearance.INSTALMENTS:
            offer = _near_plan(terms, said)
            if offer is not None:
                yield offer
        case _:
            least = settling_with(terms, said)
            offer = single_payment(terms, kind, day_of(terms, said), least) or single_payment(terms, kind, None, least)
            if offer is not None:
                yield offer


def _near_extensions(terms: EffectiveLimits, said: SaidOffer) -> Iterator[Offer]:
    """The extension to the day they named, or the nearest; and where they want no cost, the longest without any."""
    days = extension_days(terms)
    if not days:
        return
    # To who asks for parts all the time there is comes nearest; else a day that is not named is one in the middle.
    wanted = days[-1] if names_parts(said) else day_of(terms, said) or days[(len(days) - 1) // 2]
    # The next day that suits rather than the one before, since they may be paid on just that day.
    near = [day for day in days if day >= wanted] or [days[-1]]
    offer = _first(extension(terms, day, said.now) for day in near)
    if offer is None:
        return
    yield offer
    if said.no_cost and offer.cost:
        shorter = (extension(terms, day, said.now) for day in reversed(days) if day < offer.last_due_on)
        free = _first(found for found in shorter if found is not None and not found.cost)
        if free is not None:
            yield free


def _near_plan(terms: EffectiveLimits, said: SaidOffer) -> Offer | None:
    """The plan they named, or the nearest with fewer and so larger parts: none that asks less than they can do."""
    ruling = terms.ruling(Forbearance.INSTALMENTS)
    if not isinstance(ruling, Holding) or not isinstance(ruling.limit, InstalmentsLimit):
        return None
    limit = ruling.limit
    named = names_parts(said)
    start, wanted = max(terms.base, terms.today), day_of(terms, said)
    gap = said.gap_days if said.gap_days is not None else limit.largest_gap_days
    # Who asks for parts names the day of the first, who pays something now that of the rest; others by when all is paid.
    begins = named or said.now is not None or limit.down_payment_percent > 0
    earliest, latest = start + timedelta(days=1), max(terms.last_day(limit), start + timedelta(days=1))
    first = min(max(wanted, earliest), latest) if wanted is not None and begins else None
    if wanted is not None and not begins:
        # Two parts by the day they named. A month might reach beyond it, so four weeks are one day less.
        gap = max(1, min(gap, (wanted - start).days // 2))
        gap = A_MONTH[0] - 1 if gap in A_MONTH else gap
    most = min(_most_parts(terms, limit, said) if named else 2, limit.parts)
    even = (even_plan(terms, parts, gap, said.now, first) for parts in range(most, 1, -1))
    found = _first(_named_plans(terms, limit, said, gap, first)) or _first(even)
    late = found is not None and wanted is not None and not begins and found.last_due_on > wanted
    return None if late else found


def _named_plans(
    terms: EffectiveLimits, limit: InstalmentsLimit, said: SaidOffer, gap: int, first: date | None
) -> Iterator[Offer | None]:
    """Plans of just the parts they named, as far as the limits allow them."""
    if said.per_part is None or said.parts is not None:
        return
    down = (said.now,) if said.now is not None else ()
    whole, odd = divmod(_rest(terms, said).minor, said.per_part.minor)
    for amounts in _parts_of(said.per_part, whole, odd, limit.parts):
        yield plan(terms, (*down, *amounts), gap, down=bool(down), first=first)


def _first(offers: Iterator[Offer | None]) -> Offer | None:
    return next((offer for offer in offers if offer is not None), None)


def _most_parts(terms: EffectiveLimits, limit: InstalmentsLimit, said: SaidOffer) -> int:
    """As many parts as they named, or as leave each as large as they said they can pay."""
    if said.parts is not None:
        return said.parts
    if said.per_part is None:
        return limit.parts
    return _rest(terms, said).minor // said.per_part.minor + (said.now is not None)


def _rest(terms: EffectiveLimits, said: SaidOffer) -> Money:
    return terms.amount - (said.now or Money.zero(terms.amount.currency))


def _parts_of(part: Money, whole: int, odd: int, most: int) -> Iterator[tuple[Money, ...]]:
    """So many parts of the amount they named, the odd rest as a part of its own, else with the last."""
    if whole > most:
        return
    parts = (part,) * whole
    if odd:
        yield (*parts, Money(odd, part.currency))
        yield (*parts[:-1], Money(part.minor + odd, part.currency))
    else:
        yield parts


def _proposals(terms: EffectiveLimits, said: SaidOffer) -> tuple[Option, ...]:
    """What would be offered to somebody who can do just that much."""
    can = Ability(now=said.now, per_part=said.per_part)
    return tuple(Option(offer, differences(terms, said, offer)) for offer in propose(terms, can)[:MOST_OPTIONS])


def _options(terms: EffectiveLimits, said: SaidOffer, kinds: tuple[Forbearance, ...]) -> Iterator[Option]:
    """What comes nearest of each kind; a plan besides an extension only where that does not reach the day they named."""
    wanted, reached = day_of(terms, said), False
    for kind in kinds:
        if kind is Forbearance.INSTALMENTS and reached:
            return
        for offer in _near(terms, kind, said):
            reached = reached or (not names_parts(said) and (wanted is None or offer.last_due_on >= wanted))
            yield Option(offer, differences(terms, said, offer))
