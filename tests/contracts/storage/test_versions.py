"""Versions and those who talk in them: publishing is one step, and every process sees it at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.domain.borrower import Address
from bot.domain.errors import Conflict
from bot.services.ports import OpenTalk, PastTurn
from bot.services.writes import AppendTurn, PublishVersion, SaveConversation
from tests.contracts.storage.builders import CHAT, NOW, a_conversation, first_seen, with_borrower
from tests.databases import run_sql

WAITS = '{"f":[["promise","day",[],0]],"k":3,"c":[],"m":0,"x":[]}'
IDLE = '{"f":[],"k":null,"c":[],"m":0,"x":[]}'


def a_version(number: int, **more: str) -> PublishVersion:
    return PublishVersion(number, (("dialogs/flows/a.yaml", f"say: {number}"),), "d" * 64, NOW, "admin", "why", **more)


async def test_the_moves_of_a_version_are_kept_with_it_and_told_in_the_history(storage):
    await storage.commit((a_version(1),))
    await storage.commit((a_version(2, moves='{"steps":{}}'),))
    assert (await storage.version(2)).moves == '{"steps":{}}'
    assert [(v.number, v.moves) for v in await storage.versions()] == [(2, '{"steps":{}}'), (1, None)]


async def test_what_one_process_publishes_is_live_for_another_that_looks(opening):
    one, other = await opening(), await opening()
    await one.commit((a_version(1),))
    assert (await other.live_version()).number == 1
    await one.commit((a_version(2),))
    assert (await other.live_version()).files == (("dialogs/flows/a.yaml", "say: 2"),)


async def test_of_two_processes_that_publish_at_once_one_is_told_to_look_again(opening):
    one, other = await opening(), await opening()
    await one.commit((a_version(1),))
    done = await asyncio.gather(one.commit((a_version(2),)), other.commit((a_version(2),)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in done) == ["Conflict", "tuple"]
    assert isinstance(next(result for result in done if result != ()), Conflict)


async def test_a_turn_that_began_before_publishing_is_stored_with_its_own_version(opening):
    one, other = await opening(), await opening()
    await one.commit((a_version(1), *with_borrower(), first_seen(a_conversation(state=IDLE))))
    begun = await one.conversation(CHAT)
    await other.commit((a_version(2),))
    await one.commit((SaveConversation(replace(begun, version=2, state=WAITS, script_version=1), 1, NOW),))
    kept = await other.conversation(CHAT)
    assert (kept.script_version, kept.state) == (1, WAITS)


async def test_publishing_touches_no_conversation(storage, database_url):
    await storage.commit((a_version(1), *with_borrower(), first_seen(a_conversation(state=WAITS))))
    rows = "SELECT version, changed_at, script_version, state FROM conversation"
    before = await run_sql(database_url, rows)
    await storage.commit((a_version(2),))
    assert await run_sql(database_url, rows) == before


async def test_only_conversations_in_the_middle_of_a_flow_are_open(by_threes):
    await by_threes.commit(with_borrower())
    for chat, state in enumerate((WAITS, IDLE, None, WAITS, WAITS, WAITS, IDLE)):
        await by_threes.commit((first_seen(a_conversation(Address("telegram", str(chat)), state=state)),))
    found = [talk async for talk in by_threes.open_talks()]
    assert [(t.borrower_id, t.script_version, t.state) for t in found] == [("B1", 1, WAITS)] * 4
    assert isinstance(found[0], OpenTalk)


def a_turn(number: int, **more: str | None) -> AppendTurn:
    told = AppendTurn(f"T{number}", NOW, CHAT, "B1", "ButtonPressed", None, None, (), None, None, (), 1, ())
    return replace(told, **more)


async def test_past_turns_come_newest_first_with_how_they_began(by_threes):
    turns = (a_turn(1), a_turn(2, began='{"s":1}'), a_turn(3, began="{}", text="五百块"), a_turn(4), a_turn(5))
    await by_threes.commit((*with_borrower(), *turns))
    assert [turn async for turn in by_threes.past_turns()] == [
        PastTurn("T5", CHAT, "B1", None, None),
        PastTurn("T4", CHAT, "B1", None, None),
        PastTurn("T3", CHAT, "B1", "{}", "五百块"),
        PastTurn("T2", CHAT, "B1", '{"s":1}', None),
        PastTurn("T1", CHAT, "B1", None, None),
    ]


async def test_how_a_turn_began_is_sealed_for_its_borrower(storage, database_url):
    await storage.commit((*with_borrower(), a_turn(1, began='{"day":"2026-12-01"}')))
    ((sealed,),) = await run_sql(database_url, "SELECT said FROM turn")
    assert b"2026-12-01" not in bytes(sealed)
