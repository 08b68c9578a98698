"""The WakeUps port: whatever carries the wake-ups, handlers see the same."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.jobs.clock import SystemClock
from bot.services.ports import WakeUp
from tests.contracts.jobs.served import Engine


async def test_a_wake_up_reaches_the_handler_of_its_kind_with_its_key(engine: Engine) -> None:
    engine.register("inbox")
    engine.start()
    await engine.wake_ups.put(WakeUp("inbox", "telegram:42"))
    assert await engine.until(1) == ["telegram:42"]


async def test_wake_ups_put_before_the_engine_runs_are_served_when_it_does(engine: Engine) -> None:
    engine.register("inbox")
    for number in range(40):
        await engine.wake_ups.put(WakeUp("inbox", str(number)))
    engine.start()
    assert sorted(await engine.until(40), key=int) == [str(number) for number in range(40)]


async def test_one_that_comes_while_the_same_is_served_makes_it_run_once_more_and_never_beside_itself(
    engine: Engine,
) -> None:
    go_on = asyncio.Event()

    async def wait(_key: str) -> None:
        await go_on.wait()

    engine.during = wait
    engine.register("outbox")
    engine.start()
    await engine.wake_ups.put(WakeUp("outbox", "7"))
    await engine.until(1)
    await engine.wake_ups.put(WakeUp("outbox", "7"))
    # Served side by side with the first: when it has been, the second has been noticed too.
    await engine.wake_ups.put(WakeUp("outbox", "8"))
    assert await engine.until(2) == ["7", "8"]
    go_on.set()
    assert (await engine.until(3))[2:] == ["7"]


async def test_different_keys_are_served_side_by_side(engine: Engine) -> None:
    meet = asyncio.Barrier(3)

    async def wait(_key: str) -> None:
        await asyncio.wait_for(meet.wait(), 20)

    engine.during = wait
    engine.register("outbox")
    engine.start()
    for key in "123":
        await engine.wake_ups.put(WakeUp("outbox", key))
    await engine.until(3)
    await engine.wake_ups.stop()
    assert sorted(engine.ended) == ["1", "2", "3"]
    assert not meet.broken


async def test_a_failing_handler_harms_neither_the_engine_nor_the_next_wake_up(engine: Engine) -> None:
    async def fail(_key: str) -> None:
        if len(engine.served) == 1:
            raise RuntimeError("the first one fails")

    engine.during = fail
    engine.register("timers")
    engine.start()
    await engine.wake_ups.put(WakeUp("timers", "all"))
    await engine.until(1)
    await engine.wake_ups.put(WakeUp("timers", "all"))
    assert await engine.until(2) == ["all", "all"]


async def test_one_for_later_is_served_when_its_time_has_come_and_not_before(engine: Engine) -> None:
    clock = SystemClock()
    at = clock.now() + timedelta(seconds=0.4)
    early: list[bool] = []

    async def look(_key: str) -> None:
        early.append(clock.now() < at)

    engine.during = look
    engine.register("timers")
    engine.start()
    await engine.wake_ups.put(WakeUp("timers", "all"), at=at)
    await engine.until(1)
    await engine.wake_ups.stop()
    assert early == [False]


async def test_a_kind_without_a_handler_is_put_without_harm(engine: Engine) -> None:
    engine.register("inbox")
    engine.start()
    await engine.wake_ups.put(WakeUp("plan", "generic"))
    await engine.wake_ups.put(WakeUp("inbox", "1"))
    assert await engine.until(1) == ["1"]


async def test_stopping_lets_what_is_served_finish_and_forgets_the_rest(engine: Engine) -> None:
    go_on = asyncio.Event()

    async def wait(_key: str) -> None:
        await go_on.wait()

    engine.during = wait
    engine.register("outbox")
    engine.start()
    await engine.wake_ups.put(WakeUp("outbox", "1"))
    await engine.until(1)
    stopping = asyncio.create_task(engine.wake_ups.stop())
    await asyncio.sleep(0)
    await engine.wake_ups.put(WakeUp("outbox", "2"))
    assert engine.ended == []
    go_on.set()
    await stopping
    assert engine.ended == ["1"]
    assert engine.served == ["1"]
