"""The shipped answers: all 64 questions once, each with source and day, nobody's name under them, and no number in a text."""

from __future__ import annotations

import re
from pathlib import Path

from bot.dialog.known_answers import QUESTIONS, Answers
from bot.dialog.parse_answers import facts_named
from bot.domain.legal_facts import LEGAL_FACTS
from tests.conversations.shipped import shipped

ROOT = Path(__file__).parents[2]
PLACES = ("BR", "CN", "ID", "IN", "MX", "UK", "US", "VN")


def answers() -> Answers:
    found = shipped().script.answers
    assert found is not None
    return found


def test_every_question_has_its_answer() -> None:
    assert sorted(answers().by_question) == list(QUESTIONS)


def test_eight_places_have_facts_of_their_own() -> None:
    places = answers().places
    assert sorted(places) == list(PLACES)
    assert [code for code, place in places.items() if not place.facts] == []


def test_everything_has_a_source_and_nobody_has_signed_it() -> None:
    origins = [answer.origin for answer in answers().by_question.values()]
    for place in answers().places.values():
        origins += [said.origin for said in (*place.facts.values(), *place.texts.values())]
    assert len(origins) > 64
    assert all(origin.source for origin in origins)
    assert {(origin.reviewed_by, origin.counsel_signed) for origin in origins} == {("", "")}


def test_no_number_stands_in_an_answer() -> None:
    said = [line for a in answers().by_question.values() for line in (*a.lines, *a.more)]
    said += [line for p in answers().places.values() for t in p.texts.values() for line in (*t.lines, *t.more)]
    texts = [text for line in said for text in (line.sentence.source, line.sentence.plural or "")]
    assert [text for text in texts if re.search(r"\d", text)] == []


def test_every_fact_that_a_place_states_is_said_by_some_answer() -> None:
    stated = {name for place in answers().places.values() for name in place.facts}
    assert sorted(stated - facts_named(answers())) == []


def test_the_page_of_answers_names_every_fact() -> None:
    page = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(fact_\w+)` \| (\w+) \|", page, re.MULTILINE)
    assert named == [(fact.name, fact.kind) for fact in LEGAL_FACTS.values()]
