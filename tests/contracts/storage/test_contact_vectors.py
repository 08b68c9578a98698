"""The test vectors for contact rules that the database decides, on both databases."""

from __future__ import annotations

from datetime import date

from bot.domain.delivery import MessageKind, OutboxState
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.services.ledger import payment_batch
from bot.services.writes import MarkUnreachable
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_conversation,
    a_message,
    after,
    claim,
    first_seen,
    settled,
    texts,
    with_borrower,
)

REMINDER = MessageKind.REMINDER


def reminder(delivery_id: str, **changed):
    return a_message(delivery_id, REMINDER, text=delivery_id, borrower_id="B1", loan_id="L-B1", **changed)


async def posted(storage, amount: str = "10.00"):
    payment = Payment("R1", "L-B1", Money.of(amount, "CNY"), date(2026, 12, 1))
    before = await storage.ledger("L-B1")
    return payment_batch(before, [payment], (), None, date(2026, 12, 1), NOW, "test")


async def test_vector_19_a_payment_cancels_the_queued_reminder_in_its_own_transaction(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    await storage.commit((reminder("asks for money"), a_message("an answer", text="an answer", borrower_id="B1")))
    await storage.commit(await posted(storage))
    assert texts(await claim(storage)) == ["an answer"]
    assert (await storage.payment("R1")) is not None


async def test_vector_19_a_part_payment_cancels_it_too_because_its_amount_is_wrong_now(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation()), reminder("asks for 10.00")))
    await storage.commit(await posted(storage, "4.00"))
    assert texts(await claim(storage)) == []


async def test_vector_22_a_reminder_to_somebody_who_blocked_the_bot_is_over_and_never_tried_again(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation()), reminder("refused")))
    [row] = await claim(storage)
    refused = settled(row, OutboxState.REFUSED, NOW, reason="blocked")
    await storage.commit((refused, MarkUnreachable(CHAT, NOW, "blocked")))
    assert await claim(storage, at=after(days=30)) == []
    assert (await storage.situation_of_borrower("B1", NOW)).reach.value == "blocked"
