"""Small phrase books for tests: files as they would stand in `locales/`."""

from __future__ import annotations

from datetime import date

from bot.domain.diagnostics import Diagnostic
from bot.domain.understanding import HearingContext, Understanding
from bot.understanding.phrases import PhraseBook, read_phrases
from bot.understanding.understand import understand

#: A Saturday.
TODAY = date(2026, 11, 21)

ENGLISH = {
    "en/phrases/words.yaml": """
same_as: {i'll: i will, can't: can not, don't: do not, pls: please}
ignored: |
  a
  the
fillers: |
  (please|really|just)
groups:
  pay: |
    (pay|send|settle)
""",
    "en/phrases/promise_to_pay.yaml": """
phrases: |
  i will <pay> {amount} [on|by] {date}
  i will <pay> [on|by] {date}
alone: |
  {date}
""",
    "en/phrases/request_extension.yaml": """
phrases: |
  can i <pay> {date}
  more time
""",
    "en/phrases/ask_consequences.yaml": """
phrases: |
  what happens
topics:
  legal: |
    (court|lawsuit)
""",
    "en/phrases/stop_contact.yaml": """
safety: |
  stop (writing|calling|texting)
alone: |
  stop
except: |
  do not stop
""",
    "en/phrases/hardship.yaml": """
safety: |
  lost my job
phrases: |
  money is tight
""",
    "en/phrases/vulnerability_risk.yaml": """
safety: |
  want to die
""",
    "en/phrases/affirm.yaml": "alone: |\n  (yes|ok)\n",
    "en/phrases/deny.yaml": "alone: |\n  (no|not that)\n",
    "en/phrases/greet.yaml": "alone: |\n  (hello|hi)\n",
}
CHINESE = {
    "zh_Hans/phrases/vulnerability_risk.yaml": "safety: |\n  不想活\n",
    "zh_Hans/phrases/promise_to_pay.yaml": "phrases: |\n  {date} 还 {amount}\n",
}


def book_of(files: dict[str, str]) -> tuple[PhraseBook, tuple[Diagnostic, ...]]:
    return read_phrases(files)


def a_book(**more: str) -> PhraseBook:
    """The small English and Chinese book; further English files by intent."""
    files = ENGLISH | CHINESE | {f"en/phrases/{intent}.yaml": text for intent, text in more.items()}
    book, problems = read_phrases(files)
    assert not problems, problems
    return book


def heard(text: str, book: PhraseBook | None = None, language: str = "en", **context: object) -> Understanding:
    return understand(text, HearingContext(language, TODAY, **context), book or a_book())  # type: ignore[arg-type]
