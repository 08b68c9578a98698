"""Sample walks: one short talk through each flow, found by the engine itself and the same in every language.

A walk opens the flow in a situation where it has most to say, then presses the first button that answers, until the flow has
ended or a person was called. It needs no script of its own, so a new flow has its walk on the day it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.dialog.given import Plain, read_given
from bot.dialog.rehearsal import Rehearsal
from bot.dialog.script import AskStep, CallStep, ConfirmStep, Flow, Script
from bot.dialog.stage import Stage
from bot.dialog.talk_turns import link_of
from bot.domain.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)

#: No walk is longer.
MOST_TURNS = 12

_BIRTH_DATE = "1990-05-12"
_NONSENSE = "?!"
_KNOWS: Plain = {"phone": "+8613800000000", "birth_date": _BIRTH_DATE}
_NOW = "2026-11-24T10:00+00:00"
_LATE: Plain = {
    "due": "2026-11-18",
    "owed": "1200.00 CNY",
    "interest": "120.00 CNY",
    "fees": "30.00 CNY",
    "late_fees": "50.00 CNY",
}

#: Who may open a flow; the first in which it says most is taken.
SITUATIONS: tuple[Mapping[str, Plain], ...] = (
    {"loan": _LATE},
    {"loan": _LATE, "promise": {"amount": "500.00 CNY", "day": "2026-11-27", "made": "2026-11-24T09:55+00:00"}},
    {"loans": [_LATE, {"due": "2026-11-27", "owed": "300.00 CNY"}]},
    {"loan": _LATE, "holds": ["stop"]},
    {"loans": []},
    {"loan": _LATE, "proven": False},
    {"loan": _LATE, "seen": False},
    {"loan": _LATE, "bound": False},
)

#: The main way where another says more, and two loans for a flow that says nothing itself.
_FITTING = {"promise": 0, "another_loan": 2}


def best_situation(stage: Stage, flow: Flow) -> int:
    """The place in SITUATIONS of the one in which the flow says most: of its steps, and then in words to whom we know."""
    if flow.id in _FITTING:
        return _FITTING[flow.id]
    said = [_own_words(walk(stage, flow, "en", place), flow) for place in range(len(SITUATIONS))]
    return said.index(max(said))


def _own_words(went: Rehearsal, flow: Flow) -> tuple[int, bool, int]:
    own = [(step, m) for m in went.shown for step in m.steps if step.startswith(f"{flow.id}.")]
    conversation = went.given.situation.conversation
    known = conversation is not None and conversation.verified
    return len({step for step, _ in own}), known, sum(len(message.content.text) for _, message in own)


def walk(stage: Stage, flow: Flow, language: str, situation: int) -> Rehearsal:
    """The walk through the flow as it went, in a language and one of the SITUATIONS."""
    facts = {"now": _NOW, "knows": _KNOWS, **SITUATIONS[situation], "language": language}
    rehearsal = Rehearsal.begin(stage, read_given(facts, stage.programmes[0]))
    first, *further = _opening(stage.script, flow, rehearsal)
    rehearsal.hear(first, link_of(rehearsal.given, "fresh") if isinstance(first, LinkOpened) else None)
    pressed: set[tuple[str, str, str]] = set()
    while rehearsal.turns < MOST_TURNS and (event := further.pop(0) if further else _answer(rehearsal, pressed)):
        rehearsal.until(rehearsal.situation.now + timedelta(minutes=1))
        rehearsal.hear(event)
    return rehearsal


def _opening(script: Script, flow: Flow, rehearsal: Rehearsal) -> tuple[InboundEvent, ...]:
    """What begins the flow: an invitation, its own intent, or that of a flow which calls it."""
    if rehearsal.situation.conversation is None:
        return (LinkOpened("token"),)
    if flow.id == "not_understood":
        return TextReceived(_NONSENSE), TextReceived(_NONSENSE)
    callers = (f for f in script.flows.values() if _calls(f, flow))
    intent = next((i for f in (flow, *callers) for i in f.intents), None)
    # What has no intent is begun by the engine, where somebody asks for their loan.
    return (ButtonPressed(None, 0, intent) if intent else CommandGiven("loan"),)


def _calls(flow: Flow, called: Flow) -> bool:
    return any(isinstance(step, CallStep) and step.flow == called.id for step in flow.steps.values())


def _answer(rehearsal: Rehearsal, pressed: set[tuple[str, str, str]]) -> InboundEvent | None:
    """The borrower's next turn, if a question is open: the first button that answers it and was not pressed before."""
    state = rehearsal.state
    frame = state.frames[-1] if state.frames else None
    step = rehearsal.stage.script.step(frame.flow, frame.step) if frame else None
    if frame is None or not isinstance(step, AskStep | ConfirmStep):
        return None
    message = next((m for m in reversed(rehearsal.shown) if m.say.choices and m.keyboard == state.keyboard), None)
    for place, choice, button in message.buttons() if message else ():
        if choice.request_contact:
            return ContactShared((rehearsal.given.known.identity.phone or "").lstrip("+"), own=True)
        live = state.choices[place]
        answers = live.intent is None and (live.value is not None or live.goto is not None)
        key = (frame.flow, frame.step, button.label)
        if message and answers and key not in pressed:
            pressed.add(key)
            return message.press(place)
    if isinstance(step, AskStep) and step.photo:
        return UnsupportedReceived(Unsupported.PHOTO)
    return TextReceived(_BIRTH_DATE) if isinstance(step, AskStep) and step.type == "digits" else None
