"""What is the same in every flow, at every open question: coming back after days, doubled messages, silence, pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialog.effects import HandOff, RecordCommitment
from bot.dialog.rehearsal import Rehearsal
from bot.dialog.script import ConfirmStep
from bot.dialog.state import DialogState, Frame
from bot.domain.events import (
    ButtonPressed,
    ChatBlocked,
    ChatUnblocked,
    CommandGiven,
    ContactShared,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.domain.situation import Holder
from tests.unit.dialog.open_questions import OPEN, chat_at, question, takes_any_words

_NOISE = TextReceived("xqzv plork")
_STICKER = UnsupportedReceived(Unsupported.STICKER)
every_question = pytest.mark.parametrize(("flow", "step"), OPEN, ids=str)


def _contexts(shown: object) -> list[str]:
    assert isinstance(shown, tuple)
    return [line.context for message in shown for line in message.say.lines if line.source]


def _wait(chat: Rehearsal, **after: float) -> None:
    chat.situation = replace(chat.situation, now=chat.situation.now + timedelta(**after))


def _later(chat: Rehearsal, **after: float) -> Rehearsal:
    """The question is shown now; the next thing happens later."""
    chat.hear(_STICKER)
    _wait(chat, **after)
    return chat


@every_question
def test_question_left_open_for_days_is_recalled_in_one_line(flow: str, step: str) -> None:
    chat = _later(chat_at(flow, step), days=3)
    said = _contexts(chat.hear(_STICKER).shown)
    assert said[:2] == ["shared.recall", "shared.unsupported_sticker"]
    assert said[-1] == f"{flow}.{step}"
    assert "shared.recall" not in _contexts(chat.hear(_STICKER).shown)


@every_question
def test_question_left_open_for_hours_is_not_recalled(flow: str, step: str) -> None:
    assert "shared.recall" not in _contexts(_later(chat_at(flow, step), hours=20).hear(_STICKER).shown)


@every_question
def test_another_wish_after_days_names_the_place_only_on_the_way_back(flow: str, step: str) -> None:
    said = _contexts(_later(chat_at(flow, step), days=3).hear(CommandGiven("privacy")).shown)
    assert "shared.recall" not in said
    assert said.count("shared.back_to") == 1


@pytest.mark.parametrize(("flow", "step"), [o for o in OPEN if isinstance(question(*o), ConfirmStep)], ids=str)
def test_card_of_days_ago_is_shown_again_before_a_yes_counts(flow: str, step: str) -> None:
    chat = _later(chat_at(flow, step), days=2)
    keyboard = chat.shown[-1].keyboard
    for answer in (TextReceived("yes"), ButtonPressed(keyboard, 0, query_id="q")):
        chat = _later(chat_at(flow, step), days=2)
        heard = chat.hear(answer)
        assert heard.broken == ()
        said = _contexts(heard.shown)
        assert said[0] == "shared.card_again"
        assert said[1] == f"{flow}.{step}"
        assert not [e for e in heard.result.effects if isinstance(e, RecordCommitment)]
        assert heard.result.state.frames[-1].step == step


@every_question
def test_old_button_is_told_it_has_expired_and_the_newest_question_follows(flow: str, step: str) -> None:
    chat = _later(chat_at(flow, step), minutes=5)
    heard = chat.hear(ButtonPressed(1, 0, query_id="q", message_key="m"))
    assert heard.broken == ()
    assert heard.steps == (f"{flow}.{step}",)
    # The same finger once more, at once: the line on the button is enough.
    assert chat.hear(ButtonPressed(1, 0, query_id="q", message_key="m")).shown == ()


@every_question
def test_first_miss_says_what_was_looked_for_and_offers_a_person(flow: str, step: str) -> None:
    if takes_any_words(flow, step):
        return
    heard = chat_at(flow, step).hear(_NOISE)
    assert _contexts(heard.shown)[0].startswith("shared.expected_")
    offered = "request_human" in [choice.intent for _, choice, _ in heard.shown[-1].buttons()]
    assert offered or any(isinstance(e, HandOff) for e in heard.result.effects)


@every_question
def test_same_message_twice_never_answers_the_next_question_too(flow: str, step: str) -> None:
    for words in ("yes", "friday", "500", "2", "no"):
        chat = _later(chat_at(flow, step), minutes=1)
        first = chat.hear(TextReceived(words))
        opened = chat.state.frames[-1] if chat.state.frames else None
        second = chat.hear(TextReceived(words))
        assert first.broken == second.broken == ()
        if opened is not None and isinstance(question(opened.flow, opened.step), ConfirmStep) and opened.step != step:
            assert not [e for e in second.result.effects if isinstance(e, RecordCommitment)]


@every_question
def test_what_is_no_answer_leaves_the_question_open(flow: str, step: str) -> None:
    for kind in Unsupported:
        heard = chat_at(flow, step).hear(UnsupportedReceived(kind))
        assert heard.broken == ()
        assert heard.shown
    for event in (ChatBlocked(), ChatUnblocked()):
        heard = chat_at(flow, step).hear(event)
        assert (heard.broken, heard.shown) == ((), ())
        assert heard.result.state.frames == chat_at(flow, step).state.frames
    strange = chat_at(flow, step).hear(ContactShared("8613800000001", own=False))
    assert strange.broken == ()
    assert strange.result.state.frames[-1].step == step


@every_question
def test_language_is_changed_in_the_middle_and_the_question_comes_back_in_it(flow: str, step: str) -> None:
    chat = chat_at(flow, step)
    heard = chat.hear(TextReceived("Please write Spanish"))
    assert heard.broken == ()
    assert chat.language == "es"
    if flow != "language":
        assert heard.steps[-1] == f"{flow}.{step}"
        assert chat.state.frames[-1].step == step


@every_question
def test_opened_link_in_the_middle_starts_from_the_beginning(flow: str, step: str) -> None:
    heard = chat_at(flow, step).hear(LinkOpened(""))
    assert heard.broken == ()
    assert heard.shown
    assert all(frame.flow != flow or flow == "identify" for frame in heard.result.state.frames)


@every_question
def test_nothing_is_said_while_a_person_holds_the_chat(flow: str, step: str) -> None:
    events: tuple[InboundEvent, ...] = (
        _NOISE,
        TextReceived("I want to talk to a person"),
        TextReceived("stop messaging me"),
        _STICKER,
        CommandGiven("help"),
        ButtonPressed(4, 0, query_id="q"),
        ButtonPressed(None, 0, "promise_to_pay", query_id="q"),
        ContactShared("8613800000000", own=True),
        LinkOpened(""),
        ChatUnblocked(),
    )
    for event in events:
        chat = chat_at(flow, step, holder="operator")
        heard = chat.hear(event)
        assert (heard.broken, heard.shown) == ((), ())
        assert chat.state == chat_at(flow, step, holder="operator").state
        assert chat.situation.conversation
        assert chat.situation.conversation.holder is Holder.OPERATOR


@pytest.mark.parametrize("asked_by", ["balance", "promise", "welcome"])
def test_cancelling_the_proof_lets_go_of_what_needed_it(asked_by: str) -> None:
    chat = chat_at("identify", "birth_date")
    wanted = "thanks" if asked_by == "welcome" else "bill" if asked_by == "balance" else "too_old"
    chat.state = DialogState((Frame(asked_by, wanted), Frame("identify", "birth_date")))
    heard = chat.hear(TextReceived("Forget it and start again"))
    assert _contexts(heard.shown) == ["shared.cancelled"]
    assert heard.result.state.frames == ()


def test_cancelling_a_digression_comes_back_to_the_question_it_interrupted() -> None:
    chat = chat_at("promise", "day")
    chat.hear(TextReceived("pause reminders"))
    assert [f.flow for f in chat.state.frames] == ["promise", "pause"]
    heard = chat.hear(TextReceived("Forget it and start again"))
    assert _contexts(heard.shown)[:2] == ["shared.cancelled", "shared.back_to"]
    assert [(f.flow, f.step) for f in chat.state.frames] == [("promise", "day")]


def test_further_pictures_within_a_day_belong_to_the_claim() -> None:
    chat = chat_at("already_paid", "proof")
    chat.state = DialogState()
    for words in ("I already paid", "yesterday", "500"):
        chat.hear(TextReceived(words))
    chat.hear(UnsupportedReceived(Unsupported.PHOTO))
    assert chat.state.frames == ()
    _wait(chat, hours=2)
    second = chat.hear(UnsupportedReceived(Unsupported.PHOTO))
    assert _contexts(second.shown) == ["shared.claim_picture"]
    assert [(e.reason, dict(e.brief)["proof"]) for e in second.result.effects if isinstance(e, HandOff)] == [
        ("already_paid", "photo")
    ]
    _wait(chat, days=2)
    late = chat.hear(UnsupportedReceived(Unsupported.PHOTO))
    assert _contexts(late.shown) == ["shared.unsupported_photo"]


def test_amount_and_day_asked_for_as_more_time_are_a_promise() -> None:
    chat = chat_at("promise", "day")
    chat.state = DialogState()
    chat.hear(TextReceived("Can I have more time and pay 500 on Friday?"))
    assert chat.state.frames[-1].step == "card"
    assert chat.state.frames[-1].slot("amount") == "500.00 CNY"
    assert chat.state.frames[-1].slot("day") == "2026-11-27"
