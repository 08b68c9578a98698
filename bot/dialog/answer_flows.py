"""Answers as flows of one step, so that everything that checks, draws, translates or walks flows does so with answers too.

What a place says in its own words is such a flow besides, and the rest of an answer is another, behind a button.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.dialog.conditions import fields_of
from bot.dialog.known_answers import Answer, Answers, PlaceText, names_in
from bot.dialog.script import END, MORE, Flow, Line, SayStep, Script, ScriptButton, Sentence
from bot.domain.diagnostics import Place
from bot.texts.fields import FIELDS, Sensitivity

#: The one step of an answer's flow.
SAY = "say"

_MORE = ".more"


def with_answers(script: Script, answers: Answers) -> Script:
    """The script with these answers, and with the flows that say them."""
    asked = script.flow_of(MORE)
    said = _all_flows(answers, asked.title if asked else None, script.statements)
    return replace(script, flows={**script.flows, **{flow.id: flow for flow in said}}, answers=answers)


def _all_flows(answers: Answers, more: Sentence | None, statements: Line | None) -> Iterator[Flow]:
    """`more` labels the button for the rest, `statements` says what must be said besides."""
    besides = (statements,) if statements else ()
    for answer in answers.by_question.values():
        yield from _flows(answer, answer.context, answer.title, answer, more, besides)
        for code, place in answers.places.items():
            if answer.id in place.texts:
                yield from _flows(answer, f"{answer.context}.{code}", None, place.texts[answer.id], more, besides)


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
