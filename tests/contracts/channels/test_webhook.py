"""The webhook: who is let in, what is refused cheaply, and that 200 means stored."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.webhook import LARGEST_BODY, register_webhook, webhook_places, webhook_routes
from bot.domain.errors import ChannelUnavailable
from bot.services.ports import WakeUp
from bot.standin import Backoff, Limits, StandIn
from tests.contracts.channels.conftest import TOKEN
from tests.fakes.inbox import HeardWakeUps, InboxStorage
from tests.fakes.jumping_clock import JumpingClock

KEYS = ("the-newest-key-of-32-characters--", "the-former-key-of-32-characters--")
NEW, OLD = webhook_places(KEYS, TOKEN)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 77, "type": "private"}, "from": {"id": 77}, "text": "hi"}
UPDATE = json.dumps({"update_id": 5, "message": MESSAGE}).encode()


@pytest.fixture
def standin() -> StandIn:
    return StandIn(TOKEN, limits=Limits.off(), webhook_backoff=Backoff(first=0.01, longest=0.02))


@pytest.fixture
def storage() -> InboxStorage:
    return InboxStorage()


@pytest.fixture
def wake_ups() -> HeardWakeUps:
    return HeardWakeUps()


@pytest.fixture
async def client(
    storage: InboxStorage, wake_ups: HeardWakeUps
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    app.add_routes(webhook_routes((NEW, OLD), storage, JumpingClock(), wake_ups))
    async with TestClient(TestServer(app)) as opened:
        yield opened


Client = TestClient[web.Request, web.Application]


async def post(client: Client, body: bytes, secret: str | None = NEW.secret, path: str = NEW.path) -> int:
    headers = {} if secret is None else {HEADER: secret}
    async with client.post(path, data=body, headers=headers) as response:
        assert await response.read() == b""
        return response.status


def test_path_and_secret_cannot_be_guessed_and_differ_by_key_and_token() -> None:
    others = webhook_places(KEYS, TOKEN + "x")
    places = [NEW, OLD, *others]
    assert len({place.path for place in places}) == len({place.secret for place in places}) == 4
    assert all(len(place.path) == len("/telegram/") + 43 and len(place.secret) == 43 for place in places)
    assert webhook_places(KEYS, TOKEN)[0] == NEW
    assert NEW.secret not in repr(NEW)
    assert NEW.path not in repr(NEW)


async def test_a_good_post_is_stored_as_it_came_and_its_chat_is_woken(
    client: Client, storage: InboxStorage, wake_ups: HeardWakeUps
) -> None:
    assert await post(client, UPDATE) == 200
    (stored,) = storage.stored.values()
    assert (stored.channel, stored.update_key, stored.chat_key, stored.raw) == ("telegram", 5, "77", UPDATE.decode())
    assert wake_ups.heard == [WakeUp("inbox", "telegram:77")]


async def test_the_place_of_the_former_key_serves_until_telegram_has_heard_of_the_new_one(
    client: Client, storage: InboxStorage
) -> None:
    assert await post(client, UPDATE, OLD.secret, OLD.path) == 200
    assert await post(client, UPDATE, OLD.secret, NEW.path) == 401
    assert len(storage.stored) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", NEW.secret[:-1], NEW.secret + "x", OLD.secret, "\xe4" * 43])
async def test_a_wrong_secret_is_turned_away(client: Client, storage: InboxStorage, secret: str | None) -> None:
    assert await post(client, UPDATE, secret) == 401
    assert storage.stored == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_nothing_but_a_post_finds_anything_here(client: Client, method: str) -> None:
    async with client.request(method, NEW.path, headers={HEADER: NEW.secret}) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"null",
        b'"x"',
        b"\xff\xfe{}",
        b'{"update_id": 5, "message": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"update_id": 5, "deep": ' + b"[" * 32 + b"]" * 32 + b"}",
    ],
)
async def test_what_is_no_update_is_refused(client: Client, storage: InboxStorage, body: bytes) -> None:
    assert await post(client, body) == 400
    assert storage.stored == {}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"update_id": 5}',
        b'{"update_id": 5, "poll": {"id": "1"}}',
        b'{"update_id": 5, "message": null}',
        b'{"update_id": "5", "message": {"chat": {"id": 77, "type": "private"}}}',
        b'{"update_id": 1e999, "message": {"chat": {"id": 77, "type": "private"}}}',
    ],
)
async def test_an_update_that_means_nothing_is_taken_and_not_kept(
    client: Client, storage: InboxStorage, body: bytes
) -> None:
    assert await post(client, body) == 200
    assert storage.stored == {}


async def test_fields_of_a_later_bot_api_are_kept_and_do_no_harm(client: Client, storage: InboxStorage) -> None:
    assert (
        await post(client, json.dumps({"update_id": 5, "message": MESSAGE | {"new": [1]}, "newer": {}}).encode()) == 200
    )
    assert len(storage.stored) == 1


async def test_a_body_of_ten_megabytes_is_refused_unread(client: Client) -> None:
    body = io.BytesIO(b" " * (10 * 1024 * 1024))
    async with client.post(NEW.path, data=body, headers={HEADER: NEW.secret}) as response:
        assert response.status == 413


async def test_a_body_that_announces_itself_as_too_large_is_not_waited_for(client: Client) -> None:
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"POST {NEW.path} HTTP/1.1\r\nHost: x\r\n{HEADER}: {NEW.secret}\r\nContent-Length: 10000000\r\n\r\n"
    writer.write(head.encode())
    assert (await asyncio.wait_for(reader.readline(), 5)).split()[1] == b"413"
    writer.close()
    await writer.wait_closed()


async def test_a_large_body_without_a_length_is_refused_too(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * (LARGEST_BODY // 2)

    async with client.post(NEW.path, data=endless(), headers={HEADER: NEW.secret}) as response:
        assert response.status == 413


async def test_the_largest_body_that_is_taken(client: Client) -> None:
    assert await post(client, UPDATE + b" " * (LARGEST_BODY - len(UPDATE))) == 200


async def test_while_the_database_is_away_telegram_is_told_to_come_again(
    client: Client, storage: InboxStorage, wake_ups: HeardWakeUps
) -> None:
    storage.failures = 1
    assert await post(client, UPDATE) == 503
    assert wake_ups.heard == []
    assert await post(client, UPDATE) == 200
    assert await post(client, UPDATE) == 200
    assert list(storage.stored) == [5]


async def test_many_posts_at_once_are_each_stored(client: Client, storage: InboxStorage) -> None:
    bodies = [json.dumps({"update_id": n, "message": MESSAGE}).encode() for n in range(100)]
    assert set(await asyncio.gather(*(post(client, body) for body in bodies))) == {200}
    assert sorted(storage.stored) == list(range(100))


async def test_registered_with_telegram_updates_come_and_none_is_lost_while_the_database_is_away(
    client: Client, api: BotApi, standin: StandIn, storage: InboxStorage
) -> None:
    await register_webhook(api, str(client.make_url("/")), NEW)
    storage.failures = 2
    li = standin.add_person("Li")
    await li.start("token")
    await li.say("hi")
    stored = await storage.until_stored(2)
    assert [write.update_key for write in stored] == [1, 2]
    info = await api.bot.get_webhook_info()
    assert info.url.endswith(NEW.path)
    assert info.max_connections == 100
    assert set(info.allowed_updates) == {
        "message",
        "edited_message",
        "channel_post",
        "callback_query",
        "my_chat_member",
    }


async def test_an_address_that_telegram_does_not_take_is_said(api: BotApi) -> None:
    with pytest.raises(ChannelUnavailable, match="webhook"):
        await register_webhook(api, "ftp://127.0.0.1", NEW)
