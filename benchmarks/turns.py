"""Turns a second and the time of a turn, beside a bare python-telegram-bot echo bot over its default httpx.

Ours is the real `serve` process with everything on: SQLite with synchronous=FULL, borrowers known and with loans,
understanding, dialog, outbox, gate, audit, encryption. All bots are processes of their own and take turns in this very run,
with the same load and the same Bot API server. CPU is the bot's alone, for one turn.

    python -m benchmarks.turns [--way webhook|polling] [--turns 600] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks.lender_side import Installation, Running, chat_of, new_installation
from benchmarks.measure import cpu_seconds, free_port, machine, memory_mb, quantile, show
from benchmarks.telegram_side import Bot, BotApiServer, Load, MakeUpdate, pressed, typed
from bot.channels.telegram.signing import Signer
from bot.dialog.effects import Choice
from bot.texts.messages import Message

OURS = "Gracebot"
#: As many as keep each chat below one message a second at a thousand turns a second.
CHATS = 3_000
IN_FLIGHT = (1, 16, 64)
OPEN_RATE = 50
#: Asked in English and in Chinese, all answered from the borrower's loan.
TEXTS = (
    "how much do I owe?",
    "when is my next payment due",
    "How can I pay this?",
    "what happens if I don't pay",
    "我还欠多少钱？",
)
BUTTON = "ask_balance"
_START_SECONDS = 60


@dataclass(slots=True)
class Figures:
    """What several rounds of one measurement gave."""

    per_second: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Contender:
    """A bot that is running. `figures` by number in flight, 0 for updates that come at their own rate."""

    name: str
    bot: Bot
    process: Running
    figures: dict[int, Figures] = field(default_factory=dict)

    async def measure(self, load: Load, in_flight: int, turns: int, seconds: float) -> None:
        found = self.figures.setdefault(in_flight, Figures())
        cpu = cpu_seconds(self.process.pid)
        if in_flight:
            passed, times = await load.closed(turns, in_flight)
            found.per_second.append(len(times) / passed)
        else:
            times = await load.open(OPEN_RATE, seconds)
            found.per_second.append(OPEN_RATE)
        found.cpu.append((cpu_seconds(self.process.pid) - cpu) / len(times))
        found.times += times


@dataclass(frozen=True, slots=True)
class Asked:
    turns: int
    rounds: int
    seconds: float


async def compare(folder: Path, ways: Sequence[str], kinds: Sequence[str], asked: Asked) -> None:
    print(machine(folder))
    installation = new_installation(folder)
    await installation.fill(CHATS, CHATS)
    async with AsyncExitStack() as stack:
        api = BotApiServer()
        root = await stack.enter_async_context(api)
        for number, way in enumerate(ways):
            async with AsyncExitStack() as running:
                contenders = await start(running, api, root, installation, way, 1000 * (number + 1))
                for kind in kinds:
                    await run(contenders, load_of(kind, installation, contenders[-1].bot), asked)
                    print(f"\n{way}, {'typed text' if kind == 'typed' else 'buttons'}")
                    report(contenders)
                print(f"memory of {OURS} at its most: {memory_mb(contenders[-1].process.pid, peak=True):.0f} MB")


async def start(
    stack: AsyncExitStack, api: BotApiServer, root: str, installation: Installation, way: str, number: int
) -> list[Contender]:
    """All bots, ready; ours is the last."""
    webhook = way == "webhook"
    contenders = []
    for at, (name, extra) in enumerate((("echo, one by one", ()), ("echo, concurrent", ("--concurrent",))), number):
        token = f"{at}:baseline-token-of-an-echo-bot"
        port = ("--port", str(free_port())) if webhook else ()
        log = installation.folder / f"echo-{at}.log"
        process = Running(["-m", "benchmarks.echo_bot", root, token, *extra, *port], log)
        contenders.append(Contender(name, api.add(token), stack.enter_context(process)))
    token = f"{number + 9}:token-of-the-bot-that-is-measured"
    ours = installation.serve(root, token, free_port(), webhook=webhook)
    contenders.append(Contender(OURS, api.add(token), stack.enter_context(ours)))
    for contender in contenders:
        await ready(contender)
    return contenders


async def ready(contender: Contender) -> None:
    """Returns when the bot takes updates in."""
    async with asyncio.timeout(_START_SECONDS):
        while not await contender.bot.listens():
            contender.process.check()
            await asyncio.sleep(0.1)


def load_of(kind: str, installation: Installation, ours: Bot) -> MakeUpdate:
    if kind == "typed":
        return typed(TEXTS)
    signer = Signer((installation.key,), int(ours.token.partition(":")[0]))
    return pressed(lambda chat_id: signer.sign(str(chat_id), Choice(Message("", ""), BUTTON), 0, 1))


async def run(contenders: Sequence[Contender], make: MakeUpdate, asked: Asked) -> None:
    chats = cycle(chat_of(number) for number in range(CHATS))
    loads = [Load(contender.bot, chats, make) for contender in contenders]
    for contender, load in zip(contenders, loads, strict=True):
        contender.figures.clear()
        await load.closed(min(200, asked.turns), 16)
    for _ in range(asked.rounds):
        for in_flight in (*IN_FLIGHT, 0):
            for contender, load in zip(contenders, loads, strict=True):
                await contender.measure(
                    load, in_flight, asked.turns if in_flight > 1 else asked.turns // 3, asked.seconds
                )
                contender.process.check()
    # An apology, or a question whom we speak with, would be fast, too.
    if b"Confirm" in contenders[-1].bot.last_message or b"reply_markup" not in contenders[-1].bot.last_message:
        raise RuntimeError("the answers are not those of a borrower who is known")


def report(contenders: Sequence[Contender]) -> None:
    rows: list[list[str | float]] = []
    for in_flight in (*IN_FLIGHT, 0):
        per_second = {c.name: median(c.figures[in_flight].per_second) for c in contenders}
        best = max(rate for name, rate in per_second.items() if name != OURS)
        for contender in contenders:
            figures = contender.figures[in_flight]
            rows.append(
                [
                    f"{in_flight} in flight" if in_flight else f"{OPEN_RATE}/s come",
                    contender.name,
                    per_second[contender.name],
                    quantile(figures.times, 0.5) * 1000,
                    quantile(figures.times, 0.99) * 1000,
                    median(figures.cpu) * 1e6,
                    per_second[contender.name] / best if in_flight else float("nan"),
                ]
            )
    show(["load", "bot", "turns/s", "p50 ms", "p99 ms", "CPU us", "to the best echo"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--way", choices=("webhook", "polling"), action="append", help="how updates come in; default both"
    )
    parser.add_argument("--kind", choices=("typed", "buttons"), action="append", help="what borrowers do; default both")
    parser.add_argument("--turns", type=int, default=600, help="turns of each measurement (a third of it one by one)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind; medians are printed")
    parser.add_argument("--seconds", type=float, default=10, help=f"how long {OPEN_RATE} updates a second come")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gracebot-turns-") as folder:
        limits = Asked(asked.turns, asked.rounds, asked.seconds)
        ways, kinds = asked.way or ("webhook", "polling"), asked.kind or ("typed", "buttons")
        asyncio.run(compare(Path(folder), ways, kinds, limits))


if __name__ == "__main__":
    main()
