"""`import` and `payments`: loan books and payment files in, with every bad row told and the good ones kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format
from bot.cli.session import WRONG_USE, draft_of, fail, instant, live_of, opened, run, settings_of
from bot.domain.diagnostics import did_you_mean

if TYPE_CHECKING:
    from bot.loanbook.sources import BookMapping
    from bot.services.live import Live

#: Reads the file anew with each call: rows, problems and the summary last.
Read = Callable[[], Iterator[Any]]

_Mapping = Annotated[
    str | None, typer.Option(help="A mapping file, or one that comes along: berka, fineract, lendingclub, ppdai.")
]
_Encoding = Annotated[str | None, typer.Option(help="The file's encoding, such as gb18030, where it cannot be told.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="Read and report; store nothing.")]
_Form = Annotated[Format, typer.Option("--format", help="How to print the problems.")]


def import_book(
    file: Annotated[Path, typer.Argument(help="The loan book: CSV, JSON Lines or XLSX.")],
    programme: Annotated[str | None, typer.Option(help="The programme of rows that name none.")] = None,
    mapping: _Mapping = None,
    encoding: _Encoding = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day that totals paid were true, where the file does not say.")
    ] = None,
    dry_run: _Dry = False,
    strict: Annotated[bool, typer.Option("--strict", help="Load nothing if any row is bad.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="Close open loans that the book no longer has.")] = False,
    form: _Form = Format.TABLE,
) -> None:
    """Load or refresh a loan book. The same file twice changes nothing.

    Example: gracebot import loans.csv --programme generic --dry-run
    """
    said = _mapping(mapping, payments=False)
    day = _day(as_of)
    settings = settings_of(*(() if dry_run else ("secret_key",)))

    async def work() -> int:
        from bot.cli.book_report import ProblemReport, import_sentences, progress, rows_sentence
        from bot.services.import_loan_book import check_loan_book, import_loan_book
        from bot.spreadsheets.importing import book_items, options_of

        problems = ProblemReport(form, file)
        if dry_run:
            live, now = draft_of(settings), instant()
            options = options_of(live, now, _known(programme, live), day)
            summary = problems.read_through(book_items(file, said, options, encoding))
            return problems.end(rows_sentence(summary), "Nothing was stored (--dry-run).")
        async with opened(settings) as (storage, clock):
            live = await live_of(storage, settings, clock)
            options = options_of(live, clock.now(), _known(programme, live), day)
            if strict:
                summary = await check_loan_book(storage, book_items(file, said, options, encoding), problems.add)
                if problems.errors:
                    return problems.end(rows_sentence(summary), "Nothing was loaded, because of --strict.")
            # What a strict check has told need not be told again.
            tell = problems.ignore if strict else problems.add
            with progress("instalments stored") as on_rows:
                items = book_items(file, said, options, encoding)
                report = await import_loan_book(storage, live, items, clock.now(), complete, tell, on_rows)
        return problems.end(*import_sentences(report, complete))

    if code := run(work):
        raise typer.Exit(code)


def payments(
    file: Annotated[Path, typer.Argument(help="The payments: CSV, JSON Lines or XLSX.")],
    mapping: _Mapping = None,
    encoding: _Encoding = None,
    dry_run: _Dry = False,
    strict: Annotated[bool, typer.Option("--strict", help="Post nothing if any row is unreadable.")] = False,
    form: _Form = Format.TABLE,
) -> None:
    """Post payments: reference, loan_id, instalment, amount, currency, paid_on, reverses. Each reference counts once.

    Example: gracebot payments received.csv
    """
    said = _mapping(mapping, payments=True)
    settings = settings_of(*(() if dry_run else ("secret_key",)))

    async def work() -> int:
        from bot.cli.book_report import ProblemReport, payment_sentences, progress
        from bot.services.post_payments import post_payments
        from bot.spreadsheets.importing import options_of, payment_items

        problems = ProblemReport(form, file)
        if dry_run:
            live, now = draft_of(settings), instant()
            summary = problems.read_through(payment_items(file, said, options_of(live, now), encoding))
            counts = f"{summary.rows:,} rows: {summary.good:,} good, {summary.bad:,} bad."
            return problems.end(counts, "Nothing was posted (--dry-run).")
        async with opened(settings) as (storage, clock):
            live = await live_of(storage, settings, clock)
            options = options_of(live, clock.now())
            if strict and _bad(lambda: payment_items(file, said, options, encoding)):
                problems.read_through(payment_items(file, said, options, encoding))
                return problems.end("Nothing was posted, because of --strict.")
            with progress("payments posted") as on_rows:
                items = payment_items(file, said, options, encoding)
                report = await post_payments(storage, live, items, clock.now(), problems.add, on_rows)
        return problems.end(*payment_sentences(report))

    if code := run(work):
        raise typer.Exit(code)


def _mapping(name_or_path: str | None, payments: bool) -> BookMapping:
    """The mapping, or every mistake in it and the end."""
    from bot.loanbook.sources import BookMapping
    from bot.spreadsheets.mapping_files import load_mapping

    if name_or_path is None:
        return BookMapping(payments=payments)
    found = load_mapping(name_or_path, payments)
    if isinstance(found, tuple):
        fail(tuple(str(problem) for problem in found), WRONG_USE)
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail((f"{text} is not a day; write it as in 2026-12-31.",), WRONG_USE)


def _known(programme: str | None, live: Live) -> str | None:
    """The programme that was named, if there is one of that name."""
    names = [known.programme_id for known in live.programmes]
    if programme is not None and programme not in names:
        from bot.domain.errors import ConfigurationProblems

        hint = did_you_mean(programme, names)
        raise ConfigurationProblems([f"There is no programme {programme}.{hint} Use one of: {', '.join(names)}."])
    return programme


def _bad(read: Read) -> bool:
    """True at the first error of a file."""
    from bot.loanbook.problems import RowProblem

    return any(isinstance(item, RowProblem) and item.is_error for item in read())
