"""SQLite: one writer thread with group commit; look-ups on the caller's own thread.

The writer takes all batches that wait, runs each under a savepoint in one transaction, and answers only after the commit, so one
flush to the disk serves many and a failing batch undoes only itself. A look-up by index takes tens of microseconds, less than
handing it to a thread and back would, and in WAL mode a reader never waits for the writer: so point reads run right in the event
loop. Long readings have a thread and a connection of their own. Errors of the world are translated here, once.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from bot.domain.errors import ConfigurationProblems, Duplicate, StorageError, StorageUnavailable
from bot.storage.installation import PROBE, probe, setting
from bot.storage.statements import Alone, Change, ChangeMany, Fetch, Program, Question

T = TypeVar("T")

#: Batches in one transaction at most; more would keep the first ones waiting for the last.
_GROUP = 256
#: How long another process may hold the file before we say that the database is unavailable.
BUSY_SECONDS = 5.0
#: Readers hardly ever wait in WAL mode, and this one would keep the event loop waiting with it.
_READER_BUSY_SECONDS = 0.5

#: STRICT tables.
_OLDEST = (3, 37)

_TAKEN = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
}


def refuse_old_sqlite() -> None:
    """Raises ConfigurationProblems where the SQLite that Python came with is too old."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise ConfigurationProblems(
            [f"SQLite {sqlite3.sqlite_version} has no STRICT tables; 3.37 or newer comes with newer builds of Python."]
        )


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS, read_only: bool = False) -> sqlite3.Connection:
    """A connection without the module's own transactions. Raises StorageUnavailable."""
    refuse_old_sqlite()
    mode = "ro" if read_only else "rwc"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=busy_seconds,
            cached_statements=512,
            check_same_thread=False,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # A large import makes the log grow; afterwards it need not stay that large.
            connection.execute("PRAGMA journal_size_limit = 67108864")
    except sqlite3.Error as error:
        raise _translated(error) from error
    return connection


def _translated(error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _TAKEN:
        return Duplicate(str(error))  # names table and columns, never values
    if code & 0xFF in _UNAVAILABLE:
        return StorageUnavailable(f"SQLite: {error}")
    return StorageError(f"SQLite: {error}")


def run(connection: sqlite3.Connection, program: Program[T]) -> T:
    """Answers the program's questions one by one. What the database refuses is thrown into the program."""
    try:
        question = next(program)
        while True:
            try:
                answer = _answer(connection, question)
            except sqlite3.Error as error:
                translated = _translated(error)
                translated.__cause__ = error
                question = program.throw(translated)
            else:
                question = program.send(answer)
    except StopIteration as done:
        result: T = done.value
        return result


def _answer(connection: sqlite3.Connection, question: Question) -> Any:
    if isinstance(question, Fetch):
        sql, constants = question.statement.for_sqlite
        return connection.execute(sql, {**constants, **question.parameters}).fetchall()
    if isinstance(question, Change):
        sql, constants = question.statement.for_sqlite
        return connection.execute(sql, {**constants, **question.parameters}).rowcount
    if isinstance(question, ChangeMany):
        sql, constants = question.statement.for_sqlite
        sets = [{**constants, **p} for p in question.parameters] if constants else question.parameters
        connection.executemany(sql, sets)
        return None
    assert isinstance(question, Alone)  # the one writer is
    return None


class _Job(Generic[T]):
    """One batch on its way through the writer. As a context it keeps whatever is raised for the one who waits for it:
    a fault in one batch must never end the thread that all others need."""

    def __init__(self, make_program: Callable[[], Program[T]], loop: asyncio.AbstractEventLoop) -> None:
        self.make_program = make_program
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.result: T | None = None
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True

    def answer(self) -> None:
        if self.future.done():  # the caller was cancelled; what was written stays written
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class Reader:
    """A connection that only reads; a new one after any trouble, so that it recovers by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def read(self, program: Program[T]) -> T:
        """All the program's questions see one state of the database."""
        whole = False
        try:
            if self._connection is None:
                self._connection = connect(self._path, busy_seconds=_READER_BUSY_SECONDS, read_only=True)
            self._connection.execute("BEGIN")
            result = run(self._connection, program)
            self._connection.execute("ROLLBACK")
            whole = True
        except sqlite3.Error as error:
            raise _translated(error) from error
        finally:
            # Whatever broke the reading may have left its transaction open.
            if not whole:
                self.close()
        return result

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SqliteDatabase:
    """`bot.storage.database.Database` on one file."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._writing: sqlite3.Connection | None = connect(path, busy_seconds=busy_seconds)
        self._points = Reader(path)
        self._pages = Reader(path)
        self._pager = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage-pages")
        self._last_write_failed = False
        self._writer = threading.Thread(target=self._write_groups, name="storage-writer", daemon=True)
        self._writer.start()

    # reading

    async def read(self, program: Program[T]) -> T:
        return self._points.read(program)

    async def read_together(self, program: Program[T]) -> T:
        return self._points.read(program)

    async def read_page(self, program: Program[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pager, self._pages.read, program)

    # writing

    async def write(self, make_program: Callable[[], Program[T]]) -> T:
        job = _Job(make_program, asyncio.get_running_loop())
        self._jobs.put(job)
        return await job.future

    def _write_groups(self) -> None:
        stopping = False
        while not stopping:
            group = [self._jobs.get()]
            while len(group) < _GROUP and not self._jobs.empty():
                group.append(self._jobs.get())
            stopping = None in group
            jobs = [job for job in group if job is not None]
            if jobs:
                self._write_group(jobs)
                _answer_all(jobs)
        if self._writing is not None:
            self._writing.close()

    def _write_group(self, jobs: list[_Job[Any]]) -> None:
        """All jobs in one transaction. Where that cannot be committed, none of them was written."""
        try:
            connection = self._writing = self._writing or connect(self._path, busy_seconds=self._busy_seconds)
            connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                _write_one(connection, job)
            connection.execute("COMMIT")
            self._last_write_failed = False
        except (sqlite3.Error, StorageUnavailable) as error:
            self._last_write_failed = True
            failure = _translated(error) if isinstance(error, sqlite3.Error) else error
            for job in jobs:
                # One object each: a shared one would gather the tracebacks of all who catch it.
                job.error = StorageUnavailable(str(failure))
            # A new connection starts from what is on the disk, whatever state this one was left in.
            if self._writing is not None:
                self._writing.close()
                self._writing = None

    async def ping(self) -> None:
        """A read; after a failed write a write as well, so that a full disk shows until there is room again."""
        await self.read(setting(PROBE))
        if self._last_write_failed:
            await self.write(probe)

    async def close(self) -> None:
        self._pager.shutdown()
        self._points.close()
        self._pages.close()
        # Last, because the connection that is closed last folds the write-ahead log into the file.
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)


def _write_one(connection: sqlite3.Connection, job: _Job[Any]) -> None:
    connection.execute("SAVEPOINT job")
    with job:
        job.result = run(connection, job.make_program())
    if isinstance(job.error, StorageUnavailable):
        raise job.error
    if job.error is not None:
        connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")


def _answer_all(jobs: list[_Job[Any]]) -> None:
    """Wakes each event loop once for all its jobs of the group."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job[Any]]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, own in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_answer_each, own)


def _answer_each(jobs: list[_Job[Any]]) -> None:
    for job in jobs:
        job.answer()
