"""Sending, editing and deleting over the Bot API, and Telegram's own refusals."""

from typing import Any

import aiohttp
import pytest

from bot.standin import Limits, Person, StandIn

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


async def test_a_message_reaches_the_chat_as_it_was_parsed(api: Any, ana: Person) -> None:
    sent = await api.result(
        "sendMessage", chat_id=ana.user_id, text="Pay <b>500</b>", parse_mode="HTML", reply_markup=YES
    )
    assert sent == {
        "message_id": 2,
        "date": 1772618400,
        "chat": {"id": ana.user_id, "type": "private", "first_name": "Ana", "last_name": "Lima"},
        "from": {"id": 123456, "is_bot": True, "first_name": "Gracebot", "username": "standin123456_bot"},
        "text": "Pay 500",
        "entities": [{"type": "bold", "offset": 4, "length": 3}],
        "reply_markup": YES,
    }
    shown = await ana.next_message()
    assert (shown.text, shown.html, shown.sender, shown.buttons[0][0].data) == (
        "Pay 500",
        "Pay <b>500</b>",
        "bot",
        "y",
    )


@pytest.mark.parametrize("body", ["form", "query", "multipart"])
async def test_calls_come_in_every_form(api: Any, ana: Person, body: str) -> None:
    address = f"{api.url}/bot{api.token}/sendMessage"
    fields = {"chat_id": str(ana.user_id), "text": "你好", "disable_notification": "true"}
    if body == "query":
        response = await api.session.get(address, params=fields)
    elif body == "form":
        response = await api.session.post(address, data=fields)
    else:
        form = aiohttp.FormData(fields, default_to_multipart=True)
        response = await api.session.post(address, data=form)
    assert (await response.json())["ok"]
    assert (await ana.next_message()).text == "你好"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "message text is empty"),
        ("  \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("\U0001f600" * 2049, "message is too long"),
    ],
)
async def test_texts_of_impossible_length_are_refused(api: Any, ana: Person, text: str, why: str) -> None:
    assert await api.refusal("sendMessage", chat_id=ana.user_id, text=text) == (400, f"Bad Request: {why}")


async def test_length_counts_after_parsing(api: Any, ana: Person) -> None:
    text = "<b>" + "&lt;" * 4096 + "</b>"
    sent = await api.result("sendMessage", chat_id=ana.user_id, text=text, parse_mode="HTML")
    assert sent["text"] == "<" * 4096


async def test_nobody_is_written_to_before_start_or_after_block(api: Any, standin: StandIn) -> None:
    person = standin.add_person("Bo")

    async def refusal() -> tuple[int, str]:
        refused: tuple[int, str] = await api.refusal("sendMessage", chat_id=person.user_id, text="hello")
        return refused

    assert await refusal() == (403, "Forbidden: bot can't initiate conversation with a user")
    await person.start()
    await person.block()
    assert await refusal() == (403, "Forbidden: bot was blocked by the user")
    await person.unblock()
    await api.result("sendMessage", chat_id=person.user_id, text="hello")
    person.deactivate()
    assert await refusal() == (403, "Forbidden: user is deactivated")


async def test_unknown_chats_are_not_found(api: Any) -> None:
    for chat_id in (99, -99, "@nobody", "words"):
        assert await api.refusal("sendMessage", chat_id=chat_id, text="x") == (400, "Bad Request: chat not found")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"message_thread_id": 1}, "message thread not found"),
        ({"business_connection_id": "b"}, "business connection not found"),
        ({"message_effect_id": "5"}, "EFFECT_ID_INVALID"),
        ({"allow_paid_broadcast": True}, "FLOODSKIP_NOT_ALLOWED"),
    ],
)
async def test_what_the_chat_cannot_do_is_refused(api: Any, ana: Person, fields: dict[str, Any], why: str) -> None:
    refused = await api.refusal("sendMessage", chat_id=ana.user_id, text="x", **fields)
    assert refused == (400, f"Bad Request: {why}")


async def test_an_edit_without_a_keyboard_takes_it_away(api: Any, ana: Person) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=YES)
    edited = await api.result("editMessageText", chat_id=ana.user_id, message_id=sent["message_id"], text="Recorded.")
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("Recorded.", False, True)
    assert ana.messages[-1].buttons == ()
    assert ana.messages[-1].edited


async def test_an_edit_that_changes_nothing_is_refused(api: Any, ana: Person) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="<b>a</b>", parse_mode="HTML", reply_markup=YES)
    same = {"chat_id": ana.user_id, "message_id": sent["message_id"], "reply_markup": YES}
    code, why = await api.refusal("editMessageText", text="<b>a</b>", parse_mode="HTML", **same)
    assert code == 400
    assert why.startswith("Bad Request: message is not modified: ")
    await api.result("editMessageText", text="a", **same)


