"""Coverage: which steps and branches of a script there are, and which of them a conversation visited.

A branch is named as an admin reads it: `promise.propose: too_many_open` for a result, `promise.card [Confirm]` for a button,
`promise.try: then` for a condition, `promise.day: otherwise` where patience ends, and a conditional sentence by its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.dialog.script import (
    END,
    AskStep,
    DoStep,
    Flow,
    IfStep,
    Line,
    Script,
    ScriptButton,
    Step,
    step_buttons,
    step_lines,
)
from bot.dialog.stage import Shown
from bot.dialog.state import DialogState

#: As much of a sentence as tells it from the others of its step.
_BEGINNING = 40

#: Their steps are filled into other sentences, so no message shows where they come from.
_NEVER_ALONE = frozenset({"labels", "statements"})


def branches(script: Script) -> Mapping[str, tuple[str, ...]]:
    """Every branch there is, by flow, in the order of the files."""
    return {
        flow.id: tuple(dict.fromkeys(_of_flow(flow))) for flow in script.flows.values() if flow.id not in _NEVER_ALONE
    }


def _of_flow(flow: Flow) -> Iterator[str]:
    if flow.of_answer:
        # What an answer says in each place, and its buttons, are held by the tests of the answers.
        yield flow.id
        return
    for step in flow.steps.values():
        at = f"{flow.id}.{step.id}"
        yield at
        yield from _of_step(at, step)


def _of_step(at: str, step: Step) -> Iterator[str]:
    match step:
        case DoStep():
            yield from (f"{at}: {result}" for result, _ in step.on)
        case IfStep():
            yield from (f"{at}: then", f"{at}: else")
        case AskStep() if step.otherwise:
            yield f"{at}: otherwise"
        case _:
            pass
    yield from (_pressed(at, button) for button in step_buttons(step) if not (button.copy_of or button.url_of))
    yield from (_said(at, line) for line in step_lines(step) if line.when is not None)


def _pressed(at: str, button: ScriptButton) -> str:
    return f"{at} [{button.label.source}]"


def _said(at: str, line: Line) -> str:
    return f'{at} "{line.sentence.source[:_BEGINNING]}"'


def visited_by(
    script: Script, before: DialogState, trace: Sequence[str], shown: Iterable[Shown], lines: Iterable[str]
) -> set[str]:
    """What one turn visited, from the state before it, its trace and its messages; `lines` are steps told on a button."""
    steps = [line for line in trace if _step(script, line) is not None]
    found = set(steps) | set(lines) | {name.rpartition(".")[0] for name in steps}
    for place, name in enumerate(trace):
        step = _step(script, name)
        after = next((line for line in trace[place + 1 :] if _step(script, line) is not None), None)
        if isinstance(step, DoStep) and place + 1 < len(trace):
            found.add(f"{name}: {trace[place + 1].removeprefix(f'{step.action}: ')}")
        elif isinstance(step, IfStep):
            found.add(f"{name}: {_way(step, name.rpartition('.')[0], after)}")
    found |= set(_answered(script, before, steps))
    for message in shown:
        found |= set(message.steps)
        found |= {f'{line.context} "{line.source[:_BEGINNING]}"' for line in message.say.lines}
    return found


def press(shown: Shown, place: int) -> str:
    """The branch that a pressed button is."""
    label = [choice for row in shown.say.choices for choice in row][place].label
    return f"{label.context} [{label.source}]"


def _way(step: IfStep, flow: str, after: str | None) -> str:
    if after == f"{flow}.{step.then}":
        return "then"
    if after in (f"{flow}.{step.otherwise}", f"{flow}.{step.next}"):
        return "else"
    return "then" if step.then == END else "else"


def _answered(script: Script, before: DialogState, steps: Sequence[str]) -> Iterator[str]:
    """The way out of the question that was open: by a button's words or number, or because patience ended."""
    frame = before.frames[-1] if before.frames else None
    step = script.step(frame.flow, frame.step) if frame else None
    if frame is None or step is None or not steps:
        return
    at = f"{frame.flow}.{frame.step}"
    for button in step_buttons(step):
        if button.goto and f"{frame.flow}.{button.goto}" == steps[0]:
            yield _pressed(at, button)
    if isinstance(step, AskStep) and f"{frame.flow}.{step.otherwise}" == steps[0]:
        yield f"{at}: otherwise"


def _step(script: Script, name: str) -> Step | None:
    flow, _, step = name.rpartition(".")
    return script.step(flow, step) if flow and " " not in name else None
