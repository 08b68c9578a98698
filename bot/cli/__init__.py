"""The command line: `python run_bot.py COMMAND`, also installed as `gracebot`.

Heavy modules load with the command that needs them.
"""

from __future__ import annotations

import typer

from bot.cli import (
    books,
    catalogs,
    database,
    demo,
    dialogs,
    doctor,
    explain,
    holds,
    invitations,
    records,
    serving,
    talk,
    understand,
)

app = typer.Typer(
    name="gracebot",
    help="Gracebot reminds borrowers, answers them, agrees what the lender allows, and hands over to people.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serving.serve)
app.command("import")(books.import_book)
app.command("payments")(books.payments)
app.command("invite")(invitations.invite)
app.add_typer(holds.app, name="holds")
app.command("plan")(explain.plan)
app.command("why")(explain.why)
app.add_typer(dialogs.app, name="dialogs")
app.add_typer(catalogs.app, name="catalogs")
app.command("talk")(talk.talk)
app.command("understand")(understand.understand_command)
app.add_typer(records.commitments_app, name="commitments")
app.command("deliveries")(records.deliveries)
app.command("transcript")(records.transcript)
app.command("decisions")(records.decisions)
app.command("audit")(records.audit)
app.add_typer(database.app, name="database")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Runs the command line."""
    app(prog_name="gracebot")
