"""What is kept in a folder: the vectors of phrases by their text's digest, and the trained classifier.

Those of the shipped phrases come with the program, so that nobody waits for them. Everything here can be made again: a file
that is missing, broken or of another edition is no error, it is left aside.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders.sentences import Encoder, Vectors
from bot.understanding.learned import Labels, Learned
from bot.understanding.softmax import Between, Dense, Sparse, go_on

_CLASSIFIER = "classifier.npz"
#: Texts encoded in one call.
_AT_ONCE = 64
_KEPT_AFTER = 64 * 32
_BROKEN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
#: Made by `make classifier` from the phrases in the repository.
SHIPPED = Path(__file__).parent / "shipped"


class KeptVectors:
    """The vectors of texts for one encoder: those shipped, those made before, and those it makes now."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._file = folder / f"vectors-{encoder.name}.npz"
        self._encoder = encoder
        self._known: dict[int, Vectors] = {}
        for file in (SHIPPED / self._file.name, self._file):
            self._known |= _read_vectors(file)

    def missing(self, texts: Sequence[str]) -> int:
        """How many of the texts have no vector yet."""
        return len({key for text in texts if (key := _key(text)) not in self._known})

    def of(self, texts: Sequence[str], between: Between = go_on) -> Vectors:
        """A row for each text; what was not there is made, ten milliseconds each, and kept."""
        wanted = {_key(text): text for text in texts}
        new = [key for key in wanted if key not in self._known]
        for start in range(0, len(new), _AT_ONCE):
            between()
            keys = new[start : start + _AT_ONCE]
            made = _rounded(self._encoder.encode([wanted[key] for key in keys]))
            self._known |= dict(zip(keys, made, strict=True))
            if start % _KEPT_AFTER == 0:  # whoever is interrupted goes on from here
                self.write(self._file)
        if new:
            self.write(self._file)
        return np.stack([self._known[_key(text)] for text in texts]).astype(np.float32)

    def write(self, file: Path, only: Sequence[str] | None = None) -> None:
        """All vectors in one file, or those of some texts."""
        keys = sorted(self._known if only is None else {_key(text) for text in only})
        rows = np.stack([self._known[key] for key in keys])
        steps = _steps(rows)
        _write(
            file, {"keys": np.array(keys, np.uint64), "rows": np.round(rows / steps).astype(np.int8), "steps": steps}
        )


def _steps(rows: Vectors) -> Vectors:
    """For each row what one step of a byte is worth: exact enough, at a quarter of the size."""
    return np.asarray(np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-6) / 127, np.float32)


def _rounded(rows: Vectors) -> Vectors:
    """As it will be read again, so that learning from kept and from new vectors gives the same."""
    steps = _steps(rows)
    return np.asarray(np.round(rows / steps) * steps, np.float32)


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _read_vectors(file: Path) -> dict[int, Vectors]:
    with suppress(*_BROKEN), file.open("rb") as opened, np.load(opened) as kept:
        rows = kept["rows"].astype(np.float32) * kept["steps"]
        return dict(zip(map(int, kept["keys"]), rows, strict=True))
    return {}


def read_classifier(folder: Path, lessons: str) -> Learned | None:
    """The classifier that was learned from the lessons of this digest, kept in the folder or shipped, if it is there."""
    return _classifier(SHIPPED, lessons) or _classifier(folder, lessons)


def _classifier(folder: Path, lessons: str) -> Learned | None:
    with suppress(*_BROKEN), (folder / _CLASSIFIER).open("rb") as opened, np.load(opened) as kept:
        if str(kept["lessons"]) == lessons:
            intents, languages = _labels(kept, "intents"), _labels(kept, "languages")
            if intents is not None and languages is not None:
                return Learned(lessons, intents, _labels(kept, "topics"), _labels(kept, "questions"), languages)
    return None


def write_classifier(folder: Path, learned: Learned) -> None:
    arrays: dict[str, Any] = {"lessons": np.array(learned.lessons)}
    for kind in ("intents", "topics", "questions", "languages"):
        labels: Labels | None = getattr(learned, kind)
        if labels is not None:
            arrays |= {f"{kind}.names": np.array(labels.names)}
            arrays |= {f"{kind}.sparse.{name}": getattr(labels.sparse, name) for name in Sparse.__slots__}
        if labels is not None and labels.dense is not None:
            arrays |= {f"{kind}.dense.{name}": getattr(labels.dense, name) for name in Dense.__slots__}
    _write(folder / _CLASSIFIER, arrays)


def _labels(kept: Mapping[str, Any], kind: str) -> Labels | None:
    if f"{kind}.names" not in kept:
        return None
    sparse = Sparse(*(kept[f"{kind}.sparse.{name}"] for name in Sparse.__slots__))
    dense = None
    if f"{kind}.dense.bias" in kept:
        dense = Dense(*(kept[f"{kind}.dense.{name}"] for name in Dense.__slots__))
    return Labels(tuple(map(str, kept[f"{kind}.names"])), sparse, dense)


def _write(file: Path, arrays: Mapping[str, Any]) -> None:
    """All at once or not at all: another process may be reading."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.stem}.{os.getpid()}.new.npz")
    np.savez_compressed(new, **arrays)
    new.replace(file)
