"""A running stand-in with a set clock, one person who started the bot, and a plain HTTP caller of the Bot API."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.standin import Backoff, Person, StandIn


class SetTime:
    """The stand-in's instants and ticks; they move only when the test says so."""

    def __init__(self) -> None:
        self._passed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 4, 10, 0, tzinfo=UTC) + timedelta(seconds=self._passed)

    def tick(self) -> float:
        return self._passed

    def pass_seconds(self, seconds: float) -> None:
        self._passed += seconds


class Api:
    """Calls methods as plain JSON and gives the body of the answer."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self.session = session
        self.url = url
        self.token = token

    async def __call__(self, method: str, **fields: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", json=fields) as response:
            body: dict[str, Any] = await response.json()
            assert (response.status == 200) == body["ok"]
            return body

    async def result(self, method: str, **fields: Any) -> Any:
        """The result of a call that must succeed."""
        body = await self(method, **fields)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **fields: Any) -> tuple[int, str]:
        """Code and description of a call that must not succeed."""
        body = await self(method, **fields)
        assert not body["ok"], body
        return body["error_code"], body["description"]

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request under `/standin/`."""
        async with self.session.request(method, f"{self.url}/standin/{path}", json=body) as response:
            response.raise_for_status()
            return await response.json()


@pytest.fixture
def time() -> SetTime:
    return SetTime()


@pytest.fixture
def standin(time: SetTime) -> StandIn:
    return StandIn(now=time.now, tick=time.tick, webhook_backoff=Backoff(first=0.01, longest=0.02))


@pytest.fixture
async def url(standin: StandIn) -> AsyncIterator[str]:
    async with standin.running() as address:
        yield address


@pytest.fixture
async def api(standin: StandIn, url: str) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, url, standin.token)


@pytest.fixture
def start(standin: StandIn) -> Callable[..., Awaitable[Person]]:
    """Makes a person who started the bot, with the update for it already confirmed."""

    async def started(name: str = "Ana", **more: Any) -> Person:
        person = standin.add_person(name, **more)
        await person.start()
        standin.updates.drop_all()
        return person

    return started


@pytest.fixture
async def ana(start: Callable[..., Awaitable[Person]]) -> Person:
    return await start("Ana Lima", phone="+5511900000001", language_code="pt")
