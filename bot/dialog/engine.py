"""The engine: one event and a script give the next state, effects and a trace. Pure; the same turn twice is the same result.

What is the same in every flow lives here: safety before everything, answers, digression and return, correction, cancel,
repeat, change of language, what was not understood, buttons that have expired, and silence while a person holds the chat.
"""

from __future__ import annotations

from datetime import timedelta

from bot.dialog.answers import prefill, take_answer, take_choice, typed_choice
from bot.dialog.effects import (
    AcknowledgePress,
    LeaveChat,
    MoveAddress,
    Say,
    SetLanguage,
    SetReachable,
    StripButtons,
)
from bot.dialog.facts import loan_mark
from bot.dialog.script import AskStep, ConfirmStep, Flow, Script
from bot.dialog.speech import shared
from bot.dialog.state import DialogState, LiveChoice
from bot.dialog.turn import Advance, LinkFacts, Trace, Turn
from bot.dialog.walk import REFERENCE, Walk
from bot.domain.events import (
    AddedToGroup,
    ButtonPressed,
    ChatBlocked,
    ChatMoved,
    ChatUnblocked,
    CommandGiven,
    ContactShared,
    ForgedButton,
    LinkOpened,
    TextReceived,
    UnsupportedReceived,
)
from bot.domain.situation import Holder
from bot.domain.understanding import SAFETY_INTENTS, Understanding
from bot.texts.languages import canonical_tag, fallbacks

#: A card that was shown longer ago is shown again before it may be confirmed.
CARD_LIVES = timedelta(hours=24)

MOST_GUESSES = 3


def advance(script: Script, state: DialogState, turn: Turn) -> Advance:
    """What a turn changes and what is to be done for it."""
    walk = Walk.begin(script, state, turn)
    conversation = turn.situation.conversation
    if isinstance(turn.event, AddedToGroup) or (conversation is not None and not conversation.address.private):
        return _leave(walk)
    _settle_language(walk)
    if conversation is not None and conversation.holder is not Holder.BOT:
        return _listen_only(walk, state)
    _hear(walk)
    return walk.end()


def _leave(walk: Walk) -> Advance:
    """Groups hear one neutral sentence and nothing else, ever."""
    walk.say([shared(walk.facts(), "group")])
    walk.flush()
    walk.do(LeaveChat())
    walk.trace.append("not a private chat")
    return walk.end()


def _settle_language(walk: Walk) -> None:
    """The first time somebody writes: the loan book's language, else what their messenger speaks."""
    conversation = walk.turn.situation.conversation
    if conversation is not None and conversation.language is not None:
        return
    link = walk.turn.link
    borrower = link.borrower if link and link.borrower else walk.turn.situation.borrower
    for wanted in (borrower.language if borrower else None, walk.turn.language_hint):
        own = canonical_tag(wanted).split("-")[0] if wanted else ""
        spoken = [t for t in fallbacks(wanted) if t in walk.turn.languages and t.split("-")[0] == own] if wanted else []
        if spoken:
            walk.do(SetLanguage(spoken[0]))
            return


def _listen_only(walk: Walk, state: DialogState) -> Advance:
    """A person holds the chat: what protects the borrower is still recorded, and nothing is said."""
    event, heard = walk.turn.event, walk.turn.understanding
    walk.trace.append("a person holds the chat")
    protects = any(guess.intent in ("stop_contact", "wrong_person") for guess in heard.safety)
    if protects or isinstance(event, ChatBlocked | ChatUnblocked | ChatMoved):
        _hear(walk)
    elif isinstance(event, ButtonPressed | ForgedButton) and event.query_id:
        walk.do(AcknowledgePress(event.query_id, shared(walk.facts(), "person_here")))
    silent = tuple(e for e in walk.end().effects if not isinstance(e, Say))
    return Advance(state, silent, Trace(None, None, walk.intent, tuple(walk.trace)))


def _hear(walk: Walk) -> None:
    event = walk.turn.event
    match event:
        case TextReceived():
            _text(walk, event)
        case ButtonPressed():
            _press(walk, event)
        case ForgedButton():
            _expired(walk, event.query_id, None)
        case CommandGiven():
            _command(walk, event)
        case LinkOpened():
            _link(walk, event)
        case ContactShared():
            _contact(walk, event)
        case UnsupportedReceived():
            _unsupported(walk, event)
        case _:
            _chat_changed(walk, event)


def _chat_changed(walk: Walk, event: ChatBlocked | ChatUnblocked | ChatMoved | AddedToGroup) -> None:
    match event:
        case ChatBlocked():
            walk.do(SetReachable(False))
        case ChatUnblocked():
            walk.do(SetReachable(True))
        case ChatMoved():
            walk.do(MoveAddress(event.new_key))
        case AddedToGroup():
            walk.do(LeaveChat())


# -- words ---------------------------------------------------------------------------------------------------------------


def _text(walk: Walk, event: TextReceived) -> None:
    heard = walk.turn.understanding
    if event.edited:
        walk.say([shared(walk.facts(), "edited")])
    if heard.safety:
        _safety(walk, heard)
    elif _understood(walk, event.text, heard):
        walk.misunderstood = 0
    elif walk.open_step is not None:
        _missed(walk)
    else:
        _guess(walk, heard)
    walk.run()


def _understood(walk: Walk, text: str, heard: Understanding) -> bool:
    # In this order: another wish leads away from the open question before a number in it can be mistaken for an answer.
    ways = (_control, _digress, take_answer, _start_intent)
    return any(way(walk, text, heard) for way in ways)


