"""Shapes: rows that have the wrong number of cells, or that the file's reader could not make out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.loanbook.problems import RowProblem, problem, shown
from bot.loanbook.raw import RawRow


def shape_fault(values: Sequence[str], width: int) -> str:
    """The code of what is wrong with a row's number of cells. Empty cells too many are not: spreadsheets write them."""
    if len(values) < width:
        return "too_few_fields"
    return "too_many_fields" if any(value.strip() for value in values[width:]) else ""


def shape_problem(raw: RawRow, width: int) -> RowProblem | None:
    """The row's own fault, or that of its shape."""
    code, _, alias = (raw.fault or shape_fault(raw.values, width)).partition(":")
    if not code:
        return None
    # Which of its cells are personal cannot be known, so only the shape of them all is shown.
    return problem(code, raw.line, "", shown(" ".join(raw.values), personal=True), alias=alias)
