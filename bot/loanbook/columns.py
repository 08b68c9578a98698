"""The columns a loan book and a payment file may have: their names, what they hold, and which must be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a column holds, which decides how its text is read and what a mapping may say of it."""

    TEXT = auto()
    DATE = auto()
    AMOUNT = auto()


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    personal: bool = False


def _by_name(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


_LOAN_FACTS = (
    Column("programme", required=True),
    Column("borrower_id", required=True),
    Column("borrower_name", personal=True),
    Column("language"),
    Column("timezone"),
    Column("region"),
    Column("phone", personal=True),
    Column("email", personal=True),
    Column("birth_date", Kind.DATE, personal=True),
    Column("id_last4", personal=True),
    Column("loan_id", required=True),
    Column("currency", required=True),
    Column("risk"),
    Column("flags"),
    Column("status"),
)
_PAID = (Column("paid", Kind.AMOUNT), Column("paid_at", Kind.DATE))

#: One row is one instalment.
INSTALMENT_COLUMNS = _by_name(
    *_LOAN_FACTS,
    *_PAID,
    Column("instalment", required=True),
    Column("due_date", Kind.DATE, required=True),
    Column("principal", Kind.AMOUNT, required=True),
    Column("interest", Kind.AMOUNT),
    Column("fees", Kind.AMOUNT),
    Column("late_fees", Kind.AMOUNT),
)

#: One row is one loan, whose instalments a mapping's `schedule` makes.
LOAN_COLUMNS = _by_name(
    *_LOAN_FACTS,
    *_PAID,
    Column("amount", Kind.AMOUNT, required=True),
    Column("months", required=True),
    Column("payment", Kind.AMOUNT, required=True),
    Column("first_due", Kind.DATE, required=True),
)
SCHEDULE_COLUMNS = ("amount", "months", "payment", "first_due")

PAYMENT_COLUMNS = _by_name(
    Column("reference", required=True),
    Column("loan_id", required=True),
    Column("instalment"),
    Column("amount", Kind.AMOUNT, required=True),
    Column("currency", required=True),
    Column("paid_on", Kind.DATE, required=True),
    Column("reverses"),
)
