"""What a whole column proves: the order of day and month, and the decimal mark, before any row is read for good.

An order or mark is taken only if at least one value of the file proves it and none proves the other. Values that prove their own
reading need no survey; the others stay faults where the file proves nothing or contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.loanbook.amounts import mark_proved
from bot.loanbook.cells import Cell
from bot.loanbook.columns import Kind
from bot.loanbook.dates import DateOrder, order_proved
from bot.loanbook.layout import Layout
from bot.loanbook.raw import RawRow
from bot.loanbook.sources import BookMapping


@dataclass(frozen=True, slots=True)
class Evidence:
    """`orders`: column -> proved order. `decimal`: the proved or named decimal mark of all amounts, or nothing."""

    orders: Mapping[str, DateOrder] = field(default_factory=dict)
    decimal: str = ""


def survey(rows: Iterable[RawRow], layout: Layout, mapping: BookMapping) -> Evidence:
    """Goes through all rows once, looking only at dates without a format and at amounts without a named mark."""
    dates = {
        name: slot.index
        for name, slot in layout.slots.items()
        if slot.column.kind is Kind.DATE and slot.index is not None and not mapping.format_of(name)
    }
    amounts = [index for slot in layout.slots.values() if slot.column.kind is Kind.AMOUNT for index, _ in slot.cells]
    if mapping.decimal:
        amounts = []
    if not dates and not amounts:
        return Evidence(decimal=mapping.decimal)
    orders: dict[str, set[DateOrder | None]] = {name: set() for name in dates}
    marks = _look(rows, [(index, orders[name]) for name, index in dates.items()], amounts)
    proved = {name: order for name, found in orders.items() if (order := _only(found)) is not None}
    return Evidence(proved, mapping.decimal or (next(iter(marks)) if len(marks) == 1 else ""))


def _only(orders: set[DateOrder | None]) -> DateOrder | None:
    """The one order that is proved, or None where nothing or both are."""
    proved = orders - {None}
    return proved.pop() if len(proved) == 1 else None


def _look(
    rows: Iterable[RawRow], dates: Sequence[tuple[int, set[DateOrder | None]]], amounts: Sequence[int]
) -> set[str]:
    """Fills the sets of orders that each date column proves, and returns the decimal marks that amounts prove."""
    marks: set[str] = set()
    order_of, mark_of = Cell(order_proved), Cell(mark_proved)
    for _, values, fault in rows:
        if fault:
            continue
        for index, orders in dates:
            if index < len(values):
                orders.add(order_of[values[index]])
        for index in amounts:
            if index < len(values):
                marks.add(mark_of[values[index]])
    return marks - {"", "?"}
