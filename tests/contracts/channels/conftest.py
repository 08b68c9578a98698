"""The strict stand-in, the Bot API opened on it, and a clock that needs no waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.request import AiohttpRequest
from bot.standin import Limits, StandIn
from tests.fakes.jumping_clock import JumpingClock

TOKEN = "123456:TestToken-canary_0123456789abcdefghi"


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
def standin() -> StandIn:
    return StandIn(TOKEN, limits=Limits.off())


@pytest.fixture
async def root(standin: StandIn) -> AsyncIterator[str]:
    async with standin.running() as address:
        yield address


@pytest.fixture
async def api(root: str) -> AsyncIterator[BotApi]:
    async with BotApi(TOKEN, root, AiohttpRequest(read_timeout=0.5)) as opened:
        yield opened


@pytest.fixture
async def error_page() -> AsyncIterator[str]:
    """A server in between that answers everything with 403 and a page of HTML."""

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=403, text="<h1>Forbidden: blocked by policy</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
