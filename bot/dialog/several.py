"""One reminder about several loans of a borrower: what is due of each, and a closing in the tone of the most pressing one.

The buttons name no loan, so that the borrower is asked which one is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dialog.effects import Say
from bot.dialog.facts import Facts
from bot.dialog.ledger import Ledger
from bot.dialog.script import Script
from bot.dialog.speech import buttons, in_rows, messages
from bot.domain.delivery import MessageKind
from bot.domain.errors import CannotSay
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.programme import Programme

#: The step of the script's reminders that lists the loans.
SEVERAL = "several"


def reminder_of_several(
    script: Script,
    alone: Say,
    loans: Sequence[Loan],
    situation: Situation,
    programmes: tuple[Programme, ...],
    now: datetime,
) -> Say:
    """`alone` is the reminder of the most pressing of the `loans`; its last line closes this one.

    Raises CannotSay where the script has no such step, which `dialogs check` rules out.
    """
    step = script.message("reminders", SEVERAL)
    if step is None:
        raise CannotSay(f"the script has no reminders.{SEVERAL}")
    # For this message the borrower has these loans and no others.
    facts = Facts(script, Ledger(replace(situation, loans=tuple(loans), now=now), programmes, alone.loan_id))
    return Say(
        lines=(*messages(step.lines, facts), alone.lines[-1]),
        choices=in_rows(buttons(step.buttons, facts)),
        kind=MessageKind.REMINDER,
        protect=step.protect,
        loan_id=alone.loan_id,
    )
