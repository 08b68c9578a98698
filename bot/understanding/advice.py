"""A second opinion from outside: when it is worth asking for, what is asked, and what its answer counts.

Advice is one more guess. It never outweighs a safety phrase or what was understood without it, for neither is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.understanding import Guess, HearingContext, Understanding

#: However sure it says it is, advice is just sure enough to act on.
MOST_BY_ADVICE = 0.55
#: What decided where advice did.
BY_ADVICE = "the outside classifier"


def worth_asking(text: str, meaning: Understanding, heard: HearingContext) -> bool:
    """True where the bot would ask back: nothing understood, nothing urgent found, the open question not answered."""
    if meaning.intent is not None or meaning.safety or meaning.why:
        return False
    return any(map(str.isalpha, text)) and not any(slot.name == heard.expects for slot in meaning.slots)


def with_advice(guesses: Sequence[Guess], advised: str) -> tuple[Guess, ...]:
    """The guesses with the advised intent among them, the likeliest first."""
    own = next((guess for guess in guesses if guess.intent == advised), Guess(advised, 0.0, BY_ADVICE))
    raised = own if own.confidence >= MOST_BY_ADVICE else replace(own, confidence=MOST_BY_ADVICE, why=BY_ADVICE)
    others = (guess for guess in guesses if guess.intent != advised)
    return tuple(sorted((raised, *others), key=lambda guess: -guess.confidence))
