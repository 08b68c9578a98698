"""Timers as rows, and leases on work that one process does for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.services.ports import DueTimer
from bot.services.writes import CancelTimers, FinishTimer, MoveTimer, PutTimer
from bot.storage.sealing import Keyring
from bot.storage.statements import (
    AmongNumbers,
    AmongTexts,
    Program,
    Row,
    Statement,
    change,
    change_many,
    columns,
    fetch,
    fetch_one,
    insert_all,
    listed,
)
from bot.storage.tables import Lease, Timer, table_of
from bot.storage.types import from_facts, from_instant, from_instant_or_none, to_facts, to_instant

_timer = table_of(Timer)
_lease = table_of(Lease)

_pending = _timer.c.outcome.is_(None)
_TIMER_COLUMNS = columns(_timer, "timer_id key kind due_at borrower_id loan_id programme about")

_PUT = Statement(insert_all(_timer, "timer_id").on_conflict_do_nothing())
_FINISH = Statement(
    update(_timer)
    .values(outcome=bindparam("outcome"), finished_at=bindparam("finished_at"))
    .where(_timer.c.timer_id == bindparam("the_timer_id"), _pending)
)
_MOVE = Statement(
    update(_timer)
    .values(due_at=bindparam("due_at"), moved_because=bindparam("moved_because"))
    .where(_timer.c.timer_id == bindparam("the_timer_id"), _pending)
)
_DUE = Statement(
    select(*_TIMER_COLUMNS)
    .where(_pending, _timer.c.due_at <= bindparam("now"))
    .order_by(_timer.c.due_at, _timer.c.timer_id)
    .limit(bindparam("most"))
)
_NEXT_AT = Statement(select(func.min(_timer.c.due_at)).where(_pending))
_OF_BORROWER = Statement(
    select(*_TIMER_COLUMNS)
    .where(_timer.c.borrower_id == bindparam("borrower_id"), _pending)
    .order_by(_timer.c.due_at, _timer.c.timer_id)
)
_BY_KEY = Statement(select(*_TIMER_COLUMNS, _timer.c.outcome).where(AmongTexts(_timer.c.key, "keys")))
_CANCEL = Statement(
    update(_timer)
    .values(outcome=bindparam("outcome"), finished_at=bindparam("finished_at"))
    .where(AmongNumbers(_timer.c.timer_id, "timer_ids"), _pending)
)


def put_timers(writes: Sequence[PutTimer], _keyring: Keyring) -> Program[list[int]]:
    rows = [
        {
            "key": write.key,
            "kind": write.kind,
            "due_at": to_instant(write.due_at),
            "borrower_id": write.borrower_id,
            "loan_id": write.loan_id,
            "programme": write.programme,
            "about": to_facts(write.about),
            "moved_because": None,
            "outcome": None,
            "finished_at": None,
        }
        for write in writes
    ]
    yield from change_many(_PUT, rows)
    return []


def finish_timers(writes: Sequence[FinishTimer], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        count = yield from change(
            _FINISH, outcome=write.outcome, finished_at=to_instant(write.at), the_timer_id=write.timer_id
        )
        _expect(count, write.timer_id)
    return []


def move_timers(writes: Sequence[MoveTimer], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        count = yield from change(
            _MOVE, due_at=to_instant(write.due_at), moved_because=write.reason, the_timer_id=write.timer_id
        )
        _expect(count, write.timer_id)
    return []


def _expect(count: int, timer_id: int) -> None:
    if not count:
        raise Conflict(f"timer {timer_id} is no longer pending")


def cancel_timers(writes: Sequence[CancelTimers], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        # A borrower has a handful of pending timers: told apart here, they need no JSON in SQL.
        pending = yield from timers_of(write.borrower_id)
        ids = [
            timer.timer_id
            for timer in pending
            if (write.loan_id is None or timer.loan_id == write.loan_id)
            and (not write.kinds or timer.kind in write.kinds)
            and (write.about is None or write.about in timer.about)
        ]
        if ids:
            yield from change(
                _CANCEL, outcome=f"cancelled:{write.reason}", finished_at=to_instant(write.at), timer_ids=listed(ids)
            )
    return []


def due_timers(now: datetime, limit: int) -> Program[list[DueTimer]]:
    rows = yield from fetch(_DUE, now=to_instant(now), most=limit)
    return [_timer_from(row) for row in rows]


def next_timer_at() -> Program[datetime | None]:
    row = yield from fetch_one(_NEXT_AT)
    return from_instant_or_none(row[0]) if row else None


def timers_of(borrower_id: str) -> Program[list[DueTimer]]:
    rows = yield from fetch(_OF_BORROWER, borrower_id=borrower_id)
    return [_timer_from(row) for row in rows]


def timers_by_key(keys: Sequence[str]) -> Program[dict[str, DueTimer | None]]:
    rows = yield from fetch(_BY_KEY, keys=listed(keys))
    return {row[1]: _timer_from(row[:-1]) if row[-1] is None else None for row in rows}


def _timer_from(row: Row) -> DueTimer:
    timer_id, key, kind, due_at, borrower_id, loan_id, programme, about = row
    return DueTimer(timer_id, key, kind, from_instant(due_at), borrower_id, loan_id, programme, from_facts(about))


# -- leases -----------------------------------------------------------------------------------------------------------

_HOLD_LEASE = Statement(
    insert(_lease)
    .values(name=bindparam("name"), holder=bindparam("holder"), expires_at=bindparam("expires_at"))
    .on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": bindparam("holder"), "expires_at": bindparam("expires_at")},
        where=or_(_lease.c.holder == bindparam("holder"), _lease.c.expires_at <= bindparam("now")),
    )
)


def hold_lease(name: str, holder: str, now: datetime, seconds: float) -> Program[bool]:
    at = to_instant(now)
    count = yield from change(_HOLD_LEASE, name=name, holder=holder, now=at, expires_at=at + int(seconds * 1_000_000))
    return bool(count)


_RELEASE_LEASES = Statement(delete(_lease).where(_lease.c.holder == bindparam("the_holder")))


def release_leases(holder: str) -> Program[None]:
    yield from change(_RELEASE_LEASES, the_holder=holder)
