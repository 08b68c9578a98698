"""Builders for tests of limits and offers: rows that allow much, so that each test narrows what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.diagnostics import Place
from bot.domain.limits import ExtensionLimit, InstalmentsLimit, Limits, SettlementLimit, WaiverLimit
from bot.domain.loan import Instalment, Loan
from bot.negotiation.limits import EffectiveLimits, LoanCase, WorkingDay, effective_limits
from tests.unit.policy.cases import DUE, a_loan, cny

PLACE = Place("dialogs/policies/shop.yaml", 30, 7)
TODAY = date(2025, 3, 4)  # a Tuesday, the day after 1200.00 CNY fell due

EXTENSION = ExtensionLimit(rule="limits.extension.1", place=PLACE, within_days=7, times=2, per_days=365)
INSTALMENTS = InstalmentsLimit(
    rule="limits.instalments.1", place=PLACE, within_days=90, parts=3, largest_gap_days=31, min_part_percent=20
)
WAIVER = WaiverLimit(
    rule="limits.waiver.1", place=PLACE, within_days=7, late_fees_percent=100, interest_percent=30, approval=True
)
SETTLEMENT = SettlementLimit(rule="limits.settlement.1", place=PLACE, within_days=30, least_percent=70, approval=True)
LIMITS = Limits(
    timezone="Asia/Shanghai",
    changes=1,
    rounds=3,
    max_broken=2,
    extension=(EXTENSION,),
    instalments=(INSTALMENTS,),
    waiver=(WAIVER,),
    settlement=(SETTLEMENT,),
)
#: 1200.00 CNY due the day before TODAY.
LOAN = a_loan(DUE)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def a_late_loan() -> Loan:
    """1000.00 of principal, 100.00 of interest and 40.00 of late fees, all due the day before TODAY."""
    zero = cny("0")
    part = Instalment(1, DUE, cny("1000.00"), cny("100.00"), zero, cny("40.00"), zero)
    return replace(LOAN, instalments=(part,))


def terms(
    limits: Limits = LIMITS, case: LoanCase | None = None, works: WorkingDay = weekday, **changes: object
) -> EffectiveLimits:
    """The effective limits of LOAN on TODAY, of a case, or of one that differs in what is named."""
    known = case or LoanCase(LOAN, TODAY, "mild")
    return effective_limits(limits, replace(known, **changes), works)  # type: ignore[arg-type]
