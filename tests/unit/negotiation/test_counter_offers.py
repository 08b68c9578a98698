"""Counter-offers: what was asked for where it is allowed, else the nearest that is, with every difference named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.limits import Forbearance, Limits
from bot.domain.money import Money
from bot.negotiation.counter_offers import Met, Nearest, Option, Refused, answer_counter_offer
from bot.negotiation.limits import EffectiveLimits
from bot.negotiation.said_offer import SaidOffer
from bot.policy.explain import explain
from tests.unit.negotiation.limit_cases import EXTENSION, TODAY, a_late_loan, terms
from tests.unit.negotiation.test_offers import DOWN, told, with_rows
from tests.unit.policy.cases import a_loan, a_payment, cny

T = terms()
LATE = terms(loan=a_late_loan())
ONLY_TIME, ONLY_PARTS = with_rows(instalments=()), with_rows(extension=())


def met(said: SaidOffer, on: EffectiveLimits = T) -> list[str]:
    answer = answer_counter_offer(on, said)
    assert isinstance(answer, Met), answer
    return told(answer.offer)


def shown(options: tuple[Option, ...]) -> list[tuple[str, list[str], list[str]]]:
    return [
        (o.offer.kind.value, told(o.offer), [f"{d.code}: {d.said} -> {d.offered}" for d in o.differences])
        for o in options
    ]


def nearest(said: SaidOffer, on: EffectiveLimits = T) -> list[tuple[str, list[str], list[str]]]:
    answer = answer_counter_offer(on, said)
    assert isinstance(answer, Nearest), answer
    return shown(answer.options)


def refused(said: SaidOffer, on: EffectiveLimits = T) -> Refused:
    answer = answer_counter_offer(on, said)
    assert isinstance(answer, Refused), answer
    return answer


@pytest.mark.parametrize(
    ("said", "payments"),
    [
        (SaidOffer(days=5), ["2025-03-09 1200.00"]),
        (SaidOffer(day=date(2025, 3, 11)), ["2025-03-11 1200.00"]),
        (SaidOffer(now=cny("300.00"), day=date(2025, 3, 10)), ["2025-03-04 300.00", "2025-03-10 900.00"]),
        (SaidOffer(share=Fraction(1, 2)), ["2025-03-04 600.00", "2025-03-08 600.00"]),
        (SaidOffer(share=Fraction(1, 7), days=7), ["2025-03-04 171.43", "2025-03-11 1028.57"]),
        (SaidOffer(days=7, no_cost=True), ["2025-03-11 1200.00"]),
        (
            SaidOffer(per_part=cny("400.00"), gap_days=30),
            ["2025-04-04 400.00", "2025-05-04 400.00", "2025-06-02 400.00"],
        ),
        (
            SaidOffer(per_part=cny("400.00"), gap_days=30, day=date(2025, 3, 15)),
            ["2025-03-15 400.00", "2025-04-15 400.00", "2025-05-15 400.00"],
        ),
        (SaidOffer(per_part=cny("900.00"), gap_days=14), ["2025-03-18 900.00", "2025-04-01 300.00"]),
        (SaidOffer(parts=3, gap_days=14), ["2025-03-18 400.00", "2025-04-01 400.00", "2025-04-15 400.00"]),
        (SaidOffer(kind=Forbearance.INSTALMENTS, parts=2), ["2025-04-04 600.00", "2025-05-04 600.00"]),
        (
            SaidOffer(now=cny("500.00"), parts=3, gap_days=7),
            ["2025-03-04 500.00", "2025-03-11 350.00", "2025-03-18 350.00"],
        ),
    ],
)
def test_what_is_allowed_is_met_as_it_was_said(said: SaidOffer, payments: list[str]) -> None:
    assert met(said) == payments


def test_more_days_than_there_are_give_the_last_one_or_two_parts_by_the_day_they_named() -> None:
    assert nearest(SaidOffer(days=20)) == [
        ("extension", ["2025-03-11 1200.00"], ["days_fewer: 20 -> 7"]),
        ("instalments", ["2025-03-14 600.00", "2025-03-24 600.00"], ["other_kind: extension -> instalments"]),
    ]
    assert nearest(SaidOffer(day=date(2025, 5, 1))) == [
        ("extension", ["2025-03-11 1200.00"], ["earlier: 2025-05-01 -> 2025-03-11"]),
        (
            "instalments",
            ["2025-03-31 600.00", "2025-04-27 600.00"],
            ["other_kind: extension -> instalments", "earlier: 2025-05-01 -> 2025-04-27"],
        ),
    ]


def test_something_now_and_the_rest_later_may_be_two_parts() -> None:
    assert nearest(SaidOffer(now=cny("300.00"), day=date(2025, 3, 15))) == [
        ("extension", ["2025-03-04 300.00", "2025-03-11 900.00"], ["earlier: 2025-03-15 -> 2025-03-11"]),
        ("instalments", ["2025-03-04 300.00", "2025-03-15 900.00"], ["other_kind: extension -> instalments"]),
    ]


def test_parts_that_would_be_too_many_become_larger() -> None:
    assert nearest(SaidOffer(per_part=cny("200.00"), gap_days=30)) == [
        (
            "instalments",
            ["2025-04-04 400.00", "2025-05-04 400.00", "2025-06-02 400.00"],
            ["part_larger: 200.00 CNY -> 400.00 CNY"],
        ),
        ("extension", ["2025-03-11 1200.00"], ["other_kind: instalments -> extension"]),
    ]


def test_a_rest_that_is_too_small_for_a_part_comes_with_the_last() -> None:
    assert nearest(SaidOffer(per_part=cny("500.00"), gap_days=30))[0] == (
        "instalments",
        ["2025-04-04 500.00", "2025-05-04 700.00"],
        ["part_larger: 500.00 CNY -> 700.00 CNY"],
    )


@pytest.mark.parametrize(
    ("said", "differences"),
    [
        (SaidOffer(parts=12), ["parts_fewer: 12 -> 3"]),
        (SaidOffer(parts=2, gap_days=60), ["gap_shorter: 60 -> 30"]),
        (SaidOffer(parts=2, day=date(2025, 5, 1)), ["earlier: 2025-05-01 -> 2025-04-04"]),
        (SaidOffer(parts=3, per_part=cny("100.00")), ["part_larger: 100.00 CNY -> 400.00 CNY"]),
    ],
)
def test_each_difference_of_a_plan_is_named(said: SaidOffer, differences: list[str]) -> None:
    assert nearest(said)[0][2] == differences


def test_a_down_payment_larger_than_what_they_can_do_now_is_named() -> None:
    down = with_rows(instalments=(DOWN,))
    assert nearest(SaidOffer(now=cny("50.00"), parts=3, gap_days=30), down)[0] == (
        "instalments",
        ["2025-03-04 120.00", "2025-04-04 540.00", "2025-05-04 540.00"],
        ["now_larger: 50.00 CNY -> 120.00 CNY"],
    )
    assert met(SaidOffer(parts=3, gap_days=30), down) == ["2025-03-04 120.00", "2025-04-04 540.00", "2025-05-04 540.00"]


def test_time_without_cost_is_shorter_and_stands_beside_what_was_asked_for() -> None:
    priced = with_rows(extension=(replace(EXTENSION, daily=Fraction("0.0005"), free_days=2),), instalments=())
    assert nearest(SaidOffer(days=14, no_cost=True), priced) == [
        (
            "extension",
            ["2025-03-11 1203.00"],
            ["days_fewer: 14 -> 7", "cost_stays: 0.00 CNY -> 3.00 CNY"],
        ),
        ("extension", ["2025-03-06 1200.00"], ["days_fewer: 14 -> 2"]),
    ]


def test_a_day_that_is_no_working_day_becomes_the_next_that_is() -> None:
    assert nearest(SaidOffer(day=date(2025, 3, 8)), with_rows(working_days=True)) == [
        ("extension", ["2025-03-10 1200.00"], ["later: 2025-03-08 -> 2025-03-10"]),
    ]


def test_no_fee_is_a_waiver() -> None:
    assert met(SaidOffer(no_cost=True), LATE) == ["2025-03-11 1070.00"]
    assert met(SaidOffer(kind=Forbearance.WAIVER, day=date(2025, 3, 7)), LATE) == ["2025-03-07 1070.00"]
    assert nearest(SaidOffer(kind=Forbearance.WAIVER, day=date(2025, 3, 20)), LATE) == [
        ("waiver", ["2025-03-11 1070.00"], ["earlier: 2025-03-20 -> 2025-03-11"])
    ]


def test_a_settlement_is_at_least_the_share_of_the_limits_and_at_most_what_they_offered() -> None:
    half = SaidOffer(kind=Forbearance.SETTLEMENT, share=Fraction(1, 2))
    assert nearest(half, LATE) == [("settlement", ["2025-04-03 798.00"], ["amount_larger: 570.00 CNY -> 798.00 CNY"])]
    assert met(SaidOffer(kind=Forbearance.SETTLEMENT, now=cny("900.00")), LATE) == ["2025-04-03 900.00"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (SaidOffer(now=Money.of("5.00", "USD")), "The loan is in CNY."),
        (SaidOffer(days=0), "The amount is nothing."),
        (SaidOffer(per_part=cny("-1.00")), "The amount is nothing."),
        (SaidOffer(day=date(2025, 3, 3)), "The day has passed."),
        (SaidOffer(day=TODAY), "That is all of the 1200.00 CNY asked for, so a promise to pay is enough."),
        (
            SaidOffer(now=cny("1200.00")),
            "That is all of the 1200.00 CNY asked for, so a promise to pay is enough.",
        ),
        (SaidOffer(share=Fraction(1)), "That is all of the 1200.00 CNY asked for, so a promise to pay is enough."),
    ],
)
def test_what_cannot_be_answered_with_an_arrangement(said: SaidOffer, sentence: str) -> None:
    answer = refused(said)
    assert (explain(answer), answer.nearest) == (sentence, ())


def test_to_settle_with_all_of_it_needs_no_settlement() -> None:
    assert refused(SaidOffer(kind=Forbearance.SETTLEMENT, now=cny("1140.00")), LATE).reason == "covers_all"


def test_nothing_said_is_answered_with_what_would_be_offered() -> None:
    answer = refused(SaidOffer())
    assert explain(answer) == "Neither a day nor an amount was named."
    assert [option.offer.kind.value for option in answer.nearest] == ["extension", "extension", "instalments"]


def test_a_refusal_names_the_rule_and_what_would_work() -> None:
    no_parts = refused(SaidOffer(parts=3), ONLY_TIME)
    assert explain(no_parts) == "The programme offers none; a person decides."
    assert shown(no_parts.nearest) == [("extension", ["2025-03-11 1200.00"], ["other_kind: instalments -> extension"])]
    no_time = refused(SaidOffer(days=20), ONLY_PARTS)
    assert shown(no_time.nearest) == [
        ("instalments", ["2025-03-14 600.00", "2025-03-24 600.00"], ["other_kind: extension -> instalments"])
    ]
    no_waiver = refused(SaidOffer(no_cost=True))
    assert explain(no_waiver) == "Nothing is unpaid of what could be waived."
    assert [option.offer.kind.value for option in no_waiver.nearest] == ["extension", "extension", "instalments"]


def test_where_nothing_works_the_refusal_says_only_why() -> None:
    assert refused(SaidOffer(days=3), terms(Limits("Asia/Shanghai"))) == Refused("not_offered")
    paid = terms(loan=a_loan(payments=[a_payment("1200.00", TODAY)]))
    assert refused(SaidOffer(now=cny("5.00")), paid) == Refused("paid")


def test_where_a_plan_is_allowed_but_none_comes_near_the_refusal_offers_what_there_is() -> None:
    answer = refused(SaidOffer(now=cny("1100.00"), parts=2), ONLY_PARTS)
    assert (explain(answer), answer.nearest) == ("No schedule within the limits comes near it.", ())
    one_part = refused(SaidOffer(parts=1), ONLY_PARTS)
    assert [told(option.offer) for option in one_part.nearest] == [
        ["2025-04-04 600.00", "2025-05-04 600.00"],
        ["2025-04-04 400.00", "2025-05-04 400.00", "2025-06-02 400.00"],
    ]


def test_an_answer_is_explained_by_its_first_difference() -> None:
    said = {
        "Asked for were 20 days, 7 are possible.": SaidOffer(days=20),
        "Asked for was 2025-05-01, the last possible day is 2025-03-11.": SaidOffer(day=date(2025, 5, 1)),
        "Asked for were parts of 200.00 CNY, they would be 400.00 CNY.": SaidOffer(per_part=cny("200.00")),
        "Asked for were 12 parts, 3 are possible.": SaidOffer(parts=12),
        "Asked for were parts 60 days apart, 30 are possible.": SaidOffer(gap_days=60, parts=2),
    }
    assert [explain(answer_counter_offer(T, offer)) for offer in said.values()] == list(said)


@pytest.mark.parametrize("huge", [10**9, 10**30])
def test_absurd_numbers_are_answered_like_any_others(huge: int) -> None:
    assert nearest(SaidOffer(days=huge))[0][1] == ["2025-03-11 1200.00"]
    assert len(nearest(SaidOffer(parts=huge))[0][1]) == 3
    assert len(nearest(SaidOffer(gap_days=huge))[0][1]) == 3
    assert nearest(SaidOffer(per_part=cny("0.01")))[0][2] == ["part_larger: 0.01 CNY -> 400.00 CNY"]


@pytest.mark.parametrize("kind", [None, *Forbearance])
@pytest.mark.parametrize("parts", [None, 3])
def test_the_last_day_of_the_calendar_is_answered_with_days_that_are_allowed(
    kind: Forbearance | None, parts: int | None
) -> None:
    answer = answer_counter_offer(LATE, SaidOffer(day=date.max, kind=kind, parts=parts, now=None))
    assert isinstance(answer, Nearest)
    assert all(option.offer.last_due_on < date(2025, 7, 1) for option in answer.options)
