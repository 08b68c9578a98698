"""Limits of a programme: which concessions may be agreed for which loans, how often, and what they cost.

Values only. Reading and checking them is `bot.policy.limits_reading`'s work, applying them to a loan `bot.negotiation.limits`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from bot.domain.commitments import CommitmentKind
from bot.domain.diagnostics import Place
from bot.domain.money import Money

#: An amount per currency; empty where nothing is said.
Amounts = Mapping[str, Money]


class Forbearance(StrEnum):
    """A kind of concession, in the order from the smallest to the largest."""

    EXTENSION = "extension"
    INSTALMENTS = "instalments"
    WAIVER = "waiver"
    SETTLEMENT = "settlement"

    @property
    def commitment(self) -> CommitmentKind:
        """What it is recorded as; a settlement waives too, and counts with the waivers."""
        return _RECORDED_AS[self]


_RECORDED_AS = {
    Forbearance.EXTENSION: CommitmentKind.EXTENSION,
    Forbearance.INSTALMENTS: CommitmentKind.INSTALMENT_PLAN,
    Forbearance.WAIVER: CommitmentKind.WAIVER,
    Forbearance.SETTLEMENT: CommitmentKind.WAIVER,
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """For which loans a limit holds; what is empty holds for all. The balance is all that is unpaid, bounds included."""

    stages: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    balance_from: Amounts = field(default_factory=dict)
    balance_to: Amounts = field(default_factory=dict)


def _said(*amounts: Amounts) -> tuple[Amounts, ...]:
    return tuple(said for said in amounts if said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What every row has. `rule` names it in records, as in `limits.extension.1`; `place` is where it stands.

    All is paid at most `within_days` after the due date, or after the day of the agreement where the due date has passed. It
    may be used `times` in `per_days`, or in the whole life of the loan. `daily` is the share of the deferred amount that each
    day costs after `free_days`. Above `approval_above`, or always with `approval`, a person decides.
    """

    rule: str
    place: Place
    within_days: int
    when: Conditions = field(default_factory=Conditions)
    times: int = 1
    per_days: int | None = None
    fee: Amounts = field(default_factory=dict)
    daily: Fraction = Fraction(0)
    free_days: int = 0
    approval: bool = False
    approval_above: Amounts = field(default_factory=dict)

    @property
    def amounts(self) -> tuple[Amounts, ...]:
        """All that is said per currency. A loan in a currency that one of them lacks is not judged by this row."""
        return _said(self.when.balance_from, self.when.balance_to, self.fee, self.approval_above)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionLimit(Limit):
    """More time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentsLimit(Limit):
    """Parts, the down payment among them. No part after it is smaller than the larger of both minimums."""

    parts: int
    largest_gap_days: int
    min_part: Amounts = field(default_factory=dict)
    min_part_percent: int = 0
    down_payment_percent: int = 0

    @property
    def amounts(self) -> tuple[Amounts, ...]:
        return _said(self.when.balance_from, self.when.balance_to, self.fee, self.approval_above, self.min_part)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverLimit(Limit):
    """A part of the late fees and of the interest is given up if all the rest is paid in time. Once per loan."""

    late_fees_percent: int = 0
    interest_percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLimit(Limit):
    """The loan ends with at least this part of all that is unpaid. Always for a person to approve, once per loan."""

    least_percent: int


@dataclass(frozen=True, slots=True)
class Limits:
    """A programme's limits. Without a row nothing is agreed by the bot: a person decides.

    `changes` is how often an open arrangement may be changed, `rounds` how many counter-offers are answered before a person
    takes over, `max_broken` after how many broken agreements one does. `budget` is what may be given up in a calendar month
    of the lender's zone `timezone`; without an amount there is no such bound.
    """

    timezone: str = "UTC"
    changes: int = 0
    rounds: int = 1
    max_broken: int = 1
    working_days: bool = False
    budget: Amounts = field(default_factory=dict)
    extension: tuple[ExtensionLimit, ...] = ()
    instalments: tuple[InstalmentsLimit, ...] = ()
    waiver: tuple[WaiverLimit, ...] = ()
    settlement: tuple[SettlementLimit, ...] = ()

    def of(self, kind: Forbearance) -> tuple[Limit, ...]:
        rows: dict[Forbearance, tuple[Limit, ...]] = {
            Forbearance.EXTENSION: self.extension,
            Forbearance.INSTALMENTS: self.instalments,
            Forbearance.WAIVER: self.waiver,
            Forbearance.SETTLEMENT: self.settlement,
        }
        return rows[kind]
