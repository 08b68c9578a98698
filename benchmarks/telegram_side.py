"""The side of Telegram: a Bot API server and a load of updates in one light process, for several bots at once.

Bare asyncio protocols, so that it takes little of the cores that it shares with what is measured. It checks nothing and keeps
nothing; whether a bot behaves is the tests' question. A turn's time runs from the update handed over (by webhook: written;
by polling: ready to be fetched) until the bot's `sendMessage` for that chat is here whole.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter, time_ns
from urllib.parse import parse_qs, urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CHAT = re.compile(rb"chat_id\"?[:=] *\"?([0-9]+)")
_OFFSET = re.compile(rb"offset\"?[:=] *\"?([0-9]+)")
#: Seconds for which a call for updates is held open while there are none.
_HOLD = 10
#: Seconds without one finished turn after which a bot counts as stuck.
_STUCK = 20
#: Updates given at once, as the Bot API's default.
_MOST_UPDATES = 100

#: An installation that runs again knows the updates it had before by their numbers, so these rise over all runs.
_NUMBERS = count(time_ns() // 1_000_000)

#: Makes the update of a number for a chat, as JSON text.
MakeUpdate = Callable[[int, int], str]


class Bot:
    """One bot as Telegram sees it. `token` tells it from the others; how it wants its updates, it says itself."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.calls = 0
        self.last_message = b""
        self.introduced = False
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._pending: deque[tuple[int, bytes]] = deque()
        self._poller: Callable[[bytes], None] | None = None
        self._webhook: tuple[str, str, str] | None = None
        self._idle: list[_Post] = []

    # -- what the bot asks

    def answer(self, method: str, body: bytes, reply: Callable[[bytes], None]) -> None:
        self.calls += 1
        if method == "sendMessage":
            chat_id = int(_CHAT.search(body)[1])  # type: ignore[index]
            self.last_message = body
            reply(_message(self.calls, chat_id))
            waiting = self._waiting.pop(chat_id, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(perf_counter())
        elif method == "getUpdates":
            self._fetch(body, reply)
        elif method == "getMe":
            name = f"bot{self.token.partition(':')[0]}"
            me = {"id": int(self.token.partition(":")[0]), "is_bot": True, "first_name": name, "username": name}
            reply(json.dumps({"ok": True, "result": me}).encode())
        elif method == "getMyCommands":
            reply(b'{"ok":true,"result":[]}')
        else:
            if method == "setWebhook":
                self._set_webhook(body)
            reply(b'{"ok":true,"result":true}')

    def _set_webhook(self, body: bytes) -> None:
        try:
            asked = json.loads(body)
        except ValueError:
            asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        parts = urlsplit(asked["url"])
        self._webhook = (parts.netloc, parts.path, asked.get("secret_token", ""))

    def _fetch(self, body: bytes, reply: Callable[[bytes], None]) -> None:
        self.introduced = True
        offset = _OFFSET.search(body)
        while offset and self._pending and self._pending[0][0] < int(offset[1]):
            self._pending.popleft()
        if self._pending:
            self._give(reply)
            return
        self._poller = reply

        def nothing_came() -> None:
            if self._poller is reply:
                self._poller = None
                reply(b'{"ok":true,"result":[]}')

        asyncio.get_running_loop().call_later(_HOLD, nothing_came)

    def _give(self, reply: Callable[[bytes], None]) -> None:
        chosen = list(self._pending)[:_MOST_UPDATES]
        reply(b'{"ok":true,"result":[' + b",".join(update for _, update in chosen) + b"]}")

    async def listens(self) -> bool:
        """Whether the bot takes updates in now: it has set its webhook and answers there, or it has asked for updates."""
        if self._webhook is None:
            return self.introduced
        host, _, port = self._webhook[0].partition(":")
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return False
        writer.close()
        return True

    # -- turns

    async def turn(self, chat_id: int, make: MakeUpdate) -> float:
        """Seconds from handing the update over to the answer."""
        number = next(_NUMBERS)
        update = make(number, chat_id).encode()
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[chat_id] = answered
        begun = perf_counter()
        if self._webhook is None:
            self._pending.append((number, update))
            if self._poller is not None:
                poller, self._poller = self._poller, None
                self._give(poller)
        else:
            await self._post(update)
        async with asyncio.timeout(_STUCK):
            return await answered - begun

    async def _post(self, update: bytes) -> None:
        assert self._webhook is not None
        netloc, path, secret = self._webhook
        if self._idle:
            post = self._idle.pop()
        else:
            host, _, port = netloc.partition(":")
            _, post = await asyncio.get_running_loop().create_connection(_Post, host, int(port))
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(update)}\r\n\r\n"
        )
        status = await post.exchange(head.encode() + update)
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")
        self._idle.append(post)


