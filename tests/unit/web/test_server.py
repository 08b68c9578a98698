"""The web server's promises: every answer carries the security headers, and no error says how the program is built."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import cast

import pytest
from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from bot.domain.errors import StorageUnavailable
from bot.services.ports import Storage
from bot.web.health import Health
from bot.web.server import MAX_BODY, WebServer, web_application

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Counting:
    """A storage that can be away, and counts rows."""

    def __init__(self) -> None:
        self.away = False

    async def ping(self) -> None:
        if self.away:
            raise StorageUnavailable("the database does not answer")

    async def counts(self) -> dict[str, int]:
        await self.ping()
        return {"outbox_queued": 3}


@pytest.fixture
def storage() -> Counting:
    return Counting()


@pytest.fixture
def reasons() -> list[str]:
    """Why the channel cannot work now; empty: it can."""
    return []


@pytest.fixture
async def site(storage: Counting, reasons: list[str]) -> AsyncIterator[ClientSession]:
    async def channel() -> str | None:
        return reasons[0] if reasons else None

    async def broken(_request: web.Request) -> web.Response:
        raise ValueError("secret-detail")

    async def asks(_request: web.Request) -> web.Response:
        await storage.ping()
        return web.Response(text="there")

    async def takes(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    health = Health(cast(Storage, storage), {"telegram": channel}, CollectorRegistry())
    routes = [*health.routes(), web.get("/broken", broken), web.get("/asks", asks), web.post("/takes", takes)]
    server = WebServer(web_application(routes), "127.0.0.1", 0)
    await server.start()
    async with ClientSession(f"http://127.0.0.1:{server.port}") as client:
        yield client
    await server.stop()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/nowhere", 404), ("/broken", 500), ("/takes", 405)],
)
async def test_every_answer_carries_the_security_headers(site: ClientSession, path: str, status: int) -> None:
    async with site.get(path) as answer:
        assert answer.status == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


async def test_a_request_that_breaks_is_answered_without_details(site: ClientSession) -> None:
    async with site.get("/broken") as answer:
        assert await answer.json() == {"error": "something went wrong here; it was noted"}
    async with site.get("/healthz") as answer:
        assert answer.status == 200


async def test_a_request_that_needs_the_database_is_asked_to_come_again(site: ClientSession, storage: Counting) -> None:
    storage.away = True
    for path in ("/asks", "/metrics"):
        async with site.get(path) as answer:
            assert answer.status == 503
            assert await answer.json() == {"error": "the database cannot answer now; try again"}
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_body_that_is_too_large_is_refused(site: ClientSession) -> None:
    async with site.post("/takes", data=BytesIO(b"x" * (MAX_BODY + 1))) as answer:
        assert answer.status == 413
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_ready_means_database_and_channel(site: ClientSession) -> None:
    async with site.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok", "database": "ok", "telegram": "ok"})


async def test_not_ready_names_what_is_wrong_while_the_process_lives(
    site: ClientSession, storage: Counting, reasons: list[str]
) -> None:
    storage.away = True
    reasons.append("the token was refused")
    async with site.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "status": "not ready",
            "database": "the database does not answer",
            "telegram": "the token was refused",
        }
    async with site.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_metrics_are_counts_in_the_text_format_of_prometheus(site: ClientSession) -> None:
    async with site.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert 'gracebot_rows{kind="outbox_queued"} 3.0' in await answer.text()
