"""Statements: what must be said with a message, as a contact policy says it. Their words stand in the script.

Which moment a message is, its composer says; what is due at that moment is decided here, from the policy and the facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.holds import HoldKind
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.contact_policy import ContactPolicy, Statement

#: The flow of the script in which the sentences stand, and what their keys begin with in policies.
STATEMENTS = "statements"
PREFIX = "stmt."

#: Moments of a message that the lender begins, whichever it is; those of the first one; those of any later one.
_PROACTIVE = ("every_proactive", "every_electronic", "dispute_open")
_FIRST = ("first_contact", "first_communication", "within_5_days_of_first", *_PROACTIVE)
_LATER = ("every_communication", *_PROACTIVE)

#: Moments at which nobody may have been proven to be the borrower yet, so that nothing about a debt can be said.
UNPROVEN = frozenset({"conversation_start", "hardship"})


def step_of(statement: Statement) -> str:
    """The step of the script that words it; `stmt.opt_out` stands there as `opt_out`."""
    return statement.key.removeprefix(PREFIX)


def moments_of_proactive(situation: Situation) -> tuple[str, ...]:
    """The moments that a message begun by the lender is.

    After a month without a word it counts as the first again: nobody remembers who wrote so long ago.
    """
    return _LATER if situation.contacts else _FIRST


def statements_due(
    policy: ContactPolicy, situation: Situation, loan: Loan | None, moments: Iterable[str]
) -> tuple[Statement, ...]:
    """What must be said at these moments, each sentence once; that something is disputed only where it is."""
    disputed = situation.held(HoldKind.DISPUTE, loan.loan_id if loan else None)
    return policy.statements_due(*(m for m in moments if disputed or m != "dispute_open"))
