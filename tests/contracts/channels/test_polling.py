"""Long polling: stored before confirmed, one poller at a time, patient with the network and not with a wrong token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram import run
from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.run import Polling
from bot.domain.errors import ChannelUnavailable, ConfigurationProblems, StorageUnavailable
from bot.services.ports import WakeUp
from bot.standin import StandIn
from tests.contracts.channels.conftest import TOKEN
from tests.fakes.inbox import HeardWakeUps, InboxStorage
from tests.fakes.jumping_clock import JumpingClock, SleptEnough


@pytest.fixture
def storage() -> InboxStorage:
    return InboxStorage()


@pytest.fixture
def wake_ups() -> HeardWakeUps:
    return HeardWakeUps()


@pytest.fixture
def polling(api: BotApi, storage: InboxStorage, clock: JumpingClock, wake_ups: HeardWakeUps) -> Polling:
    return Polling(api, storage, clock, wake_ups, "this process", lambda: 1.0)


@asynccontextmanager
async def running(polling: Polling) -> AsyncIterator[None]:
    task = asyncio.create_task(polling.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_updates_are_stored_and_each_chat_is_woken_once(
    standin: StandIn, polling: Polling, storage: InboxStorage, wake_ups: HeardWakeUps
) -> None:
    li, wu = standin.add_person("Li"), standin.add_person("Wu")
    for person, words in ((li, "one"), (wu, "two"), (li, "三")):
        await person.say(words)
    async with running(polling):
        stored = await storage.until_stored(3)
    assert [write.chat_key for write in stored] == [str(li.user_id), str(wu.user_id), str(li.user_id)]
    assert '"text":"三"' in stored[2].raw
    assert storage.batches == [3]
    assert wake_ups.heard == [WakeUp("inbox", f"telegram:{p.user_id}") for p in (li, wu)]


async def test_what_could_not_be_stored_is_not_confirmed(
    standin: StandIn, polling: Polling, storage: InboxStorage
) -> None:
    li = standin.add_person("Li")
    await li.say("one")
    storage.failures = 1
    with pytest.raises(StorageUnavailable):
        await polling.run()
    assert len(standin.updates.pending) == 1
    async with running(polling):
        await storage.until_stored(1)
        await li.say("two")
        await storage.until_stored(2)
        assert [write.update["message"]["text"] for write in standin.updates.pending] == ["two"]


async def test_a_new_process_starts_where_the_confirmed_ones_end(
    standin: StandIn, api: BotApi, polling: Polling, storage: InboxStorage, clock: JumpingClock, wake_ups: HeardWakeUps
) -> None:
    li = standin.add_person("Li")
    await li.say("one")
    async with running(polling):
        await storage.until_stored(1)
    await li.say("two")
    again = Polling(api, storage, clock, wake_ups, "this process", lambda: 1.0)
    async with running(again):
        stored = await storage.until_stored(2)
    assert [write.update_key for write in stored] == [1, 2]


async def test_lower_numbers_after_a_quiet_week_are_taken(
    standin: StandIn, polling: Polling, storage: InboxStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LONG_POLL", 0)
    li = standin.add_person("Li")
    standin.updates.last_id = 1000
    await li.say("one")
    async with running(polling):
        await storage.until_stored(1)
        seen = len(standin.ledger)
        await standin.ledger.wait_for(seen + 3)
        standin.updates.last_id = 5
        await li.say("two")
        stored = await storage.until_stored(2)
    assert [write.update_key for write in stored] == [6, 1001]


async def test_kinds_that_mean_nothing_are_passed_over(
    standin: StandIn, polling: Polling, storage: InboxStorage
) -> None:
    li = standin.add_person("Li")
    standin.updates.put("poll", {"id": "1"}, li.user_id)
    await li.say("one")
    async with running(polling):
        (stored,) = await storage.until_stored(1)
    assert stored.update_key == 2


async def test_repeated_and_late_updates_change_nothing(
    standin: StandIn, polling: Polling, storage: InboxStorage
) -> None:
    li = standin.add_person("Li")
    standin.faults.add("duplicate", method="message", nth=2)
    standin.faults.add("late", method="message", nth=3, behind=2)
    async with running(polling):
        for number in range(6):
            await li.say(str(number))
        stored = await storage.until_stored(6)
    assert [write.update_key for write in stored] == [1, 2, 3, 4, 5, 6]


async def test_a_webhook_left_over_is_removed(
    standin: StandIn, api: BotApi, polling: Polling, storage: InboxStorage
) -> None:
    await api.call("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    await standin.add_person("Li").say("one")
    async with running(polling):
        await storage.until_stored(1)
    assert (await api.bot.get_webhook_info()).url == ""


async def test_another_copy_is_waited_for_and_then_named(
    standin: StandIn, api: BotApi, polling: Polling, clock: JumpingClock
) -> None:
    async def compete() -> None:
        while True:
            await api.call("getUpdates", {"timeout": 25}, waits=25)

    rival = asyncio.create_task(compete())
    try:
        with pytest.raises(ChannelUnavailable, match="Another copy"):
            await polling.run()
    finally:
        rival.cancel()
        await asyncio.gather(rival, return_exceptions=True)
    assert sum(clock.slept) == 15


async def test_a_copy_that_goes_away_in_time_is_forgotten(
    standin: StandIn, polling: Polling, storage: InboxStorage, clock: JumpingClock
) -> None:
    standin.faults.add("5xx", method="getUpdates", status=409, count=5)
    await standin.add_person("Li").say("one")
    async with running(polling):
        await storage.until_stored(1)
    assert clock.slept == [3, 3, 3, 3, 3]


async def test_a_token_that_telegram_does_not_know_ends_it(
    root: str, storage: InboxStorage, clock: JumpingClock, wake_ups: HeardWakeUps
) -> None:
    async with BotApi("123456:WrongToken-0123456789abcdefghijkl", root) as api:
        with pytest.raises(ConfigurationProblems, match="GRACE_TELEGRAM_TOKEN"):
            await Polling(api, storage, clock, wake_ups, "this process", lambda: 1.0).run()


async def test_it_waits_longer_each_time_the_network_is_away_but_never_longer_than_half_a_minute(
    unused_tcp_port: int, storage: InboxStorage, wake_ups: HeardWakeUps
) -> None:
    clock = JumpingClock(sleeps=8)
    async with BotApi(TOKEN, f"http://127.0.0.1:{unused_tcp_port}") as api:
        with pytest.raises(SleptEnough):
            await Polling(api, storage, clock, wake_ups, "this process", lambda: 0.5).run()
    assert clock.slept == [0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5]


async def test_after_one_good_answer_the_waits_begin_anew(
    standin: StandIn, api: BotApi, storage: InboxStorage, wake_ups: HeardWakeUps
) -> None:
    clock = JumpingClock(sleeps=3)
    standin.faults.add("5xx", method="getUpdates", count=2)
    li = standin.add_person("Li")
    await li.say("one")
    task = asyncio.create_task(Polling(api, storage, clock, wake_ups, "this process", lambda: 1.0).run())
    await storage.until_stored(1)
    standin.faults.add("5xx", method="getUpdates", count=2)
    await li.say("two")
    with pytest.raises(SleptEnough):
        await task
    assert clock.slept == [1, 2, 1]


async def test_a_429_is_waited_out(
    standin: StandIn, polling: Polling, storage: InboxStorage, clock: JumpingClock
) -> None:
    standin.faults.add("429", method="getUpdates", retry_after=11)
    await standin.add_person("Li").say("one")
    async with running(polling):
        await storage.until_stored(1)
    assert clock.slept == [11]


async def test_one_process_polls_and_another_takes_over_when_it_dies(
    standin: StandIn, polling: Polling, storage: InboxStorage, clock: JumpingClock
) -> None:
    await storage.hold_lease("polling:123456", "another process", clock.now(), 20)
    await standin.add_person("Li").say("one")
    async with running(polling):
        await storage.until_stored(1)
    assert clock.slept == [5, 5, 5, 5]
    assert storage.leases["polling:123456"][0] == "this process"
