"""All that the stand-in knows: the bot, its chats, its updates, the ledger, and the callback queries that wait.

The calls (`calls_*.py`) and the people (`people.py`) change it; it makes the updates, writes the ledger and tells pages.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from bot.standin.bell import Bell
from bot.standin.chats import Chat, ChatKind, Message
from bot.standin.events import Events
from bot.standin.faults import Faults
from bot.standin.files import Files
from bot.standin.ledger import Ledger
from bot.standin.limits import Limits, Pace
from bot.standin.updates import Updates

Json = dict[str, Any]

#: Callback queries that are remembered; older ones are forgotten, as on Telegram.
_KEPT_QUERIES = 10_000


class CallbackAnswer(NamedTuple):
    """What the bot answered to a press; `text` None only ends the waiting."""

    text: str | None
    alert: bool
    url: str | None = None


@dataclass(slots=True, eq=False)
class Press:
    """A button that a person pressed, until the bot answered."""

    query_id: str
    message: Message
    data: str
    at: datetime
    answer: CallbackAnswer | None = None
    bell: Bell = field(default_factory=Bell)

    async def answered(self, timeout: float | None = 10.0) -> CallbackAnswer:  # noqa: ASYNC109
        """The bot's answer; TimeoutError after `timeout` real seconds."""
        return await self.bell.until(lambda: self.answer, timeout)


@dataclass(slots=True)
class Profile:
    """What the bot says about itself, by language code ("" is everybody's)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    #: By scope (as JSON text) and language code.
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    #: By chat; None is the default.
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)


class World:
    """The state of one bot's stand-in.

    `now` gives aware instants in UTC, `tick` monotonic seconds; a test may set both.
    """

    def __init__(self, token: str, now: Callable[[], datetime], tick: Callable[[], float], limits: Limits) -> None:
        bot_id = token.partition(":")[0]
        if not bot_id.isdecimal():
            raise ValueError("a token is <number>:<secret>")
        self.token = token
        self.now = now
        self.bot: Json = {
            "id": int(bot_id),
            "is_bot": True,
            "first_name": "Gracebot",
            "username": f"standin{bot_id}_bot",
        }
        self.profile = Profile()
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.faults = Faults()
        self.ledger = Ledger()
        self.events = Events()
        self.pace = Pace(limits, tick)
        self.updates = Updates(self.faults)
        self.presses: dict[str, Press] = {}
        self._press_numbers = count(1)
        # Private chats and basic groups number their messages together, the others on their own.
        self._numbers = count(1)

    def add_chat(self, chat_id: int, kind: ChatKind, title: str, **parts: Any) -> Chat:
        """A new chat; `parts` are fields of `Chat`. Raises ValueError where the id is taken."""
        if self.is_taken(chat_id):
            raise ValueError(f"there is a chat or a bot {chat_id} already")
        # The first message of a supergroup or channel is the one that opened it; in a forum it is the general topic.
        numbers = self._numbers if kind in ("private", "group") else count(2)
        chat = self.chats[chat_id] = Chat(chat_id, kind, title, numbers, **parts)
        return chat

    def is_taken(self, chat_id: int) -> bool:
        """Whether a chat or the bot itself has this id."""
        return chat_id in self.chats or chat_id == self.bot["id"]

    def tell(self, kind: str, body: Json, chat: Chat, message: Message | None = None, text: str | None = None) -> None:
        """Makes an update for the bot and writes it, with its text or data, into the ledger."""
        update_id = self.updates.put(kind, body, chat.chat_id)
        if update_id is not None:
            self.ledger.add(
                self.now(),
                "update",
                kind,
                chat_id=chat.chat_id,
                text=text,
                accepted=True,
                answered=True,
                status=200,
                message_id=None if message is None else message.message_id,
                update_id=update_id,
            )

    def tell_message(self, message: Message, *, edited: bool = False) -> None:
        """The bot hears of a message that it did not send itself, if it is in the chat."""
        chat = message.chat
        if chat.has_bot:
            kind = "channel_post" if chat.kind == "channel" else "message"
            self.tell(
                f"edited_{kind}" if edited else kind, message.as_telegram(self.bot), chat, message, message.body.text
            )
        self.show(message, edited=edited)

    def show(self, message: Message, *, edited: bool = False) -> None:
        """Pages and waiting tests see a message as it is now."""
        chat = message.chat
        self.events.put(
            "edit" if edited else "message",
            user_id=_user_id(chat),
            chat_id=chat.chat_id,
            message=message.as_shown().as_json(),
        )
        chat.bell.ring()

    def remove(self, message: Message) -> None:
        """A message disappears for everybody."""
        chat = message.chat
        del chat.messages[message.message_id]
        self.events.put("delete", user_id=_user_id(chat), chat_id=chat.chat_id, message_id=message.message_id)
        chat.bell.ring()

    def open_press(self, message: Message, data: str) -> Press:
        """A new callback query."""
        press = Press(f"{self.bot['id']}{next(self._press_numbers):09}", message, data, self.now())
        self.presses[press.query_id] = press
        if len(self.presses) > _KEPT_QUERIES:
            del self.presses[next(iter(self.presses))]
        return press

    def find_press(self, query_id: str) -> Press | None:
        """The callback query, unless it is too old by the stand-in's clock."""
        press = self.presses.get(query_id)
        life = timedelta(seconds=self.pace.limits.callback_seconds)
        return press if press is not None and self.now() - press.at <= life else None

    def answer_press(self, press: Press, answer: CallbackAnswer) -> None:
        """The person sees the answer; a second answer to the same press changes nothing."""
        if press.answer is not None:
            return
        press.answer = answer
        press.bell.ring()
        chat = press.message.chat
        self.events.put(
            "callback_answer",
            user_id=_user_id(chat),
            chat_id=chat.chat_id,
            message_id=press.message.message_id,
            text=answer.text,
            alert=answer.alert,
        )


def _user_id(chat: Chat) -> int | None:
    return chat.chat_id if chat.is_private else None
