"""A turn's input and result: everything `advance` is handed, and everything it returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.dialog.effects import Effect
from bot.dialog.state import DialogState
from bot.domain.borrower import Borrower
from bot.domain.events import InboundEvent
from bot.domain.loan import Payment
from bot.domain.situation import Situation
from bot.domain.understanding import Understanding
from bot.policy.contact import ContactPolicy
from bot.policy.programme import Programme


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is known of the deep link just opened. `borrower_id` None: there is no such link."""

    link_id: str | None
    borrower_id: str | None
    expired: bool = False
    used_by_other: bool = False
    used_here: bool = False

    borrower: Borrower | None = None  # whom it belongs to, so that the right proof is asked for

    @property
    def opens_for(self) -> str | None:
        """The borrower to whom this link now opens the chat."""
        return None if self.expired or self.used_by_other else self.borrower_id


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound event with all that the engine may know.

    `fresh_id` and `reference` are made by the shell and used if a commitment is recorded in this turn.
    """

    event: InboundEvent
    understanding: Understanding
    situation: Situation
    programmes: tuple[Programme, ...]
    contact_policy: ContactPolicy | None
    now: datetime
    fresh_id: str
    reference: str
    languages: tuple[str, ...]  # those the bot can speak, BCP 47, default first
    script_version: int
    link: LinkFacts | None = None
    payments: tuple[Payment, ...] = ()
    language_hint: str | None = None  # what the channel's client reports
    approved: frozenset[str] = frozenset()  # digests of the facts and texts of places that may be said

    def programme_of(self, loan_id: str) -> Programme | None:
        loan = self.situation.loan(loan_id)
        return next((p for p in self.programmes if loan is not None and p.programme_id == loan.programme), None)


@dataclass(frozen=True, slots=True)
class Trace:
    """Why the engine did what it did, for operators and `why --turn`: rules and steps passed, in order; no borrower's words."""

    flow: str | None
    step: str | None
    intent: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """The next state, the effects, and why."""

    state: DialogState
    effects: tuple[Effect, ...]
    trace: Trace
