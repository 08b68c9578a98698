"""What people do, and the updates that the bot gets for it."""

import asyncio
from typing import Any

import pytest

from bot.standin import CallbackAnswer, Impossible, Person, StandIn

CHOICE = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y:1"}, {"text": "Site", "url": "https://x.test"}]]}


async def only_update(api: Any) -> dict[str, Any]:
    updates = await api.result("getUpdates")
    assert len(updates) == 1
    await api.result("getUpdates", offset=updates[0]["update_id"] + 1)
    update: dict[str, Any] = updates[0]
    return update


async def test_start_carries_the_payload_of_a_deep_link(api: Any, standin: StandIn) -> None:
    person = standin.add_person("Li Wei", phone="+8613800000001", language_code="zh", username="liwei")
    await person.start("abc-123")
    message = (await only_update(api))["message"]
    assert message == {
        "message_id": 1,
        "date": 1772618400,
        "chat": {
            "id": person.user_id,
            "type": "private",
            "first_name": "Li",
            "last_name": "Wei",
            "username": "liwei",
        },
        "from": {
            "id": person.user_id,
            "is_bot": False,
            "first_name": "Li",
            "last_name": "Wei",
            "username": "liwei",
            "language_code": "zh",
        },
        "text": "/start abc-123",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


async def test_a_press_waits_for_the_bots_answer(api: Any, ana: Person) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=CHOICE)
    press = await ana.press("Yes")
    query = (await only_update(api))["callback_query"]
    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == (
        "y:1",
        sent["message_id"],
        ana.user_id,
    )
    waiting = asyncio.create_task(press.answered())
    await api.result("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    assert await waiting == CallbackAnswer("Done", alert=True)
    await api.result("answerCallbackQuery", callback_query_id=query["id"])
    assert press.answer == CallbackAnswer("Done", alert=True)


async def test_two_presses_are_two_queries(api: Any, ana: Person) -> None:
    await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=CHOICE)
    presses = [await ana.press("y:1"), await ana.press("y:1")]
    assert presses[0].query_id != presses[1].query_id
    assert len(await api.result("getUpdates")) == 2


async def test_old_and_unknown_queries_cannot_be_answered(api: Any, ana: Person, time: Any) -> None:
    await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=CHOICE)
    press = await ana.press("Yes")
    time.pass_seconds(61)
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert await api.refusal("answerCallbackQuery", callback_query_id=press.query_id) == too_old
    assert await api.refusal("answerCallbackQuery", callback_query_id="1") == too_old


async def test_an_answer_has_two_hundred_characters_at_most(api: Any, ana: Person) -> None:
    await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=CHOICE)
    press = await ana.press("Yes")
    refused = await api.refusal("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 201)
    assert refused == (400, "Bad Request: MESSAGE_TOO_LONG")
    await api.result("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 200)


async def test_only_buttons_with_data_that_are_there_can_be_pressed(api: Any, ana: Person) -> None:
    await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=CHOICE)
    for label in ("Site", "No"):
        with pytest.raises(Impossible):
            await ana.press(label)


async def test_a_stale_press_carries_data_that_is_no_longer_shown(api: Any, ana: Person) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="Recorded.")
    await ana.press_stale(sent["message_id"], "forged:9")
    query = (await only_update(api))["callback_query"]
    assert query["data"] == "forged:9"
    assert "reply_markup" not in query["message"]
    assert ana.messages[-1].buttons == ()


