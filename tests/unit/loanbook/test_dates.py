"""Days are read as they are written; what has two readings is an error that names both."""

from datetime import date

import pytest

from bot.loanbook.dates import CZECH_BIRTH_NUMBER, DateOrder, format_mistake, formatted_reader, order_proved, read_date
from bot.loanbook.problems import Fault


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026/3/31",
        "2026.03.31",
        "20260331",
        "2026年3月31日",
        "31-Mar-2026",
        "31 march 2026",
        "46112",
        "46112.75",
        "31/03/2026",
        "03/31/2026",
        "2026-03-31 00:00:00",
        "2026-03-31T00:00:00Z",
        "3/31/2026 12:00:00 AM",
    ],
)
def test_a_date_with_one_reading_is_read(text: str) -> None:
    assert read_date(text) == date(2026, 3, 31)


def test_a_date_with_two_readings_is_never_guessed() -> None:
    with pytest.raises(Fault, match="ambiguous_date") as caught:
        read_date("03/04/2026")
    assert caught.value.facts["readings"] == "2026-04-03 or 2026-03-04"


def test_the_same_number_twice_has_only_one_reading() -> None:
    assert read_date("03/03/2026") == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("order", "day"), [(DateOrder.DAY_FIRST, date(2026, 4, 3)), (DateOrder.MONTH_FIRST, date(2026, 3, 4))]
)
def test_a_proved_order_decides(order: DateOrder, day: date) -> None:
    assert read_date("03/04/2026", order) == day


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("31/03/2026", DateOrder.DAY_FIRST),
        ("03/31/2026", DateOrder.MONTH_FIRST),
        ("03/04/2026", None),
        ("32/33/2026", None),
        ("2026-03-31", None),
    ],
)
def test_only_a_day_above_twelve_proves_an_order(text: str, order: DateOrder | None) -> None:
    assert order_proved(text) is order


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "2026-13-01", "31/02/2026", "32/33/2026", "03/04/26", "123", "1772236800"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="not_a_date"):
        read_date(text)


def test_an_instant_is_a_day_only_where_it_is_midnight_or_an_instant_is_wanted() -> None:
    with pytest.raises(Fault, match="instant_not_day"):
        read_date("2026-03-30T16:00:00Z")
    assert read_date("2026-03-30T16:00:00Z", instant=True) == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("format_text", "text", "day"),
    [
        ("%y%m%d", "930705", date(1993, 7, 5)),
        ("%y%m%d", "260331", date(2026, 3, 31)),
        ("%y%m%d", "681231", date(2068, 12, 31)),
        ("%y%m%d", "690101", date(1969, 1, 1)),
        ("%d/%m/%Y", "3/4/2026", date(2026, 4, 3)),
        ("%m/%d/%Y", "3/4/2026", date(2026, 3, 4)),
        ("%b-%Y", "Dec-2008", date(2008, 12, 1)),
        ("%d.%m.%Y %H:%M", "03.04.2026 10:30", date(2026, 4, 3)),
        ("%d/%m/%Y", "2026-04-03", date(2026, 4, 3)),
    ],
)
def test_a_named_format_decides(format_text: str, text: str, day: date) -> None:
    assert formatted_reader(format_text)(text) == day


def test_what_does_not_fit_the_format_is_refused() -> None:
    with pytest.raises(Fault, match="not_a_date") as caught:
        formatted_reader("%d/%m/%Y")("03.04.2026")
    assert caught.value.facts["like"] == " like %d/%m/%Y"


def test_a_month_that_is_no_english_name_is_refused() -> None:
    with pytest.raises(Fault, match="not_a_date"):
        formatted_reader("%d-%b-%Y")("31-xyz-2026")
    with pytest.raises(Fault, match="not_a_date"):
        read_date("31-xyz-2026")


def test_a_birth_date_with_two_digits_is_never_in_the_future() -> None:
    assert formatted_reader("%d/%m/%y", date(2026, 3, 5))("28/10/45") == date(1945, 10, 28)
    assert formatted_reader("%d/%m/%y", date(2026, 3, 5))("28/10/05") == date(2005, 10, 28)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("450204", date(1945, 2, 4)),
        ("706213", date(1970, 12, 13)),
        ("201028", date(1920, 10, 28)),
        ("450204/123", date(1945, 2, 4)),
        ("0457280012", date(2004, 7, 28)),
        ("0477280012", date(2004, 7, 28)),
        ("0427280012", date(2004, 7, 28)),
        ("7557280012", date(1975, 7, 28)),
    ],
)
def test_a_czech_birth_number_holds_the_sex_in_its_month(number: str, day: date) -> None:
    assert formatted_reader(CZECH_BIRTH_NUMBER)(number) == day


@pytest.mark.parametrize("number", ["453304", "4502041", "450230", "x"])
def test_no_birth_number_no_birth_date(number: str) -> None:
    with pytest.raises(Fault, match="not_a_date"):
        formatted_reader(CZECH_BIRTH_NUMBER)(number)


@pytest.mark.parametrize("format_text", ["%Q", "%Y%Y-%m", "%d.%m", "%", "31.12.2026", ""])
def test_a_format_that_cannot_be_is_a_mistake(format_text: str) -> None:
    assert format_mistake(format_text)


def test_a_format_that_can_be_is_none() -> None:
    assert [format_mistake(text) for text in ("%d/%m/%Y", "%y%m%d", CZECH_BIRTH_NUMBER)] == ["", "", ""]
