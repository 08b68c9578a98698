"""Writes: what a unit of work wants stored, as values. One batch is one transaction: all of it or nothing.

Storage turns each value into prepared statements. A write that finds its unique key taken raises Duplicate; one that expects a
version, a state or a fence that is no longer there raises Conflict; either undoes the whole batch and nothing else.
Instants are aware UTC, days are dates; texts marked personal are encrypted by storage with the borrower's data key.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.borrower import Address, Borrower
from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.delivery import ChannelAct, MessageKind, OutboxState
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Instalment, LoanStatus, Payment
from bot.domain.situation import Conversation

Facts = tuple[tuple[str, str], ...]


# -- inbound ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreUpdate:
    """A raw update, before it is acknowledged. Unique by (channel, update_key): a repeated one is ignored, not Duplicate."""

    channel: str
    update_key: int
    chat_key: str
    raw: str  # personal; erased when handled
    received_at: datetime


@dataclass(frozen=True, slots=True)
class MarkHandled:
    """This update caused this turn. Conflict if it was handled before. `outcome`: done, ignored or poison."""

    inbox_id: int
    turn_id: str
    handled_at: datetime
    outcome: str = "done"


@dataclass(frozen=True, slots=True)
class SaveConversation:
    """The conversation after a turn, with `version` already raised by one.

    With `expected_version` None it is inserted (Conflict if that address exists meanwhile), else Conflict unless the
    stored version is `expected_version`.
    """

    conversation: Conversation
    expected_version: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AppendTurn:
    """The turn record of INTERFACE.md. `why` is the trace; `text` the borrower's words (personal), None for a button.

    `began` is JSON of what it began with besides (see `replay_turns`), so that it can be gone through again.
    """

    turn_id: str
    at: datetime
    address: Address
    borrower_id: str | None
    event: str
    intent: str | None
    confidence: float | None
    slots: Facts
    flow: str | None
    step: str | None
    effects: tuple[str, ...]
    script_version: int
    why: tuple[str, ...]
    text: str | None = None
    began: str | None = None


#: The epoch of words about something that was done: they go whoever holds the chat by then.
FINAL_WORDS = 2**31 - 1

# -- outbound --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoanPart:
    """What a message says of one of the loans it is about: the timer behind it, so that it can be decided once more."""

    loan_id: str
    timer_key: str
    programme: str | None
    about: Facts

    @property
    def not_after(self) -> datetime | None:
        """From then on this part makes no sense any more."""
        ends = dict(self.about).get("not_after")
        return datetime.fromisoformat(ends) if ends else None


@dataclass(frozen=True, slots=True)
class PutOutbox:
    """A message or act to send. `dedup_key` unique among all rows ever (Duplicate), None for replies.

    `delivery_id` is the public id; `shard` is derived by storage from the address. `parts` are all loans of a message about
    several, that of `loan_id` among them, and the one loan of a mandatory notice; empty for any other message about one.
    """

    delivery_id: str
    address: Address
    act: ChannelAct  # personal
    kind: MessageKind
    at: datetime
    run_at: datetime
    borrower_id: str | None = None
    loan_id: str | None = None
    rule: str | None = None
    stage: str | None = None
    language: str | None = None
    policy_version: int | None = None
    script_version: int | None = None
    epoch: int = 0
    not_after: datetime | None = None  # from then on it makes no sense any more, whatever the gate says
    dedup_key: str | None = None
    turn_id: str | None = None
    parts: tuple[LoanPart, ...] = ()


@dataclass(frozen=True, slots=True)
class SettleOutbox:
    """What became of an outbox row that this worker claimed with `fence`. Conflict if the fence is no longer its own.

    QUEUED and DEFERRED need `run_at`; SENT may carry the channel's `message_key`. Raising `attempts` is the caller's word.
    """

    outbox_id: int
    fence: int
    state: OutboxState
    at: datetime
    reason: str | None = None
    run_at: datetime | None = None
    message_key: str | None = None
    count_attempt: bool = True


@dataclass(frozen=True, slots=True)
class MarkUnreachable:
    """Nothing more can be sent to this address until the borrower writes again. The version is not raised."""

    address: Address
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CancelOutbox:
    """Withholds every QUEUED or DEFERRED reminder and notice of a borrower (or one loan of theirs).

    What is `asked_again` is decided once more: the timers of those parts are put again.
    """

    borrower_id: str
    loan_id: str | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordWithheld:
    """A reminder that will not go, as a delivery record of its own, so that `deliveries` shows it. Repeats are ignored."""

    delivery_id: str
    dedup_key: str
    at: datetime
    kind: MessageKind
    borrower_id: str
    loan_id: str | None
    rule: str | None
    stage: str | None
    reason: str
    policy_version: int | None


# -- timers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PutTimer:
    """A timer with a unique key; an existing key, whatever became of it, is left alone."""

    key: str
    kind: str
    due_at: datetime
    borrower_id: str | None
    loan_id: str | None
    programme: str | None
    about: Facts = ()


@dataclass(frozen=True, slots=True)
class ZoneTimer:
    """When the timers of borrowers of one zone (None: not known) are due, and what they are about."""

    timezone: str | None
    due_at: datetime
    about: Facts


def asked_again(parts: tuple[LoanPart, ...], stopped: Collection[str] | None) -> tuple[LoanPart, ...]:
    """Of a message that does not go, what is decided once more: the loans that did not stop it; None: all of them did.

    A mandatory notice is a message of one part. It stays owed whatever stopped it.
    """
    if len(parts) == 1:
        return parts
    return () if stopped is None else tuple(part for part in parts if part.loan_id not in stopped)


def put_again(part: LoanPart, borrower_id: str, at: datetime) -> PutTimer:
    """The reminder of a message that did not go, as a timer with the next attempt in its key."""
    attempt = int(dict(part.about).get("attempt", "1")) + 1
    about = tuple((name, str(attempt) if name == "attempt" else value) for name, value in part.about)
    key = f"{part.timer_key.rpartition(':')[0]}:{attempt}"
    return PutTimer(key, "reminder", at, borrower_id, part.loan_id, part.programme, about)


@dataclass(frozen=True, slots=True)
class PutAnchorTimers:
    """A timer for each open loan of a programme whose oldest unpaid instalment is due on `anchor`, as one set.

    Its key is the loan's id followed by `key_end`; an existing key is left alone. Only loans with ids from beyond `after` up
    to `last` get one, and those of borrowers whose zone is named. Of loans of which less than its currency's least amount
    (in minor units) is unpaid at that day, nothing is put.
    """

    programme: str
    anchor: date
    key_end: str
    kind: str
    zones: tuple[ZoneTimer, ...]
    least: tuple[tuple[str, int], ...] = ()
    after: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class FinishTimer:
    """This timer has done its work or was let go. Conflict if it is no longer pending."""

    timer_id: int
    at: datetime
    outcome: str  # done, withheld:<reason>, cancelled:<reason>


@dataclass(frozen=True, slots=True)
class MoveTimer:
    """The gate deferred it: same timer, later. Conflict if it is no longer pending."""

    timer_id: int
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """Cancels pending timers of a borrower, or of one loan; `kinds` empty means all kinds; `about` narrows by one fact."""

    borrower_id: str
    loan_id: str | None
    reason: str
    at: datetime
    kinds: tuple[str, ...] = ()
    about: tuple[str, str] | None = None  # ("commitment_id", "...")


# -- the loan book ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UpsertBorrower:
    """Name, identity facts and e-mail are personal. Unchanged borrowers cost no write."""

    borrower: Borrower
    at: datetime


@dataclass(frozen=True, slots=True)
class UpsertLoan:
    """A loan without its instalments. `programme_timezone` dates the lender's day."""

    loan_id: str
    programme: str
    borrower_id: str
    currency: str
    risk: str | None
    flags: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class UpsertInstalment:
    """One instalment; `paid` inside is ignored here: it is derived from payments by SaveLedger."""

    loan_id: str
    instalment: Instalment
    at: datetime


