"""One turn: updates, conversations and turn records, all of a batch or nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.borrower import Address
from bot.domain.errors import Conflict, StorageError
from bot.services.writes import (
    AppendTurn,
    MarkHandled,
    MarkUnreachable,
    PutSetting,
    SaveConversation,
    StoreUpdate,
)
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_conversation,
    a_message,
    after,
    an_update,
    claim,
    first_seen,
    with_borrower,
)
from tests.databases import run_sql


async def test_ids_of_new_updates_and_messages_come_back_in_order(storage):
    ids = await storage.commit((an_update(5), a_message("D1"), an_update(6), a_message("D2")))
    first = await storage.oldest_update("telegram", "77")
    (message,) = await claim(storage)
    number = message.message.outbox_id
    assert ids == (first.inbox_id, number, first.inbox_id + 1, number + 1)


async def test_an_update_that_comes_again_is_ignored(storage):
    await storage.commit((an_update(5, raw="first"),))
    assert await storage.commit((an_update(5, raw="again"), PutSetting("offset", "6"))) == ()
    assert (await storage.oldest_update("telegram", "77")).raw == "first"
    assert await storage.setting("offset") == "6"


async def test_updates_of_a_chat_come_in_the_channels_order_whatever_order_they_were_stored_in(storage):
    await storage.commit((an_update(9), an_update(7), an_update(8, chat="other")))
    first = await storage.oldest_update("telegram", "77")
    assert first.update_key == 7
    await storage.commit((MarkHandled(first.inbox_id, "T1", NOW),))
    assert (await storage.oldest_update("telegram", "77")).update_key == 9


async def test_an_update_has_all_that_was_stored_of_it(storage):
    await storage.commit((StoreUpdate("telegram", 5, "77", '{"text": "我周五还500"}', NOW),))
    row = await storage.oldest_update("telegram", "77")
    assert (row.channel, row.update_key, row.chat_key, row.raw) == ("telegram", 5, "77", '{"text": "我周五还500"}')
    assert (row.received_at, row.failures) == (NOW, 0)


async def test_a_handled_update_is_gone_and_its_words_are_erased_but_a_repeat_is_still_known(storage, database_url):
    (inbox_id,) = await storage.commit((an_update(5),))
    await storage.commit((MarkHandled(inbox_id, "T1", NOW),))
    assert await storage.oldest_update("telegram", "77") is None
    assert await storage.commit((an_update(5),)) == ()
    assert await run_sql(database_url, "SELECT raw, turn_id, outcome FROM inbox") == [(None, "T1", "done")]


async def test_an_update_is_handled_once(storage):
    (inbox_id,) = await storage.commit((an_update(5),))
    await storage.commit((MarkHandled(inbox_id, "T1", NOW),))
    with pytest.raises(Conflict):
        await storage.commit((MarkHandled(inbox_id, "T2", NOW),))


async def test_chats_waiting_are_named_once_the_longest_waiting_first(storage):
    ids = await storage.commit((an_update(1, "a"), an_update(2, "b"), an_update(3, "a"), an_update(4, "c")))
    await storage.commit((MarkHandled(ids[1], "T1", NOW),))
    assert await storage.chats_waiting(10) == [("telegram", "a"), ("telegram", "c")]
    assert await storage.chats_waiting(1) == [("telegram", "a")]


async def test_failed_attempts_are_counted(storage):
    (inbox_id,) = await storage.commit((an_update(5),))
    assert (await storage.oldest_update("telegram", "77")).retry_at is None
    assert await storage.count_failure(inbox_id, after(seconds=2)) == 1
    assert await storage.count_failure(inbox_id, after(seconds=8)) == 2
    row = await storage.oldest_update("telegram", "77")
    assert (row.failures, row.retry_at) == (2, after(seconds=8))


async def test_a_conversation_comes_back_as_it_was_saved(storage):
    await storage.commit(with_borrower())
    saved = a_conversation(
        language="zh-Hans", epoch=2, proof_attempts=1, last_inbound_at=after(seconds=1), state='{"f":[]}'
    )
    await storage.commit((first_seen(saved),))
    stored = await storage.conversation(CHAT)
    assert stored.conversation_id is not None
    assert replace(stored, conversation_id=None) == saved
    assert await storage.conversation(Address("telegram", "nobody")) is None


async def test_a_group_stays_a_group(storage):
    group = Address("telegram", "-5", private=False)
    await storage.commit((first_seen(a_conversation(group, None)),))
    assert (await storage.conversation(Address("telegram", "-5"))).address == group


async def test_a_conversation_is_saved_only_over_the_version_it_was_computed_from(storage):
    await storage.commit((first_seen(a_conversation(borrower_id=None)),))
    stored = await storage.conversation(CHAT)
    await storage.commit((SaveConversation(replace(stored, version=2, language="es"), 1, NOW),))
    with pytest.raises(Conflict):
        await storage.commit((SaveConversation(replace(stored, version=2, language="vi"), 1, NOW),))
    assert (await storage.conversation(CHAT)).language == "es"


async def test_the_first_of_two_first_turns_wins(storage):
    await storage.commit((first_seen(a_conversation(borrower_id=None)),))
    with pytest.raises(Conflict):
        await storage.commit((first_seen(a_conversation(borrower_id=None, language="vi")),))


async def test_a_chat_that_moved_keeps_its_conversation(storage):
    await storage.commit((first_seen(a_conversation(borrower_id=None)),))
    stored = await storage.conversation(CHAT)
    moved = replace(stored, address=Address("telegram", "-100"), version=2)
    await storage.commit((SaveConversation(moved, 1, NOW),))
    assert await storage.conversation(CHAT) is None
    assert (await storage.conversation(Address("telegram", "-100"))).conversation_id == stored.conversation_id


async def test_an_unreachable_address_keeps_its_version(storage):
    await storage.commit((first_seen(a_conversation(borrower_id=None, version=3)),))
    await storage.commit((MarkUnreachable(CHAT, NOW, "blocked"),))
    stored = await storage.conversation(CHAT)
    assert (stored.reachable, stored.version) == (False, 3)


def a_turn(turn_id: str = "T1", **changed) -> AppendTurn:
    turn = AppendTurn(
        turn_id=turn_id,
        at=NOW,
        address=CHAT,
        borrower_id="B1",
        event="TextReceived",
        intent="promise_to_pay",
        confidence=0.75,
        slots=(("amount", "500"), ("day", "2026-11-27")),
        flow="promise",
        step="confirm",
        effects=("Say", "RecordCommitment"),
        script_version=4,
        why=("rule: promise", "offer: accepted"),
        text="我周五还500",
    )
    return replace(turn, **changed)


async def test_a_turn_comes_back_as_it_was_recorded(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_turn(),))
    turn = await storage.turn("T1")
    assert (turn.turn_id, turn.at, turn.borrower_id, turn.channel, turn.event) == (
        "T1", NOW, "B1", "telegram", "TextReceived",
    )  # fmt: skip
    assert (turn.intent, turn.confidence, turn.flow, turn.step) == ("promise_to_pay", 0.75, "promise", "confirm")
    assert turn.slots == (("amount", "500"), ("day", "2026-11-27"))
    assert turn.effects == ("Say", "RecordCommitment")
    assert (turn.script_version, turn.why) == (4, ("rule: promise", "offer: accepted"))
    assert turn.text == "我周五还500"
    assert await storage.turn("T9") is None


async def test_a_turn_of_nobody_yet_keeps_its_words_too(storage):
    await storage.commit((a_turn(borrower_id=None, text="hello"), a_turn("T2", borrower_id=None, text=None)))
    assert (await storage.turn("T1")).text == "hello"
    pressed = await storage.turn("T2")
    assert (pressed.text, pressed.slots) == (None, (("amount", "500"), ("day", "2026-11-27")))


@pytest.mark.parametrize("count", [2, 3, 7])
async def test_turns_of_a_borrower_come_oldest_first_over_many_pages(by_threes, count):
    await by_threes.commit((*with_borrower("B1"), *with_borrower("B2")))
    turns = [a_turn(f"T{n}", text=f"say {n}") for n in range(count)]
    await by_threes.commit((*turns, a_turn("X", borrower_id="B2")))
    assert [turn.text async for turn in by_threes.turns("B1")] == [f"say {n}" for n in range(count)]


async def test_turns_that_were_not_understood_are_listed_of_everybody_from_a_day_on(by_threes):
    await by_threes.commit((*with_borrower("B1"), *with_borrower("B2")))
    missed = [
        a_turn(f"T{n}", borrower_id=who, text=f"say {n}", intent=None, why=("open question", f"not understood {n}"))
        for n, who in enumerate(("B1", "B2", None, "B2"))
    ]
    early = replace(missed[0], turn_id="T9", at=NOW - timedelta(days=1))
    await by_threes.commit((early, missed[0], a_turn("X"), *missed[1:], a_turn("Y", why=("understood",))))
    assert [turn.text async for turn in by_threes.turns_not_understood(NOW)] == ["say 0", "say 1", "say 2", "say 3"]
    assert [turn.turn_id async for turn in by_threes.turns_not_understood(NOW + timedelta(days=1))] == []


async def test_a_batch_is_stored_whole_or_not_at_all(storage):
    (inbox_id,) = await storage.commit((an_update(5), first_seen(a_conversation(borrower_id=None))))
    with pytest.raises(Conflict):
        await storage.commit(
            (
                MarkHandled(inbox_id, "T1", NOW),
                a_message("D1"),
                PutSetting("offset", "6"),
                first_seen(a_conversation(borrower_id=None)),
            )
        )
    assert (await storage.oldest_update("telegram", "77")).inbox_id == inbox_id
    assert await claim(storage) == []
    assert await storage.setting("offset") is None


async def test_words_about_an_unknown_borrower_are_refused(storage):
    with pytest.raises(StorageError, match="no key for borrower B9"):
        await storage.commit((a_turn(borrower_id="B9"),))


async def test_an_instant_without_a_zone_is_refused_and_harms_nobody_else(storage):
    with pytest.raises(ValueError, match="time zone"):
        await storage.commit((MarkHandled(1, "T1", NOW.replace(tzinfo=None)),))
    await storage.commit((an_update(5),))
    assert (await storage.oldest_update("telegram", "77")).update_key == 5
