"""The configured pace while the outbox is full: how near to it we send, how even, and what a message costs.

The real application drains a full outbox on SQLite into a channel that only takes the time.

    python -m benchmarks.pace [--seconds 20] [--rates 30,100]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.lender_side import ROOT, new_installation
from benchmarks.measure import machine, show
from bot.app import Application, ChannelParts
from bot.channels import console
from bot.channels.telegram.pace import Pace
from bot.domain.borrower import Address
from bot.domain.delivery import Content, Delivered, DeliveryResult, MessageKind, OutboundMessage, SendMessage
from bot.jobs.clock import SystemClock
from bot.jobs.memory import MemoryWakeUps
from bot.services.identifiers import fresh_id
from bot.services.live import LiveScripts
from bot.services.ports import Storage
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.writes import PutOutbox
from bot.storage.open import open_storage

_CHANNEL = "null"


@dataclass(slots=True)
class NullChannel:
    """Takes the time of each message and forgets it."""

    times: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return _CHANNEL

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        self.times.append(time.perf_counter())
        return Delivered(str(len(self.times)))


async def _fill(storage: Storage, count: int) -> None:
    now = SystemClock().now()
    await storage.commit(
        tuple(
            PutOutbox(
                delivery_id=fresh_id(now),
                address=Address(_CHANNEL, str(number)),
                act=SendMessage(Content(f"Message {number}")),
                kind=MessageKind.REPLY,
                at=now,
                run_at=now,
            )
            for number in range(count)
        )
    )


async def _measure(folder: Path, rate: float, seconds: float) -> list[str | float]:
    installation = new_installation(folder)
    installation.command("database", "upgrade")
    storage, clock, channel = await open_storage(installation.url, (installation.key,)), SystemClock(), NullChannel()
    files = read_files(ROOT / "dialogs", ROOT / "locales")
    scripts = LiveScripts(storage, (await load_or_publish(storage, files, clock.now())).live)
    await _fill(storage, int(rate * (seconds + 5)))
    parts = ChannelParts(channel, console.read, console.sign)
    application = Application(storage, scripts, clock, MemoryWakeUps(clock), {_CHANNEL: parts}, Pace(), rate)
    cpu = time.process_time()
    await application.start()
    await asyncio.sleep(seconds)
    await application.stop()
    cpu = time.process_time() - cpu
    await storage.close()
    sent = [t for t in channel.times if channel.times[0] + 1 <= t <= channel.times[0] + seconds]
    held = (len(sent) - 1) / (sent[-1] - sent[0])
    return [f"{rate:g}/s", held, held / rate, cpu / len(channel.times) * 1000]


async def _all(rates: list[float], seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        print(machine(Path(name)))
        rows = []
        for rate in rates:
            folder = Path(name) / f"{rate:g}"
            folder.mkdir()
            rows.append(await _measure(folder, rate, seconds))
        show(["configured", "messages/s", "ratio", "CPU ms per message"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rates", default="30,100")
    options = parser.parse_args()
    asyncio.run(_all([float(rate) for rate in options.rates.split(",")], options.seconds))


if __name__ == "__main__":
    main()
