"""The operators' side is translated whole: every sentence of its pages is in every console catalog, and none is left over."""

from pathlib import Path

import pytest

from bot.texts.catalogs import read_catalog
from bot.web.lender_view import _SENTENCES

ROOT = Path(__file__).parents[2]
CATALOGS = sorted((ROOT / "locales").glob("*/LC_MESSAGES/console.po"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_sentence_of_the_pages_is_translated(path: Path) -> None:
    catalog, problems = read_catalog(path.read_text(encoding="utf-8"), path.parts[-3])
    assert problems == ()
    assert {source for _, source in catalog.entries} == set(_SENTENCES.values())


def test_there_is_a_console_catalog() -> None:
    assert [path.parts[-3] for path in CATALOGS] == ["zh_Hans"]
