"""Sets that were written without sight of the phrases: how many people in need phrases alone find must not fall.

They have been looked at since, so they are no proof of what is not known yet; docs/benchmarks.md keeps the first figures.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import pytest

from benchmarks.unseen_sets import Message, messages
from bot.domain.understanding import SAFETY_INTENTS
from tests.languages.shipped import HERE, heard, shipped_book

#: By language: the least share of intents and of urgent messages handled safely, the largest of false alarms.
_BOUNDS = {
    "en": (0.73, 0.76, 0.06),
    "zh-Hans": (0.80, 0.86, 0.03),
    "zh-Hant": (0.76, 0.80, 0.03),
    "es": (0.73, 0.77, 0.05),
    "pt-BR": (0.73, 0.74, 0.03),
    "id": (0.69, 0.75, 0.03),
    "vi": (0.76, 0.80, 0.05),
}


@lru_cache(maxsize=1)
def _sets() -> tuple[Message, ...]:
    return tuple(messages(HERE / "unseen"))


def test_every_set_is_whole() -> None:
    contract = shipped_book().contract
    assert contract is not None
    urgent = {"complaint": 20, "bereavement": 20, "lawyer_or_adviser": 20}
    for language in {message.language for message in _sets()}:
        of = Counter(message.intent for message in _sets() if message.language == language)
        assert {intent: of[intent] for intent in SAFETY_INTENTS} == {i: urgent.get(i, 10) for i in SAFETY_INTENTS}
        assert set(of) <= set(contract.intents)


@pytest.mark.parametrize("language", _BOUNDS)
def test_phrases_alone_find_people_in_need_as_they_did(language: str) -> None:
    contract = shipped_book().contract
    assert contract is not None
    least, least_safe, most_alarms = _BOUNDS[language]
    hits: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for message in _sets():
        if message.language != language:
            continue
        meaning = heard(message.text, language)
        right = contract.general(meaning.intent) == contract.general(message.intent)
        kind = "urgent" if message.intent in SAFETY_INTENTS else "ordinary"
        of.update((kind, "all"))
        hits.update(
            {"all": right, kind: bool(meaning.safety) if kind == "urgent" else bool(meaning.safety) and not right}
        )
    assert hits["all"] / of["all"] >= least
    assert hits["urgent"] / of["urgent"] >= least_safe
    assert hits["ordinary"] / of["ordinary"] <= most_alarms


def test_no_message_was_copied_into_a_phrase_file() -> None:
    book = shipped_book()
    lines = {_plain(x.text) for known in book.languages.values() for x in (*known.examples, *known.phrases)}
    # Short ones ("you have the wrong number") are everybody's.
    assert [m.text for m in _sets() if len(m.text) > 40 and _plain(m.text) in lines] == []


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
