"""Steps: what each kind of step does when the walk comes to it, until one waits for the borrower or no flow is left."""

from __future__ import annotations

from dataclasses import replace

from bot.dialog.actions import OFFERS
from bot.dialog.answer_flows import SAY, more_of
from bot.dialog.asked import REFERENCE, Asked
from bot.dialog.conditions import holds
from bot.dialog.effects import HandOff, PlaceHold
from bot.dialog.known_answers import PEOPLES_GROUPS
from bot.dialog.ledger import loan_mark
from bot.dialog.script import (
    END,
    AnswerStep,
    AskStep,
    CallStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    GotoStep,
    HandOffStep,
    IfStep,
    SayStep,
    Step,
)
from bot.dialog.slots import without
from bot.dialog.speech import buttons, offered, shared
from bot.dialog.state import Frame
from bot.dialog.walk import Walk
from bot.domain.events import TextReceived

#: Longer than any path of a checked script; a loop without exit must not hang a turn.
MOST_STEPS = 300

#: The field by which a borrower is told how a case is called.
_NUMBER = "case_number"

#: As much of somebody's words as a case carries; the transcript has all of them.
LONGEST_QUOTE = 500


def run(walk: Walk) -> None:
    """Takes steps until one waits for the borrower or no flow is left."""
    for _ in range(MOST_STEPS):
        if not walk.frames:
            return
        frame = walk.frames[-1]
        step = walk.script.step(frame.flow, frame.step)
        if step is None:
            walk.frames.pop()
            continue
        if frame.step == walk.script.flows[frame.flow].first and _unmet(walk, walk.script.flows[frame.flow]):
            continue
        walk.trace.append(f"{frame.flow}.{frame.step}")
        if not _take(walk, step):
            return
    walk.clear()
    walk.trace.append("too many steps")
    walk.say([shared(walk.facts(), "apology")])
    walk.do(HandOff("error"))


def _unmet(walk: Walk, flow: Flow) -> bool:
    """True where something that the flow needs has to come first; that is then begun."""
    for need in flow.needs:
        if need == "identity" and not walk.facts().verified:
            return _first(walk, "identify" if walk.facts().read("bound") else "no_link")
        if need in ("loan", "one_loan") and not walk.ledger.open_loans:
            return _first(walk, "no_loan")
        if need == "one_loan" and len(walk.ledger.open_loans) > 1 and not _loan_chosen(walk):
            walk.frames.append(Frame("choose_loan", walk.script.flows["choose_loan"].first))
            return True
    return False


def _first(walk: Walk, flow: str) -> bool:
    if flow != "identify":
        walk.frames.pop()
    walk.frames.append(Frame(flow, walk.script.flows[flow].first))
    walk.trace.append(f"first {flow}")
    return True


def _loan_chosen(walk: Walk) -> bool:
    mark = walk.remembered.get("loan")
    return any(loan_mark(loan.loan_id) == mark for loan in walk.ledger.open_loans)


def _take(walk: Walk, step: Step) -> bool:
    """Takes one step; False where it waits for the borrower."""
    match step:
        case SayStep():
            walk.speak(step.lines, buttons(step.buttons, walk.facts()), step.protect)
            walk.goto(step.next or END)
        case AskStep():
            return _ask(walk, step)
        case ConfirmStep():
            _question(walk, step)
            return False
        case DoStep():
            _act(walk, step)
        case IfStep():
            true = holds(step.when, walk.facts().read)
            walk.goto(step.then if true else step.otherwise or step.next or END)
        case GotoStep() | EndStep():
            walk.goto(step.next or END)
        case CallStep():
            _call(walk, step)
        case AnswerStep():
            _answer(walk, step)
        case HandOffStep():
            _hand_off(walk, step)
    return True


def _call(walk: Walk, step: CallStep) -> None:
    called = Frame(step.flow, walk.script.flows[step.flow].first)
    # What was asked for before and has not begun yet waits beneath: it is told once, not twice.
    waits = any((f.flow, f.step) == (called.flow, called.step) for f in walk.frames)
    walk.goto(step.next or END)
    if not waits:
        walk.frames.append(called)


