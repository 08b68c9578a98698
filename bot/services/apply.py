"""Apply: a turn's effects become one batch of writes. Nothing is decided here; what an effect says is what is written.

Text is worded now, from the catalogs of the version the turn ran on, and stored in the outbox, so the audit trail holds
the very words that were sent. Sending happens after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialog.compose import render_message, render_say
from bot.dialog.effects import (
    AcknowledgePress,
    BindAddress,
    ChangeCommitment,
    Choice,
    CountFailedProof,
    Effect,
    EndHolds,
    HandOff,
    LeaveChat,
    MoveAddress,
    PlaceHold,
    ProveIdentity,
    RecordCommitment,
    Say,
    ScheduleFollowUp,
    SetLanguage,
    SetReachable,
    StopContact,
    StripButtons,
    UnbindAddress,
)
from bot.dialog.turn import Advance
from bot.domain import delivery
from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind
from bot.domain.events import Received, TextReceived
from bot.domain.holds import Hold
from bot.domain.situation import Conversation, Holder, Situation
from bot.domain.understanding import Understanding
from bot.services.live import Live
from bot.services.replay_turns import began_of
from bot.services.writes import (
    FINAL_WORDS,
    AppendAudit,
    AppendCommitment,
    AppendHold,
    AppendTurn,
    Batch,
    CancelOutbox,
    CancelTimers,
    ChangeCommitmentStatus,
    FinishHolds,
    MarkHandled,
    OpenCase,
    PutOutbox,
    PutTimer,
    SaveConversation,
    UseLink,
    Write,
)

#: Signs what a button stands for, for one chat: (chat key, choice, place on the keyboard, keyboard version).
Sign = Callable[[str, Choice, int, int], str]


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply_turn` needs besides the turn itself. `fresh_id` makes ids."""

    live: Live
    sign: Sign
    fresh_id: Callable[[], str]
    now: datetime


def apply_turn(
    inbox_id: int, received: Received, situation: Situation, heard: Understanding, advance: Advance, by: Applied
) -> Batch:
    """The whole batch of one turn: state, records, outbox, timers, audit entry and the event's key."""
    turn_id = by.fresh_id()
    before = situation.conversation or new_conversation(received)
    after = replace(
        _changed(before, advance.effects, by.now),
        version=before.version + 1,
        script_version=by.live.number,
        state=advance.state.to_json(),
        last_inbound_at=by.now,
    )
    writes: list[Write] = [
        MarkHandled(inbox_id, turn_id, by.now),
        SaveConversation(after, situation.conversation.version if situation.conversation else None, by.now),
        _turn_record(turn_id, received, before, after, heard, advance, by),
    ]
    for effect in advance.effects:
        writes += _writes(effect, turn_id, before, after, situation, by)
    acts = [type(e).__name__ for e in advance.effects if not isinstance(e, Say | AcknowledgePress | StripButtons)]
    if acts:
        # What was done is told, even if a person takes the chat before the words are on their way.
        writes = [replace(w, epoch=FINAL_WORDS) if isinstance(w, PutOutbox) else w for w in writes]
        subject = after.borrower_id or f"{received.address.channel} chat"
        writes.append(
            AppendAudit(by.now, "borrower", "turn", subject, (("turn_id", turn_id), ("acts", " ".join(acts))))
        )
    return tuple(writes)


def new_conversation(received: Received) -> Conversation:
    """The conversation of a chat that was never seen before."""
    return Conversation(
        conversation_id=None,
        address=received.address,
        borrower_id=None,
        verified_at=None,
        language=None,
        holder=Holder.BOT,
        epoch=0,
        version=0,
        script_version=None,
        state=None,
    )


def _changed(conversation: Conversation, effects: Iterable[Effect], now: datetime) -> Conversation:
    """The conversation's own fields after the effects; messages and records are not its business."""
    for effect in effects:
        match effect:
            case BindAddress():
                conversation = replace(
                    conversation, borrower_id=effect.borrower_id, verified_at=None, proof_attempts=0, reachable=True
                )
            case ProveIdentity():
                conversation = replace(conversation, verified_at=now, proof_attempts=0)
            case CountFailedProof():
                conversation = replace(conversation, proof_attempts=conversation.proof_attempts + 1)
            case UnbindAddress():
                conversation = replace(conversation, borrower_id=None, verified_at=None)
            case SetLanguage():
                conversation = replace(conversation, language=effect.language)
            case SetReachable():
                conversation = replace(conversation, reachable=effect.reachable)
            case MoveAddress():
                conversation = replace(conversation, address=replace(conversation.address, key=effect.new_key))
            case HandOff() if effect.takes_chat:
                conversation = replace(conversation, holder=effect.holder, epoch=conversation.epoch + 1)
            case _:
                pass
    return conversation


