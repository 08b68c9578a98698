"""Import a loan book: rows in, borrowers, loans, instalments and adjustments stored, some thousand rows a transaction.

What is already stored as the book has it costs no write, so the same book twice changes nothing, and an import that was cut
off is simply run again. A loan that the book no longer has is left alone and reported; only `complete` closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.calendar import local_day
from bot.domain.errors import Conflict
from bot.domain.loan import Loan, LoanStatus, Payment, with_payments
from bot.loanbook.problems import RowProblem
from bot.loanbook.reckoning import adjustments, merged_loan
from bot.loanbook.rows import BookRow, BookSummary
from bot.services.ledger import payment_batch
from bot.services.live import Live
from bot.services.ports import LedgerState, Storage
from bot.services.writes import (
    AppendAudit,
    AppendPayment,
    Batch,
    CancelOutbox,
    CancelTimers,
    SaveLedger,
    UpsertBorrower,
    UpsertInstalment,
    UpsertLoan,
    Write,
)

#: Rows in one transaction: enough to make its flush cheap, few enough that a turn never waits long behind it.
BATCH_ROWS = 2_000
_TRIES = 5

Items = Iterable[BookRow | RowProblem | BookSummary]


@dataclass(slots=True)
class ImportReport:
    """What an import did. `absent` are open loans of the book's programmes that it does not have."""

    summary: BookSummary = field(default_factory=BookSummary)
    new_loans: int = 0
    changed_loans: int = 0
    new_borrowers: int = 0
    changed_borrowers: int = 0
    adjustments: int = 0
    absent: list[str] = field(default_factory=list)
    closed: int = 0

    @property
    def changed_nothing(self) -> bool:
        counts = (self.new_loans, self.changed_loans, self.new_borrowers, self.changed_borrowers, self.adjustments)
        return not any(counts) and not self.closed


