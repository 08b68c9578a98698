"""Situation: everything that one turn, one reminder or one gate question may know about a borrower.

The shell loads it once; the core reads it and never asks back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.borrower import Address, Borrower
from bot.domain.commitments import Commitment
from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Loan


class Holder(StrEnum):
    """Who speaks to the borrower."""

    BOT = "bot"
    QUEUE = "queue"
    OPERATOR = "operator"


class Reach(StrEnum):
    """Whether proactive messages can reach the borrower on an address."""

    OK = "ok"
    NO_ADDRESS = "no_address"  # never started a chat
    UNPROVEN = "unproven"  # a chat exists, identity is not proven
    BLOCKED = "blocked"


class Reached(StrEnum):
    """How far a contact got: tried in vain, delivered (or perhaps so), or spoken with the borrower."""

    ATTEMPTED = "attempted"
    DELIVERED = "delivered"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True)
class Contact:
    """One proactive contact that counts against caps. `by` is "bot" or "operator:<id>".

    `channel` is a channel of the bot, or the medium a person used: call, visit, letter, sms, email. `number` is where it
    went, None where that is not known. `further` are the other loans of a message about several, with their rules.
    """

    at: datetime
    kind: MessageKind
    channel: str
    loan_id: str | None
    rule: str | None
    by: str = "bot"
    reached: Reached = Reached.DELIVERED
    number: str | None = None
    further: tuple[tuple[str, str | None], ...] = ()

    @property
    def loans(self) -> tuple[tuple[str | None, str | None], ...]:
        """Every loan it was about, with the rule that led to it."""
        return ((self.loan_id, self.rule), *self.further)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat with somebody. `state` is the dialog's own state as JSON text; `version` rises by one with every turn."""

    conversation_id: int | None  # None: never stored yet
    address: Address
    borrower_id: str | None
    verified_at: datetime | None
    language: str | None
    holder: Holder
    epoch: int
    version: int
    script_version: int | None
    state: str | None
    reachable: bool = True
    proof_attempts: int = 0  # failed identity answers since the last success or release by a person
    last_inbound_at: datetime | None = None

    @property
    def verified(self) -> bool:
        return self.borrower_id is not None and self.verified_at is not None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known at one instant. `borrower` is None while the chat belongs to nobody yet."""

    now: datetime
    conversation: Conversation | None
    borrower: Borrower | None = None
    loans: tuple[Loan, ...] = ()
    holds: tuple[Hold, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    contacts: tuple[Contact, ...] = ()  # those of the longest cap's period, oldest first
    clock_trusted: bool = True  # False after a jump of the clock until an admin confirms it

    @property
    def reach(self) -> Reach:
        if self.conversation is None:
            return Reach.NO_ADDRESS
        if not self.conversation.reachable:
            return Reach.BLOCKED
        return Reach.OK if self.conversation.verified else Reach.UNPROVEN

    def loan(self, loan_id: str) -> Loan | None:
        return next((loan for loan in self.loans if loan.loan_id == loan_id), None)

    def active_holds(self, loan_id: str | None = None) -> tuple[Hold, ...]:
        """Holds active now that concern `loan_id` (or any, with None), those of the whole borrower included."""
        return tuple(
            h
            for h in self.holds
            if h.active_at(self.now) and (loan_id is None or h.loan_id is None or h.loan_id == loan_id)
        )

    def held(self, kind: HoldKind, loan_id: str | None = None) -> bool:
        return any(h.kind is kind for h in self.active_holds(loan_id))
