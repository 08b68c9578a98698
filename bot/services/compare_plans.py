"""Two plans of one day: which reminders a draft would send more or less, to whom, and what they would say otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from bot.services.borrower_day import PlannedRow
from bot.services.dry_run import dry_run
from bot.services.live import Live
from bot.services.ports import Storage


@dataclass(frozen=True, slots=True)
class RemindersOf:
    """One programme's stage, its rule and a language: messages and tasks under the live version and under the draft."""

    stage: str
    rule: str
    language: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PlansCompared:
    """`before` and `after` count what would go on that day, `rows` only where the two differ. Borrowers are counted once each."""

    day: date
    before: int = 0
    after: int = 0
    rows: tuple[RemindersOf, ...] = ()
    other_stage: int = 0
    other_text: int = 0
    no_longer: int = 0
    newly: int = 0


_Key = tuple[str, str, str]


async def compare_plans(storage: Storage, old: Live, new: Live, day: date, now: datetime) -> PlansCompared:
    """The dry run of a day under both versions; nothing is stored. Memory grows with what is planned on that day."""
    before, after = await _plan(storage, old, day, now), await _plan(storage, new, day, now)
    languages = await _languages(storage, {*before, *after}, old, now)
    counts = [Counter(_keys(plan, languages)) for plan in (before, after)]
    rows = [
        RemindersOf(*key, counts[0][key], counts[1][key])
        for key in sorted(counts[0].keys() | counts[1].keys())
        if counts[0][key] != counts[1][key]
    ]
    both = [(before[b], after[b]) for b in before.keys() & after.keys()]
    return PlansCompared(
        day,
        counts[0].total(),
        counts[1].total(),
        tuple(rows),
        other_stage=sum(_stages(ones) != _stages(others) for ones, others in both),
        other_text=sum(_texts(ones) != _texts(others) for ones, others in both),
        no_longer=len(before.keys() - after.keys()),
        newly=len(after.keys() - before.keys()),
    )


async def _plan(storage: Storage, live: Live, day: date, now: datetime) -> dict[str, list[PlannedRow]]:
    """What would go that day, by borrower."""
    found: dict[str, list[PlannedRow]] = defaultdict(list)
    async for row in dry_run(storage, live, day, now):
        if row.outcome != "withhold":
            found[row.borrower_id].append(row)
    return dict(found)


async def _languages(storage: Storage, borrowers: set[str], live: Live, now: datetime) -> dict[str, str]:
    found = {}
    for borrower_id in borrowers:
        situation = await storage.situation_of_borrower(borrower_id, now)
        found[borrower_id] = live.language_of(situation.conversation)
    return found


def _keys(plan: dict[str, list[PlannedRow]], languages: dict[str, str]) -> list[_Key]:
    return [(row.stage, row.rule, languages[row.borrower_id]) for rows in plan.values() for row in rows]


def _stages(rows: list[PlannedRow]) -> set[tuple[str, str]]:
    return {(row.loan_id, row.stage) for row in rows}


def _texts(rows: list[PlannedRow]) -> list[str]:
    return sorted(row.text or "" for row in rows)
