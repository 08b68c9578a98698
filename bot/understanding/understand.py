"""The one way from a text to its meaning.

In this order: one form for all ways of typing; the words, values and phrases of the borrower's language and of any other
that knows the message; the safety layer; the phrases; what the open question makes of it. A safety intent is never
hidden by an answer, and an answer never by what its bare value might mean without the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.understanding import SAFETY_INTENTS, Guess, HearingContext, SlotValue, Understanding
from bot.understanding import answers
from bot.understanding.advice import with_advice
from bot.understanding.book import PhraseBook
from bot.understanding.features import features_of
from bot.understanding.learned import Learned
from bot.understanding.meanings import meanings
from bot.understanding.message import Message
from bot.understanding.normalize import Normalized, normalize
from bot.understanding.ranking import by_phrases, by_words, hints, safety, with_learning
from bot.understanding.slots.choice import choose
from bot.understanding.slots.grammar import Candidate
from bot.understanding.softmax import Floats
from bot.understanding.words import Kind, split
from bot.understanding.written_in import could_read, written_in

#: Below this the bot asks back.
SURE_ENOUGH = 0.5
#: A rival this close makes the bot ask back.
MARGIN = 0.004
MOST_RIVALS = 3
#: A language that knows this share of the words reads a message, whatever the borrower's language is.
KNOWN_ENOUGH = 0.5
#: A phrase this sure, and so far before any other, needs no second opinion.
_SURE_BY_PHRASE = 0.85
_CLEARLY = 0.2
#: How likely all safety intents together must be for the likeliest of them to act, and what another must be to outweigh it.
_LIKELY_ALARM = 0.45
_SURE_OF_ELSE = 0.5
#: Words that are too few for the classifier to raise an alarm.
_FEW_WORDS = 2
_SURE_OF_TOPIC = 0.3
#: What is said around a question, or needs a person before any answer.
_NO_QUESTIONS = frozenset({"affirm", "deny", "greet", "thanks", "insult", "out_of_scope", "cancel", "repeat"})
_SURE_OF_QUESTION = 0.3

#: Safety intents that borrowers often give as a reason for something they ask; then what they ask is the intent.
_OFTEN_REASONS = frozenset({"hardship", "complaint", "request_human"})
_ASKED = frozenset({"request_extension", "promise_to_pay", "propose_instalments", "request_waiver", "ask_consequences"})
#: Intents that speak of what has been, so that "Tuesday" is the last one.
_PAST = frozenset({"already_paid", "dispute_debt"})
#: What "500 on Friday" means where nothing was asked; to a question it is just the answer.
_SAID_UNASKED = frozenset({"promise_to_pay"})


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A message as far as rules can read it, and what is left for the classifier."""

    text: str
    heard: HearingContext
    messages: tuple[Message, ...]  # the language that knows most of it first
    alarms: tuple[Guess, ...]
    phrased: tuple[Guess, ...]
    language: str | None
    features: tuple[int, ...]
    learned: Learned | None

    @property
    def settled(self) -> bool:
        """True where the text's vector would change nothing: rules decide, or no classifier could use it."""
        if self.learned is None or not self.learned.by_sense or not self.messages or self.alarms:
            return True
        if answers.wish(self.messages[0], self.heard) is not None or _is_bare(self.messages[0]):
            return True
        if not self.phrased or self.phrased[0].confidence < _SURE_BY_PHRASE:
            return False
        return len(self.phrased) == 1 or self.phrased[0].confidence - self.phrased[1].confidence >= _CLEARLY


def understand(
    text: str,
    heard: HearingContext,
    phrases: PhraseBook,
    learned: Learned | None = None,
    vector: Floats | None = None,
) -> Understanding:
    """What the message means, or None as intent with at most three rivals where that is not clear enough.

    A message that only answers the open question has no intent and no rivals: its slot says it all. `learned` is the
    classifier and `vector` what its encoder makes of the text; without them the phrases decide alone.
    """
    return meaning_of(read(text, heard, phrases, learned), vector)


def read(text: str, heard: HearingContext, phrases: PhraseBook, learned: Learned | None = None) -> Reading:
    """The message read by rules; whether the encoder is worth asking is `Reading.settled`."""
    plain = normalize(text, "und")
    found = features_of(plain.folded("zh").text) if learned is not None else ()
    language = written_in(plain.text, heard.language, phrases.languages, found, learned)
    messages = _read(plain, heard, phrases, language)
    return Reading(text, heard, messages, safety(messages), by_phrases(messages), language, found, learned)


