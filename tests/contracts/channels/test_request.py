"""Our request class: what left and what did not, uploads, limits, and that the token stays inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError

from bot.channels.telegram import request as module
from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.request import AiohttpRequest, AnswerLost, NeverSent
from bot.domain.errors import ChannelUnavailable, ConfigurationProblems
from bot.standin import StandIn
from tests.contracts.channels.conftest import TOKEN

SECRET = TOKEN.partition(":")[2]


def leaks(error: BaseException | None) -> bool:
    """Whether the token stands in an exception or in one that would be shown with it."""
    while error is not None:
        if SECRET in repr(error) or SECRET in str(error) or SECRET in repr(error.args):
            return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False


class OddServer:
    """Answers by method: `large` sends without end, `moved` redirects, `half` breaks off, `slow` says nothing more."""

    def __init__(self) -> None:
        self.root = ""
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.asked.append(method)
        if method == "moved":
            raise web.HTTPTemporaryRedirect(request.path)
        if method == "strange":
            return web.json_response({"ok": "perhaps", "description": "Bad Request: chat not found"}, status=400)
        if method == "getMe":
            return web.Response(text="not JSON")
        response = web.StreamResponse()
        await response.prepare(request)
        if method == "large":
            for _ in range(40):
                await response.write(b" " * 1024)
        if method == "half":
            await response.write(b'{"ok": tr')
        if method in ("slow", "large"):
            await asyncio.Event().wait()
        assert request.transport is not None
        request.transport.abort()
        return response


@pytest.fixture
async def odd_server() -> AsyncIterator[OddServer]:
    odd, app = OddServer(), web.Application()
    app.router.add_route("*", "/{token}/{method}", odd.answer)
    async with TestServer(app, shutdown_timeout=0.1) as server:
        odd.root = str(server.make_url("")).rstrip("/")
        yield odd


@pytest.mark.parametrize(
    ("method", "why"),
    [("large", "too large"), ("half", "no answer"), ("slow", "no answer"), ("strange", "unreadable")],
)
async def test_an_answer_that_cannot_be_taken_for_one_is_lost(
    odd_server: OddServer, method: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_ANSWER", 32 * 1024)
    async with BotApi(TOKEN, odd_server.root, AiohttpRequest(read_timeout=0.3)) as api:
        with pytest.raises(AnswerLost, match=why) as caught:
            await api.call(method, {})
    assert not leaks(caught.value)


async def test_a_redirect_is_not_followed(odd_server: OddServer) -> None:
    async with BotApi(TOKEN, odd_server.root) as api:
        with pytest.raises(AnswerLost, match="unreadable"):
            await api.call("moved", {})
    assert odd_server.asked == ["moved"]


async def test_what_the_bots_own_methods_cannot_read_is_lost_and_not_logged(
    odd_server: OddServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with BotApi(TOKEN, odd_server.root, AiohttpRequest(read_timeout=0.3)) as api:
        with pytest.raises(AnswerLost, match="unreadable"):
            await api.bot.get_me()
    assert caplog.text == ""


@pytest.mark.parametrize("root", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "ftp://127.0.0.1", "nonsense"])
async def test_without_a_connection_nothing_was_sent_and_the_token_stays_inside(
    root: str, unused_tcp_port: int
) -> None:
    async with BotApi(TOKEN, root.format(port=unused_tcp_port)) as api:
        with pytest.raises(NeverSent) as caught:
            await api.call("sendMessage", {})
        with pytest.raises(NetworkError) as from_bot:
            await api.bot.get_me()
    assert not leaks(caught.value)
    assert not leaks(from_bot.value)


async def test_a_server_that_speaks_no_tls_was_never_spoken_to(root: str) -> None:
    async with BotApi(TOKEN, root.replace("http://", "https://")) as api:
        with pytest.raises(NeverSent) as caught:
            await api.call("sendMessage", {})
    assert not leaks(caught.value)


async def test_a_closed_session_sends_nothing(root: str) -> None:
    api = BotApi(TOKEN, root)
    with pytest.raises(NeverSent):
        await api.call("getMe", {})
    async with api:
        assert (await api.call("getMe", {})).ok
    with pytest.raises(NeverSent):
        await api.call("getMe", {})


async def test_the_environments_proxy_is_not_used(
    root: str, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    async with BotApi(TOKEN, root) as api:
        assert (await api.call("getMe", {})).ok


async def test_files_go_up_and_come_down_through_the_bot(api: BotApi, standin: StandIn) -> None:
    person = standin.add_person("Li")
    await person.start()
    sent = await api.bot.send_document(person.user_id, b"statement \xff", filename="statement.pdf", caption="还款")
    assert sent.caption == "还款"
    assert sent.document is not None
    file = await api.bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"statement \xff"


async def test_the_bots_own_methods_speak_json(api: BotApi, standin: StandIn) -> None:
    person = standin.add_person("Li")
    await person.start()
    sent = await api.bot.send_message(person.user_id, "<b>还款</b> & more", read_timeout=2)
    assert sent.text == "<b>还款</b> & more"


async def test_we_learn_who_we_are(api: BotApi) -> None:
    identity = await api.identity()
    assert (identity.bot_id, identity.username) == (123456, "standin123456_bot")


async def test_a_wrong_token_is_a_wrong_setting_and_is_not_repeated(root: str) -> None:
    async with BotApi("123456:WrongToken-0123456789abcdefghijkl", root) as api:
        with pytest.raises(ConfigurationProblems, match="GRACE_TELEGRAM_TOKEN") as caught:
            await api.identity()
    assert "WrongToken" not in str(caught.value)


async def test_a_server_that_is_away_is_another_matter(unused_tcp_port: int) -> None:
    async with BotApi(TOKEN, f"http://127.0.0.1:{unused_tcp_port}") as api:
        with pytest.raises(ChannelUnavailable):
            await api.identity()


def test_a_token_without_a_number_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationProblems):
        BotApi("no-token", "http://127.0.0.1")


async def test_repr_shows_no_token(api: BotApi) -> None:
    assert repr(api.bot) == "QuietBot[123456]"
    assert SECRET not in repr(api)
