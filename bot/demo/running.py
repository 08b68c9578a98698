"""The demo: the real application against the stand-in, in one process, with sample borrowers and a clock that can be moved.

Nothing here is a short cut through the product: updates travel over HTTP to a Bot API server, the loan book through
`import`, payments through the ledger. Only the clock and the people are the demo's own.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import Application, telegram_parts
from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.receive import CHANNEL
from bot.channels.telegram.run import Polling
from bot.config import read_settings
from bot.domain.calendar import local_day
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.jobs.clock import MovableClock
from bot.jobs.memory import MemoryWakeUps
from bot.logs import set_up_logging
from bot.demo.sample_book import sample_book
from bot.services.identifiers import fresh_id
from bot.services.invite import invite
from bot.services.live import LiveScripts
from bot.services.ports import Storage, WakeUp
from bot.services.publish_scripts import load_or_publish, read_files
from bot.standin import StandIn
from bot.storage.open import open_storage
from bot.storage.upgrade import upgrade
from bot.web.lender_view import LenderView
from bot.web.server import WebServer

#: It opens nothing but the stand-in beside it.
_TOKEN = "700000001:DEMO-stand-in-token-that-opens-nothing"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. `url` is the page's address."""

    url: str
    standin: StandIn
    application: Application
    clock: MovableClock
    view: LenderView

    async def moved(self) -> None:
        """The clock was moved: what the new day brings is planned and what is due by now happens."""
        await self.application.plan.all()
        await self.application.wake_ups.put(WakeUp("timers", "all"))

    async def watch(self) -> None:
        """Tells the page to look again whenever something was said."""
        number = self.standin.events.last
        while True:
            events = await self.standin.events.next_after(number, 15.0)
            number = events[-1].number if events else number
            await self.view.changed()


@asynccontextmanager
async def demo(
    port: int = 8080, loans: Path | None = None, language: str | None = None, clock: MovableClock | None = None
) -> AsyncIterator[Demo]:
    """The demo until the block ends; its database lives in a temporary folder and goes with it."""
    set_up_logging("console", (_TOKEN,), logging.WARNING)
    clock = clock or MovableClock()
    async with AsyncExitStack() as stack:
        storage, keys = await _storage(stack)
        draft = read_settings(environ={})
        files = read_files(draft.dialogs_dir, draft.locales_dir)
        scripts = LiveScripts(storage, (await load_or_publish(storage, files, clock.now())).live)
        standin = StandIn(_TOKEN, now=clock.now)
        view = LenderView(storage, scripts, clock)
        app = standin.app()
        app.add_routes(view.routes())
        server = WebServer(app, "127.0.0.1", port)
        await server.start()
        stack.push_async_callback(server.stop)
        url = f"http://127.0.0.1:{server.port}"
        api = await stack.enter_async_context(BotApi(_TOKEN, url))
        parts, identity = await telegram_parts(api, keys, clock)
        application = Application(
            storage, scripts, clock, MemoryWakeUps(clock), {CHANNEL: parts}, Pace(), messages_per_second=30
        )
        polling = Polling(api, storage, clock, application.wake_ups, application.holder, lambda: 0.5)
        application.intake = (polling.run,)
        running = Demo(url, standin, application, clock, view)
        view.moved = running.moved
        await _load(storage, scripts, clock, loans)
        await _add_people(storage, standin, clock, language)
        await application.start()
        stack.push_async_callback(application.stop)
        watching = asyncio.create_task(running.watch())
        stack.callback(watching.cancel)
        yield running


async def _storage(stack: AsyncExitStack) -> tuple[Storage, tuple[str, ...]]:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gracebot-demo-"))
    url = f"sqlite+aiosqlite:///{folder}/demo.db"
    keys = (secrets.token_hex(32),)
    await upgrade(url)
    storage = await open_storage(url, keys)
    stack.push_async_callback(storage.close)
    return storage, keys
