"""What the Telegram channel makes of each answer of the Bot API, on the strict stand-in."""

from __future__ import annotations

import asyncio
import html
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.bot_api import Answer, BotApi
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.send import TelegramChannel, refusal
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
from bot.standin import Limits, Person, StandIn
from tests.contracts.channels.conftest import TOKEN
from tests.fakes.jumping_clock import JumpingClock

ROWS = ((Button("Yes", data="signed-yes", style="success"), Button("No", data="signed-no")),)


@pytest.fixture
def channel(api: BotApi, clock: JumpingClock) -> TelegramChannel:
    return TelegramChannel(api, clock)


@pytest.fixture
async def li(standin: StandIn, root: str) -> Person:
    person = standin.add_person("Li")
    await person.start()
    return person


def to(chat_id: int, act: ChannelAct | str) -> OutboundMessage:
    act = SendMessage(Content(act)) if isinstance(act, str) else act
    return OutboundMessage(9, Address("telegram", str(chat_id), private=chat_id > 0), act, MessageKind.REPLY, 1)


async def test_a_message_arrives_with_its_buttons(channel: TelegramChannel, li: Person) -> None:
    result = await channel.send(to(li.user_id, SendMessage(Content("Pay 500?", ROWS))))
    (shown,) = li.bot_messages
    assert result == Delivered(str(shown.message_id))
    assert shown.text == "Pay 500?"
    assert [[(b.label, b.data) for b in row] for row in shown.buttons] == [[("Yes", "signed-yes"), ("No", "signed-no")]]


async def test_a_long_text_arrives_whole_and_the_key_is_that_of_the_buttons(
    channel: TelegramChannel, li: Person
) -> None:
    text = "a" * 4000 + "\n\n" + "b" * 4000
    result = await channel.send(to(li.user_id, SendMessage(Content(text, ROWS))))
    first, last = li.bot_messages
    assert (first.text, last.text) == ("a" * 4000, "b" * 4000)
    assert result == Delivered(str(last.message_id))
    assert not first.buttons
    assert last.buttons


async def test_markup_that_telegram_cannot_read_arrives_as_plain_text_once(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    result = await channel.send(to(li.user_id, SendMessage(Content("1 < 2 <b>bold &amp; more", ROWS, "html"))))
    assert isinstance(result, Delivered)
    assert [message.text for message in li.bot_messages] == ["1 < 2 bold & more"]
    assert li.bot_messages[0].buttons
    assert [call.status for call in standin.ledger.calls("sendMessage")] == [400, 200]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("ab <>&\"'/=;#1b", min_size=1).filter(lambda text: text.strip()))
def test_escaped_words_of_a_borrower_appear_literally(name: str) -> None:
    async def send() -> str:
        standin = StandIn(TOKEN, limits=Limits.off())
        async with standin.running() as root, BotApi(TOKEN, root) as api:
            person = standin.add_person("Li")
            await person.start()
            content = Content(f"Dear [<b>{html.escape(name)}</b>]", markup="html")
            await TelegramChannel(api, JumpingClock()).send(to(person.user_id, SendMessage(content)))
            return person.bot_messages[-1].text

    assert asyncio.run(send()) == f"Dear [{name}]"


