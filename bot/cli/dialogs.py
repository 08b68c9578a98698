"""`dialogs`: check all scripts, policies and catalogs, and run the conversation tests, before anything is published."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import Format
from bot.cli.problems import lines_of, write_problems
from bot.cli.session import FOUND_PROBLEMS, WRONG_USE, checked_draft, draft_of, fail, say, settings_of, today
from bot.cli.talks import run_talks
from bot.cli.transcripts import transcripts
from bot.cli.versions import diff, history, publish, rollback
from bot.domain.diagnostics import did_you_mean


class Kind(StrEnum):
    FLOW = "flow"
    ANSWERS = "answers"


class Picture(StrEnum):
    SVG = "svg"
    MERMAID = "mermaid"


app = typer.Typer(help="Check and test what the bot says and does.", no_args_is_help=True)

app.command("publish")(publish)
app.command("rollback")(rollback)
app.command("history")(history)
app.command("diff")(diff)
app.command("test")(run_talks)
app.command("transcripts")(transcripts)

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]


@app.command()
def check(form: _Form = Format.TABLE) -> None:
    """List every mistake in scripts, policies, phrases and catalogs at once, and what is to be renewed; exit 1 on an error.

    Example: gracebot dialogs check
    """
    from bot.services.live import ages

    settings = settings_of()
    live, problems = checked_draft(settings)
    renewed = ages(live.files, live.contact_policies, today()) if live else ()
    write_problems((*problems, *renewed), form, lines_of(settings))
    if live is None:
        raise typer.Exit(FOUND_PROBLEMS)


@app.command()
def schema(kind: Annotated[Kind, typer.Argument(help="Which files the schema is for.")]) -> None:
    """Print the JSON Schema of flows or answers, so that an editor completes and checks as one types.

    Example: gracebot dialogs schema flow > flow.schema.json
    """
    from bot.dialog.file_schema import answers_schema, flow_schema

    say(json.dumps(flow_schema() if kind is Kind.FLOW else answers_schema(), indent=2))


@app.command()
def graph(
    flow: Annotated[str | None, typer.Argument(help="One flow; without it all.")] = None,
    picture: Annotated[
        Picture, typer.Option("--format", help="A drawing, or text that many editors draw.")
    ] = Picture.SVG,
    to: Annotated[Path, typer.Option(help="The folder for the pictures.")] = Path("build/flows"),
) -> None:
    """Draw the flows on disk: their steps, and where each may lead.

    Example: gracebot dialogs graph promise --format mermaid
    """
    from bot.dialog.graph import mermaid, svg

    flows = {flow_id: drawn for flow_id, drawn in draft_of(settings_of()).script.flows.items() if not drawn.messages}
    if flow is not None and flow not in flows:
        fail((f"There is no flow {flow}.{did_you_mean(flow, flows)}",), WRONG_USE)
    to.mkdir(parents=True, exist_ok=True)
    chosen = [flow] if flow is not None else sorted(flows)
    for name in chosen:
        text, ending = (svg(flows[name]), "svg") if picture is Picture.SVG else (mermaid(flows[name]), "mmd")
        (to / f"{name}.{ending}").write_text(text, encoding="utf-8")
    say(f"{len(chosen)} pictures in {to}.")


@app.command()
def gallery(to: Annotated[Path, typer.Option(help="The folder for the pages.")] = Path("build/gallery")) -> None:
    """Write every message of the files on disk, in every language, as pages with chat bubbles and sample values.

    The pages en-XA and ar-XB show what is not translated, what is cut off and what right-to-left writing makes of it.

    Example: gracebot dialogs gallery --to build/gallery
    """
    from bot.services.rehearse import with_pseudo_languages
    from bot.texts.pseudo import PSEUDO_LANGUAGES
    from bot.web.gallery_page import gallery_pages

    live = with_pseudo_languages(draft_of(settings_of()))
    to.mkdir(parents=True, exist_ok=True)
    for tag, text in gallery_pages(live.script, live.catalogs, (*live.languages, *PSEUDO_LANGUAGES)):
        (to / f"{tag}.html").write_text(text, encoding="utf-8")
    say(f"{len(live.languages)} languages; open {to / f'{live.languages[0]}.html'}.")
