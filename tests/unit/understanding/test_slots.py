from __future__ import annotations

from datetime import date

import pytest

from bot.understanding.normalize import normalize
from bot.understanding.slots import grammar_for
from bot.understanding.slots.choice import choose
from bot.understanding.slots.readings import Reading
from bot.understanding.words import Lexicon

_SATURDAY = date(2026, 11, 21)


def read(
    text: str, language: str, today: date = _SATURDAY, intent: str | None = None, past: bool = False
) -> list[Reading]:
    grammar = grammar_for(language)
    words = Lexicon(grammar.spellings, grammar.known).read(normalize(text, language))
    candidates = grammar.candidates(words, today, past)
    return [found.reading for found in choose(candidates, words, grammar.table.signs, intent)]


def day(text: str, language: str, today: date = _SATURDAY) -> str | None:
    return next((str(r.day) for r in read(text, language, today) if r.name == "date"), None)


def amount(text: str, language: str) -> tuple[str | None, str | None] | None:
    return next(((r.amount.number, r.amount.currency) for r in read(text, language) if r.amount is not None), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-11-21"),
        ("tonight", "2026-11-21"),
        ("tmrw", "2026-11-22"),
        ("2moro", "2026-11-22"),
        ("the day after tomorrow", "2026-11-23"),
        ("on friday", "2026-11-27"),
        ("saturday", "2026-11-28"),
        ("next friday", "2026-11-27"),
        ("monday after next", "2026-11-30"),
        ("a week from monday", "2026-11-30"),
        ("the 5th", "2026-12-05"),
        ("by the 28", "2026-11-28"),
        ("28", None),
        ("December 5", "2026-12-05"),
        ("5th of december 2027", "2027-12-05"),
        ("twenty fifth of this month", "2026-11-25"),
        ("the 3rd of next month", "2026-12-03"),
        ("end of the month", "2026-11-30"),
        ("in 3 days", "2026-11-24"),
        ("within two weeks", "2026-12-05"),
        ("in a month", "2026-12-21"),
        ("in half an hour", "2026-11-21"),
        ("in 48 hours", "2026-11-23"),
        ("12/5", "2026-12-05"),
        ("26/11", "2026-11-26"),
        ("2026-12-05", "2026-12-05"),
        ("17 May 1990", "1990-05-17"),
        ("1990-05-17", "1990-05-17"),
        ("christmas eve", "2026-12-24"),
        ("soon", None),
        ("next month", None),
        ("in a few days", None),
        ("on payday", None),
        ("february 31", None),
        ("at 5 pm", None),
    ],
)
def test_english_days(text: str, expected: str | None) -> None:
    assert day(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今晚", "2026-11-21"),
        ("明儿", "2026-11-22"),
        ("大后天", "2026-11-24"),
        ("周五", "2026-11-27"),
        ("星期六", "2026-11-28"),
        ("下周五", "2026-11-27"),
        ("下下周一", "2026-11-30"),
        ("礼拜天", "2026-11-22"),
        ("5号", "2026-12-05"),
        ("二十八号", "2026-11-28"),
        ("下个月5号", "2026-12-05"),
        ("12月3日", "2026-12-03"),
        ("12/10", "2026-12-10"),
        ("12.5号", "2026-12-05"),
        ("月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("三天内", "2026-11-24"),
        ("5天后", "2026-11-26"),
        ("半个月后", "2026-12-06"),
        ("1990年5月17日", "1990-05-17"),
        ("元旦", "2027-01-01"),
        ("春节前", "2027-02-05"),
        ("过几天", None),
        ("发工资那天", None),
        ("下个月", None),
        ("二月三十号", None),
        ("下午三点", None),
    ],
)
def test_chinese_days(text: str, expected: str | None) -> None:
    assert day(text, "zh-Hans") == expected


