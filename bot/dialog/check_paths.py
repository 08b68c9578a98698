"""Paths: what is surely so at each step, whichever way led there. Finds loops, dead ends, and steps taken too early.

For each step the facts that hold on every path to it are computed until nothing changes: identity proven, a card
confirmed, slots filled. A step is judged by what holds on all its paths, so one forgotten path is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.dialog.actions import ACTIONS, OFFERS
from bot.dialog.conditions import AllOf, Condition, Flag, Known, Not
from bot.dialog.findings import finding
from bot.dialog.script import (
    END,
    AnswerStep,
    AskStep,
    CallStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    HandOffStep,
    IfStep,
    Script,
    Step,
    step_buttons,
    step_lines,
    step_targets,
)
from bot.domain.diagnostics import Diagnostic
from bot.texts.fields import FIELDS, LISTS, Sensitivity
from bot.texts.placeholders import read_template


@dataclass(frozen=True, slots=True)
class Sure:
    """What holds at a step on every path to it."""

    proven: bool
    confirmed: bool
    filled: frozenset[str]

    def both(self, other: Sure) -> Sure:
        return Sure(self.proven and other.proven, self.confirmed and other.confirmed, self.filled & other.filled)


def check_paths(script: Script, flow: Flow) -> Iterator[Diagnostic]:
    """All mistakes of order in one flow whose targets all exist."""
    sure = sure_at(script, flow)
    yield from _unreached(flow, sure)
    # Whoever goes round for ever never ends either: that is one mistake, not two.
    yield from tuple(_circles(flow)) or _dead_ends(flow, sure)
    for name, holds in sure.items():
        yield from _too_early(flow, flow.steps[name], holds)


def sure_at(script: Script, flow: Flow) -> dict[str, Sure]:
    """What is sure at each step that can be reached."""
    start = Sure("identity" in flow.needs, False, frozenset())
    known = {flow.first: start}
    waiting = [flow.first]
    while waiting:
        name = waiting.pop()
        for target, after in _edges(script, flow.steps[name], known[name]):
            if target == END:
                continue
            merged = after if target not in known else known[target].both(after)
            if known.get(target) != merged:
                known[target] = merged
                waiting.append(target)
    return known


def _edges(script: Script, step: Step, now: Sure) -> Iterator[tuple[str, Sure]]:
    """Where a step leads, and what is sure there."""
    match step:
        case ConfirmStep():
            yield step.yes.goto or END, replace(now, confirmed=True)
        case DoStep():
            yield from _results(step, now)
        case IfStep():
            yield step.then, _given(now, step.when)
            yield step.otherwise or step.next or END, _given(now, Not(step.when))
        case AskStep() if step.next:
            yield step.next, replace(now, filled=now.filled | {step.slot})
        case CallStep() if step.next:
            called = script.flows[step.flow]
            proven = now.proven or called.id == "identify" or "identity" in called.needs
            yield step.next, replace(now, proven=proven)
        case AnswerStep():
            for target in (step.next or END, step.held, step.otherwise):
                yield target or END, now
        case _ if step.next and not isinstance(step, EndStep):
            yield step.next, now
    if isinstance(step, AskStep) and step.otherwise:
        yield step.otherwise, now
    buttons = step_buttons(step)[1:] if isinstance(step, ConfirmStep) else step_buttons(step)
    yield from ((button.goto, replace(now, confirmed=False)) for button in buttons if button.goto)


def _results(step: DoStep, now: Sure) -> Iterator[tuple[str, Sure]]:
    action = ACTIONS[step.action]
    for result, target in step.on:
        proven = (now.proven or result in action.proves) and step.action != "unbind"
        # What one card confirmed is used up by what was recorded for it.
        yield target, Sure(proven, now.confirmed and not action.commits, now.filled | set(action.fills))


def _given(now: Sure, condition: Condition) -> Sure:
    """What is sure besides, where a condition holds."""
    match condition:
        case Flag(field="verified"):
            return replace(now, proven=True)
        case Known():
            return replace(now, filled=now.filled | {condition.field})
        case Not(part=Not() as inner):
            return _given(now, inner.part)
        case AllOf():
            for part in condition.parts:
                now = _given(now, part)
            return now
        case _:
            return now


def _unreached(flow: Flow, sure: Mapping[str, Sure]) -> Iterator[Diagnostic]:
    for name, step in flow.steps.items():
        if name not in sure:
            yield finding(step.place, "S031", name=name)


def _silent(step: Step) -> bool:
    """A step that neither waits, nor ends, nor changes anything: alone with its like it goes round for ever."""
    return not isinstance(step, AskStep | ConfirmStep | DoStep | HandOffStep | EndStep)


def _circles(flow: Flow) -> Iterator[Diagnostic]:
    reported: set[str] = set()
    for name in flow.steps:
        circle = _circle_from(flow, name)
        if circle and not reported & set(circle):
            reported |= set(circle)
            yield finding(flow.steps[name].place, "S032", name=", ".join(circle))


def _circle_from(flow: Flow, start: str) -> list[str]:
    """A way from a silent step back to itself over silent steps only."""
    ways = [[start]] if _silent(flow.steps[start]) else []
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for target in step_targets(flow.steps[way[-1]]):
            if target == start:
                return way
            if target and target != END and target not in seen and _silent(flow.steps[target]):
                seen.add(target)
                ways.append([*way, target])
    return []


def _dead_ends(flow: Flow, sure: Mapping[str, Sure]) -> Iterator[Diagnostic]:
    ending = {
        name
        for name, step in flow.steps.items()
        if isinstance(step, HandOffStep | EndStep) or END in tuple(step_targets(step))
    }
    grown = True
    while grown:
        more = {n for n, s in flow.steps.items() if n not in ending and ending & set(step_targets(s))}
        grown = bool(more)
        ending |= more
    for name, step in flow.steps.items():
        if name in sure and name not in ending and all(step_targets(step)):
            yield finding(step.place, "S033", name=name)
            return  # the others lead here: one root cause


def _too_early(flow: Flow, step: Step, now: Sure) -> Iterator[Diagnostic]:
    if isinstance(step, DoStep):
        action = ACTIONS[step.action]
        if action.owed and not now.proven:
            yield finding(step.place, "S036", name=step.action)
        if action.commits and not now.confirmed:
            yield finding(step.place, "S037", name=step.action)
        for slot in action.needs:
            if slot not in now.filled:
                yield finding(step.place, "S034", name=slot)
    if isinstance(step, AskStep) and step.offers and OFFERS[step.offers].owed and not now.proven:
        yield finding(step.place, "S036", name=step.offers)
    yield from _said_too_early(flow, step, now)


def _said_too_early(flow: Flow, step: Step, now: Sure) -> Iterator[Diagnostic]:
    slots = set(flow.slot_types())
    own = {step.slot} if isinstance(step, AskStep) else set()
    spoken = [(line.sentence, line.when, line.each) for line in step_lines(step)]
    spoken += [(button.label, button.when, None) for button in step_buttons(step)]
    for sentence, when, each in spoken:
        sure = _given(now, when) if when else now
        names = read_template(sentence.source).names | read_template(sentence.plural or "").names
        for name in sorted(names - set(LISTS.get(each or "", ())) if each == "help" else names):
            # A rejection speaks of the very value that was just given.
            if name in slots and name not in sure.filled | own:
                yield finding(sentence.place, "S034", name=name)
            field = FIELDS.get(name)
            if field and name not in slots and field.sensitivity is not Sensitivity.PUBLIC and not sure.proven:
                yield finding(sentence.place, "S035", name=name)
    yield from _pressed_too_early(step, now)


def _pressed_too_early(step: Step, now: Sure) -> Iterator[Diagnostic]:
    """What a press copies or opens is told as much as what is said."""
    for button in step_buttons(step):
        sure = _given(now, button.when) if button.when else now
        for name in (button.copy_of, button.url_of):
            field = FIELDS.get(name or "")
            if field is not None and field.sensitivity is not Sensitivity.PUBLIC and not sure.proven:
                yield finding(button.place, "S035", name=name)
