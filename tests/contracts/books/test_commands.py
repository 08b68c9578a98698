"""`import` and `payments` at the command line: what they print, where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from tests.contracts.books.lender import a_payment, instalments
from tests.unit.loanbook.books import a_row

ROOT = Path(__file__).parents[3]


class CommandLine:
    """The commands on an installation of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, *rows: dict[str, str]) -> str:
        path = self.folder / name
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.fixture
def command_line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRACE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("GRACE_SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("GRACE_DIALOGS_DIR", str(ROOT / "dialogs"))
    monkeypatch.setenv("GRACE_LOCALES_DIR", str(ROOT / "locales"))
    return CommandLine(tmp_path)


def test_a_book_and_payments_go_in_and_every_bad_row_is_told(command_line: CommandLine) -> None:
    book = command_line.write("book.csv", *instalments(2), a_row(loan_id="L2", due_date="03/04/2026"))
    first = command_line.run("import", book)
    assert first.exit_code == 1
    assert first.stdout.splitlines() == [
        'book.csv: line 4: due_date "03/04/2026": This can be read as 2026-04-03 or 2026-03-04. Name the format in a mapping '
        'file, as in formats: {date: "%d/%m/%Y"}, or write 2026-03-31. [ambiguous_date]',
        "3 rows: 2 good, 1 bad; 1 loans, 1 borrowers.",
        "Loans: 1 new, 0 changed. Borrowers: 1 new, 0 changed. Adjustments posted: 0.",
    ]
    payments = command_line.write("payments.csv", a_payment(), a_payment("P2", loan_id="L9"))
    posted = command_line.run("payments", payments, "--format", "jsonl")
    assert posted.exit_code == 1
    assert [json.loads(line) for line in posted.stdout.splitlines()] == [
        {
            "file": "payments.csv",
            "severity": "error",
            "line": 3,
            "column": "loan_id",
            "value": "L9",
            "code": "unknown_loan",
            "sentence": "There is no loan of this id.",
            "fix": "Import the loan book first, or correct the id.",
        }
    ]
    assert posted.stderr.splitlines() == ["2 rows: 1 posted, 0 known already, 1 bad."]


def test_strict_and_dry_run_store_nothing(command_line: CommandLine) -> None:
    book = command_line.write("book.csv", *instalments(1), a_row(loan_id="L2", principal="x"))
    dry = command_line.run("import", book, "--dry-run")
    assert (dry.exit_code, dry.stdout.splitlines()[-1]) == (1, "Nothing was stored (--dry-run).")
    strict = command_line.run("import", book, "--strict")
    assert (strict.exit_code, strict.stdout.splitlines()[-1]) == (1, "Nothing was loaded, because of --strict.")
    payments = command_line.write("payments.csv", a_payment(), a_payment("P2", amount="x"))
    assert (
        command_line.run("payments", payments, "--dry-run").stdout.splitlines()[-1] == "Nothing was posted (--dry-run)."
    )
    refused = command_line.run("payments", payments, "--strict")
    assert (refused.exit_code, refused.stdout.splitlines()[-1]) == (1, "Nothing was posted, because of --strict.")
    good = command_line.run("import", command_line.write("book.csv", *instalments(1, phone="12")), "--strict")
    assert (good.exit_code, good.stdout.splitlines()) == (
        0,
        [
            'book.csv: warning: line 2: phone "##": This is not a telephone number; the row is loaded without it. '
            "Write it as +8613800000000, or fill in the region. [unusable_phone]",
            "1 rows: 1 good, 0 bad; 1 loans, 1 borrowers.",
            "Loans: 1 new, 0 changed. Borrowers: 1 new, 0 changed. Adjustments posted: 0.",
        ],
    )
    taken = command_line.write("book.csv", *instalments(1, borrower_id="B9"), *instalments(1, loan_id="L2"))
    strict = command_line.run("import", taken, "--strict")
    assert (strict.exit_code, strict.stdout.splitlines()[-1]) == (1, "Nothing was loaded, because of --strict.")
    assert "[stored_otherwise]" in strict.stdout


def test_absent_loans_are_told_and_closed_only_where_asked(command_line: CommandLine) -> None:
    both = command_line.write("both.csv", *instalments(1), *instalments(1, loan_id="L2", borrower_id="B2"))
    one = command_line.write("one.csv", *instalments(1))
    command_line.run("import", both)
    assert command_line.run("import", one).stdout.splitlines()[-2:] == [
        "Nothing changed.",
        "1 open loans are not in this book; they were left alone: L2",
    ]
    assert command_line.run("import", one, "--complete").stdout.splitlines()[-1] == (
        "1 open loans are not in this book; 1 were closed: L2"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--mapping", "bekra"), 'Did you mean "berka"?'),
        (("--programme", "generik"), 'There is no programme generik. Did you mean "generic"? Use one of: generic, '),
        (("--as-of", "yesterday"), "yesterday is not a day; write it as in 2026-12-31."),
    ],
)
def test_wrong_use_is_told_in_one_sentence(
    command_line: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    result = command_line.run("import", command_line.write("book.csv", *instalments(1)), "--dry-run", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_mapping_with_mistakes_names_them_all(command_line: CommandLine) -> None:
    mapping = command_line.folder / "own.yaml"
    mapping.write_text("colums: {}\nformats: {date: '%Q'}\n")
    result = command_line.run("import", "book.csv", "--mapping", str(mapping))
    assert result.exit_code == 2
    assert [line.split()[1] for line in result.stderr.splitlines()] == ["M002", "M007"]
