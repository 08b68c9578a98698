"""Money, days, numbers and plurals are written as readers of each language write them, by CLDR; spelt out here."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.money import Money
from bot.texts.catalogs import Catalog, Catalogs, plural_forms, plural_index
from bot.texts.languages import cldr_locale
from bot.texts.messages import DayInYear, Message, Moment, Parameter
from bot.texts.render import render

_DUE, _NEXT_YEAR = date(2026, 11, 27), DayInYear(date(2027, 1, 5))
_AT = Moment(datetime(2026, 11, 27, 1, tzinfo=UTC), "Asia/Shanghai")


def _written(value: Parameter, language: str) -> str:
    """The value alone, in a catalog that says nothing of days; no-break spaces as the plain ones that a test can show."""
    catalogs = Catalogs({language: Catalog(language, {("a.b", "%(x)s"): ("%(x)s",)})})
    return render(Message("%(x)s", "a.b", (("x", value),)), catalogs, language).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "minor", "currency", "wanted"),
    [
        ("en", 120000, "CNY", "CN¥1,200.00"),
        ("en", 120000, "USD", "$1,200.00"),
        ("en", 120000, "GBP", "£1,200.00"),
        ("zh-Hans", 120000, "CNY", "¥1,200.00"),
        ("zh-Hans", 120000, "USD", "US$1,200.00"),
        ("zh-Hant", 120000, "TWD", "$1,200.00"),
        ("zh-Hant", 120000, "CNY", "CN¥1,200.00"),
        ("es", 120000000, "MXN", "1.200.000,00 MXN"),
        ("es", 120000000, "EUR", "1.200.000,00 €"),
        ("pt-BR", 120000, "BRL", "R$ 1.200,00"),
        ("pt-BR", 5, "BRL", "R$ 0,05"),
        ("id", 120000000, "IDR", "Rp 1.200.000,00"),
        ("vi", 1200000, "VND", "1.200.000 ₫"),
        ("hi", 12000000, "INR", "₹1,20,000.00"),
        ("hi", 1000000000, "INR", "₹1,00,00,000.00"),
        ("ar-XB", 120000, "AED", "\u2068\u200f1,200.00 د.إ.\u200f\u2069"),
    ],
)
def test_amounts(language: str, minor: int, currency: str, wanted: str) -> None:
    assert _written(Money(minor, currency), language) == wanted


@pytest.mark.parametrize(
    ("language", "day", "next_year", "moment"),
    [
        ("en", "Friday, 27 November", "Tuesday, 5 January 2027", "Friday, 27 November 09:00 (Shanghai)"),
        ("zh-Hans", "11月27日星期五", "2027年1月5日星期二", "11月27日星期五 09:00 (上海)"),
        ("zh-Hant", "11月27日 星期五", "2027年1月5日 星期二", "11月27日 星期五 09:00 (上海)"),
        (
            "es",
            "viernes, 27 de noviembre",
            "martes, 5 de enero de 2027",
            "viernes, 27 de noviembre 09:00 (Shanghái)",
        ),
        (
            "pt-BR",
            "sexta-feira, 27 de novembro",
            "terça-feira, 5 de janeiro de 2027",
            "sexta-feira, 27 de novembro 09:00 (Xangai)",
        ),
        ("id", "Jumat, 27 November", "Selasa, 5 Januari 2027", "Jumat, 27 November 09:00 (Shanghai)"),
        ("vi", "Thứ Sáu, 27 tháng 11", "Thứ Ba, 5 tháng 1, 2027", "Thứ Sáu, 27 tháng 11 09:00 (Thượng Hải)"),
        ("hi", "शुक्रवार, 27 नवंबर", "मंगलवार, 5 जनवरी 2027", "शुक्रवार, 27 नवंबर 09:00 (शंघाई)"),
    ],
)
def test_days_and_instants(language: str, day: str, next_year: str, moment: str) -> None:
    assert (_written(_DUE, language), _written(_NEXT_YEAR, language)) == (day, next_year)
    assert _written(_AT, language) == moment


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "1,234,567"),
        ("zh-Hans", "1,234,567"),
        ("zh-Hant", "1,234,567"),
        ("es", "1.234.567"),
        ("pt-BR", "1.234.567"),
        ("id", "1.234.567"),
        ("vi", "1.234.567"),
        ("hi", "12,34,567"),
    ],
)
def test_numbers(language: str, wanted: str) -> None:
    assert _written(1234567, language) == wanted


@pytest.mark.parametrize(
    ("language", "forms", "of_counts"),
    [
        ("en", 2, {0: 1, 1: 0, 2: 1, 21: 1}),
        ("zh-Hans", 1, {0: 0, 1: 0, 2: 0}),
        ("zh-Hant", 1, {0: 0, 1: 0, 2: 0}),
        ("es", 2, {0: 1, 1: 0, 2: 1, 21: 1}),
        ("pt-BR", 2, {0: 0, 1: 0, 2: 1, 21: 1}),
        ("id", 1, {0: 0, 1: 0, 2: 0}),
        ("vi", 1, {0: 0, 1: 0, 2: 0}),
        ("hi", 2, {0: 0, 1: 0, 2: 1, 21: 1}),
        ("ar-XB", 6, {0: 0, 1: 1, 2: 2, 3: 3, 11: 5, 100: 4}),
    ],
)
def test_plurals(language: str, forms: int, of_counts: dict[int, int]) -> None:
    assert plural_forms(language) == forms
    assert {count: plural_index(language)(count) for count in of_counts} == of_counts


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "es", "pt-BR", "id", "vi", "hi"])
def test_counts_that_cldr_tells_apart_have_forms_of_their_own(language: str) -> None:
    # Only counts of days, tries and the like are ever said, so the form for whole millions is left out.
    told_apart = {}
    for count in range(1000):
        told_apart.setdefault(cldr_locale(language).plural_form(count), set()).add(plural_index(language)(count))
    assert all(len(forms) == 1 for forms in told_apart.values())
    assert len({*map(tuple, told_apart.values())}) == plural_forms(language)
