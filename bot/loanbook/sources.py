"""Where each column of a loan book comes from, as one value: what a mapping file says once it is read.

Reading the file is `bot.loanbook.mapping`'s work. Without a mapping, a file's own column names are the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.loanbook.columns import INSTALMENT_COLUMNS, LOAN_COLUMNS, PAYMENT_COLUMNS, Column

#: The name of a source that is the row's number, for books without any id.
ROW_NUMBER = "@row"
#: The key of `values` for whatever is not listed.
ANY_OTHER = "*"


@dataclass(frozen=True, slots=True)
class Term:
    """One source column of an amount, added or (sign -1) subtracted; for other columns the only one."""

    name: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Join:
    """A further file: rows whose `right` equals the book's `left` lend their columns as `alias.column`."""

    file: str
    alias: str
    left: str
    right: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BookMapping:
    """What a mapping file says. With `columns` None the file's own names are the names of the loan book."""

    file: str = ""
    payments: bool = False
    book: str = "*"
    columns: Mapping[str, tuple[Term, ...]] | None = None
    formats: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""
    carry: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nulls: frozenset[str] = frozenset({""})
    generates: bool = False
    months_later: int = 0
    joins: tuple[Join, ...] = ()

    def format_of(self, column: str) -> str:
        """The date format of a column, or nothing where dates are read as they stand."""
        return self.formats.get(column) or self.formats.get("date", "")

    @property
    def row_columns(self) -> Mapping[str, Column]:
        """What a row of this file may say."""
        if self.payments:
            return PAYMENT_COLUMNS
        return LOAN_COLUMNS if self.generates else INSTALMENT_COLUMNS


def joined_file(mapping: BookMapping, book_name: str, join: Join) -> str | None:
    """The joined file's name beside a loan book of this name; None where the book is not named as the mapping says."""
    pattern = "(.*)".join(re.escape(part) for part in mapping.book.split("*"))
    match = re.fullmatch(pattern, book_name)
    if match is None:
        return None
    return join.file.replace("*", match[1]) if match.groups() else join.file
