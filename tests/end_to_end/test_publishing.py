"""A new version while people talk: they finish in theirs or are taken along, and nothing unchecked ever reaches them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationProblems
from bot.services.live import LiveScripts
from bot.services.publish_scripts import load_or_publish, publish, read_files, roll_back
from bot.services.writes import Batch
from tests.end_to_end.small_desk import NEWER, beginning
from tests.end_to_end.terminals import START, Terminals
from tests.unit.services.small_draft import TRIAL, a_draft


async def test_whoever_is_in_the_middle_of_a_flow_finishes_it_in_their_version(desk: Terminals):
    await beginning(desk, "ann")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words")
    assert await desk.scripts.refresh()
    assert "Do you need more time?" in await desk.say("ann", "1 December")
    await desk.sit("ben")
    await desk.say("ben", "/trial")
    assert "Is more time needed?" in await desk.say("ben", "1 December")


async def test_a_map_takes_whoever_waits_to_the_new_version_at_their_next_message(desk: Terminals):
    await beginning(desk, "ann")
    steps = {"trial.first": "trial.when"}
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words", steps)
    await desk.scripts.refresh()
    assert "Is more time needed?" in await desk.say("ann", "1 December")
    ((number, state),) = [(t.script_version, t.state) async for t in desk.storage.open_talks()]
    assert number == 2
    assert '"trial","second"' in state


async def test_a_second_map_takes_those_along_whom_the_first_one_left_waiting(desk: Terminals):
    await beginning(desk, "ann")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "once", {"trial.first": "trial.when"})
    newest = NEWER.replace("when:", "which_day:")
    await publish(desk.storage, a_draft(newest), START, "admin", "twice", {"trial.when": "trial.which_day"})
    await desk.scripts.refresh()
    await desk.say("ann", "1 December")
    assert [t.script_version async for t in desk.storage.open_talks()] == [3]


async def test_a_map_that_does_not_fit_is_refused_and_nothing_is_published(desk: Terminals):
    with pytest.raises(ConfigurationProblems) as refused:
        await publish(desk.storage, a_draft(NEWER), START, "admin", "x", {"trial.first": "trial.second"})
    expected = "From version 1: trial.first: trial.second: the one asks for date, the other for yes_no."
    assert expected in refused.value.problems
    assert [v.number for v in await desk.storage.versions()] == [1]


async def test_going_back_while_people_talk_in_the_newer_version_leaves_them_there(desk: Terminals):
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words")
    await desk.scripts.refresh()
    await beginning(desk, "ann")
    back = await roll_back(desk.storage, 1, START, "admin", "back")
    await desk.scripts.refresh()
    assert (back.live.number, desk.scripts.current.number) == (3, 3)
    assert "Is more time needed?" in await desk.say("ann", "1 December")
    await beginning(desk, "ben")
    assert "Do you need more time?" in await desk.say("ben", "1 December")


async def test_a_version_that_was_taken_back_takes_nobody_along_any_more(desk: Terminals):
    await beginning(desk, "ann")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words", {"trial.first": "trial.when"})
    await roll_back(desk.storage, 1, START, "admin", "people were confused")
    await desk.scripts.refresh()
    assert "Do you need more time?" in await desk.say("ann", "1 December")
    assert [t.script_version async for t in desk.storage.open_talks()] == [1]


async def test_files_published_again_with_a_map_still_take_people_along(desk: Terminals):
    await beginning(desk, "ann")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "all of them", {"trial.first": "trial.when"})
    await desk.scripts.refresh()
    assert "Is more time needed?" in await desk.say("ann", "1 December")
    assert [t.script_version async for t in desk.storage.open_talks()] == [3]


async def test_an_edit_on_disk_and_a_publication_that_is_refused_change_nothing_for_anybody(
    desk: Terminals, tmp_path: Path
):
    for path, text in a_draft(TRIAL.replace("Which day suits you?", "Pay now or we come to your house.")).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    edited = read_files(tmp_path / "dialogs", tmp_path / "locales")
    assert not await desk.scripts.refresh()
    await beginning(desk, "ann")
    with pytest.raises(ConfigurationProblems):
        await publish(desk.storage, edited, START, "admin", "by mistake")
    assert not await desk.scripts.refresh()
    await beginning(desk, "ben")
    # Nor does the next start take the edit over.
    started = await load_or_publish(desk.storage, edited, START)
    assert (started.live.number, started.new) == (1, False)
    assert started.live.script.flows["trial"].steps["first"].lines[0].sentence.source == "Which day suits you?"


async def test_a_version_that_nobody_needs_is_let_go_and_made_again_for_whoever_does(desk: Terminals):
    await beginning(desk, "ann")
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words")
    await desk.scripts.refresh()
    assert list(desk.scripts._older) == [1]
    for answer in ("1 December", "no", "yes"):
        told = await desk.say("ann", answer)
    assert "Thank you." in told
    await publish(desk.storage, a_draft(), START, "admin", "back to the old words")
    await desk.scripts.refresh()
    assert 1 not in desk.scripts._older
    fresh = LiveScripts(desk.storage, desk.scripts.current)
    assert (await fresh.numbered(1)).number == 1


@pytest.mark.parametrize("waiting", [1, 40])
async def test_publishing_is_one_transaction_of_as_many_writes_however_many_wait(
    desk: Terminals, monkeypatch, waiting: int
):
    for number in range(waiting):
        await beginning(desk, f"chat {number}")
    before = [talk async for talk in desk.storage.open_talks()]
    batches: list[list[str]] = []
    commit = desk.storage.commit

    async def counted(batch: Batch) -> tuple[int, ...]:
        batches.append([type(write).__name__ for write in batch])
        return await commit(batch)

    monkeypatch.setattr(desk.storage, "commit", counted)
    await publish(desk.storage, a_draft(NEWER), START, "admin", "other words", {"trial.first": "trial.when"})
    assert batches == [["PublishVersion", "AppendAudit", "PutSetting"]]
    assert len(before) == waiting
    assert [talk async for talk in desk.storage.open_talks()] == before
