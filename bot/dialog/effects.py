"""Effects: what a turn asks for, in the imperative. The shell carries all of them out in one transaction, or none.

An effect is complete: whoever applies it decides nothing about money, stages or words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.domain.situation import Holder
from bot.texts.messages import Message


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a message, before it is worded and signed.

    A step's choice is known by its place on the keyboard; a lasting one names an intent that may be asked for at any time.
    """

    label: Message
    intent: str | None = None
    argument: str | None = None
    url: str | None = None
    copy_text: str | None = None
    request_contact: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A message to the borrower of this turn. `lines` are worded one by one and joined by newlines."""

    lines: tuple[Message, ...]
    choices: tuple[tuple[Choice, ...], ...] = ()
    kind: MessageKind = MessageKind.REPLY
    protect: bool = False
    loan_id: str | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgePress:
    """Stops the spinner on a pressed button, with a short line or none."""

    query_id: str
    line: Message | None = None


@dataclass(frozen=True, slots=True)
class StripButtons:
    message_key: str


@dataclass(frozen=True, slots=True)
class BindAddress:
    """This chat came with an invitation: it belongs to that borrower, whose identity is not proven yet. Uses up the link."""

    borrower_id: str
    link_id: str


@dataclass(frozen=True, slots=True)
class ProveIdentity:
    """The person in this chat is the borrower. `proof` is contact, birth_date or id_last4."""

    proof: str


@dataclass(frozen=True, slots=True)
class CountFailedProof:
    """One more wrong answer to an identity question."""


@dataclass(frozen=True, slots=True)
class UnbindAddress:
    """This chat belongs to nobody any more (wrong person)."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: str


@dataclass(frozen=True, slots=True)
class SetReachable:
    reachable: bool


@dataclass(frozen=True, slots=True)
class MoveAddress:
    new_key: str


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """Goes out of a group or channel."""


@dataclass(frozen=True, slots=True)
class RecordCommitment:
    commitment: Commitment


@dataclass(frozen=True, slots=True)
class ChangeCommitment:
    commitment_id: str
    expected: CommitmentStatus
    status: CommitmentStatus
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Nothing proactive about the loan (or, with None, the borrower) until `ends_at` or until somebody ends it."""

    kind: HoldKind
    reason: str
    loan_id: str | None = None
    ends_at: datetime | None = None
    set_by: str = "borrower"
    hours: tuple[int, int] | None = None  # within these minutes of the borrower's day it holds nothing back


@dataclass(frozen=True, slots=True)
class EndHolds:
    kind: HoldKind
    loan_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class StopContact:
    """Cancels every queued proactive message and every reminder timer of the borrower, or of one loan."""

    reason: str
    loan_id: str | None = None


@dataclass(frozen=True, slots=True)
class ScheduleFollowUp:
    """A timer with a unique key; the same key twice is one timer. `kind` names the service that wakes."""

    key: str
    kind: str  # reminder, promise_day_before, promise_day, promise_check
    due_at: datetime
    loan_id: str | None
    about: tuple[tuple[str, str], ...] = ()  # rule, stage, anchor, attempt, commitment_id, ...


@dataclass(frozen=True, slots=True)
class HandOff:
    """A case for people. `takes_chat` True: the bot falls silent until a person gives the chat back."""

    reason: str
    brief: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    takes_chat: bool = False
    loan_id: str | None = None
    holder: Holder = field(default=Holder.QUEUE)


Effect = (
    Say
    | AcknowledgePress
    | StripButtons
    | BindAddress
    | ProveIdentity
    | CountFailedProof
    | UnbindAddress
    | SetLanguage
    | SetReachable
    | MoveAddress
    | LeaveChat
    | RecordCommitment
    | ChangeCommitment
    | PlaceHold
    | EndHolds
    | StopContact
    | ScheduleFollowUp
    | HandOff
)
