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
from bot.domain.loan import Loan, LoanStatus, Payment
from bot.loanbook.problems import Fault, RowProblem, problem
from bot.loanbook.reckoning import adjustments, check_stored, merged_loan
from bot.loanbook.rows import BookRow, BookSummary
from bot.services.book_writes import changed_loan, closed_loan, described, new_loan
from bot.services.ledger import payment_batch
from bot.services.live import Live
from bot.services.ports import LedgerState, Storage
from bot.services.writes import AppendAudit, Batch, UpsertBorrower, Write

#: Rows in one transaction: enough to make its flush cheap, few enough that a turn never waits long behind it.
BATCH_ROWS = 2_000
_TRIES = 5

Items = Iterable[BookRow | RowProblem | BookSummary]


@dataclass(slots=True)
class ImportReport:
    """What an import did. `absent` are open loans of the book's programmes that it does not have.

    `refused_loans` were readable, but their ids are stored as somebody else's loans.
    """

    summary: BookSummary = field(default_factory=BookSummary)
    new_loans: int = 0
    changed_loans: int = 0
    new_borrowers: int = 0
    changed_borrowers: int = 0
    refused_loans: int = 0
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
    batch_rows: int = BATCH_ROWS,
) -> ImportReport:
    """Stores the good rows and hands every problem to `on_problem`; `on_rows` hears how many rows were stored so far.

    With `complete` absent loans are closed, unless a row was bad: its loan might only look absent.
    """
    work = _Import(storage, live, now, on_problem)
    rows: list[BookRow] = []
    stored = 0
    for item in items:
        match item:
            case BookRow():
                # A loan whose rows stand together is stored in one piece.
                if len(rows) >= batch_rows and item.loan_id != rows[-1].loan_id:
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
        await work.look_for_absent(complete and not (work.report.summary.bad or work.report.refused_loans))
        await work.record()
    return work.report


async def check_loan_book(
    storage: Storage, items: Items, on_problem: Callable[[RowProblem], None] = lambda _: None
) -> BookSummary:
    """Hands over every problem that an import of these rows would have, and stores nothing."""
    summary = BookSummary()
    introduced: list[BookRow] = []
    for item in items:
        match item:
            case BookRow():
                if item.loan is not None:
                    introduced.append(item)
                if len(introduced) >= BATCH_ROWS:
                    await _check_stored(storage, introduced, on_problem)
                    introduced = []
            case RowProblem():
                on_problem(item)
            case BookSummary():
                summary = item
    await _check_stored(storage, introduced, on_problem)
    return summary


async def _check_stored(storage: Storage, rows: Sequence[BookRow], on_problem: Callable[[RowProblem], None]) -> None:
    states = await storage.ledgers([row.loan_id for row in rows])
    for row in rows:
        if row.loan_id in states and (found := _refusal(states[row.loan_id], (row,))):
            on_problem(found)


def _refusal(state: LedgerState, rows: Sequence[BookRow]) -> RowProblem | None:
    """Why these rows of a stored loan are not taken, if they are not."""
    for row in rows:
        try:
            if row.loan is not None:
                check_stored(state.loan, row.loan)
        except Fault as fault:
            column = str(fault.facts.pop("column"))
            return problem(fault.code, row.line, column, row.loan_id, **fault.facts)
    return None


@dataclass(slots=True)
class _Done:
    """What a batch does, counted once it is committed."""

    loans: set[str] = field(default_factory=set)
    payments: list[Payment] = field(default_factory=list)
    new_borrowers: int = 0
    changed_borrowers: int = 0


