"""Answers to what borrowers ask about being late: each once for all places, and what places add to it, as frozen values.

An answer is played as a flow of one step, so that everything that checks, draws, translates or walks flows does so with
answers too. What a place says in its own words is such a flow besides, used only once it is approved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.dialog.conditions import fields_of
from bot.dialog.script import END, MORE, Flow, Line, SayStep, Script, ScriptButton, Sentence
from bot.domain.diagnostics import Place
from bot.policy.legal_facts import Origin, PlaceFact
from bot.texts.fields import FIELDS, Sensitivity
from bot.texts.placeholders import read_template

#: All kinds of question, each of which has exactly one answer.
QUESTIONS = tuple(f"Q{number:02d}" for number in range(1, 65))

#: Groups of questions, in the order in which they are offered.
GROUPS = ("A", "B", "C", "D", "E", "F")

#: The groups that are a person's matter while a loan is held for one (see `Facts.for_people`).
PEOPLES_GROUPS = ("D", "E")

_MORE = ".more"

#: The one step of an answer's flow.
SAY = "say"


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

    def flows(self, more: Sentence | None, statements: Line | None) -> Iterator[Flow]:
        """Every answer as flows; `more` labels the button for the rest, `statements` says what must be said besides."""
        besides = (statements,) if statements else ()
        for answer in self.by_question.values():
            yield from _flows(answer, answer.context, answer.title, answer, more, besides)
            for code, place in self.places.items():
                if answer.id in place.texts:
                    yield from _flows(answer, f"{answer.context}.{code}", None, place.texts[answer.id], more, besides)


#: Of a script without answers.
NO_ANSWERS = Answers()


def digests_of(answers: Answers | None, places: Collection[str]) -> frozenset[str]:
    """The digests of all that these places say; of every place with "all"."""
    chosen = [p for p in (answers or NO_ANSWERS).places.values() if p.code in places or "all" in places]
    facts = {fact.digest for place in chosen for fact in place.facts.values()}
    return frozenset(facts | {text.digest for place in chosen for text in place.texts.values()})


@lru_cache(maxsize=16)
def general_contexts(script: Script) -> frozenset[str]:
    """The contexts of answers that anybody may hear: they speak of loans as such and name nothing of one."""
    flows = (flow for flow in script.flows.values() if flow.of_answer and not flow.needs)
    return frozenset(flow.id.removesuffix(_MORE) for flow in flows)


def more_of(flow: str) -> str:
    """The name of the flow with the rest of an answer's flow."""
    return f"{flow}{_MORE}"


def _flows(
    answer: Answer,
    name: str,
    title: Sentence | None,
    said: Answer | PlaceText,
    more: Sentence | None,
    besides: tuple[Line, ...],
) -> Iterator[Flow]:
    rest = ScriptButton(more, said.place, intent=MORE, argument="question") if more and said.more else None
    buttons = (*((rest,) if rest else ()), *answer.buttons)
    yield _flow(name, title, said.place, (*said.lines, *besides), buttons)
    if said.more:
        yield _flow(more_of(name), None, said.place, said.more, answer.buttons)


def _flow(
    name: str, title: Sentence | None, place: Place, lines: tuple[Line, ...], buttons: tuple[ScriptButton, ...]
) -> Flow:
    needs = ("identity", "one_loan") if any(_is_personal(line) for line in lines) else ()
    steps = {SAY: SayStep(SAY, place, lines, END, buttons)}
    return Flow(name, place, steps, title, needs=needs, of_answer=True)


def _is_personal(line: Line) -> bool:
    """Whether a line speaks of what only a proven borrower may hear, and says so at all times."""
    asked = fields_of(line.when) if line.when else ()
    return "verified" not in asked and any(
        FIELDS[name].sensitivity is not Sensitivity.PUBLIC for name in (*names_in((line,)), *asked) if name in FIELDS
    )


def names_in(lines: Iterable[Line]) -> frozenset[str]:
    """Every field that the sentences of these lines name."""
    found: frozenset[str] = frozenset()
    for line in lines:
        found |= read_template(line.sentence.source).names | read_template(line.sentence.plural or "").names
    return found
