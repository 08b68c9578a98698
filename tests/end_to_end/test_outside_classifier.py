"""A turn with an outside classifier: what rules leave open is decided by a model on this machine, holding nothing meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.outbound.outside_classifier import OutsideClassifier
from bot.services.handle_inbound import PlainEars
from tests.end_to_end.terminals import Terminals
from tests.fakes.chat_model import chat_model

UNCLEAR = "the moon over the harbour is purple, Amina"


async def test_what_the_model_says_is_meant_is_answered(office: Terminals) -> None:
    await office.sit("sam", "S-4", "en")
    expected = await office.say("sam", "how much do i owe")
    async with chat_model() as model:
        model.says('{"intent": "ask_balance"}')
        office.ears = PlainEars(OutsideClassifier(model.url, "small", None, 10, office.clock))
        assert await office.say("sam", UNCLEAR) == expected
        assert "Amina" not in str(model.asked)
        model.status = 500
        assert await office.say("sam", UNCLEAR) != expected


async def test_storage_is_free_while_the_model_is_asked(office: Terminals) -> None:
    class Busy:
        """Another borrower is heard and answered while this one's message is out."""

        async def intent_of(self, text: str, intents: Mapping[str, str]) -> str | None:
            office.ears = PlainEars()
            async with asyncio.timeout(10):
                self.meanwhile = await office.say("ana", "how much do i owe")
            return None

    busy = Busy()
    await office.sit("sam", "S-4", "en")
    await office.sit("ana", "S-5", "en")
    office.ears = PlainEars(busy)
    await office.say("sam", UNCLEAR)
    assert "loan ending in 5001" in busy.meanwhile
