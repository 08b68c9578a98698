"""What each kind of Telegram update means. The raw updates have the shape that the Bot API documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.receive import ALLOWED_UPDATES, reader, to_event, to_store
from bot.domain.borrower import Address
from bot.domain.events import (
    AddedToGroup,
    ButtonPressed,
    ChatBlocked,
    ChatMoved,
    ChatUnblocked,
    CommandGiven,
    ContactShared,
    ForgedButton,
    InboundEvent,
    LinkOpened,
    Received,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.services.writes import StoreUpdate

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PERSON = {"id": 77, "is_bot": False, "first_name": "Li", "language_code": "zh-hans"}
PRIVATE = {"id": 77, "first_name": "Li", "type": "private"}
GROUP = {"id": -500, "title": "Family", "type": "group"}
SUPERGROUP = {"id": -1001234567890, "title": "Family", "type": "supergroup"}
CHANNEL = {"id": -1009876543210, "title": "News", "type": "channel"}
BOT = {"id": 1, "is_bot": True, "first_name": "Grace", "username": "GraceBot"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 10}
CLIP = FILE | {"width": 1, "height": 1, "duration": 1}


def a_message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 5, "from": PERSON, "chat": chat, "date": 1772582400} | content


def an_update(kind: str = "message", **body: Any) -> dict[str, Any]:
    return {"update_id": 900, kind: a_message(**body)}


def a_press(data: str | None = "signed", message: dict[str, Any] | None = None) -> dict[str, Any]:
    query: dict[str, Any] = {"id": "4242", "from": PERSON, "chat_instance": "1"}
    if data is not None:
        query["data"] = data
    return {"update_id": 900, "callback_query": query | {"message": message or a_message(text="Choose")}}


def a_membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    more = {"until_date": 0} if status == "kicked" else {}
    body = {
        "chat": chat,
        "from": PERSON,
        "date": 1772582400,
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": {"user": BOT, "status": status} | more,
    }
    return {"update_id": 900, "my_chat_member": body}


def verify(chat_key: str, data: str) -> ButtonPressed | None:
    return ButtonPressed(keyboard=3, choice=1) if (chat_key, data) == ("77", "signed") else None


def event_of(update: dict[str, Any]) -> InboundEvent | None:
    received = to_event(update, "GraceBot", verify)
    return received.event if received else None


def test_text_comes_with_its_chat_and_the_clients_language() -> None:
    assert to_event(an_update(text="我周五还500"), "GraceBot", verify) == Received(
        Address("telegram", "77", private=True), TextReceived("我周五还500"), "zh-hans"
    )


def test_a_client_without_a_language_gives_no_hint() -> None:
    update = an_update(text="hi") | {}
    update["message"]["from"] = {"id": 77, "is_bot": False, "first_name": "Li"}
    assert to_event(update, "GraceBot", verify) == Received(Address("telegram", "77"), TextReceived("hi"), None)


def test_the_reader_takes_the_stored_text() -> None:
    raw = json.dumps(an_update(text="hi"))
    assert reader("GraceBot", verify)(raw) == Received(Address("telegram", "77"), TextReceived("hi"), "zh-hans")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("/help", CommandGiven("help")),
        ("/HELP", CommandGiven("help")),
        ("/help@GraceBot", CommandGiven("help")),
        ("/help@gRACEbOT please", CommandGiven("help")),
        ("/help@OtherBot", TextReceived("/help@OtherBot")),
        ("/no_such_command", CommandGiven("no_such_command")),
        ("/start", LinkOpened("")),
        ("/start@gracebot", LinkOpened("")),
        ("/start dGVzdF90b2tlbi0x", LinkOpened("dGVzdF90b2tlbi0x")),
        ("/start   dGVzdA  ", LinkOpened("dGVzdA")),
        ("/startle", CommandGiven("startle")),
        ("/", TextReceived("/")),
        ("/ help", TextReceived("/ help")),
        ("/帮助", TextReceived("/帮助")),
        ("1/2 now", TextReceived("1/2 now")),
        ("a\0b", TextReceived("ab")),
        ("half \ud83d pair", TextReceived("half \ufffd pair")),
        ("\U0001f600", TextReceived("\U0001f600")),
    ],
)
def test_commands_links_and_words(text: str, event: InboundEvent) -> None:
    assert event_of(an_update(text=text)) == event


def test_a_very_long_text_is_kept_whole() -> None:
    assert event_of(an_update(text="x" * 100_000)) == TextReceived("x" * 100_000)


def test_an_edited_text_says_that_it_is_one() -> None:
    assert event_of(an_update("edited_message", text="600")) == TextReceived("600", edited=True)


def test_a_moving_live_location_is_no_event() -> None:
    assert event_of(an_update("edited_message", location={"latitude": 1.0, "longitude": 2.0})) is None


def test_what_was_sent_together_is_known_by_its_album() -> None:
    update = an_update(photo=[FILE], media_group_id="1357")
    assert event_of(update) == UnsupportedReceived(Unsupported.PHOTO, "1357")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [FILE | {"width": 1, "height": 1}]}, Unsupported.PHOTO),
        ({"live_photo": FILE, "photo": [FILE]}, Unsupported.PHOTO),
        ({"voice": FILE | {"duration": 1}}, Unsupported.VOICE),
        ({"audio": FILE | {"duration": 1}}, Unsupported.VOICE),
        ({"video": CLIP}, Unsupported.VIDEO),
        ({"video_note": FILE | {"length": 1, "duration": 1}}, Unsupported.VIDEO),
        ({"animation": CLIP, "document": FILE}, Unsupported.VIDEO),
        ({"document": FILE}, Unsupported.DOCUMENT),
        (
            {"sticker": FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
            Unsupported.STICKER,
        ),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, Unsupported.LOCATION),
        (
            {
                "venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "t", "address": "a"},
                "location": {"latitude": 1.0, "longitude": 2.0},
            },
            Unsupported.LOCATION,
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, Unsupported.OTHER),
        ({"story": {"chat": PRIVATE, "id": 3}}, Unsupported.OTHER),
        ({"game": {"title": "g", "description": "d", "photo": []}}, Unsupported.OTHER),
        ({"hologram": {"file_id": "f"}}, Unsupported.OTHER),
        ({}, Unsupported.OTHER),
    ],
)
def test_what_cannot_be_read_is_named(content: dict[str, Any], kind: Unsupported) -> None:
    assert event_of(an_update(**content)) == UnsupportedReceived(kind)


def test_a_caption_is_read_like_a_text() -> None:
    assert event_of(an_update(photo=[FILE], caption="stop writing to me")) == TextReceived("stop writing to me")


def test_a_caption_of_an_album_says_which() -> None:
    update = an_update(photo=[FILE], caption="the receipt", media_group_id="9")
    assert event_of(update) == TextReceived("the receipt", album="9")


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": a_message(text="Choose")},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"write_access_allowed": {}},
        {"chat_background_set": {"type": {"type": "fill"}}},
    ],
)
def test_what_telegram_itself_notes_in_a_private_chat_is_no_event(content: dict[str, Any]) -> None:
    assert event_of(an_update(**content)) is None


@pytest.mark.parametrize(
    ("contact", "more", "event"),
    [
        ({"phone_number": "8613800000000", "user_id": 77}, {}, ContactShared("+8613800000000", own=True)),
        ({"phone_number": "+86 138-0000-0000", "user_id": 77}, {}, ContactShared("+8613800000000", own=True)),
        ({"phone_number": "+15550001111", "user_id": 78}, {}, ContactShared("+15550001111", own=False)),
        ({"phone_number": "+15550001111"}, {}, ContactShared("+15550001111", own=False)),
        (
            {"phone_number": "+8613800000000", "user_id": 77},
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
            ContactShared("+8613800000000", own=False),
        ),
        ({"phone_number": "unknown"}, {}, UnsupportedReceived(Unsupported.OTHER)),
    ],
)
def test_only_the_senders_own_contact_is_vouched_for(
    contact: dict[str, Any], more: dict[str, Any], event: InboundEvent
) -> None:
    assert event_of(an_update(contact={"first_name": "Li"} | contact, **more)) == event


def test_a_press_that_verifies_names_its_query_and_message() -> None:
    assert event_of(a_press()) == ButtonPressed(keyboard=3, choice=1, query_id="4242", message_key="5")


def test_a_press_under_an_inaccessible_message_counts_too() -> None:
    gone = {"chat": PRIVATE, "message_id": 5, "date": 0}
    assert event_of(a_press(message=gone)) == ButtonPressed(keyboard=3, choice=1, query_id="4242", message_key="5")


@pytest.mark.parametrize(
    "update",
    [
        a_press("forged"),
        a_press(None),
        a_press(message=a_message(PRIVATE | {"id": 78}, text="Choose")),
    ],
)
def test_a_press_that_does_not_verify_can_only_be_answered(update: dict[str, Any]) -> None:
    assert event_of(update) == ForgedButton("4242")


def test_a_press_through_inline_mode_is_forged_and_belongs_to_the_presser() -> None:
    update = a_press()
    del update["callback_query"]["message"]
    update["callback_query"]["data"] = "other"
    assert to_event(update, "GraceBot", verify) == Received(Address("telegram", "77"), ForgedButton("4242"), "zh-hans")


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (a_membership("kicked"), ChatBlocked()),
        (a_membership("member"), ChatUnblocked()),
        (a_membership("member", GROUP), AddedToGroup()),
        (a_membership("administrator", CHANNEL), AddedToGroup()),
        (a_membership("left", GROUP), None),
        (a_membership("kicked", SUPERGROUP), None),
    ],
)
def test_blocking_and_joining(update: dict[str, Any], event: InboundEvent | None) -> None:
    assert event_of(update) == event


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (an_update(chat=GROUP, text="hello"), AddedToGroup()),
        (an_update(chat=GROUP, text="/start token"), AddedToGroup()),
        (an_update(chat=SUPERGROUP, photo=[FILE]), AddedToGroup()),
        (an_update("channel_post", chat=CHANNEL, text="news"), AddedToGroup()),
        (an_update("edited_message", chat=GROUP, text="hello"), AddedToGroup()),
        (an_update(chat=GROUP, migrate_to_chat_id=-1001234567890), ChatMoved("-1001234567890")),
        (an_update(chat=GROUP, left_chat_member=BOT), None),
        (an_update(chat=GROUP, left_chat_member=PERSON), AddedToGroup()),
    ],
)
def test_groups_and_channels_are_places_to_leave(update: dict[str, Any], event: InboundEvent | None) -> None:
    assert event_of(update) == event


def test_an_address_in_a_group_is_not_private() -> None:
    received = to_event(an_update(chat=SUPERGROUP, text="hello"), "GraceBot", verify)
    assert received is not None
    assert received.address == Address("telegram", "-1001234567890", private=False)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 900},
        {"update_id": 900, "poll": {"id": "1"}},
        {"update_id": 900, "message": None},
        {"update_id": 900, "message": {"chat": 5}},
        {"update_id": 900, "message": {"chat": {"id": "77", "type": "private"}}},
        {"update_id": 900, "message": {"chat": {"id": True, "type": "private"}}},
        {"update_id": 900, "message": {"chat": {"id": 1 << 60, "type": "private"}}},
        {"update_id": 900, "callback_query": {"id": "1"}},
        {"update_id": 900, "my_chat_member": {"chat": PRIVATE}},
    ],
)
def test_an_update_that_is_none_means_nothing(update: dict[str, Any]) -> None:
    assert event_of(update) is None


@pytest.mark.parametrize(
    ("update", "key"),
    [
        (an_update(text="hi"), "77"),
        (an_update("edited_message", chat=SUPERGROUP, text="hi"), "-1001234567890"),
        (a_press(), "77"),
        (a_membership("kicked"), "77"),
    ],
)
def test_an_update_is_filed_under_its_chat(update: dict[str, Any], key: str) -> None:
    assert to_store(update, "raw", NOW) == StoreUpdate("telegram", 900, key, "raw", NOW)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 900, "poll": {"id": "1"}},
        {"update_id": 900, "message": {"chat": {"id": "77"}}},
        {"update_id": 900, "message": ["chat"]},
        {"update_id": 900, "message": 5},
        {"update_id": "900", "message": a_message(text="hi")},
        {"update_id": 1 << 70, "message": a_message(text="hi")},
        {"message": a_message(text="hi")},
    ],
)
def test_what_is_no_update_of_ours_is_not_filed(update: dict[str, Any]) -> None:
    assert to_store(update, "raw", NOW) is None


def test_what_no_database_takes_is_not_in_the_filed_text() -> None:
    stored = to_store(an_update(text="hi"), "half \ud83d pair", NOW)
    assert stored is not None
    assert stored.raw == "half \ufffd pair"


@pytest.mark.parametrize(
    "update",
    [
        an_update(text="hi"),
        an_update("edited_message", text="hi"),
        an_update("channel_post", chat=CHANNEL, text="hi"),
        a_press(),
        a_membership("kicked"),
        a_membership("member", GROUP),
    ],
)
def test_python_telegram_bot_sees_the_same_chat_and_language(update: dict[str, Any]) -> None:
    theirs = Update.de_json(update, None)
    ours = to_event(update, "GraceBot", verify)
    assert ours is not None
    assert theirs.effective_chat is not None
    assert ours.address.key == str(theirs.effective_chat.id)
    assert ours.address.private is (theirs.effective_chat.type == "private")
    if theirs.effective_user is not None:
        assert ours.language == theirs.effective_user.language_code


def test_telegram_is_asked_for_what_we_understand_and_nothing_else() -> None:
    assert ALLOWED_UPDATES == ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
