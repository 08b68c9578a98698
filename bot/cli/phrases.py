"""`phrases`: what was not understood, to be labelled; and what was labelled, as an example to learn from or a test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import FOUND_PROBLEMS, fail, opened, run, say, settings_of

if TYPE_CHECKING:
    from bot.services.ports import Clock, Storage, TurnRecord

app = typer.Typer(help="Teach the bot what people say.", no_args_is_help=True)


@app.command()
def add(
    intent: Annotated[str, typer.Argument(help="What is meant, such as promise_to_pay.")],
    text: Annotated[str, typer.Argument(help="The message as somebody wrote it, without personal data.")],
    language: Annotated[str, typer.Option(help="The language it is written in, such as zh-Hans.")] = "en",
    test: Annotated[bool, typer.Option("--test", help="Test with it instead of learning from it.")] = False,
    tests: Annotated[Path, typer.Option(help="Folder with a folder of tests per language.")] = Path("tests/languages"),
) -> None:
    """Add a message to the examples of an intent, or with --test to the sentences that must be understood.

    Personal data and what stands somewhere already are refused.

    Example: gracebot phrases add request_extension "wages are late, one more week?" --language en
    """
    from bot.cli.understand import book_on_disk
    from bot.understanding.labelled import in_one_line, problem_with, with_example, with_tested

    line = in_one_line(text)
    folder = language.replace("-", "_")
    problem = problem_with(line, intent, language, book_on_disk(), _tested(tests / folder))
    if problem is not None:
        fail((problem,), FOUND_PROBLEMS)
    kept = tests / folder if test else settings_of().locales_dir / folder / "phrases"
    if not kept.is_dir():
        fail((f"There is no folder {kept}.",), FOUND_PROBLEMS)
    path = kept / f"{intent}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text((with_tested if test else with_example)(before, line), encoding="utf-8")
    say(f"{path}: added. It counts when it is published." if not test else f"{path}: added.")


@app.command()
def missed(
    since: Annotated[str, typer.Option(help="The first day, such as 2026-11-01.")],
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """List messages that were not understood, by day and language, with what the phrases of today take them for.

    Names, numbers and references are left out; names in small letters may remain.

    Example: gracebot phrases missed --since 2026-11-01 --format csv
    """
    from bot.cli.understand import day_of, hearing_on_disk

    async def work() -> None:
        hearing, first = hearing_on_disk(), day_of(since)
        async with opened(settings_of("secret_key")) as (storage, clock):
            rows: list[dict[str, Any]] = []
            async for turn in storage.turns_not_understood(datetime.combine(first, time.min, UTC)):
                if turn.text:
                    rows.append(hearing.labelled(turn.text, turn.at.date(), await _names(storage, clock, turn)))
        write_rows(sorted(rows, key=lambda r: (r["day"], r["language"])), form, ("day", "language", "text", "guesses"))

    run(work)


async def _names(storage: Storage, clock: Clock, turn: TurnRecord) -> tuple[str, ...]:
    """Whose name may stand in the message."""
    if turn.borrower_id is None:
        return ()
    borrower = (await storage.situation_of_borrower(turn.borrower_id, clock.now())).borrower
    return (borrower.name,) if borrower else ()


def _tested(folder: Path) -> Iterator[str]:
    from bot.domain.yaml_reading import ListNode, MapNode, ScalarNode, read_yaml

    for path in sorted(folder.glob("*.yaml")):
        root = read_yaml(path.read_text(encoding="utf-8"), str(path)).root
        says = root.get("says") if isinstance(root, MapNode) else None
        for node in says.items if isinstance(says, ListNode) else ():
            said = node.get("say") if isinstance(node, MapNode) else node
            if isinstance(said, ScalarNode):
                yield said.text
