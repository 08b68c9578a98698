"""Language tags and who stands in for whom."""

from __future__ import annotations

import pytest

from bot.texts.languages import canonical_tag, cldr_locale, fallbacks, folder_of, is_right_to_left, native_name


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh_Hant_TW", "zh-Hant"),
        ("pt_br", "pt-BR"),
        ("EN", "en"),
        ("en-XA", "en-XA"),
    ],
)
def test_tags_have_one_form(given: str, wanted: str) -> None:
    assert canonical_tag(given) == wanted


def test_folders_are_written_as_babel_writes_them() -> None:
    assert (folder_of("zh-CN"), folder_of("pt-BR"), folder_of("en")) == ("zh_Hans", "pt_BR", "en")


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("zh-Hant", ("zh-Hant", "zh-Hans", "zh", "en")),
        ("pt-BR", ("pt-BR", "pt", "en")),
        ("en", ("en",)),
        ("xx", ("xx", "en")),
    ],
)
def test_english_is_the_last_resort(tag: str, wanted: tuple[str, ...]) -> None:
    assert fallbacks(tag) == wanted


def test_pseudo_locales_borrow_their_numbers_and_direction() -> None:
    assert (str(cldr_locale("en-XA")), str(cldr_locale("ar-XB"))) == ("en", "ar")
    assert is_right_to_left("ar-XB")
    assert not is_right_to_left("en-XA")
    assert str(cldr_locale("nonsense-tag")) == "en"


def test_languages_name_themselves() -> None:
    assert [native_name(t) for t in ("en", "zh-Hans", "zh-Hant", "es")] == [
        "English",
        "简体中文",
        "繁體中文",
        "Español",
    ]
