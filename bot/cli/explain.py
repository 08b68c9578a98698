"""`plan` and `why`: what would go out on a day and what would not, and why a message was sent or withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, plain, stream_rows, write_rows
from bot.cli.session import WRONG_USE, fail, live_of, opened, run, say, settings_of
from bot.domain.errors import ConfigurationProblems

if TYPE_CHECKING:
    from bot.services.live import Live
    from bot.services.ports import DecisionRecord, Storage

_Form = Annotated[Format, typer.Option("--format", help="How to print the rows.")]
_On = Annotated[str | None, typer.Option(help="A day, as in 2026-12-01; without it today.")]


def plan(
    on: _On = None,
    at: Annotated[str | None, typer.Option(help="An instant, as in 2026-12-01T09:00+08:00.")] = None,
    form: _Form = Format.TABLE,
) -> None:
    """Dry run: every reminder that would go, and every one that would not, with its reason. Sends nothing.

    Example: gracebot plan --on 2026-12-01
    """
    settings = settings_of("secret_key")

    async def work() -> None:
        from bot.services.dry_run import dry_run

        async with opened(settings) as (storage, clock):
            live = await live_of(storage, settings, clock)
            now = clock.now()
            when = _day(on) if on is not None and at is None else _instant(None, at, now)
            rows = dry_run(storage, live, when, now)
            if form is Format.TABLE:
                columns = ("at", "borrower_id", "loans", "rule", "outcome", "words or reason")
                write_rows([_shortened(plain(row)) async for row in rows], form, columns)
            else:
                await stream_rows((plain(row) async for row in rows), form, _PLAN_COLUMNS)

    run(work)


_PLAN_COLUMNS = ("at", "borrower_id", "loan_id", "loan_ids", "stage", "rule", "outcome", "reason", "why", "text")


def _shortened(row: dict[str, Any]) -> dict[str, Any]:
    """As a table for people has room for it."""
    words = row["text"] or row["why"]
    return {**row, "at": row["at"][:16] + "Z", "loans": ", ".join(row["loan_ids"]), "words or reason": words}


def _instant(on: str | None, at: str | None, now: datetime) -> datetime:
    """The instant `at`, else the day `on` at the present time of day, else now."""
    if at is None:
        return now if on is None else datetime.combine(_day(on), now.timetz())
    try:
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("add the offset, as in +08:00")
        return instant.astimezone(UTC)
    except ValueError as error:
        raise ConfigurationProblems([f"{at} cannot be read: {error}."]) from None


def _day(on: str) -> date:
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise ConfigurationProblems([f"{on} cannot be read: {error}."]) from None


def why(
    loan: Annotated[str | None, typer.Argument(help="A loan: where it stands and what comes next.")] = None,
    message: Annotated[str | None, typer.Option(help="A delivery's id: why it was sent or withheld.")] = None,
    turn: Annotated[str | None, typer.Option(help="A turn's id: what was understood and done.")] = None,
    on: _On = None,
    limits: Annotated[bool, typer.Option("--limits", help="What may be agreed for the loan, and why.")] = False,
    form: Annotated[Format, typer.Option("--format", help="Sentences (table), or everything as JSON.")] = Format.TABLE,
) -> None:
    """Explain a loan, what may be agreed for it, a message or a turn: facts, rule, versions, decision.

    Example: gracebot why L-1001 --on 2026-12-01 --limits
    """
    if sum(x is not None for x in (loan, message, turn)) != 1:
        fail(("Say what to explain: a loan, --message ID or --turn ID.",), WRONG_USE)
    if limits and loan is None:
        fail(("--limits are those of a loan; name one.",), WRONG_USE)
    if form is Format.CSV:
        fail(("An explanation is no table; choose --format json.",), WRONG_USE)
    settings = settings_of("secret_key")

    async def work() -> tuple[list[str], dict[str, Any]]:
        async with opened(settings) as (storage, clock):
            if message is not None:
                return await _why_message(storage, message)
            if turn is not None:
                return await _why_turn(storage, turn)
            live = await live_of(storage, settings, clock)
            explained = _why_limits if limits else _why_loan
            return await explained(storage, live, loan or "", _instant(on, None, clock.now()))

    lines, record = run(work)
    if form is not Format.TABLE:
        say(json.dumps(record, ensure_ascii=False, indent=2 if form is Format.JSON else None))
        return
    for line in lines:
        say(line)
    for rows, columns in _tables(record) if limits else ():
        write_rows(rows, form, columns)


def _tables(record: dict[str, Any]) -> Iterator[tuple[list[dict[str, Any]], tuple[str, ...]]]:
    """What may be agreed, and the offers, as tables for people."""
    yield [_kind_row(row) for row in record["kinds"]], ("kind", "allowed", "why", "rule")
    yield [_offer_row(row) for row in record["offers"]], _OFFER_COLUMNS


_OFFER_COLUMNS = ("offer", "payments", "costs more", "given up", "last day", "needs approval", "rule")


def _kind_row(row: dict[str, Any]) -> dict[str, Any]:
    """As a table for people has room for it."""
    rule = f"{row['rule']} ({row['place']})" if row["rule"] else "none"
    return {**row, "allowed": _yes(row["allowed"]), "why": row["sentence"], "rule": rule}


def _offer_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "offer": row["kind"],
        "payments": "; ".join(f"{p['due_on']} {p['amount']}" for p in row["payments"]),
        "costs more": row["cost"],
        "given up": row["forgone"],
        "last day": row["last_due_on"],
        "needs approval": _yes(row["needs_approval"]),
        "rule": f"{row['rule']} ({row['place']})",
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


async def _why_limits(storage: Storage, live: Live, loan_id: str, now: datetime) -> tuple[list[str], dict[str, Any]]:
    from bot.services.explain_limits import explain_limits

    found = await explain_limits(storage, live, loan_id, now)
    if found is None:
        raise ConfigurationProblems([f"There is no loan {loan_id}; look it up in the loan book."])
    budget = {"available": str(found.budget.available)} if found.budget is not None else {}
    record = plain(found)
    return list(found.sentences()), record | ({"budget": record["budget"] | budget} if budget else {})


async def _why_loan(storage: Storage, live: Live, loan_id: str, now: datetime) -> tuple[list[str], dict[str, Any]]:
    from bot.services.explain_loan import explain_loan

    found = await explain_loan(storage, live, loan_id, now)
    if found is None:
        raise ConfigurationProblems([f"There is no loan {loan_id}; look it up in the loan book."])
    since = now - timedelta(days=30)
    recent = [d async for d in storage.decisions(loan_id) if d.at > since]
    record = {**plain(found), "decisions": [plain(d) for d in recent]}
    return [*found.sentences(), *map(_decided, recent)], record


async def _why_message(storage: Storage, delivery_id: str) -> tuple[list[str], dict[str, Any]]:
    record = await storage.delivery(delivery_id)
    if record is None:
        raise ConfigurationProblems([f"There is no delivery {delivery_id}; `gracebot deliveries` lists them."])
    lines = [
        f"A {record.kind} to borrower {record.borrower_id} about loan {record.loan_id or 'none'}: {record.status}"
        + (f", because: {record.reason}." if record.reason else "."),
        f"Rule {record.rule or 'none'}, stage {record.stage or 'none'}, language {record.language or 'none'}, "
        f"policy version {record.policy_version}, script version {record.script_version}.",
        f"Planned {record.planned_at.isoformat()}, sent {record.sent_at.isoformat() if record.sent_at else 'never'}, "
        f"after {record.attempts} attempts.",
    ]
    if record.text:
        lines.append(f"Words: {record.text}")
    subjects = sorted(str(s) for s in {record.loan_id, record.borrower_id} - {None})
    decided = [d for s in subjects async for d in storage.decisions(s)]
    # What was decided about this message was decided between its planning and its sending.
    about = [d for d in decided if d.at >= record.planned_at and (record.sent_at is None or d.at <= record.sent_at)]
    return [*lines, *map(_decided, about)], {**plain(record), "decisions": [plain(d) for d in about]}


async def _why_turn(storage: Storage, turn_id: str) -> tuple[list[str], dict[str, Any]]:
    record = await storage.turn(turn_id)
    if record is None:
        raise ConfigurationProblems([f"There is no turn {turn_id}; `gracebot transcript` lists them."])
    understood = f"understood as {record.intent} ({record.confidence or 1:.2f})" if record.intent else "no intent"
    lines = [
        f"{record.at.isoformat()} {record.event} on {record.channel}: {understood}, {_facts(record.slots)}",
        f"At step {record.flow or 'none'}.{record.step or 'none'}, script version {record.script_version}.",
        *record.why,
        f"Effects: {', '.join(record.effects) or 'none'}.",
    ]
    return lines, plain(record)


def _decided(decision: DecisionRecord) -> str:
    from bot.policy.explain import sentence

    return f"{decision.at:%Y-%m-%d %H:%M} {decision.rule}: {sentence(decision.outcome, decision.facts)}"


def _facts(facts: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts) or "no further facts"
