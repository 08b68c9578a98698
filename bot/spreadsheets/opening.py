"""Opens a loan book or payment file of any kind, and the files that a mapping joins to it."""

from __future__ import annotations

from pathlib import Path

from bot.loanbook.joining import join_tables
from bot.loanbook.problems import RowProblem, problem
from bot.loanbook.raw import RawTable
from bot.loanbook.sources import BookMapping, joined_file
from bot.spreadsheets.delimited import read_delimited
from bot.spreadsheets.json_lines import read_json_lines
from bot.spreadsheets.probing import probe
from bot.spreadsheets.workbook import read_workbook

_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})


def open_rows(path: Path, encoding: str | None = None) -> RawTable:
    """The file's columns and rows; what makes it unreadable is among its problems. Never raises for what a file holds.

    What kind of file it is, is seen from its content; of text files only JSON Lines go by their name as well.
    """
    try:
        looked = probe(path, encoding)
        if isinstance(looked, RowProblem):
            return RawTable((), (), (looked,))
        if looked.kind == "workbook":
            return read_workbook(path)
        if path.suffix.lower() in _JSON_SUFFIXES or _begins_with_brace(path, looked.codec):
            return read_json_lines(path, looked)
        return read_delimited(path, looked)
    except OSError as error:
        return RawTable((), (), (problem("unreadable_file", why=error.strerror or "it cannot be opened"),))


def open_book(path: Path, mapping: BookMapping, encoding: str | None = None) -> RawTable:
    """A loan book with the files its mapping joins, which stand beside it."""
    book = open_rows(path, encoding)
    if not mapping.joins or not book.readable:
        return book
    names = {join.alias: joined_file(mapping, path.name, join) for join in mapping.joins}
    if any(name is None for name in names.values()):
        return RawTable((), (), (problem("wrong_book_name", pattern=mapping.book),))
    others = {alias: open_rows(path.parent / name, encoding) for alias, name in names.items() if name}
    return join_tables(book, others, mapping)


def _begins_with_brace(path: Path, codec: str) -> bool:
    with path.open(encoding=codec, errors="replace") as file:
        return file.read(64).lstrip().startswith("{")
