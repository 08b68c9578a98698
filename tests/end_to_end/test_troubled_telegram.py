"""Telegram refuses, breaks off, hangs or repeats itself: what the real program does about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.standin.people import Person
from tests.end_to_end.running.installation import Installation, known_borrower, today
from tests.end_to_end.running.program import PATIENCE, Program, ending
from tests.end_to_end.running.rows import Row, rows, until_rows


@pytest.fixture
async def people(on_sqlite: Installation) -> list[Person]:
    """Four borrowers in chats of their own."""
    found = [on_sqlite.add_person(f"T-{number}") for number in range(4)]
    async with on_sqlite.storage() as storage:
        for person in found:
            await storage.commit(known_borrower(person, due_in_days=10))
    return found


@pytest.fixture
async def bot(on_sqlite: Installation, people: list[Person]) -> AsyncIterator[Program]:
    async with ending(await on_sqlite.start()) as program:
        await program.ready()
        yield program


async def promise(person: Person, amount: str) -> None:
    await person.say(f"I will pay {amount} on {(today() + timedelta(days=4)).isoformat()}")


def amounts(person: Person) -> list[str]:
    """The amounts on the cards in the chat, oldest first."""
    lines = [line for message in person.bot_messages for line in message.text.splitlines()]
    return [line.removeprefix("Amount: £") for line in lines if line.startswith("Amount: ")]


async def until(person: Person, *wanted: str) -> None:
    await person.until(lambda chat: amounts(person) == list(wanted), PATIENCE)


async def outbox(installation: Installation, person: Person, *states: str) -> list[Row]:
    """The chat's rows, as soon as all of them are in one of these states."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await rows(
                installation.database_url,
                f"SELECT kind, state, reason, attempts FROM outbox WHERE chat_key = '{person.user_id}'"
                " ORDER BY outbox_id",
            )
            if found and {row["state"] for row in found} <= set(states):
                return found
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("kind", ["drop", "malformed"])
async def test_a_reply_whose_answer_was_lost_goes_once_more_and_before_the_next(
    on_sqlite: Installation, people: list[Person], bot: Program, kind: str
) -> None:
    person = people[0]
    on_sqlite.standin.faults.add(kind, method="sendMessage", chat_id=person.user_id)
    await promise(person, "10.01")
    await promise(person, "10.02")
    await until(person, "10.01", "10.01", "10.02")
    assert [(row["state"], row["attempts"]) for row in await outbox(on_sqlite, person, "sent")] == [
        ("sent", 2),
        ("sent", 1),
    ]