def _answer(walk: Walk, step: AnswerStep) -> None:
    """To the flow that says the answer, in the place's own words where they are approved."""
    facts = walk.facts()
    answer = facts.answers.by_question.get(str(facts.read(step.field)))
    if answer is None:
        walk.goto(step.otherwise or END)
        return
    if answer.group in PEOPLES_GROUPS and facts.for_people:
        walk.goto(step.held or END)
        return
    said = facts.flow_of_answer(answer)
    if step.more and more_of(said) in walk.script.flows:
        said = more_of(said)
    frame = Frame(said, SAY, ((REFERENCE, answer.question),))
    if step.next is None or step.next == END:
        # In its place, and not after its end: whatever waits beneath goes on only once the answer was said.
        walk.frames[-1] = frame
    else:
        walk.goto(step.next)
        walk.frames.append(frame)


def _ask(walk: Walk, step: AskStep) -> bool:
    frame = walk.frames[-1]
    if frame.slot(step.slot) is None:
        _question(walk, step)
        return False
    facts = walk.facts()
    refused = next((r for r in step.rejects if holds(r.when, facts.read)), None)
    if refused is None:
        walk.goto(step.next or END)
        return True
    walk.speak((refused.line,), ())
    walk.frames[-1] = without(frame, (step.slot,))
    walk.miss(step)
    return True


def _question(walk: Walk, step: AskStep | ConfirmStep) -> None:
    """Asks, with buttons of its own only; once it was not understood, a person is one of them."""
    facts = walk.facts()
    walk.answered()
    if isinstance(step, AskStep):
        made = []
        if step.offers and step.label:
            values = OFFERS[step.offers].propose(facts, walk.turn.languages)
            made += offered(step.label, values, facts)
        made += buttons(step.buttons, facts)
    else:
        made = buttons((step.yes, *((step.change,) if step.change else ()), step.no), facts)
    human = walk.script.flow_of("request_human")
    if walk.frames[-1].tries and human and human.title and all(live.intent != "request_human" for _, live in made):
        made.append(walk.lasting(human.title, "request_human"))
    walk.speak(step.lines, made)


def _act(walk: Walk, step: DoStep) -> None:
    frame = walk.frames[-1]
    done = walk.actions[step.action].run(Asked(walk.facts(), walk.turn, dict(step.arguments), dict(frame.slots)))
    walk.trace.append(f"{step.action}: {done.result}")
    walk.do(*done.effects)
    walk.remembered.update(done.remember)
    frame = without(frame, done.forget)
    for name, value in done.slots:
        frame = frame.with_slot(name, value)
    walk.frames[-1] = frame
    walk.goto(dict(step.on)[done.result])


def _hand_off(walk: Walk, step: HandOffStep) -> None:
    facts = walk.facts()
    frame = walk.frames[-1]
    walk.speak(step.lines, buttons(step.buttons, facts))
    loan = facts.loan.loan_id if facts.loan and facts.verified else None
    # Every flow ends, or all but this one; what was just shown stays live.
    walk.frames = [replace(frame, step=step.next)] if step.next else []
    walk.do(HandOff(step.reason, _brief(walk, frame, step), step.urgent, step.takes_chat, loan))


def _brief(walk: Walk, frame: Frame, step: HandOffStep) -> tuple[tuple[str, str], ...]:
    """What a person needs to know at a glance: the flow, what was filled in, and what was just said."""
    known = {name: str(value) for name, value in frame.slots if value is not None and not name.startswith("_")}
    heard = {
        s.name: str(s.day or s.number or s.text or (s.amount and s.amount.number))
        for s in walk.turn.understanding.slots
    }
    said = {"said": walk.turn.event.text[:LONGEST_QUOTE]} if isinstance(walk.turn.event, TextReceived) else {}
    why = {"reason": str(walk.remembered["reason"])} if walk.remembered.get("reason") else {}
    told = any(f"%({_NUMBER})s" in line.sentence.source for line in step.lines)
    number = {"number": walk.turn.reference} if told else {}
    return tuple(
        {"flow": frame.flow, **walk.interrupted, **number, **heard, **known, **why, **said, **_notify(walk)}.items()
    )


def _notify(walk: Walk) -> dict[str, str]:
    """Who the contact policy wants to hear of what was reported in this turn, where it is not just any operator."""
    policy = walk.turn.contact_policy
    held = [policy.trigger(e.kind.value) for e in walk.effects if isinstance(e, PlaceHold)] if policy else []
    return {"notify": "supervisor"} if any(t and t.notify == "supervisor" for t in held) else {}
