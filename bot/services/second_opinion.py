"""Second opinion: what a message means, with an outside classifier asked where the bot would otherwise ask back.

The outside sees no names, numbers or references, and its answer counts only as an intent of the contract. No transaction
is open meanwhile, and whatever goes wrong out there, the message means what it meant without it.
"""

from __future__ import annotations

from bot.domain.understanding import Understanding
from bot.services.ports import Adviser
from bot.understanding.advice import worth_asking
from bot.understanding.phrases import PhraseBook
from bot.understanding.redacting import redacted
from bot.understanding.softmax import Floats
from bot.understanding.understand import Reading, meaning_of


async def heard_with(
    adviser: Adviser | None, reading: Reading, phrases: PhraseBook, vector: Floats | None = None
) -> Understanding:
    """The meaning of a message that was read, as `meaning_of` gives it, or as advised."""
    meaning = meaning_of(reading, vector)
    contract = phrases.contract
    if adviser is None or contract is None or not worth_asking(reading.text, meaning, reading.heard):
        return meaning
    asked = redacted(reading.text, reading.heard.names, phrases.knows)
    advised = await adviser.intent_of(asked, {name: intent.example for name, intent in contract.intents.items()})
    return meaning_of(reading, vector, advised) if advised in contract.intents else meaning
