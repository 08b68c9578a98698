"""Rendering: one language from the first word to the last, values by CLDR, nothing ever half said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.errors import CannotSay
from bot.domain.money import Money
from bot.texts.catalogs import Catalog, Catalogs
from bot.texts.messages import DayInYear, Message, Moment, Words
from bot.texts.render import render, render_lines, whole_language

_DAY = ("format.day", "EEEE, d MMMM")
_CHINESE = Catalog(
    "zh-Hans",
    {
        _DAY: ("M月d日（EEEE）",),
        ("format.day_in_year", "EEEE, d MMMM y"): ("y年M月d日（EEEE）",),
        ("a.pay", "Pay %(amount)s by %(day)s."): ("请在%(day)s前还%(amount)s。",),
        ("a.days", "%(n)s day"): ("%(n)s天",),
        ("a.title", "Promise"): ("约定",),
        ("a.back", "Back to %(topic)s."): ("回到%(topic)s。",),
    },
)
_CATALOGS = Catalogs({"en": Catalog("en"), "zh-Hans": _CHINESE})
_PAY = Message("Pay %(amount)s by %(day)s.", "a.pay", (("amount", Money(50000, "CNY")), ("day", date(2026, 11, 27))))


def test_values_are_written_as_the_reader_writes_them() -> None:
    assert render(_PAY, _CATALOGS, "en") == "Pay CN¥500.00 by Friday, 27 November."
    assert render(_PAY, _CATALOGS, "zh-Hans") == "请在11月27日（星期五）前还¥500.00。"


@pytest.mark.parametrize("tag", ["zh-CN", "zh", "zh_Hans", "zh-Hant", "zh-TW"])
def test_relatives_of_a_language_are_served_by_it(tag: str) -> None:
    assert render(_PAY, _CATALOGS, tag) == "请在11月27日（星期五）前还¥500.00。"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("es", "viernes, 27 de noviembre"), ("de", "Freitag, 27. November"), ("pt-BR", "sexta-feira, 27 de novembro")],
)
def test_language_without_a_pattern_of_its_own_writes_days_as_cldr_says(language: str, wanted: str) -> None:
    catalogs = Catalogs({language: Catalog(language, {("a.b", "On %(day)s"): ("%(day)s",)})})
    assert render(Message("On %(day)s", "a.b", (("day", date(2026, 11, 27)),)), catalogs, language) == wanted


def test_day_of_another_year_carries_its_year() -> None:
    message = Message("%(day)s", "a.b", (("day", DayInYear(date(2027, 1, 15))),))
    assert render(message, _CATALOGS, "en") == "Friday, 15 January 2027"


def test_instant_names_its_place() -> None:
    message = Message("%(at)s", "a.b", (("at", Moment(datetime(2026, 11, 27, 1, tzinfo=UTC), "Asia/Shanghai")),))
    assert render(message, _CATALOGS, "en") == "Friday, 27 November 09:00 (Shanghai)"


def test_message_with_an_untranslated_part_falls_back_as_a_whole() -> None:
    topic = Words(Message("Help", "b.title"))
    half = Message("Back to %(topic)s.", "a.back", (("topic", topic),))
    assert render(half, _CATALOGS, "zh-Hans") == "Back to Help."
    whole = Message("Back to %(topic)s.", "a.back", (("topic", Words(Message("Promise", "a.title"))),))
    assert render(whole, _CATALOGS, "zh-Hans") == "回到约定。"


def test_lines_of_one_message_are_never_of_two_languages() -> None:
    lines = (_PAY, Message("Not translated.", "a.b"))
    assert render_lines(lines, _CATALOGS, "zh-Hans") == "Pay CN¥500.00 by Friday, 27 November.\nNot translated."
    assert whole_language(lines, _CATALOGS, "zh-Hans") == "en"


def test_empty_message_is_an_empty_line() -> None:
    assert render_lines((_PAY, Message("", ""), _PAY), _CATALOGS, "zh-Hans").split("\n")[1] == ""


@pytest.mark.parametrize(
    ("language", "n", "wanted"),
    [("en", 1, "1 day"), ("en", 0, "0 days"), ("en", 1200, "1,200 days"), ("zh-Hans", 1, "1天")],
)
def test_count_chooses_the_form(language: str, n: int, wanted: str) -> None:
    message = Message("%(n)s day", "a.days", (("n", n),), plural="%(n)s days", count_by="n")
    assert render(message, _CATALOGS, language) == wanted


def test_values_are_isolated_in_languages_written_from_the_right() -> None:
    arabic = Catalogs({"ar": Catalog("ar", {("a.b", "Pay %(name)s"): ("ادفع %(name)s",)})})
    message = Message("Pay %(name)s", "a.b", (("name", "Ana"),))
    assert render(message, arabic, "ar") == "ادفع \u2068Ana\u2069"
    assert render(message, arabic, "en") == "Pay Ana"


def test_name_that_looks_like_a_template_stays_a_name() -> None:
    message = Message("Hello %(name)s", "a.b", (("name", "%(secret)s %s {0} {{x}}"), ("secret", "1234")))
    assert render(message, _CATALOGS, "en") == "Hello %(secret)s %s {0} {{x}}"


def test_name_cannot_break_lines_or_turn_the_text_around() -> None:
    message = Message("Hello %(name)s.", "a.b", (("name", "A\n\u202eB\x00C"),))
    assert render(message, _CATALOGS, "en") == "Hello A B C."


def test_name_cannot_bring_markup_with_it() -> None:
    message = Message("<b>%(name)s</b>", "a.b", (("name", "<i>A & B</i>"),))
    assert render(message, _CATALOGS, "en", markup="html") == "<b>&lt;i&gt;A &amp; B&lt;/i&gt;</b>"
    assert render(message, _CATALOGS, "en") == "<b><i>A & B</i></b>"


@pytest.mark.parametrize(
    "message",
    [
        Message("Pay %(amount)s", "a.b"),
        Message("Pay %d", "a.b"),
        Message("%(n)s day", "a.b", (("n", "one"),), plural="%(n)s days", count_by="n"),
    ],
)
def test_half_a_sentence_is_never_said(message: Message) -> None:
    with pytest.raises(CannotSay):
        render(message, _CATALOGS, "en")


@pytest.mark.parametrize(
    ("minor", "currency", "wanted"),
    [(0, "CNY", "CN¥0.00"), (5, "JPY", "¥5"), (1234, "KWD", "KWD\xa01.234"), (-500, "USD", "-$5.00")],
)
def test_amounts_have_exactly_their_currencys_decimals(minor: int, currency: str, wanted: str) -> None:
    assert render(Message("%(a)s", "a.b", (("a", Money(minor, currency)),)), _CATALOGS, "en") == wanted
