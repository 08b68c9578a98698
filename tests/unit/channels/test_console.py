"""The terminal channel: what is printed, and what a typed line means."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from bot.channels.console import ConsoleChannel, lines, read, sign
from bot.dialog.effects import Choice
from bot.domain.borrower import Address
from bot.domain.delivery import (
    AnswerPress,
    Button,
    Content,
    Delivered,
    MessageKind,
    OutboundMessage,
    Refused,
    SendMessage,
    StripButtons,
)
from bot.domain.events import ButtonPressed, CommandGiven, ContactShared, InboundEvent, LinkOpened, TextReceived
from bot.texts.messages import Message

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
TERMINAL = Address("console", "terminal")
LABEL = Message("Yes", "flow.step")


class Talk:
    """A console with what it printed."""

    def __init__(self, phone: str | None = None) -> None:
        self.printed: list[str] = []
        self.channel = ConsoleChannel(self.printed.append, phone=phone)

    async def show(self, act: SendMessage | StripButtons | AnswerPress) -> object:
        return await self.channel.send(OutboundMessage(1, TERMINAL, act, MessageKind.REPLY, 1))

    def type(self, line: str) -> InboundEvent | None:
        update = self.channel.update(line, NOW)
        received = read(update.raw) if update else None
        assert received is None or received.address == TERMINAL
        return received.event if received else None


def a_button(label: str, place: int, choice: Choice | None = None) -> Button:
    return Button(label, data=sign("terminal", choice or Choice(LABEL), place, 7))


async def test_messages_and_numbered_buttons_are_printed() -> None:
    talk = Talk()
    rows = ((a_button("Confirm", 0), a_button("Cancel", 1)), (Button("Pay", url="https://pay.example/1"),))
    assert await talk.show(SendMessage(Content("Pay <b>500</b> &amp; more", rows, markup="html"))) == Delivered("1")
    assert talk.printed == ["Pay 500 & more", "[1] Confirm  [2] Cancel", "Pay: https://pay.example/1"]


async def test_a_number_presses_the_button_shown_under_it() -> None:
    talk = Talk()
    lasting = Choice(LABEL, intent="change_promise", argument="K7M3QX4A")
    await talk.show(SendMessage(Content("Choose", ((a_button("Yes", 0), a_button("Change", 1, lasting)),))))
    assert talk.type("1") == ButtonPressed(keyboard=7, choice=0, message_key="1")
    assert talk.type("2") == ButtonPressed(
        keyboard=None, choice=0, intent="change_promise", argument="K7M3QX4A", message_key="1"
    )
    assert talk.type("3") == TextReceived("3")
    assert talk.type(" 1") == TextReceived("1")


async def test_buttons_taken_away_or_replaced_are_not_pressed() -> None:
    talk = Talk()
    await talk.show(SendMessage(Content("Old", ((a_button("A", 0), a_button("B", 1)),))))
    await talk.show(SendMessage(Content("New", ((a_button("C", 0),),))))
    assert talk.type("1") == ButtonPressed(keyboard=7, choice=0, message_key="2")
    assert talk.type("2") == TextReceived("2")
    await talk.show(StripButtons("2"))
    assert talk.type("1") == TextReceived("1")


async def test_a_message_without_buttons_leaves_the_last_ones_pressable() -> None:
    talk = Talk()
    await talk.show(SendMessage(Content("Choose", ((a_button("A", 0),),))))
    await talk.show(SendMessage(Content("By the way")))
    assert talk.type("1") == ButtonPressed(keyboard=7, choice=0, message_key="1")


async def test_the_contact_is_shared_by_button_or_command() -> None:
    talk = Talk(phone="+8613800000000")
    await talk.show(SendMessage(Content("Who are you?", ((Button("My number", request_contact=True),),))))
    own = ContactShared("+8613800000000", own=True)
    assert [talk.type("1"), talk.type("/contact")] == [own, own]
    assert talk.type("/contact +15550001111") == ContactShared("+15550001111", own=True)
    assert Talk().type("/contact") == CommandGiven("contact")


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("我周五还500", TextReceived("我周五还500")),
        ("/start", LinkOpened("")),
        ("/START dGVzdA", LinkOpened("dGVzdA")),
        ("/Help", CommandGiven("help")),
        ("/", TextReceived("/")),
        ("", None),
        ("  ", None),
    ],
)
def test_a_typed_line(line: str, event: InboundEvent | None) -> None:
    assert Talk().type(line) == event


async def test_an_answer_to_a_press_is_printed_where_it_says_something() -> None:
    talk = Talk()
    assert await talk.show(AnswerPress("q", "Too late")) == Delivered(None)
    assert await talk.show(AnswerPress("q")) == Delivered(None)
    assert talk.printed == ["Too late"]


async def test_control_characters_do_not_reach_the_terminal() -> None:
    talk = Talk()
    await talk.show(SendMessage(Content("a\x1b[2Jb\u2068c\u2069\nd")))
    assert talk.printed == ["a\ufffd[2Jb\u2068c\u2069\nd"]


async def test_an_empty_message_is_refused() -> None:
    assert await Talk().show(SendMessage(Content(" "))) == Refused("bad_message")


def test_two_lines_at_the_same_instant_are_two_updates() -> None:
    channel = Talk().channel
    first, second = channel.update("a", NOW), channel.update("a", NOW)
    assert first is not None
    assert second is not None
    assert (first.update_key, second.update_key) == (1772618400000000, 1772618400000001)


async def test_lines_come_until_the_end_of_the_input() -> None:
    assert [line async for line in lines(io.StringIO("one\r\ntwo\n\nlast"))] == ["one", "two", "", "last"]
