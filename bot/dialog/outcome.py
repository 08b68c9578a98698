"""What a situation looks like after effects, before anything is stored: the later steps of a turn already see the earlier ones.

The shell writes the same changes as rows; conversation tests carry on with this value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.dialog.effects import (
    BindAddress,
    ChangeCommitment,
    CountFailedProof,
    Effect,
    EndHolds,
    HandOff,
    MoveAddress,
    PlaceHold,
    ProveIdentity,
    RecordCommitment,
    SetLanguage,
    SetReachable,
    UnbindAddress,
)
from bot.domain.holds import Hold
from bot.domain.situation import Conversation, Situation


def after_effects(situation: Situation, effects: Iterable[Effect]) -> Situation:
    """The situation with the effects reckoned in. Messages and timers change nothing here."""
    for effect in effects:
        situation = _after(situation, effect)
    return situation


def _after(situation: Situation, effect: Effect) -> Situation:
    now = situation.now
    match effect:
        case RecordCommitment():
            return replace(situation, commitments=(*situation.commitments, effect.commitment))
        case ChangeCommitment():
            changed = tuple(
                replace(c, status=effect.status) if c.commitment_id == effect.commitment_id else c
                for c in situation.commitments
            )
            return replace(situation, commitments=changed)
        case PlaceHold():
            # A hold of this turn has no id before it is stored; nothing in the turn asks for one.
            owner = situation.borrower.borrower_id if situation.borrower else ""
            hours = effect.hours or (None, None)
            hold = Hold(
                "", effect.kind, owner, effect.loan_id, now, effect.ends_at, effect.set_by, effect.reason, *hours
            )
            return replace(situation, holds=(*situation.holds, hold))
        case EndHolds():
            return replace(situation, holds=tuple(_ended(h, effect, now) for h in situation.holds))
        case _ if situation.conversation is not None:
            return replace(situation, conversation=_conversation(situation.conversation, effect, now))
        case _:
            return situation


def _ended(hold: Hold, effect: EndHolds, now: datetime) -> Hold:
    concerned = hold.kind is effect.kind and (effect.loan_id is None or hold.loan_id == effect.loan_id)
    return replace(hold, ends_at=now) if concerned and hold.active_at(now) else hold


def _conversation(conversation: Conversation, effect: Effect, now: datetime) -> Conversation:
    match effect:
        case BindAddress():
            return replace(conversation, borrower_id=effect.borrower_id, verified_at=None, proof_attempts=0)
        case ProveIdentity():
            return replace(conversation, verified_at=now, proof_attempts=0)
        case CountFailedProof():
            return replace(conversation, proof_attempts=conversation.proof_attempts + 1)
        case UnbindAddress():
            return replace(conversation, borrower_id=None, verified_at=None)
        case SetLanguage():
            return replace(conversation, language=effect.language)
        case SetReachable():
            return replace(conversation, reachable=effect.reachable)
        case MoveAddress():
            return replace(conversation, address=replace(conversation.address, key=effect.new_key))
        case HandOff() if effect.takes_chat:
            return replace(conversation, holder=effect.holder, epoch=conversation.epoch + 1)
        case _:
            return conversation
