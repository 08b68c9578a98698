"""`policies`: programmes and contact policies: check them, list and show them, and draw what a loan will see under them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, plain, write_rows
from bot.cli.session import (
    FOUND_PROBLEMS,
    WRONG_USE,
    draft_files,
    draft_of,
    fail,
    live_of,
    opened,
    run,
    say,
    settings_of,
)
from bot.domain.diagnostics import did_you_mean
from bot.domain.errors import ConfigurationProblems

if TYPE_CHECKING:
    from bot.domain.diagnostics import Diagnostic
    from bot.policy.contact_policy import ContactPolicy
    from bot.policy.forecast import ForecastDay
    from bot.policy.programme import Programme
    from bot.services.calendar_of import LoanCalendar

app = typer.Typer(help="Programmes and contact policies: what is in force, and what it will do.", no_args_is_help=True)

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]


class Kind(StrEnum):
    PROGRAMME = "programme"
    CONTACT_POLICY = "contact_policy"


@app.command()
def check(form: _Form = Format.TABLE) -> None:
    """List every mistake in programmes and contact policies at once, and what is to be renewed; exit 1 on an error.

    Example: gracebot policies check
    """
    from bot.cli.problems import lines_of, write_problems
    from bot.cli.session import today
    from bot.domain.diagnostics import Severity
    from bot.services.live import ages

    settings = settings_of()
    files = draft_files(settings)
    _, contact, found = _policies(files)
    problems = (*found, *ages(files, contact, today()))
    write_problems(sorted(problems, key=lambda problem: problem.place), form, lines_of(settings))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(FOUND_PROBLEMS)


@app.command("list")
def list_policies(form: _Form = Format.TABLE) -> None:
    """List the programmes and contact policies of the files on disk.

    Example: gracebot policies list --format json
    """
    programmes, contact, _ = _policies(draft_files(settings_of()))
    rows = [_programme_row(programme) for programme in programmes.values()]
    rows += [_contact_row(contact[name]) for name in sorted(contact)]
    write_rows(rows, form, ("kind", "id", "title", "contents", "review_by"))


def _programme_row(programme: Programme) -> dict[str, Any]:
    stages = ", ".join(stage.stage_id for stage in reversed(programme.ladder.stages))
    about = f"{stages}; contact policy {programme.contact_policy}"
    row = {"kind": Kind.PROGRAMME.value, "id": programme.programme_id, "title": programme.title}
    return row | {"contents": about, "review_by": None}


def _contact_row(policy: ContactPolicy) -> dict[str, Any]:
    from bot.policy.describe import describe_contact_policy

    hours = "; ".join(line.value for line in describe_contact_policy(policy) if line.key == "windows")
    row = {"kind": Kind.CONTACT_POLICY.value, "id": policy.policy_id, "title": policy.title}
    return row | {"contents": hours, "review_by": policy.review_by.isoformat()}


@app.command()
def show(
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="A programme or a contact policy.")],
    form: _Form = Format.TABLE,
) -> None:
    """Show one programme or contact policy with everything it inherits, and where each value stands.

    Example: gracebot policies show CN
    """
    from bot.domain.yaml_reading import MapNode
    from bot.policy.describe import describe_contact_policy, describe_programme
    from bot.policy.programme_reading import merged_root
    from bot.services.live import programme_files

    files = draft_files(settings_of())
    programmes, contact, _ = _policies(files)
    if policy_id in contact:
        lines = describe_contact_policy(contact[policy_id])
        columns = ["key", "value", "strength", "source", "origin"]
    elif policy_id in programmes:
        below = programme_files(files)
        root = merged_root(below[policy_id], below)
        lines = describe_programme(root) if isinstance(root, MapNode) else ()
        columns = ["key", "value", "origin"]
    else:
        near = did_you_mean(policy_id, (*programmes, *contact))
        fail((f"There is no policy {policy_id} without errors.{near}",), WRONG_USE)
    write_rows([plain(line) for line in lines], form, columns)


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument(help="Which files the schema is for.")],
) -> None:
    """Print the JSON Schema of programmes or contact policies, so that an editor completes and checks as one types.

    Example: gracebot policies schema programme > programme.schema.json
    """
    say(json.dumps(_schema(kind), indent=2))


def _schema(kind: Kind) -> dict[str, Any]:
    from bot.policy.contact_reading import contact_policy_schema
    from bot.policy.programme_reading import programme_schema

    return programme_schema() if kind is Kind.PROGRAMME else contact_policy_schema()


@app.command("calendar")
def show_calendar(
    loan: Annotated[str, typer.Argument(help="The loan's id in the loan book.")],
    on: Annotated[str | None, typer.Option(help="Begin on this day, as in 2026-12-01; without it today.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Under the files on disk, before they are published.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file instead.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """Draw what a loan will see if nothing is paid: stages, due dates, messages, and what is held back and why.

    Example: gracebot policies calendar L-1001 --html L-1001.html
    """
    settings = settings_of("secret_key")
    begin = _day(on)

    async def work() -> LoanCalendar | None:
        from bot.services.calendar_of import calendar_of

        async with opened(settings) as (storage, clock):
            live = draft_of(settings) if draft else await live_of(storage, settings, clock)
            return await calendar_of(storage, live, loan, begin or clock.now())

    found = run(work)
    if found is None:
        fail((f"There is no loan {loan}, or its programme has no file; look it up in the loan book.",), WRONG_USE)
    if html is not None:
        from bot.web.calendar_page import calendar_page

        html.write_text(calendar_page(found.title, found.about, found.days), encoding="utf-8")
        say(f"Written to {html}.")
    elif form is Format.TABLE:
        _print_calendar(found)
    else:
        columns = ("on", "days", "stage", "due", "holiday", "sent", "held_back", "tasks")
        write_rows([plain(day) for day in found.days], form, columns)


def _day(on: str | None) -> datetime | None:
    """The day's beginning, as a wall clock without a zone: the loan's programme says where it begins."""
    if on is None:
        return None
    try:
        return datetime.combine(datetime.fromisoformat(on).date(), time())
    except ValueError as error:
        raise ConfigurationProblems([f"{on} cannot be read: {error}."]) from None


def _print_calendar(found: LoanCalendar) -> None:
    from bot.policy.forecast import happenings

    say(found.title)
    for line in found.about:
        say(line)
    for line in _months(found.days):
        say(line)
    rows = [
        {"day": f"{h.on} {h.weekday}", "days past due": h.days, "stage": h.stage, "what happens": "\n".join(h.lines)}
        for h in happenings(found.days)
    ]
    write_rows(rows, Format.TABLE, ("day", "days past due", "stage", "what happens"))


def _months(days: tuple[ForecastDay, ...]) -> Iterator[str]:
    """A month after the other, a week a line; marks say what happens on a day."""
    import calendar

    known = {day.on: day for day in days}
    for year, month in dict.fromkeys((day.on.year, day.on.month) for day in days):
        yield ""
        yield f"{calendar.month_name[month]} {year}"
        yield " ".join(f"{name:<6}" for name in calendar.day_abbr).rstrip()
        for week in calendar.Calendar().monthdatescalendar(year, month):
            cells = [_cell(known.get(on)) if on.month == month else "" for on in week]
            if any(cells):
                yield " ".join(f"{cell:<6}" for cell in cells).rstrip()
    yield ""
    yield "* falls due   > message   x held back   ! task for a person   ( ) public holiday"


def _cell(day: ForecastDay | None) -> str:
    if day is None:
        return ""
    number = f"({day.on.day})" if day.holiday else f"{day.on.day}"
    return (
        number + "*" * (day.due is not None) + ">" * bool(day.sent) + "x" * bool(day.held_back) + "!" * bool(day.tasks)
    )


def _policies(
    files: Mapping[str, str],
) -> tuple[dict[str, Programme], dict[str, ContactPolicy], tuple[Diagnostic, ...]]:
    from bot.services.live import read_policies

    return read_policies(files, number=1)
