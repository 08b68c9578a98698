"""Claiming outbox rows: who may send what now, how fast, and what to do with rows a dead process left behind.

Claims of a shard queue for its row of `shard_lease`, so that each sees what the one before it took, and each has a fence of
its own, so that a settlement from an older claim is known for what it is. A chat with a row in flight waits, whoever holds it;
the other chats of the shard do not. The pace is one bucket of tokens in the database, for all processes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, case, exists, func, literal_column, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind, OutboundMessage, OutboxState
from bot.domain.errors import StorageError
from bot.services.ports import SHARDS, ClaimedRow
from bot.storage.acts import act_from_json
from bot.storage.book_tables import BorrowerKey
from bot.storage.parts import from_parts
from bot.storage.sealing import Keyring
from bot.storage.statements import (
    AmongNumbers,
    Program,
    Row,
    Statement,
    change,
    columns,
    fetch,
    fetch_one,
    insert_all,
    listed,
    word,
    words,
)
from bot.storage.tables import UNFINISHED, UNSENT, Conversation, Outbox, ShardLease, TokenBucket, table_of
from bot.storage.types import from_instant, from_instant_or_none, to_instant

_outbox = table_of(Outbox)
_lease = table_of(ShardLease)
_bucket = table_of(TokenBucket)
_key = table_of(BorrowerKey)
_conversation = table_of(Conversation)

_SECOND = 1_000_000
#: More rows than are ever ahead of another: nothing more goes in this lane.
_FULL = 1 << 62
#: Replies before reminders.
_PRIORITIES = (0, 1)
#: The one bucket: one bot sends for an installation.
_BOT = "bot"

_in_shard = and_(_outbox.c.shard == bindparam("the_shard"), _outbox.c.state.in_(words(UNSENT)))
_sending = _outbox.c.state == word("sending")

_due = and_(_outbox.c.priority.in_([literal_column(str(p)) for p in _PRIORITIES]), _outbox.c.run_at <= bindparam("now"))
_SOMETHING_DUE = Statement(select(_outbox.c.outbox_id).where(_in_shard, _due).limit(1))
_TAKE_LEASE = Statement(
    insert(_lease)
    .values(shard=bindparam("shard"), holder=bindparam("holder"), fence=1, renewed_at=bindparam("now"))
    .on_conflict_do_update(
        index_elements=["shard"],
        set_={"holder": bindparam("holder"), "fence": _lease.c.fence + 1, "renewed_at": bindparam("now")},
    )
    .returning(_lease.c.fence)
)
_BUCKET = Statement(
    select(_bucket.c.tokens, _bucket.c.at, _bucket.c.paused_until).where(_bucket.c.name == word(_BOT)).with_for_update()
)
_FIRST_BUCKET = Statement(insert_all(_bucket).on_conflict_do_nothing())
_POUR = Statement(
    update(_bucket).values(tokens=bindparam("tokens"), at=bindparam("at")).where(_bucket.c.name == word(_BOT))
)

_ahead = _outbox.alias("ahead")
_ahead_in_lane = and_(
    _ahead.c.channel == _outbox.c.channel,
    _ahead.c.chat_key == _outbox.c.chat_key,
    _ahead.c.priority == _outbox.c.priority,
    _ahead.c.outbox_id < _outbox.c.outbox_id,
    _ahead.c.state.in_(words(UNFINISHED)),
)
_DUE = Statement(
    select(
        *columns(_outbox, "outbox_id delivery_id channel chat_key private act kind attempts state"),
        *columns(_outbox, "borrower_id loan_id rule stage epoch not_after policy_version parts"),
        func.coalesce(_conversation.c.epoch, literal_column("0")),
        _key.c.wrapped,
        select(func.count()).select_from(_ahead).where(_ahead_in_lane).scalar_subquery(),
    )
    .join_from(_outbox, _key, _key.c.borrower_id == _outbox.c.borrower_id, isouter=True)
    .join(
        _conversation,
        and_(_conversation.c.channel == _outbox.c.channel, _conversation.c.chat_key == _outbox.c.chat_key),
        isouter=True,
    )
    .where(
        _in_shard,
        _outbox.c.priority == bindparam("the_priority"),
        _outbox.c.run_at <= bindparam("now"),
        ~exists().where(_ahead_in_lane, or_(_ahead.c.state == word("sending"), _ahead.c.run_at > _outbox.c.run_at)),
    )
    .order_by(_outbox.c.run_at, _outbox.c.outbox_id)
    .limit(bindparam("most"))
)
_CLAIM = Statement(
    update(_outbox)
    .values(
        state=word("sending"), holder=bindparam("holder"), fence=bindparam("fence"), claimed_at=bindparam("claimed_at")
    )
    .where(AmongNumbers(_outbox.c.outbox_id, "outbox_ids"), _outbox.c.state.in_(words(UNSENT)))
    .returning(_outbox.c.outbox_id)
)

_WITHHOLD = Statement(
    update(_outbox)
    .values(state=word("withheld"), settled_at=bindparam("settled_at"), reason=bindparam("because"))
    .where(AmongNumbers(_outbox.c.outbox_id, "outbox_ids"))
)

_shards = union_all(*(select(literal_column(str(number)).label("shard")) for number in range(SHARDS))).subquery(
    "shards"
)
# Shard by shard, so that a hundred thousand rows deferred to tomorrow are not looked at.
_SHARDS_WAITING = Statement(
    select(_shards.c.shard)
    .where(exists().where(_outbox.c.shard == _shards.c.shard, _outbox.c.state.in_(words(UNSENT)), _due))
    .order_by(_shards.c.shard)
)


def shards_waiting(now: datetime) -> Program[list[int]]:
    rows = yield from fetch(_SHARDS_WAITING, now=to_instant(now))
    return [row[0] for row in rows]


def claim_outbox(
    keyring: Keyring, shard: int, holder: str, now: datetime, limit: int, tokens_per_second: float
) -> Program[list[ClaimedRow]]:
    """See the port. Most calls find nothing and write nothing."""
    at = to_instant(now)
    if not (yield from fetch(_SOMETHING_DUE, the_shard=shard, now=at)):
        return []
    lease = yield from fetch_one(_TAKE_LEASE, shard=shard, holder=holder, now=at)
    assert lease is not None
    tokens = yield from _tokens(at, tokens_per_second)
    if tokens is None:
        return []
    chosen, spent = _choose((yield from _due_rows(shard, at, limit)), int(tokens))
    fence = lease[0]
    ids = listed(row[0] for row in chosen)
    claimed = yield from fetch(_CLAIM, holder=holder, fence=fence, claimed_at=at, outbox_ids=ids)
    still_there = {row[0] for row in claimed}
    ready: list[ClaimedRow] = []
    withheld: dict[str, list[int]] = defaultdict(list)
    for row in chosen:
        if _is_erased(row):
            withheld["erased"].append(row[0])
        elif row[0] in still_there:
            try:
                ready.append(_claimed_row(keyring, row, fence))
            except StorageError:
                # A lost key or changed bytes: it will not open later either, and must not hold up the rest of the shard.
                withheld["unreadable"].append(row[0])
    for because, outbox_ids in withheld.items():
        yield from change(_WITHHOLD, settled_at=at, because=because, outbox_ids=listed(outbox_ids))
    yield from change(_POUR, tokens=tokens - spent, at=at)
    return ready


def _tokens(at: int, per_second: float) -> Program[float | None]:
    """What is in the bucket now; None during a pause."""
    capacity = max(1.0, per_second / 10)
    row = yield from fetch_one(_BUCKET)
    if row is None:
        yield from change(_FIRST_BUCKET, name=_BOT, tokens=capacity, at=at, paused_until=None)
        row = yield from fetch_one(_BUCKET)
    assert row is not None
    tokens: float = row[0]
    since, paused_until = row[1:]
    if paused_until is not None and at < paused_until:
        return None
    # Another machine's clock may be a little ahead of ours; that adds nothing and takes nothing.
    refilled: float = tokens + max(0, at - since) * per_second / _SECOND
    return min(capacity, refilled)


def _due_rows(shard: int, at: int, limit: int) -> Program[list[Row]]:
    rows: list[Row] = []
    for priority in _PRIORITIES:
        if len(rows) < limit:
            rows += yield from fetch(_DUE, the_shard=shard, the_priority=priority, now=at, most=limit - len(rows))
    return rows


def _choose(rows: list[Row], tokens: int) -> tuple[list[Row], int]:
    """The rows to send and the tokens they cost: acts are free, and a row goes only if all ahead of it in its lane go.

    Nothing goes with a message that comes before it in its lane: it would be in flight long before its turn.
    """
    chosen: list[Row] = []
    spent = 0
    in_lane: dict[tuple[str, str, bool], int] = defaultdict(int)
    for row in rows:
        channel, chat_key, kind, ahead = row[2], row[3], row[6], row[-1]
        price = 0 if kind == MessageKind.ACT or _is_erased(row) else 1
        lane = (channel, chat_key, kind in (MessageKind.REMINDER, MessageKind.NOTICE))
        if in_lane[lane] == ahead and spent + price <= tokens:
            in_lane[lane] = ahead + 1 if price == 0 else _FULL
            spent += price
            chosen.append(row)
    return chosen, spent


def _is_erased(row: Row) -> bool:
    """Its borrower's key was destroyed, and with it what was to be said."""
    borrower_id, wrapped = row[9], row[-2]
    return borrower_id is not None and wrapped is None


