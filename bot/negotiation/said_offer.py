"""What a borrower asks for instead of an offer, and how it is read: which kind, which day, how much at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.domain.limits import Forbearance
from bot.domain.money import Money
from bot.negotiation.limits import EffectiveLimits
from bot.negotiation.shares import share_up


@dataclass(frozen=True, slots=True)
class SaidOffer:
    """What a borrower asked for; what was not said is None.

    `now` is paid at once, else `share` of all (a half), the rest on `day` or in `days` from now; `per_part` every `gap_days`
    (28 to 31 mean a month), in `parts` parts. `no_cost`: no fee and no interest. `kind` where they named one.
    """

    now: Money | None = None
    share: Fraction | None = None
    day: date | None = None
    days: int | None = None
    per_part: Money | None = None
    gap_days: int | None = None
    parts: int | None = None
    no_cost: bool = False
    kind: Forbearance | None = None


def paid_now(terms: EffectiveLimits, said: SaidOffer) -> Money | None:
    """What is paid at once: as said, else the share of all. A share of a settlement is of what ends it, so nothing now."""
    if said.now is not None or said.share is None or said.kind is Forbearance.SETTLEMENT:
        return said.now
    return share_up(terms.amount, said.share * 100)


def kinds_of(said: SaidOffer) -> tuple[Forbearance, ...]:
    """The kinds that could be meant, the likeliest first."""
    both = (Forbearance.EXTENSION, Forbearance.INSTALMENTS)
    if said.kind in (Forbearance.WAIVER, Forbearance.SETTLEMENT):
        return (said.kind,)
    if names_parts(said):
        return both[::-1]
    if said.kind is Forbearance.EXTENSION or said.now is not None or said.day is not None or said.days is not None:
        return both
    return (Forbearance.WAIVER,) if said.no_cost else ()


def names_parts(said: SaidOffer) -> bool:
    named = said.parts is not None or said.per_part is not None or said.gap_days is not None
    return named or said.kind is Forbearance.INSTALMENTS


def settling_with(terms: EffectiveLimits, said: SaidOffer) -> Money | None:
    """What they would end the loan with, where they named a share of it or an amount."""
    if said.kind is not Forbearance.SETTLEMENT:
        return None
    return share_up(terms.loan.outstanding, said.share * 100) if said.share is not None else said.now


def day_of(terms: EffectiveLimits, said: SaidOffer) -> date | None:
    """The day they named, or so many days from the due date or from now."""
    if said.day is not None or said.days is None:
        return said.day
    # No limit reaches further than ten years, and a day beyond the calendar cannot be reckoned with.
    return max(terms.base, terms.today) + timedelta(days=min(said.days, 3660))
