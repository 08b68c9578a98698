"""An installation on one database, with borrowers at terminals: every update is handled and every message sent before
the next line is said, without loops, waiting or a network. The clock stands until it is moved.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import ChannelParts
from bot.channels import console
from bot.demo.sample_book import sample_book
from bot.domain.borrower import Address
from bot.domain.delivery import DeliveryResult, OutboundMessage
from bot.domain.events import LinkOpened, Received
from bot.jobs.clock import MovableClock
from bot.loanbook.sources import BookMapping
from bot.services.apply import Sign, new_conversation
from bot.services.deliver_outbox import DeliverOutbox
from bot.services.handle_inbound import HandleInbound, PlainEars
from bot.services.import_loan_book import import_loan_book
from bot.services.live import Live, LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Ears, Storage, WakeUp
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.run_timers import RunTimers
from bot.services.send_claimed import SendClaimed
from bot.services.writes import SaveConversation
from bot.spreadsheets.importing import book_items, options_of
from bot.storage.open import open_storage
from tests.databases import in_thread, sqlite_url_of

ROOT = Path(__file__).parents[2]
SECRET_KEY = "a key that opens this test only 0123456789"
#: A Wednesday, at noon in London and in the evening in Shanghai.
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class NoWakeUps:
    """Nobody sleeps here, so nobody need be woken."""

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        return

    def register(self, kind: str, handler: object) -> None:
        return

    async def run(self) -> None:
        return

    async def stop(self) -> None:
        return


class NoPace:
    """A terminal takes all at once."""

    def ready_at(self, address: Address, now: datetime) -> datetime:
        return now

    def sent(self, address: Address, now: datetime) -> None:
        return

    def pause(self, address: Address | None, until: datetime) -> None:
        return


@dataclass
class Terminals:
    """`say` is a line typed at the terminal of that name; what the bot answers there is given back."""

    storage: Storage
    scripts: LiveScripts
    clock: MovableClock
    read: Callable[[str], Received | None] = console.read
    sign: Sign = console.sign
    shown: dict[str, list[str]] = field(default_factory=dict)
    channels: dict[str, console.ConsoleChannel] = field(default_factory=dict)
    name: str = console.CHANNEL
    lines: int = 0
    ears: Ears = field(default_factory=PlainEars)

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        return await self.channels[message.address.key].send(message)

    async def sit(self, chat: str, borrower_id: str | None = None, language: str | None = None) -> None:
        """Somebody sits down at a terminal; a borrower named here is already identified."""
        self.shown[chat] = []
        self.channels[chat] = console.ConsoleChannel(self.shown[chat].append, chat)
        fresh = new_conversation(Received(Address(console.CHANNEL, chat), LinkOpened("")))
        proven = self.clock.now() if borrower_id else None
        seated = replace(fresh, version=1, language=language, borrower_id=borrower_id, verified_at=proven)
        await self.storage.commit((SaveConversation(seated, None, self.clock.now()),))

    async def say(self, chat: str, line: str) -> str:
        # The clock stands, and a channel numbers its updates by it.
        self.lines += 1
        update = self.channels[chat].update(line, self.clock.now() + timedelta(microseconds=self.lines))
        assert update is not None
        before = len(self.shown[chat])
        await self.storage.commit((update,))
        parts = ChannelParts(self, self.read, self.sign)
        inbound = HandleInbound(
            self.storage,
            self.scripts,
            self.clock,
            NoWakeUps(),
            {self.name: parts.read},
            {self.name: parts.sign},
            ears=self.ears,
        )
        while (waiting := await self.storage.oldest_update(self.name, chat)) is not None:
            # A turn that failed is tried again when it has waited.
            self.clock.move_to(max(self.clock.now(), waiting.retry_at or self.clock.now()))
            await inbound.chat(f"{self.name}:{chat}")
        await self.sent()
        return "\n".join(self.shown[chat][before:])

    async def sent(self) -> None:
        """Sends all that is due."""
        sending = SendClaimed(self.storage, self.scripts, self.clock, {self.name: self}, NoPace())
        while shards := await self.storage.shards_waiting(self.clock.now()):
            delivery = DeliverOutbox(self.storage, self.clock, NoWakeUps(), sending, "test", 1000)
            for shard in shards:
                await delivery.shard(str(shard))
            await delivery.close()

    async def day(self) -> None:
        """Plans the day and does all that is due by now."""
        plan = PlanDay(self.storage, self.scripts, self.clock, NoWakeUps())
        for programme in self.scripts.current.programmes:
            await plan.programme(programme.programme_id)
        await self.decide()
        await self.sent()

    async def decide(self) -> None:
        """Decides all timers that are due; what is to go waits."""
        timers = RunTimers(self.storage, self.scripts, self.clock, NoWakeUps(), {self.name: console.sign}, "test")
        await timers.all("all")


async def furnish(url: str, folder: Path) -> Live:
    """Publishes the shipped scripts and imports the sample book of START's day; the live version."""
    storage = await open_storage(url, (SECRET_KEY,))
    try:
        live = (await load_or_publish(storage, read_files(ROOT / "dialogs", ROOT / "locales"), START)).live
        book = folder / "book.csv"
        book.write_text(sample_book(START.date()), encoding="utf-8")
        await import_loan_book(storage, live, book_items(book, BookMapping(), options_of(live, START), None), START)
        return live
    finally:
        await storage.close()


@asynccontextmanager
async def terminals(url: str, live: Live) -> AsyncIterator[Terminals]:
    """Terminals on this furnished database, until the block ends."""
    storage = await open_storage(url, (SECRET_KEY,))
    try:
        yield Terminals(storage, LiveScripts(storage, live), MovableClock(START, standing=True))
    finally:
        await storage.close()


@dataclass(frozen=True)
class Furnished:
    """A SQLite file to copy, and what is live in it."""

    path: Path
    live: Live


@pytest.fixture(scope="session")
def furnished(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "furnished.db"
    shutil.copy(migrated_sqlite_file, path)
    return Furnished(path, in_thread(lambda: asyncio.run(furnish(sqlite_url_of(path), folder))))


@pytest.fixture
async def office(furnished: Furnished, tmp_path: Path) -> AsyncIterator[Terminals]:
    """Terminals on a database of the test's own."""
    path = tmp_path / "gracebot.db"
    shutil.copy(furnished.path, path)
    async with terminals(sqlite_url_of(path), furnished.live) as opened:
        yield opened
