"""The classifier that comes with the program belongs to the phrases that come with it.

Where it does not it is left aside without a word, and every new installation learns for minutes; `make classifier` mends it.
"""

from __future__ import annotations

from pathlib import Path

from bot.encoders.kept import SHIPPED, read_classifier
from bot.understanding.corpus import lessons
from bot.understanding.learned import digest_of
from tests.languages.shipped import shipped_book


def test_the_shipped_classifier_was_learned_from_the_phrases_on_disk(tmp_path: Path) -> None:
    [vectors] = SHIPPED.glob("vectors-*.npz")
    encoder = vectors.stem.removeprefix("vectors-")
    learned = read_classifier(tmp_path, digest_of(lessons(shipped_book()), encoder))
    assert learned is not None, "run `make classifier` and commit bot/encoders/shipped together with the phrases"
    assert learned.by_sense
