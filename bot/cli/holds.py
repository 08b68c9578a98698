"""`holds`: reasons for which nothing proactive is sent, set, listed and ended by the lender's people."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import Format, plain, write_rows
from bot.cli.session import WRONG_USE, fail, opened, run, say, settings_of
from bot.domain.calendar import zone
from bot.domain.diagnostics import did_you_mean
from bot.domain.errors import ConfigurationProblems
from bot.domain.holds import Hold, HoldKind

app = typer.Typer(help="Dispute, hardship, moratorium and the others.", no_args_is_help=True)

_Borrower = Annotated[str, typer.Argument(help="The borrower's id in the loan book.")]
_Kind = Annotated[str, typer.Argument(help=f"One of: {', '.join(HoldKind)}.")]
_Loan = Annotated[str | None, typer.Option(help="Only this loan; without it the whole borrower.")]


def _kind(word: str) -> HoldKind:
    if word not in list(HoldKind):
        fail((f"{word} is not a kind of hold.{did_you_mean(word, list(HoldKind))}",), WRONG_USE)
    return HoldKind(word)


def _hours(kind: HoldKind, opens: str | None, closes: str | None) -> tuple[int, int] | None:
    """The minutes of the day from and to which writing suits; None where no hours were given."""
    if opens is None and closes is None:
        return None
    if kind is not HoldKind.INCONVENIENT_TIMES or opens is None or closes is None:
        fail(("--from and --to go together, and with inconvenient_times.",), WRONG_USE)
    first, last = _minute(opens) % (24 * 60), _minute(closes)
    if first == last:
        fail(("--from and --to are the same: no hour would suit.",), WRONG_USE)
    return first, last


def _minute(text: str) -> int:
    """A wall clock as minutes since midnight; 24:00 is the end of the day."""
    if text == "24:00":
        return 24 * 60
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        fail((f"{text} is not a time of day; write it as in 18:00.",), WRONG_USE)
    return clock.hour * 60 + clock.minute


def _shown(hold: Hold) -> str:
    """The hours that suit, as in 18:00-21:00; nothing where the hold names none."""
    if hold.opens is None or hold.closes is None:
        return ""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (hold.opens, hold.closes))


def _end(asked: datetime, whole_day: bool, local: ZoneInfo) -> datetime:
    """The instant in UTC: as its offset says, else by the borrower's clock; a day without a time counts to its end."""
    if asked.tzinfo is None:
        asked = (asked + timedelta(days=1) if whole_day else asked).replace(tzinfo=local)
    return asked.astimezone(UTC)


@app.command()
def add(
    borrower: _Borrower,
    kind: _Kind,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")],
    loan: _Loan = None,
    until: Annotated[
        str | None, typer.Option(help="A day or an instant, as in 2026-12-31; without it, until ended.")
    ] = None,
    opens: Annotated[
        str | None, typer.Option("--from", help="For inconvenient_times: the first hour that suits, as in 18:00.")
    ] = None,
    closes: Annotated[str | None, typer.Option("--to", help="The first hour that suits no more, as in 21:00.")] = None,
) -> None:
    """Set a hold; queued reminders are withheld at once. With --from and --to they wait for these hours instead.

    Example: gracebot holds add B-17 moratorium --reason "flood relief" --until 2026-12-31
    """
    chosen = _kind(kind)
    hours = _hours(chosen, opens, closes)
    try:
        asked = datetime.fromisoformat(until) if until else None
        # Of all forms only those of days are so short: 2026-12-31, 20261231, 2026-W53-4.
        whole_day = len(until or "") <= len("2026-12-31")
        if asked and asked.year > 9998:  # its end in another zone is beyond the calendar
            fail(("Without --until a hold lasts until it is ended.",), WRONG_USE)
    except ValueError:
        fail((f"{until} is not a day; write it as in 2026-12-31.",), WRONG_USE)

    async def work() -> None:
        from bot.services.identifiers import fresh_id
        from bot.services.writes import AppendAudit, AppendHold, CancelOutbox

        async with opened(settings_of("secret_key")) as (storage, clock):
            now = clock.now()
            situation = await storage.situation_of_borrower(borrower, now)
            if situation.borrower is None:
                raise ConfigurationProblems([f"There is no borrower {borrower}; look the id up in the loan book."])
            if loan is not None and situation.loan(loan) is None:
                raise ConfigurationProblems([f"{borrower} has no loan {loan}; look it up in the loan book."])
            local = zone(situation.borrower.timezone or "UTC")
            ends = _end(asked, whole_day, local) if asked else None
            hold = Hold(fresh_id(now), chosen, borrower, loan, now, ends, "lender", reason, *(hours or ()))
            act = AppendAudit(
                now, "command line", "hold_added", borrower, (("kind", chosen), ("hold_id", hold.hold_id))
            )
            # What waits in the queue goes through the gate again: it need not be cancelled to wait for better hours.
            cancel = () if hours else (CancelOutbox(borrower, loan, chosen, now),)
            await storage.commit((AppendHold(hold), *cancel, act))
        told = f"only goes from {opens} to {closes}" if hours else "does not go"
        say(f"Set. What is not an answer {told} to {borrower} while it lasts.")

    run(work)


@app.command("list")
def list_holds(
    borrower: _Borrower, form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE
) -> None:
    """List the holds of a borrower that are not over.

    Example: gracebot holds list B-17
    """

    async def work() -> None:
        async with opened(settings_of("secret_key")) as (storage, clock):
            situation = await storage.situation_of_borrower(borrower, clock.now())
        rows = [{**plain(h), "hours": _shown(h), "active": h.active_at(situation.now)} for h in situation.holds]
        write_rows(rows, form, ("kind", "loan_id", "hours", "starts_at", "ends_at", "set_by", "reason", "active"))

    run(work)


@app.command()
def end(
    borrower: _Borrower,
    kind: _Kind,
    reason: Annotated[str, typer.Option(help="Why it ends.")],
    loan: _Loan = None,
) -> None:
    """End a borrower's holds of one kind.

    Example: gracebot holds end B-17 dispute --reason "settled by letter"
    """
    chosen = _kind(kind)

    async def work() -> None:
        from bot.services.writes import AppendAudit, FinishHolds

        async with opened(settings_of("secret_key")) as (storage, clock):
            now = clock.now()
            running = (await storage.situation_of_borrower(borrower, now)).active_holds()
            if not any(h.kind is chosen and loan in (None, h.loan_id) for h in running):
                raise ConfigurationProblems(
                    [f"No {chosen} hold of {borrower} runs; `gracebot holds list {borrower}` shows them."]
                )
            act = AppendAudit(now, "command line", "hold_ended", borrower, (("kind", chosen),))
            await storage.commit((FinishHolds(borrower, loan, chosen, now, "command line", reason), act))
        say("Ended. The ladder goes on from where the loan stands.")

    run(work)