def _safety(walk: Walk, heard: Understanding) -> None:
    """The most urgent thing said outranks whatever was being talked about."""
    found = next((g for g in heard.safety if walk.script.flow_of(g.intent)), None)
    if found is None:
        return
    walk.intent = found.intent
    walk.misunderstood = 0
    walk.trace.append(f"safety {found.intent}: {found.why}")
    walk.clear()
    _begin(walk, found.intent, walk.script.flow_of(found.intent), "", heard)


def _control(walk: Walk, text: str, heard: Understanding) -> bool:
    """Cancel and repeat, which mean the same in every flow."""
    if heard.intent == "cancel" and walk.frames:
        walk.intent = "cancel"
        walk.answered()
        walk.frames.pop()
        walk.say([shared(walk.facts(), "cancelled")])
        walk.resume()
        return True
    if heard.intent == "repeat" and walk.open_step is not None:
        walk.intent = "repeat"
        return True
    return False


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
    _begin(walk, heard.intent, flow, text, heard)
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
        # The open question already belongs to this wish; it is only asked again.
        walk.intent = heard.intent
        return True
    if walk.open_step is not None and heard.intent in ("affirm", "deny", "greet"):
        return False
    _begin(walk, heard.intent, flow, text, heard)
    return True


def _begin(walk: Walk, intent: str | None, flow: Flow | None, text: str, heard: Understanding) -> None:
    if flow is not None:
        walk.intent = intent
        walk.extra["asked_about"] = heard.topic
        walk.start(flow, prefill(flow, text, heard, walk.facts()))


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


# -- buttons -------------------------------------------------------------------------------------------------------------


def _press(walk: Walk, event: ButtonPressed) -> None:
    if event.intent is not None:
        _lasting(walk, event)
        return
    live = event.keyboard is not None and event.keyboard == walk.keyboard and 0 <= event.choice < len(walk.choices)
    if not live:
        _expired(walk, event.query_id, event.message_key)
        return
    if event.query_id:
        walk.do(AcknowledgePress(event.query_id))
    choice = walk.choices[event.choice]
    step = walk.open_step
    if isinstance(step, ConfirmStep) and choice.goto == step.yes.goto and _stale(walk):
        walk.say([shared(walk.facts(), "card_again")])
        walk.run()
        return
    if event.message_key:
        walk.do(StripButtons(event.message_key))
    walk.misunderstood = 0
    walk.trace.append(f"pressed {event.choice}")
    if not take_choice(walk, choice):
        _chosen(walk, choice)
    walk.run()


def _stale(walk: Walk) -> bool:
    conversation = walk.turn.situation.conversation
    last = conversation.last_inbound_at if conversation else None
    return last is not None and walk.turn.now - last > CARD_LIVES


def _chosen(walk: Walk, choice: LiveChoice) -> None:
    """A button without an open question: a step of a flow that has ended means nothing any more."""
    flow = walk.script.flow_of(choice.intent)
    if flow is not None:
        _begin(walk, choice.intent, flow, "", walk.turn.understanding)


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
    walk.run()


def _expired(walk: Walk, query_id: str | None, message_key: str | None) -> None:
    """An old or foreign button changes nothing; whoever pressed it is told, in a line on the button itself."""
    walk.trace.append("expired button")
    if query_id:
        walk.do(AcknowledgePress(query_id, shared(walk.facts(), "expired")))
    if message_key:
        walk.do(StripButtons(message_key))


# -- everything else -------------------------------------------------------------------------------------------------------


def _command(walk: Walk, event: CommandGiven) -> None:
    flow = walk.script.flows.get(walk.script.by_command.get(event.name, ""))
    walk.misunderstood = 0
    if flow is None:
        step = walk.script.message("shared", "unknown_command")
        if step is not None:
            walk.speak(step.lines, walk.buttons_of(step))
        walk.run()
        return
    walk.intent = next((i for i in flow.intents), None)
    walk.trace.append(f"command {event.name}")
    if walk.intent in SAFETY_INTENTS:
        walk.clear()
    walk.start(flow)
    walk.run()


def _link(walk: Walk, event: LinkOpened) -> None:
    conversation = walk.turn.situation.conversation
    link = walk.turn.link if event.token else None
    owner = conversation.borrower_id if conversation else None
    walk.extra["link"] = _link_word(link, owner, conversation is not None and conversation.verified)
    walk.trace.append(f"link {walk.extra['link']}")
    walk.misunderstood = 0
    walk.clear()
    walk.start(walk.script.flows["welcome"])
    walk.run()


def _link_word(link: LinkFacts | None, owner: str | None, verified: bool) -> str:
    """What a deep link is worth in this chat: none, unknown, expired, used, other, mine, fresh."""
    if link is None:
        return "none"
    if link.link_id is None or link.borrower_id is None:
        return "unknown"
    if link.used_here or (verified and owner == link.borrower_id):
        return "mine" if owner == link.borrower_id else "used"
    if link.used_by_other:
        return "used"
    if link.expired:
        return "expired"
    return "other" if verified else "fresh"


def _contact(walk: Walk, event: ContactShared) -> None:
    step = walk.open_step
    if not isinstance(step, AskStep) or step.type != "phone":
        walk.say([shared(walk.facts(), "contact_not_needed")])
    elif event.own:
        walk.frames[-1] = walk.frames[-1].with_slot(step.slot, event.phone)
        walk.answered()
    else:
        walk.say([shared(walk.facts(), "contact_not_own")])
        walk.miss(step)
    walk.run()


def _unsupported(walk: Walk, event: UnsupportedReceived) -> None:
    step = walk.open_step
    if isinstance(step, AskStep) and step.photo and event.kind.value in ("photo", "document"):
        walk.frames[-1] = walk.frames[-1].with_slot(step.slot, event.kind.value)
        walk.answered()
    else:
        walk.say([shared(walk.facts(), f"unsupported_{event.kind.value}")])
    walk.run()