async def test_a_reply_keyboard_says_its_labels_and_shares_the_contact(api: Any, ana: Person) -> None:
    keys = {"keyboard": [["Not now", {"text": "My number", "request_contact": True}]], "one_time_keyboard": True}
    await api.result("sendMessage", chat_id=ana.user_id, text="Who are you?", reply_markup=keys)
    assert [key.label for row in ana.chat.reply_keyboard for key in row] == ["Not now", "My number"]
    await ana.choose("My number")
    assert (await only_update(api))["message"]["contact"] == {
        "phone_number": "+5511900000001",
        "user_id": ana.user_id,
        "first_name": "Ana",
        "last_name": "Lima",
    }
    assert ana.chat.reply_keyboard == ()
    await api.result("sendMessage", chat_id=ana.user_id, text="Who?", reply_markup={"keyboard": [["Not now"]]})
    await ana.choose("Not now")
    assert (await only_update(api))["message"]["text"] == "Not now"
    assert ana.chat.reply_keyboard != ()
    await api.result("sendMessage", chat_id=ana.user_id, text="Thanks", reply_markup={"remove_keyboard": True})
    assert ana.chat.reply_keyboard == ()


async def test_a_contact_of_somebody_else_names_somebody_else(api: Any, ana: Person, standin: StandIn) -> None:
    bo = standin.add_person("Bo", phone="+15550000002")
    await ana.share_contact(other=bo)
    assert (await only_update(api))["message"]["contact"]["user_id"] == bo.user_id
    await ana.share_contact(own=False)
    assert "user_id" not in (await only_update(api))["message"]["contact"]


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "document"])
async def test_people_send_more_than_text(api: Any, ana: Person, kind: str) -> None:
    act = getattr(ana, f"send_{kind}")
    await (act("notes.txt", b"hello") if kind == "document" else act())
    message = (await only_update(api))["message"]
    assert kind in message
    assert "text" not in message
    assert ana.messages[-1].attachment == kind


async def test_an_edit_of_a_person_comes_as_edited_message(api: Any, ana: Person) -> None:
    message_id = await ana.say("500")
    await only_update(api)
    await ana.edit(message_id, "600")
    edited = (await only_update(api))["edited_message"]
    assert (edited["text"], edited["message_id"], "edit_date" in edited) == ("600", message_id, True)


async def test_block_and_unblock_are_heard(api: Any, ana: Person) -> None:
    await ana.block()
    blocked = (await only_update(api))["my_chat_member"]
    assert (blocked["old_chat_member"]["status"], blocked["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(Impossible):
        await ana.say("hello?")
    await ana.start()
    updates = await api.result("getUpdates")
    assert updates[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert updates[1]["message"]["text"] == "/start"


async def test_waiting_for_the_next_message_gives_each_once_and_then_times_out(api: Any, ana: Person) -> None:
    waiting = asyncio.create_task(ana.next_message())
    await api.result("sendMessage", chat_id=ana.user_id, text="one")
    await api.result("sendMessage", chat_id=ana.user_id, text="two")
    assert (await waiting).text == "one"
    assert (await ana.next_message()).text == "two"
    with pytest.raises(TimeoutError):
        await ana.next_message(timeout=0.01)


async def test_unread_counts_what_the_person_has_not_seen(api: Any, ana: Person) -> None:
    for text in ("one", "two"):
        await api.result("sendMessage", chat_id=ana.user_id, text=text)
    assert ana.unread == 2
    await ana.say("hi")
    assert ana.unread == 0


async def test_nobody_gets_the_id_of_the_bot_or_of_another() -> None:
    standin = StandIn(token="700000001:X")
    assert standin.add_person("Ana").user_id == 700000002
    for taken in (700000001, 700000002):
        with pytest.raises(ValueError, match="already"):
            standin.add_person("Bo", user_id=taken)


async def test_what_the_app_does_not_offer_is_impossible(api: Any, ana: Person, standin: StandIn) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="hello")
    for act in (
        ana.edit(sent["message_id"], "mine now"),
        ana.press_stale(99, "y"),
        ana.choose("No such key"),
        ana.say("x", chat=standin.group("Desk", [ana], forum=True), thread_id=99),
    ):
        with pytest.raises(Impossible):
            await act
    ana.deactivate()
    with pytest.raises(Impossible):
        await ana.say("hello?")
