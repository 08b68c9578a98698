"""The calendar page holds what the forecast says, and nothing of it is read as markup."""

from __future__ import annotations

from datetime import date

from bot.domain.money import Money
from bot.policy.forecast import ForecastDay
from bot.web.calendar_page import calendar_page


def a_day(on: date, stage: str, due: str | None = None, holiday: bool = False) -> ForecastDay:
    return ForecastDay(on, 1, stage, Money.of(due, "CNY") if due else None, holiday, (), ())


def test_names_are_text_and_never_markup() -> None:
    page = calendar_page("Loan <script>x</script>", ("a & b",), [a_day(date(2025, 3, 3), "<img src=x>")])
    assert "<script>x" not in page
    assert "<img" not in page
    assert "Loan &lt;script&gt;x&lt;/script&gt;" in page
    assert "a &amp; b" in page


def test_a_month_shows_the_weeks_that_are_forecast_and_where_a_stage_begins() -> None:
    days = [
        a_day(date(2025, 3, 31), "mild"),
        a_day(date(2025, 4, 1), "mild", "5.00"),
        a_day(date(2025, 4, 2), "moderate"),
    ]
    page = calendar_page("Loan L1", (), days)
    assert page.count("<caption>") == 2
    assert "<caption>March 2025</caption>" in page
    assert page.count('<span class="stage">mild</span>') == 1
    assert page.count('<span class="stage">moderate</span>') == 1
    assert 'title="5.00 CNY falls due"' in page


def test_a_holiday_is_hatched() -> None:
    page = calendar_page("Loan L1", (), [a_day(date(2025, 3, 3), "mild", holiday=True)])
    assert page.count('<td class="stage-1 closed">3') == 1
