"""Agreements and pauses: commitments with their history, and holds with their ends. Both are only ever added to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.commitments import Commitment as CommitmentValue
from bot.domain.commitments import CommitmentKind, CommitmentStatus, DuePayment
from bot.domain.errors import Conflict, Duplicate
from bot.domain.holds import Hold as HoldValue
from bot.domain.holds import HoldKind
from bot.domain.money import Money
from bot.services.writes import AppendCommitment, AppendHold, ChangeCommitmentStatus, FinishHolds
from bot.storage.book_tables import (
    Commitment,
    CommitmentPayment,
    CommitmentState,
    CommitmentStatusEntry,
    Hold,
    HoldEnd,
)
from bot.storage.sealing import Keyring
from bot.storage.statements import (
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
    words,
)
from bot.storage.tables import table_of
from bot.storage.types import from_instant, from_instant_or_none, to_instant, to_instant_or_none

_commitment = table_of(Commitment)
_due_payment = table_of(CommitmentPayment)
_entry = table_of(CommitmentStatusEntry)
_state = table_of(CommitmentState)
_hold = table_of(Hold)
_hold_end = table_of(HoldEnd)

#: Commitments that still bind somebody, or wait to.
_LIVE = (CommitmentStatus.OPEN, CommitmentStatus.AWAITING_APPROVAL, CommitmentStatus.PROPOSED)
#: Besides those, as many of the latest as a turn may look back on.
_LOOK_BACK = 10

# -- commitments ------------------------------------------------------------------------------------------------------

_APPEND_COMMITMENT = Statement(insert_all(_commitment))
_APPEND_DUE_PAYMENT = Statement(insert_all(_due_payment))
_APPEND_ENTRY = Statement(insert_all(_entry))
_FIRST_STATE = Statement(insert_all(_state).on_conflict_do_nothing())
_CHANGE_STATE = Statement(
    update(_state)
    .values(status=bindparam("status"), seq=_state.c.seq + 1)
    .where(_state.c.commitment_id == bindparam("the_commitment_id"), _state.c.status == bindparam("expected"))
    .returning(_state.c.seq)
)


def append_commitments(writes: Sequence[AppendCommitment], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        value = write.commitment
        yield from change(
            _APPEND_COMMITMENT,
            commitment_id=value.commitment_id,
            reference=value.reference,
            kind=value.kind.value,
            loan_id=value.loan_id,
            borrower_id=value.borrower_id,
            currency=value.cost.currency,
            cost_minor=value.cost.minor,
            paid_before_minor=value.paid_before.minor,
            made_at=to_instant(value.made_at),
            channel=value.channel,
            policy_version=value.policy_version,
            script_version=value.script_version,
            supersedes=value.supersedes,
            message_id=value.message_id,
        )
        due = [
            {
                "commitment_id": value.commitment_id,
                "position": position,
                "due_on": part.due_on.isoformat(),
                "amount_minor": part.amount.minor,
            }
            for position, part in enumerate(value.payments)
        ]
        yield from change_many(_APPEND_DUE_PAYMENT, due)
        count = yield from change(
            _FIRST_STATE,
            commitment_id=value.commitment_id,
            loan_id=value.loan_id,
            kind=value.kind.value,
            status=value.status.value,
            seq=1,
        )
        if not count:
            raise Conflict(f"loan {value.loan_id} already has an open commitment of kind {value.kind}")
        yield from _append_entry(value.commitment_id, 1, value.status, "made", to_instant(value.made_at))
    return []


def change_commitments(writes: Sequence[ChangeCommitmentStatus], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        try:
            row = yield from fetch_one(
                _CHANGE_STATE,
                status=write.status.value,
                the_commitment_id=write.commitment_id,
                expected=write.expected.value,
            )
        except Duplicate as error:
            raise Conflict("the loan has another open commitment of this kind") from error
        if row is None:
            raise Conflict(f"commitment {write.commitment_id} is no longer {write.expected}")
        yield from _append_entry(write.commitment_id, row[0], write.status, write.reason, to_instant(write.at))
    return []


def _append_entry(commitment_id: str, seq: int, status: CommitmentStatus, reason: str, at: int) -> Program[None]:
    yield from change(_APPEND_ENTRY, commitment_id=commitment_id, seq=seq, status=status.value, reason=reason, at=at)


_COMMITMENT_COLUMNS = (
    *columns(
        _commitment, "commitment_id reference kind loan_id borrower_id currency cost_minor paid_before_minor made_at"
    ),
    *columns(_commitment, "channel policy_version script_version supersedes message_id"),
    _state.c.status,
)
_with_state = select(*_COMMITMENT_COLUMNS).join_from(_commitment, _state)
_recent = (
    select(_commitment.c.commitment_id)
    .where(_commitment.c.borrower_id == bindparam("borrower_id"))
    .order_by(_commitment.c.made_at.desc())
    .limit(literal_column(str(_LOOK_BACK)))
)
_COMMITMENTS_OF_BORROWER = Statement(
    _with_state.where(
        _commitment.c.borrower_id == bindparam("borrower_id"),
        or_(_state.c.status.in_(words(_LIVE)), _commitment.c.commitment_id.in_(_recent)),
    ).order_by(_commitment.c.made_at, _commitment.c.commitment_id)
)
_COMMITMENT = Statement(
    _with_state.where(
        or_(_commitment.c.commitment_id == bindparam("the_id"), _commitment.c.reference == bindparam("the_id"))
    )
)
_page = _with_state.where(_commitment.c.commitment_id > bindparam("after"))
_page_order = (_commitment.c.commitment_id,)
_PAGE = Statement(_page.order_by(*_page_order).limit(bindparam("most")))
_PAGE_BY_STATUS = Statement(
    _with_state.where(_state.c.status == bindparam("status"), _state.c.commitment_id > bindparam("after"))
    .order_by(_state.c.commitment_id)
    .limit(bindparam("most"))
)
_PAGE_OF_BORROWER = Statement(
    _page.where(_commitment.c.borrower_id == bindparam("borrower_id")).order_by(*_page_order).limit(bindparam("most"))
)
_DUE_PAYMENTS = Statement(
    select(_due_payment.c.commitment_id, _due_payment.c.due_on, _due_payment.c.amount_minor)
    .where(AmongTexts(_due_payment.c.commitment_id, "commitment_ids"))
    .order_by(_due_payment.c.commitment_id, _due_payment.c.position)
)


def commitments_of_borrower(borrower_id: str) -> Program[tuple[CommitmentValue, ...]]:
    """All that are live and the latest ten, oldest first."""
    return tuple((yield from _commitments((yield from fetch(_COMMITMENTS_OF_BORROWER, borrower_id=borrower_id)))))


def commitment(reference_or_id: str) -> Program[CommitmentValue | None]:
    found = yield from _commitments((yield from fetch(_COMMITMENT, the_id=reference_or_id)))
    return found[0] if found else None


def page_of_commitments(
    status: str | None, borrower_id: str | None, after: str, limit: int
) -> Program[tuple[list[CommitmentValue], str]]:
    """By commitment id after `after`, and the id to go on after. With both filters, the borrower's are sifted here."""
    if borrower_id is not None:
        rows = yield from fetch(_PAGE_OF_BORROWER, borrower_id=borrower_id, after=after, most=limit)
    elif status is not None:
        rows = yield from fetch(_PAGE_BY_STATUS, status=status, after=after, most=limit)
    else:
        rows = yield from fetch(_PAGE, after=after, most=limit)
    last = rows[-1][0] if rows else after
    return (yield from _commitments([row for row in rows if status in (None, row[-1])])), last


