"""Offers: exact schedules from the limits that hold, the smallest first, and none outside of them whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.commitments import DuePayment
from bot.domain.limits import Forbearance, Limits
from bot.domain.money import Money
from bot.negotiation.limits import EffectiveLimits
from bot.negotiation.offers import (
    Ability,
    Offer,
    even_plan,
    extension,
    is_allowed,
    make_offer,
    propose,
    single_payment,
)
from tests.unit.negotiation.limit_cases import (
    EXTENSION,
    INSTALMENTS,
    LIMITS,
    PLACE,
    TODAY,
    a_late_loan,
    terms,
)
from tests.unit.policy.cases import a_loan, a_promise, cny

DOWN = replace(INSTALMENTS, down_payment_percent=10)
PRICED = replace(EXTENSION, fee={"CNY": cny("2.00")}, daily=Fraction("0.0005"), free_days=1)


def told(offer: Offer | None) -> list[str]:
    assert offer is not None
    return [f"{p.due_on} {p.amount.decimal}" for p in offer.payments]


def with_rows(**rows: object) -> EffectiveLimits:
    return terms(replace(LIMITS, **rows))  # type: ignore[arg-type]


def test_of_each_kind_a_small_and_a_large_one_are_offered_and_the_smallest_concession_comes_first() -> None:
    offers = propose(terms())
    assert [(offer.kind.value, told(offer)) for offer in offers] == [
        ("extension", ["2025-03-08 1200.00"]),
        ("extension", ["2025-03-11 1200.00"]),
        ("instalments", ["2025-04-04 600.00", "2025-05-04 600.00"]),
        ("instalments", ["2025-04-04 400.00", "2025-05-04 400.00", "2025-06-02 400.00"]),
    ]


def test_an_offer_says_what_it_is_about_what_it_costs_and_which_row_allows_it() -> None:
    offer = extension(with_rows(extension=(PRICED,)), date(2025, 3, 10))
    # 2.00 at once, and 0.60 a day for 6 days less one that is free.
    assert offer == Offer(
        kind=Forbearance.EXTENSION,
        payments=(DuePayment(date(2025, 3, 10), cny("1205.00")),),
        amount=cny("1200.00"),
        cost=cny("5.00"),
        forgone=cny("0.00"),
        needs_approval=False,
        rule="limits.extension.1",
        place=PLACE,
    )
    assert (offer.total, offer.last_due_on) == (cny("1205.00"), date(2025, 3, 10))


def test_what_is_paid_at_once_is_not_deferred_and_the_cost_comes_with_the_last_part() -> None:
    offer = extension(with_rows(extension=(PRICED,)), date(2025, 3, 11), now=cny("300.00"))
    assert told(offer) == ["2025-03-04 300.00", "2025-03-11 904.70"]


def test_before_the_due_date_time_counts_from_the_due_date() -> None:
    early = terms(loan=a_loan(date(2025, 3, 6)))
    assert [told(offer) for offer in propose(early, kinds=(Forbearance.EXTENSION,))] == [
        ["2025-03-10 1200.00"],
        ["2025-03-13 1200.00"],
    ]
    assert extension(early, date(2025, 3, 6)) is None


def test_agreed_days_are_working_days_where_the_programme_says_so() -> None:
    working = with_rows(working_days=True)
    assert extension(working, date(2025, 3, 8)) is None
    assert [told(offer) for offer in propose(working)] == [
        ["2025-03-07 1200.00"],
        ["2025-03-11 1200.00"],
        ["2025-04-04 600.00", "2025-05-02 600.00"],
        ["2025-04-04 400.00", "2025-05-02 400.00", "2025-06-02 400.00"],
    ]


def test_the_down_payment_comes_first_and_today() -> None:
    offers = propose(with_rows(instalments=(DOWN,)), kinds=(Forbearance.INSTALMENTS,))
    assert [told(offer) for offer in offers] == [
        ["2025-03-04 120.00", "2025-04-04 1080.00"],
        ["2025-03-04 120.00", "2025-04-04 540.00", "2025-05-04 540.00"],
    ]


def test_odd_units_go_to_the_first_parts() -> None:
    offer = even_plan(terms(loan=a_loan(date(2025, 3, 3), "100.00")), 3, 30)
    assert told(offer) == ["2025-04-04 33.34", "2025-05-04 33.33", "2025-06-02 33.33"]


@pytest.mark.parametrize(
    ("currency", "minor", "parts"),
    [("JPY", 1000, ["334", "333", "333"]), ("KWD", 1000, ["0.334", "0.333", "0.333"])],
)
def test_parts_are_exact_in_currencies_of_other_decimals(currency: str, minor: int, parts: list[str]) -> None:
    zero = Money.zero(currency)
    loan = a_loan()
    [part] = loan.instalments
    own = replace(part, principal=Money(minor, currency), interest=zero, fees=zero, late_fees=zero, paid=zero)
    offer = even_plan(terms(loan=replace(loan, currency=currency, instalments=(own,))), 3, 30)
    assert offer is not None
    assert [str(p.amount.decimal) for p in offer.payments] == parts


def test_a_waiver_asks_for_the_rest_within_its_days_and_for_approval() -> None:
    offer = single_payment(terms(loan=a_late_loan()), Forbearance.WAIVER)
    assert offer is not None
    assert told(offer) == ["2025-03-11 1070.00"]
    assert (offer.amount, offer.forgone, offer.needs_approval) == (cny("1140.00"), cny("70.00"), True)


def test_a_settlement_is_never_offered_by_itself_and_may_be_for_more_than_the_least() -> None:
    late = terms(loan=a_late_loan())
    assert Forbearance.SETTLEMENT not in {offer.kind for offer in propose(late)}
    assert told(single_payment(late, Forbearance.SETTLEMENT)) == ["2025-04-03 798.00"]
    assert told(single_payment(late, Forbearance.SETTLEMENT, settling=cny("900.00"))) == ["2025-04-03 900.00"]
    more = (DuePayment(TODAY, cny("797.99")),)
    assert make_offer(late, Forbearance.SETTLEMENT, more) is None


@pytest.mark.parametrize(("above", "needed"), [("1199.99", True), ("1200.00", False)])
def test_approval_is_needed_above_the_line(above: str, needed: bool) -> None:
    rows = (replace(EXTENSION, approval_above={"CNY": cny(above)}),)
    offer = extension(with_rows(extension=rows), date(2025, 3, 7))
    assert offer is not None
    assert offer.needs_approval is needed


def test_a_waiver_is_judged_by_what_is_given_up() -> None:
    [row] = LIMITS.waiver
    limits = replace(LIMITS, waiver=(replace(row, approval=False, approval_above={"CNY": cny("70.00")}),))
    offer = single_payment(terms(limits, loan=a_late_loan()), Forbearance.WAIVER)
    assert offer is not None
    assert not offer.needs_approval


@pytest.mark.parametrize(
    ("can", "offered"),
    [
        (Ability(by=date(2025, 3, 9)), [["2025-03-07 1200.00"], ["2025-03-09 1200.00"]]),
        (Ability(by=TODAY), []),
        (
            Ability(now=cny("300.00")),
            [
                ["2025-03-04 300.00", "2025-03-08 900.00"],
                ["2025-03-04 300.00", "2025-03-11 900.00"],
                ["2025-03-04 300.00", "2025-04-04 900.00"],
                ["2025-03-04 300.00", "2025-04-04 450.00", "2025-05-04 450.00"],
            ],
        ),
        (
            Ability(per_part=cny("500.00")),
            [["2025-03-08 1200.00"], ["2025-03-11 1200.00"], ["2025-04-04 600.00", "2025-05-04 600.00"]],
        ),
        (Ability(per_part=cny("700.00")), [["2025-03-08 1200.00"], ["2025-03-11 1200.00"]]),
    ],
)
def test_no_offer_asks_less_than_they_say_they_can_do(can: Ability, offered: list[list[str]]) -> None:
    assert [told(offer) for offer in propose(terms(), can)] == offered


def test_the_same_terms_give_the_same_offers() -> None:
    assert propose(terms()) == propose(terms())


def test_without_a_row_that_holds_nothing_is_made() -> None:
    none = terms(Limits("Asia/Shanghai"))
    assert propose(none, kinds=tuple(Forbearance)) == ()
    assert extension(none, date(2025, 3, 7)) is None
    assert even_plan(none, 2, 7) is None


def pays(*parts: str) -> tuple[DuePayment, ...]:
    return tuple(
        DuePayment(date.fromisoformat(day), Money.of(amount, currency))
        for day, amount, currency in (part.split() for part in parts)
    )


@pytest.mark.parametrize(
    ("kind", "payments"),
    [
        (Forbearance.EXTENSION, ()),
        (Forbearance.EXTENSION, pays("2025-03-12 1200.00 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-04 1200.00 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-03 200.00 CNY", "2025-03-11 1000.00 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-11 1199.99 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-11 1200.00 USD")),
        (Forbearance.EXTENSION, pays("2025-03-05 200.00 CNY", "2025-03-11 1000.00 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-04 1300.00 CNY", "2025-03-11 -100.00 CNY")),
        (Forbearance.EXTENSION, pays("2025-03-04 200.00 CNY", "2025-03-05 1.00 CNY", "2025-03-11 999.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-03-11 1200.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-04-04 239.99 CNY", "2025-05-04 960.01 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-04-05 600.00 CNY", "2025-05-04 600.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-04-04 600.00 CNY", "2025-05-06 600.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-05-04 600.00 CNY", "2025-04-04 600.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-04-04 600.00 CNY", "2025-04-04 600.00 CNY")),
        (Forbearance.INSTALMENTS, pays("2025-03-10 600.00 CNY", "2025-03-09 600.00 CNY")),
        (
            Forbearance.INSTALMENTS,
            pays("2025-04-04 300.00 CNY", "2025-04-05 300.00 CNY", "2025-04-06 300.00 CNY", "2025-04-07 300.00 CNY"),
        ),
        (
            Forbearance.INSTALMENTS,
            pays("2025-04-04 400.00 CNY", "2025-05-04 400.00 CNY", "2025-06-03 400.00 CNY"),
        ),
        (Forbearance.WAIVER, pays("2025-03-11 1200.00 CNY")),
        (Forbearance.SETTLEMENT, pays("2025-03-11 1200.00 CNY")),
        (Forbearance.SETTLEMENT, pays("2025-03-11 600.00 CNY", "2025-03-12 300.00 CNY")),
    ],
)
def test_nothing_outside_the_limits_can_be_made(kind: Forbearance, payments: tuple[DuePayment, ...]) -> None:
    assert make_offer(terms(), kind, payments) is None


def test_just_at_the_limits_it_can() -> None:
    assert make_offer(terms(), Forbearance.EXTENSION, pays("2025-03-11 1200.00 CNY"))
    assert make_offer(terms(), Forbearance.EXTENSION, pays("2025-03-04 200.00 CNY", "2025-03-11 1000.00 CNY"))
    at_most = ("2025-04-04 240.00 CNY", "2025-05-05 480.00 CNY", "2025-06-02 480.00 CNY")
    assert make_offer(terms(), Forbearance.INSTALMENTS, pays(*at_most))
    assert make_offer(terms(), Forbearance.SETTLEMENT, pays("2025-04-03 840.00 CNY"))


def test_a_down_payment_is_asked_for_in_full_and_first() -> None:
    down = with_rows(instalments=(DOWN,))
    assert make_offer(down, Forbearance.INSTALMENTS, pays("2025-03-04 119.99 CNY", "2025-04-04 1080.01 CNY")) is None
    assert make_offer(down, Forbearance.INSTALMENTS, pays("2025-04-04 600.00 CNY", "2025-05-04 600.00 CNY")) is None
    assert make_offer(down, Forbearance.INSTALMENTS, pays("2025-03-04 120.00 CNY", "2025-04-04 1080.00 CNY"))


def test_a_plan_for_which_there_are_too_few_days_is_none() -> None:
    short = with_rows(instalments=(replace(INSTALMENTS, within_days=2),))
    assert told(even_plan(short, 2, 30)) == ["2025-03-05 600.00", "2025-03-06 600.00"]
    assert even_plan(short, 3, 30) is None


def test_an_offer_is_allowed_only_as_it_was_made_and_while_the_terms_stay() -> None:
    priced = with_rows(extension=(PRICED,))
    offer = extension(priced, date(2025, 3, 10))
    assert offer is not None
    assert is_allowed(priced, offer)
    assert not is_allowed(priced, replace(offer, cost=cny("4.99")))
    assert not is_allowed(priced, replace(offer, needs_approval=True))
    assert not is_allowed(terms(), offer)
    assert not is_allowed(terms(replace(LIMITS, extension=(PRICED,)), today=date(2025, 3, 10)), offer)


def test_an_offer_names_the_arrangement_that_it_would_replace() -> None:
    changed = terms(commitments=(a_promise(),))
    assert {offer.replaces for offer in propose(changed)} == {"C1"}
