"""The shipped catalogs: eight languages, complete, without a mistake, and as an update writes them."""

from __future__ import annotations

import pytest

from bot.cli.catalog_files import catalog_path, languages_in, template_of, terms_of, updated_text
from bot.texts.coverage import coverage
from tests.conversations.shipped import ROOT

LANGUAGES = ("en", "es", "hi", "id", "pt-BR", "vi", "zh-Hans", "zh-Hant")
_TEMPLATE, _ = template_of(ROOT / "dialogs")


def test_there_are_catalogs_in_eight_languages() -> None:
    assert sorted(languages_in(ROOT / "locales")) == sorted(LANGUAGES)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_catalog_is_complete_and_without_a_mistake(tag: str) -> None:
    path = catalog_path(ROOT / "locales", tag)
    found = coverage(_TEMPLATE, path.read_text(encoding="utf-8"), tag, terms_of(path, tag))
    assert [str(problem) for problem in found.mistakes] == []
    assert found.missing == ()
    assert found.safe_to_enable


@pytest.mark.parametrize("tag", LANGUAGES)
def test_update_of_a_shipped_catalog_changes_nothing(tag: str) -> None:
    before = catalog_path(ROOT / "locales", tag).read_text(encoding="utf-8")
    assert updated_text(_TEMPLATE, before, tag) == (before, ())
