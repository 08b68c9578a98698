"""Loan book rows: raw rows become validated instalments of known loans, and every fault is reported beside the good rows.

A row is good or bad as a whole. The first good row of a borrower or loan says who and what it is; later ones must agree on
programme, borrower and currency. Only a few words a loan are kept in memory, so a book of a million rows streams through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.domain.borrower import Borrower
from bot.domain.loan import Instalment
from bot.domain.money import Money
from bot.loanbook.cells import Cell
from bot.loanbook.heads import BookLoan, Head, HeadReader
from bot.loanbook.instalments import Draft, GeneratedInstalments, Line, StatedInstalments
from bot.loanbook.layout import Layout, Slot, plan_layout
from bot.loanbook.numbering import number_rows
from bot.loanbook.problems import Fault, RowProblem, problem, shown
from bot.loanbook.raw import RawRow
from bot.loanbook.shapes import shape_problem
from bot.loanbook.sources import BookMapping
from bot.loanbook.survey import survey


class BookRow(NamedTuple):
    """One instalment of a good row.

    `paid` is the lender's total for this instalment as of `paid_at`; None where the book says nothing. `loan` and
    `borrower` are given once each, with their first instalment, and None after that.
    """

    line: int
    loan_id: str
    number: int
    due_on: date
    principal: Money
    interest: Money
    fees: Money
    late_fees: Money
    paid: Money | None
    paid_at: date | None
    loan: BookLoan | None
    borrower: Borrower | None

    @property
    def instalment(self) -> Instalment:
        """The instalment with nothing paid: that is derived from the ledger."""
        zero = Money.zero(self.principal.currency)
        return Instalment(self.number, self.due_on, self.principal, self.interest, self.fees, self.late_fees, zero)


@dataclass(slots=True)
class BookSummary:
    """What became of a whole loan book. `refused`: nothing could be read, because of the file's own columns."""

    rows: int = 0
    good: int = 0
    loans: int = 0
    borrowers: int = 0
    unprovable: int = 0
    refused: bool = False
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        return self.rows - self.good


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`today` bounds what dates make sense; `programme` is that of rows that name none, `programmes` all there are.

    `as_of` is the day that totals paid were true where the book itself does not say.
    """

    today: date
    programme: str | None = None
    programmes: frozenset[str] | None = None
    as_of: date | None = None


def read_loan_book(
    columns: Sequence[str], rows: Iterable[RawRow], mapping: BookMapping, options: ReadOptions
) -> Iterator[BookRow | RowProblem | BookSummary]:
    """Every good instalment and every problem in the order of the file, and the summary last.

    `rows` is iterated twice: once to survey what its columns prove (see `bot.loanbook.survey`), once to read.
    """
    if iter(rows) is rows:
        raise TypeError("rows are read twice, so they must be iterable more than once")
    columns, rows = number_rows(columns, rows, mapping)
    filled = frozenset({"programme"} if options.programme else ())
    layout = plan_layout(columns, mapping, filled)
    summary = BookSummary(refused=not layout.usable)
    for found in layout.problems:
        summary.problems[found.code] += 1
        yield found
    if layout.usable:
        yield from _Reading(columns, rows, layout, mapping, options, summary).read(rows)
    yield summary


@dataclass(slots=True)
class _Seen:
    """What is remembered of a loan: its facts, the line that gave them, a hash of that row's head, and numbers as bits."""

    loan: BookLoan
    line: int
    head: int
    numbers: int = 0