async def test_who_never_started_blocked_left_or_never_was_takes_nothing_more(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    stranger = standin.add_person("Wu")
    assert await channel.send(to(stranger.user_id, "hi")) == Refused("never_started", unreachable=True)
    await li.block()
    assert await channel.send(to(li.user_id, "hi")) == Refused("blocked", unreachable=True)
    li.deactivate()
    assert await channel.send(to(li.user_id, "hi")) == Refused("deactivated", unreachable=True)
    assert await channel.send(to(999, "hi")) == Refused("chat_not_found", unreachable=True)


async def test_a_group_that_moved_says_where_to(channel: TelegramChannel, standin: StandIn, li: Person) -> None:
    group = standin.group("Family", [li])
    old = group.chat_id
    new = await group.migrate()
    assert await channel.send(to(old, "hi")) == Refused("moved", moved_to=str(new))


async def test_the_bot_leaves_a_group_and_leaving_again_is_harmless(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    group = standin.group("Family", [li])
    assert await channel.send(to(group.chat_id, LeaveChat())) == Delivered(None)
    assert not group.chat.has_bot
    assert isinstance(await channel.send(to(group.chat_id, LeaveChat())), Refused)


async def test_buttons_are_stripped_once(channel: TelegramChannel, li: Person) -> None:
    await channel.send(to(li.user_id, SendMessage(Content("Pay 500?", ROWS))))
    (shown,) = li.bot_messages
    strip = to(li.user_id, StripButtons(str(shown.message_id)))
    assert await channel.send(strip) == Delivered(str(shown.message_id))
    assert not li.bot_messages[0].buttons
    assert await channel.send(strip) == Refused("not_modified")
    assert await channel.send(to(li.user_id, StripButtons("4711"))) == Refused("expired")


async def test_a_press_is_answered_while_it_waits(channel: TelegramChannel, li: Person) -> None:
    await channel.send(to(li.user_id, SendMessage(Content("Pay 500?", ROWS))))
    press = await li.press("Yes")
    assert await channel.send(to(li.user_id, AnswerPress(press.query_id, "x" * 300))) == Delivered(None)
    answer = await press.answered()
    assert answer.text == "x" * 200
    assert await channel.send(to(li.user_id, AnswerPress("0"))) == Refused("expired")


async def test_an_empty_message_is_refused_without_asking(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    assert await channel.send(to(li.user_id, " ")) == Refused("bad_message")
    assert standin.ledger.calls("sendMessage") == []


async def test_429_holds_back_this_chat_while_others_are_served(
    channel: TelegramChannel, standin: StandIn, clock: JumpingClock, li: Person
) -> None:
    people = [standin.add_person(f"P{number}") for number in range(5)]
    for person in people:
        await person.start()
        standin.faults.add("429", chat_id=person.user_id, retry_after=7)
    for person in people:
        result = await channel.send(to(person.user_id, "hi"))
        assert result == Deferred(clock.now() + timedelta(seconds=7), everyone=False)
        assert isinstance(await channel.send(to(li.user_id, "hi")), Delivered)


async def test_429_to_three_chats_with_nobody_served_between_concerns_everyone(
    channel: TelegramChannel, standin: StandIn, clock: JumpingClock
) -> None:
    standin.faults.add("429", retry_after=7, count=None)
    answers = [await channel.send(to(number, "hi")) for number in (1, 1, 2, 3)]
    wait = clock.now() + timedelta(seconds=7)
    assert answers == [Deferred(wait), Deferred(wait), Deferred(wait), Deferred(wait, everyone=True)]


async def test_a_wrong_token_holds_everything_back_and_loses_nothing(root: str, clock: JumpingClock) -> None:
    async with BotApi("123456:WrongToken-0123456789abcdefghijkl", root) as api:
        result = await TelegramChannel(api, clock).send(to(77, "hi"))
    assert result == Deferred(clock.now() + timedelta(seconds=60), everyone=True, reason="unauthorized")


@pytest.mark.parametrize(("fault", "arrived"), [("drop", 1), ("malformed", 1), ("reset", 0), ("hang", 0), ("5xx", 0)])
async def test_whoever_gets_no_answer_does_not_know(
    channel: TelegramChannel, standin: StandIn, li: Person, fault: str, arrived: int
) -> None:
    standin.faults.add(fault, method="sendMessage")
    result = await channel.send(to(li.user_id, "hi"))
    assert result == OutcomeUnknown("http_502" if fault == "5xx" else "no_answer")
    assert len(li.bot_messages) == arrived


async def test_after_a_lost_connection_the_next_message_goes(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    standin.faults.add("drop", method="sendMessage")
    results = [await channel.send(to(li.user_id, "hi")) for _ in range(2)]
    assert [type(result) for result in results] == [OutcomeUnknown, Delivered]


async def test_where_nobody_listens_nothing_was_sent(clock: JumpingClock, unused_tcp_port: int) -> None:
    async with BotApi(TOKEN, f"http://127.0.0.1:{unused_tcp_port}") as api:
        assert await TelegramChannel(api, clock).send(to(77, "hi")) == NotSent("no_connection")


async def test_a_long_text_cut_off_in_the_middle_is_neither_sent_nor_not_sent(
    channel: TelegramChannel, standin: StandIn, li: Person
) -> None:
    standin.faults.add("429", method="sendMessage", nth=2)
    result = await channel.send(to(li.user_id, "a" * 4000 + "\n\n" + "b" * 4000))
    assert result == OutcomeUnknown("partly_sent")
    assert len(li.bot_messages) == 1


@pytest.mark.parametrize(
    ("status", "description", "result"),
    [
        (403, "Forbidden: bot was kicked from the supergroup chat", Refused("blocked", unreachable=True)),
        (403, "Forbidden: user is deactivated", Refused("deactivated", unreachable=True)),
        (400, "Bad Request: PEER_ID_INVALID", Refused("chat_not_found", unreachable=True)),
        (400, "Bad Request: not enough rights to send text messages to the chat", Refused("blocked", unreachable=True)),
        (400, "Bad Request: message can't be edited", Refused("expired")),
        (400, "Bad Request: BUTTON_DATA_INVALID", Refused("bad_message")),
        (413, "Request Entity Too Large", Refused("bad_message")),
        (500, "Internal Server Error", OutcomeUnknown("http_500")),
        (302, "Found", OutcomeUnknown("http_302")),
    ],
)
def test_rarer_refusals(status: int, description: str, result: DeliveryResult) -> None:
    assert refusal(Answer(ok=False, status=status, description=description)) == result


async def test_a_proxys_error_page_says_nothing_about_the_borrower(clock: JumpingClock, error_page: str) -> None:
    async with BotApi(TOKEN, error_page, AiohttpRequest()) as api:
        assert await TelegramChannel(api, clock).send(to(77, "hi")) == OutcomeUnknown("no_answer")
