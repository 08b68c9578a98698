"""`demo`: the whole product in one process, with a stand-in for Telegram, sample borrowers and a clock that can be moved."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import run, say, settings_of


def demo(
    port: Annotated[int, typer.Option(help="Where the page listens; 0 takes any free port.")] = 8080,
    loans: Annotated[Path | None, typer.Option(help="A loan book of your own instead of the sample.")] = None,
    language: Annotated[str | None, typer.Option(help="Show only borrowers who speak it, such as zh-Hans.")] = None,
) -> None:
    """Start everything with no token and no server: chat as a sample borrower, see what the lender sees, move the clock.

    Example: gracebot demo --port 8080 --language zh-Hans
    """

    async def work() -> None:
        from bot.app import ears_of
        from bot.demo.running import demo as demo_of

        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with demo_of(port, loans, language, ears=ears_of(settings_of().classifier_dir)) as running:
            say(f"The demo is at {running.url} - open it in a browser; Ctrl-C ends it.")
            await stop.wait()

    run(work)
