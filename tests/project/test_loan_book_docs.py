"""The page about loan books names every column, every problem and every mistake of a mapping."""

from __future__ import annotations

import re
from pathlib import Path

from bot.loanbook.columns import INSTALMENT_COLUMNS, PAYMENT_COLUMNS, SCHEDULE_COLUMNS
from bot.loanbook.problems import PROBLEMS, WARNINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "loan-book.md").read_text(encoding="utf-8")


def test_every_column_is_documented() -> None:
    columns = {*INSTALMENT_COLUMNS, *PAYMENT_COLUMNS}
    assert [name for name in sorted(columns) if f"`{name}`" not in PAGE] == []
    assert [name for name in SCHEDULE_COLUMNS if f"{name}: " not in PAGE] == []


def test_every_problem_is_documented_and_nothing_else() -> None:
    section = PAGE.partition("## Problems")[2]
    assert re.findall(r"^\| `([a-z_0-9]+)`", section, re.MULTILINE) == list(PROBLEMS)


def test_every_problem_is_raised_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert [code for code in PROBLEMS if source.count(f'"{code}"') < 2 + (code in WARNINGS)] == []


def test_every_mistake_of_a_mapping_is_documented() -> None:
    folders = (ROOT / "bot" / "loanbook", ROOT / "bot" / "spreadsheets")
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    raised = set(re.findall(r'"(M\d{3})"', source))
    assert raised == set(re.findall(r"^\| `(M\d{3})`", PAGE, re.MULTILINE))