@dataclass(slots=True)
class Load:
    """Turns of one bot with chats that take turns, so that none is written to faster than its own pace allows."""

    bot: Bot
    chats: Iterator[int]
    make: MakeUpdate

    async def closed(self, turns: int, in_flight: int) -> tuple[float, list[float]]:
        """Seconds that all took with so many under way at any time, and the seconds of each."""
        left = iter(range(turns))
        times: list[float] = []

        async def hand() -> None:
            for _ in left:
                times.append(await self.bot.turn(next(self.chats), self.make))

        begun = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(hand())
        return perf_counter() - begun, times

    async def open(self, per_second: float, seconds: float) -> list[float]:
        """Updates that come whether the bot is ready or not; the times count from when each was to come."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        times: list[float] = []

        async def one(late: float) -> None:
            times.append(late + await self.bot.turn(next(self.chats), self.make))

        async with asyncio.TaskGroup() as group:
            for number in range(int(per_second * seconds)):
                at = begun + number / per_second
                await asyncio.sleep(max(0.0, at - loop.time()))
                group.create_task(one(max(0.0, loop.time() - at)))
        return times


# -- HTTP, as little of it as the two sides need -----------------------------------------------------------------------


@dataclass(slots=True)
class BotApiServer:
    """Listens on the loopback for any number of bots."""

    bots: dict[str, Bot] = field(default_factory=dict)
    _server: asyncio.Server | None = None

    def add(self, token: str) -> Bot:
        return self.bots.setdefault(token, Bot(token))

    async def __aenter__(self) -> str:
        """The root address that bots are told."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Asked(self.bots), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()


class _Http(asyncio.Protocol):
    """Whole messages, one after the other on one connection."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._buffer[: end + 2])
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body = bytes(self._buffer[end + 4 : whole])
            del self._buffer[:whole]
            self.message(head, body)

    def write(self, sent: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(sent)

    def message(self, head: bytes, body: bytes) -> None:
        raise NotImplementedError


class _Asked(_Http):
    """A connection on which bots call methods."""

    def __init__(self, bots: dict[str, Bot]) -> None:
        super().__init__()
        self._bots = bots

    def message(self, head: bytes, body: bytes) -> None:
        _, token, method = head.split(b" ", 2)[1].decode().rsplit("/", 2)
        self._bots[token.removeprefix("bot")].answer(method, body, self._reply)

    def _reply(self, body: bytes) -> None:
        self.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )


class _Post(_Http):
    """A connection on which updates are posted."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[int] | None = None

    async def exchange(self, request: bytes) -> int:
        self._answer = asyncio.get_running_loop().create_future()
        self.write(request)
        return await self._answer

    def message(self, head: bytes, body: bytes) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(int(head.split(b" ", 2)[1]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the webhook hung up"))


def _message(message_id: int, chat_id: int) -> bytes:
    return (
        b'{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private","first_name":"B"},'
        b'"from":{"id":1,"is_bot":true,"first_name":"bot"},"text":"answer"}}' % (message_id, chat_id)
    )


def typed(texts: tuple[str, ...]) -> MakeUpdate:
    """Updates in which somebody types one of the texts after the other."""

    def make(number: int, chat_id: int) -> str:
        return json.dumps(
            {"update_id": number, "message": _from(number, chat_id) | {"text": texts[number % len(texts)]}},
            ensure_ascii=False,
        )

    return make


def pressed(data_of: Callable[[int], str]) -> MakeUpdate:
    """Updates in which somebody presses the button with this data for their chat."""

    def make(number: int, chat_id: int) -> str:
        person = {"id": chat_id, "is_bot": False, "first_name": "Borrower", "language_code": "en"}
        query = {"id": str(number), "from": person, "chat_instance": "1", "data": data_of(chat_id)}
        return json.dumps({"update_id": number, "callback_query": query | {"message": _from(number, chat_id)}})

    return make


def _from(number: int, chat_id: int) -> dict[str, object]:
    person = {"id": chat_id, "is_bot": False, "first_name": "Borrower", "language_code": "en"}
    chat = {"id": chat_id, "type": "private", "first_name": "Borrower"}
    return {"message_id": number, "date": 1700000000, "from": person, "chat": chat}
