"""docs/conversation-tests.md teaches to write a talk: each example goes as written, and its tables are those of the code."""

from __future__ import annotations

import re

import pytest

from bot.dialog.conversation_tests import run_conversation
from bot.dialog.given import GIVEN
from bot.dialog.talk_expectations import EXPECTED
from bot.dialog.talk_turns import DONE
from tests.conversations.shipped import ROOT, the_stage

_PAGE = (ROOT / "docs" / "conversation-tests.md").read_text(encoding="utf-8")
_EXAMPLES = re.findall(r"```yaml\n(.*?)```", _PAGE, re.DOTALL)


def _keys(section: str) -> set[str]:
    """The keys in the first column of a section's table."""
    text = _PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("text", _EXAMPLES, ids=range(len(_EXAMPLES)))
def test_example_goes_as_written(text: str) -> None:
    assert run_conversation(text, "example.yaml", the_stage()).failures == ()


def test_there_are_six_examples() -> None:
    assert len(_EXAMPLES) == 6


def test_tables_are_those_of_the_code() -> None:
    assert _keys("What is given") == set(GIVEN)
    assert _keys("What is done in a turn") == set(DONE)
    assert _keys("What is expected") == set(EXPECTED)
