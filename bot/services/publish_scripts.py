"""Publish: the files on disk are a draft; what borrowers meet is a numbered, immutable version in the database.

The first start with nothing published checks the files and publishes version 1; later edits wait for a command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.dialog.moves import Moves, check_moves, flows_alike
from bot.domain.diagnostics import Diagnostic, Severity
from bot.domain.errors import ConfigurationProblems, Conflict
from bot.services import readings
from bot.services.live import Live, compile_files, digest_of, tell_outgrown
from bot.services.ports import Storage
from bot.services.writes import AppendAudit, PublishVersion, PutSetting

#: Kinds of file that belong to a version.
_ENDINGS = (".yaml", ".po")
_LARGEST = 4 * 1024 * 1024
_OUTGROWN = (
    "Version {number}, which is live, does not run with this program. Mend the files on disk until `gracebot dialogs check` "
    "passes and publish them, or go on with the program that it was published with."
)


@dataclass(frozen=True, slots=True)
class Published:
    live: Live
    new: bool
    problems: tuple[Diagnostic, ...]


def read_files(dialogs_dir: Path, locales_dir: Path) -> dict[str, str]:
    """All files of a draft by their path below `dialogs/` and `locales/`. Raises ConfigurationProblems, all at once."""
    files: dict[str, str] = {}
    problems: list[str] = []
    for name, folder in (("dialogs", dialogs_dir), ("locales", locales_dir)):
        if not folder.is_dir():
            problems.append(f"{folder} is not a folder; set GRACE_{name.upper()}_DIR to the one that holds {name}.")
            continue
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _ENDINGS and p.is_file()):
            try:
                if path.stat().st_size > _LARGEST:
                    problems.append(f"{path} is larger than {_LARGEST // 1024} KiB; split it.")
                    continue
                files[f"{name}/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                problems.append(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.")
    if problems:
        raise ConfigurationProblems(problems)
    return files


async def load_or_publish(storage: Storage, files: Mapping[str, str], now: datetime) -> Published:
    """The live version; where nothing was ever published, the draft becomes version 1. Raises ConfigurationProblems."""
    stored = await storage.live_version()
    if stored is None:
        try:
            return await publish(storage, files, now, by="first start", note="first version")
        except Conflict:
            # Another process of the same first start was quicker; what it published is live.
            stored = await storage.live_version()
            assert stored is not None
    read, to_keep = readings.read_ahead(dict(stored.files), await storage.setting(readings.SETTING))
    live, problems = compile_files(read, stored.number, published=True)
    if to_keep is not None:
        await storage.commit((PutSetting(readings.SETTING, to_keep),))
    if live is None:
        raise ConfigurationProblems([_OUTGROWN.format(number=stored.number), *errors_of(problems)])
    tell_outgrown(stored.number, problems)
    return Published(live, new=False, problems=problems)


def errors_of(problems: Iterable[Diagnostic]) -> list[str]:
    """The sentences of what must be mended."""
    return [str(p) for p in problems if p.severity is Severity.ERROR]


async def publish(
    storage: Storage,
    files: Mapping[str, str],
    now: datetime,
    by: str,
    note: str,
    steps: Mapping[str, str] | None = None,
) -> Published:
    """Checks the draft and makes it the live version. The same files as the live version change nothing.

    `steps` take conversations that wait at steps of older versions to steps of the new one. No conversation is written
    here: each goes there when it is next loaded. Raises ConfigurationProblems with all that is wrong, Conflict where another
    process published meanwhile.
    """
    stored = await storage.live_version()
    number = stored.number + 1 if stored else 1
    if stored is not None and stored.digest == digest_of(files) and not steps:
        number = stored.number
    read, to_keep = readings.read_ahead(files, await storage.setting(readings.SETTING))
    live, problems = compile_files(read, number)
    if live is None:
        raise ConfigurationProblems(errors_of(problems))
    if stored is not None and number == stored.number:
        return Published(live, new=False, problems=problems)
    moves = await fitting_moves(storage, steps, live) if steps else None
    kept_moves = moves.to_json() if moves else None
    await storage.commit(
        (
            PublishVersion(number, tuple(sorted(files.items())), live.digest, now, by, note, kept_moves),
            AppendAudit(now, by, "published", f"version {number}", (("digest", live.digest),)),
            *([PutSetting(readings.SETTING, to_keep)] if to_keep is not None else []),
        )
    )
    return Published(live, new=True, problems=problems)


async def fitting_moves(storage: Storage, steps: Mapping[str, str], new: Live) -> Moves:
    """The map, checked against the live version and all that somebody stands in. Where it fits an older one no longer,
    those who stand there keep it. Raises ConfigurationProblems where it fits none."""
    stored = await storage.live_version()
    needed = {talk.script_version async for talk in storage.open_talks()}
    numbers = sorted({n for n in needed if n is not None} | ({stored.number} if stored else set()), reverse=True)
    alike: dict[int, tuple[str, ...]] = {}
    problems: list[str] = []
    for number in numbers:
        old = await published(storage, number)
        faults = check_moves(steps, old.script, new.script) if old else []
        problems += [f"From version {number}: {fault}" for fault in faults]
        if old is not None and not faults:
            alike[number] = flows_alike(old.script, new.script)
    if not alike:
        raise ConfigurationProblems(problems or ["There is no older version to move anybody from."])
    return Moves(steps, alike)


async def published(storage: Storage, number: int) -> Live | None:
    """A published version, compiled; None where there is none of that number, or where it does not run any more."""
    stored = await storage.version(number)
    return (await asyncio.to_thread(compile_files, dict(stored.files), number, published=True))[0] if stored else None


async def roll_back(storage: Storage, number: int, now: datetime, by: str, note: str) -> Published:
    """Makes the files of an older version live again, as a version of its own: what was published stays as it was.

    Raises ConfigurationProblems where there is no such version, or where it no longer passes today's checks.
    """
    stored = await storage.version(number)
    if stored is None:
        raise ConfigurationProblems([f"There is no version {number}; `gracebot dialogs history` lists them."])
    return await publish(storage, dict(stored.files), now, by, note)
