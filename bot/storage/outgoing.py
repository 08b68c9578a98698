"""What goes out: rows of the outbox, and what became of each. Claiming them is `claiming`.

A chat's rows of one priority are a lane, and in a lane no row overtakes an earlier one: `run_at` never falls from row to row
(putting and settling see to it here), and a row is claimed only with or after those ahead of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, or_, select, update

from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind, OutboxState
from bot.domain.errors import Conflict
from bot.services.ports import shard_of
from bot.services.writes import (
    CancelOutbox,
    PutOutbox,
    RecordWithheld,
    SettleOutbox,
    asked_again,
    put_again,
)
from bot.storage.acts import act_to_json
from bot.storage.keys import seal_for_writing
from bot.storage.parts import from_parts, to_parts
from bot.storage.sealing import Keyring
from bot.storage.statements import (
    AmongNumbers,
    Parameters,
    Program,
    Statement,
    change,
    fetch,
    fetch_one,
    insert_all,
    listed,
    word,
    words,
)
from bot.storage.tables import UNFINISHED, UNSENT, Outbox, table_of
from bot.storage.types import to_instant, to_instant_or_none
from bot.storage.waking import put_timers

_outbox = table_of(Outbox)

#: Rows wait in one of two lines: what somebody waits for goes before what we want to say.
_PROACTIVE = (MessageKind.REMINDER, MessageKind.NOTICE)
_unsent = _outbox.c.state.in_(words(UNSENT))

_ahead = _outbox.alias("ahead")
_run_at = bindparam("run_at", type_=_outbox.c.run_at.type)
_PUT = Statement(
    insert_all(_outbox, "outbox_id")
    .values(
        # Not before the rows of its lane that are already to be sent later.
        run_at=select(func.coalesce(func.max(_ahead.c.run_at), _run_at))
        .where(
            _ahead.c.channel == bindparam("channel"),
            _ahead.c.chat_key == bindparam("chat_key"),
            _ahead.c.priority == bindparam("priority"),
            _ahead.c.state.in_(words(UNFINISHED)),
            _ahead.c.run_at > _run_at,
        )
        .scalar_subquery()
    )
    .returning(_outbox.c.outbox_id)
)
_RECORD_WITHHELD = Statement(insert_all(_outbox, "outbox_id").on_conflict_do_nothing())
_SETTLE = Statement(
    update(_outbox)
    .values(
        state=bindparam("state"),
        settled_at=bindparam("settled_at"),
        reason=bindparam("reason"),
        run_at=func.coalesce(bindparam("next_run_at", type_=_outbox.c.run_at.type), _outbox.c.run_at),
        message_key=func.coalesce(bindparam("message_key"), _outbox.c.message_key),
        attempts=_outbox.c.attempts + bindparam("more_attempts"),
    )
    .where(
        _outbox.c.outbox_id == bindparam("the_outbox_id"),
        _outbox.c.fence == bindparam("the_fence"),
        _outbox.c.state == word("sending"),
    )
)
_own = _outbox.alias("own")
_AHEAD_RUNS_AT = Statement(
    select(func.max(_ahead.c.run_at)).where(
        _own.c.outbox_id == bindparam("the_outbox_id"),
        _ahead.c.channel == _own.c.channel,
        _ahead.c.chat_key == _own.c.chat_key,
        _ahead.c.priority == _own.c.priority,
        _ahead.c.outbox_id < _own.c.outbox_id,
        _ahead.c.state.in_(words(UNFINISHED)),
    )
)
_MAKE_LATER_ROWS_WAIT = Statement(
    update(_outbox)
    .values(run_at=bindparam("next_run_at"))
    .where(
        _own.c.outbox_id == bindparam("the_outbox_id"),
        _outbox.c.channel == _own.c.channel,
        _outbox.c.chat_key == _own.c.chat_key,
        _outbox.c.priority == _own.c.priority,
        _outbox.c.outbox_id > _own.c.outbox_id,
        _outbox.c.state.in_(words(UNFINISHED)),
        _outbox.c.run_at < bindparam("next_run_at"),
    )
)
_CANCEL = Statement(
    update(_outbox)
    .values(state=word("withheld"), settled_at=bindparam("settled_at"), reason=bindparam("reason"))
    .where(
        _outbox.c.borrower_id == bindparam("the_borrower_id"),
        or_(
            bindparam("the_loan_id", type_=_outbox.c.loan_id.type).is_(None),
            _outbox.c.loan_id == bindparam("the_loan_id", type_=_outbox.c.loan_id.type),
        ),
        _unsent,
        _outbox.c.kind.in_(words(_PROACTIVE)),
    )
)
_unsent_with_parts = (
    _outbox.c.borrower_id == bindparam("the_borrower_id"),
    _unsent,
    _outbox.c.parts.is_not(None),
)
_WITH_PARTS = Statement(select(_outbox.c.outbox_id, _outbox.c.parts).where(*_unsent_with_parts))
_CANCEL_WITH_PARTS = Statement(
    update(_outbox)
    .values(state=word("withheld"), settled_at=bindparam("settled_at"), reason=bindparam("reason"))
    .where(AmongNumbers(_outbox.c.outbox_id, "outbox_ids"), *_unsent_with_parts)
    .returning(_outbox.c.parts)
)


def put_outbox(writes: Sequence[PutOutbox], keyring: Keyring) -> Program[list[int]]:
    ids: list[int] = []
    for write in writes:
        seal = yield from seal_for_writing(keyring, write.borrower_id)
        row = yield from fetch_one(
            _PUT,
            **_unaddressed(write),
            **_address(write.address),
            act=seal.close("outbox", "act", write.delivery_id, act_to_json(write.act)),
            state="queued",
            run_at=to_instant(write.run_at),
            settled_at=None,
            reason=None,
            language=write.language,
            script_version=write.script_version,
            epoch=write.epoch,
            not_after=to_instant_or_none(write.not_after),
            turn_id=write.turn_id,
            parts=to_parts(write.parts),
        )
        assert row is not None
        ids.append(row[0])
    return ids


_WAS_PUT = Statement(select(_outbox.c.outbox_id).where(_outbox.c.dedup_key == bindparam("dedup_key")))


def was_put(dedup_key: str) -> Program[bool]:
    return (yield from fetch_one(_WAS_PUT, dedup_key=dedup_key)) is not None


def record_withheld(writes: Sequence[RecordWithheld], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        at = to_instant(write.at)
        yield from change(
            _RECORD_WITHHELD,
            **_unaddressed(write),
            channel=None,
            chat_key=None,
            private=1,
            shard=0,
            act=None,
            state="withheld",
            run_at=at,
            settled_at=at,
            reason=write.reason,
            language=None,
            script_version=None,
            epoch=0,
            not_after=None,
            turn_id=None,
            parts=None,
        )
    return []


def _unaddressed(write: PutOutbox | RecordWithheld) -> Parameters:
    return {
        "delivery_id": write.delivery_id,
        "dedup_key": write.dedup_key,
        "kind": write.kind.value,
        "priority": 1 if write.kind in _PROACTIVE else 0,
        "at": to_instant(write.at),
        "attempts": 0,
        "recoveries": 0,
        "holder": None,
        "fence": None,
        "claimed_at": None,
        "message_key": None,
        "borrower_id": write.borrower_id,
        "loan_id": write.loan_id,
        "rule": write.rule,
        "stage": write.stage,
        "policy_version": write.policy_version,
    }


def _address(address: Address) -> Parameters:
    return {
        "channel": address.channel,
        "chat_key": address.key,
        "private": int(address.private),
        "shard": shard_of(address),
    }


def settle_outbox(writes: Sequence[SettleOutbox], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        run_at = to_instant_or_none(write.run_at)
        if run_at is not None:
            run_at = max(run_at, (yield from _ahead_runs_at(write.outbox_id)))
        elif write.state in (OutboxState.QUEUED, OutboxState.DEFERRED):
            raise ValueError("a row that is to be sent later needs to know when")
        count = yield from change(
            _SETTLE,
            state=write.state.value,
            settled_at=to_instant(write.at),
            reason=write.reason,
            next_run_at=run_at,
            message_key=write.message_key,
            more_attempts=int(write.count_attempt),
            the_outbox_id=write.outbox_id,
            the_fence=write.fence,
        )
        if not count:
            raise Conflict(f"outbox row {write.outbox_id} belongs to somebody else by now")
        if run_at is not None:
            yield from change(_MAKE_LATER_ROWS_WAIT, next_run_at=run_at, the_outbox_id=write.outbox_id)
    return []


def _ahead_runs_at(outbox_id: int) -> Program[int]:
    """When the last of the rows ahead in the lane is to be sent."""
    row = yield from fetch_one(_AHEAD_RUNS_AT, the_outbox_id=outbox_id)
    return (row[0] if row else None) or 0


def cancel_outbox(writes: Sequence[CancelOutbox], keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from _cancel_with_parts(write, keyring)
        yield from change(
            _CANCEL,
            settled_at=to_instant(write.at),
            reason=write.reason,
            the_borrower_id=write.borrower_id,
            the_loan_id=write.loan_id,
        )
    return []


def _cancel_with_parts(write: CancelOutbox, keyring: Keyring) -> Program[None]:
    """Messages about this loan and others go as one or not at all; what is still to be said of any is decided once more."""
    rows = yield from fetch(_WITH_PARTS, the_borrower_id=write.borrower_id)
    ids = [row[0] for row in rows if write.loan_id in (None, *(part.loan_id for part in from_parts(row[1])))]
    if not ids:
        return
    withheld = yield from fetch(
        _CANCEL_WITH_PARTS,
        settled_at=to_instant(write.at),
        reason=write.reason,
        outbox_ids=listed(ids),
        the_borrower_id=write.borrower_id,
    )
    stopped = None if write.loan_id is None else (write.loan_id,)
    again = [part for row in withheld for part in asked_again(from_parts(row[0]), stopped)]
    yield from put_timers([put_again(part, write.borrower_id, write.at) for part in again], keyring)
