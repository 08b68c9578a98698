"""Properties of reading loan books: any bytes give rows or problems, schedules sum exactly, readings never invent anything."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.loanbook.amounts import mark_proved, read_minor
from bot.loanbook.dates import formatted_reader, read_date
from bot.loanbook.mapping import read_mapping
from bot.loanbook.payments import PLAIN_PAYMENTS, PaymentRow, PaymentSummary, read_payments
from bot.loanbook.problems import Fault, RowProblem
from bot.loanbook.raw import RawRow
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.schedule import generate_schedule, spread_paid
from bot.loanbook.sources import BookMapping
from bot.spreadsheets import open_rows
from tests.unit.loanbook.books import GOOD

OPTIONS = ReadOptions(today=date(2026, 3, 5))
HEADER = ",".join(GOOD).encode()

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "-1", "1,234", "1.234,5", "1e9", "03/04/2026", "31/04/2026", "46112", "2026-02-30", "\ufffd", "NaN"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.dates().map(str),
)


def opened(data: bytes, suffix: str) -> None:
    """Reads the bytes as a loan book and as payments, to the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"book{suffix}"
        path.write_bytes(data)
        table = open_rows(path)
        assert table.columns or table.problems
        rows = list(table.rows)
        assert rows == list(table.rows)
        for items in (
            list(read_loan_book(table.columns, rows, BookMapping(), OPTIONS)),
            list(read_payments(table.columns, rows, PLAIN_PAYMENTS, OPTIONS)),
        ):
            assert isinstance(items[-1], BookSummary | PaymentSummary)
            assert all(isinstance(item, BookRow | PaymentRow | RowProblem) for item in items[:-1])


@given(st.binary(max_size=400), st.sampled_from([".csv", ".jsonl", ".xlsx"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_rows_or_problems(data: bytes, suffix: str) -> None:
    opened(data, suffix)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_below_a_good_first_line_give_rows_or_problems(data: bytes) -> None:
    opened(HEADER + b"\n" + data, ".csv")


def a_workbook() -> dict[str, bytes]:
    """The parts of a small workbook."""
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate((list(GOOD), list(GOOD.values()), [1, 2.5, True, "x"])):
        sheet.write_row(number, 0, row)
    book.close()
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


WORKBOOK = a_workbook()


@given(st.sampled_from(sorted(WORKBOOK)), st.integers(0), st.integers(0, 40), st.binary(max_size=12))
@settings(max_examples=120, deadline=None)
def test_any_damage_inside_a_workbook_gives_rows_or_problems(
    part: str, start: int, length: int, instead: bytes
) -> None:
    whole = io.BytesIO()
    data = WORKBOOK[part]
    start %= len(data)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in WORKBOOK.items():
            archive.writestr(name, data[:start] + instead + data[start + length :] if name == part else content)
    opened(whole.getvalue(), ".xlsx")


@given(st.lists(st.lists(cells, min_size=len(GOOD), max_size=len(GOOD)), max_size=3))
@settings(max_examples=80, deadline=None)
def test_every_row_is_good_or_has_an_error(rows: Sequence[Sequence[str]]) -> None:
    raw = [RawRow(line, row) for line, row in enumerate(rows, start=2)]
    items = list(read_loan_book(tuple(GOOD), raw, BookMapping(), OPTIONS))
    good = {item.line for item in items if isinstance(item, BookRow)}
    bad = {item.line for item in items if isinstance(item, RowProblem) and item.is_error}
    assert good | bad == {row.line for row in raw}
    assert not good & bad


@given(st.sampled_from(list(GOOD)), cells)
@settings(max_examples=400, deadline=None)
def test_one_changed_cell_never_crashes_and_is_blamed_on_its_own_column(column: str, text: str) -> None:
    row = {**GOOD, "paid": "5", "paid_at": "2026-03-01", column: text}
    items = list(read_loan_book(tuple(row), [RawRow(2, list(row.values()))], BookMapping(), OPTIONS))
    blamed = {item.column for item in items if isinstance(item, RowProblem) and item.line}
    # Less due than paid is blamed on what was paid, and a total without its day on the day.
    assert blamed <= {column, "paid"} | ({"paid_at"} if column == "paid_at" else set())


@given(
    st.integers(1, 10**9),
    st.integers(1, 600),
    st.integers(0, 10**7),
    st.dates(date(1990, 1, 1), date(2060, 12, 31)),
    st.sampled_from(["USD", "JPY", "KWD"]),
    st.integers(0, 10**10),
)
def test_generated_schedules_sum_exactly(
    amount: int, months: int, above: int, first: date, currency: str, paid: int
) -> None:
    payment = -(-amount // months) + above
    parts = generate_schedule(Money(amount, currency), months, Money(payment, currency), first)
    assert sum(part.principal for part in parts) == amount
    assert {part.due for part in parts} == {payment}
    assert all(part.principal >= 0 and part.interest >= 0 for part in parts)
    assert [part.number for part in parts] == list(range(1, months + 1))
    assert all(a.due_on < b.due_on for a, b in itertools.pairwise(parts))
    shares = spread_paid(parts, paid)
    assert sum(shares) == min(paid, payment * months)


@given(st.integers(1, 10**9), st.integers(1, 600), st.data())
def test_a_payment_that_was_rounded_down_loses_nothing(amount: int, months: int, data: st.DataObject) -> None:
    payment = amount // months
    parts = generate_schedule(Money(amount, "USD"), months, Money(payment, "USD"), date(2026, 1, 31))
    assert sum(part.due for part in parts) == amount
    assert {part.due for part in parts[:-1]} <= {payment}


@given(st.integers(0, 10**14), st.sampled_from([("USD", 2), ("JPY", 0), ("KWD", 3)]), st.sampled_from([".", ","]))
def test_an_amount_written_with_marks_is_read_back(minor: int, currency: tuple[str, int], decimal: str) -> None:
    code, digits = currency
    text = f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert read_minor(text, code, digits, decimal) == minor
    if mark_proved(text) not in ("?", ""):
        assert mark_proved(text) == decimal
        assert read_minor(text, code, digits) == minor


@given(st.text(max_size=20))
@settings(max_examples=500)
def test_any_text_is_an_amount_or_a_fault(text: str) -> None:
    with contextlib.suppress(Fault):
        assert read_minor(text, "USD", 2) >= 0


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d"]))
def test_a_date_read_by_its_format_is_that_date(day: date, form: str) -> None:
    assert formatted_reader(form)(day.strftime(form)) == day


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_a_date_read_without_a_format_is_that_date_or_a_fault(day: date) -> None:
    assert read_date(str(day)) == day
    assert read_date(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day
    with contextlib.suppress(Fault):
        assert read_date(day.strftime("%d/%m/%Y")) == day


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_is_a_mapping_or_mistakes(text: str) -> None:
    found = read_mapping(text, "m.yaml")
    assert isinstance(found, BookMapping) or len(found) > 0


@given(
    st.recursive(
        st.sampled_from(["a", "columns", "file", "1", "%d"]),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "columns",
                        "formats",
                        "join",
                        "schedule",
                        "values",
                        "null",
                        "file",
                        "on",
                        "loan_id",
                        "date",
                        "status",
                    ]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    )
)
@settings(max_examples=300)
def test_any_shape_is_a_mapping_or_mistakes(shape: object) -> None:
    found = read_mapping(json.dumps(shape), "m.yaml")
    assert isinstance(found, BookMapping) or len(found) > 0
