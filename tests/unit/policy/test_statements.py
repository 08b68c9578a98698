"""Statements: what must be said is decided by the policy, the party that writes, and what happened before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.holds import HoldKind
from bot.policy.contact_policy import Party
from bot.policy.statements import moments_of_proactive, statements_due
from tests.unit.policy.cases import a_contact, a_hold, a_loan, a_situation, at, contact_policies, contact_policy

NOW = at("2026-12-01 10:00")
FIRST = a_situation(NOW)
LATER = a_situation(NOW, contacts=(a_contact(at("2026-11-25 10:00")),))


def keys(policy_id: str, *moments: str, party: Party = Party.FIRST, situation: object = FIRST) -> list[str]:
    policy = replace(contact_policy(policy_id), party=party)
    return [s.key.removeprefix("stmt.") for s in statements_due(policy, situation, a_loan(), moments)]  # type: ignore[arg-type]


def proactive(policy_id: str, situation: object = FIRST, party: Party = Party.FIRST) -> list[str]:
    return keys(policy_id, *moments_of_proactive(situation), party=party, situation=situation)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy_id", "first", "later"),
    [
        ("GLOBAL", ["opt_out"], ["opt_out"]),
        ("CN", ["identity", "recording", "opt_out"], ["opt_out"]),
        ("MX", ["first_contact_mx", "opt_out"], ["opt_out"]),
        ("BR", ["first_contact", "opt_out"], ["opt_out"]),
        ("CA", ["first_contact", "opt_out"], ["opt_out"]),
        ("US", ["opt_out"], ["opt_out"]),
        ("US-NYC", ["opt_out", "recording"], ["opt_out"]),
        ("DE", ["opt_out"], ["opt_out"]),
    ],
)
def test_the_first_message_says_more_than_a_later_one(policy_id: str, first: list[str], later: list[str]) -> None:
    assert proactive(policy_id) == first
    assert proactive(policy_id, LATER) == later


@pytest.mark.parametrize(
    ("policy_id", "first", "later"),
    [
        ("US", ["opt_out", "collector_initial", "validation"], ["opt_out", "collector_later"]),
        ("DE", ["claim_detail", "opt_out"], ["opt_out"]),
    ],
)
def test_a_third_party_says_that_it_collects(policy_id: str, first: list[str], later: list[str]) -> None:
    assert proactive(policy_id, party=Party.THIRD) == first
    assert proactive(policy_id, LATER, Party.THIRD) == later


def test_a_debt_that_is_disputed_is_called_so_as_long_as_the_dispute_lasts() -> None:
    disputed = a_situation(NOW, holds=(a_hold(HoldKind.DISPUTE, NOW, loan_id="L1"),))
    other = a_situation(NOW, holds=(a_hold(HoldKind.DISPUTE, NOW, loan_id="L2"),))
    assert keys("US", "dispute_open", situation=disputed) == ["disputed"]
    assert keys("US", "dispute_open", situation=other) == []
    assert keys("US", "dispute_open") == []


def test_every_policy_says_how_to_stop_and_whom_to_pay_and_where_to_complain() -> None:
    for policy_id in contact_policies():
        assert "opt_out" in proactive(policy_id), policy_id
        assert keys(policy_id, "payment_instruction") == ["pay_only_lender"], policy_id
        assert keys(policy_id, "consequence_answer") == ["complaint"], policy_id
        assert keys(policy_id, "before_plan_accept") == ["plan_cost"], policy_id
        assert keys(policy_id, "after_plan_accept") == ["plan_written"], policy_id
        assert keys(policy_id, "before_acknowledgement") == ["acknowledgement"], policy_id
        assert keys(policy_id, "before_agency") == ["agent_named"], policy_id


def test_who_cannot_pay_hears_of_advice_where_the_law_asks_for_it() -> None:
    assert keys("UK", "hardship") == keys("EU", "hardship") == keys("DE", "hardship") == ["debt_advice"]
    assert keys("CN", "hardship") == []


def test_the_start_of_a_talk_says_that_a_machine_speaks() -> None:
    assert keys("EU", "conversation_start") == keys("GLOBAL", "conversation_start") == ["identity"]
