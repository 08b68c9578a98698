"""Dry run: what the plan and the gate would say at an instant, without storing or sending anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime

from bot.services.borrower_day import BorrowerDay, PlannedRow
from bot.services.live import Live
from bot.services.plan_day import planned_loans
from bot.services.ports import Storage


async def dry_run(storage: Storage, live: Live, when: datetime | date, now: datetime) -> AsyncIterator[PlannedRow]:
    """Every message and task that would be planned at an instant, or on a day as its beginning plans it; streamed.

    Each comes sent or withheld, with its words. For a day ahead the days until then count as planned.
    """
    day = BorrowerDay(storage, live, when, now)
    for programme in live.programmes:
        async for candidate, _ in planned_loans(storage, programme, day.begins(programme)):
            first, rows = await day.rows(candidate.loan.borrower_id)
            if candidate.loan.loan_id == first:
                for row in rows:
                    yield row