def meaning_of(reading: Reading, vector: Floats | None = None, advised: str | None = None) -> Understanding:
    """What a message that was read means; `vector` is the encoder's, for a reading that is not settled.

    `advised` is the intent that an outside classifier found, where this gave none.
    """
    messages, heard, alarms = reading.messages, reading.heard, reading.alarms
    if not messages:
        return Understanding(intent=None, confidence=0.0)
    main = messages[0]
    guesses = _guesses(reading, vector)
    if advised is not None:
        guesses = with_advice(guesses, advised)
    alarms = alarms or _likely_alarm(reading, guesses)
    decided = _decide(alarms, guesses, MARGIN if reading.learned is None else 0.0)
    chosen = decided if decided is not None and decided.confidence >= SURE_ENOUGH else None
    if not alarms and (chosen is None or not heard.asked):
        # In an open question "start again" is a cancel; without one it is the button of that name.
        chosen = answers.wish(main, heard) or chosen
    values = main.values(chosen is not None and chosen.intent in _PAST, heard.today)
    slots = _slots(main, values, chosen, heard, guesses)
    if not alarms and _only_answers(main, slots, values, chosen, heard):
        return Understanding(None, SURE_ENOUGH, slots, why="answers the open question", language=reading.language)
    meaning = _meaning(chosen, slots, guesses, alarms)
    everything = meanings(messages, alarms, chosen, reading.learned)
    return _with_kinds(replace(meaning, language=reading.language, meanings=everything), reading, vector)


def _read(plain: Normalized, heard: HearingContext, book: PhraseBook, written: str | None) -> tuple[Message, ...]:
    """The message in the languages that it may be written in; the one that knows most of it stands first.

    Whoever is in danger may say so in any language: one safety phrase is enough for a language to be heard.
    """
    messages: list[Message] = []
    words = [word.text for word in split(plain.text) if word.kind is Kind.WORD]
    own = 0.0
    for tag in could_read(book, words, heard.language, written):
        message = Message(plain.folded(tag), book.languages[tag], heard.today)
        known = message.understood()
        own = known if tag == heard.language else own
        # What both languages know is said in the borrower's own.
        better = known >= KNOWN_ENOUGH and known > own
        if tag in (heard.language, written) or better or message.alarming:
            messages.append(message)
    if not messages:  # in a language nobody has written phrases for, digits are digits all the same
        messages = [Message(plain.folded(tag), book.languages[tag], heard.today) for tag in tuple(book.languages)[:1]]
    return tuple(sorted(messages, key=lambda m: (-m.understood(), m.known.language != heard.language)))


def _guesses(reading: Reading, vector: Floats | None) -> tuple[Guess, ...]:
    """All that the message may mean, the likeliest first."""
    guesses, learned = reading.phrased, reading.learned
    if learned is not None:
        scores = learned.intents.scores(reading.features, vector)
        return with_learning(
            guesses, dict(zip(learned.intents.names, map(float, scores), strict=True)), hints(reading.messages)
        )
    if not guesses or guesses[0].confidence < SURE_ENOUGH:
        found = {guess.intent for guess in guesses}
        return (*guesses, *(guess for guess in by_words(reading.messages) if guess.intent not in found))
    return guesses


def _likely_alarm(reading: Reading, guesses: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """A safety intent that no phrase tells of, where the classifier finds one likely enough to be safe rather than right.

    A word or two prove nothing: many short answers look like something terrible.
    """
    if reading.learned is None or _is_bare(reading.messages[0]):
        return ()
    urgent = [guess for guess in guesses if guess.intent in SAFETY_INTENTS]
    likely = sum(guess.confidence for guess in urgent)
    if not urgent or likely < _LIKELY_ALARM or (urgent[0] is not guesses[0] and guesses[0].confidence >= _SURE_OF_ELSE):
        return ()
    return (replace(urgent[0], confidence=max(urgent[0].confidence, SURE_ENOUGH)),)


def _is_bare(message: Message) -> bool:
    """A word or two, or a value."""
    return sum(0.5 if message.words[place].is_han else 1.0 for place in message.content) <= _FEW_WORDS


def _with_kinds(meaning: Understanding, reading: Reading, vector: Floats | None) -> Understanding:
    """The topic and the question of what was asked, where phrases do not tell them."""
    learned, topic, question = reading.learned, meaning.topic, None
    if learned is None or meaning.intent is None:
        return meaning
    if meaning.intent == "ask_consequences" and topic is None and learned.topics is not None:
        name, likely = learned.topics.best(reading.features, vector)
        topic = name if name and likely >= _SURE_OF_TOPIC else None
    if meaning.intent not in _NO_QUESTIONS and learned.questions is not None:
        name, likely = learned.questions.best(reading.features, vector)
        question = name if likely >= _SURE_OF_QUESTION else None
    return replace(meaning, topic=topic, question=question)


def _decide(alarms: tuple[Guess, ...], guesses: tuple[Guess, ...], margin: float) -> Guess | None:
    """The most urgent alarm, unless it is only the reason for something clearly asked; else the likeliest guess."""
    if not alarms:
        unclear = len(guesses) > 1 and guesses[0].confidence - guesses[1].confidence < margin
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
