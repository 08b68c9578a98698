"""`catalogs`: the translators' work-flow. Sentences go from the flows to a template, from there to each language's catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import FOUND_PROBLEMS

app = typer.Typer(help="Extract, update, compile and check the translations.", no_args_is_help=True)

Flows = Annotated[Path, typer.Option("--dialogs", envvar="GRACE_DIALOGS_DIR", help="Folder with flows/*.yaml.")]
Locales = Annotated[
    Path, typer.Option("--locales", envvar="GRACE_LOCALES_DIR", help="Folder with a folder per language.")
]


@app.command()
def extract(dialogs: Flows = Path("dialogs"), locales: Locales = Path("locales")) -> None:
    """Write the template locales/bot.pot from the flows.

    Example: gracebot catalogs extract
    """
    from bot.cli.catalog_files import template_of, written

    template = template_of(dialogs)
    target = locales / "bot.pot"
    target.write_bytes(written(template))
    typer.echo(f"{target}: {len(template)} sentences")


@app.command()
def update(
    languages: Annotated[list[str] | None, typer.Argument(help="Languages; all, if none is named.")] = None,
    dialogs: Flows = Path("dialogs"),
    locales: Locales = Path("locales"),
) -> None:
    """Bring the catalogs up to the flows; a new language begins here.

    Example: gracebot catalogs update zh-Hans
    """
    from bot.cli.catalog_files import catalog_path, languages_in, template_of, updated

    template = template_of(dialogs)
    for tag in languages or list(languages_in(locales)):
        path = catalog_path(locales, tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        path.write_bytes(updated(template, before, tag))
        _show(path, tag, len(template))


@app.command("compile")
def compile_catalogs(locales: Locales = Path("locales")) -> None:
    """Write binary .mo files for other tools; the bot itself reads .po.

    Example: gracebot catalogs compile
    """
    from bot.cli.catalog_files import catalog_path, compiled, languages_in

    for tag in languages_in(locales):
        path = catalog_path(locales, tag)
        path.with_suffix(".mo").write_bytes(compiled(path.read_bytes(), tag))
        typer.echo(str(path.with_suffix(".mo")))


@app.command()
def status(dialogs: Flows = Path("dialogs"), locales: Locales = Path("locales")) -> None:
    """Say how complete each language is, with every mistake; exit 1 if there is one.

    Example: gracebot catalogs status
    """
    from bot.cli.catalog_files import catalog_path, languages_in, template_of

    wanted = len(template_of(dialogs))
    mistakes = [_show(catalog_path(locales, tag), tag, wanted) for tag in languages_in(locales)]
    if any(mistakes):
        raise typer.Exit(FOUND_PROBLEMS)


def _show(path: Path, tag: str, wanted: int) -> int:
    """A line for a language and one for each mistake in its catalog; how many there are."""
    from bot.texts.catalogs import read_catalog

    catalog, problems = read_catalog(path.read_text(encoding="utf-8"), tag)
    typer.echo(f"{path}: {len(catalog.entries)} of {wanted} sentences")
    for problem in problems:
        typer.echo(f"  {problem}")
    return len(problems)
