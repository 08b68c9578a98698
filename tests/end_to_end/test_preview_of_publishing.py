"""What would change, for how many: stored turns gone through again, the next day's plan, and whoever waits."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.demo.sample_book import sample_book
from bot.loanbook.sources import BookMapping
from bot.services import replay_turns
from bot.services.import_loan_book import import_loan_book
from bot.services.in_flight import Waiting
from bot.services.live import Live
from bot.services.preview_publishing import Preview, preview_publishing
from bot.services.replay_turns import Change
from bot.spreadsheets.importing import book_items, options_of
from tests.end_to_end.small_desk import NEWER, beginning
from tests.end_to_end.terminals import START, Terminals
from tests.unit.services.small_draft import TRIAL, a_draft, changed


def words_in(value: Any) -> str:
    """Everything that a preview holds, as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(words_in(getattr(value, part.name)) for part in fields(value))
    return " ".join(words_in(part) for part in value) if isinstance(value, tuple) else str(value)


async def test_a_draft_that_is_the_live_version_changes_nothing(desk: Terminals):
    assert await preview_publishing(desk.storage, a_draft(), START) == Preview(1, 1, ())


async def test_turns_that_would_go_otherwise_are_counted_by_the_step_at_which_they_began(desk: Terminals):
    for chat in ("ann", "ben"):
        await beginning(desk, chat)
        await desk.say(chat, "1 December")
    await desk.say("ann", "no")
    other = TRIAL.replace("Do you need more time?", "Is more time needed?").replace(
        "Is this right?", "Shall I note it?"
    )
    found = await preview_publishing(desk.storage, a_draft(other), START)
    assert found.replayed is not None
    assert (found.replayed.turns, found.replayed.conversations, found.replayed.left_out) == (5, 2, 0)
    assert found.replayed.otherwise == 3
    assert found.replayed.changes == (
        Change("trial.first", "says it in other words or with other buttons", 2, 2, 0),
        Change("trial.second", "says it in other words or with other buttons", 1, 1, 0),
    )
    assert found.in_flight is not None
    assert found.in_flight.conversations == 2
    assert found.in_flight.waiting == (
        Waiting(1, "trial.card", "other words", 1, "finish in version 1"),
        Waiting(1, "trial.second", "other words", 1, "finish in version 1"),
    )
    assert found.refused == ()


async def test_a_step_that_is_gone_says_how_many_wait_there_and_where_a_map_takes_them(desk: Terminals):
    await beginning(desk, "ann")
    await desk.say("ann", "1 December")
    await beginning(desk, "ben")
    found = await preview_publishing(desk.storage, a_draft(NEWER), START, steps={"trial.first": "trial.when"})
    assert found.in_flight is not None
    assert Waiting(1, "trial.first", "gone", 1, "go on at trial.when in the new version") in found.in_flight.waiting
    assert found.replayed is not None
    assert Change("trial.first", "the step is gone", 1, 1, 0) in found.replayed.changes


async def test_the_words_of_borrowers_are_in_no_preview(desk: Terminals):
    await beginning(desk, "ann")
    secret = "my neighbour Xenia Quillfeather knows"
    await desk.say("ann", secret)
    found = await preview_publishing(desk.storage, a_draft(NEWER), START)
    assert found.replayed is not None
    assert found.replayed.turns == 2
    assert "Quillfeather" not in words_in(found)


async def test_a_turn_that_only_the_draft_fails_at_keeps_it_from_being_published(desk: Terminals, monkeypatch):
    await beginning(desk, "ann")
    going_through = replay_turns._gone_through

    def failing(live: Live, *more: Any) -> Any:
        return {}["no such step"] if live.number == 2 else going_through(live, *more)

    monkeypatch.setattr(replay_turns, "_gone_through", failing)
    found = await preview_publishing(desk.storage, a_draft(NEWER), START)
    assert found.refused == ("At no open question the turn fails (KeyError): 1 turns.",)


async def test_what_is_told_before_identity_is_proven_keeps_a_draft_from_being_published(desk: Terminals):
    await beginning(desk, "ann")
    telling = TRIAL.replace("Which day suits you?", "Your overdue loan, which day suits you?")
    found = await preview_publishing(desk.storage, a_draft(telling), START)
    assert found.refused == ("At no open question something of a debt is told before identity is proven: 1 turns.",)


@pytest.fixture
async def lenders_desk(desk: Terminals, tmp_path: Path) -> Terminals:
    """With the loans of the sample book."""
    book = tmp_path / "book.csv"
    book.write_text(sample_book(START.date()), encoding="utf-8")
    items = book_items(book, BookMapping(), options_of(desk.scripts.current, START), None)
    await import_loan_book(desk.storage, desk.scripts.current, items, START)
    return desk


async def test_the_next_days_reminders_are_compared_by_stage_rule_and_language(lenders_desk: Terminals):
    draft = changed(a_draft(), "dialogs/policies/generic.yaml", "tone: gentle", "tone: clear")
    found = await preview_publishing(lenders_desk.storage, draft, START)
    assert found.plans is not None
    assert found.plans.day == date(2026, 11, 26)
    assert found.plans.before == found.plans.after
    assert found.plans.rows == ()
    assert (found.plans.no_longer, found.plans.newly) == (0, 0)
