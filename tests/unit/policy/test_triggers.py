"""What a borrower reports, row by row: how long it rests, who hears of it, and which messages still go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.policy.contact import Allowed, may_contact
from tests.unit.policy.cases import a_hold, a_loan, a_situation, at, contact_policies, contact_policy

NOW = at("2026-12-01 12:00")
GLOBAL = contact_policy("GLOBAL")


@pytest.mark.parametrize(
    ("name", "days", "notify"),
    [
        ("stop", None, "operator"),
        ("inconvenient_times", None, "none"),
        ("dispute", 30, "operator"),
        ("hardship", 7, "none"),
        ("vulnerable", 30, "supervisor"),
        ("self_harm", None, "supervisor"),
        ("wrong_person", None, "operator"),
        ("minor", None, "supervisor"),
        ("attorney", None, "operator"),
        ("moratorium", 60, "supervisor"),
        ("deceased", None, "supervisor"),
        ("plan_active", None, "none"),
        ("complaint", 7, "supervisor"),
        ("paid_claim", 14, "operator"),
        ("paused", 30, "none"),
        ("paid", None, "none"),
    ],
)
def test_the_fallback_rests_a_debt_as_the_table_says(name: str, days: int | None, notify: str) -> None:
    trigger = GLOBAL.trigger(name)
    assert trigger is not None
    assert (trigger.hold_days, trigger.notify) == (days, notify)


@pytest.mark.parametrize("policy_id", sorted(contact_policies()))
def test_no_jurisdiction_rests_a_debt_for_less_than_the_fallback(policy_id: str) -> None:
    for ours in GLOBAL.triggers:
        theirs = contact_policy(policy_id).trigger(ours.name)
        assert theirs is not None
        assert theirs.hold_days is None or (ours.hold_days is not None and theirs.hold_days >= ours.hold_days)


@pytest.mark.parametrize(
    ("policy_id", "name", "days", "strength"),
    [
        ("UK", "moratorium", 60, "law"),
        ("US", "moratorium", None, "law"),
        ("US", "attorney", None, "law"),
        ("US", "dispute", None, "law"),
        ("US", "deceased", None, "law"),
        ("US", "stop", None, "law"),
        ("MX", "minor", None, "law"),
        ("CN", "plan_active", None, "law"),
        ("IN", "complaint", 7, "law"),
        ("PH", "dispute", 30, "guidance"),
        ("HK", "moratorium", None, "guidance"),
    ],
)
def test_what_a_law_adds_is_marked_as_law(policy_id: str, name: str, days: int | None, strength: str) -> None:
    trigger = contact_policy(policy_id).trigger(name)
    assert trigger is not None
    assert (trigger.hold_days, trigger.basis.strength.value) == (days, strength)


#: Of each hold: whether a reminder, a notice, a new message from a person, and a reminder of the agreement itself still go.
STILL_GO = {
    HoldKind.STOP: (False, False, False, False),
    HoldKind.WRONG_PERSON: (False, False, False, False),
    HoldKind.ATTORNEY: (False, False, False, False),
    HoldKind.MORATORIUM: (False, False, False, False),
    HoldKind.DISPUTE: (False, False, True, False),
    HoldKind.HARDSHIP: (False, False, True, False),
    HoldKind.VULNERABLE: (False, False, True, False),
    HoldKind.DECEASED: (False, False, True, False),
    HoldKind.MINOR: (False, False, True, False),
    HoldKind.COMPLAINT: (False, False, True, False),
    HoldKind.INCONVENIENT_TIMES: (False, False, True, False),
    HoldKind.PAID_CLAIM: (False, False, True, False),
    HoldKind.HUMAN_HOLDS: (False, False, True, False),
    HoldKind.PAUSED: (False, False, True, False),
    HoldKind.PROMISE_OPEN: (False, False, True, True),
    HoldKind.PLAN_ACTIVE: (False, False, True, True),
}


@pytest.mark.parametrize("kind", list(HoldKind))
def test_what_still_goes_during_a_hold(kind: HoldKind) -> None:
    situation = a_situation(NOW, holds=(a_hold(kind, NOW),))

    def goes(message: MessageKind, **more: bool) -> bool:
        return isinstance(may_contact(situation, "L1", GLOBAL, NOW, message, **more), Allowed)  # type: ignore[arg-type]

    answers = (MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.OPERATOR)
    agreement = goes(MessageKind.REMINDER, about_commitment=True)
    assert (*(goes(message) for message in answers), agreement) == STILL_GO[kind]
    assert goes(MessageKind.REPLY)


@pytest.mark.parametrize("kind", list(HoldKind))
def test_a_hold_that_is_over_and_one_of_another_loan_stop_nothing(kind: HoldKind) -> None:
    over = a_hold(kind, NOW, ends_at=NOW)
    other = a_hold(kind, NOW, loan_id="L2")
    loans = (a_loan(), a_loan(loan_id="L2"))
    for hold in (over, other):
        situation = a_situation(NOW, loans=loans, holds=(hold,))
        assert isinstance(may_contact(situation, "L1", GLOBAL, NOW, MessageKind.REMINDER), Allowed)


def test_a_person_may_answer_somebody_who_wrote_lately_whatever_holds() -> None:
    wrote = a_situation(NOW, holds=(a_hold(HoldKind.STOP, NOW),), last_inbound_at=NOW - timedelta(hours=1))
    assert may_contact(wrote, "L1", GLOBAL, NOW, MessageKind.OPERATOR) == Allowed("answers")
