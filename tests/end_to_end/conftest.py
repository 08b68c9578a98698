"""What the end-to-end tests share: one launcher a session, one installation a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.standin import StandIn
from bot.standin.limits import Limits
from bot.standin.webhook import Backoff
from tests.databases import (  # noqa: F401
    database_url,
    empty_postgres_url,
    migrated_sqlite_file,
    postgres_server,
    postgres_url,
    sqlite_url,
)
from tests.end_to_end.running.installation import TOKEN, Installation, scripts
from tests.end_to_end.running.program import Launcher
from tests.end_to_end.small_desk import desk  # noqa: F401
from tests.end_to_end.terminals import furnished, office  # noqa: F401


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Unset, structlog writes out every variable of a traceback: minutes, where one of them holds all scripts."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    made = Launcher()
    yield made
    made.close()


@pytest.fixture(scope="session")
def script_folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return scripts(tmp_path_factory.mktemp("scripts"))


@pytest.fixture
async def standin() -> StandIn:
    """One that hurries: no pace but the product's own, and webhooks tried again at once."""
    return StandIn(TOKEN, limits=Limits.off(), webhook_backoff=Backoff(first=0.05, longest=0.2))


@pytest.fixture
async def standin_url(standin: StandIn) -> AsyncIterator[str]:
    async with standin.running() as url:
        yield url


@pytest.fixture
def on_sqlite(
    launcher: Launcher,
    standin: StandIn,
    standin_url: str,
    sqlite_url: str,  # noqa: F811
    script_folders: tuple[Path, Path],
    tmp_path: Path,
) -> Installation:
    return Installation(launcher, standin, standin_url, sqlite_url, tmp_path, *script_folders)


@pytest.fixture
def on_postgres(
    launcher: Launcher,
    standin: StandIn,
    standin_url: str,
    postgres_url: str,  # noqa: F811
    script_folders: tuple[Path, Path],
    tmp_path: Path,
) -> Installation:
    return Installation(launcher, standin, standin_url, postgres_url, tmp_path, *script_folders)


@pytest.fixture
def on_empty_postgres(
    launcher: Launcher,
    standin: StandIn,
    standin_url: str,
    empty_postgres_url: str,  # noqa: F811
    script_folders: tuple[Path, Path],
    tmp_path: Path,
) -> Installation:
    """A database without tables."""
    return Installation(launcher, standin, standin_url, empty_postgres_url, tmp_path, *script_folders)
