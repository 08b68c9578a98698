"""Receive: a raw Telegram update becomes an event, or None where it means nothing to a borrower's conversation.

Works on the parsed JSON itself: reading a text message this way costs 4 microseconds after `json.loads`, while
`telegram.Update.de_json` costs 120 (python-telegram-bot 22.8, one core); the tests compare the two on every kind of update.
Fields that we do not know are ignored; an update that does not have the Bot API's shape is None, never an exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from telegram.constants import ChatMemberStatus, ChatType, MessageType, UpdateType

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

CHANNEL = "telegram"

Json = Mapping[str, Any]

#: (chat key, callback data) -> what the button stands for; None where its signature does not fit.
Verify = Callable[[str, str], ButtonPressed | None]

#: What we ask Telegram for, and all that `to_event` understands.
ALLOWED_UPDATES: tuple[str, ...] = (
    UpdateType.MESSAGE.value,
    UpdateType.EDITED_MESSAGE.value,
    UpdateType.CHANNEL_POST.value,
    UpdateType.CALLBACK_QUERY.value,
    UpdateType.MY_CHAT_MEMBER.value,
)

# A message may carry two of these (a venue also has its location, an animation its document): the first here counts.
_CONTENT = {
    MessageType.ANIMATION.value: Unsupported.VIDEO,
    MessageType.VENUE.value: Unsupported.LOCATION,
    MessageType.PHOTO.value: Unsupported.PHOTO,
    "live_photo": Unsupported.PHOTO,  # not yet known to python-telegram-bot 22.5
    MessageType.VOICE.value: Unsupported.VOICE,
    MessageType.AUDIO.value: Unsupported.VOICE,
    MessageType.VIDEO.value: Unsupported.VIDEO,
    MessageType.VIDEO_NOTE.value: Unsupported.VIDEO,
    MessageType.DOCUMENT.value: Unsupported.DOCUMENT,
    MessageType.STICKER.value: Unsupported.STICKER,
    MessageType.LOCATION.value: Unsupported.LOCATION,
}
_UNREADABLE = {
    MessageType.CHECKLIST.value,
    MessageType.DICE.value,
    MessageType.GAME.value,
    MessageType.GIVEAWAY.value,
    MessageType.GIVEAWAY_WINNERS.value,
    MessageType.INVOICE.value,
    MessageType.PAID_MEDIA.value,
    MessageType.POLL.value,
    MessageType.STORY.value,
}
# Not what a message is, but how or in answer to what it was sent.
_CIRCUMSTANCES = {
    MessageType.BUSINESS_CONNECTION_ID.value,
    MessageType.EFFECT_ID.value,
    MessageType.REPLY_TO_STORY.value,
    MessageType.SENDER_BOOST_COUNT.value,
    MessageType.SENDER_BUSINESS_BOT.value,
    MessageType.SUGGESTED_POST_INFO.value,
}
_SERVICE = {kind.value for kind in MessageType} - _CONTENT.keys() - _UNREADABLE - _CIRCUMSTANCES

_COMMAND = re.compile(r"/([a-z0-9_]{1,32})(?:@([a-z0-9_]{1,32}))?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_OUT = (ChatMemberStatus.LEFT.value, ChatMemberStatus.BANNED.value)


def reader(bot_username: str, verify: Verify) -> Callable[[str], Received | None]:
    """How the service reads a stored update: its JSON text in, an event or None out."""

    def read(raw: str) -> Received | None:
        return to_event(json.loads(raw), bot_username, verify)

    return read


def to_store(update: Json, raw: str, received_at: datetime) -> StoreUpdate | None:
    """The update as the inbox keeps it, under its chat; None for what `to_event` could make nothing of anyway."""
    try:
        for kind in ALLOWED_UPDATES:
            if kind in update:
                chat, _ = _chat_and_sender(kind, update[kind])
                return StoreUpdate(CHANNEL, _id(update["update_id"]), str(_id(chat["id"])), _storable(raw), received_at)
    except (KeyError, TypeError, AttributeError):
        return None
    return None


def to_event(update: Json, bot_username: str, verify: Verify) -> Received | None:
    """What happened, where, and the language that the sender's client reports.

    In private chats words, commands, presses, contacts and blocking count; what else a person sends is `UnsupportedReceived`
    unless a caption says something, and what Telegram itself notes there (service messages) is None. An edited message
    counts only for its text. Whatever is written in a group or channel is `AddedToGroup`.
    """
    try:
        for kind in ALLOWED_UPDATES:
            if kind in update:
                return _received(kind, update[kind], bot_username, verify)
    except (KeyError, TypeError, AttributeError):
        return None
    return None


def _received(kind: str, body: Json, bot_username: str, verify: Verify) -> Received | None:
    chat, sender = _chat_and_sender(kind, body)
    address = Address(CHANNEL, str(_id(chat["id"])), chat["type"] == ChatType.PRIVATE)
    event: InboundEvent | None
    if kind == UpdateType.CALLBACK_QUERY:
        event = _pressed(body, address.key, verify)
    elif kind == UpdateType.MY_CHAT_MEMBER:
        event = _membership(body["new_chat_member"]["status"] in _OUT, address.private)
    elif not address.private:
        event = _in_group(body, bot_username)
    else:
        event = _message(body, sender, bot_username, edited=kind == UpdateType.EDITED_MESSAGE)
    if event is None:
        return None
    language = sender.get("language_code")
    return Received(address, event, language if isinstance(language, str) else None)


def _chat_and_sender(kind: str, body: Json) -> tuple[Json, Json]:
    if kind != UpdateType.CALLBACK_QUERY:
        return body["chat"], body.get("from") or {}
    sender = body["from"]
    # A press on a message sent through inline mode names no chat; only the presser's own is left to answer in.
    message = body.get("message")
    return (message["chat"] if message else {"id": sender["id"], "type": ChatType.PRIVATE}), sender


def _message(message: Json, sender: Json, bot_username: str, *, edited: bool) -> InboundEvent | None:
    text = message.get("text")
    if text:
        return _words(_storable(text), bot_username, edited=edited)
    if edited:
        # Also comes for every step of a live location.
        return None
    if message.get("caption"):
        return TextReceived(_storable(message["caption"]), album=_album(message))
    if "contact" in message:
        return _contact(message, sender)
    for name, kind in _CONTENT.items():
        if name in message:
            return UnsupportedReceived(kind, _album(message))
    # What this version cannot name is more likely a new kind of content than nothing at all: an answer beats silence.
    return None if _SERVICE & message.keys() else UnsupportedReceived(Unsupported.OTHER)


def _album(message: Json) -> str | None:
    album = message.get("media_group_id")
    return album if isinstance(album, str) else None


def _words(text: str, bot_username: str, *, edited: bool) -> InboundEvent:
    command = _COMMAND.fullmatch(text) if text[0] == "/" else None
    if command is None or (command[2] or bot_username).lower() != bot_username.lower():
        return TextReceived(text, edited)
    name = command[1].lower()
    return LinkOpened((command[3] or "").strip()) if name == "start" else CommandGiven(name)


def _contact(message: Json, sender: Json) -> InboundEvent:
    contact = message["contact"]
    digits = "".join(character for character in contact["phone_number"] if character in "0123456789")
    # A forwarded card says who somebody is, not that it was the sender who shared it here.
    own = contact.get("user_id") == sender["id"] and "forward_origin" not in message
    return ContactShared(f"+{digits}", own) if digits else UnsupportedReceived(Unsupported.OTHER)


def _pressed(query: Json, chat_key: str, verify: Verify) -> InboundEvent:
    press = verify(chat_key, query["data"]) if isinstance(query.get("data"), str) else None
    if press is None:
        return ForgedButton(query["id"])
    # Also a message too old to be accessible keeps its id.
    message = query.get("message")
    return replace(press, query_id=query["id"], message_key=str(message["message_id"]) if message else None)


def _membership(out: bool, private: bool) -> InboundEvent | None:
    if private:
        return ChatBlocked() if out else ChatUnblocked()
    return None if out else AddedToGroup()


def _in_group(message: Json, bot_username: str) -> InboundEvent | None:
    if "migrate_to_chat_id" in message:
        return ChatMoved(str(_id(message["migrate_to_chat_id"])))
    gone = message.get("left_chat_member")
    if gone and str(gone.get("username")).lower() == bot_username.lower():
        return None
    return AddedToGroup()


def _id(value: object) -> int:
    """Telegram's ids have at most 52 significant bits; anything else is no id."""
    if type(value) is not int or abs(value) >= 1 << 52:
        raise TypeError("not an id")
    return value


def _storable(text: str) -> str:
    """The text as it is, but for what no database takes: NUL and halves of surrogate pairs."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
