"""SQLite: group commit on one connection; short programs on the event loop, whatever may take long on a thread.

All batches that wait go into one transaction, each under a savepoint, so one flush to the disk serves many and a failing
batch undoes only itself; nobody is answered before the commit. A statement takes microseconds, less than handing it to a
thread and back would, and two threads that take turns at each statement keep each other waiting for the interpreter: so
look-ups and a turn's writes run right on the event loop. Flushing, waiting for another process's lock, writings of
thousands of rows and long readings have threads. Errors of the world are translated here, once.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from bot.domain.errors import ConfigurationProblems, Duplicate, StorageError, StorageUnavailable
from bot.storage.installation import PROBE, probe, setting
from bot.storage.statements import Alone, Change, ChangeMany, Fetch, Parameters, Program, Question

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
        return connection.execute(sql, _given(constants, question.parameters)).fetchall()
    if isinstance(question, Change):
        sql, constants = question.statement.for_sqlite
        return connection.execute(sql, _given(constants, question.parameters)).rowcount
    if isinstance(question, ChangeMany):
        sql, constants = question.statement.for_sqlite
        connection.executemany(sql, [_given(constants, each) for each in question.parameters])
        return None
    assert isinstance(question, Alone)  # the one writer is
    return None


def _given(constants: Parameters, parameters: Parameters) -> Parameters:
    return {**constants, **parameters} if constants else parameters


class _Job(Generic[T]):
    """One batch on its way to the disk. As a context it keeps whatever is raised for the one who waits for it: a fault in
    one batch must never end the task that all others need."""

    def __init__(self, make_program: Callable[[], Program[T]], long: bool) -> None:
        self.make_program = make_program
        self.long = long
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
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


class _Disk:
    """A thread for what may take long. A third of the price of an executor's, and a turn pays it with every commit."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[Callable[[], object], asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="storage-disk", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[], object]) -> None:
        """Returns when it is done; raises what it raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked.put((work, done))
        await done

    def _serve(self) -> None:
        while (asked := self._asked.get()) is not None:
            work, done = asked
            error: BaseException | None = None
            try:
                work()
            except (sqlite3.Error, StorageError) as failure:
                error = failure
            with suppress(RuntimeError):  # its event loop was closed meanwhile: nobody waits any more
                done.get_loop().call_soon_threadsafe(_settle, done, error)

    async def stop(self) -> None:
        self._asked.put(None)
        await asyncio.to_thread(self._thread.join)


def _settle(done: asyncio.Future[None], error: BaseException | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(None)


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
        self._jobs: deque[_Job[Any]] = deque()
        self._writing: sqlite3.Connection | None = connect(path, busy_seconds=busy_seconds)
        self._disk = _Disk()
        self._points = Reader(path)
        self._pages = Reader(path)
        self._pager = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage-pages")
        self._last_write_failed = False
        self._writer: asyncio.Task[None] | None = None

    # reading

    async def read(self, program: Program[T]) -> T:
        return self._points.read(program)

    async def read_together(self, program: Program[T]) -> T:
        return self._points.read(program)

    async def read_page(self, program: Program[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pager, self._pages.read, program)

    # writing

    async def write(self, make_program: Callable[[], Program[T]]) -> T:
        return await self._written(_Job(make_program, long=False))

    async def write_page(self, make_program: Callable[[], Program[T]]) -> T:
        return await self._written(_Job(make_program, long=True))

    async def _written(self, job: _Job[T]) -> T:
        self._jobs.append(job)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_groups())
        return await job.future

    async def _write_groups(self) -> None:
        try:
            while self._jobs:
                await self._write_group()
        finally:
            self._writer = None

    async def _write_group(self) -> None:
        """All jobs in one transaction. Where that cannot be committed, none of them was written."""
        group: list[_Job[Any]] = []
        try:
            connection = self._writing = self._writing or connect(self._path, busy_seconds=self._busy_seconds)
            await self._begin(connection)
            before = connection.total_changes
            while self._jobs and len(group) < _GROUP:
                job = self._jobs.popleft()
                group.append(job)
                if job.long:
                    await self._disk.do(partial(_write_one, connection, job))
                else:
                    _write_one(connection, job)
            if connection.total_changes == before:
                connection.execute("COMMIT")  # nothing to flush
            else:
                await self._disk.do(partial(connection.execute, "COMMIT"))
            self._last_write_failed = False
        except (sqlite3.Error, StorageUnavailable) as error:
            self._last_write_failed = True
            failure = _translated(error) if isinstance(error, sqlite3.Error) else error
            # Those that waited behind the group would only wait as long for the same answer.
            group += self._jobs
            self._jobs.clear()
            for job in group:
                # One object each: a shared one would gather the tracebacks of all who catch it.
                job.error = StorageUnavailable(str(failure))
            # A new connection starts from what is on the disk, whatever state this one was left in.
            if self._writing is not None:
                self._writing.close()
                self._writing = None
        for job in group:
            job.answer()

    async def _begin(self, connection: sqlite3.Connection) -> None:
        """Takes the lock of writers; where another process has it, waits for it on the thread."""
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            connection.execute(f"PRAGMA busy_timeout = {int(self._busy_seconds * 1000)}")
            await self._disk.do(partial(connection.execute, "BEGIN IMMEDIATE"))

    async def ping(self) -> None:
        """A read; after a failed write a write as well, so that a full disk shows until there is room again."""
        await self.read(setting(PROBE))
        if self._last_write_failed:
            await self.write(probe)

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer
        await self._disk.stop()
        self._pager.shutdown()
        self._points.close()
        self._pages.close()
        # Last, because the connection that is closed last folds the write-ahead log into the file.
        if self._writing is not None:
            self._writing.close()


def _write_one(connection: sqlite3.Connection, job: _Job[Any]) -> None:
    connection.execute("SAVEPOINT job")
    with job:
        job.result = run(connection, job.make_program())
    if isinstance(job.error, StorageUnavailable):
        raise job.error
    if job.error is not None:
        connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")
