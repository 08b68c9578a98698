from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bot.domain.understanding import HearingContext, Understanding
from bot.understanding.corpus import Lesson, lessons
from bot.understanding.features import features, features_by_word
from bot.understanding.learned import Learned, digest_of, learn, texts_to_encode
from bot.understanding.phrases import PhraseBook
from bot.understanding.understand import meaning_of, read, understand
from tests.unit.understanding.books import ENGLISH, a_book

_EXAMPLES = {
    "promise_to_pay": ("the money is yours when my wages come in", "you get it back, give me until payday"),
    "request_extension": ("any chance of a later date for this", "could the deadline move a bit please"),
    "stop_contact": ("leave me alone with these texts", "take my number off your list for good"),
    "ask_consequences": ("so what do you people do to someone like me", "and then what will you do to me"),
}
_SPANISH = ("te pago cuando cobre mi sueldo", "dame unos días más por favor", "ya no me escriban nunca más")


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    files = {
        intent: ENGLISH[f"en/phrases/{intent}.yaml"] + "examples: |\n" + "".join(f"  {text}\n" for text in texts)
        for intent, texts in _EXAMPLES.items()
    }
    files["ask_consequences"] += (
        "topic_examples:\n  legal: |\n    will a judge hear about this\n    take me before a judge\n"
    )
    files["ask_consequences"] += "questions:\n  Q24: |\n    who comes to my door\n    do you send people home\n"
    files["ask_consequences"] += "  Q34: |\n    is prison next\n    could i land in prison\n"
    return a_book(**files)


@pytest.fixture(scope="module")
def learned(book: PhraseBook) -> Learned:
    spanish = [Lesson(text, "es", "greet", None, None, own=True) for text in _SPANISH * 3]
    return learn([*lessons(book), *spanish], None)


def hear(text: str, book: PhraseBook, learned: Learned | None, **context: object) -> Understanding:
    return understand(text, HearingContext("en", date(2026, 11, 21), **context), book, learned)  # type: ignore[arg-type]


def test_what_no_phrase_says_is_understood_by_examples_that_are_alike(book: PhraseBook, learned: Learned) -> None:
    text = "could the deadline be moved to a later date"
    assert hear(text, book, None).intent is None
    meaning = hear(text, book, learned)
    assert (meaning.intent, meaning.why) == ("request_extension", "the classifier")


def test_the_classifier_never_takes_a_safety_phrase_back(book: PhraseBook, learned: Learned) -> None:
    meaning = hear("could the deadline move to a later date, stop texting me", book, learned)
    assert (meaning.intent, meaning.safety[0].intent) == ("stop_contact", "stop_contact")


def test_a_likely_safety_intent_is_an_alarm_though_no_phrase_says_it(book: PhraseBook, learned: Learned) -> None:
    meaning = hear("take my number off and leave me alone for good", book, learned)
    assert [guess.intent for guess in meaning.safety] == ["stop_contact"]


def test_one_word_is_never_an_alarm_of_the_classifier(book: PhraseBook, learned: Learned) -> None:
    assert hear("alone", book, learned).safety == ()


def test_topic_and_question_are_told(book: PhraseBook, learned: Learned) -> None:
    assert hear("will they take me to a judge about this", book, learned).topic == "legal"
    assert hear("so what about prison", book, learned).question == "Q34"


def test_all_meanings_are_told_and_the_safest_comes_first(book: PhraseBook, learned: Learned) -> None:
    meaning = hear("i will pay 500 on friday, stop texting me", book, learned)
    assert [guess.intent for guess in meaning.meanings] == ["stop_contact", "promise_to_pay"]


def test_language_is_told_by_letters_and_by_script(book: PhraseBook, learned: Learned) -> None:
    assert hear("could the deadline move a bit", book, learned).language == "en"
    assert hear("还有多少钱", book, learned).language == "zh-Hans"
    assert hear("कल दूंगा", book, learned).language is None  # this book has no Hindi
    assert hear("ok", book, learned).language is None


def test_a_vector_decides_what_words_leave_open(book: PhraseBook) -> None:
    taught = lessons(book)
    ways = {intent: np.eye(16, dtype=np.float32)[n] for n, intent in enumerate(sorted({x.intent for x in taught}))}
    by_text = {x.text: ways[x.intent] for x in taught}
    learned = learn(taught, np.stack([by_text[text] for text in texts_to_encode(taught)]), "fake")
    reading = read("zzz yyy xxx www vvv", HearingContext("en", date(2026, 11, 21)), book, learned)
    assert not reading.settled
    assert meaning_of(reading, ways["request_extension"]).rivals[0].intent == "request_extension" or (
        meaning_of(reading, ways["request_extension"]).intent == "request_extension"
    )


def test_what_rules_decide_needs_no_vector(book: PhraseBook) -> None:
    taught = lessons(book)
    learned = learn(taught, np.ones((len(texts_to_encode(taught)), 4), np.float32), "fake")
    for text in ("stop texting me", "yes", "I will pay 500 on Friday"):
        assert read(text, HearingContext("en", date(2026, 11, 21)), book, learned).settled, text


def test_learning_twice_gives_the_same(book: PhraseBook) -> None:
    one, other = (learn(lessons(book), None) for _ in range(2))
    assert one.lessons == other.lessons
    assert np.array_equal(one.intents.sparse.weights, other.intents.sparse.weights)


def test_the_digest_changes_with_any_lesson_and_the_encoder(book: PhraseBook) -> None:
    taught = lessons(book)
    assert len({digest_of(taught, ""), digest_of(taught, "x"), digest_of(taught[1:], "")}) == 3


def test_ways_of_typing_give_the_same_features() -> None:
    assert features("Cuánto DEBO ya?")[3:] != ()
    assert set(features("週五還錢")) == set(features("周五还钱"))
    assert set(features("PAGO MAÑANA")) == set(features("pago mañana"))
    assert len(set(features("trả nợ")) & set(features("tra no"))) > 5


def test_the_words_that_told_most_are_named(book: PhraseBook, learned: Learned) -> None:
    assert "deadline" in learned.intents.telling("request_extension", features_by_word("the deadline again"))


def test_one_flood_of_words_costs_no_more_than_a_letter(book: PhraseBook, learned: Learned) -> None:
    assert len(features("word " * 10_000)) < 100
    assert len(features("".join(chr(97 + n % 26) + " " for n in range(50_000)))) < 2_000
    assert hear("x" * 50_000, book, learned).safety == ()
