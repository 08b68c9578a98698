"""What is different between two versions, in words for people who do not read files.

A sentence, a step, a value of a policy, a translation, a phrase: each change is one line that says where it is and what it
was. Where something stands in its file makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest
from typing import Any, TypeVar

from bot.dialog.known_answers import NO_ANSWERS, Answers
from bot.dialog.moves import skeleton
from bot.dialog.script import Flow, Script, Sentence, Step, step_lines, step_sentences
from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import MapNode
from bot.policy.describe import Line, describe_contact_policy, describe_programme
from bot.policy.programme_reading import merged_root
from bot.services.live import Live, programme_files
from bot.texts.catalogs import Catalogs
from bot.understanding.book import PhraseBook

_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `part` is flows, answers, policies, translations or phrases; `where` names the flow, answer, policy, place
    or language."""

    part: str
    where: str
    sentence: str


def differences(old: Live, new: Live) -> tuple[Difference, ...]:
    """All changes from one version to another, in the order flows and answers, facts of places, policies, translations,
    phrases."""
    return (
        *_flows(old.script, new.script),
        *_facts(old.script.answers or NO_ANSWERS, new.script.answers or NO_ANSWERS),
        *_policies(_programme_lines(old), _programme_lines(new)),
        *_policies(_contact_lines(old), _contact_lines(new)),
        *_translations(old.catalogs, new.catalogs),
        *_phrases(old.phrases, new.phrases),
    )


def _flows(old: Script, new: Script) -> Iterator[Difference]:
    known = [answer for s in (old, new) for answer in (s.answers or NO_ANSWERS).by_question.values()]
    answers = tuple(f"{answer.context}." for answer in known)
    for name in _both(old.flows, new.flows):
        before, after = old.flows.get(name), new.flows.get(name)
        part, what = ("answers", "answer") if f"{name}.".startswith(answers) else ("flows", "flow")
        if before is None or after is None:
            yield Difference(part, name, f"The {what} is new." if before is None else f"The {what} is gone.")
            continue
        for sentence in _flow(before, after):
            yield Difference(part, name, sentence)


def _facts(old: Answers, new: Answers) -> Iterator[Difference]:
    """What is said of places: values with their sources."""
    before, after = _facts_of(old), _facts_of(new)
    for place, name in _both(before, after):
        ones, others = before.get((place, name)), after.get((place, name))
        if ones != others:
            yield Difference("answers", place, _set(name, ones, others))


def _facts_of(answers: Answers) -> dict[tuple[str, str], str]:
    facts = ((place.code, fact) for place in answers.places.values() for fact in place.facts.items())
    return {(code, name): f"{fact.value} ({fact.origin.source}, {fact.origin.as_of})" for code, (name, fact) in facts}


def _flow(old: Flow, new: Flow) -> Iterator[str]:
    for step_id in _both(old.steps, new.steps):
        before, after = old.steps.get(step_id), new.steps.get(step_id)
        if before is None or after is None:
            yield f"The step {step_id} is {'new' if before is None else 'gone'}."
        elif _bare(before) != _bare(after):
            yield from _step(before, after)
    if _about(old) != _about(new):
        yield f"It starts otherwise: {_about(new)} instead of {_about(old)}."
    elif tuple(old.steps) != tuple(new.steps) and set(old.steps) == set(new.steps):
        yield "Its steps stand in another order."


def _about(flow: Flow) -> str:
    title = flow.title.source if flow.title else "no title"
    return f"{title}, intents {', '.join(flow.intents) or 'none'}, commands {', '.join(flow.commands) or 'none'}"


def _step(old: Step, new: Step) -> Iterator[str]:
    """The sentences that changed; where none did, that the step asks or leads otherwise."""
    said = 0
    for before, after in zip_longest(_texts(old), _texts(new)):
        if before != after:
            said += 1
            yield _changed(f"{new.id}", before, after)
    if not said or skeleton(old) != skeleton(new):
        yield f"The step {new.id} asks, decides or leads otherwise."


def _texts(step: Step) -> tuple[str, ...]:
    said = tuple(_text(line.sentence) for line in step_lines(step))
    return said + tuple(_text(sentence) for sentence in list(step_sentences(step))[len(said) :])


def _text(sentence: Sentence) -> str:
    return sentence.source if sentence.plural is None else f"{sentence.source} / {sentence.plural}"


def _changed(what: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f'{what} also says "{after}".'
    return f'{what} no longer says "{before}".' if after is None else f'{what} says "{after}" instead of "{before}".'


def _bare(value: Any) -> Any:
    """The value without the places where its parts stand."""
    if isinstance(value, Place):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(_bare(getattr(value, part.name)) for part in fields(value)))
    return tuple(_bare(part) for part in value) if isinstance(value, tuple) else value


def _programme_lines(live: Live) -> dict[str, tuple[Line, ...]]:
    files = programme_files(live.files)
    roots = {p.programme_id: merged_root(files[p.programme_id], files) for p in live.programmes}
    return {name: describe_programme(root) for name, root in roots.items() if isinstance(root, MapNode)}


def _contact_lines(live: Live) -> dict[str, tuple[Line, ...]]:
    return {name: describe_contact_policy(policy) for name, policy in live.contact_policies.items()}


def _policies(old: Mapping[str, tuple[Line, ...]], new: Mapping[str, tuple[Line, ...]]) -> Iterator[Difference]:
    for name in _both(old, new):
        if name not in old or name not in new:
            yield Difference("policies", name, "The policy is new." if name in new else "The policy is gone.")
            continue
        before, after = _by_key(old[name]), _by_key(new[name])
        for key in _both(before, after):
            if before.get(key) != after.get(key):
                yield Difference("policies", name, _set(key, before.get(key), after.get(key)))


def _by_key(lines: Iterable[Line]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.key, []).append(line.value)
    return {key: "; ".join(values) for key, values in found.items()}


def _set(key: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"{key} is new: {after}."
    return f"{key} is gone; it was {before}." if after is None else f"{key} is {after} instead of {before}."


def _translations(old: Catalogs, new: Catalogs) -> Iterator[Difference]:
    for language in _both(old.by_language, new.by_language):
        if language not in old.by_language or language not in new.by_language:
            sentence = "The language is new." if language in new.by_language else "The language is gone."
            yield Difference("translations", language, sentence)
            continue
        before, after = old.by_language[language].entries, new.by_language[language].entries
        for context, source in _both(before, after):
            ones, others = before.get((context, source)), after.get((context, source))
            if ones != others:
                was, is_now = (None if forms is None else " / ".join(forms) for forms in (ones, others))
                yield Difference("translations", language, _changed(context, was, is_now))


def _phrases(old: PhraseBook, new: PhraseBook) -> Iterator[Difference]:
    for language in _both(old.languages, new.languages):
        before, after = _phrases_of(old, language), _phrases_of(new, language)
        for intent, part, text in sorted(before - after):
            yield Difference("phrases", language, f'{intent} no longer has the {part} phrase "{text}".')
        for intent, part, text in sorted(after - before):
            yield Difference("phrases", language, f'{intent} has the new {part} phrase "{text}".')


def _phrases_of(book: PhraseBook, language: str) -> set[tuple[str, str, str]]:
    known = book.languages.get(language)
    return {(p.intent, p.part.value, p.text) for p in known.phrases} if known is not None else set()


def _both(ones: Iterable[_Name], others: Iterable[_Name]) -> list[_Name]:
    """The names of both, each once, in the order of the first and then of the second."""
    return list(dict.fromkeys((*ones, *others)))
