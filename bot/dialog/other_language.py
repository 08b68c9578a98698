"""Somebody who keeps writing in another language that the bot speaks is told so once. The bot never switches by itself.

One message proves little: people quote, mix and borrow words. Two in a row, each of several words, are an answer to no question
but a habit.
"""

from __future__ import annotations

from bot.dialog.speech import shared
from bot.dialog.walk import Walk
from bot.texts.languages import canonical_tag, native_name

#: What a message needs to count: so many words, or characters where words are not set apart.
_WORDS, _CHARACTERS = 3, 4
_OFFERED, _LAST = "language_offered", "wrote_in"


def offer_language(walk: Walk, text: str) -> None:
    """Adds one line after the answer, the second time in a row, and never again in this conversation."""
    conversation = walk.turn.situation.conversation
    own = conversation.language if conversation is not None else None
    wrote = walk.turn.understanding.language
    if own is None or not _says_enough(text) or walk.remembered.get(_OFFERED):
        return
    other = canonical_tag(wrote) if wrote is not None else own
    if other == own or other not in walk.turn.languages:
        walk.remembered.pop(_LAST, None)
    elif walk.remembered.get(_LAST) != other:
        walk.remembered[_LAST] = other
    else:
        walk.remembered.pop(_LAST)
        walk.remembered[_OFFERED] = True
        walk.extra["language_name"] = native_name(other)
        walk.say([shared(walk.facts(), "offer_language")])
        walk.trace.append(f"offered {other}")


def _says_enough(text: str) -> bool:
    return len(text.split()) >= _WORDS or sum(letter >= "\u2e80" for letter in text) >= _CHARACTERS