async def test_a_reply_whose_answer_is_lost_twice_is_left_as_unknown(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    person = people[0]
    on_sqlite.standin.faults.add("drop", method="sendMessage", chat_id=person.user_id, count=2)
    await promise(person, "10.01")
    (row,) = await outbox(on_sqlite, person, "unknown")
    assert (row["attempts"], row["reason"]) == (2, "no_answer")
    assert amounts(person) == ["10.01", "10.01"]


async def test_a_reminder_whose_answer_was_lost_is_never_sent_again(
    on_sqlite: Installation, people: list[Person]
) -> None:
    due = on_sqlite.add_person("R-1")
    async with on_sqlite.storage() as storage:
        await storage.commit(known_borrower(due, due_in_days=0))
    on_sqlite.standin.faults.add("drop", method="sendMessage", chat_id=due.user_id)
    for _ in range(2):
        async with ending(await on_sqlite.start()) as program:
            await program.ready()
            (row,) = await outbox(on_sqlite, due, "unknown")
            # Somebody else's talk goes its way meanwhile, so the reminder had its chance to go again.
            await promise(people[0], "10.01")
            await people[0].next_message(PATIENCE)
    assert (row["kind"], row["reason"], row["attempts"]) == ("reminder", "no_answer", 1)
    assert len(on_sqlite.standin.ledger.sent(due.user_id)) == 1


@pytest.mark.parametrize("kind", ["5xx", "reset"])
async def test_a_reply_that_telegram_broke_on_goes_once_more(
    on_sqlite: Installation, people: list[Person], bot: Program, kind: str
) -> None:
    person = people[0]
    on_sqlite.standin.faults.add(kind, method="sendMessage", chat_id=person.user_id)
    await promise(person, "10.01")
    await promise(person, "10.02")
    await until(person, "10.01", "10.02")


async def test_a_429_makes_its_chat_wait_and_no_other(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    slow, *others = people
    on_sqlite.standin.faults.add("429", method="sendMessage", chat_id=slow.user_id, retry_after=2)
    await promise(slow, "10.01")
    await promise(slow, "10.02")
    for other in others:
        await promise(other, "10.03")
        await until(other, "10.03")
    await until(slow, "10.01", "10.02")
    calls = [entry for entry in on_sqlite.standin.ledger.calls("sendMessage") if entry.chat_id == slow.user_id]
    assert [entry.status for entry in calls] == [429, 200, 200]
    assert calls[1].at - calls[0].at >= timedelta(seconds=2)
    assert {row["attempts"] for row in await outbox(on_sqlite, slow, "sent")} == {1}, "to wait is no failed attempt"


async def test_429_everywhere_pauses_everybody_and_loses_nothing(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    on_sqlite.standin.faults.add("429", method="sendMessage", retry_after=2, count=3)
    for person in people:
        await promise(person, "10.01")
    for person in people:
        await until(person, "10.01")
    calls = on_sqlite.standin.ledger.calls("sendMessage")
    refused = [entry for entry in calls if entry.status == 429]
    assert len(refused) == 3
    early = [e for e in calls if refused[-1].seq < e.seq and e.at - refused[-1].at < timedelta(seconds=2)]
    # One more may have left before the third refusal said that the whole bot is meant.
    assert len(early) <= 1


async def test_a_chat_that_hangs_keeps_no_other_waiting(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    stuck, *others = people
    on_sqlite.standin.faults.add("hang", method="sendMessage", chat_id=stuck.user_id)
    await promise(stuck, "10.01")
    async with asyncio.timeout(PATIENCE):
        while not on_sqlite.standin.ledger.calls("sendMessage"):
            await on_sqlite.standin.ledger.wait_for(len(on_sqlite.standin.ledger) + 1, PATIENCE)
    for number in range(1, 4):
        for other in others:
            await promise(other, f"10.0{number}")
            await until(other, *(f"10.0{n}" for n in range(1, number + 1)))
    assert [row["state"] for row in await outbox(on_sqlite, stuck, "sending")] == ["sending"]


async def test_repeated_and_late_updates_have_one_turn_each(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    person, other = people[:2]
    standin = on_sqlite.standin
    standin.faults.add("duplicate", method="message", chat_id=person.user_id, nth=2, count=2)
    standin.faults.add("late", method="message", chat_id=other.user_id, nth=2, behind=2)
    for number in range(1, 5):
        await promise(person, f"10.0{number}")
        await promise(other, f"10.0{number}")
    await until(person, "10.01", "10.02", "10.03", "10.04")
    await other.until(lambda chat: len(amounts(other)) == 4, PATIENCE)
    assert sorted(amounts(other)) == ["10.01", "10.02", "10.03", "10.04"]
    inbox = await rows(on_sqlite.database_url, "SELECT update_key, outcome FROM inbox")
    assert sorted(row["update_key"] for row in inbox) == sorted(e.update_id or 0 for e in standin.ledger.updates())
    assert {row["outcome"] for row in inbox} == {"done"}


async def test_somebody_who_blocked_the_bot_is_marked_and_the_others_go_on(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    gone, other = people[:2]
    await promise(gone, "10.01")
    await gone.block()
    await promise(other, "10.01")
    await until(other, "10.01")
    marked = f"SELECT unreachable_reason FROM conversation WHERE chat_key = '{gone.user_id}' AND reachable = 0"
    assert await until_rows(on_sqlite.database_url, marked) == [{"unreachable_reason": "blocked"}]


async def test_a_telegram_that_is_away_shows_in_readiness_until_it_is_back(
    on_sqlite: Installation, people: list[Person], bot: Program
) -> None:
    assert await bot.until_ready() == dict.fromkeys(("status", "database", "loops", "scripts", "telegram"), "ok")
    on_sqlite.standin.faults.add("reset", count=None)
    await promise(people[0], "10.01")
    told = await bot.until_ready(False)
    assert (told["database"], told["telegram"]) == ("ok", "Telegram cannot be reached (AnswerLost).")
    on_sqlite.standin.faults.clear()
    await bot.until_ready()
    await until(people[0], "10.01")
