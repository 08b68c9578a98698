"""Older versions of the dialogs, for conversations in the middle of a flow: each is made once, however many ask at once."""

from __future__ import annotations

import asyncio

from bot.services.live import LiveScripts
from bot.services.ports import ExactVersion
from tests.conversations.shipped import shipped


class NoVersions:
    """A storage without published versions that counts how often it is asked for one."""

    def __init__(self) -> None:
        self.asked = 0

    async def version(self, number: int) -> ExactVersion | None:
        self.asked += 1
        await asyncio.sleep(0)
        return None


async def test_many_conversations_that_need_an_older_version_have_it_made_once() -> None:
    storage = NoVersions()
    scripts = LiveScripts(storage, shipped())
    found = await asyncio.gather(*(scripts.numbered(shipped().number + 7) for _ in range(5)))
    assert storage.asked == 1
    assert {live.number for live in found} == {shipped().number}