def _commitments(rows: Sequence[Row]) -> Program[list[CommitmentValue]]:
    if not rows:
        return []
    due: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for commitment_id, due_on, minor in (
        yield from fetch(_DUE_PAYMENTS, commitment_ids=listed(row[0] for row in rows))
    ):
        due[commitment_id].append((due_on, minor))
    return [_commitment_from(row, due[row[0]]) for row in rows]


def _commitment_from(row: Row, due: Sequence[tuple[str, int]]) -> CommitmentValue:
    commitment_id, reference, kind, loan_id, borrower_id, currency, cost, paid_before, made_at = row[:9]
    channel, policy_version, script_version, supersedes, message_id, status = row[9:]
    return CommitmentValue(
        commitment_id=commitment_id,
        reference=reference,
        kind=CommitmentKind(kind),
        status=CommitmentStatus(status),
        loan_id=loan_id,
        borrower_id=borrower_id,
        payments=tuple(DuePayment(date.fromisoformat(on), Money(minor, currency)) for on, minor in due),
        cost=Money(cost, currency),
        made_at=from_instant(made_at),
        channel=channel,
        policy_version=policy_version,
        script_version=script_version,
        paid_before=Money(paid_before, currency),
        supersedes=supersedes,
        message_id=message_id,
    )


# -- holds ------------------------------------------------------------------------------------------------------------

