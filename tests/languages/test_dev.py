"""A test set that nothing was learned from: how well phrases alone do on it, per language, must not fall.

The classifier adds much to these figures; `python -m benchmarks.understanding` shows them with it.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache

import pytest

from bot.domain.understanding import SAFETY_INTENTS
from tests.languages.shipped import HERE, heard, shipped_book

#: The least share of intents that phrases alone understand, a little below what was last seen.
_FLOORS = {"en": 0.91, "zh-Hans": 0.93, "es": 0.86, "id": 0.88, "vi": 0.82, "pt-BR": 0.88}
#: And of messages that need a person or an end of contact, in any safe way.
_SAFE = {"en": 0.95, "zh-Hans": 0.96, "es": 0.92, "id": 0.87, "vi": 0.83, "pt-BR": 0.92}


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(json.loads(line) for line in (HERE / "dev.jsonl").read_text("utf-8").splitlines())


@pytest.mark.parametrize("language", _FLOORS)
def test_phrases_alone_understand_what_they_did(language: str) -> None:
    contract = shipped_book().contract
    assert contract is not None
    hits: Counter[str] = Counter()
    rows = [row for row in _rows() if row["lang"] == language]
    urgent = [row for row in rows if row["intent"] in SAFETY_INTENTS]
    for row in rows:
        meaning = heard(row["text"], language)
        right = {row["intent"], *row.get("alt_intents", ())}
        hits["right"] += contract.general(meaning.intent) in right
        if row in urgent:
            hits["safe"] += bool(meaning.safety) or contract.general(meaning.intent) in right
    assert hits["right"] / len(rows) >= _FLOORS[language]
    assert hits["safe"] / len(urgent) >= _SAFE[language]


def test_nothing_is_learned_from_the_test_set() -> None:
    book = shipped_book()
    lines = {_plain(x.text) for known in book.languages.values() for x in (*known.examples, *known.phrases)}
    # A word or two ("ok", "thanks") are everybody's.
    copied = [row["text"] for row in _rows() if len(row["text"]) > 20 and _plain(row["text"]) in lines]
    assert copied == []


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
