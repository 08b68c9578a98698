"""Workbooks: cells become text without loss, and no archive gets through that could fill memory or disk."""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.loanbook.raw import RawRow
from bot.spreadsheets import open_rows


def a_workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    book.close()
    return path


def an_archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def why(path: Path) -> str:
    (found,) = open_rows(path).problems
    assert found.code == "workbook_refused"
    return found.sentence


def test_cells_become_the_text_a_careful_export_would_write(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "book.xlsx",
        [
            ["id", "amount", "sum", "day", "instant", "flag", "text", "none"],
            [42, 1234.5, 0.1 + 0.2, date(2026, 3, 31), datetime(2026, 3, 31, 10, 30), True, "007", None],
        ],
    )
    table = open_rows(path)
    assert table.columns == ("id", "amount", "sum", "day", "instant", "flag", "text", "none")
    assert list(table.rows) == [
        RawRow(2, ["42", "1234.5", "0.3", "2026-03-31", "2026-03-31 10:30:00", "true", "007", ""])
    ]


def test_a_number_longer_than_a_spreadsheet_can_hold_is_seen_to_be_shortened(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "book.xlsx", [["id"], [20260101000000123456]])
    assert [list(row.values) for row in open_rows(path).rows] == [["2.02601010000001e+19"]]


def test_a_table_may_begin_below_empty_rows_and_lines_are_the_sheets_own(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "book.xlsx", [[], [], ["a", "b"], [1, 2], [], [3, 4]])
    table = open_rows(path)
    assert (table.columns, list(table.rows)) == (("a", "b"), [RawRow(4, ["1", "2"]), RawRow(6, ["3", "4"])])


def test_a_formula_is_its_stored_result_and_text_that_looks_like_one_is_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["a", "b"])
    sheet.write_formula(1, 0, "=1+1", None, 2)
    sheet.write_string(1, 1, "=1+1")
    book.close()
    assert [list(row.values) for row in open_rows(path).rows] == [["2", "=1+1"]]


def test_of_several_sheets_the_first_is_read_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_row(0, 0, ["a"])
    book.add_worksheet().write_row(0, 0, ["b"])
    book.close()
    table = open_rows(path)
    assert (table.columns, table.notes) == (("a",), ("Read the first of 2 sheets.",))


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    assert [f.code for f in open_rows(a_workbook(tmp_path / "book.xlsx", [])).problems] == ["empty_file"]


def test_without_the_extra_the_package_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    (found,) = open_rows(a_workbook(tmp_path / "book.xlsx", [["a"]])).problems
    assert (found.code, 'pip install "gracebot[xlsx]"' in found.fix) == ("workbook_support_missing", True)


# -- archives that must not be opened ---------------------------------------------------------------------------------


def test_a_part_that_unpacks_to_a_hundred_times_its_size_is_refused_with_little_memory(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b" " * (40 * 1024 * 1024)})
    tracemalloc.start()
    assert why(path) == "This workbook was not opened: it unpacks to more than 100 times its size."
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_parts_that_unpack_to_too_much_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in ("xl/workbook.xml", "xl/a.xml", "xl/b.xml", "xl/c.xml"):
            archive.writestr(name, b"0123456789abcdef" * (1024 * 1024))
    assert why(path) == "This workbook was not opened: it unpacks to more than 50 MB."


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "liar.xlsx", {"xl/worksheets/sheet1.xml": bytes(range(256)) * 40})
    data = path.read_bytes()
    true, told = struct.pack("<I", 256 * 40), struct.pack("<I", 100)
    assert data.count(true) == 2
    path.write_bytes(data.replace(true, told))
    assert why(path) == "This workbook was not opened: a part of it is not as large as it says."


def test_more_than_a_thousand_parts_are_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "many.xlsx", {f"xl/{n}.xml": b"" for n in range(1000)})
    assert why(path) == "This workbook was not opened: it has more than 1000 parts."


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside.xml", "xl/../../outside.xml", "xl\\..\\x.xml", "C:/x.xml"])
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert why(an_archive(tmp_path / "path.xlsx", {name: b""})).endswith(
        "a part of it has a path that leads elsewhere."
    )


@pytest.mark.parametrize(("name", "data"), [("xl/inner.zip", b""), ("xl/media/picture.png", b"PK\x03\x04 and so on")])
def test_an_archive_inside_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert why(an_archive(tmp_path / "nested.xlsx", {name: data})).endswith("it holds another archive.")


def test_a_link_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.xlsx"
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert why(path).endswith("a part of it is a link.")


def test_a_lone_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    path = an_archive(tmp_path / "corner.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    assert why(path).endswith("its cells reach too far down or to the right.")


@pytest.mark.parametrize("data", [b"PK\x03\x04 and then nothing", b"PK\x05\x06" + b"\0" * 17])
def test_a_damaged_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(data)
    assert "archive" in why(path)


def test_an_archive_with_a_comment_or_packed_unusually_is_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "comment.xlsx", {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"x"
    assert why(path).endswith("its archive does not end as it should.")
    with zipfile.ZipFile(tmp_path / "bzip.xlsx", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert why(tmp_path / "bzip.xlsx").endswith("it is packed in an unusual way.")


def test_a_protected_workbook_is_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "secret.xlsx", {})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 8] |= 1
    path.write_bytes(data)
    assert why(path).endswith("it is protected by a password.")


def test_a_directory_that_points_nowhere_is_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "nowhere.xlsx", {})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 42 : entry + 46] = struct.pack("<I", 7)
    path.write_bytes(data)
    assert "archive is damaged" in why(path)
    data[entry : entry + 4] = b"none"
    path.write_bytes(data)
    assert "archive is damaged" in why(path)


def test_another_kind_of_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "text.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert why(path).endswith("it is no .xlsx workbook.")


def test_a_workbook_that_is_none_inside_is_refused(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "hollow.xlsx", {})
    assert why(path).endswith("its first sheet cannot be read.")


def test_a_broken_part_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook>" * 1000)
    data = bytearray(whole.getvalue())
    data[60:70] = b"\xff" * 10
    path = tmp_path / "broken.xlsx"
    path.write_bytes(data)
    assert "archive is damaged" in why(path)
