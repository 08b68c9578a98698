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
from bot.demo.sample_book import sample_book
from bot.dialog.known_answers import NO_ANSWERS
from bot.domain.calendar import local_day
from bot.domain.errors import ConfigurationProblems, MoneyError
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.jobs.clock import MovableClock
from bot.jobs.memory import MemoryWakeUps
from bot.loanbook.problems import RowProblem
from bot.loanbook.sources import BookMapping
from bot.logs import set_up_logging
from bot.services.approvals import DEMO, approve_all
from bot.services.handle_inbound import PlainEars
from bot.services.identifiers import fresh_id
from bot.services.import_loan_book import import_loan_book
from bot.services.invite import invite
from bot.services.live import Live, LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Clock, Ears, Storage, WakeUp, WakeUps
from bot.services.post_payments import post_payment
from bot.services.publish_scripts import load_or_publish, read_files
from bot.spreadsheets.importing import book_items, options_of
from bot.standin import StandIn
from bot.storage.open import open_storage
from bot.storage.upgrade import upgrade
from bot.web.lender_view import LenderView
from bot.web.server import WebServer

#: It opens nothing but the stand-in beside it.
_TOKEN = "700000001:DEMO-stand-in-token-that-opens-nothing"  # noqa: S105

#: How often one move of the clock looks whether all that it brings was taken up, and the real seconds between two looks.
_MOST_LOOKS = 150
_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class DemoActs:
    """What the page's visitor does in the lender's place."""

    storage: Storage
    scripts: LiveScripts
    clock: MovableClock
    wake_ups: WakeUps

    async def moved(self) -> None:
        """The clock was moved: what the new day brings is planned, and what is due by now happens before this returns."""
        await PlanDay(self.storage, self.scripts, self.clock, self.wake_ups).all()
        await self.wake_ups.put(WakeUp("timers", "all"))
        for _ in range(_MOST_LOOKS):
            if not await self._due():
                break
            await asyncio.sleep(_LOOK_SECONDS)

    async def _due(self) -> bool:
        """Whether a timer or a message still waits to be taken up."""
        now = self.clock.now()
        return bool(await self.storage.due_timers(now, 1) or await self.storage.shards_waiting(now))

    async def pay(self, loan_id: str, amount: Money) -> str:
        """Posts a payment of today; gives its reference. Raises a GraceError where the loan cannot take it."""
        now = self.clock.now()
        payment = Payment(f"DEMO-{fresh_id(now)[-12:].upper()}", loan_id, amount, local_day(now, "UTC"))
        posted = await post_payment(self.storage, self.scripts.current, payment, now, "demo")
        if isinstance(posted, RowProblem):
            raise MoneyError(str(posted))
        await self.moved()
        return payment.reference


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. `url` is the page's address."""

    url: str
    standin: StandIn
    application: Application
    clock: MovableClock
    acts: DemoActs


@asynccontextmanager
async def demo(
    port: int = 8080,
    loans: Path | None = None,
    language: str | None = None,
    clock: MovableClock | None = None,
    ears: Ears | None = None,
) -> AsyncIterator[Demo]:
    """The demo until the block ends; its database lives in a temporary folder and goes with it."""
    set_up_logging("console", (_TOKEN,), logging.WARNING)
    clock = clock or MovableClock()
    async with AsyncExitStack() as stack:
        storage, keys = await temporary_storage(stack)
        draft = read_settings(environ={})
        files = read_files(draft.dialogs_dir, draft.locales_dir)
        scripts = LiveScripts(storage, (await load_or_publish(storage, files, clock.now())).live)
        await approve_all(storage, scripts.current.script.answers or NO_ANSWERS, DEMO, clock.now())
        await scripts.refresh()
        acts = DemoActs(storage, scripts, clock, MemoryWakeUps(clock))
        standin = StandIn(_TOKEN, now=clock.now, tick=lambda: clock.now().timestamp())
        view = LenderView(storage, scripts, clock, post_payment=acts.pay, moved=acts.moved)
        app = standin.app()
        app.add_routes(view.routes())
        server = WebServer(app, "127.0.0.1", port)
        await server.start()
        stack.push_async_callback(server.stop)
        stack.push_async_callback(view.close)
        url = f"http://127.0.0.1:{server.port}"
        api = await stack.enter_async_context(BotApi(_TOKEN, url))
        parts, _ = await telegram_parts(api, keys, clock)
        application = Application(
            storage, scripts, clock, acts.wake_ups, {CHANNEL: parts}, Pace(), 30, ears=ears or PlainEars()
        )
        polling = Polling(api, storage, clock, acts.wake_ups, application.holder, lambda: 0.5)
        application.intake = (polling.run,)
        await add_loans(storage, scripts.current, clock, loans)
        await _add_people(storage, standin, clock, language)
        await application.start()
        stack.push_async_callback(application.stop)
        watching = asyncio.create_task(_watch(standin, view))
        stack.callback(watching.cancel)
        yield Demo(url, standin, application, clock, acts)


