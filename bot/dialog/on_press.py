"""A pressed button: one of the open question, a lasting one under a reminder or receipt, or one that has expired."""

from __future__ import annotations

from bot.dialog.answers import show_again, take_choice
from bot.dialog.asked import REFERENCE
from bot.dialog.effects import AcknowledgePress, StripButtons
from bot.dialog.ledger import loan_mark
from bot.dialog.on_text import begin
from bot.dialog.script import ConfirmStep
from bot.dialog.speech import shared
from bot.dialog.state import LiveChoice
from bot.dialog.steps import run
from bot.dialog.walk import DOUBLE_PRESS, Walk
from bot.domain.events import ButtonPressed
from bot.domain.understanding import SAFETY_INTENTS


def hear_press(walk: Walk, event: ButtonPressed) -> None:
    if event.intent is not None:
        _lasting(walk, event)
        return
    live = event.keyboard is not None and event.keyboard == walk.keyboard and 0 <= event.choice < len(walk.choices)
    if not live:
        expired(walk, event.query_id, event.message_key)
        return
    if event.query_id:
        walk.do(AcknowledgePress(event.query_id))
    choice = walk.choices[event.choice]
    step = walk.open_step
    if isinstance(step, ConfirmStep) and choice.goto == step.yes.goto and walk.long_ago:
        show_again(walk)
        run(walk)
        return
    if event.message_key:
        walk.do(StripButtons(event.message_key))
    walk.misunderstood = 0
    walk.trace.append(f"pressed {event.choice}")
    if not take_choice(walk, choice):
        _chosen(walk, choice)
    run(walk)


def _chosen(walk: Walk, choice: LiveChoice) -> None:
    """A button without an open question: a step of a flow that has ended means nothing any more."""
    flow = walk.script.flow_of(choice.intent)
    if flow is not None:
        begin(walk, choice.intent, flow, "", walk.turn.understanding)


def _lasting(walk: Walk, event: ButtonPressed) -> None:
    """A button under a reminder or receipt: its wish is as good as if it were typed, whenever it is pressed."""
    if event.query_id:
        walk.do(AcknowledgePress(event.query_id))
    flow = walk.script.flow_of(event.intent)
    if flow is None:
        return
    walk.misunderstood = 0
    walk.intent = event.intent
    walk.trace.append(f"pressed {event.intent}")
    slots = {}
    if event.argument is not None:
        if any(loan_mark(loan.loan_id) == event.argument for loan in walk.situation.loans):
            walk.remembered["loan"] = event.argument
        else:
            slots[REFERENCE] = event.argument
    if event.intent in SAFETY_INTENTS:
        walk.clear()
    walk.start(flow, slots)
    run(walk)


def expired(walk: Walk, query_id: str | None, message_key: str | None) -> None:
    """An old or foreign button changes nothing; whoever pressed it is told, in a line on the button itself, and shown
    the question that is open now."""
    walk.trace.append("expired button")
    if query_id:
        walk.do(AcknowledgePress(query_id, shared(walk.facts(), "expired")))
    if message_key:
        walk.do(StripButtons(message_key))
    if walk.open_step is not None and (walk.silence is None or walk.silence > DOUBLE_PRESS):
        run(walk)
