"""An application that starts and stops: it says when it is at work, and leaves nothing for the others to wait for."""

from __future__ import annotations

from aiohttp import ClientSession

from bot.app import Application, ChannelParts
from bot.channels import console
from bot.domain.errors import StorageUnavailable
from bot.services.ports import Storage
from bot.storage.database import DatabaseStorage
from bot.web.server import WebServer, web_application
from tests.end_to_end.terminals import NoPace, NoWakeUps, Terminals


def application(office: Terminals, storage: Storage) -> Application:
    parts = {console.CHANNEL: ChannelParts(office, console.read, console.sign)}
    return Application(storage, office.scripts, office.clock, NoWakeUps(), parts, NoPace(), 1000, holder="one")


async def test_another_process_takes_over_at_once_from_one_that_stops(office: Terminals) -> None:
    now, stopping = office.clock.now(), application(office, office.storage)
    await stopping.start()
    assert await office.storage.hold_lease("polling:1", "one", now, 60)
    assert not await office.storage.hold_lease("polling:1", "two", now, 60)
    await stopping.stop()
    assert await office.storage.hold_lease("polling:1", "two", now, 60)


async def readiness(client: ClientSession) -> tuple[int, str]:
    async with client.get("/readyz") as answer:
        return answer.status, (await answer.json())["loops"]


async def test_only_a_process_that_is_at_work_calls_itself_ready(office: Terminals) -> None:
    """Its web server listens earlier than it works and longer."""
    process = application(office, office.storage)
    server = WebServer(web_application(process.health().routes()), "127.0.0.1", 0)
    await server.start()
    async with ClientSession(f"http://127.0.0.1:{server.port}") as client:
        assert await readiness(client) == (503, "starting or stopping")
        await process.start()
        assert await readiness(client) == (200, "ok")
        await process.stop()
        assert await readiness(client) == (503, "starting or stopping")
    await server.stop()


class NoWayBack(DatabaseStorage):
    """A database that is away when the leases are to be given back."""

    async def release_leases(self, holder: str) -> None:
        raise StorageUnavailable("away")


async def test_stopping_does_not_fail_where_the_database_is_away(office: Terminals) -> None:
    away = NoWayBack.__new__(NoWayBack)
    away.__dict__.update(office.storage.__dict__)
    stopping = application(office, away)
    await stopping.start()
    await stopping.stop()
