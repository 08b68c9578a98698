"""docs/contact-policies.md: its table says what the shipped files say, and its list of keys is that of the reader."""

from __future__ import annotations

from pathlib import Path

from bot.domain.situation import Reached
from bot.policy.contact_policy import Cap, ContactPolicy, Purpose, Scope, Window
from bot.policy.contact_reading import DAYS, MOMENTS, TRIGGERS
from tests.unit.policy.cases import contact_policies

PAGE = (Path(__file__).parents[2] / "docs" / "contact-policies.md").read_text(encoding="utf-8")


def hours(policy: ContactPolicy) -> str:
    return "; ".join(_window(w) for w in policy.windows)


def _window(window: Window) -> str:
    days = sorted(window.days)
    named = f"{DAYS[days[0]]}-{DAYS[days[-1]]}" if len(days) > 1 else DAYS[days[0]]
    clock = "-".join(f"{m // 60:02}:{m % 60:02}" for m in (window.opens, window.closes))
    purposes = (
        "" if len(window.purposes) == len(Purpose) else f" ({', '.join(p for p in Purpose if p in window.purposes)})"
    )
    return f"{named} {clock}{purposes}, {window.basis.strength}"


def caps(policy: ContactPolicy) -> str:
    return "; ".join(_cap(cap) for cap in policy.caps)


def _cap(cap: Cap) -> str:
    over = "a day" if (cap.days, cap.rolling) == (1, False) else f"in {cap.days} days"
    media = "" if "chat" in cap.media else f" {'/'.join(sorted(cap.media))}{'s' if cap.most > 1 else ''}"
    far = " that connect" if cap.reached is Reached.CONNECTED else ""
    scope = "" if cap.scope is Scope.PERSON else f" a {cap.scope}"
    return f"{cap.most}{media}{far} {over}{scope}, {cap.basis.strength}"


def row(policy: ContactPolicy) -> str:
    holidays = "closed" if policy.holidays else "open"
    return f"| `{policy.policy_id}` | {policy.title} | {hours(policy)} | {holidays} | {caps(policy)} |"


def table() -> list[str]:
    policies = contact_policies()
    return [row(policies["GLOBAL"]), *(row(policies[name]) for name in sorted(policies.keys() - {"GLOBAL"}))]


def test_the_table_of_ready_made_policies_is_that_of_the_files() -> None:
    # Not a line more and not a line less: a policy that changed must change here too.
    assert [line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 6] == table()


def test_every_key_of_a_contact_policy_is_told() -> None:
    keys = (
        "id extends title as_of review_by regions zones parties party windows holidays caps min_gap operator_reply "
        "statements triggers complaints forbidden strength source days from to purposes calendar contact closed open "
        "known_through media max counted per counts after_conversation_days bypass hours key when hold_days notify"
    )
    assert [key for key in keys.split() if f"`{key}`" not in PAGE] == []


def test_every_moment_of_a_statement_and_every_trigger_is_told() -> None:
    assert [word for word in (*MOMENTS, *TRIGGERS) if f"`{word}`" not in PAGE] == []


def test_the_page_says_that_it_is_no_legal_advice() -> None:
    assert "not legal advice" in PAGE
