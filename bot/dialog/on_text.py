"""A message in words: safety before everything, then control, digression, answer, a new wish; else it is asked back."""

from __future__ import annotations

from bot.dialog.answers import prefill, take_answer, typed_choice
from bot.dialog.asked import REASON_SLOT, REFERENCE
from bot.dialog.ledger import loan_mark, open_promise
from bot.dialog.other_language import offer_language
from bot.dialog.script import AskStep, ConfirmStep, Flow
from bot.dialog.speech import shared
from bot.dialog.state import SlotJson
from bot.dialog.steps import run
from bot.dialog.walk import Walk
from bot.domain.events import TextReceived
from bot.domain.understanding import Understanding

MOST_GUESSES = 3


def hear_text(walk: Walk, event: TextReceived) -> None:
    heard = walk.turn.understanding
    if event.edited:
        walk.say([shared(walk.facts(), "edited")])
    told = _told_already(walk, heard)
    if heard.safety and not told:
        _safety(walk, heard)
    elif _understood(walk, event.text, heard):
        walk.misunderstood = 0
    elif walk.open_step is not None:
        _missed(walk)
    else:
        _guess(walk, heard)
    run(walk)
    if not heard.safety:
        offer_language(walk, event.text)
    if event.album is not None and not walk.wants_picture:
        # The words were the album's answer; its other pictures need none.
        walk.remembered["album"] = event.album


def _understood(walk: Walk, text: str, heard: Understanding) -> bool:
    # In this order: another wish leads away from the open question before a number in it can be mistaken for an answer.
    ways = (_control, _typed_wish, _move_promise, _digress, take_answer, _start_intent)
    return any(way(walk, text, heard) for way in ways)


def _told_already(walk: Walk, heard: Understanding) -> bool:
    """What was acted on a moment ago and is said again in answer to "what happened?" is that answer."""
    step = walk.open_step
    flow = next((f for g in heard.safety if (f := walk.script.flow_of(g.intent))), None)
    waits = flow is not None and any(frame.flow == flow.id for frame in walk.frames)
    return isinstance(step, AskStep) and step.type == "text" and waits


def _safety(walk: Walk, heard: Understanding) -> None:
    """The most urgent thing said outranks whatever was being talked about."""
    found = next((g for g in heard.safety if walk.script.flow_of(g.intent)), None)
    if found is None:
        return
    walk.intent = found.intent
    walk.misunderstood = 0
    walk.trace.append(f"safety {found.intent}: {found.why}")
    step = walk.open_step
    if found.intent == "hardship" and isinstance(step, AskStep) and step.slot == REASON_SLOT:
        # It was asked what makes the payment hard, and this is the answer.
        walk.remembered.setdefault("reason", "unknown")
    walk.interrupt()
    begin(walk, found.intent, walk.script.flow_of(found.intent), "", heard)


def _control(walk: Walk, text: str, heard: Understanding) -> bool:
    """Cancel and repeat, which mean the same in every flow."""
    if heard.intent == "cancel" and walk.frames:
        walk.intent = "cancel"
        walk.cancel()
        return True
    if heard.intent == "repeat" and walk.open_step is not None:
        walk.intent = "repeat"
        return True
    return False


def _typed_wish(walk: Walk, text: str, heard: Understanding) -> bool:
    """The label of a button under the last message, where no question is open: as good as pressed."""
    pressed = typed_choice(walk, heard) if walk.open_step is None else None
    flow = walk.script.flow_of(pressed.intent) if pressed else None
    if pressed is None or flow is None:
        return False
    begin(walk, pressed.intent, flow, text, heard)
    return True


def _move_promise(walk: Walk, text: str, heard: Understanding) -> bool:
    """Another day for a promise, open or in the making, corrects that promise, and "may I pay 500 on Friday" makes one;
    only a day by itself is more time."""
    flow = walk.script.flow_of("promise_to_pay")
    if flow is None or heard.intent != "request_extension" or heard.slot("date") is None:
        return False
    if walk.flow is flow:
        return take_answer(walk, text, heard)
    promise = open_promise(walk.situation, walk.ledger.loan.loan_id if walk.ledger.loan else None)
    said = prefill(flow, text, heard, walk.facts())
    if "day" not in said or (promise is None and "amount" not in said):
        return False
    walk.intent = "promise_to_pay"
    if promise is not None:
        walk.remembered["loan"] = loan_mark(promise.loan_id)
        said = {"amount": str(promise.total), **said}
    walk.start(flow, said)
    return True


