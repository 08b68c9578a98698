"""Wake-ups over PostgreSQL between processes, and what happens when the database goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg

from bot.domain.errors import StorageUnavailable
from bot.jobs.clock import SystemClock
from bot.jobs.postgres import connection_url, install_engine
from bot.services.ports import WakeUp
from tests.contracts.jobs.served import Engine


async def _end_connections(url: str) -> None:
    """As a restart of the server or a cut line would."""
    connection = await asyncpg.connect(connection_url(url))
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


async def test_what_a_process_without_handlers_puts_a_worker_serves(another: Callable[[], Engine]) -> None:
    web, worker = another(), another()
    worker.register("inbox")
    web.start()
    worker.start()
    await web.wake_ups.put(WakeUp("inbox", "1"))
    later = SystemClock().now() + timedelta(seconds=0.2)
    await web.wake_ups.put(WakeUp("inbox", "2"), at=later)
    assert await worker.until(2) == ["1", "2"]


async def test_workers_share_the_work_and_nothing_is_served_twice(another: Callable[[], Engine]) -> None:
    web, workers = another(), [another(), another()]
    both_at_work = asyncio.Event()

    async def wait(_key: str) -> None:
        if all(worker.served for worker in workers):
            both_at_work.set()
        await both_at_work.wait()

    for worker in workers:
        worker.during = wait
        worker.register("inbox")
        worker.start()
    for number in range(100):
        await web.wake_ups.put(WakeUp("inbox", str(number)))
    async with asyncio.timeout(20), web.changed:
        await web.changed.wait_for(lambda: sum(len(worker.ended) for worker in workers) >= 100)
    assert sorted(workers[0].served + workers[1].served, key=int) == [str(number) for number in range(100)]


async def test_an_engine_that_lost_the_database_says_so_and_can_be_run_again(
    another: Callable[[], Engine], engine_url: str
) -> None:
    worker = another()
    worker.register("inbox")
    worker.start()
    await worker.wake_ups.put(WakeUp("inbox", "before"))
    await worker.until(1)
    await _end_connections(engine_url)
    assert isinstance(await worker.end(), StorageUnavailable)
    worker.start()
    # What the cut took along may be served twice, and a wake-up put over a line that is not known to be dead is lost.
    async with asyncio.timeout(20):
        while "after" not in worker.served:
            await worker.wake_ups.put(WakeUp("inbox", "after"))
            await worker.until(len(worker.served) + 1)


async def test_putting_while_the_database_is_away_is_let_go_and_raises_nothing(
    another: Callable[[], Engine], engine_url: str
) -> None:
    gone = another()
    await gone.wake_ups.put(WakeUp("inbox", "1"))
    await _end_connections(engine_url)
    for _ in range(5):
        await gone.wake_ups.put(WakeUp("inbox", "2"))


async def test_what_a_dead_worker_had_picked_is_served_by_another(
    another: Callable[[], Engine], engine_url: str
) -> None:
    """A worker that dies leaves its pick without a heartbeat; the sweep comes sooner, but this must not stay for ever."""
    web, survivor = another(), another()
    survivor.register("inbox")
    await web.wake_ups.put(WakeUp("inbox", "1"))
    connection = await asyncpg.connect(connection_url(engine_url))
    try:
        await connection.execute(
            "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), "
            "heartbeat = now() - interval '11 seconds'"
        )
    finally:
        await connection.close()
    survivor.start()
    assert await survivor.until(1) == ["1"]


async def test_processes_that_start_together_install_the_engine_once(postgres_url: str) -> None:
    await asyncio.gather(*(install_engine(postgres_url) for _ in range(4)))
    connection = await asyncpg.connect(connection_url(postgres_url))
    try:
        kinds = await connection.fetch("SELECT relname, relpersistence FROM pg_class WHERE relname = 'pgqueuer'")
    finally:
        await connection.close()
    assert [tuple(row) for row in kinds] == [("pgqueuer", b"u")]
