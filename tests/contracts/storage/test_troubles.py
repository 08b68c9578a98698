"""Troubles of the world: a locked or full disk, a lost connection, a second process, many writers at once. Nothing is lost
that was answered, nothing is answered that was not stored, and all of it recovers by itself."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from bot.domain.errors import ConfigurationProblems, Conflict, Duplicate, StorageError, StorageUnavailable
from bot.services.writes import PutSetting, SaveConversation
from bot.storage.database import DatabaseStorage
from bot.storage.open import lock_for_one_process
from bot.storage.place import place_of
from bot.storage.sealing import Keyring
from bot.storage.sqlite import SqliteDatabase
from bot.storage.upgrade import upgrade
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_conversation,
    a_message,
    an_update,
    first_seen,
    with_borrower,
)
from tests.databases import SECRET_KEYS, run_sql, sqlite_url_of

# -- many writers


async def test_a_failing_batch_undoes_only_itself(storage):
    await storage.commit((a_message("taken", dedup_key="k"),))
    batches = [
        (PutSetting(f"s{n}", "x"), a_message(f"D{n}", dedup_key="k" if n % 3 == 0 else f"k{n}")) for n in range(30)
    ]
    results = await asyncio.gather(*(storage.commit(batch) for batch in batches), return_exceptions=True)
    assert [n for n, result in enumerate(results) if isinstance(result, Duplicate)] == list(range(0, 30, 3))
    kept = [await storage.setting(f"s{n}") for n in range(30)]
    assert [n for n, value in enumerate(kept) if value is None] == list(range(0, 30, 3))


async def test_of_many_turns_on_one_version_exactly_one_is_stored(storage):
    await storage.commit((first_seen(a_conversation(borrower_id=None)),))
    stored = await storage.conversation(CHAT)
    turns = [
        storage.commit((SaveConversation(replace(stored, version=2, language=f"x{n}"), 1, NOW), an_update(n)))
        for n in range(20)
    ]
    results = await asyncio.gather(*turns, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 19 + ["tuple"]
    (winner,) = [n for n, result in enumerate(results) if isinstance(result, tuple)]
    assert (await storage.conversation(CHAT)).language == f"x{winner}"
    assert (await storage.oldest_update("telegram", "77")).update_key == winner


async def test_what_one_process_stored_the_other_reads_at_once(opening):
    one, two = await opening(), await opening()
    await one.commit((*with_borrower(), first_seen(a_conversation())))
    assert (await two.situation_of_chat(CHAT, NOW)).borrower.borrower_id == "B1"
    await two.commit((PutSetting("x", "1"),))
    assert await one.setting("x") == "1"


async def test_a_cancelled_caller_harms_nobody(storage):
    doomed = asyncio.ensure_future(storage.commit((PutSetting("x", "1"),)))
    await asyncio.sleep(0)
    doomed.cancel()
    await storage.commit((PutSetting("y", "2"),))
    assert await storage.setting("y") == "2"


async def test_a_fault_in_a_programs_own_code_reaches_its_caller_and_nobody_else(storage):
    faulty = storage.commit((an_update(1), replace(an_update(2), raw=None)))  # type: ignore[arg-type]
    results = await asyncio.gather(faulty, storage.commit((an_update(3),)), return_exceptions=True)
    assert isinstance(results[0], AttributeError)
    assert (await storage.oldest_update("telegram", "77")).update_key == 3


async def test_a_value_that_cannot_be_is_refused_by_the_database(storage):
    with pytest.raises(StorageError) as caught:
        await storage.commit((first_seen(replace(a_conversation(borrower_id=None), version=0)),))
    assert not isinstance(caught.value, (Conflict, Duplicate, StorageUnavailable))
    assert await storage.conversation(CHAT) is None


# -- SQLite


@pytest.fixture
async def impatient(sqlite_url):
    """A storage on SQLite that does not wait for others."""
    database = SqliteDatabase(place_of(sqlite_url).path, busy_seconds=0.05)
    keyring = Keyring(SECRET_KEYS)
    keyring.install(b"k" * 32)
    storage = DatabaseStorage(database, keyring)
    await storage.ping()
    yield storage
    await storage.close()


async def test_a_locked_database_is_unavailable_and_comes_back(impatient, sqlite_url):
    other = sqlite3.connect(place_of(sqlite_url).path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="locked"):
        await impatient.commit((PutSetting("x", "1"),))
    with pytest.raises(StorageUnavailable):
        await impatient.ping()
    assert await impatient.setting("x") is None  # reading never waits for a writer
    other.execute("ROLLBACK")
    other.close()
    await impatient.ping()
    await impatient.commit((PutSetting("x", "1"),))
    assert await impatient.setting("x") == "1"


@contextmanager
def no_room(path: Path):
    """No file of this process may grow beyond what the write-ahead log has now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(f"{path}-wal"), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


async def test_a_full_disk_is_unavailable_loses_nothing_and_comes_back(impatient, sqlite_url):
    await impatient.commit((PutSetting("before", "1"),))
    with no_room(place_of(sqlite_url).path):
        batches = [impatient.commit((PutSetting(f"s{n}", "x" * 5000),)) for n in range(5)]
        results = await asyncio.gather(*batches, return_exceptions=True)
        assert [type(result) for result in results] == [StorageUnavailable] * 5
        with pytest.raises(StorageUnavailable):
            await impatient.ping()
        assert await impatient.setting("before") == "1"
    await impatient.ping()
    assert [await impatient.setting(f"s{n}") for n in range(5)] == [None] * 5
    await impatient.commit((PutSetting("s0", "after"),))
    assert await impatient.setting("s0") == "after"


