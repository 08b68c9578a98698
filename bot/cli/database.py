"""`database`: migrations of the schema, and of the engine's own on PostgreSQL."""

from __future__ import annotations

import asyncio

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

        await asyncio.to_thread(bring_up, settings.database_url)
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

    async def work() -> tuple[str, str]:
        from bot.storage.upgrade import check as revisions

        return await asyncio.to_thread(revisions, settings.database_url)

    there, wanted = run(work)
    if there != wanted:
        sentence = (
            f"The database is at revision {there or 'none'}, this program needs {wanted}: gracebot database upgrade."
        )
        fail((sentence,), FOUND_PROBLEMS)
    say("The database fits.")
