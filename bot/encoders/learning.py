"""Learning: from the phrases of a version to its classifier, with what was kept from the last time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import structlog

from bot.encoders.kept import KeptVectors, read_classifier, write_classifier
from bot.encoders.sentences import Encoder
from bot.understanding.corpus import Lesson, lessons
from bot.understanding.features import features
from bot.understanding.learned import Learned, digest_of, learn, texts_to_encode
from bot.understanding.phrases import PhraseBook
from bot.understanding.softmax import Between, go_on

_log = structlog.get_logger(__name__)

#: How sure the classifier must be of another intent for an example to be reported.
_STOLEN = 0.6


def kept_classifier(book: PhraseBook, folder: Path, encoder: Encoder | None) -> Learned | None:
    """The classifier of these phrases where it was learned before. Takes part of a second."""
    return read_classifier(folder, digest_of(lessons(book), encoder.name if encoder else ""))


def learned_from(book: PhraseBook, folder: Path, encoder: Encoder | None, between: Between = go_on) -> Learned:
    """The classifier of these phrases: the kept one, else a new one, which takes seconds and ten milliseconds more for
    each text that has no vector yet. A folder that cannot be written to only costs that time again. `between` is called
    many times meanwhile, and whoever wants it to end early raises there."""
    taught = lessons(book)
    name = encoder.name if encoder else ""
    kept = read_classifier(folder, digest_of(taught, name))
    if kept is not None:
        return kept
    try:
        vectors = KeptVectors(folder, encoder).of(texts_to_encode(taught), between) if encoder else None
        learned = learn(taught, vectors, name, between)
        write_classifier(folder, learned)
    except OSError as error:
        _log.warning("classifier_not_kept", reason=str(error))
        vectors = encoder.encode(texts_to_encode(taught)) if encoder else None
        learned = learn(taught, vectors, name, between)
    return learned


def ship(book: PhraseBook, folder: Path, encoder: Encoder, to: Path) -> None:
    """Writes what a new installation would have to learn from these phrases: their vectors and their classifier."""
    learned = learned_from(book, folder, encoder)
    KeptVectors(folder, encoder).write(to / f"vectors-{encoder.name}.npz", texts_to_encode(lessons(book)))
    write_classifier(to, learned)


def stolen_examples(
    book: PhraseBook, learned: Learned, folder: Path, encoder: Encoder | None
) -> Iterator[tuple[Lesson, str]]:
    """Examples that the classifier takes for another intent though it learned them, each with that intent."""
    own = [lesson for lesson in lessons(book) if lesson.own]
    vectors = KeptVectors(folder, encoder).of([lesson.text for lesson in own]) if encoder else [None] * len(own)
    for lesson, vector in zip(own, vectors, strict=True):
        intent, likely = learned.intents.best(features(lesson.text), vector)
        if intent != lesson.intent and likely >= _STOLEN:
            yield lesson, intent
