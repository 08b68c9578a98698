"""The lender's side: an installation with a loan book, borrowers who have proven who they are, and the real `serve` process.

The book goes in through `import`, so each name and number is sealed with its borrower's own key. Only the proofs are not
walked through one by one: they are stored as the dialog would have stored them.
"""

from __future__ import annotations

import csv
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType

from bot.channels.telegram.receive import CHANNEL
from bot.domain.borrower import Address
from bot.domain.situation import Conversation, Holder
from bot.jobs.clock import SystemClock
from bot.services.writes import SaveConversation
from bot.storage.open import open_storage

ROOT = Path(__file__).resolve().parents[1]

HEAD = (
    *("programme", "borrower_id", "borrower_name", "language", "timezone", "region", "phone", "email", "birth_date"),
    *("id_last4", "loan_id", "currency", "instalment", "due_date", "principal", "interest", "fees", "late_fees"),
    *("paid", "paid_at", "risk", "flags"),
)
#: Chats of borrowers have the numbers from here on.
FIRST_CHAT = 5_000_001
_PAGE = 2_000


def book_rows(borrowers: int, instalments: int, today: date) -> Iterator[list[str]]:
    """A book in the canonical columns: a loan each, monthly, first due far enough ahead that no reminder goes today."""
    for number in range(borrowers):
        first = today + timedelta(days=20 + number % 30)
        person = [f"B-{number}", f"Borrower {number}", "en", "Europe/London", "GB", f"+4477009{number % 100000:05d}"]
        person += ["", f"19{number % 60 + 40}-03-08", f"{number % 10000:04d}"]
        for at in range(instalments):
            due = first + timedelta(days=30 * at)
            loan = [f"L-{number}", "GBP", str(at + 1), due.isoformat(), "85.50", "9.50", "0.00", "0.00"]
            yield ["generic", *person, *loan, "0.00", today.isoformat(), "", ""]


def write_book(path: Path, borrowers: int, instalments: int, today: date) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(book_rows(borrowers, instalments, today))


@dataclass(frozen=True, slots=True)
class Installation:
    """A database in a folder, with its keys."""

    folder: Path
    key: str

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder}/gracebot.db"

    @property
    def settings(self) -> dict[str, str]:
        # The classifier is measured by itself; learning it would take the cores from what is measured here.
        return {"SECRET_KEY": self.key, "DATABASE_URL": self.url, "LOG_FORMAT": "json", "CLASSIFIER_DIR": "off"}

    async def fill(self, borrowers: int, proven: int, instalments: int = 3) -> None:
        """Imports a book of so many borrowers; the first `proven` of them have a chat in which they are known."""
        now = SystemClock().now()
        path = self.folder / "book.csv"
        write_book(path, borrowers, instalments, now.date())
        self.command("database", "upgrade")
        self.command("import", str(path))
        path.unlink()
        storage = await open_storage(self.url, (self.key,))
        try:
            for start in range(0, proven, _PAGE):
                await storage.commit(tuple(_proven(number, now) for number in range(start, min(proven, start + _PAGE))))
        finally:
            await storage.close()

    def command(self, *arguments: str) -> None:
        """Runs a command of ours to its end. Raises RuntimeError with what it said where it fails."""
        with Running([str(ROOT / "run_bot.py"), *arguments], self.folder / "command.log", self.settings) as running:
            running.wait()

    def serve(self, api: str, token: str, port: int, *, webhook: bool) -> Running:
        """`run_bot.py serve` as anybody runs it, with its pace as high as it goes."""
        settings = self.settings | {
            "TELEGRAM_TOKEN": token,
            "TELEGRAM_API_URL": api,
            "PORT": str(port),
            "MESSAGES_PER_SECOND": "1000",
        }
        if webhook:
            settings["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        return Running([str(ROOT / "run_bot.py"), "serve"], self.folder / f"serve-{port}.log", settings)


def new_installation(folder: Path) -> Installation:
    return Installation(folder, secrets.token_hex(32))


def chat_of(number: int) -> int:
    return FIRST_CHAT + number


def _proven(number: int, now: datetime) -> SaveConversation:
    conversation = Conversation(
        conversation_id=None,
        address=Address(CHANNEL, str(chat_of(number))),
        borrower_id=f"B-{number}",
        verified_at=now,
        language="en",
        holder=Holder.BOT,
        epoch=0,
        version=1,
        script_version=None,
        state=None,
    )
    return SaveConversation(conversation, None, now)


class Running(AbstractContextManager["Running"]):
    """A Python process of ours, ended with the block. What it says goes into a file."""

    def __init__(self, arguments: Sequence[str], log: Path, settings: dict[str, str] | None = None) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GRACE_")}
        given = {f"GRACE_{name}": value for name, value in (settings or {}).items()}
        self._log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=kept | given, stdout=file, stderr=file
            )
        self.pid = self._process.pid

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def check(self) -> None:
        """Raises RuntimeError with the end of what it said, where it has ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"ended with {self._process.returncode}:\n{self._said()}")

    def wait(self) -> None:
        """Returns when it has ended well, else raises RuntimeError with the end of what it said."""
        if self._process.wait():
            raise RuntimeError(f"ended with {self._process.returncode}:\n{self._said()}")

    def _said(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]
