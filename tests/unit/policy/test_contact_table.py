"""The table of vectors: what each ready-made contact policy says at an instant, over every jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.situation import Contact, Reached, Situation
from bot.policy.contact import Allowed, ContactPolicy, DeferredUntil, GateAnswer, Withheld, may_contact, stricter
from tests.unit.policy.cases import a_contact, a_hold, a_loan, a_situation, at, contact_policies, contact_policy

TABLE = Path(__file__).with_name("contact_vectors.yaml")
#: Days from the day of the message to the due date of the oldest unpaid instalment.
DUE_IN = {"overdue": -10, "due_day": 0, "pre_due": 3}


@dataclass(frozen=True)
class Vector:
    group: dict[str, Any]
    asked: str
    answer: str

    @property
    def name(self) -> str:
        place = self.group.get("zone") or self.group.get("region", "nowhere")
        return f"{self.group['policy']} {place} {self.asked}"


def vectors() -> Iterator[Vector]:
    for group in YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8")):
        for row in group["rows"]:
            asked, _, answer = row.partition(" -> ")
            yield Vector(group, asked, answer)


VECTORS = tuple(vectors())


def policy_of(names: str) -> ContactPolicy:
    return reduce(stricter, (contact_policy(name) for name in names.split("+")))


def situation_of(vector: Vector) -> tuple[Situation, str]:
    group = vector.group
    day, clock, purpose = vector.asked.split()
    zone = group.get("zone") or group.get("clock", "UTC")
    now = at(f"{day} {clock}", zone)
    loan = a_loan(date.fromisoformat(day) + timedelta(days=DUE_IN[purpose]))
    situation = a_situation(
        now,
        loans=(loan,),
        timezone=group.get("zone"),
        region=group.get("region", group["policy"] if len(group["policy"]) == 2 and "zone" in group else None),
        contacts=tuple(contact_of(text, zone) for text in group.get("contacts", [])),
        holds=tuple(a_hold(HoldKind(kind), now) for kind in group.get("holds", [])),
    )
    wish = group.get("wish")
    if wish:
        hours = [int(c[:2]) * 60 + int(c[3:]) for c in wish.split()]
        hold: Hold = replace(a_hold(HoldKind.INCONVENIENT_TIMES, now), opens=hours[0], closes=hours[1])
        situation = replace(situation, holds=(hold,))
    return situation, zone


def contact_of(text: str, zone: str) -> Contact:
    day, clock, medium, *reached = text.split()
    made = a_contact(at(f"{day} {clock}", zone), channel=medium)
    return replace(made, reached=Reached(reached[0])) if reached else made


def ask(vector: Vector, policy: ContactPolicy | None = None, later: timedelta = timedelta()) -> GateAnswer:
    situation, _ = situation_of(vector)
    return may_contact(
        situation,
        "L1",
        policy or policy_of(vector.group["policy"]),
        situation.now + later,
        MessageKind.REMINDER,
        medium=vector.group.get("medium", "chat"),
    )


def expected(vector: Vector) -> tuple[str, str, str]:
    """The kind of answer, its reason, and until when on the vector's own clock."""
    words = vector.answer.split()
    if words[0] == "wait":
        return "wait", words[3], f"{words[1]} {words[2]}"
    return words[0], words[1] if len(words) > 1 else "allowed", ""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    answer = ask(vector)
    kind, reason, until = expected(vector)
    assert {"send": Allowed, "wait": DeferredUntil, "never": Withheld}[kind] is type(answer), answer
    assert answer.reason == reason
    if isinstance(answer, DeferredUntil):
        _, zone = situation_of(vector)
        assert answer.until == at(until, zone)


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.answer.startswith("wait")], ids=lambda vector: vector.name)
def test_what_waits_may_go_at_the_named_minute_and_not_one_minute_before(vector: Vector) -> None:
    situation, _ = situation_of(vector)
    answer = ask(vector)
    assert isinstance(answer, DeferredUntil)
    wait = answer.until - situation.now
    assert isinstance(ask(vector, later=wait), Allowed)
    assert not isinstance(ask(vector, later=wait - timedelta(minutes=1)), Allowed)


def test_the_table_covers_every_policy_and_is_long_enough() -> None:
    covered = {name for v in VECTORS for name in v.group["policy"].split("+")}
    assert covered == contact_policies().keys()
    assert len(VECTORS) >= 130


@pytest.mark.parametrize("name", sorted(contact_policies().keys() - {"GLOBAL"}))
def test_where_the_fallback_allows_contact_every_jurisdiction_does(name: str) -> None:
    fallback, own = contact_policy("GLOBAL"), contact_policy(name)
    for purpose_days in DUE_IN.values():
        for hour in (9, 12, 17):
            now = at(f"2026-12-01 {hour:02}:00", "UTC")
            loan = a_loan(date(2026, 12, 1) + timedelta(days=purpose_days))
            situation = a_situation(now, loans=(loan,), timezone="UTC", region=None)
            assert isinstance(may_contact(situation, "L1", fallback, now, MessageKind.REMINDER), Allowed)
            assert isinstance(may_contact(situation, "L1", own, now, MessageKind.REMINDER), Allowed)