async def test_only_the_bots_own_messages_can_be_edited(api: Any, ana: Person) -> None:
    mine = await ana.say("hello")
    keyboard = await api.result("sendMessage", chat_id=ana.user_id, text="k", reply_markup={"keyboard": [["A"]]})
    for message_id, why in [
        (99, "message to edit not found"),
        (mine, "message can't be edited"),
        (keyboard["message_id"], "message can't be edited"),
    ]:
        refused = await api.refusal("editMessageText", chat_id=ana.user_id, message_id=message_id, text="x")
        assert refused == (400, f"Bad Request: {why}")
    assert (await api.refusal("editMessageText", text="x"))[1] == "Bad Request: chat_id is empty"


async def test_the_keyboard_alone_can_be_changed(api: Any, ana: Person) -> None:
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=YES)
    await api.result("editMessageReplyMarkup", chat_id=ana.user_id, message_id=sent["message_id"])
    assert (ana.messages[-1].text, ana.messages[-1].buttons) == ("Sure?", ())


async def test_messages_older_than_two_days_cannot_be_deleted(api: Any, ana: Person, time: Any) -> None:
    old = await api.result("sendMessage", chat_id=ana.user_id, text="old")
    time.pass_seconds(48 * 3600 + 1)
    new = await api.result("sendMessage", chat_id=ana.user_id, text="new")
    refused = await api.refusal("deleteMessage", chat_id=ana.user_id, message_id=old["message_id"])
    assert refused == (400, "Bad Request: message can't be deleted for everyone")
    await api.result("deleteMessage", chat_id=ana.user_id, message_id=new["message_id"])
    assert [message.text for message in ana.bot_messages] == ["old"]
    refused = await api.refusal("deleteMessage", chat_id=ana.user_id, message_id=new["message_id"])
    assert refused == (400, "Bad Request: message to delete not found")


async def test_too_many_messages_are_refused_with_the_seconds_to_wait(
    api: Any, ana: Person, standin: StandIn, time: Any
) -> None:
    standin.limits = Limits(chat_burst=2)
    for text in "ab":
        await api.result("sendMessage", chat_id=ana.user_id, text=text)
    assert await api("sendMessage", chat_id=ana.user_id, text="c") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    time.pass_seconds(1)
    await api.result("sendMessage", chat_id=ana.user_id, text="c")
    assert [message.text for message in ana.bot_messages] == ["a", "b", "c"]


async def test_documents_and_pictures_can_be_sent_and_fetched(api: Any, ana: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(ana.user_id), "caption": "Your <b>plan</b>", "parse_mode": "HTML"})
    form.add_field("document", b"%PDF-1.7 plan", filename="plan.pdf", content_type="application/pdf")
    response = await api.session.post(f"{api.url}/bot{api.token}/sendDocument", data=form)
    sent = (await response.json())["result"]
    assert (sent["caption"], sent["document"]["file_name"]) == ("Your plan", "plan.pdf")
    found = await api.result("getFile", file_id=sent["document"]["file_id"])
    response = await api.session.get(f"{api.url}/file/bot{api.token}/{found['file_path']}")
    assert await response.read() == b"%PDF-1.7 plan"
    again = await api.result("sendDocument", chat_id=ana.user_id, document=sent["document"]["file_id"])
    assert again["document"]["file_name"] == "plan.pdf"
    assert ana.messages[-1].attachment == "document"


