"""Starts the real program without the seconds that its imports take: a process with everything imported forks for each start.

Run as a program with a socket as its standard input. Each request is one datagram, {"arguments", "environment"}, with two
descriptors for the child's output; the answer is its pid. {"wait": pid} is answered with the exit code, negative for a signal.
What the child runs is `run_bot.py` itself, with these arguments and this environment and nothing else.
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
from collections.abc import Sequence
from typing import Any

#: What a start imports, before anything is read from the environment.
_IMPORTED = (
    "bot.app",
    "bot.cli",
    "bot.jobs.postgres",
    "bot.logs",
    "bot.services.publish_scripts",
    "bot.storage.migrations",
    "bot.storage.postgres",
    "bot.storage.sqlite",
    "alembic.autogenerate",
    "logging.config",
)


def main() -> None:
    for name in _IMPORTED:
        __import__(name)
    requests = socket.socket(fileno=0)
    while True:
        message, outputs, _, _ = socket.recv_fds(requests, 1 << 20, 2)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = _start(requests, request, outputs)
        requests.send(json.dumps(answer).encode())


def _start(requests: socket.socket, request: dict[str, Any], outputs: Sequence[int]) -> int:
    pid = os.fork()
    if pid == 0:
        requests.close()
        _become(request, outputs)
    for output in outputs:
        os.close(output)
    return pid


def _become(request: dict[str, Any], outputs: Sequence[int]) -> None:
    """Never returns."""
    code = 70
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for place, output in enumerate(outputs, 1):
            os.dup2(output, place)
            os.close(output)
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.argv = ["run_bot.py", *request["arguments"]]
        runpy.run_path("run_bot.py", run_name="__main__")
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does at its end
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
