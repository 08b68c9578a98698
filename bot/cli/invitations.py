"""`invite`: one-time deep links that bring borrowers to the chat, as text or QR pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import WRONG_USE, fail, opened, run, settings_of

if TYPE_CHECKING:
    from bot.services.ports import Storage


def invite(
    loan: Annotated[
        list[str] | None, typer.Option(help="A loan whose borrower is invited; may be given again.")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every borrower with an open loan.")] = False,
    unreached: Annotated[
        bool, typer.Option("--unreached", help="Those whom no message can reach, with the reason.")
    ] = False,
    qr: Annotated[Path | None, typer.Option(help="A folder for QR pictures (PNG), one a borrower.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
) -> None:
    """Make invitation links. Each is shown once, works once, and for seven days.

    Example: gracebot invite --unreached --format csv
    """
    if sum((bool(loan), everyone, unreached)) != 1:
        fail(("Say whom to invite: --loan ID, --all or --unreached.",), WRONG_USE)
    settings = settings_of("secret_key", "telegram_token")

    async def work() -> None:
        from bot.app import bot_username
        from bot.domain.errors import ConfigurationProblems
        from bot.services.invite import invite as make_links

        async with opened(settings) as (storage, clock):
            reasons: dict[str, str] = {}
            if unreached or everyone:
                async for person in storage.unreached():
                    reasons[person.borrower_id] = person.reach
            borrowers = dict.fromkeys(reasons)
            if everyone:
                borrowers |= {borrower_id: None async for borrower_id in _owing(storage)}
            for loan_id in loan or ():
                ledger = await storage.ledger(loan_id)
                if ledger is None:
                    raise ConfigurationProblems([f"There is no loan {loan_id}; look it up in the loan book."])
                borrowers[ledger.loan.borrower_id] = None
            username = await bot_username(settings)
            invitations = await make_links(storage, tuple(borrowers), clock.now(), "command line")
            rows = [
                {
                    "borrower_id": i.borrower_id,
                    "reason": reasons.get(i.borrower_id, ""),
                    "link": i.url(username),
                    "expires_at": i.expires_at.isoformat(),
                }
                for i in invitations
            ]
        if qr is not None:
            _pictures(qr, rows)
        write_rows(rows, form, ("borrower_id", "reason", "link", "expires_at"))

    run(work)


async def _owing(storage: Storage) -> AsyncIterator[str]:
    """The borrower of each open loan."""
    from bot.domain.loan import LoanStatus

    async for loan_id in storage.loan_ids():
        ledger = await storage.ledger(loan_id)
        if ledger is not None and ledger.loan.status is LoanStatus.OPEN:
            yield ledger.loan.borrower_id


def _pictures(folder: Path, rows: list[dict[str, str]]) -> None:
    import segno

    folder.mkdir(parents=True, exist_ok=True)
    for number, row in enumerate(rows, 1):
        # The number, not the borrower's id, so that no id can lead out of the folder.
        segno.make(row["link"], error="m").save(str(folder / f"{number:05d}.png"), scale=8)
        row["picture"] = f"{number:05d}.png"
