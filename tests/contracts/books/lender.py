"""A lender with an installation: writes files, imports them, posts payments, looks at a loan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.domain.loan import Loan
from bot.loanbook.problems import RowProblem
from bot.loanbook.sources import BookMapping
from bot.services.import_loan_book import BATCH_ROWS, ImportReport, import_loan_book
from bot.services.live import Live
from bot.services.post_payments import PaymentReport, post_payments
from bot.spreadsheets.importing import book_items, options_of, payment_items
from bot.storage.database import DatabaseStorage
from bot.texts.catalogs import Catalogs
from tests.unit.loanbook.books import a_row
from tests.unit.policy.cases import generic

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


class Lender:
    """What a lender does: writes files, imports them, posts payments, looks at a loan."""

    def __init__(self, storage: DatabaseStorage, folder: Path) -> None:
        self.storage = storage
        self.folder = folder
        self.problems: list[RowProblem] = []
        nothing = cast(Any, None)
        self.live = Live(1, nothing, Catalogs({}), nothing, (generic(),), {}, ("en",), {})

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.problems]

    def write(self, rows: Sequence[dict[str, str]], name: str = "book.csv") -> Path:
        path = self.folder / name
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    async def imports(
        self, *rows: dict[str, str], complete: bool = False, now: datetime = NOW, batch_rows: int = BATCH_ROWS
    ) -> ImportReport:
        self.problems.clear()
        options = options_of(self.live, now)
        items = book_items(self.write(rows), BookMapping(), options)
        return await import_loan_book(
            self.storage, self.live, items, now, complete, self.problems.append, batch_rows=batch_rows
        )

    async def posts(self, *rows: dict[str, str], now: datetime = NOW) -> PaymentReport:
        self.problems.clear()
        items = payment_items(self.write(rows, "payments.csv"), BookMapping(payments=True), options_of(self.live, now))
        return await post_payments(self.storage, self.live, items, now, self.problems.append)

    async def loan(self, loan_id: str = "L1") -> Loan:
        state = await self.storage.ledger(loan_id)
        assert state is not None
        return state.loan

    async def paid(self, loan_id: str = "L1") -> list[int]:
        return [part.paid.minor for part in (await self.loan(loan_id)).instalments]

    async def references(self, loan_id: str = "L1") -> list[str]:
        state = await self.storage.ledger(loan_id)
        assert state is not None
        return sorted(payment.reference for payment in state.payments)


def instalments(count: int, **changed: str) -> list[dict[str, str]]:
    """The first instalments of one loan, 110.00 each, due on the last of March and the months after."""
    days = ("2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30")
    return [a_row(instalment=str(n + 1), due_date=days[n], **changed) for n in range(count)]


def a_payment(reference: str = "P1", **changed: str) -> dict[str, str]:
    plain = {"loan_id": "L1", "instalment": "", "amount": "50.00", "currency": "GBP", "paid_on": "2026-03-01"}
    return {"reference": reference, **plain, "reverses": "", **changed}
