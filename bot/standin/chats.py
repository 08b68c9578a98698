"""Chats and their messages, as Telegram writes them and as people see them.

State only. Who may send what is decided in the calls, what a person does in `people.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.standin.bell import Bell
from bot.standin.entities import NO_TEXT, FormattedText, to_html
from bot.standin.users import User

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]

#: Parts of a message whose text is a caption.
_MEDIA = frozenset({"photo", "document", "voice", "video", "sticker"})
_CONTENT_WITHOUT_TEXT = frozenset({"location", "contact"}) | _MEDIA


class Button(NamedTuple):
    """A button under a message: its label and the one thing it does."""

    label: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    style: str | None = None

    def as_json(self) -> Json:
        """Only what is there."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Key(NamedTuple):
    """A key of a reply keyboard: it says its label, or shares what it asks for."""

    label: str
    request_contact: bool = False
    request_location: bool = False

    def as_json(self) -> Json:
        """Only what is there."""
        return {name: value for name, value in self._asdict().items() if value}


class Shown(NamedTuple):
    """A message as a person sees it now. `sender` is "bot" or "person"; `at` is when it was sent."""

    message_id: int
    sender: str
    sender_name: str
    text: str
    html: str
    buttons: tuple[tuple[Button, ...], ...]
    #: The reply keyboard that the message brought; no rows where it took one away, None where it did neither.
    reply_keyboard: tuple[tuple[Key, ...], ...] | None
    edited: bool
    at: datetime
    #: What else the message carries: "photo", "document", "contact", "forum_topic_created" and so on.
    attachment: str | None
    file_name: str | None
    file_id: str | None
    thread_id: int | None

    def as_json(self) -> Json:
        """As the chat page reads it; see `control.py`."""
        return {
            "message_id": self.message_id,
            "from": self.sender,
            "from_name": self.sender_name,
            "text": self.text,
            "html": self.html,
            "buttons": _rows(self.buttons),
            "reply_keyboard": _rows(self.reply_keyboard),
            "edited": self.edited,
            "at": self.at.isoformat(),
            "attachment": self.attachment,
            "file_name": self.file_name,
            "file_id": self.file_id,
            "thread_id": self.thread_id,
        }


@dataclass(slots=True, eq=False)
class Message:
    """One message of a chat. `sender` None is the bot."""

    message_id: int
    chat: "Chat"
    sender: User | None
    at: datetime
    body: FormattedText = NO_TEXT
    #: Everything but text and keyboards, as Telegram writes it: photo, contact, forum_topic_created.
    content: Json = field(default_factory=dict)
    keyboard: Json | None = None
    #: A reply keyboard, its removal or a forced reply; such a message can no longer be edited.
    reply_markup: Json | None = None
    thread_id: int | None = None
    reply_to: "Message | None" = None
    edited_at: datetime | None = None
    #: Apps mark a message as edited when its words changed, not when only its buttons did.
    is_reworded: bool = False

    @property
    def is_from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.sender is None

    def as_telegram(self, bot: Json, *, nested: bool = False) -> Json:
        """The Message object; one that is quoted inside another quotes nothing itself."""
        message: Json = {
            "message_id": self.message_id,
            "date": int(self.at.timestamp()),
            "chat": self.chat.as_telegram(),
        }
        if self.chat.kind == "channel":
            message["sender_chat"] = self.chat.as_telegram()
        else:
            message["from"] = bot if self.sender is None else self.sender.as_telegram()
        if self.thread_id is not None:
            message |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.reply_to is not None and not nested:
            message["reply_to_message"] = self.reply_to.as_telegram(bot, nested=True)
        if self.edited_at is not None:
            message["edit_date"] = int(self.edited_at.timestamp())
        message |= self.content
        if self.body.text:
            name = "caption" if self._has_caption else "text"
            message[name] = self.body.text
            if self.body.entities:
                message["caption_entities" if name == "caption" else "entities"] = list(self.body.entities)
        if self.keyboard is not None:
            message["reply_markup"] = self.keyboard
        return message

    @property
    def _has_caption(self) -> bool:
        return not _MEDIA.isdisjoint(self.content)

    @property
    def has_text(self) -> bool:
        """Whether it is a text message, which `editMessageText` can change."""
        return _CONTENT_WITHOUT_TEXT.isdisjoint(self.content)

    def as_shown(self) -> Shown:
        """What a person sees."""
        return Shown(
            message_id=self.message_id,
            sender="person" if self.sender is not None else "bot",
            sender_name=self.chat.title if self.sender is None else self.sender.name,
            text=self.body.text,
            html=to_html(self.body),
            buttons=_buttons(self.keyboard),
            reply_keyboard=keys_of(self.reply_markup),
            edited=self.is_reworded,
            at=self.at,
            attachment=next(iter(self.content), None),
            file_name=self.content.get("document", {}).get("file_name"),
            file_id=self._file_id(),
            thread_id=self.thread_id,
        )

    def _file_id(self) -> str | None:
        for name in _MEDIA & self.content.keys():
            media = self.content[name]
            found: str = (media[-1] if isinstance(media, list) else media)["file_id"]
            return found
        return None


