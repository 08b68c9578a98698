"""One process serves a SQLite file. A second one would drain the same outbox and think the first one's rows were left by the dead.

Commands that look things up or import beside a running bot need no such lock: every write checks what it expects anyway.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import ConfigurationProblems
from bot.storage.place import place_of


@contextmanager
def lock_for_one_process(url: str) -> Iterator[None]:
    """Held while the context is open, and let go by the system however the process ends. PostgreSQL needs none.

    Raises ConfigurationProblems where another process holds it.
    """
    path = place_of(url).path
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(path.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
            raise ConfigurationProblems(
                [f"Process {holder} already serves {path}; stop it first, or use PostgreSQL to serve with several."]
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
