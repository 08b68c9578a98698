"""Values for the storage's contract suite: what a test is not about is filled in here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.borrower import Address, Borrower, IdentityFacts
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus, DuePayment
from bot.domain.delivery import Content, MessageKind, OutboxState, SendMessage
from bot.domain.loan import Instalment, LoanStatus
from bot.domain.money import Money
from bot.domain.situation import Conversation, Holder
from bot.services.ports import ClaimedRow, Storage, shard_of
from bot.services.writes import (
    Batch,
    PutOutbox,
    SaveConversation,
    SaveLedger,
    SettleOutbox,
    StoreUpdate,
    UpsertBorrower,
    UpsertInstalment,
    UpsertLoan,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHAT = Address("telegram", "77")
PLENTY = 1000.0


def after(**period: float) -> datetime:
    return NOW + timedelta(**period)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_borrower(borrower_id: str = "B1", **changed: Any) -> Borrower:
    borrower = Borrower(
        borrower_id,
        "Wang Wei",
        "zh-Hans",
        "Asia/Shanghai",
        "CN",
        IdentityFacts("+8613800000000", date(1990, 1, 2), "1234"),
        "wang@example.cn",
    )
    return replace(borrower, **changed)


def an_instalment(number: int = 1, due: date = date(2026, 12, 1), minor: int = 1000) -> Instalment:
    return Instalment(number, due, cny(minor), cny(0), cny(0), cny(0), cny(0))


def a_loan(
    loan_id: str = "L1",
    borrower_id: str = "B1",
    *,
    due: date = date(2026, 12, 1),
    programme: str = "generic",
    status: LoanStatus = LoanStatus.OPEN,
    at: datetime = NOW,
) -> Batch:
    """A loan of one instalment of 10.00 CNY; a settled one has it paid."""
    paid = 1000 if status is LoanStatus.SETTLED else 0
    return (
        UpsertLoan(loan_id, programme, borrower_id, "CNY", "low", frozenset({"staff"}), at),
        UpsertInstalment(loan_id, an_instalment(due=due), at),
        SaveLedger(loan_id, ((1, paid),), None if paid else due, 1000 - paid, status, at),
    )


def with_borrower(borrower_id: str = "B1") -> Batch:
    return (UpsertBorrower(a_borrower(borrower_id), NOW), *a_loan(f"L-{borrower_id}", borrower_id))


def an_update(key: int = 1, chat: str = "77", raw: str = "{}") -> StoreUpdate:
    return StoreUpdate("telegram", key, chat, raw, NOW)


def a_conversation(address: Address = CHAT, borrower_id: str | None = "B1", **changed: Any) -> Conversation:
    conversation = Conversation(
        conversation_id=None,
        address=address,
        borrower_id=borrower_id,
        verified_at=NOW if borrower_id else None,
        language="en",
        holder=Holder.BOT,
        epoch=0,
        version=1,
        script_version=1,
        state="{}",
    )
    return replace(conversation, **changed)


def first_seen(conversation: Conversation) -> SaveConversation:
    return SaveConversation(conversation, None, NOW)


def a_message(
    delivery_id: str,
    kind: MessageKind = MessageKind.REPLY,
    address: Address = CHAT,
    text: str = "Hello",
    **changed: Any,
) -> PutOutbox:
    message = PutOutbox(delivery_id, address, SendMessage(Content(text)), kind, NOW, NOW)
    return replace(message, **changed)


async def claim(
    storage: Storage,
    address: Address = CHAT,
    at: datetime = NOW,
    holder: str = "one",
    limit: int = 8,
    rate: float = PLENTY,
) -> list[ClaimedRow]:
    return list(await storage.claim_outbox(shard_of(address), holder, at, limit, rate))


def settled(row: ClaimedRow, state: OutboxState = OutboxState.SENT, at: datetime = NOW, **more: Any) -> SettleOutbox:
    return SettleOutbox(row.message.outbox_id, row.fence, state, at, **more)


def texts(rows: list[ClaimedRow]) -> list[str]:
    return [row.message.act.content.text for row in rows if isinstance(row.message.act, SendMessage)]


def a_commitment(
    commitment_id: str = "C1",
    *,
    loan_id: str = "L-B1",
    borrower_id: str = "B1",
    status: CommitmentStatus = CommitmentStatus.OPEN,
    kind: CommitmentKind = CommitmentKind.PROMISE,
    made_at: datetime = NOW,
    **changed: Any,
) -> Commitment:
    commitment = Commitment(
        commitment_id=commitment_id,
        reference=f"REF{commitment_id}",
        kind=kind,
        status=status,
        loan_id=loan_id,
        borrower_id=borrower_id,
        payments=(DuePayment(date(2026, 11, 27), cny(500)), DuePayment(date(2026, 12, 4), cny(300))),
        cost=cny(0),
        made_at=made_at,
        channel="telegram",
        policy_version=3,
        script_version=4,
        paid_before=cny(200),
    )
    return replace(commitment, **changed)
