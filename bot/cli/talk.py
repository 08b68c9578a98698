"""`talk`: talk to the bot in the terminal, through the same engine, storage and gate as in a messenger."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.session import run, settings_of


def talk(
    loan: Annotated[str | None, typer.Option(help="Be the borrower of this loan, already identified.")] = None,
    language: Annotated[str | None, typer.Option(help="Speak this language, such as zh-Hans.")] = None,
) -> None:
    """Talk to the bot. Type text, a button's number, /start, /contact or /quit.

    Example: gracebot talk --loan L-2001 --language zh-Hans
    """

    async def work() -> None:
        from bot.app import ears_of
        from bot.demo.terminal import talk_in_terminal

        await talk_in_terminal(loan, language, ears_of(settings_of().classifier_dir))

    run(work)
