"""The engine: one event and a script give the next state, effects and a trace. Pure; the same turn twice is the same result.

What is the same in every flow lives here: safety before everything, answers, digression and return, correction, cancel,
repeat, change of language, what was not understood, buttons that have expired, and silence while a person holds the chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.dialog.actions import ACTIONS, Action
from bot.dialog.effects import (
    AcknowledgePress,
    HandOff,
    LeaveChat,
    MoveAddress,
    Say,
    SetLanguage,
    SetReachable,
)
from bot.dialog.on_press import expired, hear_press
from bot.dialog.on_text import hear_text
from bot.dialog.script import AskStep, Script
from bot.dialog.speech import shared, statements
from bot.dialog.state import DialogState
from bot.dialog.steps import run
from bot.dialog.turn import Advance, LinkFacts, Trace, Turn
from bot.dialog.walk import Walk
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
from bot.domain.holds import Hold, HoldKind
from bot.domain.situation import Holder
from bot.domain.understanding import SAFETY_INTENTS
from bot.texts.languages import canonical_tag, fallbacks
from bot.texts.messages import Message, Words

#: For so long after somebody said they have paid, their pictures are taken for receipts.
CLAIM_PICTURES = timedelta(hours=24)


def advance(script: Script, state: DialogState, turn: Turn, actions: Mapping[str, Action] = ACTIONS) -> Advance:
    """What a turn changes and what is to be done for it. A rehearsal may hand in `actions` whose results are set."""
    walk = Walk.begin(script, state, turn)
    walk.actions = actions
    conversation = turn.situation.conversation
    if isinstance(turn.event, AddedToGroup) or (conversation is not None and not conversation.address.private):
        return _leave(walk)
    _settle_language(walk)
    if conversation is not None and conversation.holder is not Holder.BOT:
        return _listen_only(walk, state)
    left_at = walk.topic if walk.long_ago else None
    _hear(walk)
    result = walk.end()
    return _introduced(walk, result if walk.led_away else _recalled(walk, left_at, result))


def _recalled(walk: Walk, left_at: Words | None, result: Advance) -> Advance:
    """Somebody who comes back after days to a question that was left open first hears, in one line, what it was about."""
    at = next((n for n, e in enumerate(result.effects) if isinstance(e, Say)), None)
    if left_at is None or at is None:
        return result
    say = result.effects[at]
    assert isinstance(say, Say)
    recall = shared(walk.facts().with_values({"topic": left_at}), "recall")
    told = replace(say, lines=(recall, Message("", ""), *say.lines))
    return replace(result, effects=(*result.effects[:at], told, *result.effects[at + 1 :]))


def _introduced(walk: Walk, result: Advance) -> Advance:
    """The first answer in a chat says what must be said at the start; whoever opened an invitation is welcomed with it."""
    conversation = walk.turn.situation.conversation
    known = conversation is not None and (conversation.last_inbound_at or conversation.borrower_id)
    if known or isinstance(walk.turn.event, LinkOpened):
        return result
    due = statements(walk.facts(), ("conversation_start",))
    at = next((n for n, e in enumerate(result.effects) if isinstance(e, Say)), None)
    if not due or at is None:
        return result
    say = result.effects[at]
    assert isinstance(say, Say)
    told = replace(say, lines=(*say.lines, Message("", ""), *due))
    return replace(result, effects=(*result.effects[:at], told, *result.effects[at + 1 :]))


def _leave(walk: Walk) -> Advance:
    """Groups hear one neutral sentence once and nothing else, ever: a busy one writes a lot before the bot is out."""
    conversation = walk.turn.situation.conversation
    if conversation is None or conversation.last_inbound_at is None:
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
            hear_text(walk, event)
        case ButtonPressed():
            hear_press(walk, event)
        case ForgedButton():
            expired(walk, event.query_id, None)
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


def _command(walk: Walk, event: CommandGiven) -> None:
    flow = walk.script.flows.get(walk.script.by_command.get(event.name, ""))
    walk.misunderstood = 0
    if flow is None:
        step = walk.script.message("shared", "unknown_command")
        if step is not None:
            walk.speak(step.lines, walk.buttons_of(step))
        run(walk)
        return
    walk.intent = next((i for i in flow.intents), None)
    walk.trace.append(f"command {event.name}")
    if walk.intent in SAFETY_INTENTS:
        walk.clear()
    walk.start(flow)
    run(walk)


def _link(walk: Walk, event: LinkOpened) -> None:
    conversation = walk.turn.situation.conversation
    link = walk.turn.link if event.token else None
    owner = conversation.borrower_id if conversation else None
    walk.extra["link"] = _link_word(link, owner, conversation is not None and conversation.verified)
    walk.trace.append(f"link {walk.extra['link']}")
    walk.misunderstood = 0
    walk.clear()
    walk.start(walk.script.flows["welcome"])
    run(walk)


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
    run(walk)


def _unsupported(walk: Walk, event: UnsupportedReceived) -> None:
    if event.album is not None:
        if walk.remembered.get("album") == event.album:
            walk.trace.append("part of an album that was answered")
            return
        walk.remembered["album"] = event.album
    step = walk.open_step
    if isinstance(step, AskStep) and walk.wants_picture and event.kind.value in ("photo", "document"):
        walk.frames[-1] = walk.frames[-1].with_slot(step.slot, event.kind.value)
        walk.answered()
    elif event.kind.value in ("photo", "document") and (claim := _fresh_claim(walk)):
        walk.say([shared(walk.facts(), "claim_picture")])
        brief = (("flow", HoldKind.PAID_CLAIM.value), ("proof", event.kind.value))
        walk.do(HandOff("already_paid", brief, loan_id=claim.loan_id))
    elif event.kind.value in ("photo", "document") and _looked_at(walk):
        walk.say([shared(walk.facts(), "picture_kept")])
    else:
        walk.say([shared(walk.facts(), f"unsupported_{event.kind.value}")])
    run(walk)


def _looked_at(walk: Walk) -> bool:
    """People are looking at what somebody said; what they send besides belongs to it."""
    return any(walk.situation.held(kind) for kind in (HoldKind.DISPUTE, HoldKind.COMPLAINT))


def _fresh_claim(walk: Walk) -> Hold | None:
    """Somebody said they have paid; pictures that come within a day of it belong to that."""
    if not walk.facts().verified:
        return None
    claims = (h for h in walk.situation.active_holds() if h.kind is HoldKind.PAID_CLAIM)
    return next((h for h in claims if walk.turn.now - h.starts_at <= CLAIM_PICTURES), None)
