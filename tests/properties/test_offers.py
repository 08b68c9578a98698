"""Properties of limits and offers: whatever a file allows and a borrower says, no offer lies outside of limits or budget.

The rules are written out here once more, so that the code is not held to itself. With GRACE_TEST_LONG=1, in `make soak`, it is
a million cases.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import TypeVar

from babel.numbers import list_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus
from bot.domain.diagnostics import Place
from bot.domain.holds import HoldKind
from bot.domain.limits import (
    Conditions,
    ExtensionLimit,
    Forbearance,
    InstalmentsLimit,
    Limit,
    Limits,
    SettlementLimit,
    WaiverLimit,
)
from bot.domain.loan import Instalment, Loan
from bot.domain.money import Money
from bot.negotiation.budget import Concession
from bot.negotiation.counter_offers import Met, Nearest, Option, Refused, answer_counter_offer
from bot.negotiation.limits import EffectiveLimits, Holding, LoanCase, effective_limits
from bot.negotiation.offers import Ability, Offer, even_plan, extension, is_allowed, propose
from bot.negotiation.said_offer import SaidOffer
from tests.unit.policy.cases import a_promise, at

TODAY = date(2025, 3, 4)
PLACE = Place("dialogs/policies/shop.yaml", 1, 1)
CURRENCIES = sorted(code for code in list_currencies() if len(code) == 3)
LONG = bool(os.environ.get("GRACE_TEST_LONG"))
_T = TypeVar("_T")


def cases(short: int, long: int) -> settings:
    return settings(deadline=None, max_examples=long if LONG else short)


def weekday(day: date) -> bool:
    return day.weekday() < 5


#: Where every case counts a generator of our own is ten times as fast; else Hypothesis makes a failing case small.
dice = st.integers(0, 2**63).map(Random) if LONG else st.randoms(use_true_random=False)


def a_day(rng: Random, first: int = -40, last: int = 40) -> date:
    return TODAY + timedelta(days=rng.randint(first, last))


def a_sum(rng: Random, most: int = 10**9) -> Money:
    return Money(rng.randint(0, rng.choice([100, most])), "CNY")


def a_loan(rng: Random) -> Loan:
    dues = sorted({a_day(rng) for _ in range(rng.randint(1, 3))})
    parts = []
    for number, due in enumerate(dues, 1):
        split = [
            Money(rng.randint(least, most), "CNY") for least, most in ((1, 10**7), (0, 10**5), (0, 100), (0, 10**4))
        ]
        part = Instalment(number, due, *split, Money(0, "CNY"))
        paid = rng.choice([0, 0, rng.randint(0, part.amount.minor)])
        parts.append(replace(part, paid=Money(paid, "CNY")))
    return Loan("L1", "shop", "B1", "CNY", tuple(parts))


def amounts(rng: Random, most: int) -> dict[str, Money]:
    return {"CNY": Money(rng.randint(0, most), "CNY")} if rng.random() < 0.4 else {}


def a_row(rng: Random, kind: Forbearance) -> Limit:
    shared = {
        "rule": f"limits.{kind}.1",
        "place": PLACE,
        "when": Conditions(stages=rng.choice([(), (), ("mild",), ("late",)]), balance_to=amounts(rng, 3 * 10**7)),
        "within_days": rng.choice([0, 1, 2, 7, 30, 60, 120]),
        "approval_above": amounts(rng, 10**6),
    }
    priced = {
        "times": rng.randint(1, 3),
        "per_days": rng.choice([None, 30, 365]),
        "fee": amounts(rng, 1000),
        "daily": rng.choice([Fraction(0), Fraction("0.0005"), Fraction(1, 7000)]),
        "free_days": rng.randint(0, 5),
    }
    match kind:
        case Forbearance.EXTENSION:
            return ExtensionLimit(**shared, **priced)  # type: ignore[arg-type]
        case Forbearance.INSTALMENTS:
            return InstalmentsLimit(
                parts=rng.choice([2, 3, 6, 12, 60]),
                largest_gap_days=rng.choice([1, 3, 7, 14, 30, 31, 60]),
                min_part=amounts(rng, 10**6),
                min_part_percent=rng.choice([0, 10, 25, 50]),
                down_payment_percent=rng.choice([0, 0, 10, 50]),
                **shared,
                **priced,
            )  # type: ignore[arg-type]
        case Forbearance.WAIVER:
            percents = {"late_fees_percent": rng.randint(0, 100), "interest_percent": rng.randint(0, 100)}
            return WaiverLimit(**percents, **shared)  # type: ignore[arg-type]
        case Forbearance.SETTLEMENT:
            return SettlementLimit(least_percent=rng.randint(1, 99), approval=True, **shared)  # type: ignore[arg-type]


def some_limits(rng: Random) -> Limits:
    rows = {kind.value: tuple(a_row(rng, kind) for _ in range(rng.choice([0, 1, 1, 2]))) for kind in Forbearance}
    return Limits(
        timezone="Asia/Shanghai",
        changes=rng.randint(0, 2),
        max_broken=rng.randint(1, 3),
        working_days=rng.random() < 0.5,
        budget=amounts(rng, 10**5),
        **rows,  # type: ignore[arg-type]
    )


def commitments(rng: Random) -> tuple[Commitment, ...]:
    return tuple(
        a_promise(
            made_at=at(f"{TODAY - timedelta(days=rng.randint(0, 60))} 12:00"),
            kind=rng.choice(list(CommitmentKind)),
            status=rng.choice(list(CommitmentStatus)),
            commitment_id=f"C{number}",
            supersedes=f"C{number - 1}" if number and rng.random() < 0.5 else None,
        )
        for number in range(rng.choice([0, 0, 1, 2, 3]))
    )


def a_case(rng: Random) -> tuple[Limits, LoanCase]:
    statuses = list(CommitmentStatus)
    return some_limits(rng), LoanCase(
        loan=a_loan(rng),
        today=TODAY + timedelta(days=rng.randint(0, 6)),
        stage=rng.choice(["mild", "mild", "late", None]),
        commitments=commitments(rng),
        holds=rng.choice([frozenset(), frozenset({HoldKind.STOP}), frozenset(), frozenset({HoldKind.DISPUTE})]),
        concessions=tuple(
            Concession(a_day(rng), a_sum(rng, 10**5), rng.choice(statuses)) for _ in range(rng.randint(0, 3))
        ),
    )


def an_offer_said(rng: Random) -> SaidOffer:
    """Most of it left out, as people do."""

    def perhaps(value: _T) -> _T | None:
        return value if rng.random() < 0.35 else None

    return SaidOffer(
        now=perhaps(a_sum(rng, 10**7)),
        share=perhaps(Fraction(rng.randint(0, 8), 7)),
        day=perhaps(a_day(rng, -3, 150)),
        days=perhaps(rng.randint(-1, 200)),
        per_part=perhaps(a_sum(rng, 10**7)),
        gap_days=perhaps(rng.randint(0, 70)),
        parts=perhaps(rng.randint(0, 70)),
        no_cost=rng.random() < 0.3,
        kind=perhaps(rng.choice(list(Forbearance))),
    )


def up(amount: int, percent: int) -> int:
    return -(-amount * percent // 100)


def next_day(known: Limits, today: date) -> date:
    """The first day on which something may be paid."""
    coming = [today + timedelta(days=n) for n in range(7)]
    return next(day for day in coming if not known.working_days or weekday(day))


def row_of(known: Limits, case: LoanCase, offer: Offer) -> Limit:
    """The first row of the kind that fits the loan: no other may be used."""
    balance = case.loan.outstanding
    for row in known.of(offer.kind):
        most = row.when.balance_to.get("CNY")
        if (not row.when.stages or case.stage in row.when.stages) and (most is None or balance <= most):
            return row
    raise AssertionError("an offer without a row")


def base_of(known: Limits, case: LoanCase) -> date:
    """Days count from the due date to come, else from today or from the first day of what would be changed."""
    oldest = case.loan.oldest_unpaid
    assert oldest is not None
    first = case.today
    before: Commitment | None = next((c for c in case.commitments if c.status is CommitmentStatus.OPEN), None)
    changes = -1
    while before is not None:
        changes += 1
        if before.kind is not CommitmentKind.PROMISE:
            first = min(first, before.made_at.date())
        older = [c for c in case.commitments if c.status is CommitmentStatus.SUPERSEDED]
        before = next((c for c in older if c.commitment_id == before.supersedes), None)
    assert changes < known.changes
    return max(first, oldest.due_on)


def check_terms(known: Limits, case: LoanCase) -> None:
    """What must be so wherever anything at all is offered."""
    live = [c.status for c in case.commitments]
    assert HoldKind.DISPUTE not in case.holds
    assert CommitmentStatus.AWAITING_APPROVAL not in live
    assert live.count(CommitmentStatus.BROKEN) < known.max_broken
    assert live.count(CommitmentStatus.OPEN) <= 1
    assert case.loan.outstanding.minor > 0


def check_offer(known: Limits, case: LoanCase, offer: Offer) -> None:
    """The offer against the row, the budget and the calendar, by rules written out anew."""
    check_terms(known, case)
    row, base = row_of(known, case, offer), base_of(known, case)
    due = case.loan.due_by(case.today).minor
    oldest = case.loan.oldest_unpaid
    assert oldest is not None
    asked = case.loan.outstanding.minor if offer.kind is Forbearance.SETTLEMENT else due or oldest.unpaid.minor
    on = [p.due_on for p in offer.payments]
    paid = [p.amount.minor for p in offer.payments]
    assert offer.amount.minor == asked
    assert sum(paid) == asked - offer.forgone.minor + offer.cost.minor == offer.total.minor
    assert all(amount > 0 for amount in paid)
    assert all(one < other for one, other in pairwise(on))
    assert on[0] >= case.today
    assert on[-1] <= base + timedelta(days=row.within_days)
    assert not known.working_days or all(weekday(day) for day in on)
    paid[-1] -= offer.cost.minor
    check_cost(row, offer, [(day, amount) for day, amount in zip(on, paid, strict=True)], base)
    check_budget(known, case, offer)
    above = row.approval_above.get("CNY")
    judged = offer.forgone.minor or asked
    assert offer.needs_approval == (row.approval or (above is not None and judged > above.minor))
    match row:
        case ExtensionLimit():
            assert offer.forgone.minor == 0
            assert len(on) <= 2
            assert on[-1] > max(base, case.today)
        case InstalmentsLimit():
            assert offer.forgone.minor == 0
            check_parts(row, on, paid, asked, max(base, case.today), next_day(known, case.today))
        case WaiverLimit():
            fees = sum(i.late_fees.minor for i in case.loan.instalments if i.due_on <= case.today)
            interest = sum(i.interest.minor for i in case.loan.instalments if i.due_on <= case.today)
            most = fees * row.late_fees_percent // 100 + interest * row.interest_percent // 100
            assert 0 < offer.forgone.minor <= min(most, due)
        case SettlementLimit():
            assert offer.needs_approval
            assert up(asked, row.least_percent) <= offer.total.minor < asked


def check_cost(row: Limit, offer: Offer, parts: list[tuple[date, int]], base: date) -> None:
    """Never more than the fee and the daily share of what is deferred, and less than one minor unit below it."""
    fee = row.fee["CNY"].minor if row.fee else 0
    exact = sum(amount * row.daily * max(0, (day - base).days - row.free_days) for day, amount in parts)
    assert 0 <= exact - (offer.cost.minor - fee) < 1


def check_budget(known: Limits, case: LoanCase, offer: Offer) -> None:
    if offer.forgone.minor and known.budget:
        waiting = (CommitmentStatus.PROPOSED, CommitmentStatus.AWAITING_APPROVAL)
        given = (CommitmentStatus.OPEN, CommitmentStatus.KEPT, CommitmentStatus.PARTLY_KEPT)
        gone = sum(
            c.forgone.minor
            for c in case.concessions
            if c.status in waiting or (c.status in given and (c.made_on.year, c.made_on.month) == (2025, 3))
        )
        assert gone + offer.forgone.minor <= known.budget["CNY"].minor
        once = [c for c in case.commitments if c.kind is CommitmentKind.WAIVER]
        agreed = (CommitmentStatus.KEPT, CommitmentStatus.PARTLY_KEPT, CommitmentStatus.BROKEN)
        assert not any(c.status in agreed for c in once)


def check_parts(row: InstalmentsLimit, on: list[date], paid: list[int], asked: int, start: date, now: date) -> None:
    least = max(up(asked, row.min_part_percent), row.min_part["CNY"].minor if row.min_part else 0, 1)
    down = up(asked, row.down_payment_percent)
    at_once = on[0] == now
    start = max(start, on[0]) if at_once else start
    assert 2 <= len(on) <= row.parts
    assert not down or (at_once and paid[0] >= down)
    assert all(amount >= least for amount in (paid[1:] if at_once else paid))
    steps = pairwise([start, *on[1:]] if at_once else [start, *on])
    assert all((later - earlier).days <= row.largest_gap_days for earlier, later in steps)


def options_of(answer: Met | Nearest | Refused) -> tuple[Option, ...]:
    match answer:
        case Met():
            return (Option(answer.offer, ()),)
        case Nearest():
            return answer.options
        case Refused():
            return answer.nearest


@cases(200, 300_000)
@given(dice)
def test_no_offer_lies_outside_limits_or_budget_or_asks_less_than_they_can_do(rng: Random) -> None:
    known, case = a_case(rng)
    terms = effective_limits(known, case, weekday)
    can = rng.choice(
        [Ability(), Ability(now=a_sum(rng, 10**7)), Ability(per_part=a_sum(rng, 10**7), by=a_day(rng, 0, 60))]
    )
    offers = propose(terms, can, tuple(Forbearance))
    assert offers == propose(effective_limits(known, case, weekday), can, tuple(Forbearance))
    for offer in offers:
        check_offer(known, case, offer)
        assert is_allowed(terms, offer)
        assert can.by is None or offer.last_due_on <= can.by
        rest = offer.without_cost[1:] if offer.payments[0].due_on == terms.first_day() else offer.without_cost
        assert can.per_part is None or all(p.amount >= can.per_part for p in rest)
        assert not can.now or len(offer.payments) == 1 or offer.without_cost[0].amount >= can.now
    assert [o.forgone.minor for o in offers] == sorted(o.forgone.minor for o in offers)


@cases(300, 300_000)
@given(dice)
def test_no_answer_to_what_a_borrower_says_lies_outside_limits_or_budget(rng: Random) -> None:
    known, case = a_case(rng)
    terms, said = effective_limits(known, case, weekday), an_offer_said(rng)
    answer = answer_counter_offer(terms, said)
    assert answer == answer_counter_offer(terms, said)
    for option in options_of(answer):
        check_offer(known, case, option.offer)
        assert is_allowed(terms, option.offer)
    if isinstance(answer, Nearest):
        assert all(option.differences for option in answer.options)


@cases(200, 200_000)
@given(dice)
def test_what_is_named_as_nearest_is_accepted_when_it_is_asked_for(rng: Random) -> None:
    terms = effective_limits(*a_case(rng), weekday)
    for option in options_of(answer_counter_offer(terms, an_offer_said(rng))):
        assert asked_for_again(terms, option.offer) == option.offer


def asked_for_again(terms: EffectiveLimits, offer: Offer) -> Offer | None:
    """What a borrower hears who asks for just this: in words where words can say it, else as the exact schedule."""
    now = offer.payments[0].amount if len(offer.payments) > 1 else None
    match offer.kind:
        case Forbearance.EXTENSION:
            said = SaidOffer(now=now, day=offer.last_due_on)
        case Forbearance.WAIVER:
            said = SaidOffer(kind=offer.kind, day=offer.last_due_on)
        case Forbearance.SETTLEMENT:
            said = SaidOffer(kind=offer.kind, now=offer.total, day=offer.last_due_on)
        case Forbearance.INSTALMENTS:
            return offer if is_allowed(terms, offer) else None
    answer = answer_counter_offer(terms, said)
    return answer.offer if isinstance(answer, Met) else None


@cases(300, 200_000)
@given(st.sampled_from(CURRENCIES), st.integers(1, 10**14), st.integers(1, 60), st.integers(1, 40), st.booleans())
def test_schedules_sum_exactly_in_every_currency_and_every_number_of_parts(
    currency: str, minor: int, parts: int, gap: int, working: bool
) -> None:
    assert len(CURRENCIES) >= 150
    amount, zero = Money(minor, currency), Money.zero(currency)
    part = Instalment(1, TODAY, amount, zero, zero, zero, zero)
    plan = InstalmentsLimit(
        rule="limits.instalments.1",
        place=PLACE,
        parts=60,
        largest_gap_days=366,
        within_days=3660,
        daily=Fraction(1, 9999),
    )
    time = ExtensionLimit(rule="limits.extension.1", place=PLACE, within_days=60, daily=Fraction(1, 9999))
    known = Limits(working_days=working, extension=(time,), instalments=(plan,))
    loan = Loan("L1", "shop", "B1", currency, (part,))
    terms = effective_limits(known, LoanCase(loan, TODAY), weekday)
    offer = extension(terms, TODAY + timedelta(days=gap)) if parts == 1 else even_plan(terms, parts, gap)
    if offer is None:
        assert minor < parts or (working and (parts == 1 or gap == 1))
        return
    assert sum(p.amount.minor for p in offer.payments) == minor + offer.cost.minor
    assert {p.amount.currency for p in offer.payments} == {currency}
    split = [p.amount.minor for p in offer.without_cost]
    assert len(split) == parts
    assert max(split) - min(split) <= 1
    assert all(one.due_on < other.due_on for one, other in pairwise(offer.payments))
    assert not working or all(weekday(p.due_on) for p in offer.payments)


@cases(150, 100_000)
@given(dice)
def test_where_a_row_holds_there_is_an_offer_of_its_kind_and_else_none(rng: Random) -> None:
    terms = effective_limits(*a_case(rng), weekday)
    offered = {offer.kind for offer in propose(terms, kinds=tuple(Forbearance))}
    assert offered == {ruling.kind for ruling in terms.rulings if isinstance(ruling, Holding)}