async def test_a_damaged_file_is_unavailable(tmp_path):
    path = tmp_path / "damaged.db"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(StorageUnavailable, match="not a database"):
        SqliteDatabase(path)


async def test_an_sqlite_that_is_too_old_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    path = tmp_path / "new.db"
    for begin in (lambda: SqliteDatabase(path), lambda: upgrade(sqlite_url_of(path))):
        with pytest.raises(ConfigurationProblems, match=r"SQLite 3\.36\.0 has no STRICT tables"):
            begin()


async def test_batches_that_wait_together_share_a_commit(impatient, sqlite_url):
    """Many callers at once cost a few flushes to the disk, not one each."""
    commits = 0

    def count(sql: str) -> None:
        nonlocal commits
        commits += sql == "COMMIT"

    await impatient.commit((PutSetting("x", "1"),))
    impatient._database._writing.set_trace_callback(count)
    await asyncio.gather(*(impatient.commit((PutSetting(f"s{n}", "1"),)) for n in range(200)))
    assert 1 <= commits <= 20


@pytest.mark.parametrize(("writes", "off_the_loop"), [(1, {"COMMIT"}), (60, {"COMMIT", "INSERT"})])
async def test_the_flush_and_what_is_longer_than_a_turn_keep_nobody_from_the_event_loop(
    impatient, writes, off_the_loop
):
    await impatient.commit((PutSetting("x", "1"),))
    ran: dict[str, set[bool]] = {"COMMIT": set(), "INSERT": set()}

    def note(sql: str) -> None:
        kind = sql.partition(" ")[0]
        if kind in ran:
            ran[kind].add(threading.current_thread() is threading.main_thread())

    impatient._database._writing.set_trace_callback(note)
    await impatient.commit(tuple(PutSetting(f"s{n}", "1") for n in range(writes)))
    assert ran == {kind: {kind not in off_the_loop} for kind in ran}


async def test_a_lock_of_another_process_is_waited_for_beside_the_event_loop(sqlite_url):
    storage = DatabaseStorage(SqliteDatabase(place_of(sqlite_url).path, busy_seconds=30), Keyring(SECRET_KEYS))
    other = sqlite3.connect(place_of(sqlite_url).path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(storage.commit((PutSetting("x", "1"),)))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    assert await storage.setting("x") is None
    other.execute("ROLLBACK")
    other.close()
    await waiting
    assert await storage.setting("x") == "1"
    await storage.close()


def _hold_lock(url: str, ready, done) -> None:
    with lock_for_one_process(url):
        ready.set()
        done.wait(30)


def test_a_second_process_is_refused_and_the_lock_ends_with_its_holder(sqlite_url):
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold_lock, args=(sqlite_url, ready, done))
    process.start()
    assert ready.wait(60)
    refusal = pytest.raises(ConfigurationProblems, match=f"Process {process.pid} already serves")
    with refusal, lock_for_one_process(sqlite_url):
        pass
    process.kill()
    process.join()
    with lock_for_one_process(sqlite_url):
        pass


def test_on_postgresql_many_processes_may_serve():
    url = "postgresql+asyncpg://grace@localhost/gracebot"
    with lock_for_one_process(url), lock_for_one_process(url):
        pass


# -- PostgreSQL

_END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'gracebot' AND datname = current_database()"
)


@pytest.fixture
async def on_postgres(opening):
    return await opening()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_lost_connection_fails_at_most_once_and_the_next_operation_works(on_postgres, database_url):
    for attempt in range(3):
        await asyncio.gather(*(on_postgres.commit((PutSetting(f"s{n}", "1"),)) for n in range(5)))
        assert len(await run_sql(database_url, _END_ALL)) >= 3
        try:
            await on_postgres.commit((PutSetting("x", str(attempt)),))
        except StorageUnavailable:
            await on_postgres.commit((PutSetting("x", str(attempt)),))
        assert await on_postgres.setting("x") == str(attempt)


@pytest.fixture
async def rival(database_url):
    """Another client in the middle of a transaction, holding the setting `x`."""
    connection = await asyncpg.connect(place_of(database_url).for_asyncpg, server_settings={"deadlock_timeout": "1h"})
    await connection.execute("INSERT INTO setting VALUES ('x', '1'), ('y', '1')")
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("UPDATE setting SET value = 'rival' WHERE name = 'x'")
    yield connection, transaction
    await connection.close()


async def until_it_waits(database_url):
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(30):
        while (await run_sql(database_url, waiting)) == [(0,)]:  # noqa: ASYNC110 - the server has nothing to await
            await asyncio.sleep(0)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_connection_lost_in_the_middle_of_a_batch_stores_nothing(on_postgres, rival, database_url):
    batch = asyncio.ensure_future(on_postgres.commit((PutSetting("first", "1"), PutSetting("x", "2"))))
    await until_it_waits(database_url)
    await run_sql(database_url, _END_ALL)
    with pytest.raises(StorageUnavailable):
        await batch
    await rival[1].rollback()
    assert await on_postgres.setting("first") is None
    await on_postgres.commit((PutSetting("first", "1"), PutSetting("x", "2")))
    assert await on_postgres.setting("x") == "2"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_batch_that_the_server_gives_up_for_another_is_simply_run_again(on_postgres, rival, database_url):
    connection, transaction = rival
    batch = asyncio.ensure_future(on_postgres.commit((PutSetting("y", "2"), PutSetting("x", "2"))))
    await until_it_waits(database_url)
    # Now each waits for the other; the server ends ours, since the rival does not look for such a ring.
    await connection.execute("UPDATE setting SET value = 'rival' WHERE name = 'y'")
    await transaction.commit()
    await batch
    assert [await on_postgres.setting(name) for name in ("x", "y")] == ["2", "2"]
