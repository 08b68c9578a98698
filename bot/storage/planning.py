"""The night's plan as sets: loans of one anchor that have no timer yet, and their timers put by one statement.

The statement that writes asks again what the one that reads found, so that a loan paid in between gets no timer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, and_, bindparam, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from bot.services.ports import LoansWithoutTimer, PlannableLoan
from bot.services.writes import EnterStagesOfAnchor, PutAnchorTimers
from bot.storage.book_tables import Borrower, Instalment, Loan, StageEntry
from bot.storage.loan_book import LOAN_COLUMNS, entry_key_start, loans_from
from bot.storage.sealing import Keyring
from bot.storage.statements import ListedRows, Program, Statement, change, columns, fetch, listed, word
from bot.storage.tables import Timer, table_of
from bot.storage.types import to_day_or_none, to_facts, to_instant

_loan = table_of(Loan)
_instalment = table_of(Instalment)
_borrower = table_of(Borrower)
_timer = table_of(Timer)
_entry = table_of(StageEntry)

_zones = ListedRows("zones", zone=Text, due_at=BigInteger, about=Text)
_least = ListedRows("least", currency=Text, minor=BigInteger)

_open = and_(_loan.c.programme == bindparam("programme"), _loan.c.status == word("open"))
_of_anchor = and_(_open, _loan.c.oldest_unpaid_due_on == bindparam("anchor"))
_key: ColumnElement[str] = _loan.c.loan_id + bindparam("key_end", type_=Text())
_parts = ("principal_minor", "interest_minor", "fees_minor", "late_fees_minor")
_unpaid = sum((_instalment.c[name] for name in _parts), -_instalment.c.paid_minor)
_unpaid_then = (
    select(func.sum(_unpaid))
    .where(_instalment.c.loan_id == _loan.c.loan_id, _instalment.c.due_on == _loan.c.oldest_unpaid_due_on)
    .correlate(_loan)
    .scalar_subquery()
)
_below = (
    exists()
    .select_from(_least)
    .where(_least.c.currency == _loan.c.currency, _least.c.minor > _unpaid_then)
    .correlate(_loan)
)
_has_timer = exists().select_from(_timer).where(_timer.c.key == _key).correlate(_loan)

_anchors = ListedRows("anchors", day=Text)
_ANCHORS_WITH_LOANS = Statement(
    select(_anchors.c.day).where(
        exists().select_from(_loan).where(_open, _loan.c.oldest_unpaid_due_on == _anchors.c.day).correlate(_anchors)
    )
)
_WITHOUT_TIMER = Statement(
    select(_loan.c.loan_id, _borrower.c.timezone)
    .join_from(_loan, _borrower, _borrower.c.borrower_id == _loan.c.borrower_id)
    .where(_of_anchor, _loan.c.loan_id > bindparam("after"), ~_has_timer, ~_below)
    .order_by(_loan.c.loan_id)
    .limit(bindparam("most"))
)
_PUT_OF_ANCHOR = Statement(
    insert(_timer)
    .from_select(
        ["key", "kind", "due_at", "borrower_id", "loan_id", "programme", "about"],
        select(
            _key,
            bindparam("kind", type_=Text()),
            _zones.c.due_at,
            _loan.c.borrower_id,
            _loan.c.loan_id,
            _loan.c.programme,
            _zones.c.about,
        )
        .join_from(_loan, _borrower, _borrower.c.borrower_id == _loan.c.borrower_id)
        .join(_zones, _zones.c.zone == func.coalesce(_borrower.c.timezone, ""))
        .where(
            _of_anchor,
            _loan.c.loan_id > bindparam("after"),
            _loan.c.loan_id <= bindparam("last"),
            ~_below,
        ),
    )
    .on_conflict_do_nothing()
)
_stands_there = (
    exists()
    .select_from(_entry)
    .where(
        _entry.c.loan_id == _loan.c.loan_id,
        _entry.c.entered_on == bindparam("entered_on", type_=Text()),
        _entry.c.anchor == bindparam("entry_anchor", type_=Text()),
        _entry.c.stage == bindparam("stage", type_=Text()),
    )
    .correlate(_loan)
)
#: What money or a new schedule entered on the same day already is not told again.
_ENTER_OF_ANCHOR = Statement(
    insert(_entry)
    .from_select(
        ["entry_key", "loan_id", "stage", "anchor", "entered_on", "reason", "policy_version", "at"],
        select(
            bindparam("key_start", type_=Text()) + _loan.c.loan_id,
            _loan.c.loan_id,
            bindparam("stage", type_=Text()),
            bindparam("entry_anchor", type_=Text()),
            bindparam("entered_on", type_=Text()),
            bindparam("reason", type_=Text()),
            bindparam("policy_version", type_=Integer()),
            bindparam("at", type_=BigInteger()),
        ).where(_of_anchor, ~_below, ~_stands_there),
    )
    .on_conflict_do_nothing()
)
_place = tuple_(_loan.c.oldest_unpaid_due_on, _loan.c.loan_id)
_page = (
    select(_loan.c.loan_id)
    .where(
        _open,
        _loan.c.oldest_unpaid_due_on <= bindparam("latest"),
        _place > tuple_(bindparam("after_day", type_=Text()), bindparam("after", type_=Text())),
        _below,
    )
    .order_by(_loan.c.oldest_unpaid_due_on, _loan.c.loan_id)
    .limit(bindparam("most"))
    .subquery("page")
)
_PAGE_BELOW = Statement(
    select(*LOAN_COLUMNS, *columns(_borrower, "timezone region"), _loan.c.oldest_unpaid_due_on)
    .join_from(_page, _loan, _loan.c.loan_id == _page.c.loan_id)
    .join(_borrower, _borrower.c.borrower_id == _loan.c.borrower_id)
    .join(_instalment, _instalment.c.loan_id == _loan.c.loan_id, isouter=True)
    .order_by(_loan.c.oldest_unpaid_due_on, _loan.c.loan_id)
)

Least = Sequence[tuple[str, int]]


def anchors_with_loans(programme: str, anchors: Sequence[date]) -> Program[frozenset[date]]:
    rows = yield from fetch(
        _ANCHORS_WITH_LOANS, programme=programme, anchors=listed([anchor.isoformat()] for anchor in anchors)
    )
    return frozenset(date.fromisoformat(row[0]) for row in rows)


def loans_without_timer(
    programme: str, anchor: date, key_end: str, least: Least, after: str, limit: int
) -> Program[LoansWithoutTimer | None]:
    rows = yield from fetch(
        _WITHOUT_TIMER,
        programme=programme,
        anchor=anchor.isoformat(),
        key_end=key_end,
        least=listed(least),
        after=after,
        most=limit,
    )
    return LoansWithoutTimer(after, rows[-1][0], frozenset(row[1] for row in rows)) if rows else None


def put_anchor_timers(writes: Sequence[PutAnchorTimers], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        zones = [[z.timezone or "", to_instant(z.due_at), to_facts(z.about)] for z in write.zones]
        yield from change(
            _PUT_OF_ANCHOR,
            programme=write.programme,
            anchor=write.anchor.isoformat(),
            key_end=write.key_end,
            kind=write.kind,
            zones=listed(zones),
            least=listed(write.least),
            after=write.after,
            last=write.last,
        )
    return []


def enter_stages_of_anchor(writes: Sequence[EnterStagesOfAnchor], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        anchor = to_day_or_none(write.anchor)
        yield from change(
            _ENTER_OF_ANCHOR,
            programme=write.programme,
            anchor=anchor,
            least=listed(write.least),
            key_start=entry_key_start(write),
            stage=write.stage,
            entry_anchor=anchor if write.stage is not None else None,
            entered_on=write.entered_on.isoformat(),
            reason=write.reason,
            policy_version=write.policy_version,
            at=to_instant(write.at),
        )
    return []


def page_below(
    programme: str, latest: date, least: Least, after: tuple[str, str], limit: int
) -> Program[tuple[list[PlannableLoan], tuple[str, str]]]:
    """By oldest unpaid day and loan id beyond `after`, and the place to go on after."""
    rows = yield from fetch(
        _PAGE_BELOW,
        programme=programme,
        latest=latest.isoformat(),
        least=listed(least),
        after_day=after[0],
        after=after[1],
        most=limit,
    )
    found = [PlannableLoan(loan, first[-3], first[-2]) for loan, first in loans_from(rows)]
    return found, (rows[-1][-1], rows[-1][0]) if rows else after
