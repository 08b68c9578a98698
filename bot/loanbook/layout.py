"""Which cell of a row holds which column of a loan book, and what is wrong with a file's first line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.diagnostics import did_you_mean
from bot.loanbook.columns import Column
from bot.loanbook.problems import RowProblem, problem
from bot.loanbook.sources import BookMapping, Term

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column and the cells it is made of: (index, sign) pairs, none where only a default can fill it."""

    column: Column
    cells: tuple[tuple[int, int], ...]

    @property
    def index(self) -> int | None:
        """The one cell of a column that is no sum."""
        return self.cells[0][0] if self.cells else None

    def getter(self, cell: Mapping[str, T]) -> Callable[[Sequence[str]], T]:
        """Takes the value of this column, which is no sum, out of a row; where the file lacks it, what `cell` has for nothing."""
        index = self.index
        if index is None:
            return lambda values: cell[""]
        return lambda values: cell[values[index]]

    def text(self, values: Sequence[str]) -> str:
        """What stands in the row, for a report."""
        return " ".join(values[index] for index, _ in self.cells)


@dataclass(frozen=True, slots=True)
class Layout:
    slots: Mapping[str, Slot]
    problems: tuple[RowProblem, ...]

    @property
    def usable(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


def plan_layout(columns: Sequence[str], mapping: BookMapping, filled: frozenset[str] = frozenset()) -> Layout:
    """The layout of a file with these column names.

    `filled` names columns that have a value even where the file lacks them. Names are compared without regard to
    capitals, and spaces and dashes count as underscores, unless one fits exactly.
    """
    found = _Names(columns)
    slots: dict[str, Slot] = {}
    for column in mapping.row_columns.values():
        terms = (Term(column.name),) if mapping.columns is None else mapping.columns.get(column.name, ())
        must = mapping.columns is not None or (column.required and column.name not in mapping.defaults)
        indexes = [found.index(term.name, must and column.name not in filled) for term in terms]
        cells = tuple((index, term.sign) for index, term in zip(indexes, terms, strict=True) if index is not None)
        slots[column.name] = Slot(column, cells)
        if mapping.columns is not None and column.required and not (terms or _given(column, mapping, filled)):
            found.problems.append(problem("missing_column", 1, column.name, name=column.name, hint=""))
    if mapping.columns is None:
        found.problems.extend(_unknown(columns, mapping))
    return Layout(slots, tuple(found.problems))


def _given(column: Column, mapping: BookMapping, filled: frozenset[str]) -> bool:
    return column.name in mapping.defaults or column.name in filled


def _unknown(columns: Sequence[str], mapping: BookMapping) -> list[RowProblem]:
    known = mapping.row_columns
    return [
        problem("unknown_column", 1, name, name=name, hint=did_you_mean(_plain(name), known))
        for name in columns
        if name.strip() and _plain(name) not in known
    ]


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


class _Names:
    """A file's column names, and what is wrong with those that are asked for."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = [name.strip() for name in columns]
        self._plain = [_plain(name) for name in columns]
        self.problems: list[RowProblem] = []

    def index(self, name: str, must: bool) -> int | None:
        places = [i for i, column in enumerate(self._columns) if column == name.strip()]
        places = places or [i for i, column in enumerate(self._plain) if column == _plain(name)]
        if len(places) > 1:
            self.problems.append(problem("doubled_column", 1, name, name=name))
        elif not places and must:
            hint = did_you_mean(name, self._columns)
            self.problems.append(problem("missing_column", 1, name, name=name, hint=hint))
        return places[0] if places else None
