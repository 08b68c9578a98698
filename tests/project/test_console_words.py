"""The operators' side is translated whole: every sentence of its pages is in every console catalog, and none is left over."""

from pathlib import Path

import pytest

from bot.domain.holds import HoldKind
from bot.texts.catalogs import Catalogs, read_catalog
from bot.web.lender_words import SENTENCES, LenderWords

ROOT = Path(__file__).parents[2]
CATALOGS = sorted((ROOT / "locales").glob("*/LC_MESSAGES/console.po"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_sentence_of_the_pages_is_translated(path: Path) -> None:
    catalog, problems = read_catalog(path.read_text(encoding="utf-8"), path.parts[-3])
    assert problems == ()
    assert {source for _, source in catalog.entries} == set(SENTENCES.values())


def test_there_is_a_console_catalog() -> None:
    assert [path.parts[-3] for path in CATALOGS] == ["zh_Hans"]


def test_every_kind_of_hold_has_a_name() -> None:
    assert [kind.value for kind in HoldKind if f"hold {kind}" not in SENTENCES] == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("quiet_hours", "Outside the hours in which we may write"),
        ("cap:week", "As many messages as the rules allow have been sent"),
        ("ladder_task", "Given to a person"),
        ("hardship", "Hardship is being looked at"),
        ("kept", "kept"),
        ("settled by letter", "settled by letter"),
    ],
)
def test_an_outcome_is_told_in_words(code: str, told: str) -> None:
    assert LenderWords(Catalogs({}), "en").reason(code) == told