@dataclass(frozen=True, slots=True)
class SaveLedger:
    """What was derived from all payments of a loan: paid per instalment, oldest unpaid due date, outstanding, status.

    Raises the loan's `ledger_version` by one; Conflict unless it is `expected_version` (None: do not check, as in an import
    that holds the only writer).
    """

    loan_id: str
    paid: tuple[tuple[int, int], ...]  # (instalment number, minor units)
    oldest_unpaid_due_on: date | None
    outstanding_minor: int
    status: LoanStatus
    at: datetime
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class AppendPayment:
    """A money record; Duplicate if its reference is known. `source`: api, file, book, demo."""

    payment: Payment
    posted_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class EnterStage:
    """A loan entered a stage (append-only), None: it left the last one.

    A day, and another policy, is entered once however often it is recorded; what something else causes is told apart by its
    instant.
    """

    loan_id: str
    stage: str | None
    anchor: date | None
    entered_on: date
    reason: str
    policy_version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EnterStagesOfAnchor:
    """EnterStage for each open loan of a programme whose oldest unpaid instalment is due on `anchor`, as one set.

    Left out are loans of which less than its currency's least amount (in minor units) is unpaid at that day.
    """

    programme: str
    anchor: date
    stage: str | None
    entered_on: date
    reason: str
    policy_version: int
    at: datetime
    least: tuple[tuple[str, int], ...] = ()


