"""`answers`: what the bot answers about being late, and which facts and texts of places somebody has approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import live_of, opened, run, say, settings_of

if TYPE_CHECKING:
    from bot.policy.legal_facts import Origin
    from bot.services.live import Live
    from bot.services.ports import Approval

app = typer.Typer(help="Answers about being late: what places say, and who approved it.", no_args_is_help=True)

_Place = Annotated[str, typer.Argument(help="The place's code, such as CN.")]
_Names = Annotated[list[str] | None, typer.Argument(help="Facts or answers of it; all where none is named.")]
_By = Annotated[str, typer.Option(help="Who decides; it stands in the audit log.")]

_COLUMNS = ("place", "name", "question", "says", "source", "as_of", "approved", "by", "reviewed_by")


@app.command("list")
def list_answers(
    place: Annotated[str | None, typer.Option(help="Only what this place says, such as CN.")] = None,
    unapproved: Annotated[bool, typer.Option("--unapproved", help="Only what may not be said yet.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
) -> None:
    """List every answer of the live version, and every fact and answer of places with who approved it.

    Example: gracebot answers list --place CN --unapproved
    """
    settings = settings_of("secret_key")

    async def work() -> list[dict[str, Any]]:
        async with opened(settings) as (storage, clock):
            live = await live_of(storage, settings, clock)
            return [*_generic(live), *_of_places(live, await storage.approvals())]

    rows = [row for row in run(work) if place in (None, row["place"]) and not (unapproved and row["approved"])]
    write_rows(rows, form, _COLUMNS)


def _generic(live: Live) -> list[dict[str, Any]]:
    answers = live.script.answers
    found = sorted(answers.by_question.values(), key=lambda a: a.question) if answers else []
    return [
        _row("", a.id, a.question, " ".join(line.sentence.source for line in a.lines), a.origin)
        | {"approved": "needs none", "by": None}
        for a in found
    ]


def _of_places(live: Live, approvals: tuple[Approval, ...]) -> list[dict[str, Any]]:
    from bot.services.approvals import contents

    given = {a.digest: a for a in approvals if a.approved}
    rows = []
    for c in contents(live.script.answers) if live.script.answers else ():
        word = given.get(c.digest)
        told = {"approved": word.at.isoformat() if word else None, "by": word.by if word else None}
        rows.append(_row(c.place, c.name, c.question, c.says, c.origin) | told)
    return rows


def _row(place: str, name: str, question: str | None, says: str, origin: Origin) -> dict[str, Any]:
    return {
        "place": place,
        "name": name,
        "question": question,
        "says": says,
        "source": origin.source,
        "as_of": origin.as_of.isoformat(),
        "reviewed_by": origin.reviewed_by,
        "counsel_signed": origin.counsel_signed,
    }


@app.command()
def approve(place: _Place, by: _By, names: _Names = None) -> None:
    """Let the bot say facts or answers of a place, as they stand in the live version. An edit ends it.

    Example: gracebot answers approve CN fact_limitation_years --by "Legal department"
    """
    _decide(place, names, True, by)


@app.command()
def withdraw(place: _Place, by: _By, names: _Names = None) -> None:
    """Take an approval back: the bot says the general answer again.

    Example: gracebot answers withdraw CN fact_limitation_years --by "Legal department"
    """
    _decide(place, names, False, by)


def _decide(place: str, names: list[str] | None, approved: bool, by: str) -> None:
    settings = settings_of("secret_key")

    async def work() -> tuple[str, ...]:
        from bot.dialog.known_answers import NO_ANSWERS
        from bot.services.approvals import decide

        async with opened(settings) as (storage, clock):
            answers = (await live_of(storage, settings, clock)).script.answers or NO_ANSWERS
            changed = await decide(storage, answers, place, names or [], approved, by, clock.now())
        return tuple(content.name for content in changed)

    changed = run(work)
    for name in changed:
        say(f"{place} {name}: {'may be said' if approved else 'is not said any more'}.")
    if not changed:
        say("Nothing changed.")