async def test_what_is_no_picture_or_file_is_refused(api: Any, ana: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(ana.user_id)})
    form.add_field("photo", b"not a picture", filename="a.png")
    response = await api.session.post(f"{api.url}/bot{api.token}/sendPhoto", data=form)
    assert (await response.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    refused = await api.refusal("sendPhoto", chat_id=ana.user_id, photo="https://x.test/a.png")
    assert refused == (400, "Bad Request: wrong file identifier/HTTP URL specified")
    assert await api.refusal("getFile", file_id="nothing") == (400, "Bad Request: invalid file_id")


async def test_albums_come_as_one_group(api: Any, ana: Person) -> None:
    file_id = await _picture_of(ana, api)
    photo = {"type": "photo", "media": file_id}
    sent = await api.result("sendMediaGroup", chat_id=ana.user_id, media=[photo, {**photo, "caption": "two"}])
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[1]["caption"] == "two"
    refused = await api.refusal("sendMediaGroup", chat_id=ana.user_id, media=[photo])
    assert refused == (400, "Bad Request: media group must include 2-10 items")


async def _picture_of(person: Person, api: Any) -> str:
    await person.send_photo()
    updates = await api.result("getUpdates")
    file_id: str = updates[-1]["message"]["photo"][0]["file_id"]
    return file_id


async def test_copies_pins_reactions_and_actions(api: Any, ana: Person) -> None:
    original = await ana.say("please call me")
    copy = await api.result("copyMessage", chat_id=ana.user_id, from_chat_id=ana.user_id, message_id=original)
    assert copy == {"message_id": 3}
    assert ana.messages[-1].text == "please call me"
    await api.result("pinChatMessage", chat_id=ana.user_id, message_id=3)
    await api.result("unpinChatMessage", chat_id=ana.user_id)
    thumb = [{"type": "emoji", "emoji": "\N{THUMBS UP SIGN}"}]
    await api.result("setMessageReaction", chat_id=ana.user_id, message_id=original, reaction=thumb)
    await api.result("sendChatAction", chat_id=ana.user_id, action="typing")
    refused = await api.refusal("sendChatAction", chat_id=ana.user_id, action="dancing")
    assert refused == (400, "Bad Request: wrong parameter action in request")


async def test_a_wrong_token_opens_nothing(api: Any) -> None:
    for path in ("bot123456:WRONG/getMe", "file/bot123456:WRONG/photos/file_1.png"):
        response = await api.session.get(f"{api.url}/{path}")
        assert (response.status, await response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )


async def test_bodies_that_are_no_json_object_are_refused(api: Any) -> None:
    address = f"{api.url}/bot{api.token}/sendMessage"
    for body in (b"{", b"[1]", b"\xff", b"[" * 100_000):
        response = await api.session.post(address, data=body, headers={"Content-Type": "application/json"})
        assert response.status == 400


async def test_the_ledger_tells_what_was_accepted_and_what_was_refused(api: Any, ana: Person, standin: StandIn) -> None:
    await api("sendMessage", chat_id=ana.user_id, text="one")
    await api("sendMessage", chat_id=ana.user_id, text="")
    await api("sendMoney", chat_id=ana.user_id)
    assert [(entry.method, entry.accepted, entry.status, entry.text) for entry in standin.ledger.calls()] == [
        ("sendMessage", True, 200, "one"),
        ("sendMessage", False, 400, None),
        ("sendMoney", False, 404, None),
    ]
    assert [entry.message_id for entry in standin.ledger.sent(ana.user_id)] == [2]
    assert [entry.seq for entry in standin.ledger] == [1, 2, 3, 4]


async def test_captions_are_edited_apart_from_texts(api: Any, ana: Person) -> None:
    file_id = await _picture_of(ana, api)
    photo = await api.result("sendPhoto", chat_id=ana.user_id, photo=file_id, caption="Plan")
    text = await api.result("sendMessage", chat_id=ana.user_id, text="Plan")
    on_photo = {"chat_id": ana.user_id, "message_id": photo["message_id"]}
    on_text = {"chat_id": ana.user_id, "message_id": text["message_id"]}
    edited = await api.result("editMessageCaption", caption="New plan", **on_photo)
    assert edited["caption"] == "New plan"
    for method, fields, why in [
        ("editMessageText", {**on_photo, "text": "x"}, "there is no text in the message to edit"),
        ("editMessageCaption", {**on_text, "caption": "x"}, "there is no caption in the message to edit"),
        ("editMessageCaption", {**on_photo, "caption": "x" * 1025}, "message caption is too long"),
        ("editMessageText", {"chat_id": ana.user_id, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"inline_message_id": "i", "text": "x"}, "MESSAGE_ID_INVALID"),
    ]:
        assert await api.refusal(method, **fields) == (400, f"Bad Request: {why}")


async def test_many_messages_are_deleted_at_once_and_gone_ones_passed_over(api: Any, ana: Person) -> None:
    sent = [await api.result("sendMessage", chat_id=ana.user_id, text=text) for text in "abc"]
    message_ids = [message["message_id"] for message in sent[:2]]
    await api.result("deleteMessages", chat_id=ana.user_id, message_ids=[*message_ids, 99])
    assert [message.text for message in ana.bot_messages] == ["c"]
    refused = await api.refusal("deleteMessages", chat_id=ana.user_id, message_ids=[])
    assert refused == (400, "Bad Request: wrong number of message identifiers specified")


@pytest.mark.parametrize(
    ("method", "fields", "why"),
    [
        ("pinChatMessage", {"message_id": 99}, "message to pin not found"),
        ("unpinChatMessage", {}, "message to unpin not found"),
        ("copyMessage", {"from_chat_id": 99, "message_id": 1}, "chat not found"),
        ("setMessageReaction", {"message_id": 99}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "paid"}]}, "REACTION_INVALID"),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "x"}] * 2},
            "REACTIONS_TOO_MANY",
        ),
    ],
)
async def test_acts_on_messages_that_cannot_be_are_refused(
    api: Any, ana: Person, method: str, fields: dict[str, Any], why: str
) -> None:
    assert await api.refusal(method, chat_id=ana.user_id, **fields) == (400, f"Bad Request: {why}")
