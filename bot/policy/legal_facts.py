"""Which place's facts hold for a borrower, and which of them may be used: what somebody approved, and nothing else.

A fact belongs to the place where the borrower lives and the loan was made. Where the two are different countries nobody can
say without a person which law holds, so none is quoted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.diagnostics import Place
from bot.domain.money import Money

FactValue = int | str | date | Money


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from and who looked at it. The last two are empty until the lender's own people fill them in."""

    source: str
    as_of: date
    reviewed_by: str = ""
    counsel_signed: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """One value that holds in one place. `digest` covers all that is said of it, so that an edit asks for a new approval."""

    name: str
    value: FactValue
    strength: str
    origin: Origin
    digest: str
    place: Place


def place_of(regions: Collection[str | None], served: Mapping[str, str]) -> str | None:
    """The code of the place that all known regions (`CN`, `US-NY`) belong to; `served` tells which place serves a region.

    None where no region is known, where none of the places serves it, and where regions lie in different places.
    """
    codes = {served.get(r) or served.get(r.partition("-")[0]) for r in regions if r}
    return codes.pop() if len(codes) == 1 else None


def known_facts(facts: Mapping[str, PlaceFact], approved: Collection[str]) -> dict[str, FactValue]:
    """The values that may be said: those whose very content is approved."""
    return {name: fact.value for name, fact in facts.items() if fact.digest in approved}
