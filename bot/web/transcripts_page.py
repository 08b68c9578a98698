"""Transcripts as pages: one a language, a talk of each flow as chat bubbles, both sides, in the look of the gallery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.dialog.transcripts import Transcript
from bot.texts.languages import is_right_to_left, native_name
from bot.web.templates import page


def transcripts_pages(told: Mapping[str, Sequence[Transcript]]) -> Iterator[tuple[str, str]]:
    """Of the transcripts by language: each language's tag and its page as HTML."""
    names = [(tag, native_name(tag)) for tag in told]
    for tag, transcripts in told.items():
        yield (
            tag,
            page(
                "transcripts.html",
                title="Talks with the bot",
                language=tag,
                right_to_left=is_right_to_left(tag),
                languages=names,
                transcripts=transcripts,
            ),
        )
