"""What all benchmarks share: the machine they ran on, CPU and memory of another process, and tables of figures.

A figure alone says little on a machine that others use too: every table sets it beside a baseline of the same run, and its
head names cores, load and the disk.
"""

from __future__ import annotations

import math
import os
import platform
import socket
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

_TICKS = os.sysconf("SC_CLK_TCK")


def machine(folder: Path) -> str:
    """One line: cores, load, disk, versions. `folder` is where the benchmark's database lies."""
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}  {os.cpu_count()} cores, load {load}, "
        f"fdatasync {median(_flushes(folder)) * 1000:.2f} ms, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _flushes(folder: Path, times: int = 20) -> Iterable[float]:
    path = folder / "flush"
    with path.open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            yield time.perf_counter() - begun
    path.unlink()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all its threads so far, to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory of a process now, or the most it ever was."""
    name = "VmHWM:" if peak else "VmRSS:"
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def quantile(values: Iterable[float], share: float) -> float:
    """The value that this share of all values does not exceed; not a number where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def show(head: Sequence[str], rows: Sequence[Sequence[str | float]]) -> None:
    """A table: words to the left, figures to the right."""
    cells = [[cell if isinstance(cell, str) else figure(cell) for cell in row] for row in rows]
    words = [any(isinstance(row[at], str) for row in rows) for at in range(len(head))]
    widths = [max(len(row[at]) for row in [list(head), *cells]) for at in range(len(head))]
    for row in [list(head), *cells]:
        aligned = (c.ljust(w) if left else c.rjust(w) for c, w, left in zip(row, widths, words, strict=True))
        print("  ".join(aligned).rstrip(), flush=True)
    print()


def figure(value: float) -> str:
    """Three digits that count, and no exponent."""
    if math.isnan(value):
        return "-"
    digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"
