"""Several processes on one PostgreSQL: they start together, share the work, and carry on for one that dies or stands still."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from bot.standin.people import Person
from tests.end_to_end.running.installation import Installation, free_port, known_borrower, today
from tests.end_to_end.running.program import PATIENCE, Program, ending
from tests.end_to_end.running.rows import rows, until_rows


@asynccontextmanager
async def processes(installation: Installation) -> AsyncIterator[dict[str, Program]]:
    """A web process and two workers, started at the same moment."""
    port = str(free_port())
    public = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        started = {
            "web": await installation.start("serve", "--role", "web", name="web", PORT=port, PUBLIC_URL=public),
            "one": await installation.start("serve", "--role", "worker", name="one", PUBLIC_URL=public),
            "two": await installation.start("serve", "--role", "worker", name="two", PUBLIC_URL=public),
        }
        for program in started.values():
            await stack.enter_async_context(ending(program))
        for program in started.values():
            await program.ready()
        yield started


async def borrower(installation: Installation, borrower_id: str, due_in_days: int = 10) -> Person:
    person = installation.add_person(borrower_id)
    async with installation.storage() as storage:
        await storage.commit(known_borrower(person, due_in_days))
    return person


async def promise(person: Person, amount: str) -> None:
    await person.say(f"I will pay {amount} on {(today() + timedelta(days=4)).isoformat()}")


async def card(person: Person, amount: str) -> None:
    await person.until(lambda chat: any(f"Amount: £{amount}" in m.text for m in chat.bot_messages), PATIENCE)


async def test_processes_that_start_together_on_an_empty_database_make_it_and_serve(
    on_empty_postgres: Installation,
) -> None:
    async with processes(on_empty_postgres) as started:
        for program in started.values():
            assert (await program.until_ready())["database"] == "ok"
        stranger = on_empty_postgres.standin.add_person("Li", language_code="en")
        await stranger.start()
        assert "Hello" in (await stranger.next_message(PATIENCE)).text
        assert [await program.terminate() for program in started.values()] == [0, 0, 0]
    versions = await rows(on_empty_postgres.database_url, "SELECT number FROM script_version")
    assert [row["number"] for row in versions] == [1]


@pytest.mark.parametrize("stopping", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "standing still"])
async def test_another_worker_carries_on_for_one_in_the_middle_of_sending(
    on_postgres: Installation, stopping: signal.Signals
) -> None:
    """It has a reply and a reminder in flight, which Telegram does not answer."""
    stuck, reminded, other = [
        await borrower(on_postgres, name, days) for name, days in (("T-1", 10), ("R-1", 0), ("T-2", 10))
    ]
    ledger = on_postgres.standin.ledger
    for person in (stuck, reminded):
        on_postgres.standin.faults.add("hang", method="sendMessage", chat_id=person.user_id)
    async with processes(on_postgres) as started:
        await promise(stuck, "10.01")
        await promise(stuck, "10.02")
        holders = await until_rows(
            on_postgres.database_url,
            "SELECT max(holder) AS holder FROM outbox WHERE state = 'sending' AND kind = 'reply' HAVING count(*) > 0",
        )
        await until_rows(on_postgres.database_url, "SELECT 1 FROM outbox WHERE state = 'sending' AND kind = 'reminder'")
        victim = next(p for p in started.values() if f":{p.pid}:" in holders[0]["holder"])
        victim.signal(stopping)
        await promise(other, "10.03")
        await card(other, "10.03")
        await card(stuck, "10.02")
        # The reminder's turn comes by itself: its holder is the victim, or hears in time that there is no answer.
        (reminder,) = await until_rows(
            on_postgres.database_url, "SELECT state FROM outbox WHERE kind = 'reminder' AND state <> 'sending'"
        )
        assert reminder["state"] == "unknown"
        if stopping is signal.SIGSTOP:
            victim.signal(signal.SIGCONT)
            await victim.until_ready()
            await promise(other, "10.04")
            await card(other, "10.04")
        assert len(ledger.calls("sendMessage", accepted=True)) == (4 if stopping is signal.SIGSTOP else 3)
    shown = [m.text.splitlines()[1] for m in stuck.bot_messages]
    assert shown == ["Amount: £10.01", "Amount: £10.02"]
    assert reminded.bot_messages == []


async def test_another_worker_polls_when_the_one_that_did_is_killed(on_postgres: Installation) -> None:
    person = await borrower(on_postgres, "T-1")
    async with (
        ending(await on_postgres.start("serve", "--role", "worker", name="one")) as one,
        ending(await on_postgres.start("serve", "--role", "worker", name="two")) as two,
    ):
        await asyncio.gather(one.ready(), two.ready())
        await promise(person, "10.01")
        await card(person, "10.01")
        ((lease),) = await rows(on_postgres.database_url, "SELECT holder FROM lease WHERE name LIKE 'polling:%'")
        victim, survivor = (one, two) if f":{one.pid}:" in lease["holder"] else (two, one)
        await victim.kill()
        await promise(person, "10.02")
        await card(person, "10.02")
        assert await survivor.terminate() == 0
    inbox = await rows(on_postgres.database_url, "SELECT outcome FROM inbox")
    assert [row["outcome"] for row in inbox] == ["done", "done"]
