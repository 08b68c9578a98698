"""Real loan books, used where they stand.

Needs GRACE_TEST_DATA, a folder that holds berka, fineract_examples and lendingclub; without it these tests fail.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

from bot.domain.loan import Loan, with_payments
from bot.loanbook.problems import RowProblem
from bot.loanbook.reckoning import adjustments, merged_loan
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping
from bot.spreadsheets import open_book
from bot.spreadsheets.mapping_files import load_mapping


def read(file: str, name: str) -> tuple[list[BookRow], list[RowProblem], BookSummary]:
    mapping = load_mapping(name)
    assert isinstance(mapping, BookMapping)
    table = open_book(Path(os.environ["GRACE_TEST_DATA"]) / file, mapping)
    assert table.problems == ()
    options = ReadOptions(date(2026, 1, 1), programme="generic")
    items = list(read_loan_book(table.columns, table.rows, mapping, options))
    summary = items[-1]
    assert isinstance(summary, BookSummary)
    return [i for i in items if isinstance(i, BookRow)], [i for i in items if isinstance(i, RowProblem)], summary


def ledgers(rows: list[BookRow]) -> list[Loan]:
    """Each loan with what the book says was paid."""
    by_loan: dict[str, list[BookRow]] = {}
    for row in rows:
        by_loan.setdefault(row.loan_id, []).append(row)
    loans = [(merged_loan(None, of_loan), of_loan) for of_loan in by_loan.values()]
    return [with_payments(loan, adjustments(loan, (), of_loan)) for loan, of_loan in loans]


def test_berkas_682_loans_become_schedules_that_sum_to_their_amounts() -> None:
    rows, problems, summary = read("berka/loan.asc", "berka")
    assert problems == []
    assert (summary.rows, summary.loans, summary.borrowers, summary.unprovable) == (682, 682, 682, 0)
    assert len(rows) == 24_888
    assert sum(row.principal.minor for row in rows) == 103_261_740_00
    assert Counter(row.borrower.region for row in rows if row.borrower) == {"CZ": 516, "CZ-20": 87, "CZ-10": 79}
    assert all(row.borrower.identity.birth_date for row in rows if row.borrower)


def test_berkas_loans_in_debt_are_overdue_at_the_end_of_1998_and_the_others_are_not() -> None:
    loans = ledgers(read("berka/loan.asc", "berka")[0])
    overdue = [loan for loan in loans if loan.past_due(date(1998, 12, 31)).minor > 0]
    assert len(overdue) == 31 + 45
    assert Counter(loan.status.value for loan in loans) == {"open": 479, "settled": 203}


def test_fineracts_first_demo_book_sums_exactly_in_a_currency_without_decimals() -> None:
    rows, problems, summary = read("fineract_examples/ceda_trial.m_loan_repayment_schedule.csv", "fineract")
    assert [found.code for found in problems] == ["nobody_can_prove"]
    assert (summary.good, summary.loans) == (12, 1)
    assert {row.principal.currency for row in rows} == {"UGX"}
    assert sum(row.principal.minor for row in rows) == 1_000_000
    assert [row.instalment.amount.minor for row in rows][:3] == [104_833, 104_833, 104_833]
    assert (rows[0].due_on, rows[-1].due_on) == (date(2011, 5, 1), date(2012, 4, 1))


def test_fineracts_second_demo_book_is_read_by_the_same_mapping() -> None:
    rows, problems, summary = read("fineract_examples/load_sample_data.m_loan_repayment_schedule.csv", "fineract")
    assert [found.code for found in problems] == ["nobody_can_prove"]
    assert (summary.good, summary.loans) == (25, 1)
    assert sum(row.principal.minor for row in rows) == 10_000_00
    assert {(row.interest.minor, row.interest.currency) for row in rows} == {(50_00, "USD")}


def test_lendingclubs_ended_loans_are_closed_and_keep_what_was_paid() -> None:
    rows, problems, summary = read("lendingclub/loans_2008_2010_sample.csv", "lendingclub")
    assert (summary.rows, summary.good, summary.bad) == (2_394, 2_394, 0)
    assert [found.code for found in problems] == ["nobody_can_prove", "closed_overpaid"]
    assert all(row.loan.closed for row in rows if row.loan)
    assert sum(row.principal.minor for row in rows) == 19_976_975_00
    assert {row.loan.risk for row in rows if row.loan} == set("ABCDEFG")
