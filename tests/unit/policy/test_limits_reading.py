"""Limits in a programme's file: what they say as values, and every mistake in them, all at once, with its place and a fix."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.domain.diagnostics import Place
from bot.domain.limits import (
    Conditions,
    ExtensionLimit,
    InstalmentsLimit,
    Limits,
    SettlementLimit,
    WaiverLimit,
)
from tests.unit.policy.cases import cny, programme
from tests.unit.policy.test_programme_reading import GOOD
from tests.unit.policy.test_shared_programmes import SCORED, good, read

LIMITS = """\
limits:
  changes: 1
  rounds: 3
  max_broken: 2
  working_days: true
  budget: {CNY: "5000.00"}
  extension:
    - {stages: [before, early], bands: [low], balance_to: {CNY: "20000.00"}, days: 7, times: 2, per_days: 365, fee: {CNY: "1.00"}, daily_percent: "0.05", grace_days: 1}
  instalments:
    - {parts: 3, min_part: {CNY: "100.00"}, min_part_percent: 20, largest_gap_days: 31, down_payment_percent: 10, last_day: 90, approval: true}
  waiver:
    - {late_fees_percent: 100, interest_percent: 30, pay_within_days: 7, approval_above: {CNY: "100.00"}}
  settlement:
    - {stages: [late], least_percent: 70, pay_within_days: 30}