async def import_loan_book(
    storage: Storage,
    live: Live,
    items: Items,
    now: datetime,
    complete: bool = False,
    on_problem: Callable[[RowProblem], None] = lambda _: None,
    on_rows: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Stores the good rows and hands every problem to `on_problem`; `on_rows` hears how many rows were stored so far.

    With `complete` absent loans are closed, unless a row was bad: its loan might only look absent.
    """
    work = _Import(storage, live, now)
    rows: list[BookRow] = []
    stored = 0
    for item in items:
        match item:
            case BookRow():
                # A loan whose rows stand together is stored in one piece.
                if len(rows) >= BATCH_ROWS and item.loan_id != rows[-1].loan_id:
                    await work.store(rows)
                    stored += len(rows)
                    on_rows(stored)
                    rows = []
                rows.append(item)
            case RowProblem():
                on_problem(item)
            case BookSummary():
                work.report.summary = item
    await work.store(rows)
    on_rows(stored + len(rows))
    if not work.report.summary.refused:
        await work.look_for_absent(complete and not work.report.summary.bad)
        await work.record()
    return work.report


class _Import:
    def __init__(self, storage: Storage, live: Live, now: datetime) -> None:
        self._storage = storage
        self._live = live
        self._now = now
        self._seen: set[str] = set()
        self._new: set[str] = set()
        self._changed: set[str] = set()
        self._programmes: set[str] = set()
        #: References made by this import for loans with money that names no instalment (see `adjustments`).
        self._made: set[str] = set()
        self.report = ImportReport()

    async def store(self, rows: Sequence[BookRow]) -> None:
        """One transaction; computed again from fresh state where somebody changed a ledger meanwhile."""
        if not rows:
            return
        for attempt in range(1, _TRIES + 1):
            batch, counted = await self._batch(rows)
            try:
                if batch:
                    await self._storage.commit(batch)
            except Conflict:
                if attempt == _TRIES:
                    raise
            else:
                counted(self)
                return

    async def _batch(self, rows: Sequence[BookRow]) -> tuple[Batch, Callable[[_Import], None]]:
        by_loan: dict[str, list[BookRow]] = {}
        for row in rows:
            by_loan.setdefault(row.loan_id, []).append(row)
        states = await self._storage.ledgers(list(by_loan))
        writes, new, changed = await self._borrowers(rows)
        made: list[Payment] = []
        touched: set[str] = set()
        for loan_id, of_loan in by_loan.items():
            before = states.get(loan_id)
            loan = merged_loan(before.loan if before else None, of_loan)
            payments = adjustments(loan, before.payments if before else (), of_loan, self._made)
            if before is None:
                writes += self._new_loan(loan, payments)
            elif payments or loan != before.loan:
                writes += await self._changed_loan(before, loan, payments)
            else:
                continue
            made += payments
            touched.add(loan_id)

        def counted(work: _Import) -> None:
            work._count(rows, states, touched, made, new, changed)

        return tuple(writes), counted

    async def _borrowers(self, rows: Sequence[BookRow]) -> tuple[list[Write], int, int]:
        """The writes for borrowers that are new or changed, and how many of each there are."""
        upserts = [UpsertBorrower(row.borrower, self._now) for row in rows if row.borrower is not None]
        known = await self._storage.known_borrowers([upsert.borrower.borrower_id for upsert in upserts])
        new = [upsert for upsert in upserts if upsert.borrower.borrower_id not in known]
        changed = [
            upsert
            for upsert in upserts
            if known.get(upsert.borrower.borrower_id) not in (None, self._storage.borrower_digest(upsert))
        ]
        return [*new, *changed], len(new), len(changed)

    def _new_loan(self, loan: Loan, payments: Sequence[Payment]) -> list[Write]:
        return [
            *self._described(loan),
            *(UpsertInstalment(loan.loan_id, part, self._now) for part in loan.instalments),
            *(AppendPayment(payment, self._now, "book") for payment in payments),
            self._ledger(with_payments(loan, payments), None),
        ]

    async def _changed_loan(self, before: LedgerState, loan: Loan, payments: Sequence[Payment]) -> list[Write]:
        """Only what differs; what was queued about the loan says things that are no longer true and is withdrawn."""
        writes: list[Write] = []
        if replace(loan, instalments=(), status=before.loan.status) != replace(before.loan, instalments=()):
            writes += self._described(loan)
        parts = {part.number: part for part in before.loan.instalments}
        writes += [
            UpsertInstalment(loan.loan_id, part, self._now)
            for part in loan.instalments
            if parts.get(part.number) != part
        ]
        if payments:
            programme = self._live.programme(loan.programme)
            today = local_day(self._now, programme.timezone if programme else "UTC")
            agreed = [
                c async for c in self._storage.commitments(borrower_id=loan.borrower_id) if c.loan_id == loan.loan_id
            ]
            state = replace(before, loan=loan)
            return [*writes, *payment_batch(state, payments, agreed, programme, today, self._now, "book")]
        return [
            *writes,
            self._ledger(with_payments(loan, before.payments), before.version),
            CancelOutbox(loan.borrower_id, loan.loan_id, "loan_changed", self._now),
            CancelTimers(loan.borrower_id, loan.loan_id, "loan_changed", self._now, kinds=("reminder",)),
        ]

    def _described(self, loan: Loan) -> list[Write]:
        described = UpsertLoan(
            loan.loan_id, loan.programme, loan.borrower_id, loan.currency, loan.risk, loan.flags, self._now
        )
        return [described]

    def _ledger(self, loan: Loan, expected_version: int | None) -> SaveLedger:
        anchor = loan.oldest_unpaid
        return SaveLedger(
            loan_id=loan.loan_id,
            paid=tuple((part.number, part.paid.minor) for part in loan.instalments),
            oldest_unpaid_due_on=anchor.due_on if anchor else None,
            outstanding_minor=loan.outstanding.minor,
            status=loan.status,
            at=self._now,
            expected_version=expected_version,
        )

    def _count(
        self,
        rows: Sequence[BookRow],
        states: dict[str, LedgerState],
        touched: set[str],
        made: Sequence[Payment],
        new: int,
        changed: int,
    ) -> None:
        """Takes into the report what was just committed."""
        self._seen.update(row.loan_id for row in rows)
        self._programmes.update(row.loan.programme for row in rows if row.loan is not None)
        self._new |= touched - states.keys()
        self._changed |= touched & states.keys()
        with_free_money = {i for i, state in states.items() if any(p.instalment is None for p in state.payments)}
        self._made.update(payment.reference for payment in made if payment.loan_id in with_free_money)
        self.report.new_loans = len(self._new)
        self.report.changed_loans = len(self._changed - self._new)
        self.report.new_borrowers += new
        self.report.changed_borrowers += changed
        self.report.adjustments += len(made)

    async def look_for_absent(self, close: bool) -> None:
        """Finds the open loans of the book's programmes that it does not have, and closes them where told so."""
        for programme in sorted(self._programmes):
            missing = [i async for i in self._storage.loan_ids(programme) if i not in self._seen]
            for start in range(0, len(missing), BATCH_ROWS):
                states = await self._storage.ledgers(missing[start : start + BATCH_ROWS])
                absent = [s for s in states.values() if s.loan.status is LoanStatus.OPEN]
                self.report.absent += sorted(state.loan.loan_id for state in absent)
                if close and absent:
                    await self._storage.commit(tuple(write for state in absent for write in self._closing(state)))
                    self.report.closed += len(absent)

    def _closing(self, state: LedgerState) -> list[Write]:
        loan = replace(state.loan, status=LoanStatus.CLOSED)
        return [
            self._ledger(loan, state.version),
            CancelOutbox(loan.borrower_id, loan.loan_id, "loan_closed", self._now),
            CancelTimers(loan.borrower_id, loan.loan_id, "loan_closed", self._now),
            AppendAudit(self._now, "book", "loan_closed", loan.loan_id),
        ]

    async def record(self) -> None:
        """One audit entry says what the import did, where it did anything."""
        if self.report.changed_nothing:
            return
        summary, report = self.report.summary, self.report
        facts = {
            "rows": summary.rows,
            "bad": summary.bad,
            "new_loans": report.new_loans,
            "changed_loans": report.changed_loans,
            "adjustments": report.adjustments,
            "closed": report.closed,
        }
        detail = tuple((name, str(count)) for name, count in facts.items())
        await self._storage.commit((AppendAudit(self._now, "book", "loan_book_imported", "loan_book", detail),))
