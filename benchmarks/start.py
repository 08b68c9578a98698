"""From the command to the first answer of `/readyz`, memory then, and `--help`, beside a Python that does nothing.

python -m benchmarks.start [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from benchmarks.lender_side import ROOT, Installation, new_installation
from benchmarks.measure import free_port, machine, memory_mb, show
from bot.standin import StandIn

TOKEN = "700000001:BENCH-stand-in-token-that-opens-nothing"
_LONGEST_SECONDS = 60


def _timed(arguments: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def _ready(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=1).status == 200)
    except (urllib.error.URLError, OSError):
        return False


async def _start(installation: Installation, api: str) -> tuple[float, float]:
    """Seconds until ready, and megabytes then."""
    port, begun = free_port(), time.perf_counter()
    with installation.serve(api, TOKEN, port, webhook=False) as running:
        while not await asyncio.to_thread(_ready, f"http://127.0.0.1:{port}/readyz"):
            running.check()
            if time.perf_counter() - begun > _LONGEST_SECONDS:
                raise TimeoutError("the service did not become ready")
            await asyncio.sleep(0.02)
        return time.perf_counter() - begun, memory_mb(running.pid)


async def _measure(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        print(machine(Path(name)))
        nothing = [_timed(["-c", "pass"]) for _ in range(rounds)]
        helped = [_timed(["run_bot.py", "--help"]) for _ in range(rounds)]
        async with StandIn(TOKEN).running() as api:
            firsts, laters = [], []
            for number in range(rounds):
                folder = Path(name) / str(number)
                folder.mkdir()
                installation = new_installation(folder)
                firsts.append(await _start(installation, api))
                laters.append(await _start(installation, api))
        rows = [
            ["python -c pass", median(nothing), 1.0, float("nan")],
            ["run_bot.py --help", median(helped), median(helped) / median(nothing), float("nan")],
            *(
                [
                    what,
                    median(s for s, _ in starts),
                    median(s for s, _ in starts) / median(nothing),
                    median(m for _, m in starts),
                ]
                for what, starts in (("serve, first start, to ready", firsts), ("serve, later start, to ready", laters))
            ),
        ]
        show(["what", "seconds", "ratio", "MB"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(_measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
