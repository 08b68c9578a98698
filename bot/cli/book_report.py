"""How an import or a payment file is told to people and programs: problems as they come, then what was done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.cli.output import Format, write_rows
from bot.cli.session import DONE, FOUND_PROBLEMS, say
from bot.loanbook.problems import RowProblem
from bot.loanbook.rows import BookSummary
from bot.services.import_loan_book import ImportReport
from bot.services.post_payments import PaymentReport

_COLUMNS = ("file", "line", "column", "value", "code", "severity", "sentence", "fix")
#: Absent loans that are named one by one; of more only the number is told.
_NAMED = 20
_EVERY = 50_000


class ProblemReport:
    """Says each problem in a line as it is found, or keeps them for a form that programs read."""

    def __init__(self, form: Format, file: Path) -> None:
        self._form = form
        self._file = file.name
        self._rows: list[dict[str, Any]] = []
        self.errors = 0

    def add(self, found: RowProblem) -> None:
        self.errors += found.is_error
        if self._form is Format.TABLE:
            mark = "" if found.is_error else "warning: "
            say(f"{self._file}: {mark}{found}")
        else:
            row = {"file": self._file, "severity": found.severity.value}
            self._rows.append({**row, **{name: getattr(found, name) for name in _COLUMNS if name not in row}})

    def ignore(self, found: RowProblem) -> None:
        """For what was told before."""

    def read_through(self, items: Iterable[Any]) -> Any:
        """Takes the problems out of a file, keeps no row, and gives the summary, which comes last."""
        summary = None
        for item in items:
            if isinstance(item, RowProblem):
                self.add(item)
            else:
                summary = item
        return summary

    def end(self, *sentences: str) -> int:
        """Writes what was kept, then the outcome: beside the problems for people, on stderr beside data. The exit code."""
        if self._form is not Format.TABLE:
            write_rows(self._rows, self._form, _COLUMNS)
        for sentence in sentences:
            print(sentence, file=sys.stdout if self._form is Format.TABLE else sys.stderr)
        return FOUND_PROBLEMS if self.errors else DONE


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """A running count on a terminal, plain lines elsewhere; both on stderr."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.completed:,} " + what), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(what, total=None)
            yield lambda count: shown.update(task, completed=count)
        return
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        if count // _EVERY > told // _EVERY:
            print(f"{count:,} {what}", file=sys.stderr)  # noqa: T201
        told = count

    yield tell


def rows_sentence(summary: BookSummary) -> str:
    """How many rows there were."""
    return (
        f"{summary.rows:,} rows: {summary.good:,} good, {summary.bad:,} bad; "
        f"{summary.loans:,} loans, {summary.borrowers:,} borrowers."
    )


def import_sentences(report: ImportReport, complete: bool) -> list[str]:
    """What an import did, a sentence each."""
    if report.summary.refused:
        return ["Nothing was loaded: the file as a whole cannot be read."]
    done = (
        f"Loans: {report.new_loans:,} new, {report.changed_loans:,} changed. "
        f"Borrowers: {report.new_borrowers:,} new, {report.changed_borrowers:,} changed. "
        f"Adjustments posted: {report.adjustments:,}."
    )
    sentences = [rows_sentence(report.summary), "Nothing changed." if report.changed_nothing else done]
    if report.refused_loans:
        sentences.append(f"Loans refused: {report.refused_loans:,}.")
    if report.absent:
        named = ", ".join(report.absent[:_NAMED]) + (", …" if len(report.absent) > _NAMED else "")
        what = f"{report.closed:,} were closed" if report.closed else "they were left alone"
        sentences.append(f"{len(report.absent):,} open loans are not in this book; {what}: {named}")
        if complete and not report.closed:
            sentences.append(
                "None was closed in spite of --complete, because a bad row may hide its loan. Mend the rows first."
            )
    return sentences


def payment_sentences(report: PaymentReport) -> list[str]:
    """What became of a payment file, a sentence each."""
    if report.summary.refused:
        return ["Nothing was posted: the file as a whole cannot be read."]
    return [
        f"{report.summary.rows:,} rows: {report.posted:,} posted, {report.known + report.summary.repeated:,} known already, "
        f"{report.refused + report.summary.bad:,} bad."
    ]
