"""However long a text and whatever is in it: every message fits, stands on its own, and nothing but space is lost."""

from __future__ import annotations

import html

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.present import parts, plain

WORDS = st.text("ab 还\U0001f600<&\n", min_size=1, max_size=30)
LONG = st.builds(lambda pieces, times: "".join(pieces) * times, st.lists(WORDS, min_size=1), st.integers(1, 400))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _without_space(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=40, deadline=None)
@given(LONG)
def test_plain_texts(text: str) -> None:
    pieces = parts(text, as_html=False)
    assert all(_units(piece) <= 4096 and piece.strip() for piece in pieces)
    assert _without_space("".join(pieces)) == _without_space(text)


@settings(max_examples=40, deadline=None)
@given(LONG)
def test_html_texts(text: str) -> None:
    marked = f"<b>{html.escape(text)}</b>"
    pieces = parts(marked, as_html=True)
    assert all(_units(plain(piece)) <= 4096 for piece in pieces)
    assert all(piece.count("<b>") == piece.count("</b>") == 1 for piece in pieces)
    assert _without_space("".join(map(plain, pieces))) == _without_space(text)
