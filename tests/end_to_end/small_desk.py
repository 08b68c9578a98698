"""Terminals where a small version 1 is live, and a draft to publish after it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.publish_scripts import load_or_publish
from bot.storage.open import open_storage
from tests.databases import sqlite_url_of
from tests.end_to_end.terminals import SECRET_KEY, START, Terminals, terminals
from tests.unit.services.small_draft import TRIAL, a_draft

#: Another name for the first question, and another question after it.
NEWER = TRIAL.replace("first:", "when:").replace("Do you need more time?", "Is more time needed?")


@pytest.fixture
async def desk(migrated_sqlite_file: Path, tmp_path: Path) -> AsyncIterator[Terminals]:
    """Terminals where a small version 1 is live."""
    path = tmp_path / "gracebot.db"
    shutil.copy(migrated_sqlite_file, path)
    url = sqlite_url_of(path)
    storage = await open_storage(url, (SECRET_KEY,))
    try:
        live = (await load_or_publish(storage, a_draft(), START)).live
    finally:
        await storage.close()
    async with terminals(url, live) as opened:
        yield opened


async def beginning(desk: Terminals, chat: str) -> None:
    await desk.sit(chat)
    assert "Which day suits you?" in await desk.say(chat, "/trial")
