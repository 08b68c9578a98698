"""The gallery as pages: one a language, every message of the script as chat bubbles with their buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.dialog.gallery import Bubble, ShownFlow, gallery
from bot.dialog.script import Script
from bot.texts.catalogs import Catalogs
from bot.texts.languages import is_right_to_left, native_name
from bot.web.templates import page


def gallery_pages(script: Script, catalogs: Catalogs, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each language its tag and its page as HTML."""
    names = [(tag, native_name(tag)) for tag in languages]
    for tag in languages:
        flows = gallery(script, catalogs, tag)
        yield (
            tag,
            page(
                "gallery.html",
                title="What the bot says",
                language=tag,
                right_to_left=is_right_to_left(tag),
                languages=names,
                flows=flows,
                untranslated=0 if tag == "en" else sum(bubble.is_source for bubble in _bubbles(flows)),
            ),
        )


def _bubbles(flows: Sequence[ShownFlow]) -> Iterator[Bubble]:
    for flow in flows:
        for step in flow.steps:
            yield from (*step.lines, *step.buttons)
