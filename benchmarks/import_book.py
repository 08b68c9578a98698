"""A loan book of many instalments through `import` into SQLite, beside a bare pass of csv.reader and a bare executemany.

python -m benchmarks.import_book [--instalments 1000000]
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.lender_side import ROOT, Running, new_installation, write_book
from benchmarks.measure import cpu_seconds, machine, memory_mb, show
from bot.jobs.clock import SystemClock

_PER_LOAN = 12
_LOOK_EVERY = 0.2


def _bare_read(path: Path) -> float:
    begun = time.process_time()
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
    return time.process_time() - begun


def _bare_insert(path: Path, folder: Path) -> float:
    """The same rows as text into one bare table in one transaction."""
    begun = time.process_time()
    connection = sqlite3.connect(folder / "bare.db")
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        head = next(rows)
        connection.execute(f"CREATE TABLE book ({', '.join(head)})")
        connection.executemany(f"INSERT INTO book VALUES ({', '.join('?' * len(head))})", rows)
    connection.commit()
    connection.close()
    return time.process_time() - begun


def _import(path: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of CPU and peak megabytes of the real command."""
    installation = new_installation(folder)
    installation.command("database", "upgrade")
    begun, cpu, peak = time.perf_counter(), 0.0, 0.0
    arguments = [str(ROOT / "run_bot.py"), "import", str(path)]
    with Running(arguments, folder / "import.log", installation.settings) as running:
        while True:
            try:
                cpu, peak = cpu_seconds(running.pid), memory_mb(running.pid, peak=True)
            except (ProcessLookupError, FileNotFoundError):
                break
            time.sleep(_LOOK_EVERY)
        running.wait()
    return time.perf_counter() - begun, cpu, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instalments", type=int, default=1_000_000)
    wanted = parser.parse_args().instalments
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(machine(folder))
        path = folder / "book.csv"
        write_book(path, wanted // _PER_LOAN, _PER_LOAN, SystemClock().now().date())
        rows = wanted // _PER_LOAN * _PER_LOAN
        read, insert = _bare_read(path), _bare_insert(path, folder)
        seconds, cpu, peak = _import(path, folder)
        show(
            ["what", "rows", "CPU s", "rows per CPU s", "ratio to bare insert", "MB at peak"],
            [
                ["csv.reader alone", float(rows), read, rows / read, read / insert, float("nan")],
                ["bare executemany", float(rows), insert, rows / insert, 1.0, float("nan")],
                [f"import ({seconds:.0f} s of wall time)", float(rows), cpu, rows / cpu, cpu / insert, peak],
            ],
        )


if __name__ == "__main__":
    main()
