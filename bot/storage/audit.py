"""The audit log: a chain in which each entry's hash covers the one before, so that no entry can be changed or left out unseen.

What a chain cannot show is that its end was cut off; for that its last hash must be kept outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from bot.services.writes import AppendAudit
from bot.storage.book_tables import Audit
from bot.storage.sealing import Keyring
from bot.storage.statements import Alone, Program, Statement, change, columns, fetch, fetch_one, insert_all
from bot.storage.tables import table_of
from bot.storage.types import to_facts, to_instant, to_json

_audit = table_of(Audit)

#: The hash before the first entry.
_START = "0" * 64
#: Where transactions queue, so that each sees the entry it follows; held to the end of the transaction.
_CHAIN_END = 1

_APPEND = Statement(insert_all(_audit))
_LAST = Statement(select(_audit.c.seq, _audit.c.hash).order_by(_audit.c.seq.desc()).limit(1))
_PAGE = Statement(
    select(*columns(_audit, "seq at actor act subject detail previous hash"))
    .where(_audit.c.seq > bindparam("after"))
    .order_by(_audit.c.seq)
    .limit(bindparam("most"))
)


def append_audit(writes: Sequence[AppendAudit], _keyring: Keyring) -> Program[list[int]]:
    yield Alone(_CHAIN_END)
    seq, previous = (yield from fetch_one(_LAST)) or (0, _START)
    for write in writes:
        seq += 1
        entry = (seq, to_instant(write.at), write.actor, write.act, write.subject, to_facts(write.detail))
        link = _hash(previous, entry)
        yield from change(
            _APPEND,
            seq=seq,
            at=entry[1],
            actor=write.actor,
            act=write.act,
            subject=write.subject,
            detail=entry[5],
            previous=previous,
            hash=link,
        )
        previous = link
    return []


def _hash(previous: str, entry: Sequence[object]) -> str:
    return hashlib.sha256(f"{previous}{to_json(list(entry))}".encode()).hexdigest()


def verify_page(after: int, previous: str, limit: int) -> Program[tuple[int | None, int, str, bool]]:
    """The first entry that does not fit, if one does not; the number and hash to go on after; whether there may be more."""
    rows = yield from fetch(_PAGE, after=after, most=limit)
    for *entry, stored_previous, stored_hash in rows:
        if entry[0] != after + 1 or stored_previous != previous or stored_hash != _hash(previous, entry):
            return after + 1, after, previous, False
        after, previous = entry[0], stored_hash
    return None, after, previous, len(rows) == limit


#: What `verify_page` begins with.
BEGINNING = (0, _START)
