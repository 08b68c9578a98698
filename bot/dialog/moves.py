"""Moves: a map that takes waiting conversations from the steps of older versions to those of a new one.

A move is checked before it is published: both steps exist and ask alike, what the new one builds on is known to whoever waits
at the old one, and no card is passed over. A conversation that the map does not fit goes on with its own version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from bot.dialog.check_paths import sure_at
from bot.dialog.script import END, AskStep, ConfirmStep, Flow, Script, Sentence, Step, step_buttons, step_targets
from bot.dialog.slots import slot_types
from bot.dialog.state import DialogState, Frame, LiveChoice
from bot.domain.diagnostics import Place, did_you_mean
from bot.domain.yaml_reading import MapNode, ScalarNode, read_yaml

#: Types of answer that mean the same whatever the question.
_PLAIN = ("amount", "date", "days", "yes_no")


@dataclass(frozen=True, slots=True)
class Moves:
    """`steps` from `flow.step` to `flow.step`; `alike` are, for each version that it was checked against, the flows whose
    course is the same in the new one: frames in them go along as they are."""

    steps: Mapping[str, str]
    alike: Mapping[int, tuple[str, ...]]

    def to_json(self) -> str:
        alike = {str(number): list(flows) for number, flows in sorted(self.alike.items())}
        return json.dumps({"steps": dict(self.steps), "alike": alike}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Moves:
        body = json.loads(text)
        return cls(body["steps"], {int(number): tuple(flows) for number, flows in body["alike"].items()})


def read_moves(text: str, file: str) -> tuple[dict[str, str], list[str]]:
    """The map of a file such as `promise.day: promise.when`, and every mistake of form as a sentence with its place."""
    read = read_yaml(text, file)
    problems = [str(problem) for problem in read.problems]
    steps: dict[str, str] = {}
    if not problems and not isinstance(read.root, MapNode):
        problems.append(f"{file}: write one move on each line, such as promise.day: promise.when.")
    for key, node in read.root.entries if isinstance(read.root, MapNode) else ():
        if isinstance(node, ScalarNode) and key.text.count(".") == node.text.count(".") == 1:
            steps[key.text] = node.text
        else:
            problems.append(f"{key.place} a move is written as flow.step: flow.step.")
    return steps, problems


def check_moves(steps: Mapping[str, str], old: Script, new: Script) -> list[str]:
    """Every reason why somebody who waits at a step of the old script cannot be taken to the step of the new one."""
    return [
        f"{source}: {target}: {why}" for source, target in steps.items() for why in _faults(source, target, old, new)
    ]


def flows_alike(old: Script, new: Script) -> tuple[str, ...]:
    """The flows that ask, decide and lead the same in both, whatever their words."""
    both = [name for name in old.flows if name in new.flows and not old.flows[name].messages]
    return tuple(name for name in both if _course(old.flows[name]) == _course(new.flows[name]))


def moved(state: DialogState, moves: Moves, version: int, script: Script) -> DialogState | None:
    """Where a conversation of that version stands in the new script; None where it stays in its own."""
    alike = moves.alike.get(version)
    if alike is None or not any(_name(frame) in moves.steps for frame in state.frames):
        return None
    frames = [_moved_frame(frame, moves.steps, alike) for frame in state.frames]
    if any(f is None or script.step(f.flow, f.step) is None for f in frames):
        return None
    top = frames[-1]
    assert top is not None
    choices = state.choices
    if _name(state.frames[-1]) in moves.steps:
        step = script.step(top.flow, top.step)
        choices = tuple(_kept(choice, step) for choice in choices)
    return replace(state, frames=tuple(f for f in frames if f is not None), choices=choices)


def skeleton(value: Any) -> Any:
    """The value without places and sentences: what is asked, decided and where it leads."""
    if isinstance(value, Place | Sentence):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(skeleton(getattr(value, part.name)) for part in fields(value)))
    return tuple(skeleton(part) for part in value) if isinstance(value, tuple) else value


def _course(flow: Flow) -> Any:
    return flow.needs, tuple((name, skeleton(step)) for name, step in flow.steps.items())


def _name(frame: Frame) -> str:
    return f"{frame.flow}.{frame.step}"


def _moved_frame(frame: Frame, steps: Mapping[str, str], alike: tuple[str, ...]) -> Frame | None:
    target = steps.get(_name(frame))
    if target is None:
        return frame if frame.flow in alike else None
    flow, _, step = target.partition(".")
    return replace(frame, flow=flow, step=step)


def _kept(choice: LiveChoice, step: Step | None) -> LiveChoice:
    """A live button after the move: as it was where it means the same, else one that asks the question anew."""
    if choice.intent is not None or step is None:
        return choice
    if isinstance(step, ConfirmStep):  # the card is the same, which was checked
        return choice
    known = {button.value for button in step_buttons(step)}
    fits = isinstance(step, AskStep) and (step.type in _PLAIN or choice.value in known)
    return choice if fits and choice.goto is None else LiveChoice(goto=step.id, label=choice.label)


def _faults(source: str, target: str, old: Script, new: Script) -> Iterator[str]:
    before, after = _found(source, old), _found(target, new)
    if before is None:
        yield f"there is no step {source} in the version that is left.{did_you_mean(source, _names(old))}"
    if after is None:
        yield f"there is no step {target} in the new version.{did_you_mean(target, _names(new))}"
    if before is not None and after is not None:
        yield from _unlike(before[1], after[1])
        yield from _unknown(old, *before, new, *after)


def _found(name: str, script: Script) -> tuple[Flow, Step] | None:
    flow = script.flows.get(name.partition(".")[0])
    step = flow.steps.get(name.partition(".")[2]) if flow is not None and not flow.messages else None
    return (flow, step) if flow is not None and step is not None else None


def _names(script: Script) -> list[str]:
    return [f"{flow.id}.{step}" for flow in script.flows.values() if not flow.messages for step in flow.steps]


def _unlike(old: Step, new: Step) -> Iterator[str]:
    """The same kind of step, and of a question the same kind of answer."""
    if type(old) is not type(new):
        yield "the two are steps of different kinds."
    elif isinstance(old, AskStep) and isinstance(new, AskStep) and (old.type, old.photo) != (new.type, new.photo):
        yield f"the one asks for {_asked(old)}, the other for {_asked(new)}."
    elif isinstance(old, ConfirmStep) and _card(old) != _card(new):
        yield "the card is not the same, and nobody may confirm what they have not seen. Leave them their version."


def _asked(step: AskStep) -> str:
    return f"{step.type} or a picture" if step.photo else step.type


def _card(step: Any) -> Any:
    """The card without its place and name: what it says, and where its buttons lead."""
    if isinstance(step, Place):
        return None
    if isinstance(step, Sentence):
        return step.source, step.plural, step.count_by
    if is_dataclass(step) and not isinstance(step, type):
        return tuple(_card(getattr(step, part.name)) for part in fields(step) if part.name != "id")
    return tuple(_card(part) for part in step) if isinstance(step, tuple) else step


def _unknown(old: Script, flow: Flow, step: Step, new: Script, into: Flow, at: Step) -> Iterator[str]:
    """What holds for everybody at the new step must hold for everybody at the old one."""
    here, there = sure_at(old, flow).get(step.id), sure_at(new, into).get(at.id)
    if here is None or there is None:
        yield "nothing leads to this step, so nobody waits at it."
        return
    types, wanted = slot_types(flow), slot_types(into)
    for slot in sorted(there.filled & wanted.keys()):
        if slot not in here.filled:
            yield f"the new step builds on {slot}, which may still be unknown at the old one."
        elif types.get(slot) != wanted[slot]:
            yield f"{slot} is {wanted[slot]} in the new version and was {types.get(slot)}."
    if there.proven and not here.proven:
        yield "the new step is only for those whose identity is proven."
    if at.id in _beyond_card(into) and step.id not in _beyond_card(flow):
        yield "the new step lies behind a card that nobody has confirmed yet."


def _beyond_card(flow: Flow) -> frozenset[str]:
    """The steps that only those reach who confirmed a card."""
    reached, waiting = {flow.first}, [flow.first]
    while waiting:
        step = flow.steps[waiting.pop()]
        buttons = step_buttons(step)[1:] if isinstance(step, ConfirmStep) else ()
        targets = {b.goto for b in buttons} if isinstance(step, ConfirmStep) else set(step_targets(step))
        for target in targets - reached:
            if target is not None and target != END:
                reached.add(target)
                waiting.append(target)
    return frozenset(flow.steps) - reached
