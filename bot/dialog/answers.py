"""Answers: what a message says to the open question, or to one that was answered before ("no, Saturday").

Values are taken as they were understood; whether they are acceptable is the script's and the rules' to say.
"""

from __future__ import annotations

from bot.dialog.facts import Facts
from bot.dialog.identity import days_of_birth
from bot.dialog.script import AskStep, ConfirmStep, Flow
from bot.dialog.speech import shared
from bot.dialog.state import LiveChoice, SlotJson
from bot.dialog.walk import Walk
from bot.domain.errors import MoneyError
from bot.domain.money import Money
from bot.domain.understanding import AmountSaid, Understanding

#: What a message may change of an earlier answer, without being asked.
_CORRECTABLE = ("amount", "date", "days", "instalments")

#: Fewer digits than this are no birth date and no last four.
_LEAST_DIGITS = 3


def heard_value(type: str, slot: str, text: str, heard: Understanding, facts: Facts) -> SlotJson:
    """What the message gives for a slot of that type, in exchange form; None where it gives nothing."""
    match type:
        case "amount":
            found = heard.slot("amount")
            return _amount(found.amount, facts) if found and found.amount else None
        case "date":
            found = heard.slot("date")
            return found.day.isoformat() if found and found.day else None
        case "days":
            return _days(heard, facts)
        case "instalments":
            parts = heard.slot("instalments")
            return parts.number if parts else None
        case "yes_no":
            return _yes_no(heard)
        case "choice":
            found = heard.slot(slot)
            return found.text if found else None
        case "digits":
            counted = sum(c.isdigit() for c in text) >= _LEAST_DIGITS
            return text if counted or days_of_birth(text, heard) else None
        case "text":
            return text
        case "phone":
            # A number that is typed proves nothing, but whoever writes a birth date instead is taken at their word.
            return text if _may_be_birth_date(text, heard, facts) else None
        case _:
            return None


def _amount(said: AmountSaid, facts: Facts) -> str | None:
    """An amount in the currency named, else in the loan's; a share is one of what is asked for, rounded up."""
    if facts.loan is None:
        return None
    if said.share is not None:
        payable = facts.read("payable")
        if not isinstance(payable, Money) or said.share[1] <= 0:
            return None
        return str(Money(-(-payable.minor * said.share[0] // said.share[1]), payable.currency))
    try:
        return str(Money.of(said.number or "", said.currency or facts.loan.currency))
    except MoneyError:
        return None


def _may_be_birth_date(text: str, heard: Understanding, facts: Facts) -> bool:
    """A day that has passed, where the lender knows one to hold it against."""
    return facts.read("known_birth_date") is True and any(day < facts.today for day in days_of_birth(text, heard))


def _days(heard: Understanding, facts: Facts) -> int | None:
    """A number of days, or how far off the named day is."""
    days, day = heard.slot("days"), heard.slot("date")
    if days is not None:
        return days.number
    return (day.day - facts.today).days if day and day.day else None


def _yes_no(heard: Understanding) -> bool | None:
    found = heard.slot("yes_no")
    if found is not None and found.text in ("yes", "no"):
        return found.text == "yes"
    return {"affirm": True, "deny": False}.get(heard.intent or "")


def prefill(flow: Flow, text: str, heard: Understanding, facts: Facts) -> dict[str, SlotJson]:
    """The flow's slots that the message which starts it already fills."""
    found: dict[str, SlotJson] = {}
    for step in flow.steps.values():
        if isinstance(step, AskStep) and (step.type in _CORRECTABLE or heard.slot(step.slot)):
            value = heard_value(step.type, step.slot, text, heard, facts)
            if value is not None:
                found[step.slot] = value
    return found


def take_answer(walk: Walk, text: str, heard: Understanding) -> bool:
    """Fills slots of the flow in progress from the message and moves on; False where it answers nothing of it."""
    step, flow = walk.open_step, walk.flow
    if step is None or flow is None:
        return False
    pressed = typed_choice(walk, heard)
    if pressed is not None:
        walk.trace.append("typed a label")
        return take_choice(walk, pressed)
    said = _said(walk, step, flow, text, heard)
    if said:
        _fill(walk, step, flow, said)
        return True
    agreed = _yes_no(heard) if isinstance(step, ConfirmStep) else None
    if isinstance(step, ConfirmStep) and agreed and walk.long_ago:
        show_again(walk)
        return True
    if isinstance(step, ConfirmStep) and agreed is not None:
        return take_choice(walk, LiveChoice(goto=(step.yes if agreed else step.no).goto))
    return False


def _said(walk: Walk, step: AskStep | ConfirmStep, flow: Flow, text: str, heard: Understanding) -> dict[str, SlotJson]:
    """The flow's slots for which the message has a value that is new."""
    frame, facts = walk.frames[-1], walk.facts()
    found = {n: v for n, v in prefill(flow, text, heard, facts).items() if v != frame.slot(n)}
    if isinstance(step, AskStep) and step.slot not in found:
        own = heard_value(step.type, step.slot, text, heard, facts)
        if own is not None:
            found[step.slot] = own
    return found


def _fill(walk: Walk, step: AskStep | ConfirmStep, flow: Flow, said: dict[str, SlotJson]) -> None:
    frame = walk.frames[-1]
    for name, value in said.items():
        frame = frame.with_slot(name, value)
    walk.frames[-1] = frame
    walk.answered()
    if isinstance(step, ConfirmStep):
        # What stands on the card was changed: back to where it was asked, and on from there to a new card.
        walk.trace.append("correction")
        walk.goto(next(s.id for s in flow.steps.values() if isinstance(s, AskStep) and s.slot in said))
    elif step.slot not in said:
        walk.trace.append("another answer than was asked for")
        if step.type not in _CORRECTABLE:
            walk.goto(next(s.id for s in flow.steps.values() if isinstance(s, AskStep) and s.slot in said))


def show_again(walk: Walk) -> None:
    """A card that was left open for long counts only once it has been seen anew."""
    walk.trace.append("card again")
    walk.led_away = True
    walk.say([shared(walk.facts(), "card_again")])


def typed_choice(walk: Walk, heard: Understanding) -> LiveChoice | None:
    """The live button whose label or number was typed."""
    found = heard.slot("choice")
    if found is None or found.number is None or not 1 <= found.number <= len(walk.choices):
        return None
    return walk.choices[found.number - 1]


def take_choice(walk: Walk, choice: LiveChoice) -> bool:
    """Carries out a button of the open question; False for one that stands for an intent."""
    step = walk.open_step
    if choice.intent is not None or step is None:
        return False
    walk.answered()
    if choice.goto is not None:
        if isinstance(step, ConfirmStep):
            agreed = choice.goto == step.yes.goto
            walk.frames[-1] = walk.frames[-1].with_slot("confirmed", agreed)
        walk.goto(choice.goto, again=True)
        return True
    if isinstance(step, AskStep):
        walk.frames[-1] = walk.frames[-1].with_slot(step.slot, choice.value)
    return True
