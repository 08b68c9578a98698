"""Commands that read and export: commitments, deliveries, transcript, decisions, audit."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.output import Format, collect, plain, write_rows
from bot.cli.session import FOUND_PROBLEMS, fail, opened, run, say, settings_of

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]

commitments_app = typer.Typer(
    help="What borrowers and the lender agreed.", invoke_without_command=True, no_args_is_help=False
)


@commitments_app.callback()
def commitments(
    ctx: typer.Context,
    status: Annotated[str | None, typer.Option(help="Only those in this state, such as open.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """List or export commitments.

    Example: gracebot commitments --status open --format jsonl
    """
    if ctx.invoked_subcommand is not None:
        return

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            rows = [_commitment(row) for row in await collect(storage.commitments(status))]
        columns = ("reference", "kind", "status", "loan_id", "borrower_id", "payments", "cost", "made_at")
        write_rows(rows, form, columns)

    run(work)


def _commitment(row: Any) -> dict[str, Any]:
    """The export record: one currency for the record, amounts as decimals."""
    record = dict(row)
    cost, currency = str(record.pop("cost")).split(" ")
    record["currency"] = currency
    record["cost"] = cost
    record["payments"] = [
        {"due_on": p["due_on"], "amount": str(p["amount"]).split(" ", maxsplit=1)[0]} for p in record["payments"]
    ]
    record.pop("paid_before", None)
    return record


def deliveries(
    borrower: Annotated[str | None, typer.Option(help="Only this borrower's.")] = None,
    loan: Annotated[str | None, typer.Option(help="Only this loan's.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """List every message sent, deferred or withheld, with its reason.

    Example: gracebot deliveries --loan L-1001
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            rows = await collect(storage.deliveries(borrower, loan))
        write_rows(
            [{k: v for k, v in row.items() if k != "text"} for row in rows],
            form,
            ("planned_at", "kind", "rule", "stage", "loan_id", "channel", "status", "until", "reason", "delivery_id"),
        )

    run(work)


def transcript(
    borrower: Annotated[str, typer.Argument(help="The borrower's id in the loan book.")], form: _Form = Format.TABLE
) -> None:
    """Show what was said with a borrower, both sides, in order.

    Example: gracebot transcript B-17
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            turns = [plain(t) async for t in storage.turns(borrower)]
            sent = [plain(d) async for d in storage.deliveries(borrower, with_text=True)]
        rows = [
            {
                "at": t["at"],
                "who": "borrower",
                "text": t["text"] or f"[{t['event']}]",
                "about": t["intent"],
                "id": t["turn_id"],
            }
            for t in turns
        ]
        rows += [
            {
                "at": d["sent_at"] or d["planned_at"],
                "who": "bot",
                "text": d["text"],
                "about": d["status"],
                "id": d["delivery_id"],
            }
            for d in sent
            if d["text"]
        ]
        write_rows(sorted(rows, key=lambda r: r["at"]), form, ("at", "who", "text", "about"))

    run(work)


def decisions(
    subject: Annotated[str | None, typer.Option(help="A loan, commitment or timer.")] = None, form: _Form = Format.TABLE
) -> None:
    """List decisions: which rule, from which facts, with which outcome.

    Example: gracebot decisions --subject L-1001
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            rows = await collect(storage.decisions(subject))
        write_rows(rows, form, ("at", "subject", "rule", "outcome", "facts", "policy_version"))

    run(work)


def audit(
    verify: Annotated[bool, typer.Option("--verify", help="Check the whole hash chain.")] = False,
) -> None:
    """Check that nobody has changed the audit log.

    Example: gracebot audit --verify
    """

    async def work() -> int | None:
        async with opened(settings_of("secret_key")) as (storage, _):
            return await storage.verify_audit()

    if not verify:
        fail(("Say what to do with the audit log: --verify checks its hash chain.",), 2)
    broken = run(work)
    if broken is not None:
        fail((f"The audit log does not fit at entry {broken}: it or the one before was changed.",), FOUND_PROBLEMS)
    say("The audit log is whole.")
