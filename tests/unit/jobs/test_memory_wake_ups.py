"""In-memory wake-ups: nothing is served twice at once, what comes meanwhile is kept, a failing one harms no other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.clock import MovableClock
from bot.jobs.memory import MemoryWakeUps
from bot.services.ports import WakeUp

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, standing=True)


@pytest.fixture
async def wake_ups(clock: MovableClock) -> AsyncIterator[MemoryWakeUps]:
    made = MemoryWakeUps(clock)
    yield made
    await made.stop()


async def test_a_wake_up_that_comes_while_the_same_is_served_makes_it_run_once_more(wake_ups: MemoryWakeUps) -> None:
    served: list[str] = []
    first, go_on, second = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handle(key: str) -> None:
        served.append(key)
        if len(served) == 1:
            first.set()
            await go_on.wait()
        else:
            second.set()

    wake_ups.register("outbox", handle)
    await wake_ups.put(WakeUp("outbox", "7"))
    await first.wait()
    await wake_ups.put(WakeUp("outbox", "7"))
    await wake_ups.put(WakeUp("outbox", "7"))
    assert served == ["7"]
    go_on.set()
    await second.wait()
    await wake_ups.stop()
    assert served == ["7", "7"]


async def test_different_keys_are_served_side_by_side(wake_ups: MemoryWakeUps) -> None:
    meet = asyncio.Barrier(2)

    async def handle(_key: str) -> None:
        await asyncio.wait_for(meet.wait(), 5)

    wake_ups.register("inbox", handle)
    await wake_ups.put(WakeUp("inbox", "a"))
    await wake_ups.put(WakeUp("inbox", "b"))
    await wake_ups.stop()
    assert not meet.broken


async def test_a_failing_handler_neither_stops_the_engine_nor_its_own_next_wake_up(wake_ups: MemoryWakeUps) -> None:
    served: list[str] = []

    async def handle(key: str) -> None:
        served.append(key)
        if len(served) == 1:
            raise RuntimeError("the first one fails")

    wake_ups.register("timers", handle)
    await wake_ups.serve(WakeUp("timers", "all"))
    await wake_ups.serve(WakeUp("timers", "all"))
    assert served == ["all", "all"]


async def test_a_later_wake_up_waits_for_the_clock_and_an_earlier_one_replaces_it(
    wake_ups: MemoryWakeUps, clock: MovableClock
) -> None:
    served, came = [], asyncio.Event()

    async def handle(key: str) -> None:
        served.append((key, clock.now()))
        came.set()

    wake_ups.register("timers", handle)
    await wake_ups.put(WakeUp("timers", "all"), at=START + timedelta(hours=2))
    await wake_ups.put(WakeUp("timers", "all"), at=START + timedelta(hours=1))
    await asyncio.sleep(0)
    assert served == []
    clock.move_to(START + timedelta(hours=1))
    await asyncio.wait_for(came.wait(), 5)
    assert served == [("all", START + timedelta(hours=1))]


async def test_what_is_put_after_the_stop_is_forgotten(wake_ups: MemoryWakeUps) -> None:
    served: list[str] = []

    async def handle(key: str) -> None:
        served.append(key)

    wake_ups.register("plan", handle)
    await wake_ups.stop()
    await wake_ups.put(WakeUp("plan", "generic"))
    await wake_ups.serve(WakeUp("plan", "generic"))
    assert served == []


async def test_the_clock_only_moves_forward(clock: MovableClock) -> None:
    with pytest.raises(ValueError, match="forward"):
        clock.move_to(START - timedelta(seconds=1))
    clock.move_to(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)
