"""`dialogs publish`, `rollback`, `history` and `diff`: what is live, what was, and what a draft would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import Format, plain, write_rows
from bot.cli.session import draft_of, live_of, opened, run, say, settings_of
from bot.domain.errors import ConfigurationProblems

if TYPE_CHECKING:
    from bot.services.differences import Difference
    from bot.services.live import Live
    from bot.services.ports import Storage
    from bot.services.publish_scripts import Published

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]
_Note = Annotated[str, typer.Option(help="Why, in a few words; it stands in the history.")]
_By = "command line"


def publish(note: _Note) -> None:
    """Check the files on disk and make them live for all running processes, or say everything that is wrong.

    Example: gracebot dialogs publish --note "Later reminders in the stage mild"
    """
    settings = settings_of("secret_key")

    async def work() -> Published:
        from bot.services.publish_scripts import publish as publish_files
        from bot.services.publish_scripts import read_files

        async with opened(settings) as (storage, clock):
            files = read_files(settings.dialogs_dir, settings.locales_dir)
            return await publish_files(storage, files, clock.now(), _By, note)

    _say_published(run(work))


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
            return [plain(record) for record in await storage.versions()]

    write_rows(run(work), form, ("number", "at", "by", "note", "digest"))


def diff(
    old: Annotated[int | None, typer.Argument(help="A version; without it the live one.")] = None,
    new: Annotated[int | None, typer.Argument(help="Another version; without it the files on disk.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """Say in words what is different between two versions, or between the live version and the files on disk.

    Example: gracebot dialogs diff
    """
    settings = settings_of("secret_key")

    async def work() -> tuple[Difference, ...]:
        from bot.services.differences import differences

        async with opened(settings) as (storage, clock):
            before = await live_of(storage, settings, clock) if old is None else await _version(storage, old)
            after = draft_of(settings) if new is None else await _version(storage, new)
            return differences(before, after)

    found = run(work)
    if form is not Format.TABLE:
        write_rows([plain(difference) for difference in found], form, ("part", "where", "sentence"))
        return
    for difference in found:
        say(f"{difference.part}: {difference.where}: {difference.sentence}")
    say(f"{len(found)} differences" if found else "There is no difference.")


async def _version(storage: Storage, number: int) -> Live:
    from bot.services.live import compile_files

    stored = await storage.version(number)
    if stored is None:
        raise ConfigurationProblems([f"There is no version {number}; `gracebot dialogs history` lists them."])
    live, problems = compile_files(dict(stored.files), number)
    if live is None:
        raise ConfigurationProblems([str(problem) for problem in problems])
    return live
