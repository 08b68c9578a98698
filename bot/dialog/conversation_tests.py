"""Conversation tests: talks written in YAML, run through the real understanding and engine with a set clock.

A turn names what is done (`borrower`, `press`, `wait`, ...) and what is expected (`understood`, `bot`, `effects`, ...): keys,
slots, effects, holders and sends rather than prose. The invariants are checked in every turn of every talk. One talk may be run
in several languages; a turn's texts are then named by language. docs/conversation-tests.md is the page for those who write them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialog.actions import ACTIONS, Action
from bot.dialog.asked import Done
from bot.dialog.given import Given, Plain, plain, read_given
from bot.dialog.rehearsal import Rehearsal, Stage
from bot.dialog.state import SlotJson
from bot.dialog.talk_expectations import EXPECTED, unmet
from bot.dialog.talk_turns import DONE, carry_out
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.errors import GraceError
from bot.domain.yaml_reading import ListNode, MapNode, Node, read_yaml

#: What stands at the top of a talk.
TOP = ("title", "given", "languages", "stubs", "talk")

#: Parts of a turn whose value may be named by language.
BY_LANGUAGE = ("borrower", "edits", "press", "says", "never_says", "understood")

#: Parts of what is given whose value may be.
GIVEN_BY_LANGUAGE = ("loan", "loans")


@dataclass(frozen=True, slots=True)
class TestRun:
    """What one file gave: every expectation that failed, the branches it visited, and in which languages it was run."""

    failures: tuple[Diagnostic, ...]
    visited: frozenset[str]
    languages: tuple[str, ...] = ()


class CannotRun(ValueError):
    """A talk that says something that cannot be; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Played:
    """A talk as it went in one language, None where it names none; without a rehearsal where it could not even begin."""

    language: str | None
    rehearsal: Rehearsal | None
    failures: tuple[Diagnostic, ...]


def run_conversation(text: str, file: str, stage: Stage) -> TestRun:
    """Runs one file. A file that cannot be read or rehearsed is itself a failure."""
    played = tuple(play(text, file, stage))
    return TestRun(
        tuple(failure for one in played for failure in one.failures),
        frozenset(branch for one in played if one.rehearsal for branch in one.rehearsal.visited),
        tuple(one.language for one in played if one.language),
    )


def play(text: str, file: str, stage: Stage, only: Sequence[str] = ()) -> Iterator[Played]:
    """The talk of one file in each of its languages; with `only`, in those of them that are named."""
    read = read_yaml(text, file)
    root = read.root
    talk = root.get("talk") if isinstance(root, MapNode) else None
    if read.problems:
        yield Played(None, None, read.problems)
        return
    if not isinstance(root, MapNode) or not isinstance(talk, ListNode):
        yield Played(None, None, (_fault(Place(file, 1, 1), "There is no talk."),))
        return
    for key, _ in root.entries:
        if key.text not in TOP:
            near = did_you_mean(key.text, TOP)
            yield Played(None, None, (_fault(key.place, f"A talk has no {key.text}.{near}"),))
            return
    try:
        languages = _languages(root, stage)
    except CannotRun as error:
        yield Played(None, None, (_fault(root.place, str(error)),))
        return
    for language in languages:
        if not only or language in only:
            yield Played(language, *_run(root, talk, stage, language))


def _languages(root: MapNode, stage: Stage) -> list[str | None]:
    """In which languages to run: those named, or once as given."""
    told = plain(root.get("languages"))
    if told is None:
        return [None]
    wanted = list(stage.catalogs.languages) if told == "all" else told
    if not isinstance(wanted, list) or not wanted:
        raise CannotRun("Languages are a list of tags, or all.")
    unknown = [str(tag) for tag in wanted if tag not in stage.catalogs.by_language]
    if unknown:
        raise CannotRun(f"{unknown[0]} is no language of the bot; known are {', '.join(stage.catalogs.languages)}.")
    return [str(tag) for tag in wanted]