@pytest.mark.parametrize(
    ("text", "language", "number", "currency"),
    [
        ("$1,250.50", "en", "1250.50", "USD"),
        ("two hundred and fifty", "en", "250", None),
        ("1.5k", "en", "1500", None),
        ("a grand", "en", "1000", None),
        ("forty quid", "en", "40", "GBP"),
        ("500 rmb", "en", "500", "CNY"),
        ("300 rupees", "en", "300", None),
        ("500块", "zh-Hans", "500", "CNY"),
        ("五百元", "zh-Hans", "500", "CNY"),
        ("三千二", "zh-Hans", "3200", None),
        ("一万五", "zh-Hans", "15000", None),
        ("三百零五", "zh-Hans", "305", None),
        ("1.2万", "zh-Hans", "12000", None),
        ("一千二百万", "zh-Hans", "12000000", None),
        ("2w", "zh-Hans", "20000", None),
    ],
)
def test_sums_are_whole_numbers_of_the_currency_and_name_it_only_where_the_words_do(
    text: str, language: str, number: str, currency: str | None
) -> None:
    assert amount(text, language) == (number, currency)


@pytest.mark.parametrize(
    "text", ["call me at 5", "20 times", "at 10:30", "17 years old", "option 2", "in 3 days", "account 123456789012345"]
)
def test_numbers_that_are_no_money_are_no_sum(text: str) -> None:
    assert amount(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "share"),
    [
        ("half of it", "en", (1, 2)),
        ("all of it", "en", (1, 1)),
        ("一半", "zh-Hans", (1, 2)),
        ("全部", "zh-Hans", (1, 1)),
    ],
)
def test_a_share_names_no_number(text: str, language: str, share: tuple[int, int]) -> None:
    (found,) = read(text, language)
    assert found.amount is not None
    assert (found.amount.number, found.amount.share) == (None, share)


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("5 more days", "en", 5),
        ("another week", "en", 7),
        ("a fortnight", "en", 14),
        ("by one month", "en", 30),
        ("48 hours", "en", 2),
        ("半个月", "zh-Hans", 15),
        ("再给10天", "zh-Hans", 10),
        ("一个月", "zh-Hans", 30),
    ],
)
def test_lengths_of_time_are_days(text: str, language: str, days: int) -> None:
    assert [(r.name, r.number) for r in read(text, language)] == [("days", days)]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("in 3 instalments", "en", 3),
        ("over 6 months", "en", 6),
        ("split it into four", "en", 4),
        ("half now half later", "en", 2),
        ("分三期", "zh-Hans", 3),
        ("6个月还清", "zh-Hans", 6),
        ("分两次", "zh-Hans", 2),
    ],
)
def test_counts_of_payments(text: str, language: str, count: int) -> None:
    assert [(r.name, r.number) for r in read(text, language, intent="propose_instalments")] == [("instalments", count)]


def test_next_friday_said_on_a_monday_keeps_both_readings() -> None:
    (found,) = read("next friday", "en", date(2026, 11, 16))
    assert (found.day, found.alternatives) == (date(2026, 11, 27), (date(2026, 11, 20),))


def test_either_of_two_days_is_the_first_with_the_other_as_alternative() -> None:
    (found,) = read("friday or saturday", "en")
    assert (found.day, found.alternatives) == (date(2026, 11, 27), (date(2026, 11, 28),))


def test_either_of_two_sums_is_no_sum() -> None:
    assert amount("500 or 600", "en") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("friday, no wait, saturday", "en", "2026-11-28"),
        ("not friday, saturday", "en", "2026-11-28"),
        ("周五，不对，是周六", "zh-Hans", "2026-11-28"),
    ],
)
def test_a_correction_gives_the_corrected_day(text: str, language: str, expected: str) -> None:
    assert day(text, language) == expected


def test_what_cannot_be_paid_is_not_offered() -> None:
    assert amount("i can not pay 500 but i can pay 300", "en") == ("300", None)
    assert amount("还不了五百", "zh-Hans") is None


def test_the_sum_paid_each_time_outranks_the_sum_owed() -> None:
    assert amount("i owe 5000, i can pay 300 a month", "en") == ("300", None)
    assert amount("5000 in total, 300 a month", "en") == ("300", None)
    assert amount("欠了5000，每个月还300", "zh-Hans") == ("300", None)


def test_a_weekday_that_has_been_is_the_last_one() -> None:
    (found,) = read("on tuesday", "en", past=True)
    assert found.day == date(2026, 11, 17)


def test_leap_day_and_year_end_are_reached() -> None:
    assert day("february 29", "en", date(2027, 12, 1)) == "2028-02-29"
    assert day("the 1st", "en", date(2026, 12, 31)) == "2027-01-01"
