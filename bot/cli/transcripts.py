"""`dialogs transcripts`: talks as both sides see them, made by the real engine, as pages or as Markdown."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import FOUND_PROBLEMS, WRONG_USE, draft_of, fail, say, settings_of
from bot.domain.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.dialog.stage import Stage
    from bot.dialog.transcripts import Transcript

    Told = Mapping[str, Sequence[Transcript]]

#: Stands under the heading of a page of Markdown.
_NOTE = (
    "Both sides of a talk, as the bot on disk holds it: made by `gracebot dialogs transcripts`, not written by hand."
)


class Paper(StrEnum):
    HTML = "html"
    MARKDOWN = "markdown"


def transcripts(
    talks: Annotated[
        list[Path] | None, typer.Argument(help="Conversation tests to tell; without any, a walk through each flow.")
    ] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    flow: Annotated[list[str] | None, typer.Option(help="Only the walk through this flow; may be repeated.")] = None,
    paper: Annotated[
        Paper, typer.Option("--format", help="Pages with chat bubbles, or text that GitHub shows.")
    ] = Paper.HTML,
    to: Annotated[Path, typer.Option(help="The folder for the pages, one a language.")] = Path("build/transcripts"),
) -> None:
    """Write a talk through each flow on disk in every language, as the real engine holds it, or the talks that are named.

    A walk opens a flow where it has most to say and presses the first button that answers, until it has ended.

    Example: gracebot dialogs transcripts --flow promise --language es
    """
    from bot.services.rehearse import stage_of

    live = draft_of(settings_of())
    stage = stage_of(live)
    there_are = stage.catalogs.by_language
    for tag in language or ():
        if tag not in there_are:
            fail((f"The bot does not speak {tag}.{did_you_mean(tag, there_are)}",), WRONG_USE)
    told = told_of(stage, talks or (), language or ()) if talks else walked(stage, flow or (), language or ())
    to.mkdir(parents=True, exist_ok=True)
    for name, text in pages_of(told, paper):
        (to / name).write_text(text, encoding="utf-8")
    say(f"{len(told)} languages, {sum(map(len, told.values()))} talks in {to}.")


def walked(stage: Stage, flows: Sequence[str], languages: Sequence[str]) -> Told:
    """By language, the walks through these flows, or through all, in these languages, or in all and the pseudo-locales."""
    from bot.dialog.sample_walks import best_situation
    from bot.dialog.transcripts import walk_told
    from bot.texts.pseudo import PSEUDO_LANGUAGES

    known = {flow.id: flow for flow in stage.script.flows.values() if not (flow.messages or flow.of_answer)}
    for name in flows:
        if name not in known:
            fail((f"There is no flow {name}.{did_you_mean(name, known)}",), WRONG_USE)
    chosen = [(known[name], best_situation(stage, known[name])) for name in flows or known]
    return {
        tag: [walk_told(stage, flow, tag, place) for flow, place in chosen]
        for tag in languages or (*stage.catalogs.languages, *PSEUDO_LANGUAGES)
    }


def told_of(stage: Stage, talks: Sequence[Path], languages: Sequence[str]) -> Told:
    """By language, the talks of these files. One that goes otherwise than written is told to whoever asked, and not written."""
    from bot.dialog.conversation_tests import play
    from bot.dialog.transcripts import transcript

    told: dict[str, list[Transcript]] = {}
    for path in talks:
        if not path.is_file():
            fail((f"There is no talk {path}.",), WRONG_USE)
        title = path.stem.replace("_", " ").capitalize()
        for played in play(path.read_text("utf-8"), str(path), stage, languages):
            if played.failures or played.rehearsal is None:
                fail(tuple(str(failure) for failure in played.failures), FOUND_PROBLEMS)
            told.setdefault(played.language or played.rehearsal.language, []).append(
                transcript(played.rehearsal, title)
            )
    return dict(sorted(told.items()))


def pages_of(told: Told, paper: Paper) -> list[tuple[str, str]]:
    """The file's name and the text of each language's page."""
    from bot.dialog.transcripts import as_markdown
    from bot.texts.languages import native_name
    from bot.web.transcripts_page import transcripts_pages

    if paper is Paper.HTML:
        return [(f"{tag}.html", text) for tag, text in transcripts_pages(told)]
    return [(f"{tag}.md", as_markdown(talks, native_name(tag), _NOTE)) for tag, talks in told.items()]
