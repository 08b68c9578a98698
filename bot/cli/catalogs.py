"""`catalogs`: the translators' work-flow. Sentences go from flows and answers to a template, from there to each language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import FOUND_PROBLEMS, WRONG_USE, fail, say

if TYPE_CHECKING:
    from bot.texts.coverage import Coverage
    from bot.texts.po_files import Entry

app = typer.Typer(help="Extract, update, compile and check the translations.", no_args_is_help=True)

Flows = Annotated[Path, typer.Option("--dialogs", envvar="GRACE_DIALOGS_DIR", help="Folder with flows and answers.")]
Locales = Annotated[
    Path, typer.Option("--locales", envvar="GRACE_LOCALES_DIR", help="Folder with a folder per language.")
]
Languages = Annotated[list[str] | None, typer.Argument(help="Languages; all, if none is named.")]


@app.command()
def extract(dialogs: Flows = Path("dialogs"), locales: Locales = Path("locales")) -> None:
    """Write the template locales/bot.pot from the flows and answers.

    Example: gracebot catalogs extract
    """
    from bot.cli.catalog_files import template_text

    entries = _template(dialogs)
    target = locales / "bot.pot"
    target.write_text(template_text(entries), encoding="utf-8")
    say(f"{target}: {len(entries)} sentences")


@app.command()
def update(
    languages: Languages = None,
    repeat: Annotated[
        bool,
        typer.Option("--repeat", help="Let a sentence translated word for word elsewhere take those words as final."),
    ] = False,
    dialogs: Flows = Path("dialogs"),
    locales: Locales = Path("locales"),
) -> None:
    """Bring the catalogs up to the flows and answers; a new language begins here.

    No translation is lost: what is no longer said stays below as obsolete, and what was reworded or moved keeps its old
    words as a fuzzy entry, which is not said before a translator has looked at it.

    Example: gracebot catalogs update zh-Hans
    """
    from bot.cli.catalog_files import catalog_path, updated_text

    entries = _template(dialogs)
    unreadable: list[str] = []
    for tag in _chosen(languages, locales):
        path = catalog_path(locales, tag)
        before, faults = _text_of(path) if path.exists() else (None, ())
        text, problems = updated_text(entries, before, tag, repeat)
        if faults or problems:
            unreadable += (*faults, *(str(problem) for problem in problems), f"{path} was left as it is.")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        _show(path, _coverage(entries, path, tag))
    if unreadable:
        fail(tuple(unreadable), FOUND_PROBLEMS)


@app.command("compile")
def compile_catalogs(languages: Languages = None, locales: Locales = Path("locales")) -> None:
    """Write binary .mo files for other tools; the bot itself reads .po. A catalog with a mistake is not compiled.

    Example: gracebot catalogs compile
    """
    from bot.cli.catalog_files import catalog_path, compiled

    refused: list[str] = []
    for tag in _chosen(languages, locales):
        path = catalog_path(locales, tag)
        text, faults = _text_of(path)
        problems = (*faults, *(str(p) for p in _coverage((), path, tag).mistakes))
        if problems:
            refused += (*problems, f"{path} was not compiled.")
            continue
        path.with_suffix(".mo").write_bytes(compiled(text, tag))
        say(str(path.with_suffix(".mo")))
    if refused:
        fail(tuple(refused), FOUND_PROBLEMS)


@app.command()
def status(
    languages: Languages = None,
    flows: Annotated[bool, typer.Option("--flows", help="A row for each flow and group of answers.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
    dialogs: Flows = Path("dialogs"),
    locales: Locales = Path("locales"),
) -> None:
    """Say how complete each language is, and whether it is safe to enable, with every mistake; exit 1 if there is one.

    A fuzzy sentence counts as missing, since it is never said.

    Example: gracebot catalogs status zh-Hans --flows
    """
    from bot.cli.catalog_files import catalog_path

    entries = _template(dialogs)
    found = {tag: _coverage(entries, catalog_path(locales, tag), tag) for tag in _chosen(languages, locales)}
    if flows:
        _write_flows(found, form)
    elif form is Format.TABLE:
        for tag, known in found.items():
            _show(catalog_path(locales, tag), known)
    else:
        rows = [_row(known, catalog_path(locales, tag)) for tag, known in found.items()]
        write_rows(rows, form, tuple(rows[0])[:8] if rows else ())
    if any(known.mistakes for known in found.values()):
        raise typer.Exit(FOUND_PROBLEMS)


def _template(dialogs: Path) -> tuple[Entry, ...]:
    """The entries of all sentences; ends with all that is wrong where a file cannot be read."""
    from bot.cli.catalog_files import template_of

    if not (dialogs / "flows").is_dir():
        fail((f"{dialogs} holds no flows; name the folder with --dialogs or GRACE_DIALOGS_DIR.",), WRONG_USE)
    entries, problems = template_of(dialogs)
    if problems:
        fail(tuple(str(problem) for problem in problems), FOUND_PROBLEMS)
    return entries


def _chosen(languages: list[str] | None, locales: Path) -> list[str]:
    """The languages named, or all with a catalog; ends where one is no language or is made by the program."""
    from bot.cli.catalog_files import languages_in
    from bot.texts.languages import is_known, is_pseudo

    wrong = [
        f"{tag} is not a language that CLDR knows; write a tag such as es or pt-BR."
        for tag in languages or ()
        if not is_known(tag)
    ]
    wrong += [f"{tag} is made by the program and has no catalog." for tag in languages or () if is_pseudo(tag)]
    if wrong:
        fail(tuple(wrong), WRONG_USE)
    return languages or list(languages_in(locales))


def _text_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a catalog, and the sentence that says why it cannot be read."""
    if not path.exists():
        return "", (f"{path} is not there; begin it with catalogs update.",)
    try:
        return path.read_text(encoding="utf-8"), ()
    except UnicodeDecodeError as error:
        return "", (f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.",)


def _coverage(entries: tuple[Entry, ...], path: Path, tag: str) -> Coverage:
    from bot.cli.catalog_files import terms_of
    from bot.texts.coverage import coverage

    text, faults = _text_of(path)
    if faults:
        fail(faults, FOUND_PROBLEMS)
    return coverage(entries, text, tag, terms_of(path, tag))


def _show(path: Path, known: Coverage) -> None:
    """A line for a language and one for each mistake in its catalog."""
    left = len(known.missing)
    state = "safe to enable" if known.safe_to_enable else f"{left} missing, {known.fuzzy} of them fuzzy"
    say(f"{path}: {known.translated} of {known.wanted} sentences; {state}")
    for problem in known.problems:
        say(f"  {problem.severity}: {problem}")


def _row(known: Coverage, path: Path) -> dict[str, object]:
    return {
        "language": known.language,
        "file": str(path),
        "sentences": known.wanted,
        "translated": known.translated,
        "fuzzy": known.fuzzy,
        "missing": len(known.missing),
        "obsolete": known.obsolete,
        "safe_to_enable": known.safe_to_enable,
        "missing_in": [context for context, _ in known.missing],
        "flows": {share.name: {"translated": share.translated, "sentences": share.wanted} for share in known.shares},
        "problems": [f"{problem.severity}: {problem}" for problem in known.problems],
    }


def _write_flows(found: dict[str, Coverage], form: Format) -> None:
    rows = [
        {"language": tag, "flow": share.name, "sentences": share.wanted, "translated": share.translated}
        for tag, known in found.items()
        for share in known.shares
    ]
    write_rows(rows, form, ("language", "flow", "sentences", "translated"))
