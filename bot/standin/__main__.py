"""Runs the stand-in as a process of its own: `python -m bot.standin --port 0 --token 123456:TEST`.

Prints one line of JSON with its address when it is ready, and serves until it is told to stop.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.standin.limits import Limits
from bot.standin.standin import StandIn


async def serve(options: argparse.Namespace) -> None:
    """Serves until SIGINT or SIGTERM."""
    limits = Limits.off() if options.no_limits else Limits()
    standin = StandIn(options.token, limits=limits)
    for person in json.loads(options.people.read_text(encoding="utf-8")) if options.people else ():
        standin.add_person(**person)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with standin.running(options.host, options.port) as url:
        sys.stdout.write(json.dumps({"url": url, "token": standin.token}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser("python -m bot.standin", description="A strict local stand-in for the Bot API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0: any free port")
    parser.add_argument("--token", default="123456:TEST")
    parser.add_argument("--no-limits", action="store_true", help="no rate limits, for load tests")
    parser.add_argument("--people", type=Path, help='JSON file: [{"name": "...", "phone": "+...", "user_id": 1}, ...]')
    return parser.parse_args(arguments)


if __name__ == "__main__":
    asyncio.run(serve(parse()))
