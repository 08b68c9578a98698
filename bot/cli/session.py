"""What commands share: settings read once, storage opened and closed, errors as one sentence and an exit code."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from bot.domain.errors import ConfigurationProblems, GraceError

if TYPE_CHECKING:
    from bot.config import Role, Settings
    from bot.domain.diagnostics import Diagnostic
    from bot.services.live import Live
    from bot.services.ports import Clock, Storage

Result = TypeVar("Result")

DONE, FOUND_PROBLEMS, WRONG_USE = 0, 1, 2


def run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Runs a command's work; our own errors become sentences on stderr and exit codes."""
    try:
        return asyncio.run(_awaited(work))
    except ConfigurationProblems as error:
        fail(error.problems, WRONG_USE)
    except GraceError as error:
        fail((str(error),), FOUND_PROBLEMS)
    except KeyboardInterrupt:
        raise typer.Exit(DONE) from None


async def _awaited(work: Callable[[], Awaitable[Result]]) -> Result:
    return await work()


def fail(sentences: tuple[str, ...], code: int) -> NoReturn:
    """Says what is wrong, a line each, and ends."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201 - the command line's voice
    raise typer.Exit(code)


def say(sentence: str) -> None:
    """A line for the person at the terminal."""
    print(sentence)  # noqa: T201 - the command line's voice


def settings_of(*needs: str, role: Role = "all", level: int = logging.WARNING) -> Settings:
    """The settings, with every problem at once if they cannot be used; logs from `level` on go to stderr."""
    from bot.config import read_settings
    from bot.logs import set_up_logging

    try:
        settings = read_settings(needs=needs, role=role)
    except ConfigurationProblems as error:
        fail(error.problems, WRONG_USE)
    outside = settings.outside_model.key if settings.outside_model else None
    secrets = (settings.telegram_token or "", *settings.secret_keys, outside or "")
    set_up_logging(settings.log_format, secrets, level)
    return settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Storage, Clock]]:
    """The database of these settings, and the clock."""
    from bot.jobs.clock import SystemClock
    from bot.storage.open import open_storage

    clock = SystemClock()
    storage = await open_storage(settings.database_url, settings.secret_keys)
    try:
        yield storage, clock
    finally:
        await storage.close()


def instant() -> datetime:
    """The time now."""
    from bot.jobs.clock import SystemClock

    return SystemClock().now()


def today() -> date:
    """The day now, in UTC."""
    return instant().date()


async def live_of(storage: Storage, settings: Settings, clock: Clock) -> Live:
    """The live version; the first command on a new installation publishes version 1."""
    from bot.services.publish_scripts import load_or_publish

    return (await load_or_publish(storage, draft_files(settings), clock.now())).live


def draft_files(settings: Settings) -> dict[str, str]:
    """The files on disk: the draft."""
    from bot.services.publish_scripts import read_files

    return read_files(settings.dialogs_dir, settings.locales_dir)


def checked_draft(settings: Settings) -> tuple[Live | None, tuple[Diagnostic, ...]]:
    """The draft as publishing would make it live, None where it would refuse, and all that is wrong with it."""
    from bot.services.live import compile_files

    return compile_files(draft_files(settings), number=1)


def draft_of(settings: Settings) -> Live:
    """The draft; ends with all that is wrong where it cannot be published."""
    from bot.services.publish_scripts import errors_of

    live, problems = checked_draft(settings)
    if live is None:
        fail(tuple(errors_of(problems)), FOUND_PROBLEMS)
    return live
