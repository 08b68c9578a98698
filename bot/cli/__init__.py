"""The command line: `python run_bot.py COMMAND`, also installed as `gracebot`.

Heavy modules load with the command that needs them.
"""

from __future__ import annotations

import typer

from bot.cli.answers import app as answers_app
from bot.cli.books import import_book, payments
from bot.cli.catalogs import app as catalogs_app
from bot.cli.database import app as database_app
from bot.cli.demo import demo
from bot.cli.dialogs import app as dialogs_app
from bot.cli.doctor import doctor
from bot.cli.explain import plan, why
from bot.cli.holds import app as holds_app
from bot.cli.invitations import invite
from bot.cli.phrases import app as phrases_app
from bot.cli.policies import app as policies_app
from bot.cli.records import audit, commitments_app, decisions, deliveries, transcript
from bot.cli.serving import serve
from bot.cli.talk import talk
from bot.cli.understand import learn_command, understand_command

app = typer.Typer(
    name="gracebot",
    help="Gracebot reminds borrowers, answers them, agrees what the lender allows, and hands over to people.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo)
app.command("serve")(serve)
app.command("import")(import_book)
app.command("payments")(payments)
app.command("invite")(invite)
app.add_typer(holds_app, name="holds")
app.add_typer(policies_app, name="policies")
app.command("plan")(plan)
app.command("why")(why)
app.add_typer(dialogs_app, name="dialogs")
app.add_typer(catalogs_app, name="catalogs")
app.add_typer(answers_app, name="answers")
app.command("talk")(talk)
app.command("understand")(understand_command)
app.command("learn")(learn_command)
app.add_typer(phrases_app, name="phrases")
app.add_typer(commitments_app, name="commitments")
app.command("deliveries")(deliveries)
app.command("transcript")(transcript)
app.command("decisions")(decisions)
app.command("audit")(audit)
app.add_typer(database_app, name="database")
app.command("doctor")(doctor)


def main() -> None:
    """Runs the command line."""
    app(prog_name="gracebot")