def _digress(walk: Walk, text: str, heard: Understanding) -> bool:
    """Something else is asked while a question is open: it is answered, then the question comes back."""
    flow = walk.script.flow_of(heard.intent)
    step = walk.open_step
    if flow is None or step is None or any(frame.flow == flow.id for frame in walk.frames):
        return False
    if heard.intent in ("affirm", "deny", "greet") or typed_choice(walk, heard) is not None:
        return False
    if isinstance(step, AskStep) and heard.intent not in _CLEAR and _is_answer(step, text, heard):
        return False
    begin(walk, heard.intent, flow, text, heard)
    return True


#: Wishes that lead away even from a question whose answer may sound like anything.
_CLEAR = frozenset({"change_language", "request_human", "cancel", "repeat"})


def _is_answer(step: AskStep, text: str, heard: Understanding) -> bool:
    """Whether the message answers the question whatever else it sounds like: free words, numbers that somebody is known
    by, and a bare value such as "90 days", which means nothing else while days are asked for."""
    if step.type == "text" or (step.type in ("digits", "phone") and any(c.isdigit() for c in text)):
        return True
    found = heard.slot(step.type) or (heard.slot("date") if step.type == "days" else None)
    return found is not None and (found.span[1] - found.span[0]) * 2 > len(text.strip())


def _start_intent(walk: Walk, text: str, heard: Understanding) -> bool:
    flow = walk.script.flow_of(heard.intent)
    if flow is None:
        return False
    if walk.frames and walk.frames[-1].flow == flow.id:
        # The open question already belongs to this wish; it is asked again, and why: "next month" names no day.
        walk.intent = heard.intent
        step = walk.open_step
        if isinstance(step, AskStep) and step.type in _OF_VALUE:
            walk.say([shared(walk.facts(), f"expected_{step.type}")])
        return True
    if walk.open_step is not None and heard.intent in ("affirm", "deny", "greet"):
        return False
    begin(walk, heard.intent, flow, text, heard)
    return True


#: Questions for a value that a message either holds or does not.
_OF_VALUE = frozenset({"date", "amount", "days", "instalments"})


def begin(walk: Walk, intent: str | None, flow: Flow | None, text: str, heard: Understanding) -> None:
    if flow is not None:
        walk.intent = intent
        walk.extra["asked_about"] = heard.topic
        walk.start(flow, {**prefill(flow, text, heard, walk.facts()), **_asked(walk, flow, heard)})


def _asked(walk: Walk, flow: Flow, heard: Understanding) -> dict[str, SlotJson]:
    """The question that was asked, for a flow that answers one."""
    answers = walk.script.answers
    asked = answers.question_of(heard.question, heard.topic) if answers is not None else None
    return {REFERENCE: asked} if asked and flow.answers else {}


def _missed(walk: Walk) -> None:
    """The open question was not answered: says what was looked for, and asks again or calls a person."""
    step = walk.open_step
    if step is None:
        return
    walk.trace.append("not understood as an answer")
    if walk.frames[-1].tries == 0:
        walk.say([shared(walk.facts(), f"expected_{_kind(step)}")])
    walk.miss(step)


def _kind(step: AskStep | ConfirmStep) -> str:
    return "confirm" if isinstance(step, ConfirmStep) else step.type


def _guess(walk: Walk, heard: Understanding) -> None:
    """Nothing was open and nothing understood: first three guesses to press, the second time a person."""
    walk.misunderstood += 1
    walk.trace.append(f"not understood {walk.misunderstood}")
    if walk.misunderstood > 1:
        walk.misunderstood = 0
        walk.start(walk.script.flows["not_understood"])
        return
    step = walk.script.message("shared", "not_understood")
    if step is None:
        return
    made = []
    for guess in heard.rivals[:MOST_GUESSES]:
        flow = walk.script.flow_of(guess.intent)
        # A title may name what the flow is about, which strangers must not read.
        told = flow is not None and ("identity" not in flow.needs or walk.facts().verified)
        if flow is not None and flow.title is not None and told:
            made.append(walk.lasting(flow.title, guess.intent))
    walk.speak(step.lines, [*made, *walk.buttons_of(step)])