class _Import:
    def __init__(self, storage: Storage, live: Live, now: datetime, on_problem: Callable[[RowProblem], None]) -> None:
        self._on_problem = on_problem
        self._refused: set[str] = set()
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
        for attempt in range(1, _TRIES + 1):
            by_loan: dict[str, list[BookRow]] = {}
            for row in rows:
                by_loan.setdefault(row.loan_id, []).append(row)
            states = await self._storage.ledgers(list(by_loan))
            self._refuse(by_loan, states)
            batch, done = await self._batch(rows, by_loan, states)
            try:
                if batch:
                    await self._storage.commit(batch)
            except Conflict:
                if attempt == _TRIES:
                    raise
            else:
                self._count(rows, states, done)
                return

    def _refuse(self, by_loan: dict[str, list[BookRow]], states: dict[str, LedgerState]) -> None:
        """Takes out the loans that are stored as somebody else's, and tells each once."""
        for loan_id in [i for i in by_loan if i in states and i not in self._refused]:
            if found := _refusal(states[loan_id], by_loan[loan_id]):
                self._refused.add(loan_id)
                self._on_problem(found)
        for loan_id in self._refused & by_loan.keys():
            del by_loan[loan_id]

    async def _batch(
        self, rows: Sequence[BookRow], by_loan: dict[str, list[BookRow]], states: dict[str, LedgerState]
    ) -> tuple[Batch, _Done]:
        done = _Done()
        # Of refused loans too: another loan of theirs may follow, and its row introduces them no more.
        writes = await self._borrowers(rows, done)
        for loan_id, of_loan in by_loan.items():
            before = states.get(loan_id)
            loan = merged_loan(before.loan if before else None, of_loan)
            payments = adjustments(loan, before.payments if before else (), of_loan, self._made)
            if before is None:
                writes += new_loan(loan, payments, self._live.programme(loan.programme), self._now)
            elif payments or loan != before.loan:
                writes += await self._changed_loan(before, loan, payments)
            else:
                continue
            done.payments += payments
            done.loans.add(loan_id)
        return tuple(writes), done

    async def _borrowers(self, rows: Sequence[BookRow], done: _Done) -> list[Write]:
        """The writes for borrowers that are new or changed."""
        upserts = [UpsertBorrower(row.borrower, self._now) for row in rows if row.borrower is not None]
        known = await self._storage.known_borrowers([upsert.borrower.borrower_id for upsert in upserts])
        writes: list[Write] = []
        for upsert in upserts:
            digest = known.get(upsert.borrower.borrower_id)
            if digest != self._storage.borrower_digest(upsert):
                writes.append(upsert)
                done.new_borrowers += digest is None
                done.changed_borrowers += digest is not None
        return writes

    async def _changed_loan(self, before: LedgerState, loan: Loan, payments: Sequence[Payment]) -> Sequence[Write]:
        programme = self._live.programme(loan.programme)
        if not payments:
            return changed_loan(before, loan, programme, self._now)
        today = local_day(self._now, programme.timezone if programme else "UTC")
        agreed = [c async for c in self._storage.commitments(borrower_id=loan.borrower_id) if c.loan_id == loan.loan_id]
        stored = before.loan if loan != before.loan else None
        as_described = replace(before, loan=loan)
        paid = payment_batch(as_described, payments, agreed, programme, today, self._now, "book", stored)
        return [*described(before.loan, loan, self._now), *paid]

    def _count(self, rows: Sequence[BookRow], states: dict[str, LedgerState], done: _Done) -> None:
        """Takes into the report what was just committed."""
        self._seen.update(row.loan_id for row in rows)
        self._programmes.update(row.loan.programme for row in rows if row.loan is not None)
        self._new |= done.loans - states.keys()
        self._changed |= done.loans & states.keys()
        with_free_money = {i for i, state in states.items() if any(p.instalment is None for p in state.payments)}
        self._made.update(payment.reference for payment in done.payments if payment.loan_id in with_free_money)
        self.report.new_loans = len(self._new)
        self.report.changed_loans = len(self._changed - self._new)
        self.report.refused_loans = len(self._refused)
        self.report.new_borrowers += done.new_borrowers
        self.report.changed_borrowers += done.changed_borrowers
        self.report.adjustments += len(done.payments)

    async def look_for_absent(self, close: bool) -> None:
        """Finds the open loans of the book's programmes that it does not have, and closes them where told so."""
        for programme in sorted(self._programmes):
            missing = [i async for i in self._storage.loan_ids(programme) if i not in self._seen]
            for start in range(0, len(missing), BATCH_ROWS):
                states = await self._storage.ledgers(missing[start : start + BATCH_ROWS])
                absent = [s for s in states.values() if s.loan.status is LoanStatus.OPEN]
                self.report.absent += sorted(state.loan.loan_id for state in absent)
                if close and absent:
                    await self._storage.commit(
                        tuple(
                            write
                            for state in absent
                            for write in closed_loan(state, self._live.programme(programme), self._now)
                        )
                    )
                    self.report.closed += len(absent)

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
