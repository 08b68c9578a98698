"""Where the data is: the database URL, read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.errors import ConfigurationProblems

_SQLITE = "sqlite+aiosqlite:///"
_POSTGRES = "postgresql+asyncpg://"


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or with `path` None a server. The URL may hold a password, so it stays out of `repr`."""

    url: str = field(repr=False)
    path: Path | None

    @property
    def for_asyncpg(self) -> str:
        return "postgresql://" + self.url.removeprefix(_POSTGRES)


def place_of(url: str) -> Place:
    """From `sqlite+aiosqlite:///path` or `postgresql+asyncpg://user@host/name`. Raises ConfigurationProblems."""
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return Place(url, Path(url.removeprefix(_SQLITE)))
    if url.startswith(_POSTGRES) and len(url) > len(_POSTGRES):
        return Place(url, None)
    raise ConfigurationProblems(
        ["GRACE_DATABASE_URL: write sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user@host/name."]
    )
