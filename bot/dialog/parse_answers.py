"""Reading `dialogs/answers/`: the answers, and what places add to them, every mistake as a diagnostic with its place.

Lines, sentences and buttons are read as in flows. A place's content is known by a digest, which an approval names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

from bot.dialog.known_answers import GROUPS, QUESTIONS, Answer, Answers, Jurisdiction, PlaceText, names_in
from bot.dialog.parse import StepReader
from bot.dialog.reading import Faults
from bot.dialog.script import Line, Script, ScriptButton
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.errors import MoneyError
from bot.domain.legal_facts import LEGAL_FACTS, LONGEST_FACT, STRENGTHS, LegalFact
from bot.domain.money import parse_money
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.policy.legal_facts import FactValue, Origin, PlaceFact

ANSWERS = "dialogs/answers/"
PLACES = "dialogs/answers/places/"

_ORIGIN = ("source", "as_of", "reviewed_by", "counsel_signed")
ANSWER_KEYS = ("question", "title", "say", "more", "next", "group", "topics", *_ORIGIN)
FACT_KEYS = ("value", "strength", *_ORIGIN)
TEXT_KEYS = ("say", "more", *_ORIGIN)
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,4})?\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")

#: The day before which no fact can have been looked at; a slip of the year is found by it.
_EARLIEST = date(2020, 1, 1)


def parse_answers(files: Mapping[str, str], script: Script) -> tuple[Answers, tuple[Diagnostic, ...]]:
    """The answers of these files (path -> text), those with a mistake left out, and all mistakes.

    `script` has the flows that the buttons lead to.
    """
    faults = Faults()
    answers = _Reader(script, faults)
    roots = {path: root for path, text in sorted(files.items()) if (root := _root(text, path, faults)) is not None}
    for path, root in roots.items():
        if not path.startswith(PLACES):
            answers.group_file(root)
    places = [answers.place_file(root) for path, root in roots.items() if path.startswith(PLACES)]
    if roots:
        answers.missing(min(roots))
    read = Answers({a.question: a for a in answers.found.values()}, {p.code: p for p in places if p is not None})
    return read, tuple(faults.found)


def _root(text: str, path: str, faults: Faults) -> MapNode | None:
    read = read_yaml(text, path)
    faults.found.extend(read.problems)
    if read.problems:
        return None
    if not isinstance(read.root, MapNode):
        faults.add(Place(path), "A001", "This file holds no answers.", "Begin with answers: or place: and a name.")
        return None
    return read.root


class _Reader:
    """Gathers answers and places; `found` are the answers by their ids."""

    def __init__(self, script: Script, faults: Faults) -> None:
        self.script = script
        self.faults = faults
        self.found: dict[str, Answer] = {}
        self.codes: set[str] = set()
        self.served: dict[str, str] = {}  # regions, each with its place

    # -- answers -------------------------------------------------------------------------------------------------------

    def group_file(self, root: MapNode) -> None:
        self.faults.only(root, ("answers", "about", "questions"))
        name = self.faults.word(root.get("answers"), "answers")
        questions = root.get("questions")
        if name is None or not isinstance(questions, MapNode):
            fix = "Begin with answers: and a name, then questions: with one id: per answer."
            self.faults.add(root.place, "A001", "This file holds no answers.", fix)
            return
        for key, node in questions.entries:
            answer = self._answer(name, key, node)
            if answer is not None:
                self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        other = next((a for a in self.found.values() if a.question == answer.question), self.found.get(answer.id))
        if other is not None:
            sentence = f'The answer "{answer.id}" to {answer.question} stands in {other.place} already.'
            self.faults.add(answer.place, "A004", sentence, "Keep one of the two.")
        elif self.script.step(*answer.context.split(".", 1)) is not None:
            sentence = f'A step of a flow is called "{answer.context}" already.'
            self.faults.add(answer.place, "A004", sentence, "Give the answer another name.")
        else:
            self.found[answer.id] = answer

    def _answer(self, name: str, key: ScalarNode, node: Node) -> Answer | None:
        body = self.faults.mapping(node, f'The answer "{key.text}"')
        if body is None:
            return None
        self.faults.only(body, ANSWER_KEYS)
        before = len(self.faults.found)
        context = f"{name}.{key.text}"
        if not _NAME.match(key.text):
            self.faults.add(key.place, "A002", f'"{key.text}" is no name.', "Use small letters, digits and _.")
        reader = StepReader(name, self.faults, frozenset(), messages=True)
        title_node = body.get("title")
        title = reader.sentence(title_node, key.text, label=True) if title_node else None
        if title is None:
            self.faults.add(key.place, "A003", f'The answer "{key.text}" has no title.', "Add title: for its button.")
        question = self._one_of(body, key, "question", QUESTIONS)
        group = self._one_of(body, key, "group", GROUPS)
        lines, more = self._lines(reader, body, key.text, key.place)
        buttons = self._buttons(reader, body.get("next"), key.text)
        origin = self._origin(body, key.place)
        if title is None or len(self.faults.found) > before:
            return None
        topics = self.faults.words(body.get("topics"), "topics")
        return Answer(key.text, context, question, group, title, lines, more, buttons, topics, origin, key.place)

    def _one_of(self, body: MapNode, key: ScalarNode, name: str, known: tuple[str, ...]) -> str:
        word = self.faults.word(body.get(name), name)
        if word in known:
            return word
        sentence = f'"{word}" is no {name}.' if word else f'The answer "{key.text}" has no {name}.'
        self.faults.add(key.place, "A002", sentence, f"Write one of {known[0]} to {known[-1]}.")
        return known[0]

    def _lines(
        self, reader: StepReader, body: MapNode, step: str, place: Place
    ) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        lines, more = reader.lines(body.get("say"), step), reader.lines(body.get("more"), step)
        if not lines:
            self.faults.add(place, "A003", f'"{step}" says nothing.', "Add say: with at least one sentence.")
        for line in (*lines, *more):
            texts = (line.sentence.source, line.sentence.plural or "")
            if any(c.isdigit() for text in texts for c in text):
                sentence = "A number stands in this answer."
                fix = "Name a field such as %(fact_limitation_years)s: numbers come from books, programmes and facts."
                self.faults.add(line.sentence.place, "A006", sentence, fix)
        return lines, more

    def _buttons(self, reader: StepReader, node: Node | None, step: str) -> tuple[ScriptButton, ...]:
        """Intents, whose flows' titles are the labels, or buttons written out."""
        if node is None:
            return ()
        parts = node.items if isinstance(node, ListNode) else (node,)
        return tuple(button for part in parts if (button := self._button(reader, part, step)) is not None)

    def _button(self, reader: StepReader, node: Node, step: str) -> ScriptButton | None:
        if isinstance(node, MapNode):
            return reader.button(node, step)
        intent = self.faults.word(node, "next")
        if intent is None:
            return None
        flow = self.script.flow_of(intent)
        if flow is None or flow.title is None:
            near = did_you_mean(intent, self.script.by_intent)
            sentence = f'No flow with a title starts on the intent "{intent}".{near}'
            self.faults.add(node.place, "A005", sentence, "Name the intent of a flow that has a title.")
            return None
        return ScriptButton(flow.title, node.place, intent=intent)

    def _origin(self, body: MapNode, place: Place) -> Origin:
        word = self.faults.word
        source, day = word(body.get("source"), "source"), word(body.get("as_of"), "as_of")
        if source is None or not source.strip():
            self.faults.add(place, "A007", "The source is missing.", "Add source: and where this stands to be read.")
        as_of = _day(day)
        if as_of is None or as_of < _EARLIEST:
            sentence = f'"{day}" is not a day.' if day else "The day is missing."
            self.faults.add(place, "A007", sentence, "Add as_of: and the day it was looked at, as 2026-11-21.")
        return Origin(
            source or "", as_of or _EARLIEST, self._name(body, "reviewed_by"), self._name(body, "counsel_signed")
        )

    def _name(self, body: MapNode, key: str) -> str:
        """Who looked at it: a name, or "" as long as nobody has."""
        node = body.get(key)
        return node.text if isinstance(node, ScalarNode) else ""

    def missing(self, file: str) -> None:
        answered = {answer.question for answer in self.found.values()}
        for question in QUESTIONS:
            if question not in answered:
                sentence = f"The question {question} has no answer."
                fix = "Add it to a file of dialogs/answers/."
                self.faults.found.append(Diagnostic(Place(file), "A008", sentence, fix))

    # -- places --------------------------------------------------------------------------------------------------------

    def place_file(self, root: MapNode) -> Jurisdiction | None:
        self.faults.only(root, ("place", "about", "regions", "facts", "answers"))
        code = self.faults.word(root.get("place"), "place")
        if code is None or not _CODE.match(code) or code in self.codes:
            sentence = f'"{code}" names no place, or one that has a file already.'
            self.faults.add(root.place, "A009", sentence, "Write place: and a code such as CN or US-NY, once.")
            return None
        self.codes.add(code)
        regions = self.faults.words(root.get("regions"), "regions") or (code,)
        for region in (r for r in regions if r in self.served):
            sentence = f'The region "{region}" is served by the place {self.served[region]} already.'
            self.faults.add(
                root.place, "A009", sentence, "Keep it in one of the two: nobody could tell whose law holds."
            )
        self.served |= dict.fromkeys(regions, code)
        where = [code, *sorted(regions)]
        facts = {name: fact for name, fact in self._facts(where, root.get("facts"))}
        texts = {name: text for name, text in self._texts(where, root.get("answers"))}
        return Jurisdiction(code, regions, facts, texts, root.place)

    def _facts(self, where: list[str], node: Node | None) -> Iterator[tuple[str, PlaceFact]]:
        for key, value in (self.faults.mapping(node, "facts") or MapNode(Place(""), ())).entries:
            kind = LEGAL_FACTS.get(key.text)
            body = self.faults.mapping(value, f'The fact "{key.text}"')
            if kind is None:
                sentence = f'There is no fact "{key.text}".{did_you_mean(key.text, LEGAL_FACTS)}'
                self.faults.add(key.place, "A010", sentence, "Use a fact of docs/answers.md.")
            elif body is not None and (fact := self._fact(where, key, kind, body)) is not None:
                yield key.text, fact

    def _fact(self, where: list[str], key: ScalarNode, kind: LegalFact, body: MapNode) -> PlaceFact | None:
        self.faults.only(body, FACT_KEYS)
        before = len(self.faults.found)
        origin = self._origin(body, key.place)
        node = body.get("value")
        value = _value(kind, node)
        if value is None:
            wanted = f"Write a {kind.kind} such as {kind.sample}."
            self.faults.add(node.place if node else key.place, "A011", f'"{key.text}" has no such value.', wanted)
        strength = self.faults.word(body.get("strength"), "strength")
        if strength not in STRENGTHS:
            sentence = f'"{strength}" is no strength.' if strength else "The strength is missing."
            self.faults.add(key.place, "A012", sentence, f"Write one of {', '.join(STRENGTHS)}.")
        if value is None or strength is None or len(self.faults.found) > before:
            return None
        return PlaceFact(key.text, value, strength, origin, _digest(where, key.text, body), key.place)

    def _texts(self, where: list[str], node: Node | None) -> Iterator[tuple[str, PlaceText]]:
        for key, value in (self.faults.mapping(node, "answers") or MapNode(Place(""), ())).entries:
            body = self.faults.mapping(value, f'The answer "{key.text}"')
            generic = self.found.get(key.text)
            if generic is None:
                sentence = f'There is no answer "{key.text}".{did_you_mean(key.text, self.found)}'
                self.faults.add(key.place, "A013", sentence, "Name the id of an answer of dialogs/answers/.")
            elif body is not None:
                self.faults.only(body, TEXT_KEYS)
                group = generic.context.partition(".")[0]
                reader = StepReader(group, self.faults, frozenset(), messages=True)
                lines, more = self._lines(reader, body, f"{key.text}.{where[0]}", key.place)
                origin = self._origin(body, key.place)
                yield key.text, PlaceText(lines, more, origin, _digest(where, key.text, body), key.place)


