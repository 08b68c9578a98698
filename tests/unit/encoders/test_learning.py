"""Vectors and classifiers that are kept, and ears that learn, with an encoder that counts letters."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.domain.understanding import HearingContext
from bot.encoders.ears import LearnedEars
from bot.encoders.kept import KeptVectors, read_classifier, write_classifier
from bot.encoders.learning import kept_classifier, learned_from, ship, stolen_examples
from bot.encoders.sentences import Vectors
from bot.understanding.corpus import lessons
from bot.understanding.learned import learn
from tests.unit.understanding.books import a_book


class LetterCounter:
    """A vector is how often each letter comes; `asked` are the texts in the order in which they came."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        counts = np.array([[text.count(chr(97 + n)) for n in range(26)] for text in texts], np.float32) + 0.01
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


HEARD = HearingContext("en", date(2026, 11, 21))
_BOOK = a_book(request_extension="examples: |\n  could the deadline move a bit\n  any chance of a later date\n")


def test_a_vector_is_made_once_and_kept(tmp_path: Path) -> None:
    encoder = LetterCounter()
    first = KeptVectors(tmp_path, encoder).of(["one", "two", "one"])
    again = KeptVectors(tmp_path, encoder).of(["two", "one", "three"])
    assert encoder.asked == ["one", "two", "three"]
    assert np.array_equal(first[0], again[1])
    assert abs(float(first[0] @ encoder.encode(["one"])[0]) - 1) < 0.01


def test_a_broken_file_of_vectors_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "vectors-letters.npz").write_bytes(b"PK\x03\x04 broken")
    assert KeptVectors(tmp_path, LetterCounter()).of(["one"]).shape == (1, 26)


def test_a_classifier_is_read_as_it_was_written_and_only_for_its_lessons(tmp_path: Path) -> None:
    learned = learn(lessons(_BOOK), None)
    write_classifier(tmp_path, learned)
    kept = read_classifier(tmp_path, learned.lessons)
    assert kept is not None
    assert kept.intents.names == learned.intents.names
    assert np.allclose(kept.intents.sparse.scores((1, 2, 3)), learned.intents.sparse.scores((1, 2, 3)), atol=0.01)
    assert read_classifier(tmp_path, "other lessons") is None
    (tmp_path / "classifier.npz").write_bytes(b"broken")
    assert read_classifier(tmp_path, learned.lessons) is None


def test_phrases_are_learned_once(tmp_path: Path) -> None:
    encoder = LetterCounter()
    assert kept_classifier(_BOOK, tmp_path, encoder) is None
    learned_from(_BOOK, tmp_path, encoder)
    asked = len(encoder.asked)
    assert kept_classifier(_BOOK, tmp_path, encoder) is not None
    learned_from(_BOOK, tmp_path, encoder)
    assert len(encoder.asked) == asked


def test_learning_ends_early_where_nobody_wants_it_any_more(tmp_path: Path) -> None:
    class Unwanted(Exception):
        pass

    def stop() -> None:
        raise Unwanted

    encoder = LetterCounter()
    with pytest.raises(Unwanted):
        learned_from(_BOOK, tmp_path, encoder, stop)
    assert encoder.asked == []
    learned_from(_BOOK, tmp_path, encoder)
    (tmp_path / "classifier.npz").unlink()
    with pytest.raises(Unwanted):
        learned_from(_BOOK, tmp_path, encoder, stop)
    assert kept_classifier(_BOOK, tmp_path, encoder) is None


def test_what_is_shipped_need_not_be_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped, new = tmp_path / "shipped", tmp_path / "new"
    ship(_BOOK, tmp_path / "learned", LetterCounter(), shipped)
    monkeypatch.setattr("bot.encoders.kept.SHIPPED", shipped)
    encoder = LetterCounter()
    assert kept_classifier(_BOOK, new, encoder) is not None
    KeptVectors(new, encoder).of(["any chance of a later date", "something new"])
    assert encoder.asked == ["something new"]


def test_examples_of_two_intents_that_sound_alike_are_told(tmp_path: Path) -> None:
    many = "".join(f"  {word} the deadline by a week\n" for word in ("move", "shift", "push", "put off", "delay"))
    alike = a_book(request_extension=f"examples: |\n{many}", already_paid="examples: |\n  move the deadline a week\n")
    learned = learned_from(alike, tmp_path, None)
    told = {frozenset((lesson.intent, other)) for lesson, other in stolen_examples(alike, learned, tmp_path, None)}
    assert told == {frozenset(("already_paid", "request_extension"))}
    assert list(stolen_examples(_BOOK, learned_from(_BOOK, tmp_path, None), tmp_path, None)) == []


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert learned_from(_BOOK, tmp_path / "file", LetterCounter()).by_sense


async def test_ears_go_by_rules_until_they_have_learned(tmp_path: Path) -> None:
    text = "could the deadline be moved to a later date"
    ears = LearnedEars(tmp_path, LetterCounter())
    assert (await ears.hear(text, HEARD, _BOOK)).intent is None
    ears.follow(_BOOK)
    await ears.ready()
    assert (await ears.hear(text, HEARD, _BOOK)).intent == "request_extension"


async def test_only_what_rules_leave_open_is_encoded_and_each_text_once(tmp_path: Path) -> None:
    encoder = LetterCounter()
    ears = LearnedEars(tmp_path, encoder)
    ears.follow(_BOOK)
    await ears.ready()
    encoder.asked.clear()
    for text in ("stop texting me", "could the deadline be moved", "could the deadline be moved"):
        await ears.hear(text, HEARD, _BOOK)
    assert encoder.asked == ["could the deadline be moved"]


async def test_ears_that_are_closed_learn_no_further(tmp_path: Path) -> None:
    class Slow(LetterCounter):
        def encode(self, texts: Sequence[str]) -> Vectors:
            begun.set()
            may_go_on.wait()
            return super().encode(texts)

    begun, may_go_on = threading.Event(), threading.Event()
    encoder = Slow()
    ears = LearnedEars(tmp_path, encoder)
    ears.follow(_BOOK)
    await asyncio.to_thread(begun.wait)
    closing = asyncio.create_task(ears.close())
    await asyncio.sleep(0)
    may_go_on.set()
    await closing
    assert kept_classifier(_BOOK, tmp_path, encoder) is None


async def test_a_message_on_which_the_encoder_fails_is_heard_by_words(tmp_path: Path) -> None:
    class Failing(LetterCounter):
        fails = False

        def encode(self, texts: Sequence[str]) -> Vectors:
            if self.fails:
                raise RuntimeError("the library gave up")
            return super().encode(texts)

    encoder = Failing()
    ears = LearnedEars(tmp_path, encoder)
    ears.follow(_BOOK)
    await ears.ready()
    encoder.fails = True
    meaning = await ears.hear("could the deadline move just a bit more", HEARD, _BOOK)
    assert "request_extension" in (meaning.intent, *(rival.intent for rival in meaning.rivals))
