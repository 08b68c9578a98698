"""What the people of a language say, and what it must mean; no sentence here stands in a phrase file."""

from __future__ import annotations

import pytest

from bot.domain.diagnostics import Severity
from bot.domain.understanding import SAFETY_INTENTS
from bot.understanding.phrases import check_phrases
from tests.languages.shipped import Said, heard, sentences, shipped_book, shipped_files, slot_texts

_SAID = sentences()


@pytest.mark.parametrize("said", _SAID, ids=str)
def test_sentence_gives_its_intent_topic_and_slots(said: Said) -> None:
    meaning = heard(said.text, said.language)
    assert meaning.intent == said.intent, meaning
    if said.topic is not None:
        assert meaning.topic == said.topic
    if said.slots is not None:
        assert slot_texts(meaning) == said.slots


@pytest.mark.parametrize("said", [s for s in _SAID if s.intent in SAFETY_INTENTS], ids=str)
def test_safety_sentence_is_found_whatever_question_is_open(said: Said) -> None:
    for expects in ("amount", "date", "yes_no", "choice", "digits"):
        meaning = heard(said.text, said.language, expects=expects, choices=("OK", "500"))
        assert said.intent in [guess.intent for guess in meaning.safety], expects


def test_every_intent_is_tested_in_every_language() -> None:
    contract = shipped_book().contract
    assert contract is not None
    for language in contract.languages:
        tested = {said.intent for said in _SAID if said.language == language}
        assert set(contract.intents) - tested == set(), language


def test_no_tested_sentence_was_copied_into_a_phrase_file() -> None:
    lines = {line.strip() for text in shipped_files().values() for line in text.splitlines()}
    assert [said.text for said in _SAID if said.text in lines and len(said.text) > 12] == []


def test_no_shipped_phrase_is_stolen_doubled_or_missing() -> None:
    contract = shipped_book().contract
    assert contract is not None
    folders = tuple(f"locales/{language.replace('-', '_')}/" for language in contract.languages)
    found = [
        p
        for p in check_phrases(shipped_book())
        if p.place.file.startswith(folders) or p.severity is not Severity.WARNING
    ]
    assert [str(problem) for problem in found] == []


def test_ordinary_messages_raise_no_alarm() -> None:
    """Over-match: what is said for everyday intents must hardly ever stop everything."""
    ordinary = [
        s for s in _SAID if s.intent not in SAFETY_INTENTS and s.intent not in ("insult", "pause", "contact_times")
    ]
    alarmed = [str(said) for said in ordinary if heard(said.text, said.language).safety]
    assert len(alarmed) <= len(ordinary) * 0.03, alarmed
