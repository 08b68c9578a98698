"""The tables of chats: what came in, what goes out, and what wakes later. `book_tables` has the rest.

Table models do not validate, so every code, sign and range is a named CHECK constraint; there are no relationships, so nothing
loads by itself. Statements are built from these tables once, in the module of each group of records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from bot.domain.delivery import MessageKind, OutboxState
from bot.domain.situation import Holder
from bot.storage.types import code, flag, instant, number, row_id, sealed, share, text

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

STRICT = {"sqlite_strict": True}


def table_of(model: type[SQLModel]) -> Table:
    return metadata.tables[str(model.__tablename__)]


def check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """A partial index where `where` is given; queries must repeat that condition word for word."""
    condition: Any = None if where is None else sql(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def among(column: str, values: Iterable[str]) -> str:
    """A condition of a partial index, in the words that SQLAlchemy's `in_` uses, so that the planner sees they are one."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


#: States of the outbox that partial indexes cover.
UNSENT = (OutboxState.QUEUED, OutboxState.DEFERRED)
UNFINISHED = (*UNSENT, OutboxState.SENDING)
IN_TROUBLE = (OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.DEAD)
#: What counts as having contacted somebody: it arrived, or may have.
CONTACTED = (OutboxState.SENT, OutboxState.UNKNOWN)
CONTACTS = (MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.OPERATOR)


class Conversation(SQLModel, table=True):
    """A chat with somebody, and the address it stands for."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "chat_key"),
        index("ix_conversation_borrower", "borrower_id", "verified_at"),
        check("verified", "verified_at IS NULL OR borrower_id IS NOT NULL"),
        STRICT,
    )
    conversation_id: int | None = row_id("conversation_id")
    channel: str = text("channel")
    chat_key: str = text("chat_key")
    private: int = flag("private")
    borrower_id: str | None = text("borrower_id", null=True, refers="borrower.borrower_id")
    verified_at: int | None = instant("verified_at", null=True)
    language: str | None = text("language", null=True)
    holder: str = code("holder", Holder)
    epoch: int = number("epoch")
    version: int = number("version", least=1)
    script_version: int | None = number("script_version", null=True)
    state: str | None = text("state", null=True)
    reachable: int = flag("reachable")
    unreachable_reason: str | None = text("unreachable_reason", null=True)
    proof_attempts: int = number("proof_attempts")
    last_inbound_at: int | None = instant("last_inbound_at", null=True)
    created_at: int = instant("created_at")
    changed_at: int = instant("changed_at")


class Inbox(SQLModel, table=True):
    """Raw updates, stored before they are acknowledged. `raw` is erased when handled; the key stays, so repeats are known."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_key"),
        index("ix_inbox_waiting", "channel", "chat_key", "update_key", where="handled_at IS NULL"),
        check("handled", "(handled_at IS NULL) = (outcome IS NULL)"),
        STRICT,
    )
    inbox_id: int | None = row_id("inbox_id")
    channel: str = text("channel")
    update_key: int = number("update_key", least=None)
    chat_key: str = text("chat_key")
    raw: bytes | None = sealed("raw")
    received_at: int = instant("received_at")
    failures: int = number("failures")
    handled_at: int | None = instant("handled_at", null=True)
    turn_id: str | None = text("turn_id", null=True)
    outcome: str | None = code("outcome", ("done", "ignored", "poison"), null=True)
    retry_at: int | None = instant("retry_at", null=True)


class Turn(SQLModel, table=True):
    """One inbound event and why it led where it did. `said` seals the borrower's words and the slots found in them."""

    __tablename__ = "turn"
    __table_args__ = (index("ix_turn_borrower", "borrower_id", "turn_no"), STRICT)
    turn_no: int | None = row_id("turn_no")
    turn_id: str = text("turn_id", unique=True)
    at: int = instant("at")
    channel: str = text("channel")
    chat_key: str = text("chat_key")
    borrower_id: str | None = text("borrower_id", null=True, refers="borrower.borrower_id")
    event: str = text("event")
    intent: str | None = text("intent", null=True)
    confidence: float | None = share("confidence", null=True)
    flow: str | None = text("flow", null=True)
    step: str | None = text("step", null=True)
    effects: str = text("effects")
    script_version: int = number("script_version")
    why: str = text("why")
    said: bytes | None = sealed("said")


