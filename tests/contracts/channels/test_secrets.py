"""Nothing that this package or its libraries log, at DEBUG too, holds a token, a secret, a phone number or anybody's words."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator

import pytest

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.profile import Profile, publish_profile
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.run import Polling
from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram.webhook import register_webhook, webhook_places, webhook_routes
from bot.domain.borrower import Address
from bot.domain.delivery import Content, MessageKind, OutboundMessage, SendMessage
from bot.domain.errors import GraceError
from bot.standin import Limits, Person, StandIn
from bot.web.server import WebServer, web_application
from tests.contracts.channels.conftest import TOKEN
from tests.fakes.inbox import HeardWakeUps, InboxStorage
from tests.fakes.jumping_clock import JumpingClock, SleptEnough

KEY = "canary-secret-key-of-32-characters"
(PLACE,) = webhook_places([KEY], TOKEN)
SAID = "canary words of a borrower"
TOLD = "canary words of the bot"
NAME = "Canary Person"
PHONE = "15550009999"
WRONG = "123456:WrongCanaryToken_0123456789abcdefgh"
CANARIES = [TOKEN.partition(":")[2], WRONG.partition(":")[2], KEY, PLACE.path, PLACE.secret, SAID, TOLD, NAME, PHONE]


class Lines(logging.Handler):
    """Everything that is logged, as it would be written, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("telegram", "telegram.Bot", "httpx", "aiohttp", "asyncio"))]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


async def a_good_day(standin: StandIn, api: BotApi, storage: InboxStorage, person: Person) -> None:
    """Messages through every fault, set-up calls, updates by polling and by webhook."""
    clock, wake_ups = JumpingClock(), HeardWakeUps()
    channel = TelegramChannel(api, clock)
    for fault in (None, "429", "5xx", "hang", "drop", "reset", "malformed"):
        if fault:
            standin.faults.add(fault, method="sendMessage")
        await channel.send(told(person.user_id, Content(TOLD)))
    await channel.send(told(person.user_id, Content(f"<b>{TOLD}", markup="html")))
    await api.identity()
    await api.bot.send_message(person.user_id, TOLD)
    await publish_profile(api, {"en": Profile((("help", TOLD),))}, "en")
    standin.faults.add("5xx", method="getUpdates")
    polling = asyncio.create_task(Polling(api, storage, clock, wake_ups, "me", lambda: 0.0).run())
    await storage.until_stored(3)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    server = WebServer(web_application(webhook_routes([PLACE], storage, clock, wake_ups)), "127.0.0.1", 0)
    await server.start()
    await register_webhook(api, f"http://127.0.0.1:{server.port}", PLACE)
    await person.say(SAID)
    await storage.until_stored(4)
    await server.stop()


async def a_bad_day(token: str, root: str) -> str:
    """Everything fails; returns what was raised, as it would be shown."""
    raised: list[str] = []
    async with BotApi(token, root) as api:
        for attempt in (
            api.identity(),
            register_webhook(api, "https://bot.example", PLACE),
            publish_profile(api, {"en": Profile((("help", TOLD),))}, "en"),
            Polling(api, InboxStorage(), JumpingClock(sleeps=3), HeardWakeUps(), "me", lambda: 0.0).run(),
        ):
            with pytest.raises((GraceError, SleptEnough)) as caught:
                await attempt
            raised += traceback.format_exception(caught.value)
        raised += [
            repr(api),
            repr(api.bot),
            repr(await TelegramChannel(api, JumpingClock()).send(told(77, Content(TOLD)))),
        ]
    return "".join(raised)


def told(chat_id: int, content: Content) -> OutboundMessage:
    return OutboundMessage(1, Address("telegram", str(chat_id)), SendMessage(content), MessageKind.REPLY, 1)


async def test_no_canary_is_logged_or_raised_on_good_days_and_bad(
    lines: Lines, capfd: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    standin, storage = StandIn(TOKEN, limits=Limits.off()), InboxStorage()
    person = standin.add_person(NAME, f"+{PHONE}")
    await person.start(SAID.replace(" ", "_"))
    await person.say(SAID)
    await person.share_contact()
    async with standin.running() as root:
        async with BotApi(TOKEN, root, AiohttpRequest(read_timeout=0.2)) as api:
            await a_good_day(standin, api, storage, person)
        raised = await a_bad_day(WRONG, root)
    raised += await a_bad_day(TOKEN, f"http://127.0.0.1:{unused_tcp_port}")
    out, err = capfd.readouterr()
    written = "\n".join([*lines.written, raised, out, err])
    assert "polling_failed" in written
    assert "too_many_requests" in written
    assert "GRACE_TELEGRAM_TOKEN" in written
    assert [canary for canary in CANARIES if canary in written] == []
