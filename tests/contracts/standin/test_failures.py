"""Failures on demand as a caller of the Bot API meets them, and what the ledger says truly happened."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest

from bot.standin import Person, StandIn


async def send(api: Any, person: Person) -> Any:
    return await api("sendMessage", chat_id=person.user_id, text="hello")


async def fails(call: Awaitable[Any]) -> None:
    with pytest.raises((aiohttp.ClientError, ConnectionError, TimeoutError)):
        await call


async def test_429_and_5xx_are_told_and_nothing_happens(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("429", method="sendMessage", retry_after=7)
    standin.faults.add("5xx", method="sendMessage", status=503)
    assert (await send(api, ana))["parameters"] == {"retry_after": 7}
    assert await send(api, ana) == {"ok": False, "error_code": 503, "description": "Service Unavailable"}
    assert ana.bot_messages == []
    assert (await send(api, ana))["ok"]
    assert [entry.fault for entry in standin.ledger.calls("sendMessage")] == ["429", "5xx", None]


async def test_a_dropped_answer_leaves_the_message_sent(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("drop", method="sendMessage")
    await fails(send(api, ana))
    assert [message.text for message in ana.bot_messages] == ["hello"]
    entry = standin.ledger.sent(ana.user_id)[0]
    assert (entry.accepted, entry.answered, entry.fault) == (True, False, "drop")


async def test_a_reset_call_leaves_nothing(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("reset", method="sendMessage")
    with pytest.raises((ConnectionResetError, aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await send(api, ana)
    assert ana.bot_messages == []
    assert [(entry.accepted, entry.fault) for entry in standin.ledger.calls("sendMessage")] == [(False, "reset")]


async def test_a_hanging_call_is_never_answered_and_ends_with_the_server(standin: StandIn, start: Any) -> None:
    person = await start()
    standin.faults.add("hang", method="sendMessage")
    async with aiohttp.ClientSession() as session:
        async with standin.running() as url:
            address = f"{url}/bot{standin.token}/sendMessage"
            call = asyncio.create_task(session.post(address, json={"chat_id": person.user_id, "text": "x"}))
            seq = len(standin.ledger) + 1
            entry = await standin.ledger.wait_for(seq)
            assert (entry.fault, entry.answered, call.done()) == ("hang", False, False)
        await fails(call)
    assert person.bot_messages == []


async def test_a_malformed_answer_hides_a_message_that_was_sent(api: Any, ana: Person, standin: StandIn) -> None:
    standin.faults.add("malformed", method="sendMessage")
    with pytest.raises(ValueError, match="Expecting value"):
        await send(api, ana)
    assert len(ana.bot_messages) == 1


async def test_random_faults_come_from_their_seed(api: Any, ana: Person, standin: StandIn) -> None:
    standin.limits = standin.limits.off()
    standin.faults.random(seed=11, rates={"5xx": 0.5}, methods=["sendMessage"])
    answers = [(await send(api, ana))["ok"] for _ in range(12)]
    standin.faults.random(seed=11, rates={"5xx": 0.5}, methods=["sendMessage"])
    assert [(await send(api, ana))["ok"] for _ in range(12)] == answers
    assert set(answers) == {True, False}
