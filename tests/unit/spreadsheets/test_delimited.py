"""Delimited files: any delimiter, quotes and line ends; a broken quote or a cut-off end costs one row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.loanbook.raw import RawRow
from bot.spreadsheets import open_rows


def rows_of(tmp_path: Path, text: str) -> list[RawRow]:
    path = tmp_path / "book.csv"
    path.write_bytes(text.encode())
    table = open_rows(path)
    assert table.problems == ()
    return list(table.rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_in_the_first_line(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "book.csv"
    path.write_text(f"a{mark}b{mark}c\n1{mark}2.5{mark}3\n")
    table = open_rows(path)
    assert table.columns == ("a", "b", "c")
    assert list(table.rows) == [RawRow(2, ["1", "2.5", "3"])]


def test_a_delimiter_inside_quotes_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text('"a;a";b,"c;d;e"\n')
    assert open_rows(path).problems[0].code == "delimiter_unclear"
    path.write_text('"a,b,c";d\n1;2\n')
    assert open_rows(path).columns == ("a,b,c", "d")


def test_a_line_sep_names_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("sep=;\na,b;c\n1,5;2\n")
    table = open_rows(path)
    assert table.columns == ("a,b", "c")
    assert list(table.rows) == [RawRow(3, ["1,5", "2"])]


def test_a_file_of_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a\n1\n2\n") == [RawRow(2, ["1"]), RawRow(3, ["2"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(tmp_path: Path, end: str) -> None:
    assert rows_of(tmp_path, f"a,b{end}1,2{end}3,4{end}") == [RawRow(2, ["1", "2"]), RawRow(3, ["3", "4"])]


def test_quoted_values_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'a,b\n"x, ""y""\nz",2\n3,4\n') == [RawRow(2, ['x, "y"\nz', "2"]), RawRow(4, ["3", "4"])]


def test_a_quote_inside_an_unquoted_value_is_just_a_quote(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'a,b\n6" pipe,2\n') == [RawRow(2, ['6" pipe', "2"])]


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b\n"x,2\n3,4\n5,6\n')
    assert rows == [RawRow(2, ['"x,2'], "unclosed_quote"), RawRow(3, ["3", "4"]), RawRow(4, ["5", "6"])]


def test_a_quoted_value_longer_than_any_cell_costs_one_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b\n"' + "x" * 200_000 + '",2\n3,4\n')
    assert [(row.line, row.fault) for row in rows] == [(2, "unclosed_quote"), (3, "")]


def test_a_quote_that_opens_at_the_end_of_the_file_costs_one_row(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'a,b\n1,"x') == [RawRow(2, ['1,"x'], "unclosed_quote")]


def test_many_quotes_that_never_close_cost_their_rows_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a,b\n" + '1,"x\n' * 1999 + "3,4\n")
    assert rows[-1] == RawRow(2001, ["3", "4"])


def test_a_last_line_that_was_cut_off_is_told(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a,b,c\n1,2,3\n4,5") == [
        RawRow(2, ["1", "2", "3"]),
        RawRow(3, ["4", "5"], "truncated_line"),
    ]


def test_a_whole_last_line_needs_no_line_break(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a,b\n1,2") == [RawRow(2, ["1", "2"])]


def test_empty_lines_and_rows_of_empty_cells_are_no_rows(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "\na,b\n\n,\n , \n1,2\n\n") == [RawRow(6, ["1", "2"])]


def test_rows_can_be_read_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("a,b\n1,2\n")
    rows = open_rows(path).rows
    assert list(rows) == list(rows)


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff\n", "sep=;\n"])
def test_a_file_with_nothing_in_it_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "book.csv"
    path.write_text(text, encoding="utf-8")
    assert [found.code for found in open_rows(path).problems] == ["empty_file"]


def test_a_first_line_with_a_broken_quote_is_told(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text('"a,b\n1,2\n')
    assert [found.code for found in open_rows(path).problems] == ["unclosed_quote"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (found,) = open_rows(tmp_path / "none.csv").problems
    assert (found.code, found.sentence) == ("unreadable_file", "This file cannot be read: No such file or directory.")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old workbook (.xls)"),
        (b"%PDF-1.7 ", "a PDF"),
        (b"\x1f\x8b\x08", "a compressed file"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, head: bytes, what: str) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(head + b"\0" * 100)
    assert open_rows(path).problems[0].sentence == f"This is {what}, not a table of text."


def test_a_line_of_megabytes_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(b"a,b\n" + b"x" * (3 * 1024 * 1024))
    assert [found.code for found in open_rows(path).problems] == ["line_too_long"]
