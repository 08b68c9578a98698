"""`dialogs publish`, `rollback`, `history` and `diff`: what is live, what was, and what a draft would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import Format, plain, write_rows
from bot.cli.session import WRONG_USE, draft_files, draft_of, fail, opened, run, say, settings_of
from bot.domain.errors import ConfigurationProblems

if TYPE_CHECKING:
    from bot.services.differences import Difference
    from bot.services.live import Live
    from bot.services.ports import Storage, VersionRecord
    from bot.services.preview_publishing import Preview
    from bot.services.publish_scripts import Published

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]
_Note = Annotated[str, typer.Option(help="Why, in a few words; it stands in the history.")]
_By = "command line"


def publish(
    note: Annotated[str, typer.Option(help="Why, in a few words; it stands in the history.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change, and for how many.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    moves: Annotated[
        Path | None, typer.Option(help="A file of lines flow.step: flow.step that takes waiting conversations along.")
    ] = None,
    turns: Annotated[int, typer.Option(min=0, help="How many stored turns to go through again.")] = 200,
) -> None:
    """Check the files on disk, say what they would change and for how many, and make them live for all running processes.

    Example: gracebot dialogs publish --note "Later reminders in the stage mild"
    """
    if not note and not dry_run:
        fail(("Say why with --note, in a few words; it stands in the history.",), WRONG_USE)
    settings = settings_of("secret_key")
    steps = _steps(moves) if moves is not None else None

    async def work() -> Published | None:
        from bot.services.preview_publishing import preview_publishing
        from bot.services.publish_scripts import publish as publish_files

        async with opened(settings) as (storage, clock):
            files = draft_files(settings)
            preview = await preview_publishing(storage, files, clock.now(), turns=turns, steps=steps)
            _say_preview(preview)
            if dry_run or (preview.new != preview.old and not (yes or _agreed())):
                return None
            return await publish_files(storage, files, clock.now(), _By, note, steps)

    done = run(work)
    if done is None:
        say("Nothing was published.")
    else:
        _say_published(done)


def _say_preview(preview: Preview) -> None:
    """All that would change; ends the command where the draft is refused."""
    from bot.cli.preview_text import preview_lines

    if preview.refused:
        raise ConfigurationProblems([line for line in preview_lines(preview) if not line.startswith("Nothing was")])
    for line in preview_lines(preview):
        say(line)


def _agreed() -> bool:
    """Whoever sits at a terminal is asked; a program that publishes has decided."""
    return not sys.stdin.isatty() or typer.confirm("Publish this?")


def _steps(path: Path) -> dict[str, str]:
    """The map of a file; every mistake in it ends the command."""
    from bot.dialog.moves import read_moves

    try:
        steps, problems = read_moves(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        fail((f"{path} cannot be read: {error}.",), WRONG_USE)
    if problems:
        fail(tuple(problems), WRONG_USE)
    return steps


def rollback(
    number: Annotated[int, typer.Argument(help="The version whose files become live again.")],
    note: _Note,
) -> None:
    """Make the files of an older version live again, as a new version. The files on disk stay as they are.

    Example: gracebot dialogs rollback 3 --note "The new card confused people"
    """
    settings = settings_of("secret_key")

    async def work() -> Published:
        from bot.services.publish_scripts import roll_back

        async with opened(settings) as (storage, clock):
            return await roll_back(storage, number, clock.now(), _By, f"back to version {number}: {note}")

    _say_published(run(work))


def _say_published(done: Published) -> None:
    for problem in done.problems:
        say(f"{problem.severity.value}: {problem}")
    state = "is live now" if done.new else "is live already: nothing changed"
    say(f"Version {done.live.number} {state}.")


def history(form: _Form = Format.TABLE) -> None:
    """List all published versions, the live one first.

    Example: gracebot dialogs history
    """
    settings = settings_of("secret_key")

    async def work() -> list[dict[str, object]]:
        async with opened(settings) as (storage, _):
            return [_told(record) for record in await storage.versions()]

    write_rows(run(work), form, ("number", "at", "by", "note", "moves", "digest"))


def _told(record: VersionRecord) -> dict[str, object]:
    """A version with whom it took along, as `flow.step: flow.step`."""
    from bot.dialog.moves import Moves

    steps = Moves.from_json(record.moves).steps if record.moves else {}
    return {**plain(record), "moves": ", ".join(f"{old}: {new}" for old, new in steps.items())}


def diff(
    old: Annotated[int | None, typer.Argument(help="A version; without it the live one.")] = None,
    new: Annotated[int | None, typer.Argument(help="Another version; without it the files on disk.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """Say in words what is different between two versions, or between the live version and the files on disk.

    Example: gracebot dialogs diff
    """
    from bot.cli.preview_text import difference_lines, first_version

    settings = settings_of("secret_key")

    async def work() -> tuple[Difference, ...] | None:
        from bot.services.differences import differences

        async with opened(settings) as (storage, _):
            live = await storage.live_version()
            number = old if old is not None else live.number if live else None
            if number is None:
                draft_of(settings)
                return None
            after = draft_of(settings) if new is None else await _version(storage, new)
            return differences(await _version(storage, number), after)

    found = run(work)
    if found is None:
        say(first_version(1))
    elif form is not Format.TABLE:
        write_rows([plain(difference) for difference in found], form, ("part", "where", "sentence"))
    else:
        for line in difference_lines(found):
            say(line)
        many = "1 difference" if len(found) == 1 else f"{len(found)} differences"
        say(many if found else "There is no difference.")


async def _version(storage: Storage, number: int) -> Live:
    from bot.services.publish_scripts import published

    live = await published(storage, number)
    if live is None:
        raise ConfigurationProblems(
            [f"There is no version {number} that this program can read; `gracebot dialogs history` lists all."]
        )
    return live