class _Reading:
    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[RawRow],
        layout: Layout,
        mapping: BookMapping,
        options: ReadOptions,
        summary: BookSummary,
    ) -> None:
        evidence = survey(rows, layout, mapping)
        self._columns = columns
        self._summary = summary
        self._heads = HeadReader(layout, mapping, evidence, options.today, options.programme, options.programmes)
        kind = GeneratedInstalments if mapping.generates else StatedInstalments
        self._bodies: GeneratedInstalments | StatedInstalments = kind(
            layout, mapping, evidence, options.today, options.as_of
        )
        self._slots = layout.slots
        self._loans: dict[str, _Seen] = {}
        self._borrowers: dict[str, int] = {}
        self._money: dict[str, Cell[int, Money]] = {}
        self._facts_differ = self._overpaid = 0

    def read(self, rows: Iterable[RawRow]) -> Iterator[BookRow | RowProblem]:
        width, summary, loans = len(self._columns), self._summary, self._loans
        head_texts, loan_index = self._heads.texts, self._heads.loan_index
        for raw in rows:
            values = raw.values
            if raw.fault or len(values) != width:
                wrong = shape_problem(raw, width)
                if wrong is not None:
                    summary.rows += 1
                    yield self._counted(wrong)
                    continue
                values = values[:width]
            summary.rows += 1
            texts = hash(head_texts(values))
            seen = None if loan_index is None else loans.get(values[loan_index])
            try:
                # A row with the very head of an earlier good row of its loan need not be looked at again.
                if seen is not None and seen.head == texts:
                    head, loan = None, seen.loan
                else:
                    head = self._heads.read(values)
                    loan = head.loan
                draft = self._bodies.draft(values, loan.loan_id, loan.currency)
            except Fault:
                yield from self._explained(raw.line, values)
                continue
            faults = self._contradictions(loan, draft)
            if faults:
                for column, fault in faults:
                    yield self._counted(self._placed(raw.line, column, self._text(column, values), fault))
                continue
            if head is None:
                yield from self._instalments(raw.line, loan, draft, None, None)
            else:
                yield from self._introduced(raw.line, values, head, draft, texts)
        yield from self._last_words()

    # bad rows ----------------------------------------------------------------------------------------------------

    def _explained(self, line: int, values: Sequence[str]) -> Iterator[RowProblem]:
        """Every fault of a row, not just the first."""
        faults = list(self._heads.faults(values))
        currency = None if any(slot.column.name == "currency" for slot, _ in faults) else self._currency(values)
        faults += self._bodies.faults(values, currency)
        for slot, fault in faults:
            yield self._counted(self._placed(line, slot.column.name, slot.text(values), fault))

    def _currency(self, values: Sequence[str]) -> str:
        getter = next(getter for slot, getter in self._heads.fields if slot.column.name == "currency")
        return str(getter(values))

    def _placed(self, line: int, column: str, text: str, fault: Fault) -> RowProblem:
        personal = column in self._slots and self._slots[column].column.personal
        return problem(fault.code, line, column, shown(text, personal), **fault.facts)

    def _text(self, column: str, values: Sequence[str]) -> str:
        slot: Slot | None = self._slots.get(column)
        return slot.text(values) if slot else ""

    def _contradictions(self, loan: BookLoan, draft: Draft) -> Sequence[tuple[str, Fault]]:
        """What speaks against a readable row: itself, or the rows before it. Usually nothing."""
        seen = self._loans.get(loan.loan_id)
        if seen is None:
            return draft.faults
        faults = list(draft.faults)
        if seen.loan is not loan:
            for column in ("programme", "borrower_id", "currency"):
                said = getattr(seen.loan, column)
                if said != getattr(loan, column):
                    faults.append((column, Fault("loan_disagrees", first=seen.line, other=said)))
        for part in draft.lines:
            if seen.numbers >> part.number & 1:
                faults.append(("instalment", Fault("duplicate_instalment", number=part.number)))
                break
        return faults

    def _counted(self, found: RowProblem) -> RowProblem:
        self._summary.problems[found.code] += 1
        return found

    # good rows ---------------------------------------------------------------------------------------------------

    def _introduced(
        self, line: int, values: Sequence[str], head: Head, draft: Draft, texts: int
    ) -> Iterator[BookRow | RowProblem]:
        """The row, with its loan and borrower where they are new. Later rows that say otherwise are counted; the first stays."""
        seen = self._loans.get(head.loan.loan_id)
        loan = borrower = None
        if seen is None:
            self._loans[head.loan.loan_id] = _Seen(head.loan, line, texts)
            self._summary.loans += 1
            loan = head.loan._replace(closed=draft.closed)
        else:
            self._facts_differ += (seen.loan.risk, seen.loan.flags) != (head.loan.risk, head.loan.flags)
        digest, known = hash(head.borrower), self._borrowers.get(head.borrower.borrower_id)
        if known is None:
            borrower = head.borrower
            self._borrowers[borrower.borrower_id] = digest
            self._summary.borrowers += 1
            self._summary.unprovable += not borrower.identity.provable
            for column, code in head.unusable:
                yield self._counted(self._placed(line, column, self._text(column, values), Fault(code)))
        else:
            self._facts_differ += known != digest
        yield from self._instalments(line, head.loan, draft, loan, borrower)

    def _instalments(
        self, line: int, known: BookLoan, draft: Draft, loan: BookLoan | None, borrower: Borrower | None
    ) -> Iterator[BookRow]:
        """The instalments of a good row."""
        self._summary.good += 1
        self._overpaid += draft.overpaid
        self._bodies.keep(known.loan_id, draft)
        seen, money = self._loans[known.loan_id], self._coins(known.currency)
        for part in draft.lines:
            seen.numbers |= 1 << part.number
            yield _book_row(line, known.loan_id, part, draft.paid_at, money, loan, borrower)
            loan = borrower = None

    def _coins(self, currency: str) -> Cell[int, Money]:
        """Money by its minor units: most amounts of a book come again and again."""
        coins = self._money.get(currency)
        if coins is None:
            coins = self._money[currency] = Cell(lambda minor: Money(minor, currency))
        return coins

    def _last_words(self) -> Iterator[RowProblem]:
        counts = {
            "nobody_can_prove": self._summary.unprovable,
            "facts_differ": self._facts_differ,
            "closed_overpaid": self._overpaid,
        }
        for code, count in counts.items():
            if count:
                yield self._counted(problem(code, count=count))


def _book_row(
    line: int,
    loan_id: str,
    part: Line,
    paid_at: date | None,
    money: Cell[int, Money],
    loan: BookLoan | None,
    borrower: Borrower | None,
) -> BookRow:
    return BookRow(
        line,
        loan_id,
        part.number,
        part.due_on,
        money[part.principal],
        money[part.interest],
        money[part.fees],
        money[part.late_fees],
        None if part.paid is None else money[part.paid],
        None if part.paid is None else paid_at,
        loan,
        borrower,
    )
