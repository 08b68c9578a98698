"""Every open question of the shipped flows, and a chat that waits at one of them."""

from __future__ import annotations

from bot.dialog.given import read_given
from bot.dialog.rehearsal import Rehearsal
from bot.dialog.script import AskStep, ConfirmStep, Step
from bot.dialog.state import DialogState, Frame
from tests.conversations.shipped import the_stage

_TYPED = {"day": "2026-11-27", "amount": "500.00 CNY", "last_day": "2026-11-28"}
_BEFORE_PROOF = ("identify", "language")

#: (flow, step) of each.
OPEN = [
    (flow.id, step.id)
    for flow in the_stage().script.flows.values()
    for step in flow.steps.values()
    if isinstance(step, AskStep | ConfirmStep)
]


def question(flow: str, step: str) -> Step | None:
    return the_stage().script.step(flow, step)


def takes_any_words(flow: str, step: str) -> bool:
    asked = question(flow, step)
    return isinstance(asked, AskStep) and asked.type == "text"


def chat_at(flow: str, step: str, *, holder: str = "bot") -> Rehearsal:
    """A chat in which somebody with one overdue loan was just asked that."""
    given = {
        "proven": flow not in _BEFORE_PROOF,
        "holder": holder,
        "loan": {"due": "2026-11-18", "owed": "1200.00 CNY"},
        "now": "2026-11-24T10:00+00:00",
        "knows": {"phone": "+8613800000000", "birth_date": "1990-05-12", "id_last4": "1234"},
    }
    rehearsal = Rehearsal.begin(the_stage(), read_given(given, the_stage().programmes[0]))
    asked = the_stage().script.step(flow, step)
    slots = tuple(_TYPED.items()) if isinstance(asked, ConfirmStep) else ()
    rehearsal.state = DialogState((Frame(flow, step, slots),))
    return rehearsal
