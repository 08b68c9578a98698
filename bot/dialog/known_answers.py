"""Answers to what borrowers ask about being late: each once for all places, and what places add to it, as frozen values.

The general answer may always be said. A place's fact or words are known by a digest of their content, which an approval names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.dialog.lines import Line, ScriptButton, Sentence
from bot.domain.diagnostics import Place
from bot.policy.legal_facts import Origin, PlaceFact
from bot.texts.placeholders import read_template

#: All kinds of question, each of which has exactly one answer.
QUESTIONS = tuple(f"Q{number:02d}" for number in range(1, 65))

#: Groups of questions, in the order in which they are offered.
GROUPS = ("A", "B", "C", "D", "E", "F")

#: The groups that are a person's matter while a loan is held for one (see `Facts.for_people`).
PEOPLES_GROUPS = ("D", "E")


@dataclass(frozen=True, slots=True)
class PlaceText:
    """An answer in a place's own words."""

    lines: tuple[Line, ...]
    more: tuple[Line, ...]
    origin: Origin
    digest: str
    place: Place


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What one place adds: facts by name, and own words by the answer's id. `regions` are those it serves."""

    code: str
    regions: tuple[str, ...]
    facts: Mapping[str, PlaceFact]
    texts: Mapping[str, PlaceText]
    place: Place


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one kind of question. `context` is the file's name and the answer's id, as translators see it."""

    id: str
    context: str
    question: str
    group: str
    title: Sentence
    lines: tuple[Line, ...]
    more: tuple[Line, ...]
    buttons: tuple[ScriptButton, ...]
    topics: tuple[str, ...]  # what is understood of a question whose finer kind is not
    origin: Origin
    place: Place


@dataclass(frozen=True)
class Answers:
    """All answers by their question, and all places by their code."""

    by_question: Mapping[str, Answer] = field(default_factory=dict)
    places: Mapping[str, Jurisdiction] = field(default_factory=dict)

    @cached_property
    def served(self) -> Mapping[str, str]:
        """The place that serves each region."""
        return {region: place.code for place in self.places.values() for region in place.regions}

    @cached_property
    def _topics(self) -> Mapping[str, str]:
        return {topic: answer.question for answer in self.by_question.values() for topic in answer.topics}

    def question_of(self, question: str | None, topic: str | None) -> str | None:
        """The question that was asked, by its finer kind, else by the topic that was understood."""
        return question if question in self.by_question else self._topics.get(topic or "")

    def of_group(self, group: str) -> tuple[Answer, ...]:
        return tuple(a for _, a in sorted(self.by_question.items()) if a.group == group)


#: Of a script without answers.
NO_ANSWERS = Answers()


def digests_of(answers: Answers | None, places: Collection[str]) -> frozenset[str]:
    """The digests of all that these places say; of every place with "all"."""
    chosen = [p for p in (answers or NO_ANSWERS).places.values() if p.code in places or "all" in places]
    facts = {fact.digest for place in chosen for fact in place.facts.values()}
    return frozenset(facts | {text.digest for place in chosen for text in place.texts.values()})


def names_in(lines: Iterable[Line]) -> frozenset[str]:
    """Every field that the sentences of these lines name."""
    found: frozenset[str] = frozenset()
    for line in lines:
        found |= read_template(line.sentence.source).names | read_template(line.sentence.plural or "").names
    return found
