"""Decisions as sentences and records: every reason that a decision can have is put in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.domain.situation import Reach
from bot.policy.contact import Allowed, DeferredUntil, Withheld, may_contact
from bot.policy.explain import explain, record_of
from bot.policy.promises import Broken, Kept
from bot.policy.wording import Finding
from tests.unit.policy.cases import a_contact, a_situation, at, contact_policy

CN = contact_policy("CN")
NIGHT = at("2025-03-04 22:00")


def test_a_deferral_says_when_it_is_asked_again_on_the_borrowers_clock() -> None:
    answer = may_contact(a_situation(NIGHT), "L1", CN, NIGHT, MessageKind.REMINDER)
    assert explain(answer) == (
        "It is 2025-03-04 22:00 (Asia/Shanghai), outside the hours of contact; "
        "asked again at 2025-03-05 08:00 (Asia/Shanghai)."
    )


def test_a_cap_is_named_with_what_is_counted() -> None:
    now = at("2025-03-04 15:00")
    situation = a_situation(now, contacts=(a_contact(now - timedelta(hours=3)),))
    answer = may_contact(situation, "L1", CN, now, MessageKind.REMINDER)
    assert explain(answer) == (
        'The cap "chat_day" on contacts is used up (1 contacts known); asked again at 2025-03-05 08:00 (Asia/Shanghai).'
    )


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (Allowed("answers"), "It answers what the borrower wrote, which is allowed at any hour."),
        (Withheld("stop"), "The borrower asked not to be written to."),
        (
            Withheld("anchor_moved", (("anchor", "2025-04-03"),)),
            "The oldest unpaid instalment is now the one of 2025-04-03.",
        ),
        (Withheld("anchor_moved"), "Anchor moved."),
        (Withheld("new_rule", (("a", "1"), ("b", "2"))), "New rule (a 1, b 2)."),
        (Withheld("cap:own"), 'The cap "own" on contacts is used up (? contacts known).'),
        (
            Broken((("promised", "50000"), ("received", "0"), ("until", "2025-03-08"))),
            "Nothing of 50000 minor units came by 2025-03-08.",
        ),
    ],
)
def test_sentences(decision: Allowed | Withheld | Broken, sentence: str) -> None:
    assert explain(decision) == sentence


def test_facts_are_never_read_as_a_pattern() -> None:
    answer = Withheld("unknown_zone", (("region", "{anchor} %(x)s"),))
    assert explain(answer) == (
        "The borrower's time zone is not known and cannot be told from the region ({anchor} %(x)s)."
    )


@pytest.mark.parametrize("reason", [*HoldKind, *(reach for reach in Reach if reach is not Reach.OK)])
def test_every_hold_and_every_lack_of_reach_has_a_sentence(reason: str) -> None:
    bare = reason.replace("_", " ").capitalize() + "."
    assert explain(Withheld(str(reason))) != bare


def test_a_record_for_machines() -> None:
    until = at("2025-03-05 08:00")
    assert record_of(DeferredUntil("quiet_hours", until, (("zones", "Asia/Shanghai"),))) == {
        "decision": "DeferredUntil",
        "reason": "quiet_hours",
        "until": "2025-03-05T00:00:00+00:00",
        "facts": {"zones": "Asia/Shanghai"},
    }
    assert record_of(Kept()) == {"decision": "Kept", "reason": "paid_as_promised", "facts": {}}


def test_a_deferral_without_zones_is_told_in_utc() -> None:
    answer = DeferredUntil("min_gap", at("2025-03-05 08:00"))
    assert explain(answer) == "The last contact is too recent; asked again at 2025-03-05 00:00 (UTC)."


def test_findings_are_no_decisions_but_say_why_too() -> None:
    assert Finding("L2", "bailiff", True).reason == "L2: false authority"
