"""Situations: all that one turn or one question to the gate may know, gathered in a handful of indexed queries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind
from bot.domain.situation import Contact, Situation
from bot.domain.situation import Conversation as ConversationValue
from bot.storage.agreements import commitments_of_borrower, holds_of_borrower
from bot.storage.borrowers import borrower
from bot.storage.inbound import CONVERSATION_COLUMNS, conversation, conversation_from
from bot.storage.loan_book import loans_of_borrower
from bot.storage.parts import from_parts
from bot.storage.sealing import Keyring
from bot.storage.statements import Program, Statement, fetch, fetch_one, words
from bot.storage.tables import CONTACTED, CONTACTS, Conversation, Outbox, table_of
from bot.storage.types import from_instant, to_instant

_conversation = table_of(Conversation)
_outbox = table_of(Outbox)

_DAY = 86_400_000_000
#: Longer than any cap's period: at most 31 days, and two for the width of the time zones.
_CONTACTS_LOOK_BACK = 33 * _DAY
#: A loan paid off lately can still be asked about.
_SETTLED_LOOK_BACK = 35 * _DAY

_PROVEN_CONVERSATION = Statement(
    select(*CONVERSATION_COLUMNS)
    .where(_conversation.c.borrower_id == bindparam("borrower_id"))
    .order_by(_conversation.c.verified_at.desc().nulls_last(), _conversation.c.conversation_id.desc())
    .limit(1)
)
_CONTACTS = Statement(
    select(_outbox.c.settled_at, _outbox.c.kind, _outbox.c.channel, _outbox.c.loan_id, _outbox.c.rule, _outbox.c.parts)
    .where(
        _outbox.c.borrower_id == bindparam("borrower_id"),
        _outbox.c.state.in_(words(CONTACTED)),
        _outbox.c.kind.in_(words(CONTACTS)),
        _outbox.c.settled_at > bindparam("settled_after"),
    )
    .order_by(_outbox.c.settled_at)
)


def situation_of_chat(keyring: Keyring, address: Address, now: datetime) -> Program[Situation]:
    found = yield from conversation(address)
    if found is None or found.borrower_id is None:
        return Situation(now, found)
    return (yield from _situation(keyring, found, found.borrower_id, now))


def situation_of_borrower(keyring: Keyring, borrower_id: str, now: datetime) -> Program[Situation]:
    """Through the conversation proven last; one that is not proven yet stands in where there is none."""
    row = yield from fetch_one(_PROVEN_CONVERSATION, borrower_id=borrower_id)
    found = None if row is None else conversation_from(row)
    return (yield from _situation(keyring, found, borrower_id, now))


def _situation(
    keyring: Keyring, found: ConversationValue | None, borrower_id: str, now: datetime
) -> Program[Situation]:
    at = to_instant(now)
    return Situation(
        now=now,
        conversation=found,
        borrower=(yield from borrower(keyring, borrower_id)),
        loans=(yield from loans_of_borrower(borrower_id, at - _SETTLED_LOOK_BACK)),
        holds=(yield from holds_of_borrower(borrower_id, at)),
        commitments=(yield from commitments_of_borrower(borrower_id)),
        contacts=(yield from _contacts(borrower_id, at)),
    )


def _contacts(borrower_id: str, now: int) -> Program[tuple[Contact, ...]]:
    rows = yield from fetch(_CONTACTS, borrower_id=borrower_id, settled_after=now - _CONTACTS_LOOK_BACK)
    return tuple(
        Contact(
            at=from_instant(at),
            kind=MessageKind(kind),
            channel=channel,
            loan_id=loan_id,
            rule=rule,
            by="operator" if kind == MessageKind.OPERATOR else "bot",
            further=tuple((p.loan_id, dict(p.about).get("rule")) for p in from_parts(parts) if p.loan_id != loan_id),
        )
        for at, kind, channel, loan_id, rule, parts in rows
    )
