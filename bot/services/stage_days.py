"""The stage history as days pass: once a day for each programme, set by set, also for days without the program.

That a day is recorded is stored with the version of the policy, so that a new ladder is told as such.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

from bot.domain.calendar import local_day
from bot.policy.programme import Programme
from bot.policy.stage_history import (
    AnchorChange,
    change_of_loan,
    changes_of_day,
    changes_of_policy,
    conditional_due_dates,
)
from bot.services.live import LiveScripts
from bot.services.ports import PlannableLoan, Storage
from bot.services.stage_entries import entry_of
from bot.services.writes import EnterStagesOfAnchor, PutSetting, Write

#: Entries of single loans stored in one transaction.
_BATCH = 1000
#: After a longer stop only the last days are told.
_LONGEST = timedelta(days=60)


async def record_stage_days(storage: Storage, scripts: LiveScripts, programme: Programme, now: datetime) -> None:
    """Appends what the days since the last record changed. Doing so twice appends nothing."""
    name = f"staged:{programme.programme_id}"
    today = local_day(now, programme.timezone)
    recorded = await storage.setting(name)
    done = f"{today.isoformat()} {programme.version}"
    if recorded == done:
        return
    day, version = _last(recorded, programme, today)
    old = (await scripts.numbered(version)).programme(programme.programme_id) if version != programme.version else None
    if old is not None:
        await _policy_changed(storage, programme, old, day, now)
    day = max(day, today - _LONGEST)
    while day < today:
        day += timedelta(days=1)
        await _day(storage, programme, day, now)
    await storage.commit((PutSetting(name, done),))


def _last(recorded: str | None, programme: Programme, today: date) -> tuple[date, int]:
    """The last day that was recorded, and by which version; the day before where none was."""
    if recorded is None:
        return today - timedelta(days=1), programme.version
    day, _, version = recorded.partition(" ")
    return min(date.fromisoformat(day), today), int(version)


async def _day(storage: Storage, programme: Programme, day: date, now: datetime) -> None:
    least = tuple((currency, money.minor) for currency, money in programme.minimums.items())
    for change in changes_of_day(programme, day):
        await storage.commit((_of_anchor(programme, change, least, now),))
    batch: list[Write] = []

    async def store() -> None:
        if batch:
            await storage.commit(tuple(batch))
            batch.clear()

    async def each(loans: AsyncIterator[PlannableLoan]) -> None:
        async for found in loans:
            single = change_of_loan(programme, found.loan, day)
            batch.extend([entry_of(found.loan.loan_id, single, programme, now)] if single else [])
            if len(batch) >= _BATCH:
                await store()

    await each(storage.loans_by_anchor(programme.programme_id, conditional_due_dates(programme, day)))
    if least:
        await each(storage.loans_below(programme.programme_id, day, least))
    await store()


async def _policy_changed(storage: Storage, programme: Programme, old: Programme, day: date, now: datetime) -> None:
    """What another ladder made of the loans as they stood on the last recorded day."""
    least = tuple((currency, money.minor) for currency, money in programme.minimums.items())
    for change in changes_of_policy(old, programme, day):
        await storage.commit((_of_anchor(programme, change, least, now),))


def _of_anchor(
    programme: Programme, change: AnchorChange, least: tuple[tuple[str, int], ...], now: datetime
) -> EnterStagesOfAnchor:
    return EnterStagesOfAnchor(
        programme.programme_id, change.anchor, change.stage, change.on, change.reason, programme.version, now, least
    )
