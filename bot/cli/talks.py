"""`dialogs test`: run conversation tests on the files on disk, and tell which steps and branches no talk visits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import FOUND_PROBLEMS, draft_of, fail, say, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.services.live import Live


def run_talks(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Talks or folders of talks; without any tests/conversations.")
    ] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell what of each flow no talk visits.")] = False,
    at_least: Annotated[
        int, typer.Option("--at-least", min=0, max=100, help="Exit 1 if fewer percent of all branches are visited.")
    ] = 0,
) -> None:
    """Run conversation tests through the real engine with a set clock; exit 1 if a talk goes otherwise than written.

    Example: gracebot dialogs test tests/conversations/happy_path
    """
    if not tell_how_talks_go(draft_of(settings_of()), paths, coverage, at_least):
        raise typer.Exit(FOUND_PROBLEMS)


def tell_how_talks_go(live: Live, paths: Sequence[Path] | None, coverage: bool, at_least: int) -> bool:
    """Runs the talks on one version and tells how they went; True where they went as written and visited enough."""
    from bot.dialog.conversation_tests import run_conversation
    from bot.dialog.coverage import branches
    from bot.services.rehearse import stage_of

    talks = [t for path in paths or [Path("tests/conversations")] for t in _talks(path)]
    if not talks:
        fail(("There are no talks there; they are files ending in .yaml.",), FOUND_PROBLEMS)
    stage = stage_of(live)
    runs = [run_conversation(talk.read_text("utf-8"), str(talk), stage) for talk in talks]
    failures = [failure for run in runs for failure in run.failures]
    for failure in failures:
        say(str(failure))
    say(f"{len(talks)} talks, {len(failures)} failed")
    enough = True
    if coverage or at_least:
        share = _tell_coverage(branches(live.script), [branch for run in runs for branch in run.visited], coverage)
        enough = share >= at_least
    return enough and not failures


def _tell_coverage(there_are: Mapping[str, Sequence[str]], seen: Sequence[str], each: bool) -> float:
    """The share of all branches that were visited, in percent; with `each`, what was not, flow by flow."""
    visited = set(seen)
    for flow, all_of in there_are.items():
        missed = [branch for branch in all_of if branch not in visited]
        if each and missed:
            say(f"{flow}: {len(all_of) - len(missed)} of {len(all_of)}")
            for branch in missed:
                say(f"  {branch}")
    every = [branch for all_of in there_are.values() for branch in all_of]
    share = 100 * sum(branch in visited for branch in every) / max(1, len(every))
    say(f"{share:.1f} % of {len(every)} steps and branches")
    return share


def _talks(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.yaml"))
