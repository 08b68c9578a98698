"""Apologise: what happens when a turn fails again and again. Nothing is guessed: a person is called and the borrower told so."""

from __future__ import annotations

from dataclasses import replace

from bot.dialog.compose import apology
from bot.dialog.steps import LONGEST_QUOTE
from bot.domain.borrower import Address
from bot.domain.events import Received, TextReceived, Unsupported, UnsupportedReceived
from bot.domain.situation import Holder, Situation
from bot.services.apply import Applied, new_conversation, outgoing
from bot.services.writes import AppendAudit, AppendTurn, Batch, MarkHandled, OpenCase, SaveConversation


def apology_batch(
    inbox_id: int, address: Address, received: Received | None, situation: Situation, error: Exception, by: Applied
) -> Batch:
    """Puts the update aside, opens a case that takes the chat, and says something true and calm.

    The turn's record names the kind of `error` and not its words, which may quote what the borrower wrote. What was written
    goes to the person with the case, as far as it can be read and a borrower is known whose key closes it.
    """
    turn_id = by.fresh_id()
    before = situation.conversation or new_conversation(Received(address, UnsupportedReceived(Unsupported.OTHER)))
    after = replace(
        before, version=before.version + 1, holder=Holder.QUEUE, epoch=before.epoch + 1, last_inbound_at=by.now
    )
    language = by.live.language_of(after)
    event = received.event if received is not None and after.borrower_id is not None else None
    said = event.text if isinstance(event, TextReceived) else None
    return (
        MarkHandled(inbox_id, turn_id, by.now, "poison"),
        SaveConversation(after, situation.conversation.version if situation.conversation else None, by.now),
        AppendTurn(
            turn_id=turn_id,
            at=by.now,
            address=address,
            borrower_id=after.borrower_id,
            event="TurnFailed",
            intent=None,
            confidence=None,
            slots=(),
            flow=None,
            step=None,
            effects=("HandOff", "Say"),
            script_version=by.live.number,
            why=(f"turn failed: {type(error).__name__}",),
            text=said,
        ),
        OpenCase(
            case_id=by.fresh_id(),
            at=by.now,
            reason="error",
            brief=(("inbox_id", str(inbox_id)), *((("said", said[:LONGEST_QUOTE]),) if said else ())),
            urgent=False,
            takes_chat=True,
            borrower_id=after.borrower_id,
            loan_id=None,
            address=address,
            dedup_key=f"{address.channel}:{address.key}:error:",
        ),
        outgoing(
            apology(by.live.script), language, address, after.version, by, turn_id, after.borrower_id, after.epoch
        ),
        AppendAudit(by.now, "bot", "turn_failed", after.borrower_id or "chat", (("turn_id", turn_id),)),
    )
