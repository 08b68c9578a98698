"""From phrases found to meanings: the safety layer first, then each intent by how much of the message speaks for it.

Rankers give guesses, which are put in order of how likely they are. The classifier is one of them: it can add a
candidate, and can never take away what the safety layer found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

from bot.domain.understanding import SAFETY_INTENTS, Guess
from bot.understanding.book import Part, Phrase
from bot.understanding.message import Match, Message, without_contained

#: What a phrase must tell to be as likely right as wrong.
_HALF_SURE = 0.9
SURE_OF_SAFETY = 0.9
#: Single words are never surer than this, and say nothing below that share.
_MOST_BY_WORDS = 0.49
_LEAST_TOLD = 0.3
#: What a phrase that is sure weighs against the classifier.
_BY_PHRASE = 8.0
#: What a value in the message weighs.
_BY_VALUE = 0.8
#: What decided where no phrase did.
BY_LIKENESS = "the classifier"


def safety(messages: Sequence[Message]) -> tuple[Guess, ...]:
    """Every safety intent whose explicit phrases were found, most urgent first."""
    found: dict[str, Guess] = {}
    for message in messages:
        taken_back = [match for match in message.matches if match.phrase.part is Part.EXCEPT]
        for match in message.matches:
            intent = match.phrase.intent
            if not _acts(match.phrase) or any(
                other.phrase.intent == intent and other.places & match.places for other in taken_back
            ):
                continue
            found.setdefault(intent, Guess(intent, SURE_OF_SAFETY, str(match.phrase)))
    return tuple(sorted(found.values(), key=lambda guess: urgency(guess.intent)))


def _acts(phrase: Phrase) -> bool:
    """A safety phrase, or one that says it all alone: "stop"."""
    return phrase.part is Part.SAFETY or (phrase.part is Part.ALONE and phrase.intent in SAFETY_INTENTS)


def urgency(intent: str) -> int:
    """The place in the order of urgency; what is not in it comes last."""
    return SAFETY_INTENTS.index(intent) if intent in SAFETY_INTENTS else len(SAFETY_INTENTS)


def by_phrases(messages: Iterable[Message]) -> tuple[Guess, ...]:
    """One guess for each intent with a phrase in the message, the likeliest first."""
    best: dict[str, Guess] = {}
    for message in messages:
        for guess in of_matches(message.matches, message.total()):
            if guess.intent not in best or guess.confidence > best[guess.intent].confidence:
                best[guess.intent] = guess
    return tuple(sorted(best.values(), key=_likeliest))


def of_matches(found: Sequence[Match], total: float) -> tuple[Guess, ...]:
    """One guess for each intent of these phrases; `total` is how much all the words that they stand among could tell."""
    matches = without_contained(match for match in found if match.phrase.part is not Part.EXCEPT)
    taken_back = [match for match in found if match.phrase.part is Part.EXCEPT]
    guesses: list[Guess] = []
    for intent in {match.phrase.intent for match in matches}:
        own = [
            match
            for match in matches
            if match.phrase.intent == intent
            and not any(x.phrase.intent == intent and x.places & match.places for x in taken_back)
        ]
        if own:
            guesses.append(_guess(intent, own, total))
    return tuple(sorted(guesses, key=_likeliest))


def _likeliest(guess: Guess) -> tuple[float, int, str]:
    return (-guess.confidence, urgency(guess.intent), guess.intent)


def _guess(intent: str, matches: Sequence[Match], total: float) -> Guess:
    """How sure the phrases of one intent are: what they tell together, and how little of the message they leave out."""
    places: dict[int, float] = {}
    for match in matches:
        for place, weight in match.weights:
            places[place] = max(places.get(place, 0.0), weight)
    told = sum(places.values())
    covered = min(1.0, told / total) if total else 1.0
    strength = told / (told + _HALF_SURE)
    telling = max(matches, key=lambda match: (match.weight, match.phrase.text))
    topic = next((m.phrase.topic for m in sorted(matches, key=lambda m: -m.weight) if m.phrase.topic), None)
    return Guess(intent, round(strength + (1 - strength) * 0.8 * covered, 4), str(telling.phrase), topic)


def by_words(messages: Iterable[Message]) -> tuple[Guess, ...]:
    """Where no phrase was found: the intents whose phrases use the words of the message, words of few intents first.

    These are guesses to ask back with; alone they are never sure enough to act.
    """
    best: dict[str, float] = {}
    for message in messages:
        signs = message.signs()
        everyone = len({phrase.intent for phrase in message.known.phrases}) + 1
        for intent, told in _told(signs, message.known.signs, everyone).items():
            best[intent] = max(best.get(intent, 0.0), told)
    guesses = [
        Guess(intent, round(_MOST_BY_WORDS * told, 4), "single words")
        for intent, told in best.items()
        if told >= _LEAST_TOLD
    ]
    return tuple(sorted(guesses, key=_likeliest))


def with_learning(
    guesses: Sequence[Guess], scores: Mapping[str, float], hints: Mapping[str, float]
) -> tuple[Guess, ...]:
    """What phrases and the classifier say together, the likeliest first.

    `scores` are logarithms of how likely the classifier finds each intent; `hints` is what the values in the message
    speak for. Confidences add up to 1.
    """
    phrased = {guess.intent: guess for guess in guesses}
    told = {
        intent: score + _BY_PHRASE * (phrased[intent].confidence if intent in phrased else 0.0) + hints.get(intent, 0.0)
        for intent, score in scores.items()
    }
    most = max(told.values())
    raised = {intent: exp(score - most) for intent, score in told.items()}
    total = sum(raised.values())
    found = [
        Guess(
            intent,
            round(share / total, 4),
            phrased[intent].why if intent in phrased else BY_LIKENESS,
            phrased[intent].topic if intent in phrased else None,
        )
        for intent, share in raised.items()
    ]
    return tuple(sorted(found, key=_likeliest))


def hints(messages: Sequence[Message]) -> dict[str, float]:
    """What the values in a message speak for: a day ahead for a promise, days for more time, a count for instalments."""
    if not messages:
        return {}
    main = messages[0]
    found: dict[str, float] = {}
    for candidate in main.candidates:
        reading = candidate.reading
        if reading.day is not None and reading.day < main.today:
            found["already_paid"] = _BY_VALUE
        elif reading.name == "date":
            found |= {"promise_to_pay": _BY_VALUE, "request_extension": _BY_VALUE}
        elif reading.name == "days":
            found["request_extension"] = _BY_VALUE
        elif reading.name == "instalments":
            found["propose_instalments"] = _BY_VALUE * 2
        elif reading.name == "amount":
            found["promise_to_pay"] = max(found.get("promise_to_pay", 0.0), _BY_VALUE / 2)
    if "?" in main.normalized.text and "promise_to_pay" in found:
        found["promise_to_pay"] -= _BY_VALUE
    return found


def _told(signs: Sequence[str], users: Mapping[str, frozenset[str]], everyone: int) -> dict[str, float]:
    """For each intent the share of what the signs could tell that speaks for it."""
    told: dict[str, float] = {}
    most = 0.0
    for sign in signs:
        intents = users.get(sign, frozenset())
        telling = log(everyone / len(intents)) if intents else log(everyone) / 2
        most += telling
        for intent in intents:
            told[intent] = told.get(intent, 0.0) + telling
    return {intent: weight / most for intent, weight in told.items()} if most else {}
