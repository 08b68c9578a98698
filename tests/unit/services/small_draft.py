"""The shipped dialogs in English alone, which compile in a second, with one flow more; and a shelf to publish them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from bot.services.live import Live, compile_files
from bot.services.ports import ExactVersion, VersionRecord
from bot.services.publish_scripts import read_files
from bot.services.writes import Batch, PublishVersion, PutSetting
from tests.conversations.shipped import ROOT

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

#: Two questions and a card; `/trial` begins it.
TRIAL = """
flow: trial
title: A trial
starts: {commands: [trial]}
steps:
  first:
    ask: Which day suits you?
    slot: day
    type: date
  second:
    ask: Do you need more time?
    slot: longer
    type: yes_no
  card:
    confirm: Is this right?
    yes: {label: Confirm, goto: done}
    no: {label: Cancel, goto: done}
  done: {say: Thank you., next: end}
"""


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    files = read_files(ROOT / "dialogs", ROOT / "locales")
    return {path: text for path, text in files.items() if path.startswith(("dialogs/", "locales/en/"))}


def a_draft(trial: str = TRIAL, **more: str) -> dict[str, str]:
    """The files of a small draft; `more` by path, with `__` for `/` and `_dot_` for `.`."""
    files = {path.replace("__", "/").replace("_dot_", "."): text for path, text in more.items()}
    return _english() | {"dialogs/flows/trial.yaml": trial} | files


def changed(files: Mapping[str, str], path: str, old: str, new: str) -> dict[str, str]:
    """The files with one text replaced, which must be there."""
    assert old in files[path]
    return {**files, path: files[path].replace(old, new)}


@lru_cache(maxsize=8)
def compiled(trial: str = TRIAL, number: int = 1) -> Live:
    live, problems = compile_files(a_draft(trial), number, published=True)
    assert live is not None, [str(problem) for problem in problems]
    return live


@dataclass
class Shelf:
    """A storage that keeps versions and settings, and counts what it is asked for."""

    published: list[ExactVersion] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    async def live_version(self) -> ExactVersion | None:
        return self.published[-1] if self.published else None

    async def version(self, number: int) -> ExactVersion | None:
        self.asked.append(number)
        return next((v for v in self.published if v.number == number), None)

    async def versions(self) -> tuple[VersionRecord, ...]:
        kept = reversed(self.published)
        return tuple(VersionRecord(v.number, v.digest, v.at, v.by, v.note) for v in kept)

    async def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        for write in batch:
            if isinstance(write, PublishVersion):
                version = (write.number, write.files, write.digest, write.at, write.by, write.note)
                self.published.append(ExactVersion(*version))
            elif isinstance(write, PutSetting):
                self.settings[write.name] = write.value
        return ()
