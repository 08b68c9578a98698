"""Posting payments: each once by its reference, reversals name what they reverse, and no loan takes what is not its own."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.loan import LoanStatus, Payment
from bot.domain.money import Money
from bot.services.post_payments import Posted, post_payment
from tests.contracts.books.lender import NOW, Lender, a_payment, instalments


async def test_a_payment_fills_the_oldest_instalment_first(lender: Lender) -> None:
    await lender.imports(*instalments(2))
    report = await lender.posts(a_payment(amount="150.00"))
    assert (report.posted, report.known, report.refused, report.loans) == (1, 0, 0, {"L1"})
    assert await lender.paid() == [11000, 4000]


async def test_the_same_reference_twice_posts_once(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    await lender.posts(a_payment())
    report = await lender.posts(a_payment(), a_payment())
    assert (report.posted, report.known, report.summary.repeated) == (0, 1, 1)
    assert await lender.paid() == [5000]


async def test_a_reversal_takes_its_payment_back_in_the_same_file(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    await lender.posts(a_payment(amount="110.00"), a_payment("R1", amount="110.00", reverses="P1"))
    assert await lender.paid() == [0]
    assert (await lender.loan()).status is LoanStatus.OPEN


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"loan_id": "L9"}, ("loan_id", "unknown_loan")),
        ({"currency": "EUR"}, ("amount", "other_currency")),
        ({"instalment": "7"}, ("instalment", "unknown_instalment")),
        ({"reverses": "P9"}, ("reverses", "reverses_unknown")),
        ({"reverses": "P0", "amount": "50.01"}, ("amount", "reverses_too_much")),
        ({"reference": "P0", "amount": "1.00"}, ("reference", "reference_taken")),
        ({"loan_id": "L2", "reverses": "P0"}, ("reverses", "reverses_unknown")),
    ],
)
async def test_what_a_loan_cannot_take_is_told_with_its_line_and_changes_nothing(
    lender: Lender, changed: dict[str, str], place: tuple[str, str]
) -> None:
    await lender.imports(*instalments(1), *instalments(1, loan_id="L2"))
    await lender.posts(a_payment("P0"))
    report = await lender.posts(a_payment("P1") | changed)
    assert [(found.line, found.column, found.code) for found in lender.problems] == [(2, *place)]
    assert (report.posted, report.refused) == (0, 1)
    assert await lender.references() == ["P0"]


async def test_good_payments_are_posted_beside_bad_ones_and_told_in_the_order_of_the_file(lender: Lender) -> None:
    await lender.imports(*instalments(1), *instalments(1, loan_id="L2"))
    report = await lender.posts(
        a_payment("P1", loan_id="L9"),
        a_payment("P2", loan_id="L2"),
        a_payment("P3", amount="x"),
        a_payment("P4", loan_id="L8"),
    )
    assert (report.posted, report.refused, report.summary.bad) == (1, 2, 1)
    assert [(found.line, found.code) for found in lender.problems] == [
        (4, "not_an_amount"),
        (2, "unknown_loan"),
        (5, "unknown_loan"),
    ]


async def test_payments_to_one_loan_at_the_same_time_all_count(lender: Lender) -> None:
    await lender.imports(*instalments(1))

    async def post(number: int) -> object:
        payment = Payment(f"P{number}", "L1", Money(100, "GBP"), NOW.date())
        return await post_payment(lender.storage, lender.live, payment, NOW, "api")

    assert await asyncio.gather(*(post(number) for number in range(4))) == [Posted.NOW] * 4
    assert await lender.paid() == [400]