def _buttons(keyboard: Json | None) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(_button(button) for button in row) for row in (keyboard or {}).get("inline_keyboard", ()))


def _button(button: Json) -> Button:
    return Button(
        label=button["text"],
        data=button.get("callback_data"),
        url=button.get("url"),
        copy_text=button.get("copy_text", {}).get("text"),
        style=button.get("style"),
    )


def keys_of(markup: Json | None) -> tuple[tuple[Key, ...], ...] | None:
    """The keys of a reply keyboard; no rows for its removal, None for anything else."""
    if markup is None or not markup.keys() & {"keyboard", "remove_keyboard"}:
        return None
    return tuple(tuple(_key(key) for key in row) for row in markup.get("keyboard", ()))


def _key(key: Json | str) -> Key:
    if isinstance(key, str):
        return Key(key)
    return Key(key["text"], key.get("request_contact", False), key.get("request_location", False))


def _rows(rows: Iterable[Iterable[Button | Key]] | None) -> list[list[Json]] | None:
    return None if rows is None else [[button.as_json() for button in row] for row in rows]


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is the id of the service message that opened it."""

    thread_id: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A chat with its messages in order. `person` is set for private chats only."""

    chat_id: int
    kind: ChatKind
    title: str
    numbers: Iterator[int]
    person: User | None = None
    members: dict[int, User] = field(default_factory=dict)
    has_bot: bool = True
    bot_was_kicked: bool = False
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    #: The message that brought the reply keyboard which stands below the chat now.
    keyboard_message: Message | None = None
    bell: Bell = field(default_factory=Bell)

    @property
    def is_private(self) -> bool:
        """Whether it is the chat with one person."""
        return self.kind == "private"

    def as_telegram(self) -> Json:
        """The Chat object."""
        if self.person is not None:
            return {"id": self.chat_id, "type": "private", **self.person.names()}
        chat: Json = {"id": self.chat_id, "type": self.kind, "title": self.title}
        if self.is_forum:
            chat["is_forum"] = True
        return chat

    def add(self, sender: User | None, at: datetime, **parts: Any) -> Message:
        """Writes the next message of this chat; `parts` are fields of `Message`."""
        message = Message(next(self.numbers), self, sender, at, **parts)
        self.messages[message.message_id] = message
        if sender is None and (keys := keys_of(message.reply_markup)) is not None:
            self.keyboard_message = message if keys else None
        return message

    @property
    def reply_keyboard(self) -> tuple[tuple[Key, ...], ...]:
        """The reply keyboard that stands below the chat now; no rows where there is none."""
        return (self.keyboard_message and keys_of(self.keyboard_message.reply_markup)) or ()

    def use_up_keyboard(self) -> Message | None:
        """A keyboard for one use goes after it; gives the message that brought it."""
        message = self.keyboard_message
        if message is None or not (message.reply_markup or {}).get("one_time_keyboard"):
            return None
        message.reply_markup, self.keyboard_message = {"remove_keyboard": True}, None
        return message
