"""`dialogs test`: what decides is whether talks go as written and whether they visit enough of the flows."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bot.cli.talks import tell_how_talks_go
from tests.conversations.shipped import shipped

_GOOD = "talk:\n  - {command: loan, bot: bill}\n"
_BAD = "talk:\n  - {command: loan, bot: menu}\n"


@pytest.mark.parametrize(
    ("text", "coverage", "at_least", "good", "told"),
    [
        (_GOOD, False, 0, True, "1 talks, 0 failed"),
        (_BAD, False, 0, False, "talk.yaml:2:5 T001 The bot said balance.bill, not menu"),
        (_GOOD, True, 1, False, "  promise.card [Confirm]"),
        (_GOOD, False, 1, False, " % of "),
        (_GOOD, True, 0, True, " % of "),
    ],
)
def test_talks_and_coverage_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, coverage: bool, at_least: int, good: bool, told: str
) -> None:
    (tmp_path / "talk.yaml").write_text(text, encoding="utf-8")
    assert tell_how_talks_go(shipped(), [tmp_path], coverage, at_least) is good
    assert told in capsys.readouterr().out


def test_folder_without_talks_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(typer.Exit):
        tell_how_talks_go(shipped(), [tmp_path], coverage=False, at_least=0)
