"""`serve`: the bot for real, in one process or as several roles on PostgreSQL."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.session import run, say, settings_of


class Role(StrEnum):
    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def serve(
    role: Annotated[Role, typer.Option(help="all: one process; web and worker scale out on PostgreSQL.")] = Role.ALL,
) -> None:
    """Run the bot: take updates in, answer, remind, follow up.

    Example: GRACE_TELEGRAM_TOKEN=123456789:AAE... GRACE_SECRET_KEY=$(openssl rand -hex 32) gracebot serve
    """
    settings = settings_of("telegram_token", "secret_key", role=role.value, level=logging.INFO)

    async def work() -> None:
        # What a start makes is for good: to look through it for garbage again and again takes a fifth of the start.
        gc.disable()
        from bot.app import serving

        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with serving(settings, role.value) as running:
            gc.freeze()
            gc.enable()
            say(f"Gracebot listens on http://{settings.host}:{running.port}")
            ended = asyncio.create_task(running.application.wait())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait((ended, stopped), return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if ended.done():
                ended.result()
            else:
                ended.cancel()

    run(work)
