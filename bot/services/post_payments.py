"""Post payments: each once, by its reference, with all that it changes of its loan, promises and reminders.

The file, the API and the demo come through here. What cannot be posted is answered with a code and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from bot.domain.calendar import local_day
from bot.domain.errors import Conflict, Duplicate
from bot.domain.loan import Payment
from bot.loanbook.payments import PaymentRow, PaymentSummary
from bot.loanbook.problems import Fault, RowProblem, problem, shown
from bot.loanbook.reckoning import check_payment
from bot.services.ledger import payment_batch
from bot.services.live import Live
from bot.services.ports import Storage

_TRIES = 10
#: Payments posted side by side.
_TOGETHER = 256

Items = Iterable[PaymentRow | RowProblem | PaymentSummary]


class Posted(Enum):
    """What became of a payment that was not refused."""

    NOW = auto()
    BEFORE = auto()  # the same payment was posted earlier; nothing changed


@dataclass(slots=True)
class PaymentReport:
    """What became of a payment file. `refused` rows were readable but their loans could not take them."""

    summary: PaymentSummary = field(default_factory=PaymentSummary)
    posted: int = 0
    known: int = 0
    refused: int = 0
    loans: set[str] = field(default_factory=set)


async def post_payments(
    storage: Storage,
    live: Live,
    items: Items,
    now: datetime,
    on_problem: Callable[[RowProblem], None] = lambda _: None,
    on_rows: Callable[[int], None] = lambda _: None,
) -> PaymentReport:
    """Posts every good row, those of one loan in the order of the file, so that a reversal may follow what it reverses."""
    report = PaymentReport()
    rows: list[PaymentRow] = []

    async def post() -> None:
        for row, outcome in await _post_together(storage, live, rows, now):
            if isinstance(outcome, RowProblem):
                report.refused += 1
                on_problem(outcome)
            else:
                report.posted += outcome is Posted.NOW
                report.known += outcome is Posted.BEFORE
                report.loans.add(row.payment.loan_id)
        on_rows(report.posted + report.known + report.refused)
        rows.clear()

    for item in items:
        match item:
            case PaymentRow():
                rows.append(item)
                if len(rows) >= _TOGETHER:
                    await post()
            case RowProblem():
                on_problem(item)
            case PaymentSummary():
                report.summary = item
    await post()
    return report


async def _post_together(
    storage: Storage, live: Live, rows: Sequence[PaymentRow], now: datetime
) -> list[tuple[PaymentRow, Posted | RowProblem]]:
    """Posts the rows of different loans side by side, so that one flush of the database serves many of them."""
    by_loan: dict[str, list[PaymentRow]] = {}
    for row in rows:
        by_loan.setdefault(row.payment.loan_id, []).append(row)

    async def post_one_loan(of_loan: Sequence[PaymentRow]) -> list[tuple[PaymentRow, Posted | RowProblem]]:
        return [(row, await post_payment(storage, live, row.payment, now, "file", row.line)) for row in of_loan]

    try:
        async with asyncio.TaskGroup() as group:
            posting = [group.create_task(post_one_loan(of_loan)) for of_loan in by_loan.values()]
    except ExceptionGroup as failed:
        # The others were called off and have ended; whoever runs the file again finds what they had posted.
        raise failed.exceptions[0] from None
    found = (pair for task in posting for pair in task.result())
    return sorted(found, key=lambda pair: pair[0].line)


async def post_payment(
    storage: Storage, live: Live, payment: Payment, now: datetime, source: str, line: int = 0
) -> Posted | RowProblem:
    """Posts one payment in a transaction of its own, or says why its loan cannot take it.

    Somebody else may post to the same loan meanwhile; then it is looked at again from fresh state.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return await _post(storage, live, payment, now, source)
        except Fault as fault:
            value = shown(str(getattr(payment, _COLUMNS[fault.code])))
            return problem(fault.code, line, _COLUMNS[fault.code], value, **fault.facts)
        except (Conflict, Duplicate):
            if attempt == _TRIES:
                raise
    raise Conflict


#: Which column of a payment each fault is about.
_COLUMNS = {
    "unknown_loan": "loan_id",
    "other_currency": "amount",
    "unknown_instalment": "instalment",
    "reverses_unknown": "reverses",
    "reverses_too_much": "amount",
    "reference_taken": "reference",
}


async def _post(storage: Storage, live: Live, payment: Payment, now: datetime, source: str) -> Posted:
    known = await storage.payment(payment.reference)
    if known is not None:
        if known != payment:
            raise Fault("reference_taken")
        return Posted.BEFORE
    before = await storage.ledger(payment.loan_id)
    if before is None:
        raise Fault("unknown_loan")
    check_payment(payment, before.loan, before.payments)
    programme = live.programme(before.loan.programme)
    today = local_day(now, programme.timezone if programme else "UTC")
    agreed = [
        commitment
        async for commitment in storage.commitments(borrower_id=before.loan.borrower_id)
        if commitment.loan_id == payment.loan_id
    ]
    await storage.commit(payment_batch(before, (payment,), agreed, programme, today, now, source))
    return Posted.NOW
