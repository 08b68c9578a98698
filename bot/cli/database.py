"""`database`: migrations of the schema, and of the engine's own on PostgreSQL."""

from __future__ import annotations

import typer

from bot.cli.session import FOUND_PROBLEMS, fail, run, say, settings_of

app = typer.Typer(help="Migrations.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the database to this version of the program.

    Example: gracebot database upgrade
    """
    settings = settings_of()

    async def work() -> None:
        from bot.storage.upgrade import upgrade as bring_up

        await bring_up(settings.database_url)
        if settings.database_url.startswith("postgresql"):
            from bot.jobs.postgres import install_engine

            await install_engine(settings.database_url)

    run(work)
    say("The database is up to date.")


@app.command()
def check() -> None:
    """Tell whether the database fits this version of the program.

    Example: gracebot database check
    """
    settings = settings_of()

    async def work() -> str | None:
        from bot.storage.upgrade import check as problem_of

        return await problem_of(settings.database_url)

    problem = run(work)
    if problem:
        fail((problem,), FOUND_PROBLEMS)
    say("The database fits.")
