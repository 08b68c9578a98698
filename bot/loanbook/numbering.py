"""Numbers rows for books that have no id of their own: the source `@row` of a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.loanbook.raw import RawRow
from bot.loanbook.sources import ROW_NUMBER, BookMapping


def number_rows(
    columns: Sequence[str], rows: Iterable[RawRow], mapping: BookMapping
) -> tuple[Sequence[str], Iterable[RawRow]]:
    """The table with a column `@row`, from 1, where the mapping asks for it; else as it is."""
    asked = any(term.name == ROW_NUMBER for terms in (mapping.columns or {}).values() for term in terms)
    return ((ROW_NUMBER, *columns), _Numbered(rows)) if asked else (columns, rows)


@dataclass(frozen=True, slots=True)
class _Numbered:
    rows: Iterable[RawRow]

    def __iter__(self) -> Iterator[RawRow]:
        for number, row in enumerate(self.rows, start=1):
            yield row._replace(values=[str(number), *row.values])
