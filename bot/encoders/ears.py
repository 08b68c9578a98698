"""Ears that have learned: messages that rules leave open are put to the classifier, with the encoder's vector of them.

Until the classifier of a version is there, which may take minutes the first time, the one before goes on, or rules alone.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from pathlib import Path

import structlog

from bot.domain.understanding import HearingContext, Understanding
from bot.encoders.learning import learned_from
from bot.encoders.sentences import Encoder, Vectors
from bot.services.ports import Adviser
from bot.services.second_opinion import heard_with
from bot.understanding.learned import Learned
from bot.understanding.phrases import PhraseBook
from bot.understanding.understand import read

_log = structlog.get_logger(__name__)

#: Vectors of messages that are kept: people press send twice, and greet alike.
_REMEMBERED = 1024


class _Closed(Exception):
    """The process stops, and nobody waits for what is being learned."""


class LearnedEars:
    """The `Ears` of a process. `folder` keeps what was learned; without an encoder words and letters decide alone."""

    def __init__(self, folder: Path, encoder: Encoder | None, adviser: Adviser | None = None) -> None:
        self._folder = folder
        self._encoder = encoder
        self._adviser = adviser
        self._learned: Learned | None = None
        self._book: PhraseBook | None = None
        self._learning: asyncio.Task[None] | None = None
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._closed = threading.Event()

    async def hear(self, text: str, heard: HearingContext, phrases: PhraseBook) -> Understanding:
        reading = read(text, heard, phrases, self._learned)
        if reading.settled or self._encoder is None:
            return await heard_with(self._adviser, reading, phrases)
        return await heard_with(self._adviser, reading, phrases, await self._vector(text, self._encoder))

    def follow(self, phrases: PhraseBook) -> None:
        """Learns from these phrases in the background, unless that was done or is being done."""
        if phrases is self._book or (self._learning is not None and not self._learning.done()):
            return
        self._book = phrases
        self._learning = asyncio.create_task(self._learn(phrases))

    async def close(self) -> None:
        """Ends what is being learned; it is taken up at the next start."""
        self._closed.set()
        if self._learning is not None:
            await asyncio.gather(self._learning, return_exceptions=True)

    async def ready(self) -> None:
        """Returns when what is being learned has been learned."""
        if self._learning is not None:
            await self._learning

    async def _learn(self, phrases: PhraseBook) -> None:
        try:
            self._learned = await asyncio.to_thread(learned_from, phrases, self._folder, self._encoder, self._go_on)
        except _Closed:
            return
        _log.info("classifier_ready", by_sense=self._learned.by_sense)

    def _go_on(self) -> None:
        if self._closed.is_set():
            raise _Closed

    async def _vector(self, text: str, encoder: Encoder) -> Vectors | None:
        """The text's vector; None where the encoder fails on it, and words alone must do."""
        known = self._vectors.get(text)
        if known is None:
            try:
                known = (await asyncio.to_thread(encoder.encode, [text]))[0]
            except (OSError, RuntimeError, ValueError) as error:
                _log.warning("encoder_failed", reason=type(error).__name__)
                return None
            self._vectors[text] = known
            if len(self._vectors) > _REMEMBERED:
                self._vectors.popitem(last=False)
        self._vectors.move_to_end(text)
        return known