class Outbox(SQLModel, table=True):
    """Messages committed and what became of them, and reminders withheld, which never had an address."""

    __tablename__ = "outbox"
    __table_args__ = (
        index("ix_outbox_unsent", "shard", "priority", "run_at", "outbox_id", where=among("state", UNSENT)),
        index("ix_outbox_chat", "channel", "chat_key", "priority", "outbox_id", where=among("state", UNFINISHED)),
        index("ix_outbox_sending", "shard", where="state = 'sending'"),
        index("ix_outbox_trouble", "state", where=among("state", IN_TROUBLE)),
        index(
            "ix_outbox_contact",
            "borrower_id",
            "settled_at",
            where=f"{among('state', CONTACTED)} AND {among('kind', CONTACTS)}",
        ),
        index("ix_outbox_borrower", "borrower_id", "outbox_id"),
        index("ix_outbox_loan", "loan_id", "outbox_id", where="loan_id IS NOT NULL"),
        check("sendable", "state = 'withheld' OR (channel IS NOT NULL AND chat_key IS NOT NULL AND act IS NOT NULL)"),
        check("claimed", "state <> 'sending' OR (holder IS NOT NULL AND fence IS NOT NULL AND claimed_at IS NOT NULL)"),
        STRICT,
    )
    outbox_id: int | None = row_id("outbox_id")
    delivery_id: str = text("delivery_id", unique=True)
    dedup_key: str | None = text("dedup_key", null=True, unique=True)
    channel: str | None = text("channel", null=True)
    chat_key: str | None = text("chat_key", null=True)
    private: int = flag("private")
    shard: int = number("shard")
    act: bytes | None = sealed("act")
    kind: str = code("kind", MessageKind)
    priority: int = number("priority")
    state: str = code("state", OutboxState)
    at: int = instant("at")
    run_at: int = instant("run_at")
    attempts: int = number("attempts")
    recoveries: int = number("recoveries")
    holder: str | None = text("holder", null=True)
    fence: int | None = number("fence", null=True)
    claimed_at: int | None = instant("claimed_at", null=True)
    settled_at: int | None = instant("settled_at", null=True)
    reason: str | None = text("reason", null=True)
    message_key: str | None = text("message_key", null=True)
    borrower_id: str | None = text("borrower_id", null=True, refers="borrower.borrower_id")
    loan_id: str | None = text("loan_id", null=True, refers="loan.loan_id")
    rule: str | None = text("rule", null=True)
    stage: str | None = text("stage", null=True)
    language: str | None = text("language", null=True)
    policy_version: int | None = number("policy_version", null=True)
    script_version: int | None = number("script_version", null=True)
    epoch: int = number("epoch")
    not_after: int | None = instant("not_after", null=True)
    turn_id: str | None = text("turn_id", null=True)
    #: JSON, of a message about several loans or a mandatory notice: each loan with its timer's key, programme and facts.
    parts: str | None = text("parts", null=True)


class Timer(SQLModel, table=True):
    """What is to be decided later. `outcome` NULL: pending."""

    __tablename__ = "timer"
    __table_args__ = (
        index("ix_timer_due", "due_at", "timer_id", where="outcome IS NULL"),
        index("ix_timer_borrower", "borrower_id", where="outcome IS NULL"),
        check("finished", "(outcome IS NULL) = (finished_at IS NULL)"),
        STRICT,
    )
    timer_id: int | None = row_id("timer_id")
    key: str = text("key", unique=True)
    kind: str = text("kind")
    due_at: int = instant("due_at")
    borrower_id: str | None = text("borrower_id", null=True, refers="borrower.borrower_id")
    loan_id: str | None = text("loan_id", null=True, refers="loan.loan_id")
    programme: str | None = text("programme", null=True)
    about: str = text("about")
    moved_because: str | None = text("moved_because", null=True)
    outcome: str | None = text("outcome", null=True)
    finished_at: int | None = instant("finished_at", null=True)


class ShardLease(SQLModel, table=True):
    """The last claim of a shard. `fence` rises with every one, so a settlement from an older claim is known for what it is."""

    __tablename__ = "shard_lease"
    __table_args__ = (STRICT,)
    shard: int = number("shard", key=True)
    holder: str = text("holder")
    fence: int = number("fence")
    renewed_at: int = instant("renewed_at")


class TokenBucket(SQLModel, table=True):
    """The pace of sending over all processes."""

    __tablename__ = "token_bucket"
    __table_args__ = (STRICT,)
    name: str = text("name", key=True)
    tokens: float = share("tokens")
    at: int = instant("at")
    paused_until: int | None = instant("paused_until", null=True)


class Lease(SQLModel, table=True):
    """A piece of work that one process does for all: polling, timers."""

    __tablename__ = "lease"
    __table_args__ = (STRICT,)
    name: str = text("name", key=True)
    holder: str = text("holder")
    expires_at: int = instant("expires_at")
