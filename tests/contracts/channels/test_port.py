"""The Channel port: what every channel promises, run on Telegram against the stand-in and on the terminal."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels import console
from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.receive import reader
from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram.signing import Signer
from bot.dialog.effects import Choice
from bot.domain.borrower import Address
from bot.domain.delivery import (
    AnswerPress,
    Button,
    ChannelAct,
    Content,
    Deferred,
    Delivered,
    DeliveryResult,
    LeaveChat,
    MessageKind,
    NotSent,
    OutboundMessage,
    OutcomeUnknown,
    Refused,
    SendMessage,
    StripButtons,
)
from bot.domain.events import ButtonPressed, Received
from bot.services.ports import Channel
from bot.standin import Limits, StandIn
from bot.texts.messages import Message
from tests.contracts.channels.conftest import TOKEN
from tests.fakes.jumping_clock import JumpingClock

LABEL = Message("Yes", "flow.step")


@dataclass
class Place:
    """A channel with one private chat, and a way to press the newest button there."""

    channel: Channel
    address: Address
    sign: Callable[[str, Choice, int, int], str]
    press: Callable[[], Any]

    async def send(self, act: ChannelAct) -> DeliveryResult:
        return await self.channel.send(OutboundMessage(1, self.address, act, MessageKind.REPLY, 1))


@asynccontextmanager
async def on_telegram() -> AsyncIterator[Place]:
    standin = StandIn(TOKEN, limits=Limits.off())
    signer = Signer(["a-secret-key-of-32-characters---"], 123456)
    async with standin.running() as root, BotApi(TOKEN, root) as api:
        li = standin.add_person("Li")
        await li.start()
        read = reader("standin123456_bot", signer.verify)

        async def press() -> Received | None:
            await li.press("Yes")
            return read(json.dumps(standin.updates.pending[-1].update))

        yield Place(TelegramChannel(api, JumpingClock()), Address("telegram", str(li.user_id)), signer.sign, press)


@asynccontextmanager
async def on_the_terminal() -> AsyncIterator[Place]:
    channel = console.ConsoleChannel(lambda line: None)

    async def press() -> Received | None:
        update = channel.update("1", JumpingClock().now())
        assert update is not None
        return console.read(update.raw)

    yield Place(channel, Address("console", "terminal"), console.sign, press)


@pytest.fixture(params=[on_telegram, on_the_terminal], ids=["telegram", "console"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    async with request.param() as opened:
        yield opened


async def test_its_name_is_that_of_its_addresses(place: Place) -> None:
    assert place.channel.name == place.address.channel


async def test_each_message_gets_a_key_of_its_own(place: Place) -> None:
    results = [await place.send(SendMessage(Content(text))) for text in ("one", "two", "three")]
    keys = [result.message_key for result in results if isinstance(result, Delivered)]
    assert len(set(keys)) == 3
    assert None not in keys


async def test_a_blank_message_is_refused(place: Place) -> None:
    assert await place.send(SendMessage(Content(" \n"))) == Refused("bad_message")


@pytest.mark.parametrize(
    ("choice", "pressed"),
    [
        (Choice(LABEL), (12, 0, None, None)),
        (Choice(LABEL, intent="change_promise"), (None, 0, "change_promise", None)),
        (Choice(LABEL, intent="change_promise", argument="K7M3QX4A"), (None, 0, "change_promise", "K7M3QX4A")),
    ],
)
async def test_a_press_comes_back_as_what_was_signed(
    place: Place, choice: Choice, pressed: tuple[int | None, int, str | None, str | None]
) -> None:
    button = Button("Yes", data=place.sign(place.address.key, choice, 0, 12))
    result = await place.send(SendMessage(Content("Choose", ((button,),))))
    received = await place.press()
    assert received is not None
    assert received.address == place.address
    assert isinstance(received.event, ButtonPressed)
    event = received.event
    assert (event.keyboard, event.choice, event.intent, event.argument) == pressed
    assert isinstance(result, Delivered)
    assert event.message_key == result.message_key


async def test_buttons_can_be_taken_away_by_the_messages_key(place: Place) -> None:
    button = Button("Yes", data=place.sign(place.address.key, Choice(LABEL), 0, 12))
    result = await place.send(SendMessage(Content("Choose", ((button,),))))
    assert isinstance(result, Delivered)
    assert result.message_key is not None
    assert await place.send(StripButtons(result.message_key)) == result


@pytest.mark.parametrize("act", [AnswerPress("4711", "Too late"), StripButtons("4711"), LeaveChat()])
async def test_an_act_about_nothing_is_answered_too(place: Place, act: ChannelAct) -> None:
    assert isinstance(await place.send(act), Delivered | Refused | Deferred | OutcomeUnknown | NotSent)