def _claimed_row(keyring: Keyring, row: Row, fence: int) -> ClaimedRow:
    outbox_id, delivery_id, channel, chat_key, private, act, kind, attempts, state, borrower_id = row[:10]
    loan_id, rule, stage, epoch, not_after, policy_version, parts, epoch_now, wrapped, _ = row[10:]
    seal = keyring.installation if borrower_id is None else keyring.seal(borrower_id, wrapped)
    return ClaimedRow(
        message=OutboundMessage(
            outbox_id=outbox_id,
            address=Address(channel, chat_key, bool(private)),
            act=act_from_json(seal.open("outbox", "act", delivery_id, act)),
            kind=MessageKind(kind),
            attempt=attempts + 1,
        ),
        fence=fence,
        state_before=OutboxState(state),
        borrower_id=borrower_id,
        loan_id=loan_id,
        rule=rule,
        stage=stage,
        epoch=epoch,
        not_after=from_instant_or_none(not_after),
        policy_version=policy_version,
        parts=from_parts(parts),
        epoch_now=epoch_now,
    )


# -- what a dead holder left, and when to look again ------------------------------------------------------------------

#: Repeating an act does no harm, and it survives a program that is killed again and again; but one whose sending never ends
#: would hold up its chat for ever.
_ACT_RECOVERIES = 10

