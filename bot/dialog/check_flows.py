"""Flows as a whole: each is started by something, has a name of its own, and says what it does before it falls silent."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.dialog.findings import finding
from bot.dialog.script import AskStep, CallStep, ConfirmStep, Flow, HandOffStep, Script, step_buttons, step_targets
from bot.dialog.walk import FLOWS_OF_ENGINE
from bot.domain.diagnostics import Diagnostic, did_you_mean
from bot.domain.understanding import SAFETY_INTENTS


def check_flows(script: Script) -> Iterator[Diagnostic]:
    """Mistakes between flows."""
    called = {s.flow for flow in script.flows.values() for s in flow.steps.values() if isinstance(s, CallStep)}
    for flow in script.flows.values():
        if flow.of_answer:
            continue  # made of an answer, in whose file it stands; a question leads to it
        stem = flow.place.file.rpartition("/")[2].removesuffix(".yaml")
        if stem != flow.id:
            yield finding(flow.place, "S064", name=flow.id, result=stem)
        if not flow.messages:
            if not (flow.intents or flow.commands or flow.id in called or flow.id in FLOWS_OF_ENGINE):
                yield finding(flow.place, "S076", name=flow.id)
            yield from _begins(flow)
            yield from _ends(flow)
    yield from _titles(script)


def _begins(flow: Flow) -> Iterator[Diagnostic]:
    if flow.title is None and any(isinstance(s, AskStep | ConfirmStep) for s in flow.steps.values()):
        yield finding(flow.place, "S077", name=flow.id)
    for intent in flow.intents:
        if intent in SAFETY_INTENTS and flow.needs:
            yield finding(flow.place, "S083", name=intent, result=", ".join(flow.needs))


def _titles(script: Script) -> Iterator[Diagnostic]:
    """Only what a wish can start is ever offered by its title beside others."""
    titled: dict[str, Flow] = {}
    for flow in script.flows.values():
        if flow.title is not None and flow.intents:
            other = titled.setdefault(flow.title.source, flow)
            if other is not flow:
                yield finding(flow.title.place, "S078", name=flow.title.source, result=other.id)


def check_intents(script: Script, known: Collection[str]) -> Iterator[Diagnostic]:
    """S082 for each intent that starts a flow and that neither a message nor a button ever means."""
    steps = [step for flow in script.flows.values() for step in flow.steps.values()]
    pressed = {button.intent for step in steps for button in step_buttons(step)}
    for flow in script.flows.values():
        for intent in flow.intents:
            if intent not in known and intent not in pressed:
                yield finding(flow.place, "S082", name=intent, near=did_you_mean(intent, known))


def _ends(flow: Flow) -> Iterator[Diagnostic]:
    for step in flow.steps.values():
        if isinstance(step, HandOffStep) and not step.lines:
            yield finding(step.place, "S084", name=step.id)
        if isinstance(step, ConfirmStep):
            if step.yes.goto is None:
                yield finding(step.yes.place, "S085")
            if step.change is not None and step.change.goto in flow.steps and not _leads(flow, step.change.goto, step):
                yield finding(step.change.place, "S065", name=step.change.goto, result=step.id)


def _leads(flow: Flow, start: str | None, card: ConfirmStep) -> bool:
    seen: set[str] = set()
    waiting = [start] if start else []
    while waiting:
        name = waiting.pop()
        if name == card.id:
            return True
        if name in flow.steps and name not in seen:
            seen.add(name)
            waiting.extend(t for t in step_targets(flow.steps[name]) if t)
    return False
