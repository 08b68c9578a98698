"""Links and account numbers that borrowers received, compared with those of the lender."""

from __future__ import annotations

import pytest

from bot.dialog.own_accounts import is_ours

_OURS = ["Example Lender", "6222 0000 1111 2222", "https://pay.example.test/loan", "lender@bank"]


@pytest.mark.parametrize(
    ("received", "ours"),
    [
        ("pay.example.test", True),
        ("Is https://PAY.example.test/loan?id=7 yours", True),
        ("6222000011112222", True),
        ("transfer to 6222-0000-1111-2222 please", True),
        ("https://pay.example.test.evil.test/loan", False),
        ("https://pay.example.test@evil.test/loan", False),
        ("https://evil.test/pay.example.test", False),
        ("www.example.test", False),
        ("6222 0000 1111 2223", False),
        ("6222 0000 1111 2222 or https://evil.test", False),
        ("is this you?", None),
        ("room 42", None),
        ("", None),
    ],
)
def test_only_the_exact_host_and_number_are_the_lenders(received: str, ours: bool | None) -> None:
    assert is_ours(received, _OURS) is ours


@pytest.mark.parametrize(
    "received",
    [
        "Pay at https://pay.example.test.",
        "(https://pay.example.test)",
        "６２２２００００１１１１２２２２",
        "Lender@Bank",
    ],
)
def test_how_it_is_written_does_not_make_it_foreign(received: str) -> None:
    assert is_ours(received, _OURS) is True


@pytest.mark.parametrize(
    "beside",
    [
        "６２２２９９９９１１１１２２２２",
        "6222\u20139999\u20131111\u20132222",
        "6222.9999.1111.2222",
        "evil.\u4e2d\u56fd",
        "pay.example.test.\u4e2d\u56fd",
        "thief@bank",
        "https://pay.example.test/,https://evil.test",
    ],
)
def test_a_foreign_account_does_not_pass_beside_the_lenders_own_link(beside: str) -> None:
    assert is_ours(f"https://pay.example.test or {beside}", _OURS) is False


def test_an_amount_is_no_account() -> None:
    assert is_ours("1.500.000 to https://pay.example.test", _OURS) is True


def test_a_lender_without_ways_to_pay_owns_nothing() -> None:
    assert is_ours("https://pay.example.test", []) is False


def test_a_broken_link_is_not_the_lenders() -> None:
    assert is_ours("https://[pay.example.test", _OURS) is False
