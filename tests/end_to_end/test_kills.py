"""Killed without warning at seeded events, and nothing is lost, doubled or out of order: on SQLite and on PostgreSQL.

30 kills on each database; with GRACE_TEST_LONG=1, in `make soak`, 1,000. A failing run is named by its seed.
"""

from __future__ import annotations

import os

import pytest

from tests.end_to_end.running.crashing import Crashes
from tests.end_to_end.running.installation import Installation
from tests.end_to_end.running.invariants import check

LONG = bool(os.environ.get("GRACE_TEST_LONG"))
KILLS_A_RUN = 50 if LONG else 15
SEEDS = range(1, 21 if LONG else 3)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed-{seed}")
async def test_one_process_on_sqlite(on_sqlite: Installation, seed: int) -> None:
    run = Crashes(on_sqlite, seed, KILLS_A_RUN, {"bot": "all"}, webhook=seed % 2 == 0)
    async with run.running():
        assert len(run.kills) == KILLS_A_RUN
        await check(run)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed-{seed}")
async def test_three_processes_on_postgresql(on_postgres: Installation, seed: int) -> None:
    run = Crashes(on_postgres, seed, KILLS_A_RUN, {"web": "web", "one": "worker", "two": "worker"}, webhook=True)
    async with run.running():
        assert len(run.kills) >= KILLS_A_RUN
        await check(run)