def _run(
    root: MapNode, talk: ListNode, stage: Stage, language: str | None
) -> tuple[Rehearsal | None, tuple[Diagnostic, ...]]:
    told = plain(root.get("given"))
    facts = dict(told) if isinstance(told, dict) else {}
    if language is not None:
        facts["language"] = language
        facts |= {name: _own(facts[name], language) for name in GIVEN_BY_LANGUAGE if name in facts}
    where = _place(root.get("given"), root.place)
    try:
        given = read_given(facts, stage.programmes[0])
        stubs = _stubs(plain(root.get("stubs")))
    except (ValueError, GraceError, KeyError) as error:
        return None, (_fault(where, f"What is given cannot be: {error}."),)
    rehearsal = Rehearsal.begin(stage, given)
    for node in talk.items:
        body = plain(node)
        problem = _turn(rehearsal, given, body, stubs, language) if isinstance(body, dict) else "A turn is a mapping."
        if problem:
            # What follows would only fail because of this.
            return rehearsal, (_fault(node.place, f"[{language}] {problem}" if language else problem),)
    return rehearsal, ()


def _turn(
    rehearsal: Rehearsal, given: Given, turn: Mapping[str, Plain], stubs: Mapping[str, Action], language: str | None
) -> str | None:
    """Carries out one turn; the first thing that is not as expected, or None."""
    unknown = [name for name in turn if name not in (*DONE, *EXPECTED, "stubs")]
    done = [name for name in turn if name in DONE]
    if unknown or len(done) != 1:
        near = did_you_mean(unknown[0], (*DONE, *EXPECTED)) if unknown else ""
        return f"A turn does one of {', '.join(DONE)}; this has {', '.join((*done, *unknown)) or 'none'}.{near}"
    try:
        worded = {name: _in_language(name, value, language) for name, value in turn.items()}
        actions = {**ACTIONS, **stubs, **_stubs(turn.get("stubs"))}
        heard = carry_out(rehearsal, given, done[0], worded[done[0]], actions)
    except CannotRun as error:
        return f"Stubs cannot be so: {error}."
    except LookupError as error:
        return str(error.args[0])
    except (ValueError, GraceError) as error:
        return f"{done[0]} cannot be {turn[done[0]]}: {error}."
    broken = [f"A rule that always holds is broken: {rule}." for rule in heard.broken]
    return next(iter((*broken, *unmet(worded, heard, rehearsal))), None)


def _own(value: Plain, language: str) -> Plain:
    """What is given in the language of this run, where it is named by language."""
    return value[language] if isinstance(value, dict) and language in value else value


def _in_language(name: str, value: Plain, language: str | None) -> Plain:
    """The value in the language of this run, where it is named by language."""
    if language is None or name not in BY_LANGUAGE or not isinstance(value, dict):
        return value
    if name == "understood" and not any(key in ("en", language) for key in value):
        return value
    if language not in value:
        raise LookupError(f"{name} has no words in {language}.")
    return value[language]


def _stubs(told: Plain) -> dict[str, Action]:
    """Actions whose result is set: `name: result`, or `name: {result: ..., slots: {...}, forget: [...]}`. Nothing is recorded."""
    return {name: _stubbed(name, body) for name, body in told.items()} if isinstance(told, dict) else {}


def _stubbed(name: str, body: Plain) -> Action:
    action = ACTIONS.get(name)
    if action is None:
        raise CannotRun(f"there is no action {name}{did_you_mean(name, ACTIONS)}")
    told = body if isinstance(body, dict) else {"result": body}
    result = str(told.get("result"))
    if result not in action.results:
        raise CannotRun(f"{name} has no result {result}; it has {', '.join(action.results)}")
    slots, forget = told.get("slots"), told.get("forget")
    filled: tuple[tuple[str, SlotJson], ...] = tuple(
        (slot, value)
        for slot, value in (slots if isinstance(slots, dict) else {}).items()
        if not isinstance(value, list | dict)
    )
    done = Done(result, slots=filled, forget=tuple(str(f) for f in forget) if isinstance(forget, list) else ())
    return replace(action, run=lambda _asked: done)


def _place(node: Node | None, otherwise: Place) -> Place:
    return node.place if node is not None else otherwise


def _fault(place: Place, sentence: str) -> Diagnostic:
    return Diagnostic(place, "T001", sentence, "")