_left_behind = and_(_sending, _outbox.c.claimed_at <= bindparam("dead_since"))
_SEND_ONCE_MORE = Statement(
    update(_outbox)
    .values(
        state=word("queued"),
        recoveries=_outbox.c.recoveries + 1,
        attempts=_outbox.c.attempts + 1,
        holder=None,
        fence=None,
    )
    .where(
        _left_behind,
        or_(
            and_(_outbox.c.kind == word("act"), _outbox.c.recoveries < literal_column(str(_ACT_RECOVERIES))),
            and_(_outbox.c.kind.in_(words(("reply", "operator"))), _outbox.c.recoveries == literal_column("0")),
        ),
    )
)
_GIVE_UP = Statement(
    update(_outbox)
    .values(
        # Nobody is left in doubt by an act: what it would have answered or tidied up is long past.
        state=case((_outbox.c.kind == word("act"), word("dead")), else_=word("unknown")),
        settled_at=bindparam("settled_at"),
        reason=word("interrupted"),
        attempts=_outbox.c.attempts + 1,
        fence=None,
    )
    .where(_left_behind)
)
_RENEW = Statement(
    update(_outbox)
    .values(claimed_at=bindparam("claimed_at"))
    .where(AmongNumbers(_outbox.c.outbox_id, "outbox_ids"), _outbox.c.holder == bindparam("the_holder"), _sending)
)
_NEXT_RUN_AT = Statement(
    select(_outbox.c.run_at)
    .where(
        _in_shard,
        _outbox.c.priority == bindparam("the_priority"),
        ~exists().where(_ahead_in_lane, _ahead.c.state == word("sending")),
    )
    .order_by(_outbox.c.run_at)
    .limit(1)
)
_PAUSE = Statement(
    insert(_bucket)
    .values(name=word(_BOT), tokens=0.0, at=bindparam("until"), paused_until=bindparam("until"))
    .on_conflict_do_update(
        index_elements=["name"],
        set_={"tokens": 0.0, "at": bindparam("until"), "paused_until": bindparam("until")},
        # A longer pause stands.
        where=or_(_bucket.c.paused_until.is_(None), _bucket.c.paused_until < bindparam("until")),
    )
)


def recover_outbox(now: datetime, lease_seconds: float) -> Program[int]:
    """How many rows were taken from dead holders. A reply caught twice is not sent a third time: it becomes UNKNOWN.
    An act that was repeated often enough is DEAD.
    """
    at = to_instant(now)
    dead_since = at - int(lease_seconds * _SECOND)
    queued = yield from change(_SEND_ONCE_MORE, dead_since=dead_since)
    given_up = yield from change(_GIVE_UP, dead_since=dead_since, settled_at=at)
    return queued + given_up


def renew_outbox(outbox_ids: Sequence[int], holder: str, now: datetime) -> Program[None]:
    yield from change(_RENEW, claimed_at=to_instant(now), the_holder=holder, outbox_ids=listed(outbox_ids))


def next_outbox_at(shard: int) -> Program[datetime | None]:
    """Not before the end of a pause, and without the rows that wait behind one in flight: its settling wakes them."""
    due = []
    for priority in _PRIORITIES:
        row = yield from fetch_one(_NEXT_RUN_AT, the_shard=shard, the_priority=priority)
        due += [] if row is None else [row[0]]
    if not due:
        return None
    bucket = yield from fetch_one(_LOOK_INTO_BUCKET)
    return from_instant(max(min(due), (bucket[0] if bucket else None) or 0))


_LOOK_INTO_BUCKET = Statement(select(_bucket.c.paused_until).where(_bucket.c.name == word(_BOT)))


def pause_sending(until: datetime) -> Program[None]:
    yield from change(_PAUSE, until=to_instant(until))
