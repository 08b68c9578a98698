"""What a talk does in a turn: the borrower writes or presses, time goes on, the lender books money, a person takes the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.dialog.actions import Action
from bot.dialog.compose import promise_outcome, promise_reminder, reminder_message
from bot.dialog.coverage import press
from bot.dialog.given import Given, Plain, instant
from bot.dialog.rehearsal import Heard, Rehearsal, Shown
from bot.dialog.turn import LinkFacts
from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment
from bot.domain.delivery import MessageKind
from bot.domain.events import (
    AddedToGroup,
    ButtonPressed,
    ChatBlocked,
    ChatUnblocked,
    CommandGiven,
    ContactShared,
    ForgedButton,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.domain.money import parse_money
from bot.domain.situation import Holder
from bot.policy.ladder import classify

_CHAT: Mapping[str, InboundEvent] = {
    "blocked": ChatBlocked(),
    "unblocked": ChatUnblocked(),
    "group": AddedToGroup(),
    "forged button": ForgedButton("query"),
}


def carry_out(rehearsal: Rehearsal, given: Given, what: str, value: Plain, actions: Mapping[str, Action]) -> Heard:
    """Does it. Raises LookupError with a sentence for what cannot be done here, ValueError for what cannot be at all."""
    of_lender = _OF_LENDER.get(what)
    if of_lender is not None:
        return of_lender(rehearsal, str(value))
    event, link = _event(rehearsal, given, what, value)
    return rehearsal.hear(event, link, actions)


# -- what the borrower does --------------------------------------------------------------------------------------------


def _event(rehearsal: Rehearsal, given: Given, what: str, value: Plain) -> tuple[InboundEvent, LinkFacts | None]:
    word = str(value)
    match what:
        case "borrower" | "edits":
            return TextReceived(word, edited=what == "edits"), None
        case "press" | "presses_old":
            return _pressed(rehearsal, word, old=what == "presses_old"), None
        case "command":
            return CommandGiven(word), None
        case "start":
            return LinkOpened("" if word == "none" else "token"), link_of(given, word)
        case "shares":
            own = word != "somebody else"
            phone = given.known.identity.phone or "" if word in ("own number", "somebody else") else word
            return ContactShared(phone.lstrip("+"), own), None
        case "sends":
            return UnsupportedReceived(Unsupported(word)), None
        case _:
            if word not in _CHAT:
                raise LookupError(f'A chat is not "{word}"; it is one of {", ".join(_CHAT)}.')
            return _CHAT[word], None


def _pressed(rehearsal: Rehearsal, label: str, old: bool) -> ButtonPressed:
    """The button of that label (as shown, or as in the script) or value under the newest message with buttons, or under
    older ones.

    What the lender sent in between does not hide the buttons of the talk.
    """
    shown = list(reversed(rehearsal.shown))
    for message in shown[1:] if old else shown:
        buttons = message.buttons()
        names = [(b.label, choice.label.source, _value(rehearsal, message, place)) for place, choice, b in buttons]
        exact = [n for n, known in enumerate(names) if label in known]
        begins = [n for n, known in enumerate(names) if known[0].startswith(label)]
        for place, _, _ in [buttons[n] for n in (*exact, *begins)][:1]:
            rehearsal.visited.add(press(message, place))
            return message.press(place)
        if not old and buttons and message.say.kind is MessageKind.REPLY:
            break
    raise LookupError(f'There is no button "{label}"; there are {", ".join(labels(shown[:1])) or "none"}.')


def _value(rehearsal: Rehearsal, message: Shown, place: int) -> str | None:
    """What a live button stands for, `2026-11-27`: the same in every language."""
    state = rehearsal.state
    live = message.keyboard == state.keyboard and place < len(state.choices)
    return str(state.choices[place].value) if live and state.choices[place].value is not None else None


def labels(shown: Sequence[Shown]) -> list[str]:
    """Labels as shown, and as they stand in the script: a talk need not follow every change of a translation."""
    pairs = [(button.label, choice.label.source) for message in shown for _, choice, button in message.buttons()]
    return list(dict.fromkeys(label for pair in pairs for label in pair))


def link_of(given: Given, word: str) -> LinkFacts | None:
    owner = given.known
    match word:
        case "none":
            return None
        case "unknown":
            return LinkFacts(None, None)
        case _:
            return LinkFacts(
                "link-1",
                "b-2" if word == "of another" else owner.borrower_id,
                expired=word == "expired",
                used_by_other=word == "used by another",
                used_here=word == "used here",
                borrower=owner,
            )


# -- what time, the lender and people do -------------------------------------------------------------------------------


def _wait(rehearsal: Rehearsal, value: str) -> Heard:
    return rehearsal.until(rehearsal.situation.now + _span(value))


def _now(rehearsal: Rehearsal, value: str) -> Heard:
    return rehearsal.until(instant(value))


def _paid(rehearsal: Rehearsal, value: str) -> Heard:
    return rehearsal.pay(parse_money(value))


def _reminder(rehearsal: Rehearsal, _value: str) -> Heard:
    situation, programme = rehearsal.situation, rehearsal.stage.programmes[0]
    loan = situation.loans[0]
    standing = classify(loan, local_day(situation.now, programme.timezone), programme.ladder)
    return rehearsal.proactive(
        reminder_message(rehearsal.stage.script, loan, standing, situation, programme, situation.now)
    )


def _promise_reminder(rehearsal: Rehearsal, value: str) -> Heard:
    situation = rehearsal.situation
    programme, script = rehearsal.stage.programmes[0], rehearsal.stage.script
    say = promise_reminder(script, value, _promise(rehearsal), situation, programme, situation.now)
    return rehearsal.proactive(say, about_commitment=True)


def _outcome(rehearsal: Rehearsal, _value: str) -> Heard:
    situation = rehearsal.situation
    programme, script = rehearsal.stage.programmes[0], rehearsal.stage.script
    say = promise_outcome(script, _promise(rehearsal), situation, programme, situation.now)
    return rehearsal.proactive(say, about_commitment=True)


def _promise(rehearsal: Rehearsal) -> Commitment:
    if not rehearsal.situation.commitments:
        raise LookupError("There is no promise yet.")
    return rehearsal.situation.commitments[-1]


def _operator(rehearsal: Rehearsal, value: str) -> Heard:
    """A person takes the chat, answers in it, or gives it back to the bot."""
    conversation = rehearsal.situation.conversation
    holder = conversation.holder if conversation else Holder.BOT
    wanted = {"takes": (Holder.BOT, Holder.QUEUE), "replies": (Holder.OPERATOR,), "gives back": (Holder.OPERATOR,)}
    if value not in wanted:
        raise LookupError(f'An operator does not "{value}"; one of {", ".join(wanted)}.')
    if holder not in wanted[value]:
        raise LookupError(f"The chat is held by {holder}, so an operator cannot do that: {value}.")
    if value == "replies":
        answer = rehearsal.asked(None, MessageKind.OPERATOR)
        return replace(rehearsal.hold(holder), gate=answer.reason)
    return rehearsal.hold(Holder.OPERATOR if value == "takes" else Holder.BOT)


_OF_LENDER: Mapping[str, Callable[[Rehearsal, str], Heard]] = {
    "wait": _wait,
    "now": _now,
    "paid": _paid,
    "reminder": _reminder,
    "promise_reminder": _promise_reminder,
    "outcome": _outcome,
    "operator": _operator,
}

#: All that can be done in a turn.
DONE = ("borrower", "edits", "press", "presses_old", "command", "start", "shares", "sends", "chat", *_OF_LENDER)


def _span(text: str) -> timedelta:
    """`3d`, `2h`, `20m`."""
    units = {"d": "days", "h": "hours", "m": "minutes"}
    if text[-1:] not in units:
        raise ValueError("a span is a number and d, h or m")
    return timedelta(**{units[text[-1]]: int(text[:-1])})
