"""The nightly plan over a large book beside the bare SQL that finds its loans: the first night, the same night again, the next.

python -m benchmarks.plan [--loans 1000000]

The book has one open loan for each borrower, in ten time zones, due on any day of the last and the next ninety. The bare SQL reads
what must be known of each loan that the day's plan concerns: its id, its borrower and the borrower's zone.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.lender_side import ROOT
from benchmarks.measure import machine, show
from bot.jobs.clock import MovableClock
from bot.jobs.memory import MemoryWakeUps
from bot.policy.reminders import candidate_due_dates
from bot.services.live import LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.publish_scripts import load_or_publish, read_files
from bot.storage.open import open_storage
from bot.storage.upgrade import upgrade

_DAY = datetime(2026, 11, 25, 0, 5, tzinfo=UTC)
_SPREAD = 180
_ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Australia/Sydney",
)
_BARE = """
SELECT loan.loan_id, loan.borrower_id, borrower.timezone FROM loan JOIN borrower ON borrower.borrower_id = loan.borrower_id
WHERE loan.programme = 'generic' AND loan.status = 'open' AND loan.oldest_unpaid_due_on = ?
"""


def _due_on(number: int) -> str:
    return (_DAY.date() + timedelta(days=number % _SPREAD - _SPREAD // 2)).isoformat()


def _rows(loans: int) -> Iterator[tuple[str, str, str]]:
    return ((f"{number:08}", _ZONES[number % len(_ZONES)], _due_on(number)) for number in range(loans))


def _fill(path: Path, loans: int) -> None:
    """Straight into the tables: an import seals each borrower, which takes minutes and is measured elsewhere."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    key = "INSERT INTO borrower_key VALUES ('B-' || ?, NULL, 0, NULL)"
    connection.executemany(key, ((name,) for name, _, _ in _rows(loans)))
    person = "INSERT INTO borrower (borrower_id, digest, timezone, name, changed_at) VALUES ('B-' || ?, ?, ?, ?, 0)"
    sealed = b"x" * 120
    connection.executemany(person, ((name, "d" * 64, zone, sealed) for name, zone, _ in _rows(loans)))
    loan = "INSERT INTO loan VALUES ('L-' || ?, 'generic', 'B-' || ?, 'GBP', NULL, '[]', 'open', ?, 10000, 1, NULL, 0)"
    connection.executemany(loan, ((name, name, due) for name, _, due in _rows(loans)))
    part = "INSERT INTO instalment VALUES ('L-' || ?, 1, ?, 10000, 0, 0, 0, 0)"
    connection.executemany(part, ((name, due) for name, _, due in _rows(loans)))
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _bare(path: Path, anchors: tuple[date, ...]) -> tuple[float, int]:
    """CPU seconds of finding the loans, and how many there are."""
    connection = sqlite3.connect(path)
    begun, found = time.process_time(), 0
    for anchor in anchors:
        for _row in connection.execute(_BARE, (anchor.isoformat(),)):
            found += 1
    spent = time.process_time() - begun
    connection.close()
    return spent, found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _measure(path: Path) -> list[list[str | float]]:
    storage = await open_storage(f"sqlite+aiosqlite:///{path}", ("a key of this benchmark alone, 0123456789",))
    live = (await load_or_publish(storage, read_files(ROOT / "dialogs", ROOT / "locales"), _DAY)).live
    programme = live.programme("generic")
    assert programme is not None
    clock = MovableClock(_DAY, standing=True)
    plan = PlanDay(storage, LiveScripts(storage, live), clock, MemoryWakeUps(clock))
    rows: list[list[str | float]] = []
    nights = (("first night", 0, 0), ("the same again", 0, 1), ("next night", 1, 0), ("after 3 days off", 5, 0))
    for name, days, minutes in nights:
        clock.move_to(_DAY + timedelta(days=days, minutes=minutes))
        anchors = candidate_due_dates(programme, clock.now().date())
        bare, found = _bare(path, anchors)
        before, begun = _peak(), time.process_time()
        timers = (await storage.counts())["timers_pending"]
        await plan.programme("generic")
        spent = time.process_time() - begun
        put = (await storage.counts())["timers_pending"] - timers
        rows.append([name, float(found), float(put), spent, bare, spent / bare, _peak() - before])
    await storage.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gracebot.db"
        upgrade(f"sqlite+aiosqlite:///{path}")
        _fill(path, options.loans)
        print(f"{machine(path.parent)}  {options.loans:,} loans")
        head = ["plan of", "loans found", "timers put", "plan, CPU s", "bare SQL, CPU s", "ratio", "MB more at peak"]
        show(head, asyncio.run(_measure(path)))


if __name__ == "__main__":
    main()
