"""The mappings that come along load, and read files in their format from bytes to rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.loanbook.problems import RowProblem
from bot.loanbook.rows import BookRow, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping
from bot.spreadsheets import open_book
from bot.spreadsheets.mapping_files import load_mapping, mapping_names

#: LP.csv as PPDai published it: unpaid, paid, paid late, prepaid and partly paid instalments of two listings.
LP = """\
ListingId,期数,还款状态,应还本金,应还利息,剩余本金,剩余利息,到期日期,还款日期,recorddate
126541,1,1,1380.23,270,0,0,2015-06-04,2015-06-04,2016-08-01
126541,2,2,1410.50,239.73,0,0,2015-07-04,2015-07-16,2016-08-01
126541,3,4,1441.42,208.81,441.42,0,2015-08-04,\\N,2016-08-01
126541,4,0,1473.03,177.2,1473.03,177.2,2015-09-04,\\N,2016-08-01
133291,1,3,622.19,76.67,0,0,2015-06-09,2015-05-23,2016-08-01
133291,2,7,622.19,76.67,0,0,2015-07-09,2015-05-23,2016-08-01
133291,3,1,622.19,76.67,100,0,2015-08-09,2015-05-23,2016-08-01
"""


def a_mapping(name: str) -> BookMapping:
    mapping = load_mapping(name)
    assert isinstance(mapping, BookMapping)
    return mapping


def read(path: Path, name: str, encoding: str | None = None) -> list[Any]:
    mapping = a_mapping(name)
    table = open_book(path, mapping, encoding)
    assert table.problems == ()
    options = ReadOptions(date(2026, 3, 5), programme="generic", as_of=date(2014, 7, 1))
    return list(read_loan_book(table.columns, table.rows, mapping, options))


def test_the_mappings_that_come_along_have_no_mistakes() -> None:
    assert mapping_names() == ("berka", "fineract", "lendingclub", "ppdai")
    assert [a_mapping(name).file for name in mapping_names()] == [f"{name}.yaml" for name in mapping_names()]


def test_an_unknown_mapping_names_the_near_one() -> None:
    found = load_mapping("ppdia")
    assert isinstance(found, tuple)
    assert str(found[0]) == (
        'ppdia M000 This mapping cannot be read: No such file or directory. Did you mean "ppdai"? '
        "Name a file, or one of: berka, fineract, lendingclub, ppdai."
    )


def test_a_mapping_file_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("colums: {}\n")
    found = load_mapping(str(path))
    assert isinstance(found, tuple)
    assert found[0].place.file == str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_ppdais_instalments_are_read_with_what_is_still_open(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "LP.csv"
    path.write_bytes(LP.encode(encoding))
    items = read(path, "ppdai")
    rows = [item for item in items if isinstance(item, BookRow)]
    assert [(r.loan_id, r.number, r.due_on, r.instalment.amount.minor, r.paid and r.paid.minor) for r in rows] == [
        ("126541", 1, date(2015, 6, 4), 165023, 165023),
        ("126541", 2, date(2015, 7, 4), 165023, 165023),
        ("126541", 3, date(2015, 8, 4), 165023, 120881),
        ("126541", 4, date(2015, 9, 4), 165023, rows[3].paid),
        ("133291", 1, date(2015, 6, 9), 69886, 69886),
    ]
    assert rows[3].paid is not None
    assert rows[3].paid.minor == 0
    assert rows[0].paid_at == date(2016, 8, 1)
    assert rows[0].borrower is not None
    assert (rows[0].borrower.language, rows[0].principal.currency) == ("zh-Hans", "CNY")
    problems = [(p.line, p.column, p.code) for p in items if isinstance(p, RowProblem)]
    assert problems == [
        (7, "status", "unknown_status"),
        (8, "status", "status_contradicts_paid"),
        (0, "", "nobody_can_prove"),
    ]


def test_a_schedule_is_generated_and_joined_as_for_berka(tmp_path: Path) -> None:
    files = {
        "loan.asc": '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"\n'
        '5314;1787;930705;96396;12;8033.00;"B"\n5316;1801;980711;12000;12;1000.00;"C"\n5317;9;980711;12000;12;1000.00;"A"\n',
        "disp.asc": '"disp_id";"client_id";"account_id";"type"\n1;2166;1787;"OWNER"\n2;2181;1801;"OWNER"\n3;2182;1801;"DISPONENT"\n',
        "client.asc": '"client_id";"birth_number";"district_id"\n2166;"470722";30\n2181;"685721";1\n',
        "district.asc": 'A1;A2;A3\n1;"Hl.m. Praha";"Prague"\n30;"Jihlava";"south Moravia"\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    items = read(tmp_path / "loan.asc", "berka")
    rows = [item for item in items if isinstance(item, BookRow)]
    assert [row.borrower.region for row in rows if row.borrower] == ["CZ", "CZ-10"]
    assert [row.borrower.identity.birth_date for row in rows if row.borrower] == [date(1947, 7, 22), date(1968, 7, 21)]
    assert (rows[0].due_on, rows[11].due_on) == (date(1993, 8, 5), date(1994, 7, 5))
    assert sum(row.principal.minor for row in rows[:12]) == 9639600
    assert [row.paid and row.paid.minor for row in rows[10:18]] == [
        None,
        None,
        100000,
        100000,
        100000,
        100000,
        100000,
        rows[17].paid,
    ]
    assert [(p.line, p.code) for p in items if isinstance(p, RowProblem)] == [(4, "join_missing")]


def test_a_book_that_is_not_named_as_its_mapping_says_is_told(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    table = open_book(tmp_path / "other.csv", a_mapping("fineract"))
    assert [found.code for found in table.problems] == ["wrong_book_name"]


def test_a_joined_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "m_loan_repayment_schedule.csv").write_text("loan_id,duedate\n1,2\n")
    table = open_book(tmp_path / "m_loan_repayment_schedule.csv", a_mapping("fineract"))
    assert [(found.column, found.code) for found in table.problems] == [("loan", "unreadable_file")]