async def _watch(standin: StandIn, view: LenderView) -> None:
    """Tells the page to look again whenever something was said."""
    number = standin.events.last
    while True:
        events = await standin.events.next_after(number, 15.0)
        number = events[-1].number if events else number
        await view.changed()


async def temporary_storage(stack: AsyncExitStack) -> tuple[Storage, tuple[str, ...]]:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gracebot-demo-"))
    url = f"sqlite+aiosqlite:///{folder}/demo.db"
    keys = (secrets.token_hex(32),)
    await asyncio.to_thread(upgrade, url)
    storage = await open_storage(url, keys)
    stack.push_async_callback(storage.close)
    return storage, keys


async def add_loans(storage: Storage, live: Live, clock: Clock, loans: Path | None) -> None:
    """The loan book, through the same import as any other."""
    today = local_day(clock.now(), "UTC")
    with tempfile.TemporaryDirectory(prefix="gracebot-book-") as folder:
        path = loans or Path(folder) / "sample.csv"
        if loans is None:
            path.write_text(sample_book(today), encoding="utf-8")
        report = await import_loan_book(
            storage, live, book_items(path, BookMapping(), options_of(live, clock.now()), None), clock.now()
        )
    if not report.summary.good:
        raise ConfigurationProblems([f"{path} has no row that can be used; `gracebot import --dry-run` tells why."])


async def _add_people(storage: Storage, standin: StandIn, clock: MovableClock, language: str | None) -> None:
    """Everybody in the book gets an account on the stand-in and an invitation that the page opens with Start."""
    now = clock.now()
    for borrower_id in [x async for x in _borrower_ids(storage)]:
        situation = await storage.situation_of_borrower(borrower_id, now)
        borrower = situation.borrower
        if borrower is None or (language is not None and borrower.language != language):
            continue
        (invitation,) = await invite(storage, (borrower_id,), now, "demo")
        loan = situation.loans[0] if situation.loans else None
        due = loan.oldest_unpaid.due_on if loan and loan.oldest_unpaid else None
        standin.add_person(
            borrower.name,
            borrower.identity.phone,
            language_code=(borrower.language or "en").split("-")[0],
            about={
                "borrower_id": borrower_id,
                "link": invitation.token,
                "loan_id": loan.loan_id if loan else None,
                "amount": f"{loan.oldest_unpaid.unpaid.decimal:f}" if loan and loan.oldest_unpaid else None,
                "currency": loan.currency if loan else None,
                "due_on": due.isoformat() if due else None,
                "language": borrower.language,
                "birth_date": borrower.identity.birth_date.isoformat() if borrower.identity.birth_date else None,
                "id_last4": borrower.identity.id_last4,
            },
        )


async def _borrower_ids(storage: Storage) -> AsyncIterator[str]:
    """Everybody in the book, in the order of their loans."""
    seen: set[str] = set()
    async for loan_id in storage.loan_ids():
        ledger = await storage.ledger(loan_id)
        if ledger is not None and ledger.loan.borrower_id not in seen:
            seen.add(ledger.loan.borrower_id)
            yield ledger.loan.borrower_id
