"""Console: the terminal as a channel of its own, for `talk`. It goes through the same inbox, turns and outbox as Telegram.

What the bot says is printed, its buttons are numbered. A line that is the number of a button still shown presses it (with a
space before it, it is text), `/start TOKEN` opens an invitation, `/contact` shares the phone number; the rest is text.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from itertools import count
from typing import TextIO, assert_never

from bot.dialog.effects import Choice
from bot.domain.borrower import Address
from bot.domain.delivery import (
    AnswerPress,
    Button,
    Content,
    Delivered,
    DeliveryResult,
    LeaveChat,
    OutboundMessage,
    Refused,
    SendMessage,
    StripButtons,
)
from bot.domain.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    InboundEvent,
    LinkOpened,
    Received,
    TextReceived,
)
from bot.services.writes import StoreUpdate

CHANNEL = "console"

# Control characters could move the cursor or answer for the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


class ConsoleChannel:
    """One chat in one terminal. `write` prints a line; `phone` is what `/contact` shares when it names no number."""

    def __init__(self, write: Callable[[str], None], chat_key: str = "terminal", phone: str | None = None) -> None:
        self._write = write
        self._chat_key = chat_key
        self._phone = phone
        self._message_keys = count(1)
        #: The buttons that can be pressed by number: message key and button.
        self._shown: dict[int, tuple[str, Button]] = {}
        self._last_update_key = 0

    @property
    def name(self) -> str:
        return CHANNEL

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        match message.act:
            case SendMessage(content):
                return self._print(content)
            case StripButtons(message_key):
                self._shown = {n: shown for n, shown in self._shown.items() if shown[0] != message_key}
                return Delivered(message_key)
            case AnswerPress(text=text):
                if text:
                    self._write(_readable(text))
                return Delivered(None)
            case LeaveChat():
                return Delivered(None)
            case _ as never:
                assert_never(never)

    def update(self, line: str, received_at: datetime) -> StoreUpdate | None:
        """The line as the inbox keeps it; None for an empty one."""
        if not line.strip():
            return None
        # A number that was never used before, also in an earlier talk.
        self._last_update_key = max(self._last_update_key + 1, int(received_at.timestamp() * 1_000_000))
        raw = json.dumps({"chat": self._chat_key} | self._meant(line), ensure_ascii=False)
        return StoreUpdate(CHANNEL, self._last_update_key, self._chat_key, raw, received_at)

    def _meant(self, line: str) -> dict[str, str]:
        if line.isascii() and line.isdecimal() and int(line) in self._shown:
            message_key, button = self._shown[int(line)]
            if button.request_contact:
                return self._contact("")
            return {"press": button.data or "", "message": message_key}
        command, _, rest = line.strip().partition(" ")
        if command.lower() == "/contact":
            return self._contact(rest)
        return {"text": line.strip()}

    def _contact(self, number: str) -> dict[str, str]:
        phone = number.strip() or self._phone
        return {"contact": phone} if phone else {"text": "/contact"}

    def _print(self, content: Content) -> DeliveryResult:
        text = html.unescape(_TAG.sub("", content.text)) if content.markup == "html" else content.text
        if not text.strip():
            return Refused("bad_message")
        message_key = str(next(self._message_keys))
        self._write(_readable(text))
        pressable = any(button.data is not None or button.request_contact for row in content.rows for button in row)
        if pressable or content.remove_reply_keyboard:
            # Only the newest keyboard is numbered: one number must not mean two buttons.
            self._shown.clear()
        for row in content.rows:
            self._write("  ".join(self._label(button, message_key) for button in row))
        return Delivered(message_key)

    def _label(self, button: Button, message_key: str) -> str:
        label = _readable(button.label)
        if button.url is not None or button.copy_text is not None:
            return f"{label}: {_readable(button.url or button.copy_text or '')}"
        number = len(self._shown) + 1
        self._shown[number] = message_key, button
        return f"[{number}] {label}"


def sign(chat_key: str, choice: Choice, place: int, keyboard: int) -> str:
    """What a button stands for, unsigned: whoever sits at the terminal runs the program."""
    return json.dumps([chat_key, keyboard, place, choice.intent, choice.argument], ensure_ascii=False)


def read(raw: str) -> Received | None:
    """A stored line as an event."""
    update = json.loads(raw)
    event: InboundEvent
    if "press" in update:
        _, keyboard, place, intent, argument = json.loads(update["press"])
        event = ButtonPressed(
            keyboard=keyboard if intent is None else None,
            choice=place if intent is None else 0,
            intent=intent,
            argument=argument,
            message_key=update["message"],
        )
    elif "contact" in update:
        event = ContactShared(update["contact"], own=True)
    else:
        event = _words(update["text"])
    return Received(Address(CHANNEL, update["chat"]), event)


async def lines(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a terminal or pipe as they come, without holding up the loop, until its end."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def read_all() -> None:
        try:
            for line in stream:
                loop.call_soon_threadsafe(queue.put_nowait, line.rstrip("\r\n"))
            loop.call_soon_threadsafe(queue.put_nowait, None)
        except RuntimeError:
            return  # the loop is closed: nobody reads any more

    # Of its own, not of the loop's pool: leaving must not wait until somebody presses Enter.
    threading.Thread(target=read_all, name="console", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line


def _words(text: str) -> InboundEvent:
    if not re.fullmatch(r"/[A-Za-z0-9_]+(\s.*)?", text, re.DOTALL):
        return TextReceived(text)
    command, _, rest = text[1:].partition(" ")
    return LinkOpened(rest.strip()) if command.lower() == "start" else CommandGiven(command.lower())


def _readable(text: str) -> str:
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
