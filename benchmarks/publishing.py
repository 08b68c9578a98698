"""Publishing while many conversations are in the middle of a flow: without a map, with one, and what the next turn costs then.

python -m benchmarks.publishing [--conversations 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.lender_side import ROOT, new_installation
from benchmarks.measure import machine, show
from bot.channels.telegram.receive import CHANNEL
from bot.dialog.state import DialogState, Frame
from bot.domain.borrower import Address
from bot.domain.situation import Conversation, Holder
from bot.jobs.clock import SystemClock
from bot.services.live import LiveScripts
from bot.services.ports import Storage
from bot.services.preview_publishing import preview_publishing
from bot.services.publish_scripts import load_or_publish, publish, read_files
from bot.services.writes import SaveConversation
from bot.storage.open import open_storage
from bot.storage.upgrade import upgrade

_BATCH = 1000
_WAITS = DialogState((Frame("promise", "day", (("amount", "100.00 GBP"),)),), 3).to_json()
_STEPS = {"promise.day": "promise.day"}


def _waiting(number: int, now: datetime) -> SaveConversation:
    address = Address(CHANNEL, str(number))
    state = (Holder.BOT, 0, 1, 1, _WAITS)
    return SaveConversation(Conversation(None, address, None, None, "en", *state), None, now)


async def _fill(storage: Storage, count: int, now: datetime) -> None:
    for first in range(0, count, _BATCH):
        rows = range(first, min(first + _BATCH, count))
        await storage.commit(tuple(_waiting(number, now) for number in rows))


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


def _edited(files: Mapping[str, str], times: int) -> dict[str, str]:
    path = "dialogs/flows/promise.yaml"
    return {**files, path: files[path] + f"# edit {times}\n"}


async def _measure(folder: Path, count: int) -> list[list[str | float]]:
    installation = new_installation(folder)
    await asyncio.to_thread(upgrade, installation.url)
    storage = await open_storage(installation.url, (installation.key,))
    now, files = SystemClock().now(), read_files(ROOT / "dialogs", ROOT / "locales")
    scripts = LiveScripts(storage, (await load_or_publish(storage, files, now)).live)
    await _fill(storage, count, now)
    conversation = await storage.conversation(Address(CHANNEL, "0"))
    rows: list[list[str | float]] = []
    for what, times, steps in (("publish", 1, None), ("publish with a map", 2, _STEPS)):
        draft = _edited(files, times)
        preview = await _timed(partial(preview_publishing, storage, draft, now, steps=steps))
        done = await _timed(partial(publish, storage, draft, now, "benchmark", "", steps))
        taken = await _timed(scripts.refresh)
        placed = await _timed(partial(scripts.place_of, conversation))
        rows.append([what, float(count), preview, done, taken, placed * 1000])
    await storage.close()
    return rows


async def _all(counts: list[int]) -> None:
    rows: list[list[str | float]] = []
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            if not rows:
                print(machine(Path(name)))
            rows += await _measure(Path(name), count)
    show(["what", "in a flow", "preview, s", "publish, s", "taken over, s", "next turn placed, ms"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", default="100,10000")
    asyncio.run(_all([int(count) for count in parser.parse_args().conversations.split(",")]))


if __name__ == "__main__":
    main()
