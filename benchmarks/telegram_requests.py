"""Messages a second of our Telegram channel against python-telegram-bot's own `Bot.send_message` over its default httpx.

Both send the same text and buttons to the same stand-in (another process, limits off), in turns, in this very run; printed
are the medians and their ratio. CPU is the sender's alone.

    python -m benchmarks.telegram_requests [--messages 300] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.send import TelegramChannel
from bot.domain.borrower import Address
from bot.domain.delivery import Button, Content, Delivered, MessageKind, OutboundMessage, SendMessage
from bot.jobs.clock import SystemClock
from bot.standin import Limits, StandIn

TOKEN = "123456:benchmark"
TEXT = "You agreed to pay 500.00 CNY on Friday. Shall I put it on record?"
DATA = "x" * 40
IN_FLIGHT = (1, 10, 50)

Send = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Figure:
    per_second: float
    p99_ms: float
    cpu_us: float


def serve(pipe: Connection) -> None:
    """The stand-in, in a process of its own, until the pipe is closed."""

    async def run() -> None:
        standin = StandIn(TOKEN, limits=Limits.off())
        person = standin.add_person("Li")
        await person.start()
        async with standin.running() as root:
            pipe.send((root, person.user_id))
            await asyncio.to_thread(pipe.poll, None)

    asyncio.run(run())


async def measure(send: Send, messages: int, in_flight: int) -> Figure:
    left = iter(range(messages))
    times: list[float] = []

    async def worker() -> None:
        for _ in left:
            begun = time.perf_counter()
            await send()
            times.append(time.perf_counter() - begun)

    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    passed, used = time.perf_counter() - begun, time.process_time() - cpu
    return Figure(messages / passed, sorted(times)[int(0.99 * messages)] * 1000, used / messages * 1e6)


async def compare(root: str, chat_id: int, messages: int, rounds: int) -> None:
    content = Content(TEXT, ((Button("Yes", data=DATA), Button("No", data=DATA)),))
    message = OutboundMessage(1, Address("telegram", str(chat_id)), SendMessage(content), MessageKind.REPLY, 1)
    keyboard = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Yes", callback_data=DATA), InlineKeyboardButton("No", callback_data=DATA)]]
    )
    quiet = LinkPreviewOptions(is_disabled=True)
    async with (
        BotApi(TOKEN, root) as api,
        Bot(TOKEN, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot") as theirs,
    ):
        channel = TelegramChannel(api, SystemClock())

        async def ours() -> None:
            assert isinstance(await channel.send(message), Delivered)

        async def httpx() -> None:
            await theirs.send_message(chat_id, TEXT, reply_markup=keyboard, link_preview_options=quiet)

        print(f"{'in flight':>9}  {'':12} {'messages/s':>10} {'p99 ms':>8} {'CPU us':>7}")
        for in_flight in IN_FLIGHT:
            figures: dict[str, list[Figure]] = {"ours": [], "PTB, httpx": []}
            await measure(ours, 50, in_flight)
            await measure(httpx, 50, in_flight)
            for _ in range(rounds):
                figures["ours"].append(await measure(ours, messages, in_flight))
                figures["PTB, httpx"].append(await measure(httpx, messages, in_flight))
            report(in_flight, figures)


def report(in_flight: int, figures: dict[str, list[Figure]]) -> None:
    medians = {
        name: Figure(median(f.per_second for f in all_), median(f.p99_ms for f in all_), median(f.cpu_us for f in all_))
        for name, all_ in figures.items()
    }
    for name, figure in medians.items():
        print(f"{in_flight:9}  {name:12} {figure.per_second:10.0f} {figure.p99_ms:8.1f} {figure.cpu_us:7.0f}")
    ours, theirs = medians.values()
    print(
        f"{in_flight:9}  {'ratio':12} {ours.per_second / theirs.per_second:10.2f} {ours.p99_ms / theirs.p99_ms:8.2f} "
        f"{ours.cpu_us / theirs.cpu_us:7.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=300, help="messages in each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind; medians are printed")
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,))
    server.start()
    try:
        root, chat_id = here.recv()
        asyncio.run(compare(root, chat_id, asked.messages, asked.rounds))
    finally:
        here.send(None)
        server.join()


if __name__ == "__main__":
    main()
