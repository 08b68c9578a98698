"""The real program as processes of a test: started, watched, killed, and asked how it is."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

_ROOT = Path(__file__).parents[3]
#: How long a start, an end or an answer may take on a machine that does much else.
PATIENCE = 60.0


class Launcher:
    """Forks the program from a process that has everything imported. One for all tests of a session."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.running.warm_start"], stdin=theirs.fileno(), cwd=_ROOT
        )
        theirs.close()

    def start(self, arguments: list[str], environment: Mapping[str, str], outputs: list[int]) -> int:
        """The pid."""
        request = {"arguments": arguments, "environment": dict(environment)}
        socket.send_fds(self._socket, [json.dumps(request).encode()], outputs)
        return int(self._socket.recv(100))

    def exit_code(self, pid: int) -> int:
        """Of a process that has ended; negative where a signal ended it."""
        self._socket.send(json.dumps({"wait": pid}).encode())
        return int(self._socket.recv(100))

    def close(self) -> None:
        self._socket.close()
        self._warm.wait(PATIENCE)


class Program:
    """One process. `said` grows with its standard output; `log` is the file that its log goes to."""

    def __init__(self, launcher: Launcher, pid: int, log: Path) -> None:
        self._launcher = launcher
        self.pid = pid
        self.log = log
        self.said = ""
        self.exit_code: int | None = None
        self._told = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, launcher: Launcher, arguments: list[str], environment: Mapping[str, str], log: Path
    ) -> Program:
        reading, writing = os.pipe()
        logging = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            pid = launcher.start(arguments, environment, [writing, logging])
        finally:
            os.close(writing)
            os.close(logging)
        program = cls(launcher, pid, log)
        reader = asyncio.StreamReader()
        pipe = os.fdopen(reading, "rb", 0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        program._listening = asyncio.create_task(program._listen(reader))
        return program

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        # The pipe ends when the process does, however it ends: nobody else holds its other end.
        while line := await reader.readline():
            async with self._told:
                self.said += line.decode()
                self._told.notify_all()
        async with self._told:
            self.exit_code = self._launcher.exit_code(self.pid)
            self._told.notify_all()

    async def up(self) -> bool:
        """True as soon as it listens, False as soon as it has ended."""
        async with asyncio.timeout(PATIENCE), self._told:
            await self._told.wait_for(lambda: "listens on" in self.said or self.exit_code is not None)
        return self.exit_code is None

    async def ready(self) -> int:
        """The port it listens on, as soon as it does. Fails where it ended instead."""
        assert await self.up(), f"ended with {self.exit_code}: {self.errors()}"
        return int(self.said.rpartition(":")[2])

    async def ended(self, seconds: float = PATIENCE) -> int:
        """The exit code, as soon as it has one."""
        async with asyncio.timeout(seconds), self._told:
            await self._told.wait_for(lambda: self.exit_code is not None)
        assert self.exit_code is not None
        return self.exit_code

    def signal(self, number: signal.Signals) -> None:
        if self.exit_code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def kill(self) -> None:
        """As a power cut would: no clearing up."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self) -> int:
        """Told to stop; its exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    def errors(self) -> str:
        return self.log.read_text(encoding="utf-8")

    async def ask(self, path: str) -> tuple[int, str]:
        """Status and body of a page of its web server."""
        address = f"http://127.0.0.1:{await self.ready()}{path}"
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            return response.status, await response.text()

    async def until_ready(self, ready: bool = True) -> dict[str, str]:
        """What `/readyz` says, as soon as it says that all is well, or (`ready` False) that it is not."""
        async with asyncio.timeout(PATIENCE):
            while True:
                status, body = await self.ask("/readyz")
                if (status == 200) == ready:
                    found: dict[str, str] = json.loads(body)
                    return found
                await asyncio.sleep(0.05)


@asynccontextmanager
async def ending(program: Program) -> AsyncIterator[Program]:
    try:
        yield program
    finally:
        await program.kill()


async def first_to_end(*programs: Program) -> tuple[Program, Program]:
    """Of two, the one that ended first, and the other."""
    waiting = {asyncio.ensure_future(program.ended()): program for program in programs}
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    ended = waiting[done.pop()]
    return ended, next(program for program in programs if program is not ended)
