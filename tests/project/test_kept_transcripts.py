"""docs/transcripts shows one story in each language, as the bot tells it now; `make transcripts` makes it anew."""

from __future__ import annotations

from bot.cli.transcripts import Paper, pages_of, told_of
from tests.conversations.shipped import ROOT, the_stage

_KEPT = ROOT / "docs" / "transcripts"
_STORIES = sorted((ROOT / "tests" / "conversations" / "stories").glob("*.yaml"))


def test_each_language_has_its_transcript_as_the_bot_talks_now() -> None:
    made = dict(pages_of(told_of(the_stage(), _STORIES, ()), Paper.MARKDOWN))
    assert len(made) == 8
    assert {path.name for path in _KEPT.iterdir()} == set(made)
    old = [name for name, text in made.items() if (_KEPT / name).read_text(encoding="utf-8") != text]
    assert old == [], "run `make transcripts`, read what has changed, and commit it"


def test_the_readme_leads_to_each_transcript() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted(_KEPT.iterdir()) if f"docs/transcripts/{path.name}" not in readme] == []
