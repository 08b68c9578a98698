"""A loan book's rows: good ones are loaded whole, bad ones are told with line, column, value, reason and fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.borrower import Borrower, IdentityFacts
from bot.domain.money import Money
from bot.loanbook.heads import BookLoan
from bot.loanbook.rows import read_loan_book
from tests.unit.loanbook.books import GOOD, OPTIONS, PLAIN, a_mapping, a_row, read_columns, read_one, read_rows


def test_a_good_row_is_an_instalment_with_its_loan_and_borrower() -> None:
    reading = read_one(fees="1", late_fees="0.50", paid="20", paid_at="2026-03-01", risk="B", flags="vip, new")
    (row,) = reading.rows
    assert reading.problems == []
    assert (row.line, row.loan_id, row.number, row.due_on) == (2, "L1", 1, date(2026, 3, 31))
    assert [row.principal, row.interest, row.fees, row.late_fees] == [
        Money(10000, "GBP"),
        Money(1000, "GBP"),
        Money(100, "GBP"),
        Money(50, "GBP"),
    ]
    assert (row.paid, row.paid_at) == (Money(2000, "GBP"), date(2026, 3, 1))
    assert row.loan == BookLoan("L1", "generic", "B1", "GBP", "B", frozenset({"vip", "new"}))
    assert row.borrower == Borrower(
        "B1",
        "Ana",
        "en",
        "Europe/London",
        "GB",
        IdentityFacts("+447700900001", date(1990, 5, 17), "0042"),
        "ana@example.org",
    )
    assert row.instalment.amount == Money(11150, "GBP")
    assert row.instalment.paid == Money(0, "GBP")


def test_loan_and_borrower_are_given_once_each() -> None:
    reading = read_rows(
        [
            a_row(),
            a_row(instalment="2", due_date="2026-04-30"),
            a_row(loan_id="L2"),
            a_row(loan_id="L3", borrower_id="B2"),
        ]
    )
    assert [(row.loan is not None, row.borrower is not None) for row in reading.rows] == [
        (True, True),
        (False, False),
        (True, False),
        (True, True),
    ]
    assert (reading.summary.loans, reading.summary.borrowers, reading.summary.good) == (3, 2, 4)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("loan_id", "", "missing_value"),
        ("loan_id", "1.23E+17", "shortened_number"),
        ("loan_id", "x" * 65, "too_long"),
        ("borrower_id", "  ", "missing_value"),
        ("borrower_name", "A\x07na", "control_character"),
        ("borrower_name", "Mu\ufffdoz", "damaged_text"),
        ("borrower_name", "x" * 201, "too_long"),
        ("borrower_name", "x" * 2001, "too_long"),
        ("language", "klingon", "unknown_language"),
        ("language", "xq-YY", "unknown_language"),
        ("timezone", "Europe/Londen", "unknown_timezone"),
        ("region", "QX", "unknown_region"),
        ("region", "GB-", "unknown_region"),
        ("currency", "GBX", "unknown_currency"),
        ("birth_date", "2027-01-01", "future_date"),
        ("birth_date", "1890-01-01", "absurd_date"),
        ("birth_date", "03/04/1990", "ambiguous_date"),
        ("id_last4", "42", "bad_last4"),
        ("id_last4", "12345", "bad_last4"),
        ("instalment", "0", "not_a_number"),
        ("instalment", "1.5", "not_a_number"),
        ("instalment", "first", "not_a_number"),
        ("due_date", "", "missing_value"),
        ("due_date", "03/04/2026", "ambiguous_date"),
        ("due_date", "soon", "not_a_date"),
        ("due_date", "1926-03-31", "absurd_date"),
        ("due_date", "2226-03-31", "absurd_date"),
        ("principal", "", "missing_value"),
        ("principal", "-100.00", "negative_amount"),
        ("principal", "100.005", "too_many_decimals"),
        ("principal", "1e99", "shortened_number"),
        ("principal", "123456789012345678", "absurd_amount"),
        ("interest", "ten", "not_an_amount"),
        ("fees", "=SUM(A1)", "not_an_amount"),
        ("paid", "110.01", "paid_more_than_due"),
        ("paid_at", "2026-04-01", "future_date"),
        ("flags", "vip!", "bad_flag"),
    ],
)
def test_each_bad_value_is_told_with_its_line_and_column(column: str, text: str, code: str) -> None:
    changed = {"paid_at": "2026-03-01"} | {column: text} if column == "paid" else {column: text}
    reading = read_one(**changed)
    assert reading.rows == []
    assert reading.places == [(2, column, code)]
    assert (reading.summary.rows, reading.summary.bad) == (1, 1)
    assert reading.problems[0].sentence[-1] in ".?"
    assert reading.problems[0].fix


def test_several_problems_of_a_row_are_told_at_once() -> None:
    reading = read_one(currency="XXZ", due_date="", principal="-1", borrower_id="")
    assert reading.places == [
        (2, "borrower_id", "missing_value"),
        (2, "currency", "unknown_currency"),
        (2, "due_date", "missing_value"),
        (2, "principal", "negative_amount"),
    ]


def test_good_rows_are_kept_beside_bad_ones() -> None:
    reading = read_rows([a_row(), a_row(loan_id="L2", principal="x"), a_row(loan_id="L3")])
    assert [row.loan_id for row in reading.rows] == ["L1", "L3"]
    assert (reading.summary.rows, reading.summary.good, reading.summary.bad) == (3, 2, 1)


def test_a_bad_first_row_introduces_nobody() -> None:
    reading = read_rows([a_row(principal="x"), a_row(instalment="2")])
    (row,) = reading.rows
    assert row.loan is not None
    assert row.borrower is not None


def test_personal_values_are_shown_as_their_shape_only() -> None:
    reading = read_one(birth_date="03/04/1990", id_last4="99-88")
    assert [found.value for found in reading.problems] == ["##/##/####", "##-##"]


def test_long_values_are_shortened() -> None:
    (found,) = read_one(loan_id="x" * 100).problems
    assert found.value == "x" * 39 + "…"


def test_a_problem_reads_as_one_line() -> None:
    (found,) = read_one(timezone="Europe/Londen").problems
    assert str(found) == (
        'line 2: timezone "Europe/Londen": This is not a time zone of the IANA list. '
        'Did you mean "Europe/London"? Use a name such as Asia/Shanghai. [unknown_timezone]'
    )


# -- columns ----------------------------------------------------------------------------------------------------------


def test_missing_columns_are_all_named_with_the_near_ones_and_nothing_is_read() -> None:
    columns = [name for name in GOOD if name not in ("loan_id", "due_date")] + ["due_dat", "loanid"]
    reading = read_columns(columns, ["x"] * len(columns))
    missing = [found for found in reading.problems if found.code == "missing_column"]
    assert [(found.column, "Did you mean" in found.sentence) for found in missing] == [
        ("loan_id", True),
        ("due_date", True),
    ]
    assert reading.summary.refused
    assert reading.summary.rows == 0


def test_a_doubled_column_is_refused() -> None:
    reading = read_columns([*GOOD, "Loan ID", "principal"], [*GOOD.values(), "L2", "5.00"])
    assert reading.places == [(1, "principal", "doubled_column")]
    assert reading.summary.refused


def test_an_unknown_column_is_a_warning_that_names_the_near_one() -> None:
    reading = read_columns([*GOOD, "late_fee"], [*GOOD.values(), "1"])
    (found,) = reading.problems
    assert (found.code, found.is_error) == ("unknown_column", False)
    assert 'Did you mean "late_fees"?' in found.sentence
    assert len(reading.rows) == 1


def test_column_names_may_differ_in_capitals_spaces_and_dashes() -> None:
    reading = read_columns([name.upper().replace("_", " ") for name in GOOD], list(GOOD.values()))
    assert len(reading.rows) == 1


def test_columns_that_need_not_be_there_may_be_missing() -> None:
    columns = ("borrower_id", "loan_id", "currency", "instalment", "due_date", "principal", "phone")
    reading = read_columns(columns, [GOOD[name] for name in columns])
    assert reading.problems == []
    assert reading.rows[0].interest == Money(0, "GBP")
    assert reading.rows[0].loan.programme == "generic"


def test_a_row_of_the_wrong_width_is_told_without_its_values() -> None:
    reading = read_columns(list(GOOD), list(GOOD.values())[:-3], [*GOOD.values(), "more"])
    assert [(found.line, found.code) for found in reading.problems] == [(2, "too_few_fields"), (3, "too_many_fields")]
    assert "Ana" not in reading.problems[0].value


def test_empty_cells_too_many_are_no_fault() -> None:
    assert len(read_columns(list(GOOD), [*GOOD.values(), "", " "]).rows) == 1


# -- rows against each other ------------------------------------------------------------------------------------------


def test_an_instalment_that_stands_twice_is_bad_the_second_time() -> None:
    reading = read_rows([a_row(), a_row(principal="5.00")])
    assert reading.places == [(3, "instalment", "duplicate_instalment")]
    assert [row.principal for row in reading.rows] == [Money(10000, "GBP")]


def test_rows_of_one_loan_must_agree_on_programme_borrower_and_currency() -> None:
    reading = read_rows([a_row(), a_row(instalment="2", programme="other", borrower_id="B2", currency="EUR")])
    assert reading.places == [
        (3, "programme", "loan_disagrees"),
        (3, "borrower_id", "loan_disagrees"),
        (3, "currency", "loan_disagrees"),
    ]
    assert reading.problems[2].sentence == "Line 2 says GBP for this loan."


def test_a_loan_that_disagrees_and_repeats_itself_is_told_both() -> None:
    reading = read_rows([a_row(), a_row(currency="EUR")])
    assert reading.codes == ["loan_disagrees", "duplicate_instalment"]


def test_other_facts_that_differ_are_counted_and_the_first_ones_stay() -> None:
    reading = read_rows(
        [a_row(), a_row(instalment="2", borrower_name="Anna"), a_row(instalment="3", risk="C"), a_row(instalment="4")]
    )
    assert len(reading.rows) == 4
    assert reading.codes == ["facts_differ"]
    assert reading.problems[0].sentence.endswith("than an earlier row did: 2.")


def test_borrowers_whom_nothing_proves_are_loaded_with_one_warning() -> None:
    nothing = {"phone": "", "birth_date": "", "id_last4": ""}
    reading = read_rows(
        [a_row(**nothing), a_row(loan_id="L2", borrower_id="B2", **nothing), a_row(loan_id="L3", borrower_id="B3")]
    )
    assert len(reading.rows) == 3
    assert reading.codes == ["nobody_can_prove"]
    assert reading.problems[0].sentence == "Borrowers with neither phone, birth date nor last four: 2."
    assert not reading.problems[0].is_error


def test_an_unusable_phone_or_email_is_left_out_with_a_warning() -> None:
    reading = read_one(phone="none", email="ana at home")
    assert reading.places == [(2, "phone", "unusable_phone"), (2, "email", "unusable_email")]
    assert [found.value for found in reading.problems] == ["xxxx", "xxx xx xxxx"]
    (row,) = reading.rows
    assert row.borrower.identity.phone is None
    assert row.borrower.email is None


def test_a_phone_too_short_to_be_one_is_left_out() -> None:
    assert read_one(phone="12", region="GB").places == [(2, "phone", "unusable_phone")]


def test_warnings_and_errors_have_their_severity() -> None:
    assert [found.severity.value for found in read_one(phone="12", paid="5").problems] == ["error"]
    assert [found.severity.value for found in read_one(phone="12").problems] == ["warning"]


def test_an_unknown_programme_names_those_there_are() -> None:
    reading = read_one(options=replace(OPTIONS, programmes=frozenset({"generic", "p2p"})), programme="generik")
    assert reading.places == [(2, "programme", "unknown_programme")]
    assert reading.problems[0].sentence == 'There is no programme of this name. Did you mean "generic"?'
    assert reading.problems[0].fix == "Use one of: generic, p2p."


# -- what was paid ----------------------------------------------------------------------------------------------------


def test_a_total_paid_needs_the_day_it_was_true() -> None:
    assert read_one(paid="20").places == [(2, "paid_at", "paid_without_day")]


def test_the_day_may_come_from_the_caller() -> None:
    (row,) = read_one(options=replace(OPTIONS, as_of=date(2026, 3, 2)), paid="20").rows
    assert (row.paid, row.paid_at) == (Money(2000, "GBP"), date(2026, 3, 2))


def test_nothing_paid_needs_no_day_and_says_nothing() -> None:
    (row,) = read_one(paid="0.00").rows
    assert (row.paid, row.paid_at) == (None, None)


def test_nothing_paid_by_a_day_is_a_statement() -> None:
    (row,) = read_one(paid="0.00", paid_at="2026-03-01").rows
    assert (row.paid, row.paid_at) == (Money(0, "GBP"), date(2026, 3, 1))


STATUS = a_mapping(
    "columns: {"
    + ", ".join(f"{name}: {name}" for name in GOOD)
    + ", status: state}\nvalues: {status: {S: paid, T: paid_to_date}}"
)


def with_status(status: str, **changed: str) -> dict[str, str]:
    return {**a_row(**changed), "state": status}


def test_a_status_says_what_no_number_says() -> None:
    reading = read_rows(
        [
            with_status("S", paid_at="2026-03-01"),
            with_status("T", loan_id="L2", due_date="2026-02-28", paid_at="2026-03-01"),
            with_status("T", loan_id="L3", paid_at="2026-03-01"),
            with_status("closed", loan_id="L4"),
        ],
        STATUS,
    )
    paid = [None if row.paid is None else row.paid.minor for row in reading.rows]
    assert paid == [11000, 11000, 0, None]
    assert [row.loan.closed for row in reading.rows] == [False, False, False, True]


@pytest.mark.parametrize(
    ("status", "changed", "place"),
    [
        ("X", {}, ("status", "unknown_status")),
        ("S", {}, ("paid_at", "paid_without_day")),
        ("S", {"paid": "5", "paid_at": "2026-03-01"}, ("status", "status_contradicts_paid")),
    ],
)
def test_a_status_that_cannot_be_is_told(status: str, changed: dict[str, str], place: tuple[str, str]) -> None:
    assert [found[1:] for found in read_rows([with_status(status, **changed)], STATUS).places] == [place]


def test_a_closed_loan_may_have_been_paid_more_than_its_schedule() -> None:
    reading = read_rows([with_status("closed", paid="500", paid_at="2026-03-01")], STATUS)
    assert reading.rows[0].paid == Money(11000, "GBP")
    assert reading.codes == ["closed_overpaid"]


# -- readings of a whole column ---------------------------------------------------------------------------------------


def test_one_value_that_proves_the_order_of_its_column_decides_the_others() -> None:
    reading = read_rows([a_row(due_date="03/04/2026"), a_row(instalment="2", due_date="30/04/2026")])
    assert [row.due_on for row in reading.rows] == [date(2026, 4, 3), date(2026, 4, 30)]


def test_an_order_that_one_value_contradicts_decides_nothing() -> None:
    reading = read_rows(
        [
            a_row(due_date="03/04/2026"),
            a_row(instalment="2", due_date="30/04/2026"),
            a_row(instalment="3", due_date="04/30/2026"),
        ]
    )
    assert reading.places == [(2, "due_date", "ambiguous_date")]
    assert len(reading.rows) == 2


def test_another_column_proves_nothing() -> None:
    assert read_one(due_date="03/04/2026", birth_date="30/04/1990").codes == ["ambiguous_date"]


def test_amounts_prove_one_decimal_mark_for_the_whole_file() -> None:
    reading = read_rows(
        [a_row(principal="1.234", interest="0"), a_row(instalment="2", principal="12,50", interest="1.234,50")]
    )
    assert reading.problems == []
    assert [(row.principal.minor, row.interest.minor) for row in reading.rows] == [(123400, 0), (1250, 123450)]


def test_an_amount_with_two_readings_stays_an_error_where_nothing_proves_a_mark() -> None:
    reading = read_one(principal="1,234", interest="10")
    assert reading.places == [(2, "principal", "ambiguous_amount")]
    assert reading.problems[0].sentence == "This can be read as 1234 or 1.234."


def test_amounts_that_prove_both_marks_leave_the_others_ambiguous() -> None:
    reading = read_rows([a_row(principal="1,234"), a_row(instalment="2", principal="12,50")])
    assert reading.places == [(2, "principal", "ambiguous_amount")]
    assert [row.principal.minor for row in reading.rows] == [1250]


def test_rows_that_can_be_read_only_once_are_refused_to_the_programmer() -> None:
    with pytest.raises(TypeError, match="more than once"):
        next(iter(read_loan_book(list(GOOD), iter([]), PLAIN, OPTIONS)))


# -- what a mapping does ----------------------------------------------------------------------------------------------

MAPPED = """\
columns:
  borrower_id: client
  loan_id: id
  currency: ccy
  instalment: no
  due_date: due
  principal: part
  interest: [rate, -waived]
