"""What a turn and the nightly plan cost as the number of borrowers grows; the plan beside the bare SQL that finds its loans.

python -m benchmarks.growth [--sizes 1000,100000] [--turns 400]
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.lender_side import ROOT, Installation, chat_of, new_installation
from benchmarks.measure import machine, show
from bot.channels import console
from bot.channels.telegram.receive import CHANNEL
from bot.domain.borrower import Address
from bot.domain.events import Received, TextReceived
from bot.jobs.clock import MovableClock, SystemClock
from bot.jobs.memory import MemoryWakeUps
from bot.services.handle_inbound import HandleInbound
from bot.services.live import LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Storage
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.writes import StoreUpdate
from bot.storage.open import open_storage

_TEXT = "how much do I owe?"
_SQL = "SELECT loan_id FROM loan WHERE status = 'open' AND oldest_unpaid_due_on = ?"


def _read(raw: str) -> Received:
    return Received(Address(CHANNEL, raw), TextReceived(_TEXT))


async def _turns(storage: Storage, scripts: LiveScripts, turns: int) -> float:
    """Milliseconds of CPU for one typed turn, from the stored update to the committed answer."""
    clock = SystemClock()
    service = HandleInbound(storage, scripts, clock, MemoryWakeUps(clock), {CHANNEL: _read}, {CHANNEL: console.sign})
    spent = 0.0
    for number in range(turns):
        key = str(chat_of(number))
        await storage.commit((StoreUpdate(CHANNEL, number + 1, key, key, clock.now()),))
        begun = time.process_time()
        await service.chat(f"{CHANNEL}:{key}")
        spent += time.process_time() - begun
    return spent / turns * 1000


async def _plan(storage: Storage, scripts: LiveScripts, installation: Installation) -> tuple[float, float]:
    """Seconds of CPU for the plan of a day on which a thirtieth of all loans falls due, and for the SQL that finds them."""
    day = SystemClock().now() + timedelta(days=25)
    clock = MovableClock(day, standing=True)
    plan = PlanDay(storage, scripts, clock, MemoryWakeUps(clock))
    begun = time.process_time()
    await plan.programme("generic")
    planned = time.process_time() - begun
    connection = sqlite3.connect(installation.folder / "gracebot.db")
    begun = time.process_time()
    found = connection.execute(_SQL, (day.date().isoformat(),)).fetchall()
    bare = time.process_time() - begun
    connection.close()
    return planned, max(bare, 1e-4) if found else float("nan")


async def _measure(size: int, turns: int) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        installation = new_installation(Path(name))
        await installation.fill(size, min(size, turns), instalments=3)
        storage = await open_storage(installation.url, (installation.key,))
        files = read_files(ROOT / "dialogs", ROOT / "locales")
        scripts = LiveScripts(storage, (await load_or_publish(storage, files, SystemClock().now())).live)
        turn = await _turns(storage, scripts, min(size, turns))
        planned, bare = await _plan(storage, scripts, installation)
        await storage.close()
        return [
            float(size),
            turn,
            planned,
            bare,
            planned / bare,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        ]


async def _all(sizes: list[int], turns: int) -> None:
    print(machine(Path(tempfile.gettempdir())))
    rows = [await _measure(size, turns) for size in sizes]
    head = ["borrowers", "turn, CPU ms", "ratio to first", "plan, CPU s", "bare SQL, CPU s", "ratio", "MB at peak"]
    show(
        head,
        [
            [size, turn, turn / rows[0][1], planned, bare, ratio, peak]
            for size, turn, planned, bare, ratio, peak in rows
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,100000")
    parser.add_argument("--turns", type=int, default=400)
    options = parser.parse_args()
    asyncio.run(_all([int(size) for size in options.sizes.split(",")], options.turns))


if __name__ == "__main__":
    main()
