"""What can be wrong with a loan book or a payment file: codes, sentences and fixes, and how a bad value is shown.

A problem is a value and never stops the reading of other rows. Values of personal columns are shown as their shape
only (`##/##/####`), so a report can be mailed to whoever keeps the loan system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.diagnostics import Severity

SHOWN_LENGTH = 40

#: code -> (what is wrong, what to do). `{...}` are facts of the fault; the value itself is shown beside the sentence.
PROBLEMS: dict[str, tuple[str, str]] = {
    # the file as a whole
    "empty_file": ("There is nothing in this file.", "Write a line of column names first, then one row an instalment."),
    "unreadable_file": ("This file cannot be read: {why}.", "Check the path and the permissions."),
    "not_a_table": ("This is {what}, not a table of text.", "Save it as CSV, JSON Lines or .xlsx."),
    "line_too_long": ("There is no line break within {size} bytes.", "Save it as CSV with one row a line."),
    "encoding_unclear": (
        "Its characters can be read in more than one way: {readings}.",
        "Name the right one, as in --encoding {example}.",
    ),
    "encoding_unknown": (
        "Its characters are neither UTF-8 nor, beyond doubt, GB18030, Big5 or CP1252.",
        "Name the encoding with --encoding, or save the file as UTF-8.",
    ),
    "encoding_unheard_of": (
        'There is no text encoding "{name}".',
        "Use a name such as utf-8, gb18030, big5 or cp1252.",
    ),
    "encoding_contradicted": ("The file begins with a mark of {mark}, not of {name}.", "Leave --encoding out."),
    "delimiter_unclear": (
        "The first line splits equally well at {marks}.",
        'Begin the file with a line such as "sep=;" or use one delimiter only.',
    ),
    "workbook_refused": ("This workbook was not opened: {why}.", "Save the sheet anew from a spreadsheet, or as CSV."),
    "workbook_support_missing": (
        "Workbooks (.xlsx) need an extra package.",
        'Install it with: pip install "gracebot[xlsx]", or save the sheet as CSV.',
    ),
    "missing_column": (
        'The column "{name}" is missing.{hint}',
        "Add it, or say in a mapping file where it comes from.",
    ),
    "doubled_column": ('The column "{name}" stands twice.', "Keep one, or rename the other."),
    "unknown_column": ('The column "{name}" is not known and is left out.{hint}', "Rename it, or leave it as it is."),
    "wrong_book_name": (
        'This mapping is for files named like "{pattern}".',
        "Rename the file, or it cannot be seen which files are joined to it.",
    ),
    # the row as a whole
    "truncated_line": ("The last line ends in the middle of a row.", "Export the file again; its end is missing."),
    "too_few_fields": ("This row has fewer fields than there are columns.", "Check delimiters and quotes of this row."),
    "too_many_fields": (
        "This row has more fields than there are columns.",
        "Put values that hold the delimiter in quotes.",
    ),
    "unclosed_quote": ('A quote (") opens here and does not close.', "Close it, or double it inside a quoted value."),
    "bad_json": ("This line is not a JSON object with plain values.", "Write one object a line, each name once."),
    "join_missing": ('Nothing in "{alias}" belongs to this row.', "Add the row there, or take this one out."),
    "join_ambiguous": ('More than one row of "{alias}" belongs to this row.', "Narrow it with `where` in the mapping."),
    # single values
    "missing_value": ("This value is missing.", "Fill it in, or give a default in a mapping file."),
    "damaged_text": (
        "This value holds a character that was destroyed in an earlier conversion or does not fit the encoding.",
        "Export it again as UTF-8, or name the right --encoding.",
    ),
    "control_character": ("This value holds an invisible control character.", "Take it out."),
    "too_long": ("This value is longer than {limit} characters.", "Shorten it; perhaps a delimiter is missing."),
    "shortened_number": (
        "A spreadsheet has shortened this number, so its last digits are lost.",
        "Format the column as text before exporting.",
    ),
    "not_an_amount": ("This is not an amount.", "Write digits with a decimal mark, as in 1234.50."),
    "ambiguous_amount": (
        "This can be read as {readings}.",
        'Say which mark is the decimal one in a mapping file, as in formats: {{decimal: "."}}.',
    ),
    "negative_amount": ("An amount here cannot be negative.", "Use the payments file for money given back."),
    "absurd_amount": ("This amount is larger than any loan.", "Check the decimal mark and the currency."),
    "too_many_decimals": (
        "This has more decimals than {currency} has ({digits}).",
        "Round it to the currency's units.",
    ),
    "zero_amount": ("A payment of nothing says nothing.", "Take the row out, or fill in the amount."),
    "unknown_currency": (
        "This is not a currency code of ISO 4217.{hint}",
        "Use a code such as CNY, or translate it with `values`.",
    ),
    "not_a_date": ("This is not a date{like}.", "Write it as 2026-03-31, or name the format in a mapping file."),
    "ambiguous_date": (
        "This can be read as {readings}.",
        'Name the format in a mapping file, as in formats: {{date: "%d/%m/%Y"}}, or write 2026-03-31.',
    ),
    "instant_not_day": (
        "This is an instant with an offset; which day it means depends on the time zone.",
        "Write the calendar day, as in 2026-03-31.",
    ),
    "absurd_date": ("This date is out of all proportion.", "Check the order of day, month and year."),
    "future_date": ("This date is still to come.", "Check the order of day, month and year."),
    "not_a_number": ("This is not a whole number from {low} to {high}.", "Write it in digits."),
    "unknown_timezone": ("This is not a time zone of the IANA list.{hint}", "Use a name such as Asia/Shanghai."),
    "unknown_language": ("This is not a language tag of BCP 47.{hint}", "Use a tag such as zh-Hans, en or pt-BR."),
    "unknown_region": ("This is not a region of ISO 3166.{hint}", "Use a code such as CN, GB or US-NY."),
    "unknown_programme": ("There is no programme of this name.{hint}", "Use one of: {known}."),
    "unknown_status": (
        "This status is not known.{hint}",
        "Use open, paid, paid_to_date or closed, or translate it with `values`.",
    ),
    "bad_last4": ("This is not four letters or digits.", "Keep leading zeros: format the column as text."),
    "bad_flag": ("A flag is a word of letters, digits, - and _.", "Write them with spaces between, as in vip dispute."),
    "unusable_phone": (
        "This is not a telephone number; the row is loaded without it.",
        "Write it as +8613800000000, or fill in the region.",
    ),
    "unusable_email": (
        "This is not an e-mail address; the row is loaded without it.",
        "Correct it, or leave it empty.",
    ),
    # a row against itself and the others
    "paid_more_than_due": (
        "More was paid than the {due} that fall due.",
        "Check both amounts; post what is over as a payment.",
    ),
    "paid_without_day": ("A total paid says nothing without the day it was true.", "Fill in paid_at, or give --as-of."),
    "status_contradicts_paid": ("The status says paid, but only {paid} of {due} is.", "Correct one of the two."),
    "duplicate_instalment": ("Instalment {number} of this loan stands above already.", "Keep one of the rows."),
    "loan_disagrees": (
        "Line {first} says {other} for this loan.",
        "One loan has one programme, borrower and currency.",
    ),
    "schedule_short": (
        "{months} payments of {payment} do not repay {amount}.",
        "Check amount, months and payment.",
    ),
    # payments
    "reversal_unnamed": ("Money taken back must say which payment it reverses.", "Name its reference in `reverses`."),
    "reverses_itself": ("A payment cannot reverse itself.", "Name the earlier payment."),
    "reference_conflict": (
        "Line {first} has this reference with other content.",
        "Give each payment its own reference.",
    ),
    "stored_otherwise": (
        "The loan of this id is stored with {other}.",
        "Give the loan an id of its own, or correct the row.",
    ),
    "unknown_loan": ("There is no loan of this id.", "Import the loan book first, or correct the id."),
    "other_currency": ("This loan is in {currency}.", "Give the amount in the loan's currency."),
    "unknown_instalment": ("The loan has no instalment {number}.", "Correct the number, or leave it empty."),
    "reverses_unknown": ("The loan has no payment {reference} to reverse.", "Correct the reference."),
    "reverses_too_much": ("Of that payment only {left} is left to reverse.", "Correct the amount."),
    "reference_taken": ("Another payment was posted under this reference.", "Give each payment its own reference."),
    # summaries, one line each
    "nobody_can_prove": (
        "Borrowers with neither phone, birth date nor last four: {count}.",
        "They are loaded; a person proves them.",
    ),
    "facts_differ": (
        "Rows that say something else of a borrower or loan than an earlier row did: {count}.",
        "The first row was taken. Make them agree.",
    ),
    "closed_overpaid": (
        "Closed loans that were paid more than their schedule: {count}.",
        "They count as paid in full; the rest is not recorded.",
    ),
}

#: Reported, and the row is loaded all the same.
WARNINGS = frozenset(
    {"unknown_column", "unusable_phone", "unusable_email", "nobody_can_prove", "facts_differ", "closed_overpaid"}
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One fault: `line` is 1-based and 0 for the file as a whole, `column` empty for the row as a whole."""

    line: int
    column: str
    code: str
    value: str
    sentence: str
    fix: str

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        what = f"{self.column} " if self.column else ""
        shown = f'"{self.value}": ' if self.value else ""
        return f"{place}{what}{shown}{self.sentence} {self.fix} [{self.code}]"


class Fault(Exception):
    """A value cannot be what its column says. Whoever knows the place makes a RowProblem of it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def problem(code: str, line: int = 0, column: str = "", value: str = "", **facts: object) -> RowProblem:
    """The problem of that code with its sentence filled in."""
    sentence, fix = PROBLEMS[code]
    return RowProblem(line, column, code, value, sentence.format(**facts), fix.format(**facts))


_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


def shown(value: str, personal: bool = False) -> str:
    """The value as a report may carry it: one line, shortened, and only its shape where it is personal."""
    short = value if len(value) <= SHOWN_LENGTH else value[: SHOWN_LENGTH - 1] + "…"
    flat = "".join(c if c.isprintable() else "␣" for c in short)
    return _LETTER.sub("x", _DIGIT.sub("#", flat)) if personal else flat
