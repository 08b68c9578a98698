"""The one way from a text to its meaning.

In this order: one form for all ways of typing; the words, values and phrases of the borrower's language and of any other
that knows the message better; the safety layer; the phrases; what the open question makes of it. A safety intent is
never hidden by an answer, and an answer never by a weak guess.
"""

from __future__ import annotations

from bot.domain.understanding import Guess, HearingContext, SlotValue, Understanding
from bot.understanding import answers
from bot.understanding.message import Message
from bot.understanding.normalize import normalize
from bot.understanding.book import PhraseBook
from bot.understanding.ranking import by_phrases, by_words, safety
from bot.understanding.slots.choice import choose
from bot.understanding.slots.grammar import Candidate

#: Below this the bot asks back.
SURE_ENOUGH = 0.5
#: A rival this close makes the bot ask back.
MARGIN = 0.004
MOST_RIVALS = 3

#: Safety intents that borrowers often give as a reason for something they ask; then what they ask is the intent.
_OFTEN_REASONS = frozenset({"hardship", "complaint", "request_human"})
_ASKED = frozenset({"request_extension", "promise_to_pay", "propose_instalments", "request_waiver", "ask_consequences"})
#: So much surer may the reason be than what is asked.
_REASON_YIELDS = 0.0
#: Intents that speak of what has been.
_PAST = frozenset({"already_paid", "dispute_debt"})


def understand(text: str, heard: HearingContext, phrases: PhraseBook) -> Understanding:
    """What the message means, or None as intent with at most three rivals where that is not clear enough."""
    messages = _read(text, heard, phrases)
    if not messages:
        return Understanding(intent=None, confidence=0.0)
    alarms = safety(messages)
    guesses = by_phrases(messages)
    if not guesses or guesses[0].confidence < SURE_ENOUGH:
        found = {guess.intent for guess in guesses}
        guesses = (*guesses, *(guess for guess in by_words(messages) if guess.intent not in found))
    best = _decide(alarms, guesses)
    chosen = best if best is not None and best.confidence >= SURE_ENOUGH else None
    main = messages[0]
    values = main.values(chosen is not None and chosen.intent in _PAST, heard.today)
    picked = choose(values, main.words, main.known.slots.table.signs, chosen.intent if chosen else None)
    slots = tuple(_slot(main, candidate) for candidate in picked)
    answer = answers.read(main, values, heard, guesses)
    return _result(chosen, slots, guesses, alarms, answer, heard)


def _read(text: str, heard: HearingContext, book: PhraseBook) -> list[Message]:
    """The message in the borrower's language, and in others that know its words; the one that knows most stands first."""
    read: list[Message] = []
    for tag, known in book.languages.items():
        normalized = normalize(text, tag)
        message = Message(normalized, known, heard.today)
        if tag == heard.language or message.understood() >= 0.5 or any(m.phrase for m in message.matches):
            read.append(message)
    return sorted(read, key=lambda m: (-m.understood(), m.language() != heard.language))


def _decide(alarms: tuple[Guess, ...], guesses: tuple[Guess, ...]) -> Guess | None:
    """The most urgent alarm, unless it is only the reason for something clearly asked; else the likeliest guess."""
    if not alarms:
        unclear = len(guesses) > 1 and guesses[0].confidence - guesses[1].confidence < MARGIN
        return guesses[0] if guesses and not unclear else None
    alarm = alarms[0]
    if alarm.intent not in _OFTEN_REASONS:
        return alarm
    own = next((guess.confidence for guess in guesses if guess.intent == alarm.intent), 0.0)
    asked = next((guess for guess in guesses if guess.intent in _ASKED), None)
    return asked if asked is not None and asked.confidence > own - _REASON_YIELDS else alarm


def _slot(message: Message, candidate: Candidate) -> SlotValue:
    first, last = message.words[candidate.start], message.words[candidate.end - 1]
    reading = candidate.reading
    return SlotValue(
        reading.name,
        message.normalized.span(first.start, last.end),
        amount=reading.amount,
        day=reading.day,
        number=reading.number,
        text=reading.text,
        alternatives=reading.alternatives,
    )


def _result(
    chosen: Guess | None,
    slots: tuple[SlotValue, ...],
    guesses: tuple[Guess, ...],
    alarms: tuple[Guess, ...],
    answer: SlotValue | None,
    heard: HearingContext,
) -> Understanding:
    if answer is not None:
        slots = (answer, *(slot for slot in slots if slot.name != answer.name and not _overlap(slot, answer)))
    if chosen is None:
        rivals = guesses[:MOST_RIVALS]
        confidence = rivals[0].confidence if rivals else 0.0
        why = f"answers the open question for {heard.expects}" if answer else ""
        return Understanding(None, confidence, slots, () if answer else rivals, alarms, None, why)
    rivals = tuple(guess for guess in guesses if guess.intent != chosen.intent)[:MOST_RIVALS]
    return Understanding(chosen.intent, chosen.confidence, slots, rivals, alarms, chosen.topic, chosen.why)


def _overlap(one: SlotValue, other: SlotValue) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]
