"""Delivery to a webhook: secret header, order inside a chat, several chats at once, again until the bot takes it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.standin import Person, StandIn


class Receiver:
    """A bot's webhook that answers as the test wants and remembers what came."""

    def __init__(self) -> None:
        self.url = ""
        self.taken: list[str] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.hold: asyncio.Event | None = None
        self.at_once = 0
        self.most_at_once = 0
        self.arrived = asyncio.Condition()

    async def answer(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        async with self.arrived:
            self.arrived.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        self.at_once -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(update["message"]["text"])
        async with self.arrived:
            self.arrived.notify_all()
        return web.Response(status=status)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(holds)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_come_in_order_with_the_secret(api: Any, ana: Person, receiver: Receiver) -> None:
    await ana.say("before")
    await api.result("setWebhook", url=receiver.url, secret_token="s3cret")
    await ana.say("after")
    await receiver.until(lambda: receiver.taken == ["before", "after"])
    assert receiver.secrets == ["s3cret", "s3cret"]


async def test_an_update_is_sent_again_until_it_is_taken(api: Any, ana: Person, receiver: Receiver) -> None:
    receiver.statuses = [500, 503]
    await api.result("setWebhook", url=receiver.url)
    await ana.say("a")
    await ana.say("b")
    await receiver.until(lambda: receiver.taken == ["a", "b"])
    assert len(receiver.secrets) == 4
    described = await api.result("getWebhookInfo")
    assert described["pending_update_count"] == 0
    assert described["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_one_request_at_a_time_in_a_chat_and_several_chats_at_once(
    api: Any, start: Any, receiver: Receiver
) -> None:
    people = [await start(name) for name in ("Ana", "Bo", "Chi")]
    receiver.hold = asyncio.Event()
    await api.result("setWebhook", url=receiver.url)
    for person in people:
        await person.say("first")
        await person.say("second")
    await receiver.until(lambda: receiver.at_once == 3)
    receiver.hold.set()
    await receiver.until(lambda: len(receiver.taken) == 6)
    assert receiver.most_at_once == 3


async def test_no_more_connections_than_asked_for(api: Any, start: Any, receiver: Receiver) -> None:
    people = [await start(name) for name in ("Ana", "Bo", "Chi")]
    receiver.hold = asyncio.Event()
    await api.result("setWebhook", url=receiver.url, max_connections=1)
    for person in people:
        await person.say("hello")
    await receiver.until(lambda: receiver.at_once == 1)
    for _ in range(5):
        assert (await api.result("getWebhookInfo"))["pending_update_count"] == 3
    receiver.hold.set()
    await receiver.until(lambda: len(receiver.taken) == 3)
    assert receiver.most_at_once == 1


async def test_a_webhook_and_a_poller_exclude_each_other(
    api: Any, ana: Person, standin: StandIn, receiver: Receiver
) -> None:
    await api.result("setWebhook", url=receiver.url, allowed_updates=["message"], max_connections=7)
    assert await api.refusal("getUpdates") == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    assert await api.result("getWebhookInfo") == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "ip_address": "127.0.0.1",
        "allowed_updates": ["message"],
    }
    await api.result("deleteWebhook")
    await ana.say("polled")
    assert [update["message"]["text"] for update in await api.result("getUpdates")] == ["polled"]
    assert receiver.taken == []


async def test_what_was_not_taken_can_be_polled(api: Any, ana: Person, receiver: Receiver) -> None:
    receiver.statuses = [500] * 1000
    await api.result("setWebhook", url=receiver.url)
    await ana.say("kept")
    await receiver.until(lambda: len(receiver.statuses) < 1000)
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 1
    await api.result("deleteWebhook")
    assert [update["message"]["text"] for update in await api.result("getUpdates")] == ["kept"]


async def test_a_webhook_is_remembered_while_the_server_is_away(
    standin: StandIn, receiver: Receiver, start: Any
) -> None:
    person = await start()
    async with standin.running() as url, aiohttp.ClientSession() as session:
        await session.post(f"{url}/bot{standin.token}/setWebhook", json={"url": receiver.url})
    await person.say("meanwhile")
    async with standin.running():
        await receiver.until(lambda: receiver.taken == ["meanwhile"])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"url": "words"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://bot.example.com/x"}, "bad webhook: the stand-in serves webhooks on this machine only"),
        (
            {"url": "http://127.0.0.1:1/", "secret_token": "with space"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "http://127.0.0.1:1/", "max_connections": 101},
            "max_connections must be between 1 and 100",
        ),
    ],
)
async def test_impossible_webhooks_are_refused(api: Any, fields: dict[str, Any], why: str) -> None:
    assert await api.refusal("setWebhook", **fields) == (400, f"Bad Request: {why}")
    assert (await api.result("getWebhookInfo"))["url"] == ""


async def test_an_address_where_nobody_listens_is_reported(api: Any, ana: Person, receiver: Receiver) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/")
    await ana.say("hello")
    described: dict[str, Any] = {}
    async with asyncio.timeout(5):
        while "last_error_message" not in described:
            described = await api.result("getWebhookInfo")
    assert described["last_error_message"] == "Connection refused"
    assert described["last_error_date"] == 1772618400