_APPEND_HOLD = Statement(insert_all(_hold))
_ended = _hold.outerjoin(_hold_end)
_at = bindparam("at", type_=_hold.c.starts_at.type)
_loan_id = bindparam("the_loan_id", type_=_hold.c.loan_id.type)
_FINISH_HOLDS = Statement(
    insert(_hold_end)
    .from_select(
        ["hold_id", "at", "ended_by", "reason"],
        select(
            _hold.c.hold_id,
            _at,
            bindparam("ended_by", type_=_hold_end.c.ended_by.type),
            bindparam("reason", type_=_hold_end.c.reason.type),
        )
        .select_from(_ended)
        .where(
            _hold.c.borrower_id == bindparam("the_borrower_id"),
            _hold.c.kind == bindparam("the_kind"),
            or_(_loan_id.is_(None), _hold.c.loan_id == _loan_id),
            _hold.c.starts_at <= _at,
            or_(_hold.c.ends_at.is_(None), _hold.c.ends_at > _at),
            _hold_end.c.hold_id.is_(None),
        ),
    )
    .on_conflict_do_nothing()
)
_ends_at = func.coalesce(_hold_end.c.at, _hold.c.ends_at)
_HOLDS_OF_BORROWER = Statement(
    select(
        *columns(_hold, "hold_id kind borrower_id loan_id starts_at"),
        _ends_at,
        *columns(_hold, "set_by reason opens closes"),
    )
    .select_from(_ended)
    .where(_hold.c.borrower_id == bindparam("borrower_id"), or_(_ends_at.is_(None), _ends_at > bindparam("now")))
    .order_by(_hold.c.starts_at, _hold.c.hold_id)
)


def append_holds(writes: Sequence[AppendHold], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        value = write.hold
        yield from change(
            _APPEND_HOLD,
            hold_id=value.hold_id,
            kind=value.kind.value,
            borrower_id=value.borrower_id,
            loan_id=value.loan_id,
            starts_at=to_instant(value.starts_at),
            ends_at=to_instant_or_none(value.ends_at),
            set_by=value.set_by,
            reason=value.reason,
            opens=value.opens,
            closes=value.closes,
        )
    return []


def finish_holds(writes: Sequence[FinishHolds], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from change(
            _FINISH_HOLDS,
            at=to_instant(write.at),
            ended_by=write.ended_by,
            reason=write.reason,
            the_borrower_id=write.borrower_id,
            the_kind=write.kind.value,
            the_loan_id=write.loan_id,
        )
    return []


def holds_of_borrower(borrower_id: str, now: int) -> Program[tuple[HoldValue, ...]]:
    """Those that are not over; `ends_at` is the end somebody set, where somebody did."""
    rows = yield from fetch(_HOLDS_OF_BORROWER, borrower_id=borrower_id, now=now)
    return tuple(
        HoldValue(hold_id, HoldKind(kind), owner, loan_id, from_instant(starts), from_instant_or_none(ends), *said)
        for hold_id, kind, owner, loan_id, starts, ends, *said in rows
    )