"""
SHIPPED = ("generic", "p2p", "fenqile", "xinerfu", "jiebei", "huabei")
FILE = "dialogs/policies/shop.yaml"


def place(of: str, text: str = SCORED + LIMITS) -> Place:
    """Where a row begins that holds these words."""
    lines = text.splitlines()
    number = next(n for n, line in enumerate(lines, 1) if of in line)
    return Place(FILE, number, lines[number - 1].index("{") + 1)


def problems_of(limits: str, text: str = SCORED) -> list[tuple[str, str]]:
    found, problems = read(text + "limits:\n" + limits)
    assert (found is None) == bool(problems)
    return [(p.code, p.sentence) for p in problems]


def test_limits_hold_what_their_file_says() -> None:
    limits = good(SCORED + LIMITS).limits
    assert limits == Limits(
        timezone="Asia/Shanghai",
        changes=1,
        rounds=3,
        max_broken=2,
        working_days=True,
        budget={"CNY": cny("5000.00")},
        extension=(
            ExtensionLimit(
                rule="limits.extension.1",
                place=place("days: 7, times"),
                when=Conditions(("before", "early"), ("low",), {}, {"CNY": cny("20000.00")}),
                within_days=7,
                times=2,
                per_days=365,
                fee={"CNY": cny("1.00")},
                daily=Fraction(1, 2000),
                free_days=1,
            ),
        ),
        instalments=(
            InstalmentsLimit(
                rule="limits.instalments.1",
                place=place("parts: 3"),
                parts=3,
                min_part={"CNY": cny("100.00")},
                min_part_percent=20,
                largest_gap_days=31,
                down_payment_percent=10,
                within_days=90,
                approval=True,
            ),
        ),
        waiver=(
            WaiverLimit(
                rule="limits.waiver.1",
                place=place("late_fees_percent"),
                late_fees_percent=100,
                interest_percent=30,
                within_days=7,
                approval_above={"CNY": cny("100.00")},
            ),
        ),
        settlement=(
            SettlementLimit(
                rule="limits.settlement.1",
                place=place("least_percent"),
                when=Conditions(("late",)),
                least_percent=70,
                within_days=30,
                approval=True,
            ),
        ),
    )


def test_without_limits_nothing_is_agreed_by_the_bot() -> None:
    assert good(GOOD).limits == Limits("Asia/Shanghai")
    assert good(GOOD + "limits: {}\n").limits == Limits("Asia/Shanghai")


def test_a_settlement_has_no_word_about_approval_because_it_always_needs_one() -> None:
    found = problems_of("  settlement: [{least_percent: 70, pay_within_days: 30, approval: false}]\n")
    assert found == [("P002", '"approval" is not known here.')]


@pytest.mark.parametrize(
    ("limits", "code", "sentence"),
    [
        ("  chances: 1\n", "P002", '"chances" is not known here. Did you mean "changes"?'),
        ("  rounds: 0\n", "P004", '"rounds" is 0, outside 1 to 20.'),
        ("  budget: {CNY: lots}\n", "P004", "This cannot be an amount: 'lots' is not an amount."),
        ("  extension: [{}]\n", "P003", '"days" is missing.'),
        ("  extension: [{days: 7, every: 1}]\n", "P002", '"every" is not known here.'),
        (
            '  extension: [{days: 7, daily_percent: "6"}]\n',
            "P004",
            '"daily_percent" is 6, which is no percentage from 0 to 5.',
        ),
        (
            "  extension: [{days: 7, daily_percent: NaN}]\n",
            "P004",
            '"daily_percent" is NaN, which is no percentage from 0 to 5.',
        ),
        ("  extension: [{days: 7, bands: [middle]}]\n", "P017", 'There is no band "middle" in the scorecard.'),
        (
            "  extension: [{days: 7, stages: [erly]}]\n",
            "P023",
            'The programme has no stage "erly". Did you mean "early"?',
        ),
        (
            "  extension: [{days: 3}, {days: 7}]\n",
            "P024",
            "This row can never hold: the rows above it hold for all its loans.",
        ),
        (
            '  extension: [{days: 3, fee: {CNY: "1.00"}, balance_to: {USD: "5.00"}}]\n',
            "P025",
            "Some amounts of the row leave out CNY, USD, so a loan in such a currency has no limit there.",
        ),
        (
            '  budget: {CNY: "5.00"}\n  extension: [{days: 3, fee: {USD: "1.00"}}]\n',
            "P025",
            "Some amounts of the budget leave out USD, so a loan in such a currency has no limit there.",
        ),
        (
            '  extension: [{days: 3, balance_from: {CNY: "5.00"}, balance_to: {CNY: "4.00"}}]\n',
            "P026",
            "No balance lies from 5.00 CNY to 4.00 CNY.",
        ),
        (
            "  waiver: [{pay_within_days: 7}]\n",
            "P026",
            "Nothing is waived: neither of the late fees nor of the interest.",
        ),
        (
            "  instalments: [{parts: 6, min_part_percent: 20, last_day: 90}]\n",
            "P026",
            "6 parts of at least 20 % each are more than the whole.",
        ),
        (
            "  instalments: [{parts: 3, min_part_percent: 30, down_payment_percent: 41, last_day: 90}]\n",
            "P026",
            "3 parts of at least 30 % each are more than the whole.",
        ),
        ("  instalments: [{parts: 12, last_day: 10}]\n", "P026", "12 parts need more than 10 days."),
    ],
)
def test_a_mistake_is_named(limits: str, code: str, sentence: str) -> None:
    assert problems_of(limits) == [(code, sentence)]


def test_all_mistakes_come_at_once_each_with_its_place_and_a_fix() -> None:
    text = SCORED + "limits:\n  extension:\n    - {days: 0, stages: [none]}\n  waiver:\n    - {pay_within_days: 7}\n"
    found, problems = read(text)
    assert found is None
    assert [str(p.place).removeprefix(FILE) for p in problems] == [":34:14", ":34:26", ":36:7"]
    assert [p.code for p in problems] == ["P004", "P023", "P026"]
    assert all(p.fix.endswith(".") for p in problems)


def test_a_band_needs_a_scorecard() -> None:
    assert problems_of("  extension: [{days: 7, bands: [low]}]\n", GOOD) == [
        ("P017", 'There is no band "low" in the scorecard.')
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "[{days: 3, stages: [early]}, {days: 7}]",
        "[{days: 3, stages: [early]}, {days: 7, stages: [early, late]}]",
        "[{days: 3, bands: [low]}, {days: 7, bands: [high]}, {days: 2}]",
        '[{days: 3, balance_to: {CNY: "99.99"}}, {days: 7, balance_from: {CNY: "50.00"}}]',
        '[{days: 3, balance_to: {CNY: "99.99"}}, {days: 5, balance_from: {CNY: "100.01"}}, {days: 7, balance_to: {CNY: "200.00"}}]',
        '[{days: 3, fee: {CNY: "1.00"}}, {days: 7, fee: {USD: "1.00"}}, {days: 9}]',
        "[{days: 3, stages: [late, early, before]}, {days: 7}]",
    ],
)
def test_a_row_that_can_hold_for_some_loan_is_no_mistake(rows: str) -> None:
    """The last: before the first day of the ladder a loan is in no stage at all."""
    assert problems_of(f"  extension: {rows}\n") == []


@pytest.mark.parametrize(
    "rows",
    [
        "[{days: 3, stages: [early, late]}, {days: 7, stages: [late]}]",
        "[{days: 3, stages: [early]}, {days: 2, stages: [late]}, {days: 7, stages: [late, early]}]",
        "[{days: 3, stages: [late]}, {days: 7, stages: [late], bands: [low]}]",
        '[{days: 3, balance_to: {CNY: "99.99"}}, {days: 5, balance_from: {CNY: "100.00"}}, {days: 7, balance_to: {CNY: "200.00"}}]',
        '[{days: 3}, {days: 7, fee: {USD: "1.00"}}]',
    ],
)
def test_a_row_below_those_that_take_all_its_loans_can_never_hold(rows: str) -> None:
    assert [code for code, _ in problems_of(f"  extension: {rows}\n")] == ["P024"]


@pytest.mark.parametrize("name", SHIPPED)
def test_all_that_ship_keep_to_working_days_and_end_in_a_person(name: str) -> None:
    limits = programme(name).limits
    assert (limits.changes, limits.rounds, limits.max_broken, limits.working_days) == (1, 3, 2, True)
    assert limits.settlement == ()


@pytest.mark.parametrize(
    ("name", "days", "parts"),
    [
        ("generic", (3,), (2, 3)),
        ("p2p", (5,), (3, 3)),
        ("fenqile", (7, 3), (2, 3)),
        ("xinerfu", (7,), (3, 6, 3)),
        ("jiebei", (), ()),
        ("huabei", (), ()),
    ],
)
def test_what_ships_offers_what_its_source_knows(name: str, days: tuple[int, ...], parts: tuple[int, ...]) -> None:
    limits = programme(name).limits
    assert tuple(row.within_days for row in limits.extension) == days
    assert tuple(row.parts for row in limits.instalments) == parts


def test_only_xinerfu_waives_and_a_person_approves_it() -> None:
    waivers = [row for name in SHIPPED for row in programme(name).limits.waiver]
    assert [(row.interest_percent, row.late_fees_percent, row.approval, row.times) for row in waivers] == [
        (30, 0, True, 1)
    ]
    assert programme("xinerfu").limits.budget == {"CNY": cny("5000.00")}
