"""A workbook's first sheet as raw rows. Cells become the text that a careful export would have written.

Macros, links and formulas are never run; of a formula only its stored result is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.loanbook.problems import problem
from bot.loanbook.raw import RawRow, RawTable
from bot.spreadsheets.zip_guard import Refused, inspect

Value = object


def read_workbook(path: Path) -> RawTable:
    """The table in the first sheet, whose first row that is not empty names the columns. Raises OSError."""
    try:
        inspect(path)
    except Refused as refused:
        return RawTable((), (), (problem("workbook_refused", why=str(refused)),))
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        return RawTable((), (), (problem("workbook_support_missing"),))
    try:
        workbook = CalamineWorkbook.from_path(path)
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError:
        return RawTable((), (), (problem("workbook_refused", why="its first sheet cannot be read"),))
    first = next((number for number, row in enumerate(cells) if any(map(_text, row))), None)
    if first is None:
        return RawTable((), (), (problem("empty_file"),))
    columns = tuple(map(_text, cells[first]))
    names = workbook.sheet_names
    notes = (f"Read the first of {len(names)} sheets.",) if len(names) > 1 else ()
    return RawTable(columns, _Rows(cells, first), notes=notes, lines=len(cells) - first - 1)


@dataclass(frozen=True, slots=True)
class _Rows:
    cells: Sequence[Sequence[Value]]
    header: int

    def __iter__(self) -> Iterator[RawRow]:
        for index in range(self.header + 1, len(self.cells)):
            values = list(map(_text, self.cells[index]))
            if any(values):
                yield RawRow(index + 1, values)


def _text(value: Value) -> str:
    """A cell as text: whole numbers without a point, others with the 15 digits a spreadsheet shows, days as 2026-03-31."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.15g}"
        case datetime():
            return (
                value.date().isoformat() if not any((value.hour, value.minute, value.second)) else value.isoformat(" ")
            )
        case date():
            return value.isoformat()
        case _:
            return "" if value is None else str(value)
