"""docs/programmes.md tells, for every source and everything it implies, the test that shows it or what is done instead."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from bot.policy.programme import REASONS
from bot.policy.programme_reading import programme_schema
from bot.policy.reminder_policy import TASK_MEDIA
from bot.policy.scorecard import FACTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")
ALL = ("p2p", "fenqile", "xinerfu", "jiebei", "huabei")

#: Every capability with the sources that imply it.
IMPLIED: dict[str, tuple[str, ...]] = {
    "staged escalation engine": ALL,
    "stage bounds in days, editable": ALL,
    "preparation before the due date": ("p2p", "fenqile", "jiebei", "huabei"),
    "due-day notice": ("p2p",),
    "automatic notices": ALL,
    "several channels": ALL,
    "contact schedule with time and content": ("fenqile", "jiebei", "huabei"),
    "tone per severity": ALL,
    "ask the reason": ALL,
    "listen / free-text understanding": ALL,
    "explain consequences and extra cost": ALL,
    "explain credit record": ("p2p", "xinerfu", "jiebei", "huabei"),
    "offer instalments": ("p2p", "fenqile", "xinerfu"),
    "offer extension / grace": ("p2p", "fenqile", "xinerfu"),
    "one-off partial interest waiver": ("xinerfu",),
    "several payment methods": ("p2p",),
    "negotiation within limits": ("p2p", "fenqile", "xinerfu"),
    "record commitments": ("fenqile", "xinerfu"),
    "follow up on time": ALL,
    "borrower file": ALL,
    "preferences, personalisation": ("p2p", "fenqile", "xinerfu"),
    "risk segment": ALL,
    "hand over to a human / specialist": ("p2p", "fenqile", "jiebei", "huabei"),
    "agency hand-off": ("p2p", "fenqile"),
    "door visit (operator only)": ("p2p", "fenqile", "jiebei", "huabei"),
    "lawyer's letter / court status": ("p2p", "fenqile", "jiebei", "huabei"),
    "contact outcome log": ALL,
    "no threat, no insult": ("p2p", "fenqile", "xinerfu"),
    "comply with law": ALL,
    "protect personal data": ("p2p", "fenqile", "xinerfu"),
    "concise, clear text": ("fenqile",),
    "build trust": ALL,
    "financial education": ("xinerfu", "jiebei", "huabei"),
    "metrics on recovery": ALL,
    "answer borrower questions": ("p2p", "xinerfu", "jiebei", "huabei"),
    "staff safety, legality of visits": ("fenqile", "jiebei", "huabei"),
}
PAIRS = [(capability, source) for capability, sources in IMPLIED.items() for source in sources]


def rows_of(source: str) -> dict[str, str]:
    """The table of a source: capability and what is said of it."""
    [section] = re.findall(rf"^### {source}: .*?(?=^### |^None of)", PAGE, re.MULTILINE | re.DOTALL)
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ") and "---" not in line]
    return {row[0].removeprefix("| "): row[1].removesuffix(" |") for row in rows[1:]}


def test_every_source_tells_all_that_it_implies_and_nothing_else() -> None:
    assert {(capability, source) for source in ALL for capability in rows_of(source)} == set(PAIRS)


@pytest.mark.parametrize(("capability", "source"), PAIRS)
def test_a_capability_is_shown_by_a_test_or_done_otherwise(capability: str, source: str) -> None:
    told = rows_of(source)[capability]
    named = re.findall(r"`(tests/[^`]+)`", told)
    assert named or told.startswith("Instead: ")
    for test in named:
        assert is_there(test, source), test


def is_there(test: str, source: str) -> bool:
    """Whether a test of this name stands in the file and, where it is one for several sources, runs for this one."""
    path, _, function = test.partition("::")
    if not function:
        return (ROOT / path).is_file()
    name, _, parameter = function.partition("[")
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            runs_for = ast.unparse(node.decorator_list[0]) if node.decorator_list else ""
            return parameter in ("", f"{source}]") and (
                not parameter or source.upper() in runs_for or "*ALL" in runs_for
            )
    return False


@pytest.mark.parametrize("word", [*REASONS, *TASK_MEDIA, *(f"`{fact}`" for fact in FACTS)])
def test_every_word_that_a_programme_may_use_is_told(word: str) -> None:
    assert word in PAGE


def keys_of(schema: dict[str, Any]) -> set[str]:
    """Every key that a mapping or a list of mappings may have, and those below it."""
    own: dict[str, dict[str, Any]] = schema.get("items", schema).get("properties", {})
    return {*own, *(key for below in own.values() for key in keys_of(below))}


def test_every_key_of_limits_is_told() -> None:
    keys = keys_of(programme_schema()["properties"]["limits"])
    assert {"settlement", "least_percent", "free_days", "grace_days"} - keys == {"free_days"}
    section = PAGE.partition("### Limits")[2].partition("### The scorecard")[0]
    assert {key for key in keys if not re.search(rf"`{key}\b", section)} == set()
