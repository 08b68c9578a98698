"""Everything that one message says: "already paid, stop texting me" is a claim and a wish, and the wish comes first.

The parts of a message are what stands between its marks; each part is read for itself, by phrases and by its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp

from bot.domain.understanding import SAFETY_INTENTS, Guess
from bot.understanding.features import features
from bot.understanding.learned import Learned
from bot.understanding.message import Message
from bot.understanding.ranking import BY_LIKENESS, of_matches, urgency
from bot.understanding.words import Kind

#: How sure a part of a message must be of its meaning.
_SURE = 0.6
#: Words a part needs; two Chinese characters count as one.
_FEWEST_WORDS = 2
#: Parts of one message that are looked at.
_MOST_PARTS = 8
#: What people say around what they mean.
_ASIDE = frozenset({"greet", "thanks", "affirm", "deny", "out_of_scope", "repeat"})


def meanings(
    messages: Sequence[Message], alarms: Sequence[Guess], chosen: Guess | None, learned: Learned | None
) -> tuple[Guess, ...]:
    """All meanings, the safest acts first, then the one that decided, then the others as they were said."""
    found = {guess.intent: guess for guess in (*alarms, *((chosen,) if chosen else ()))}
    for message in messages[:1]:
        parts = list(_parts(message))
        for start, end in parts if len(parts) > 1 else ():
            guess = _of_part(message, start, end, learned)
            if guess is not None and guess.intent not in _ASIDE:
                found.setdefault(guess.intent, guess)
    return tuple(sorted(found.values(), key=lambda guess: (urgency(guess.intent), guess is not chosen)))


def _parts(message: Message) -> Iterator[tuple[int, int]]:
    """The places of words between marks, for parts that say something."""
    start = 0
    shown = 0
    for place, word in enumerate((*message.words, None)):
        if word is not None and word.kind not in (Kind.MARK, Kind.END):
            continue
        told = sum(0.5 if word.is_han else 1.0 for word in message.words[start:place] if word.kind is Kind.WORD)
        if told >= _FEWEST_WORDS and shown < _MOST_PARTS:
            shown += 1
            yield start, place
        start = place + 1


def _of_part(message: Message, start: int, end: int, learned: Learned | None) -> Guess | None:
    """What a part means, where phrases within it or its words say so for certain."""
    within = [match for match in message.matches if start <= min(match.places) and max(match.places) < end]
    phrased = of_matches(within, message.total(start, end))
    if phrased and phrased[0].confidence >= _SURE:
        return phrased[0]
    if learned is None:
        return None
    text = message.normalized.text[message.words[start].start : message.words[end - 1].end]
    scores = learned.intents.sparse.scores(features(text))
    place = int(scores.argmax())
    intent, likely = learned.intents.names[place], exp(float(scores[place]))
    return Guess(intent, round(likely, 4), BY_LIKENESS) if likely >= _SURE and intent not in SAFETY_INTENTS else None
