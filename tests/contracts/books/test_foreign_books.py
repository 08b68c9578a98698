"""Books in the formats of other systems, through the command and into the database: the second run changes nothing.

Each is a few rows in the very format of a book that is public, from which its mapping was made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.place import place_of
from tests.contracts.books.test_commands import CommandLine, command_line  # noqa: F401

BERKA = {
    "loan.asc": '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"\n'
    '5314;1787;930705;96396;12;8033.00;"B"\n5316;1801;980711;12000;12;1000.00;"C"\n',
    "disp.asc": '"disp_id";"client_id";"account_id";"type"\n'
    '1;2166;1787;"OWNER"\n2;2181;1801;"OWNER"\n3;2182;1801;"DISPONENT"\n',
    "client.asc": '"client_id";"birth_number";"district_id"\n2166;"470722";30\n2181;"685721";1\n',
    "district.asc": 'A1;A2;A3\n1;"Hl.m. Praha";"Prague"\n30;"Jihlava";"south Moravia"\n',
}
FINERACT = {
    "trial.m_loan_repayment_schedule.csv": (
        "id,loan_id,duedate,installment,principal_amount,principal_completed_derived,interest_amount,"
        "interest_completed_derived,fee_charges_amount,fee_charges_completed_derived,penalty_charges_amount,"
        "penalty_charges_completed_derived,completed_derived\n"
        "1,1,2026-05-01,1,83333.330000,83333.330000,20000.000000,20000.000000,1500.000000,1500.000000,,,b1\n"
        "2,1,2026-06-01,2,83333.330000,50000.000000,20000.000000,,1500.000000,,,,\\0\n"
        "3,1,2026-07-01,3,83333.340000,,20000.000000,,1500.000000,,,,\\0\n"
    ),
    "trial.m_loan.csv": "id,client_id,currency_code\n1,8,UGX\n",
}
PPDAI = {
    "LP.csv": "ListingId,期数,还款状态,应还本金,应还利息,剩余本金,剩余利息,到期日期,还款日期,recorddate\n"
    "126541,1,1,1380.23,270,0,0,2015-06-04,2015-06-04,2016-08-01\n"
    "126541,2,4,1410.50,239.73,410.50,0,2015-07-04,\\N,2016-08-01\n"
    "126541,3,0,1441.42,208.81,1441.42,208.81,2015-08-04,\\N,2016-08-01\n"
}


def stored(url: str) -> dict[str, Sequence[tuple[object, ...]]]:
    """All that a loan book leaves behind."""
    path = place_of(url).path
    assert path is not None
    with closing(sqlite3.connect(path)) as beside:
        return {
            table: beside.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("borrower", "borrower_key", "loan", "instalment", "payment", "audit")
        }


@pytest.mark.parametrize(
    ("mapping", "files", "counts", "owed"),
    [
        ("berka", BERKA, (2, 24, 5), {"5314": 9639600, "5316": 700000}),
        ("fineract", FINERACT, (1, 3, 2), {"1": 159667}),
        ("ppdai", PPDAI, (1, 3, 2), {"126541": 206073}),
    ],
    ids=["berka", "fineract", "ppdai"],
)
def test_a_foreign_book_goes_in_once_however_often_it_is_imported(
    command_line: CommandLine,  # noqa: F811
    sqlite_url: str,
    tmp_path: Path,
    mapping: str,
    files: dict[str, str],
    counts: tuple[int, int, int],
    owed: dict[str, int],
) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    words = (
        "import",
        str(folder / next(iter(files))),
        "--mapping",
        mapping,
        "--programme",
        "generic",
        "--as-of",
        "2026-06-15",
    )
    first = command_line.run(*words)
    assert f"Loans: {counts[0]} new, 0 changed." in first.stdout, first.stdout
    after_first = stored(sqlite_url)
    assert tuple(len(after_first[table]) for table in ("loan", "instalment", "payment")) == counts
    with closing(sqlite3.connect(str(place_of(sqlite_url).path))) as beside:
        assert dict(beside.execute("SELECT loan_id, outstanding_minor FROM loan").fetchall()) == owed
    second = command_line.run(*words)
    assert "Nothing changed." in second.stdout, second.stdout
    assert stored(sqlite_url) == after_first
