"""A version that another process published and this one cannot compile: the last good one stays live, and readiness says so."""

from __future__ import annotations

from bot.services.writes import PublishVersion
from tests.end_to_end.running.installation import Installation, known_borrower, now
from tests.end_to_end.running.program import PATIENCE, ending


async def test_the_last_good_version_goes_on_talking(on_sqlite: Installation) -> None:
    person = on_sqlite.add_person("T-1")
    async with on_sqlite.storage() as storage, ending(await on_sqlite.start()) as bot:
        await storage.commit(known_borrower(person, due_in_days=10))
        await bot.until_ready()
        await storage.commit((PublishVersion(2, (("dialogs/flows/x.yaml", "flow: ["),), "digest", now(), "test", ""),))
        told = await bot.until_ready(False)
        assert told["scripts"] == "version 2 does not compile here; version 1 stays live"
        await person.say("how much do I owe?")
        assert "£100.00 is due" in (await person.next_message(PATIENCE)).text
