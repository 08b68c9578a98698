"""Joins further files to a loan book, so that each of its rows has all columns that a mapping may name.

The joined files are held in memory, only the columns and rows that the mapping asks for; the loan book itself streams through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.diagnostics import did_you_mean
from bot.loanbook.problems import RowProblem, problem
from bot.loanbook.raw import RawRow, RawTable
from bot.loanbook.shapes import shape_fault
from bot.loanbook.sources import BookMapping, Join


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One joined file: which cell of the book's row is the key, and the wanted cells by key; None where a key stands twice."""

    alias: str
    key: int
    width: int
    found: Mapping[str, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class _Joined:
    rows: Iterable[RawRow]
    width: int
    shelves: Sequence[_Shelf]

    def __iter__(self) -> Iterator[RawRow]:
        for row in self.rows:
            fault = row.fault or shape_fault(row.values, self.width)
            yield row._replace(fault=fault) if fault else self._joined(row)

    def _joined(self, row: RawRow) -> RawRow:
        values, fault = list(row.values[: self.width]), ""
        for shelf in self.shelves:
            key = values[shelf.key].strip()
            cells = shelf.found.get(key)
            if cells is None:
                code = "join_ambiguous" if key in shelf.found else "join_missing"
                fault = fault or f"{code}:{shelf.alias}"
            values.extend(cells or ("",) * shelf.width)
        return RawRow(row.line, values, fault)


def join_tables(book: RawTable, others: Mapping[str, RawTable], mapping: BookMapping) -> RawTable:
    """The loan book with the columns of its joined files (by alias in `others`), named `alias.column`.

    A row without a partner, or with several, keeps its place and carries that as its fault. What cannot be joined at all
    is among the problems, and then there are no rows.
    """
    problems = list(book.problems)
    for alias, table in others.items():
        problems += [replace(found, column=f"{alias}.{found.column}".rstrip(".")) for found in table.problems]
    columns = list(book.columns)
    shelves: list[_Shelf] = []
    wanted = {term.name for terms in (mapping.columns or {}).values() for term in terms} | {
        j.left for j in mapping.joins
    }
    for join in mapping.joins:
        table = others[join.alias]
        if not table.readable:
            continue
        names = [name.strip() for name in table.columns]
        missing = _missing(join, columns, names)
        if missing:
            problems += missing
            continue
        kept = [name for name in names if f"{join.alias}.{name}" in wanted]
        found = _by_key(table.rows, names, join, kept)
        shelves.append(_Shelf(join.alias, [c.strip() for c in columns].index(join.left), len(kept), found))
        columns += [f"{join.alias}.{name}" for name in kept]
    readable = not any(found.is_error for found in problems)
    rows: Iterable[RawRow] = (
        _Joined(book.rows, len(book.columns), shelves) if readable and shelves else book.rows if readable else ()
    )
    return replace(book, columns=tuple(columns), rows=rows, problems=tuple(problems))


def _missing(join: Join, columns: Sequence[str], names: Sequence[str]) -> list[RowProblem]:
    known = [column.strip() for column in columns]
    wrong = [] if join.left in known else [(join.left, known)]
    wrong += [(name, list(names)) for name in (join.right, *(name for name, _ in join.where)) if name not in names]
    return [problem("missing_column", 1, name, name=name, hint=did_you_mean(name, near)) for name, near in wrong]


def _by_key(
    rows: Iterable[RawRow], names: Sequence[str], join: Join, kept: Sequence[str]
) -> dict[str, tuple[str, ...] | None]:
    key, cells = names.index(join.right), [names.index(name) for name in kept]
    conditions = [(names.index(name), text) for name, text in join.where]
    found: dict[str, tuple[str, ...] | None] = {}
    for row in rows:
        values = row.values
        if row.fault or len(values) < len(names) or any(values[i].strip() != text for i, text in conditions):
            continue
        partner = values[key].strip()
        found[partner] = None if partner in found else tuple(values[i] for i in cells)
    return found
