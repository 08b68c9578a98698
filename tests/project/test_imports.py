"""Imports point inwards, and the contracts that say so cover every package."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_import_contract_is_kept() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_only_one_turn_one_job_and_one_web_request_catch_everything() -> None:
    """A job is a wake-up, and within the timers' wake-up each timer, so that one cannot hold up those behind it."""
    found = [
        f"{path.relative_to(ROOT)}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*except\*?(:| (Base)?Exception\b)", line)
    ]
    assert found == [
        "bot/jobs/memory.py",
        "bot/services/handle_inbound.py",
        "bot/services/run_timers.py",
        "bot/web/server.py",
    ]