# -- agreements, holds, people ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AppendCommitment:
    """A new commitment. Duplicate if its id or reference exists; Conflict if the loan already has an open one of its kind."""

    commitment: Commitment


@dataclass(frozen=True, slots=True)
class ChangeCommitmentStatus:
    """Appends a status entry. Conflict unless the present status is `expected`."""

    commitment_id: str
    expected: CommitmentStatus
    status: CommitmentStatus
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppendHold:
    hold: Hold


@dataclass(frozen=True, slots=True)
class FinishHolds:
    """Ends the active holds of a kind on a borrower or one loan, now. Appends; the hold's row keeps its start and reason."""

    borrower_id: str
    loan_id: str | None
    kind: HoldKind
    at: datetime
    ended_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Something a person must do: a hand-off or a task. `dedup_key` unique while open: a repeat only adds to its brief."""

    case_id: str
    at: datetime
    reason: str
    brief: Facts  # personal
    urgent: bool
    takes_chat: bool
    borrower_id: str | None
    loan_id: str | None
    address: Address | None
    dedup_key: str


@dataclass(frozen=True, slots=True)
class CreateLink:
    """An invitation. Only the token's SHA-256 is stored."""

    link_id: str
    token_hash: str
    borrower_id: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UseLink:
    """Conflict if somebody else used it meanwhile."""

    link_id: str
    address: Address
    at: datetime


@dataclass(frozen=True, slots=True)
class AppendDecision:
    """A decision record of INTERFACE.md: rule, facts, outcome. Subjects are ids."""

    at: datetime
    subject: str
    rule: str
    facts: Facts
    outcome: str
    policy_version: int | None


@dataclass(frozen=True, slots=True)
class AppendAudit:
    """One entry of the hash-chained audit log, in the same transaction as the act. `detail` holds ids and codes only."""

    at: datetime
    actor: str
    act: str
    subject: str
    detail: Facts = ()


@dataclass(frozen=True, slots=True)
class PublishVersion:
    """An immutable numbered version of all scripts, policies, catalogs and phrases. Conflict unless `number` is the next."""

    number: int
    files: tuple[tuple[str, str], ...]  # path -> text
    digest: str
    at: datetime
    by: str
    note: str
    moves: str | None = None  # JSON of `bot.dialog.moves.Moves`


@dataclass(frozen=True, slots=True)
class AppendApproval:
    """A place's fact or answer, known by the digest of its content, may be said from now on, or with `approved` False no more."""

    place: str
    name: str
    digest: str
    approved: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PutSetting:
    """A value of the installation itself: polling offset, confirmed clock, bot identity."""

    name: str
    value: str


Write = (
    StoreUpdate
    | MarkHandled
    | SaveConversation
    | AppendTurn
    | PutOutbox
    | SettleOutbox
    | MarkUnreachable
    | CancelOutbox
    | RecordWithheld
    | PutTimer
    | PutAnchorTimers
    | FinishTimer
    | MoveTimer
    | CancelTimers
    | UpsertBorrower
    | UpsertLoan
    | UpsertInstalment
    | SaveLedger
    | AppendPayment
    | EnterStage
    | EnterStagesOfAnchor
    | AppendCommitment
    | ChangeCommitmentStatus
    | AppendHold
    | FinishHolds
    | OpenCase
    | CreateLink
    | UseLink
    | AppendDecision
    | AppendAudit
    | PublishVersion
    | AppendApproval
    | PutSetting
)

Batch = tuple[Write, ...]