formats: {date: "%d/%m/%Y"}
defaults: {currency: EUR, region: DE}
values: {currency: {Euro: EUR}}
null: [NULL, '\\N']
"""


def test_a_mapping_names_translates_and_fills_in() -> None:
    columns = ("client", "id", "ccy", "no", "due", "part", "rate", "waived")
    reading = read_columns(
        columns,
        ["C1", "A1", "Euro", "1", "03/04/2026", "10.00", "5.00", "2.00"],
        ["C2", "A2", "NULL", "1.0", "03/04/2026", "10.00", "\\N", "NULL"],
        mapping=a_mapping(MAPPED),
    )
    assert reading.codes == ["nobody_can_prove"]
    assert [(row.due_on, row.interest.minor, row.interest.currency) for row in reading.rows] == [
        (date(2026, 4, 3), 300, "EUR"),
        (date(2026, 4, 3), 0, "EUR"),
    ]
    assert reading.rows[0].borrower.region == "DE"


def test_a_sum_below_nothing_is_a_negative_amount() -> None:
    columns = ("client", "id", "ccy", "no", "due", "part", "rate", "waived")
    reading = read_columns(
        columns, ["C1", "A1", "", "1", "03/04/2026", "10.00", "2.00", "5.00"], mapping=a_mapping(MAPPED)
    )
    assert reading.places == [(2, "interest", "negative_amount")]
    assert reading.problems[0].value == "2.00 5.00"


def test_a_value_that_is_translated_to_a_null_is_empty() -> None:
    columns = ("client", "id", "ccy", "no", "due", "part", "rate", "waived")
    mapping = a_mapping(MAPPED.replace("values: {", "values: {borrower_id: {C1: NULL}, "))
    reading = read_columns(columns, ["C1", "A1", "", "1", "03/04/2026", "10.00", "", ""], mapping=mapping)
    assert reading.places == [(2, "borrower_id", "missing_value")]


def test_a_sum_of_nothing_that_must_be_there_is_missing() -> None:
    columns = ("client", "id", "ccy", "no", "due", "part", "rate", "waived")
    mapping = a_mapping(MAPPED.replace("principal: part", "principal: [part, rate]"))
    reading = read_columns(columns, ["C1", "A1", "", "1", "03/04/2026", "", "", ""], mapping=mapping)
    assert reading.places == [(2, "principal", "missing_value")]


def test_a_programme_that_neither_mapping_nor_caller_names_is_missing() -> None:
    columns = ("client", "id", "ccy", "no", "due", "part", "rate", "waived")
    reading = read_rows([dict.fromkeys(columns, "x")], a_mapping(MAPPED))
    assert reading.places == [(1, "programme", "missing_column")]


def test_a_source_that_the_file_lacks_is_a_missing_column() -> None:
    reading = read_columns(("client", "id", "no", "due", "part", "rates", "waived"), mapping=a_mapping(MAPPED))
    assert reading.places == [(1, "ccy", "missing_column"), (1, "rate", "missing_column")]
    assert 'Did you mean "rates"?' in reading.problems[1].sentence


GENERATED = """\
columns: {borrower_id: "@row", loan_id: "@row", currency: ccy, paid: paid, paid_at: at}
schedule: {amount: amount, months: months, payment: payment, first_due: {column: start, months_later: 1}}
"""
LOAN_COLUMNS = ("ccy", "amount", "months", "payment", "start", "paid", "at")


def test_a_loan_a_row_becomes_its_instalments() -> None:
    reading = read_columns(
        LOAN_COLUMNS, ["USD", "300", "3", "110", "2026-01-31", "165", "2026-03-01"], mapping=a_mapping(GENERATED)
    )
    assert [
        (row.number, row.due_on, row.principal.minor, row.interest.minor, row.paid.minor) for row in reading.rows
    ] == [
        (1, date(2026, 2, 28), 10000, 1000, 11000),
        (2, date(2026, 3, 28), 10000, 1000, 5500),
        (3, date(2026, 4, 28), 10000, 1000, 0),
    ]
    assert [row.loan_id for row in reading.rows] == ["1", "1", "1"]
    assert (reading.summary.rows, reading.summary.good, reading.summary.loans) == (1, 1, 1)


def test_a_loan_whose_payments_do_not_repay_it_is_bad() -> None:
    reading = read_columns(
        LOAN_COLUMNS,
        ["USD", "300", "3", "90", "2026-01-31", "", ""],
        ["USD", "300", "0", "90", "2026-01-31", "", ""],
        ["USD", "300", "3", "100", "2026-01-31", "301", "2026-03-01"],
        mapping=a_mapping(GENERATED),
    )
    assert reading.places == [
        (2, "amount", "schedule_short"),
        (3, "months", "not_a_number"),
        (4, "paid", "paid_more_than_due"),
    ]
    assert reading.problems[0].sentence == "3 payments of 90.00 USD do not repay 300.00 USD."


CARRY = """\
columns: {borrower_id: b, loan_id: l, currency: c, instalment: n, due_date: d, principal: p, paid: q, paid_at: a}
formats: {decimal: ".", excess_decimals: carry}
"""


def test_decimals_that_a_currency_lacks_are_carried_on_so_that_the_loan_sums_exactly() -> None:
    rows = [["B", "L", "UGX", str(n), f"2026-0{n}-28", "33.335", "", ""] for n in (1, 2, 3)]
    rows.append(["B", "L", "UGX", "4", "2026-04-28", "33.995", "", ""])
    reading = read_columns(("b", "l", "c", "n", "d", "p", "q", "a"), *rows, mapping=a_mapping(CARRY))
    assert [row.principal.minor for row in reading.rows] == [33, 33, 34, 34]


def test_an_instalment_that_was_paid_to_the_last_decimal_is_paid() -> None:
    rows = [
        ["B", "L", "UGX", str(n), f"2026-0{n}-28", "33.5", paid, "2026-03-01"]
        for n, paid in ((1, "33.5"), (2, "33.5"), (3, "33.4"))
    ]
    reading = read_columns(("b", "l", "c", "n", "d", "p", "q", "a"), *rows, mapping=a_mapping(CARRY))
    assert [(row.principal.minor, row.paid.minor) for row in reading.rows] == [(33, 33), (34, 34), (33, 33)]


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("pt_br", "pt-BR"),
        ("en-XA", "en-XA"),
        ("zh-hant", "zh-Hant"),
    ],
)
def test_language_tags_take_their_usual_form(text: str, tag: str) -> None:
    assert read_one(language=text).rows[0].borrower.language == tag


@pytest.mark.parametrize(("text", "code"), [("UK", "GB"), ("us-ny", "US-NY"), ("CZ_10", "CZ-10"), ("CN", "CN")])
def test_regions_take_their_usual_form(text: str, code: str) -> None:
    assert read_one(region=text).rows[0].borrower.region == code


@pytest.mark.parametrize(
    ("phone", "region", "number"),
    [
        ("13800000000", "CN", "+8613800000000"),
        ("07700 900001", "GB", "+447700900001"),
        ("(212) 555-0123", "US-NY", "+12125550123"),
        ("+86 138-0000-0000", "", "+8613800000000"),
    ],
)
def test_phones_become_e164_with_the_help_of_the_region(phone: str, region: str, number: str) -> None:
    assert read_one(phone=phone, region=region).rows[0].borrower.identity.phone == number


def test_last_four_stay_text_with_leading_zeros_and_a_capital_x() -> None:
    assert [read_one(id_last4=text).rows[0].borrower.identity.id_last4 for text in ("0042", "123x")] == ["0042", "123X"]


def test_a_cell_that_looks_like_a_formula_is_just_text() -> None:
    reading = read_one(borrower_name='=HYPERLINK("http://x","y")', loan_id="+1", risk="@SUM")
    assert reading.rows[0].borrower.name == '=HYPERLINK("http://x","y")'
    assert (reading.rows[0].loan_id, reading.rows[0].loan.risk) == ("+1", "@SUM")


def test_line_breaks_and_foreign_spaces_inside_a_value_are_spaces() -> None:
    assert read_one(borrower_name=" Ana\n María\u3000R ").rows[0].borrower.name == "Ana María R"


def test_a_language_by_its_english_name_is_told_its_tag() -> None:
    assert 'Did you mean "es"?' in read_one(language="Spanish").problems[0].sentence


def test_rmb_is_told_to_be_written_cny() -> None:
    assert 'Did you mean "CNY"?' in read_one(currency="RMB").problems[0].sentence
