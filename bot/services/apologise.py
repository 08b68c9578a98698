"""Apologise: what happens when a turn fails again and again. Nothing is guessed: a person is called and the borrower told so."""

from __future__ import annotations

from dataclasses import replace

from bot.dialog.compose import apology
from bot.domain.borrower import Address
from bot.domain.events import Received, Unsupported, UnsupportedReceived
from bot.domain.situation import Holder, Situation
from bot.services.apply import Applied, new_conversation, outgoing
from bot.services.writes import AppendAudit, Batch, MarkHandled, OpenCase, SaveConversation


def apology_batch(inbox_id: int, address: Address, situation: Situation, by: Applied) -> Batch:
    """Puts the update aside, opens a case that takes the chat, and says something true and calm."""
    turn_id = by.fresh_id()
    before = situation.conversation or new_conversation(Received(address, UnsupportedReceived(Unsupported.OTHER)))
    after = replace(
        before, version=before.version + 1, holder=Holder.QUEUE, epoch=before.epoch + 1, last_inbound_at=by.now
    )
    language = by.live.language_of(after)
    return (
        MarkHandled(inbox_id, turn_id, by.now, "poison"),
        SaveConversation(after, situation.conversation.version if situation.conversation else None, by.now),
        OpenCase(
            case_id=by.fresh_id(),
            at=by.now,
            reason="error",
            brief=(("inbox_id", str(inbox_id)),),
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
