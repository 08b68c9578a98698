"""Long polling: order, confirmation by offset, one poller at a time, and updates that are repeated or late."""

import asyncio
from typing import Any

from bot.standin import Person, StandIn


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_they_are_confirmed(api: Any, ana: Person) -> None:
    for text in ("a", "b", "c"):
        await ana.say(text)
    first = await api.result("getUpdates")
    assert texts(first) == ["a", "b", "c"]
    assert texts(await api.result("getUpdates", offset=first[1]["update_id"])) == ["b", "c"]
    assert texts(await api.result("getUpdates", limit=1)) == ["b"]
    assert texts(await api.result("getUpdates", offset=first[2]["update_id"] + 1)) == []
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_negative_offset_counts_from_the_end(api: Any, ana: Person) -> None:
    for text in ("a", "b", "c"):
        await ana.say(text)
    assert texts(await api.result("getUpdates", offset=-1)) == ["c"]
    assert texts(await api.result("getUpdates")) == ["c"]


async def test_a_long_poll_is_answered_as_soon_as_something_comes(api: Any, ana: Person, standin: StandIn) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=30))
    await standin.updates.until_polled()
    await ana.say("hello")
    assert texts(await poll) == ["hello"]


async def test_a_second_poller_ends_the_first(api: Any, ana: Person, standin: StandIn) -> None:
    first = asyncio.create_task(api.refusal("getUpdates", timeout=30))
    await standin.updates.until_polled()
    second = asyncio.create_task(api.result("getUpdates", timeout=30))
    assert await first == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    await ana.say("hello")
    assert texts(await second) == ["hello"]


async def test_only_the_kinds_that_were_asked_for_are_kept(api: Any, ana: Person) -> None:
    await api.result("getUpdates", allowed_updates=["callback_query"])
    await ana.say("unheard")
    assert await api.result("getUpdates") == []
    await api.result("getUpdates", allowed_updates=[])
    await ana.say("heard")
    assert texts(await api.result("getUpdates")) == ["heard"]


async def test_a_repeated_update_comes_even_after_it_was_confirmed(api: Any, ana: Person, standin: StandIn) -> None:
    await ana.say("once")
    standin.faults.add("duplicate", method="message")
    await ana.say("twice")
    await ana.say("after")
    batch = await api.result("getUpdates", limit=2)
    assert texts(batch) == ["once", "twice"]
    again = await api.result("getUpdates", offset=batch[-1]["update_id"] + 1)
    assert texts(again) == ["twice", "after"]
    assert again[0]["update_id"] == batch[1]["update_id"]
    assert await api.result("getUpdates", offset=again[-1]["update_id"] + 1) == []


async def test_a_late_update_comes_after_the_ones_that_followed_it(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("late", method="message", behind=2, seconds=60)
    for text in ("a", "b", "c", "d"):
        await ana.say(text)
    batch = await api.result("getUpdates")
    assert texts(batch) == ["b", "c", "a", "d"]
    assert [update["update_id"] - batch[0]["update_id"] for update in batch] == [0, 1, -1, 2]


async def test_a_late_update_with_nothing_behind_it_comes_in_the_end(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("late", seconds=0.01)
    await ana.say("alone")
    assert await api.result("getUpdates") == []
    assert texts(await api.result("getUpdates", timeout=5)) == ["alone"]


async def test_pending_updates_can_be_dropped(api: Any, ana: Person) -> None:
    await ana.say("old")
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.result("getUpdates") == []
