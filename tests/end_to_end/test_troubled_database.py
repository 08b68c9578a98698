"""A database that is locked, full or away: nothing is acknowledged that is not stored, and all goes on when it is back."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from bot.channels.telegram.webhook import webhook_places
from bot.jobs.postgres import connection_url
from bot.standin.people import Person
from bot.storage.place import place_of
from tests.end_to_end.running.crashing import Crashes
from tests.end_to_end.running.installation import SECRET_KEY, Installation, free_port, known_borrower, today
from tests.end_to_end.running.invariants import check
from tests.end_to_end.running.program import PATIENCE, Program, ending
from tests.end_to_end.running.rows import rows, until_rows


async def with_webhook(installation: Installation) -> Program:
    port = str(free_port())
    program = await installation.start(PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}")
    await program.ready()
    return program


async def post_update(installation: Installation, program: Program) -> int:
    """What an update of a stranger's chat is answered with."""
    (place,) = webhook_places((SECRET_KEY,), installation.standin.token)
    chat = {"id": 77, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 77, "is_bot": False}, "text": "hello"}
    address = f"http://127.0.0.1:{await program.ready()}{place.path}"
    headers = {"X-Telegram-Bot-Api-Secret-Token": place.secret}
    body = json.dumps({"update_id": 1_000_000, "message": message})
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as response:
        return response.status


async def borrower(installation: Installation, borrower_id: str = "T-1", due_in_days: int = 10) -> Person:
    person = installation.add_person(borrower_id)
    async with installation.storage() as storage:
        await storage.commit(known_borrower(person, due_in_days))
    return person


async def promise(person: Person, amount: str) -> None:
    await person.say(f"I will pay {amount} on {(today() + timedelta(days=4)).isoformat()}")


async def card(person: Person, amount: str) -> None:
    await person.until(lambda chat: any(f"Amount: £{amount}" in m.text for m in chat.bot_messages), PATIENCE)


def file_of(installation: Installation) -> Path:
    path = place_of(installation.database_url).path
    assert path is not None
    return path


async def test_a_sqlite_file_that_another_program_locks_is_waited_for(on_sqlite: Installation) -> None:
    person = await borrower(on_sqlite)
    async with ending(await with_webhook(on_sqlite)) as bot:
        await promise(person, "10.01")
        await card(person, "10.01")
        with closing(sqlite3.connect(file_of(on_sqlite), isolation_level=None)) as locking:
            locking.execute("BEGIN IMMEDIATE")
            assert await post_update(on_sqlite, bot) == 503
            await promise(person, "10.02")
            assert (await bot.until_ready(False))["database"] != "ok"
            assert (await bot.ask("/healthz"))[0] == 200, "the process itself is well"
            locking.execute("ROLLBACK")
        await bot.until_ready()
        await card(person, "10.02")
        assert await post_update(on_sqlite, bot) == 200
        assert await bot.terminate() == 0


async def test_a_full_disk_is_told_and_got_over(on_sqlite: Installation) -> None:
    """The process may write no file beyond a size that its database has reached."""
    person = await borrower(on_sqlite)
    async with ending(await with_webhook(on_sqlite)) as bot:
        await promise(person, "10.01")
        await card(person, "10.01")
        path = file_of(on_sqlite)
        most = max(path.stat().st_size, path.with_name(path.name + "-wal").stat().st_size)
        before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, before[1]))
        assert await refusing(on_sqlite, bot) == 503
        await promise(person, "10.02")
        assert (await bot.until_ready(False))["database"] != "ok"
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)
        await bot.until_ready()
        await card(person, "10.02")
        assert await post_update(on_sqlite, bot) == 200
        assert await bot.terminate() == 0
    assert await rows(on_sqlite.database_url, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


async def refusing(installation: Installation, program: Program) -> int:
    """The first answer that is no 200: what is already allocated may take a few more updates."""
    async with asyncio.timeout(PATIENCE):
        while (status := await post_update(installation, program)) == 200:
            await promise(await borrower_of_many(installation), "10.03")
    return status


async def borrower_of_many(installation: Installation) -> Person:
    return installation.standin.add_person("Somebody", language_code="en")


@pytest.mark.timeout(300)
async def test_connections_to_postgresql_are_cut_again_and_again_while_people_talk(on_postgres: Installation) -> None:
    async def cut() -> None:
        ledger = on_postgres.standin.ledger
        # Planned at the start; cut off there, they would wait for the next hour.
        reminded = f"SELECT 1 FROM timer WHERE kind = 'reminder' HAVING count(*) = {len(run.reminded)}"
        await until_rows(on_postgres.database_url, reminded)
        for _ in range(8):
            await ledger.wait_for(len(ledger) + 12, PATIENCE)
            await end_connections(on_postgres.database_url)

    roles = {"web": "web", "one": "worker", "two": "worker"}
    run = Crashes(on_postgres, 1, 0, roles, webhook=True, disturb=cut)
    async with run.running():
        await check(run, cut=True)


async def end_connections(database_url: str) -> None:
    """As a restart of the server would."""
    connection = await asyncpg.connect(connection_url(database_url))
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


@pytest.mark.timeout(300)
async def test_a_postgresql_that_is_away_for_a_while_is_told_and_waited_for(on_postgres: Installation) -> None:
    person = await borrower(on_postgres)
    name = on_postgres.database_url.partition("@/")[2].partition("?")[0]
    admin = on_postgres.database_url.replace(name, "postgres")
    async with ending(await with_webhook(on_postgres)) as bot:
        await promise(person, "10.01")
        await card(person, "10.01")
        await run_as_admin(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await end_connections_of(admin, name)
        await promise(person, "10.02")
        assert (await bot.until_ready(False))["database"] != "ok"
        assert await post_update(on_postgres, bot) == 503
        await run_as_admin(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await bot.until_ready()
        await card(person, "10.02")
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0


async def end_connections_of(admin: str, name: str) -> None:
    await run_as_admin(admin, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def run_as_admin(admin: str, sql: str) -> None:
    connection = await asyncpg.connect(connection_url(admin))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
