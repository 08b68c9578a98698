"""The one way from a text to its meaning.

In this order: one form for all ways of typing; the words, values and phrases of the borrower's language and of any other
that knows the message; the safety layer; the phrases; what the open question makes of it. A safety intent is never
hidden by an answer, and an answer never by what its bare value might mean without the question.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.understanding import Guess, HearingContext, SlotValue, Understanding
from bot.understanding import answers
from bot.understanding.book import PhraseBook
from bot.understanding.message import Message
from bot.understanding.normalize import normalize
from bot.understanding.ranking import by_phrases, by_words, safety
from bot.understanding.slots.choice import choose
from bot.understanding.slots.grammar import Candidate

#: Below this the bot asks back.
SURE_ENOUGH = 0.5
#: A rival this close makes the bot ask back.
MARGIN = 0.004
MOST_RIVALS = 3
#: A language that knows this share of the words reads a message, whatever the borrower's language is.
KNOWN_ENOUGH = 0.5

#: Safety intents that borrowers often give as a reason for something they ask; then what they ask is the intent.
_OFTEN_REASONS = frozenset({"hardship", "complaint", "request_human"})
_ASKED = frozenset({"request_extension", "promise_to_pay", "propose_instalments", "request_waiver", "ask_consequences"})
#: Intents that speak of what has been, so that "Tuesday" is the last one.
_PAST = frozenset({"already_paid", "dispute_debt"})
#: What "500 on Friday" means where nothing was asked; to a question it is just the answer.
_SAID_UNASKED = frozenset({"promise_to_pay"})


def understand(text: str, heard: HearingContext, phrases: PhraseBook) -> Understanding:
    """What the message means, or None as intent with at most three rivals where that is not clear enough.

    A message that only answers the open question has no intent and no rivals: its slot says it all.
    """
    messages = _read(text, heard, phrases)
    if not messages:
        return Understanding(intent=None, confidence=0.0)
    alarms = safety(messages)
    guesses = by_phrases(messages)
    if not guesses or guesses[0].confidence < SURE_ENOUGH:
        found = {guess.intent for guess in guesses}
        guesses = (*guesses, *(guess for guess in by_words(messages) if guess.intent not in found))
    decided = _decide(alarms, guesses)
    chosen = decided if decided is not None and decided.confidence >= SURE_ENOUGH else None
    main = messages[0]
    if not alarms and (chosen is None or not heard.asked):
        # In an open question "start again" is a cancel; without one it is the button of that name.
        chosen = answers.wish(main, heard) or chosen
    values = main.values(chosen is not None and chosen.intent in _PAST, heard.today)
    slots = _slots(main, values, chosen, heard, guesses)
    if not alarms and _only_answers(main, slots, values, chosen, heard):
        return Understanding(None, SURE_ENOUGH, slots, why="answers the open question")
    return _meaning(chosen, slots, guesses, alarms)


def _read(text: str, heard: HearingContext, book: PhraseBook) -> list[Message]:
    """The message in the borrower's language and in others that know its words; the one that knows most stands first.

    Whoever is in danger may say so in any language: one safety phrase is enough for a language to be heard.
    """
    read: list[Message] = []
    plain = normalize(text, "und")
    for tag, known in book.languages.items():
        message = Message(plain.folded(tag), known, heard.today)
        if tag == heard.language or message.understood() >= KNOWN_ENOUGH or message.alarming:
            read.append(message)
    return sorted(read, key=lambda m: (-m.understood(), m.known.language != heard.language))


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
    return asked if asked is not None and asked.confidence > own else alarm


def _slots(
    main: Message,
    values: Sequence[Candidate],
    chosen: Guess | None,
    heard: HearingContext,
    guesses: tuple[Guess, ...],
) -> tuple[SlotValue, ...]:
    """The values meant, the one that answers the open question first."""
    intent = chosen.intent if chosen else None
    picked = choose(values, main.words, main.known.slots.table.signs, intent)
    slots = tuple(answers.slot_of(main, candidate) for candidate in picked)
    answer = answers.read(main, values, heard, guesses)
    if answer is None:
        return slots
    return (answer, *(slot for slot in slots if slot.name != answer.name and not _overlap(slot, answer)))


def _overlap(one: SlotValue, other: SlotValue) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1] and "yes_no" not in (one.name, other.name)


def _only_answers(
    main: Message,
    slots: tuple[SlotValue, ...],
    values: Sequence[Candidate],
    chosen: Guess | None,
    heard: HearingContext,
) -> bool:
    """True where the message holds the value asked for and says nothing beside values and fillers."""
    names = {slot.name for slot in slots}
    if heard.expects == "yes_no" or not (heard.expects in names or ("choice" in names and heard.choices)):
        return False
    said = {place for value in values if value.reading.name for place in range(value.start, value.end)}
    return main.content <= said or chosen is None or chosen.intent in _SAID_UNASKED


def _meaning(
    chosen: Guess | None, slots: tuple[SlotValue, ...], guesses: tuple[Guess, ...], alarms: tuple[Guess, ...]
) -> Understanding:
    if chosen is None:
        confidence = guesses[0].confidence if guesses else 0.0
        return Understanding(None, confidence, slots, guesses[:MOST_RIVALS], alarms)
    rivals = tuple(guess for guess in guesses if guess.intent != chosen.intent)[:MOST_RIVALS]
    return Understanding(chosen.intent, chosen.confidence, slots, rivals, alarms, chosen.topic, chosen.why)
