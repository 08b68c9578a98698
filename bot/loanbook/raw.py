"""Raw rows: a table as text, before anybody decided what its columns mean.

This is what `bot.spreadsheets` hands in. Rows can be iterated again and again, because a date order or a decimal mark is
decided over the whole file before the first row is read for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.loanbook.problems import RowProblem

#: A cell as long as this is no cell of a loan book; it is shortened when shown and refused when read.
MAX_CELL = 2_000


class RawRow(NamedTuple):
    """One row: its 1-based line in the file, its cells, and what already went wrong with it (a code, or nothing)."""

    line: int
    values: Sequence[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's columns and rows. With an error among `problems` there are no rows to be had.

    `lines` is about how many rows there are, for a progress bar; None where that is not known. `notes` are sentences on
    what was detected.
    """

    columns: tuple[str, ...]
    rows: Iterable[RawRow]
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()
    lines: int | None = None

    @property
    def readable(self) -> bool:
        return not any(problem.is_error for problem in self.problems)