def _turn_record(
    turn_id: str,
    received: Received,
    before: Conversation,
    after: Conversation,
    heard: Understanding,
    advance: Advance,
    by: Applied,
) -> AppendTurn:
    text = received.event.text if isinstance(received.event, TextReceived) else None
    return AppendTurn(
        turn_id=turn_id,
        at=by.now,
        address=after.address,
        borrower_id=after.borrower_id,
        event=type(received.event).__name__,
        intent=advance.trace.intent,
        confidence=heard.confidence if heard.intent else None,
        slots=tuple((s.name, _slot_text(s)) for s in heard.slots),
        flow=advance.trace.flow,
        step=advance.trace.step,
        effects=tuple(type(e).__name__ for e in advance.effects),
        script_version=by.live.number,
        why=advance.trace.lines,
        text=text,
        began=began_of(received.event, before),
    )


def _slot_text(slot: object) -> str:
    for name in ("amount", "day", "number", "text"):
        value = getattr(slot, name)
        if value is not None:
            return getattr(value, "number", None) or str(value)
    return ""


def _writes(
    effect: Effect, turn_id: str, before: Conversation, after: Conversation, situation: Situation, by: Applied
) -> Iterable[Write]:
    match effect:
        case Say():
            yield _message(effect, turn_id, after, by)
        case AcknowledgePress():
            line = render_message(effect.line, by.live.catalogs, by.live.language_of(after)) if effect.line else None
            yield _act(delivery.AnswerPress(effect.query_id, line), turn_id, after, by)
        case StripButtons():
            yield _act(delivery.StripButtons(effect.message_key), turn_id, after, by)
        case LeaveChat():
            yield _act(delivery.LeaveChat(), turn_id, after, by)
        case BindAddress():
            yield UseLink(effect.link_id, after.address, by.now)
        case _:
            yield from _record_writes(effect, before, after, by)


def _record_writes(effect: Effect, before: Conversation, after: Conversation, by: Applied) -> Iterable[Write]:
    # A person who turns out to be somebody else is unbound in the same turn: the records belong to whom they were about.
    borrower_id = before.borrower_id or after.borrower_id
    match effect:
        case RecordCommitment():
            yield AppendCommitment(effect.commitment)
        case ChangeCommitment():
            yield ChangeCommitmentStatus(effect.commitment_id, effect.expected, effect.status, effect.reason, by.now)
        case PlaceHold() if borrower_id:
            yield AppendHold(
                Hold(
                    by.fresh_id(),
                    effect.kind,
                    borrower_id,
                    effect.loan_id,
                    by.now,
                    effect.ends_at,
                    effect.set_by,
                    effect.reason,
                    *(effect.hours or ()),
                )
            )
        case EndHolds() if borrower_id:
            yield FinishHolds(borrower_id, effect.loan_id, effect.kind, by.now, "borrower", effect.reason)
        case StopContact() if borrower_id:
            yield CancelOutbox(borrower_id, effect.loan_id, effect.reason, by.now)
            yield CancelTimers(borrower_id, effect.loan_id, effect.reason, by.now, kinds=("reminder",))
        case ScheduleFollowUp():
            yield PutTimer(effect.key, effect.kind, effect.due_at, borrower_id, effect.loan_id, None, effect.about)
        case HandOff():
            yield OpenCase(
                case_id=by.fresh_id(),
                at=by.now,
                reason=effect.reason,
                brief=effect.brief,
                urgent=effect.urgent,
                takes_chat=effect.takes_chat,
                borrower_id=borrower_id,
                loan_id=effect.loan_id,
                address=after.address,
                dedup_key=f"{after.address.channel}:{after.address.key}:{effect.reason}:{effect.loan_id or ''}",
            )
        case _:
            return


def _message(say: Say, turn_id: str, after: Conversation, by: Applied) -> PutOutbox:
    language = by.live.language_of(after)
    return outgoing(say, language, after.address, after.version, by, turn_id, after.borrower_id, after.epoch)


def outgoing(
    say: Say,
    language: str,
    address: Address,
    version: int,
    by: Applied,
    turn_id: str | None,
    borrower_id: str | None,
    epoch: int,
) -> PutOutbox:
    """A worded and signed message as an outbox row, due at once."""
    content = render_say(say, by.live.catalogs, language, lambda c, i: by.sign(address.key, c, i, version))
    return PutOutbox(
        delivery_id=by.fresh_id(),
        address=address,
        act=delivery.SendMessage(content),
        kind=say.kind,
        at=by.now,
        run_at=by.now,
        borrower_id=borrower_id,
        loan_id=say.loan_id,
        language=language,
        script_version=by.live.number,
        policy_version=by.live.number,
        epoch=epoch,
        turn_id=turn_id,
    )


def _act(act: delivery.ChannelAct, turn_id: str, after: Conversation, by: Applied) -> PutOutbox:
    return PutOutbox(
        delivery_id=by.fresh_id(),
        address=after.address,
        act=act,
        kind=MessageKind.ACT,
        at=by.now,
        run_at=by.now,
        borrower_id=after.borrower_id,
        epoch=after.epoch,
        turn_id=turn_id,
    )
