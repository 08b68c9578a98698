"""Commands that read and export: commitments, deliveries, transcript, decisions, audit.

What the JSON forms hold is promised to the lender's systems: the same fields in every record, whatever is in them.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, plain, write_rows
from bot.cli.session import FOUND_PROBLEMS, fail, opened, run, say, settings_of

if TYPE_CHECKING:
    from bot.domain.commitments import Commitment
    from bot.services.ports import DeliveryRecord, TurnRecord

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]

commitments_app = typer.Typer(invoke_without_command=True, no_args_is_help=False)


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
            found = [c async for c in storage.commitments(status)]
        rows = [_commitment(c) for c in found]
        columns = ("reference", "kind", "status", "loan_id", "borrower_id", "payments", "cost", "made_at")
        write_rows(rows, form, columns)

    run(work)


def _commitment(commitment: Commitment) -> dict[str, Any]:
    """The export record: one currency for the record, amounts as decimals."""
    return {
        "commitment_id": commitment.commitment_id,
        "reference": commitment.reference,
        "kind": commitment.kind,
        "status": commitment.status,
        "loan_id": commitment.loan_id,
        "borrower_id": commitment.borrower_id,
        "currency": commitment.cost.currency,
        "payments": [{"due_on": p.due_on.isoformat(), "amount": f"{p.amount.decimal:f}"} for p in commitment.payments],
        "cost": f"{commitment.cost.decimal:f}",
        "made_at": commitment.made_at.isoformat(),
        "channel": commitment.channel,
        "message_id": commitment.message_id,
        "policy_version": commitment.policy_version,
        "script_version": commitment.script_version,
        "supersedes": commitment.supersedes,
    }


def _delivery(record: DeliveryRecord) -> dict[str, Any]:
    """The export record, without the words."""
    return {f.name: plain(getattr(record, f.name)) for f in fields(record) if f.name != "text"}


def _turn(record: TurnRecord) -> dict[str, Any]:
    """The export record, without the words and the trace."""
    kept = {f.name: plain(getattr(record, f.name)) for f in fields(record) if f.name not in ("text", "why")}
    return kept | {"slots": dict(record.slots)}


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
            rows = [_delivery(d) async for d in storage.deliveries(borrower, loan)]
        write_rows(
            rows,
            form,
            ("planned_at", "kind", "rule", "stage", "loan_id", "channel", "status", "until", "reason", "delivery_id"),
        )

    run(work)


def transcript(
    borrower: Annotated[str, typer.Argument(help="The borrower's id in the loan book.")], form: _Form = Format.TABLE
) -> None:
    """Show what was said with a borrower, both sides, in order. The JSON forms add what is known of each turn and delivery.

    Example: gracebot transcript B-17
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            turns = [t async for t in storage.turns(borrower)]
            sent = [d async for d in storage.deliveries(borrower, with_text=True) if d.text]
        rows = [_line(t.at, "borrower", t.text or f"[{t.event}]", t.intent, t.turn_id) | _turn(t) for t in turns] + [
            _line(d.sent_at or d.planned_at, "bot", d.text, d.status, d.delivery_id) | _delivery(d) for d in sent
        ]
        write_rows(sorted(rows, key=lambda r: r["at"]), form, ("at", "who", "text", "about"))

    run(work)


def _line(at: datetime, who: str, text: str | None, about: str | None, id: str) -> dict[str, Any]:
    return {"at": at.isoformat(), "who": who, "text": text, "about": about, "id": id}


def decisions(
    subject: Annotated[str | None, typer.Option(help="A loan, commitment or timer.")] = None, form: _Form = Format.TABLE
) -> None:
    """List decisions: which rule, from which facts, with which outcome.

    Example: gracebot decisions --subject L-1001
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, _):
            rows = [plain(d) | {"facts": dict(d.facts)} async for d in storage.decisions(subject)]
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
