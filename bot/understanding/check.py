"""Checking a phrase book: duplicates, unknown intents and topics, quotas, and phrases that another intent steals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice

from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.domain.understanding import SAFETY_INTENTS, HearingContext
from bot.understanding.book import Example, LanguagePhrases, Part, Phrase, PhraseBook
from bot.understanding.intents import Contract
from bot.understanding.notation import sentences
from bot.understanding.phrase_files import as_warnings, held, language_of
from bot.understanding.understand import understand

#: A Saturday, so that weekdays in examples lie ahead.
_ANY_DAY = date(2026, 11, 21)
#: Sentences of a phrase that are looked at; the shortest say the least and are stolen first.
_SENTENCES = 40


@lru_cache(maxsize=4)
def check_phrases(book: PhraseBook) -> tuple[Diagnostic, ...]:
    """What is wrong with the phrases, among themselves and against the contract where the book has one.

    Every phrase is also read as a message, which takes about half a second for two languages; a book is read once.
    """
    problems: list[Diagnostic] = []
    for known in book.languages.values():
        found = [*_duplicates(known), *_unclear(known)]
        found += (p for phrase in known.phrases if phrase.part is not Part.EXCEPT for p in _stolen(book, known, phrase))
        # A language may stand on another one, whose phrases are checked where they are written.
        found = [problem for problem in found if language_of(problem.place.file) == known.language]
        if book.contract is not None:
            found += _against(book.contract, known)
        problems += found if held(book.contract, known.language) else as_warnings(found)
    return tuple(sorted(problems, key=lambda problem: problem.place))


def _duplicates(known: LanguagePhrases) -> Iterator[Diagnostic]:
    """The same short sentence in two intents, once for each two lines. Of long phrases only short forms are compared."""
    first: dict[tuple[bool, tuple[str, ...]], Phrase] = {}
    told: set[tuple[Place, Place]] = set()
    for phrase in known.phrases:
        if phrase.part is Part.EXCEPT:
            continue
        for sentence in islice(sentences(phrase.pattern), _SENTENCES):
            other = first.setdefault((phrase.part is Part.ALONE, sentence), phrase)
            if other.intent == phrase.intent or (phrase.place, other.place) in told:
                continue
            told.add((phrase.place, other.place))
            said = known.written(sentence)
            yield Diagnostic(
                phrase.place,
                "U011",
                f'"{said}" stands for {phrase.intent} here and for {other.intent} in {other.place}.',
                "Keep it in one of the two.",
                Severity.WARNING,
            )


def _unclear(known: LanguagePhrases) -> Iterator[Diagnostic]:
    """Examples of one intent that stand, but for capitals and signs, for another one as well."""
    first: dict[str, Example] = {}
    for example in known.examples:
        plain = "".join(letter for letter in example.text.casefold() if letter.isalnum())
        other = first.setdefault(plain, example)
        if other.intent != example.intent:
            yield Diagnostic(
                example.place,
                "U015",
                f'"{example.text}" is an example of {example.intent} here and of {other.intent} in {other.place}.',
                "Keep it in one of the two.",
                Severity.WARNING,
            )


def _against(contract: Contract, known: LanguagePhrases) -> Iterator[Diagnostic]:
    """Files of unknown intents, unknown topics, and intents with too few phrases."""
    count: dict[str, int] = {}
    for phrase in known.phrases:
        count[phrase.intent] = count.get(phrase.intent, 0) + (phrase.part is not Part.EXCEPT) * _ways(phrase)
        intent = contract.intents.get(phrase.intent)
        if intent is None and count[phrase.intent] <= _ways(phrase):
            sentence = f'"{phrase.intent}" is no intent.{did_you_mean(phrase.intent, contract.intents)}'
            yield Diagnostic(
                Place(phrase.place.file), "U012", sentence, "Name the file after an intent of intents.yaml."
            )
    everything: tuple[Phrase | Example, ...] = (*known.phrases, *known.examples)
    for said in everything:
        intent = contract.intents.get(said.intent)
        if intent is not None and said.topic is not None and said.topic not in intent.topics:
            sentence = f'"{said.topic}" is no topic of {said.intent}.{did_you_mean(said.topic, intent.topics)}'
            yield Diagnostic(said.place, "U012", sentence, f"Known are {', '.join(intent.topics)}.")
    for intent in contract.intents.values():
        if count.get(intent.name, 0) < intent.phrases:
            yield Diagnostic(
                intent.place,
                "U013",
                f"{known.language} has {count.get(intent.name, 0)} ways to say {intent.name}; it needs {intent.phrases}.",
                "Write more, as people there would say it.",
                Severity.ERROR if intent.safety else Severity.WARNING,
            )


def _ways(phrase: Phrase) -> int:
    """How many sentences a line stands for, counted up to a limit so that one line cannot fill a quota."""
    return len(list(islice(sentences(phrase.pattern), 5)))


def _stolen(book: PhraseBook, known: LanguagePhrases, phrase: Phrase) -> Iterator[Diagnostic]:
    shortest: tuple[str, ...] = min(islice(sentences(phrase.pattern), _SENTENCES), key=len)
    said = known.written(shortest)
    meant = understand(said, HearingContext(known.language, _ANY_DAY), book)
    if meant.intent == phrase.intent or phrase.intent in (guess.intent for guess in meant.safety):
        return
    asked_back = meant.intent is None and phrase.intent in (guess.intent for guess in meant.rivals)
    if asked_back and phrase.intent not in SAFETY_INTENTS:
        return  # too short to act on, but among what the bot asks back with
    thief = meant.intent or "nothing"
    yield Diagnostic(
        phrase.place,
        "U014",
        f'"{said}" is written for {phrase.intent}, but means {thief} to the bot ({meant.why or "nothing decided"}).',
        "Make it longer, or take it out of one of the two.",
        Severity.ERROR if phrase.intent in SAFETY_INTENTS else Severity.WARNING,
    )
