"""JSON Lines: numbers as they are written, names of any line, a broken line costs one row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.loanbook.raw import RawRow
from bot.spreadsheets import open_rows


def rows_of(tmp_path: Path, text: str, name: str = "book.jsonl") -> list[RawRow]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(open_rows(path).rows)


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    text = '{"a": 0.10, "b": 12345678901234567890, "c": null, "d": true, "e": ["x", "y"], "f": "007"}\n'
    assert rows_of(tmp_path, text) == [RawRow(1, ["0.10", "12345678901234567890", "", "true", "x y", "007"])]


def test_names_that_only_later_lines_have_are_columns_too(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    path.write_text('{"a": 1}\n\n{"b": 2, "a": 3}\n')
    table = open_rows(path)
    assert table.columns == ("a", "b")
    assert list(table.rows) == [RawRow(1, ["1", ""]), RawRow(3, ["3", "2"])]


@pytest.mark.parametrize("line", ['{"a": 1, "a": 2}', '{"a": {"b": 1}}', "[1, 2]", "[]", "7", '{"a": 1', "[" * 100_000])
def test_a_line_that_is_no_plain_object_costs_one_row(tmp_path: Path, line: str) -> None:
    rows = rows_of(tmp_path, '{"a": 1}\n' + line + '\n{"a": 3}\n')
    assert [(row.line, row.fault) for row in rows] == [(1, ""), (2, "bad_json"), (3, "")]


def test_a_last_line_that_was_cut_off_is_told(tmp_path: Path) -> None:
    assert rows_of(tmp_path, '{"a": 1}\n{"a": ')[-1].fault == "truncated_line"


def test_a_brace_at_the_beginning_is_enough_to_know_the_kind(tmp_path: Path) -> None:
    assert rows_of(tmp_path, '{"a": 1}\n', "book.txt") == [RawRow(1, ["1"])]


def test_a_file_without_any_object_is_told(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    path.write_text("hello\n")
    assert [found.code for found in open_rows(path).problems] == ["bad_json"]