def facts_named(answers: Answers) -> frozenset[str]:
    """The facts of places that any answer names."""
    said = [line for answer in answers.by_question.values() for line in (*answer.lines, *answer.more)]
    said += [line for p in answers.places.values() for t in p.texts.values() for line in (*t.lines, *t.more)]
    return names_in(said) & LEGAL_FACTS.keys()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _value(kind: LegalFact, node: Node | None) -> FactValue | None:
    """The value of a fact in its own kind; None where what is written is none."""
    if not isinstance(node, ScalarNode):
        return None
    match kind.kind:
        case "count":
            return node.value if isinstance(node.value, int) and not isinstance(node.value, bool) else None
        case "day":
            return _day(node.text)
        case "money":
            try:
                return parse_money(node.text)
            except MoneyError:
                return None
        case _:
            return node.text.strip() if 0 < len(node.text.strip()) <= LONGEST_FACT else None


def _digest(where: list[str], name: str, body: MapNode) -> str:
    """SHA-256 of all that is said, in which place and regions, where it comes from and how sure it is; who reviewed it is
    not part of it."""
    said = [
        (key.text, _plain(value)) for key, value in body.entries if key.text not in ("reviewed_by", "counsel_signed")
    ]
    return hashlib.sha256(json.dumps([where, name, sorted(said)], ensure_ascii=False).encode()).hexdigest()


def _plain(node: Node) -> object:
    match node:
        case ScalarNode():
            return node.text
        case ListNode():
            return [_plain(part) for part in node.items]
        case MapNode():
            return [[key.text, _plain(value)] for key, value in node.entries]
