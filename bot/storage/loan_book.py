"""The loan book: loans, instalments, payments and the stages a loan went through.

Payments are facts; what they make of a loan is derived by the core and stored beside it by SaveLedger, so that the night's
plan is one range of an index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, case, or_, select, update

from bot.domain.errors import Conflict
from bot.domain.loan import Instalment as InstalmentValue
from bot.domain.loan import Loan as LoanValue
from bot.domain.loan import LoanStatus
from bot.domain.loan import Payment as PaymentValue
from bot.domain.money import Money
from bot.services.ports import LedgerState, PlannableLoan
from bot.services.writes import AppendPayment, EnterStage, EnterStagesOfAnchor, SaveLedger, UpsertInstalment, UpsertLoan
from bot.storage.book_tables import Borrower, Instalment, Loan, Payment, StageEntry
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
    word,
)
from bot.storage.tables import table_of
from bot.storage.types import from_day_or_none, from_instant, to_day_or_none, to_instant, to_json

_loan = table_of(Loan)
_instalment = table_of(Instalment)
_payment = table_of(Payment)
_stage_entry = table_of(StageEntry)
_borrower = table_of(Borrower)

# -- writing ----------------------------------------------------------------------------------------------------------

_loan_row = insert_all(_loan)
_described = ("programme", "borrower_id", "currency", "risk", "flags")
_UPSERT_LOAN = Statement(
    _loan_row.on_conflict_do_update(
        index_elements=["loan_id"],
        set_={name: _loan_row.excluded[name] for name in (*_described, "changed_at")},
        where=or_(*(_loan.c[name].is_distinct_from(_loan_row.excluded[name]) for name in _described)),
    )
)
_instalment_row = insert_all(_instalment)
_amounts = ("principal_minor", "interest_minor", "fees_minor", "late_fees_minor")
_new_amount = sum((_instalment_row.excluded[name] for name in _amounts[1:]), _instalment_row.excluded[_amounts[0]])
_UPSERT_INSTALMENT = Statement(
    _instalment_row.on_conflict_do_update(
        index_elements=["loan_id", "number"],
        set_={
            **{name: _instalment_row.excluded[name] for name in ("due_on", *_amounts)},
            # Until the ledger is reckoned anew in the same transaction, nothing may be paid beyond the new amount.
            "paid_minor": case((_instalment.c.paid_minor > _new_amount, _new_amount), else_=_instalment.c.paid_minor),
        },
        where=or_(
            *(_instalment.c[name].is_distinct_from(_instalment_row.excluded[name]) for name in ("due_on", *_amounts))
        ),
    )
)
_SAVE_PAID = Statement(
    update(_instalment)
    .values(paid_minor=bindparam("paid_minor"))
    .where(
        _instalment.c.loan_id == bindparam("the_loan_id"),
        _instalment.c.number == bindparam("the_number"),
        _instalment.c.paid_minor != bindparam("paid_minor"),
    )
)
_save_ledger = (
    update(_loan)
    .values(
        status=bindparam("status"),
        oldest_unpaid_due_on=bindparam("oldest_unpaid_due_on"),
        outstanding_minor=bindparam("outstanding_minor"),
        ledger_version=_loan.c.ledger_version + 1,
        settled_at=case(
            (bindparam("status", type_=_loan.c.status.type) != word("settled"), None),
            (_loan.c.settled_at.is_(None), bindparam("changed_at", type_=_loan.c.changed_at.type)),
            else_=_loan.c.settled_at,
        ),
        changed_at=bindparam("changed_at"),
    )
    .where(_loan.c.loan_id == bindparam("the_loan_id"))
)
_SAVE_LEDGER = Statement(_save_ledger)
_SAVE_LEDGER_IF = Statement(_save_ledger.where(_loan.c.ledger_version == bindparam("expected_version")))
_APPEND_PAYMENT = Statement(insert_all(_payment))
_ENTER_STAGE = Statement(insert_all(_stage_entry).on_conflict_do_nothing())


def upsert_loans(writes: Sequence[UpsertLoan], _keyring: Keyring) -> Program[list[int]]:
    rows = [
        {
            "loan_id": write.loan_id,
            "programme": write.programme,
            "borrower_id": write.borrower_id,
            "currency": write.currency,
            "risk": write.risk,
            "flags": to_json(sorted(write.flags)),
            "status": "open",
            "oldest_unpaid_due_on": None,
            "outstanding_minor": 0,
            "ledger_version": 0,
            "settled_at": None,
            "changed_at": to_instant(write.at),
        }
        for write in writes
    ]
    yield from change_many(_UPSERT_LOAN, rows)
    return []


def upsert_instalments(writes: Sequence[UpsertInstalment], _keyring: Keyring) -> Program[list[int]]:
    rows = [
        {
            "loan_id": write.loan_id,
            "number": part.number,
            "due_on": part.due_on.isoformat(),
            "principal_minor": part.principal.minor,
            "interest_minor": part.interest.minor,
            "fees_minor": part.fees.minor,
            "late_fees_minor": part.late_fees.minor,
            "paid_minor": 0,
        }
        for write in writes
        for part in (write.instalment,)
    ]
    yield from change_many(_UPSERT_INSTALMENT, rows)
    return []


def save_ledgers(writes: Sequence[SaveLedger], _keyring: Keyring) -> Program[list[int]]:
    paid = [
        {"the_loan_id": write.loan_id, "the_number": number, "paid_minor": minor}
        for write in writes
        for number, minor in write.paid
    ]
    yield from change_many(_SAVE_PAID, paid)
    unchecked = [_derived(write) for write in writes if write.expected_version is None]
    yield from change_many(_SAVE_LEDGER, unchecked)
    for write in writes:
        if write.expected_version is not None:
            count = yield from change(_SAVE_LEDGER_IF, **_derived(write), expected_version=write.expected_version)
            if not count:
                raise Conflict(f"the ledger of loan {write.loan_id} moved on meanwhile")
    return []


def _derived(write: SaveLedger) -> dict[str, object]:
    return {
        "the_loan_id": write.loan_id,
        "status": write.status.value,
        "oldest_unpaid_due_on": to_day_or_none(write.oldest_unpaid_due_on),
        "outstanding_minor": write.outstanding_minor,
        "changed_at": to_instant(write.at),
    }


def append_payments(writes: Sequence[AppendPayment], _keyring: Keyring) -> Program[list[int]]:
    rows = [
        {
            "reference": write.payment.reference,
            "loan_id": write.payment.loan_id,
            "amount_minor": write.payment.amount.minor,
            "currency": write.payment.amount.currency,
            "paid_on": write.payment.paid_on.isoformat(),
            "instalment": write.payment.instalment,
            "reverses": write.payment.reverses,
            "posted_at": to_instant(write.posted_at),
            "source": write.source,
        }
        for write in writes
    ]
    yield from change_many(_APPEND_PAYMENT, rows)
    return []


def entry_key_start(write: EnterStage | EnterStagesOfAnchor) -> str:
    """What stands before the loan's id in an entry's key: a day counts once, so does a policy, anything else by its instant."""
    once = {"day_passed": "", "policy_changed": f"v{write.policy_version}"}
    cause = once.get(write.reason, str(to_instant(write.at)))
    return ":".join((write.entered_on.isoformat(), to_day_or_none(write.anchor) or "", write.stage or "", cause, ""))


def enter_stages(writes: Sequence[EnterStage], _keyring: Keyring) -> Program[list[int]]:
    rows = []
    for write in writes:
        anchor, entered_on = to_day_or_none(write.anchor), write.entered_on.isoformat()
        rows.append(
            {
                "entry_key": entry_key_start(write) + write.loan_id,
                "loan_id": write.loan_id,
                "stage": write.stage,
                "anchor": anchor,
                "entered_on": entered_on,
                "reason": write.reason,
                "policy_version": write.policy_version,
                "at": to_instant(write.at),
            }
        )
    yield from change_many(_ENTER_STAGE, rows)
    return []


# -- reading ----------------------------------------------------------------------------------------------------------

#: What `loans_from` reads: a loan and one of its instalments a row, in the order of loans.
LOAN_COLUMNS = (
    *columns(_loan, "loan_id programme borrower_id currency status risk flags"),
    *columns(_instalment, "number due_on principal_minor interest_minor fees_minor late_fees_minor paid_minor"),
)
_with_instalments = select(*LOAN_COLUMNS).join_from(_loan, _instalment, isouter=True)
_LOANS_OF_BORROWER = Statement(
    _with_instalments.where(
        _loan.c.borrower_id == bindparam("borrower_id"),
        or_(
            _loan.c.status == word("open"),
            (_loan.c.status == word("settled")) & (_loan.c.settled_at > bindparam("settled_after")),
        ),
    ).order_by(_loan.c.loan_id)
)
_LOANS = Statement(
    select(*LOAN_COLUMNS, _loan.c.ledger_version)
    .join_from(_loan, _instalment, isouter=True)
    .where(AmongTexts(_loan.c.loan_id, "loan_ids"))
    .order_by(_loan.c.loan_id)
)
_PAYMENT_COLUMNS = columns(_payment, "reference loan_id amount_minor currency paid_on instalment reverses")
_PAYMENTS_OF_LOANS = Statement(
    select(*_PAYMENT_COLUMNS)
    .where(AmongTexts(_payment.c.loan_id, "loan_ids"))
    .order_by(_payment.c.posted_at, _payment.c.reference)
)
_PAYMENT = Statement(select(*_PAYMENT_COLUMNS).where(_payment.c.reference == bindparam("reference")))
_STAGE_ENTRIES = Statement(
    select(*columns(_stage_entry, "stage anchor entered_on reason policy_version at"))
    .where(_stage_entry.c.loan_id == bindparam("loan_id"))
    .order_by(_stage_entry.c.entered_on, _stage_entry.c.at, _stage_entry.c.entry_key)
)
_page = (
    select(_loan.c.loan_id)
    .where(
        _loan.c.programme == bindparam("programme"),
        _loan.c.status == word("open"),
        _loan.c.oldest_unpaid_due_on == bindparam("anchor"),
        _loan.c.loan_id > bindparam("after"),
    )
    .order_by(_loan.c.loan_id)
    .limit(bindparam("most"))
    .subquery("page")
)
_PAGE_BY_ANCHOR = Statement(
    select(*LOAN_COLUMNS, _borrower.c.timezone, _borrower.c.region)
    .join_from(_page, _loan, _loan.c.loan_id == _page.c.loan_id)
    .join(_borrower, _borrower.c.borrower_id == _loan.c.borrower_id)
    .join(_instalment, _instalment.c.loan_id == _loan.c.loan_id, isouter=True)
    .order_by(_loan.c.loan_id)
)
_LOAN_IDS = Statement(
    select(_loan.c.loan_id)
    .where(_loan.c.loan_id > bindparam("after"))
    .order_by(_loan.c.loan_id)
    .limit(bindparam("most"))
)
_LOAN_IDS_OF_PROGRAMME = Statement(
    select(_loan.c.loan_id)
    .where(_loan.c.programme == bindparam("programme"), _loan.c.loan_id > bindparam("after"))
    .order_by(_loan.c.loan_id)
    .limit(bindparam("most"))
)


def loans_from(rows: Iterable[Row]) -> list[tuple[LoanValue, Row]]:
    """Loans with the first row of each, from rows of LOAN_COLUMNS (and whatever follows them) in the order of loans."""
    loans: list[tuple[LoanValue, Row]] = []
    parts: list[InstalmentValue] = []
    first: Row | None = None
    for row in rows:
        if first is None or row[0] != first[0]:
            if first is not None:
                loans.append((_loan_from(first, parts), first))
            first, parts = row, []
        if row[7] is not None:
            parts.append(_instalment_from(row))
    if first is not None:
        loans.append((_loan_from(first, parts), first))
    return loans


def _loan_from(row: Row, parts: list[InstalmentValue]) -> LoanValue:
    parts.sort(key=lambda part: (part.due_on, part.number))
    return LoanValue(
        loan_id=row[0],
        programme=row[1],
        borrower_id=row[2],
        currency=row[3],
        instalments=tuple(parts),
        status=LoanStatus(row[4]),
        risk=row[5],
        flags=frozenset(json.loads(row[6])) if row[6] != "[]" else frozenset(),
    )


def _instalment_from(row: Row) -> InstalmentValue:
    currency = row[3]
    number, due_on, principal, interest, fees, late_fees, paid = row[7:14]
    return InstalmentValue(
        number=number,
        due_on=date.fromisoformat(due_on),
        principal=Money(principal, currency),
        interest=Money(interest, currency),
        fees=Money(fees, currency),
        late_fees=Money(late_fees, currency),
        paid=Money(paid, currency),
    )


def _payment_from(row: Row) -> PaymentValue:
    reference, loan_id, minor, currency, paid_on, instalment, reverses = row
    return PaymentValue(reference, loan_id, Money(minor, currency), date.fromisoformat(paid_on), instalment, reverses)


def loans_of_borrower(borrower_id: str, settled_after: int) -> Program[tuple[LoanValue, ...]]:
    """Open loans, and those settled after that instant."""
    rows = yield from fetch(_LOANS_OF_BORROWER, borrower_id=borrower_id, settled_after=settled_after)
    return tuple(loan for loan, _ in loans_from(rows))


def ledgers(loan_ids: Sequence[str]) -> Program[dict[str, LedgerState]]:
    ids = listed(loan_ids)
    rows = yield from fetch(_LOANS, loan_ids=ids)
    payments: dict[str, list[PaymentValue]] = {}
    for row in (yield from fetch(_PAYMENTS_OF_LOANS, loan_ids=ids)):
        payments.setdefault(row[1], []).append(_payment_from(row))
    return {
        loan.loan_id: LedgerState(loan, tuple(payments.get(loan.loan_id, ())), first[-1])
        for loan, first in loans_from(rows)
    }


def payment(reference: str) -> Program[PaymentValue | None]:
    row = yield from fetch_one(_PAYMENT, reference=reference)
    return None if row is None else _payment_from(row)


def stage_entries(loan_id: str) -> Program[list[EnterStage]]:
    rows = yield from fetch(_STAGE_ENTRIES, loan_id=loan_id)
    return [
        EnterStage(loan_id, stage, from_day_or_none(anchor), date.fromisoformat(on), reason, version, from_instant(at))
        for stage, anchor, on, reason, version, at in rows
    ]


def page_by_anchor(programme: str, anchor: date, after: str, limit: int) -> Program[list[PlannableLoan]]:
    """Open loans of one anchor day, by loan id after `after`."""
    rows = yield from fetch(_PAGE_BY_ANCHOR, programme=programme, anchor=anchor.isoformat(), after=after, most=limit)
    return [PlannableLoan(loan, first[-2], first[-1]) for loan, first in loans_from(rows)]


def page_of_loan_ids(programme: str | None, after: str, limit: int) -> Program[list[str]]:
    if programme is None:
        rows = yield from fetch(_LOAN_IDS, after=after, most=limit)
    else:
        rows = yield from fetch(_LOAN_IDS_OF_PROGRAMME, programme=programme, after=after, most=limit)
    return [row[0] for row in rows]
