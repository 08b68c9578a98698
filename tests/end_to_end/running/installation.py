"""An installation of the product for a test: its settings, its scripts, its database, and the people on the stand-in.

The scripts are those that are shipped, in English only so that a start is quick, under a contact policy that is open at any
hour and hardly capped, so that a reminder is due whenever the test runs.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.borrower import Address, Borrower, IdentityFacts
from bot.domain.loan import Instalment, LoanStatus
from bot.domain.money import Money
from bot.domain.situation import Conversation, Holder
from bot.jobs.clock import SystemClock
from bot.services.ports import Storage
from bot.services.writes import Batch, SaveConversation, SaveLedger, UpsertBorrower, UpsertInstalment, UpsertLoan
from bot.standin import StandIn
from bot.standin.people import Person
from bot.storage.open import open_storage
from tests.end_to_end.running.program import Launcher, Program

_ROOT = Path(__file__).parents[3]
TOKEN = "123456:TEST-token-that-opens-nothing-but-a-stand-in"
SECRET_KEY = "a key of a test that is at least 32 characters long"

_ALWAYS = """\
id: GLOBAL
title: Open at any hour
as_of: 2026-11-21
review_by: 2027-05-21
windows:
  - {days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00", strength: default, source: test}
holidays: {calendar: region, contact: allowed, strength: default, source: test}
caps:
  - {id: day, media: [chat], max: 100, days: 1, counted: calendar_days, per: person, strength: default, source: test}
min_gap: {hours: 0, strength: default, source: test}
operator_reply: {hours: 24, strength: default, source: test}
"""


def scripts(folder: Path) -> tuple[Path, Path]:
    """Folders for GRACE_DIALOGS_DIR and GRACE_LOCALES_DIR."""
    dialogs, locales = folder / "dialogs", folder / "locales"
    shutil.copytree(_ROOT / "dialogs", dialogs)
    shutil.copytree(_ROOT / "locales" / "en", locales / "en")
    policy, programme = dialogs / "contact" / "GLOBAL.yaml", dialogs / "policies" / "generic.yaml"
    for path in (*policy.parent.glob("*.yaml"), *programme.parent.glob("*.yaml")):
        if path not in (policy, programme):
            path.unlink()
    shipped = policy.read_text(encoding="utf-8")
    policy.write_text(_ALWAYS + shipped[shipped.index("\nstatements:") :], encoding="utf-8")
    text = programme.read_text(encoding="utf-8")
    assert 'hour: "10:00"' in text
    programme.write_text(text.replace('hour: "10:00"', 'hour: "00:00"'), encoding="utf-8")
    return dialogs, locales


@dataclass(frozen=True, slots=True)
class Installation:
    """`url` is the stand-in's address, `folder` holds logs."""

    launcher: Launcher
    standin: StandIn
    url: str
    database_url: str
    folder: Path
    dialogs: Path
    locales: Path

    def environment(self, **changed: str) -> dict[str, str]:
        ours = {
            "TELEGRAM_TOKEN": self.standin.token,
            "TELEGRAM_API_URL": self.url,
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET_KEY,
            "PORT": "0",
            "DIALOGS_DIR": str(self.dialogs),
            "LOCALES_DIR": str(self.locales),
            "MESSAGES_PER_SECOND": "200",
            "LOG_FORMAT": "json",
            "CLASSIFIER_DIR": "off",
        } | changed
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        return kept | {f"GRACE_{name}": value for name, value in ours.items()}

    async def start(self, *arguments: str, name: str = "bot", **changed: str) -> Program:
        """The program with these arguments; its log is `<name>.log`. Settings are changed without their prefix."""
        return await Program.start(
            self.launcher,
            list(arguments) or ["serve"],
            self.environment(**changed),
            self.folder / f"{name}.log",
        )

    @asynccontextmanager
    async def storage(self) -> AsyncIterator[Storage]:
        """The database, as another program beside the bot would open it."""
        opened = await open_storage(self.database_url, (SECRET_KEY,))
        try:
            yield opened
        finally:
            await opened.close()

    def add_person(self, borrower_id: str) -> Person:
        """Somebody on the stand-in who has pressed Start."""
        person = self.standin.add_person(borrower_id, language_code="en", about={"borrower_id": borrower_id})
        person.started = True
        return person


def now() -> datetime:
    return SystemClock().now()


def today() -> date:
    return now().astimezone(UTC).date()


def known_borrower(person: Person, due_in_days: int) -> Batch:
    """A borrower with a loan of 100.00 GBP who has proven who they are in this person's chat."""
    borrower_id, at = person.name, now()
    due = today() + timedelta(days=due_in_days)
    nothing = Money(0, "GBP")
    address = Address("telegram", str(person.user_id))
    return (
        UpsertBorrower(
            Borrower(
                borrower_id,
                borrower_id,
                "en",
                "UTC",
                "GB",
                IdentityFacts(person.phone, date(1990, 1, 2), "1234"),
                None,
            ),
            at,
        ),
        UpsertLoan(f"L-{borrower_id}", "generic", borrower_id, "GBP", None, frozenset(), at),
        UpsertInstalment(
            f"L-{borrower_id}", Instalment(1, due, Money(10000, "GBP"), nothing, nothing, nothing, nothing), at
        ),
        SaveLedger(f"L-{borrower_id}", ((1, 0),), due, 10000, LoanStatus.OPEN, at),
        SaveConversation(
            Conversation(
                conversation_id=None,
                address=address,
                borrower_id=borrower_id,
                verified_at=at,
                language="en",
                holder=Holder.BOT,
                epoch=0,
                version=1,
                script_version=None,
                state=None,
            ),
            None,
            at,
        ),
    )


def free_port() -> int:
    """One below those that the system gives to clients, so that it stays free while nobody listens."""
    draw = random.SystemRandom()
    while True:
        port = draw.randint(10_000, 30_000)
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) != 0:
                return port
