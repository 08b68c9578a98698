"""What must hold in every turn: each rule is broken once here and says so, and is silent where it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.dialog import invariants
from bot.dialog.effects import Choice, RecordCommitment, Say
from bot.dialog.given import read_given
from bot.dialog.stage import Shown
from bot.dialog.state import DialogState, Frame
from bot.domain.commitments import Commitment, DuePayment
from bot.domain.delivery import Button, Content, MessageKind
from bot.domain.money import parse_money
from bot.domain.situation import Contact, Holder, Situation
from bot.texts.messages import Message
from tests.conversations.shipped import the_stage

_STAGE = the_stage()
_TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_LOAN = {"due": "2026-11-18", "owed": "1200.00 CNY"}


def _shown(text: str, label: str = "", step: str = "x.y") -> Shown:
    choices = ((Choice(Message(label, step)),),) if label else ()
    rows = ((Button(label),),) if label else ()
    return Shown(Say((Message("a", step),), choices), Content(text, rows), 1, (step,))


def _situation(**given: object) -> Situation:
    told = {"loan": _LOAN, "now": "2026-11-24T10:00+00:00", **given}
    return read_given(told, _STAGE.programmes[0]).situation  # type: ignore[arg-type]


def _promise(amount: str = "500.00 CNY", day: str = "2026-11-27") -> Commitment:
    made = _situation(promise={"amount": "500.00 CNY", "day": "2026-11-27"}).commitments[0]
    return replace(made, payments=(DuePayment(date.fromisoformat(day), parse_money(amount)),))


@pytest.mark.parametrize(
    ("shown", "broken"),
    [
        ([_shown("x" * 600, "y" * 24)], []),
        ([_shown("x" * 601)], ["a message of 601 characters (x.y)"]),
        ([_shown("x", "y" * 25)], [f'a label of 25 characters: "{"y" * 25}"']),
        ([_shown("You owe %(payable)s.")], ['"%(payable)s" was said']),
        ([_shown("x", "{name}")], ['"{name}" was said']),
        ([_shown("100 % of it")] * 2, []),
        ([_shown("x")] * 3, ["3 messages in one turn"]),
    ],
)
def test_messages_are_short_and_filled_in(shown: Sequence[Shown], broken: list[str]) -> None:
    assert [*invariants.of_messages(shown)] == broken


def test_bot_that_speaks_while_a_person_holds_the_chat_is_found() -> None:
    held = _situation(holder="operator")
    assert [*invariants.of_holder(held, [_shown("x")])] == ["the bot spoke while a person holds the chat"]
    assert [*invariants.of_holder(held, [])] == []
    assert held.conversation is not None
    assert held.conversation.holder is Holder.OPERATOR


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("CN¥1,200.00 please", "en", ["CN¥1,200.00"]),
        ("¥1,200.00", "zh-Hans", ["¥1,200.00"]),
        ("contract 7001", "en", ["7001"]),
        ("your loan", "en", ["loan"]),
        ("Hello, I am the assistant.", "en", []),
    ],
)
def test_word_about_the_debt_before_the_proof_is_found(text: str, language: str, told: list[str]) -> None:
    found = [*invariants.of_privacy([_shown(text)], _situation().loans, _STAGE.lexicons, language)]
    assert found == [f'"{secret}" was said before identity was proven' for secret in told]


def _recorded(card: str, receipt: str, frame: Frame) -> list[str]:
    effects = (RecordCommitment(_promise()),)
    seen, now = [_shown(card, step="promise.card")], [_shown(receipt)]
    return [*invariants.of_commitments(effects, DialogState((frame,)), _STAGE.script, seen, now, "en")]


def test_record_is_what_the_confirmed_card_said() -> None:
    slots = (("amount", "500.00 CNY"), ("day", "2026-11-27"))
    card = Frame("promise", "card", slots)
    assert _recorded("CN¥500.00", "CN¥500.00", card) == []
    assert _recorded("CN¥500.00", "CN¥600.00", card) == ["card and receipt do not show the same amount"]
    assert _recorded("CN¥500.00", "CN¥500.00", Frame("promise", "day", slots)) == [
        "a commitment was recorded without a confirmed card"
    ]
    other_day = Frame("promise", "card", (("amount", "500.00 CNY"), ("day", "2026-11-28")))
    assert _recorded("CN¥500.00", "CN¥500.00", other_day) == ["the record differs from the card"]


@pytest.mark.parametrize(
    ("amount", "day", "broken"),
    [
        ("500.00 CNY", "2026-11-27", []),
        ("1200.01 CNY", "2026-11-27", ["a promise of more than is owed, or of nothing"]),
        ("500.00 CNY", "2026-11-23", ["a promise for 2026-11-23, which the rules do not allow"]),
        ("500.00 CNY", "2026-12-09", ["a promise for 2026-12-09, which the rules do not allow"]),
    ],
)
def test_promise_beyond_the_rules_is_found(amount: str, day: str, broken: list[str]) -> None:
    made = _promise(amount, day)
    situation = replace(_situation(), commitments=(made,))
    assert [*invariants.of_limits(made, situation, _STAGE.programmes[0], _TUESDAY)] == broken


def test_second_open_promise_is_found() -> None:
    made = _promise()
    situation = replace(_situation(), commitments=(made, replace(made, commitment_id="c-2")))
    found = [*invariants.of_limits(made, situation, _STAGE.programmes[0], _TUESDAY)]
    assert found == ["2 open promises for one loan"]


def _contact(at: datetime) -> Contact:
    return Contact(at, MessageKind.REMINDER, "console", "LN-7001", None)


@pytest.mark.parametrize(
    ("at", "earlier", "broken"),
    [
        (_TUESDAY, [], []),
        (_TUESDAY, [_TUESDAY - timedelta(days=1)], []),
        (_TUESDAY.replace(hour=18), [], ["a proactive message at Tue 18:00, outside the hours"]),
        (_TUESDAY - timedelta(days=2), [], ["a proactive message at Sun 10:00, outside the hours"]),
        (_TUESDAY, [_TUESDAY.replace(hour=9)], ["2 proactive messages within the cap day of 1"]),
        (
            _TUESDAY,
            [_TUESDAY - timedelta(days=n) for n in (2, 4, 6)],
            ["4 proactive messages within the cap week of 3"],
        ),
    ],
)
def test_message_outside_hours_and_caps_is_found(at: datetime, earlier: list[datetime], broken: list[str]) -> None:
    found = invariants.of_contact(_contact(at), [_contact(e) for e in earlier], _STAGE.contact_policy, "UTC")
    assert [*found] == broken
