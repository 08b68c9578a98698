"""Ports: what the services need from the world, as protocols. Each has a contract suite that every adapter passes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zlib import crc32

from bot.domain.borrower import Address
from bot.domain.commitments import Commitment
from bot.domain.delivery import DeliveryResult, OutboundMessage, OutboxState
from bot.domain.loan import Loan, Payment
from bot.domain.situation import Conversation, Reach, Situation
from bot.domain.understanding import HearingContext, Understanding
from bot.services.writes import Batch, EnterStage, Facts, LoanPart
from bot.understanding.phrases import PhraseBook

#: Chats are spread over this many shards; one process at a time drains a shard.
SHARDS = 32


def shard_of(address: Address) -> int:
    """The shard of a chat: stable over processes, machines and versions."""
    return crc32(f"{address.channel}:{address.key}".encode()) % SHARDS


class Clock(Protocol):
    """The one place where time comes from. The demo and the tests move it."""

    def now(self) -> datetime:
        """An aware UTC instant."""

    async def sleep_until(self, instant: datetime) -> None:
        """Returns when `now()` has reached the instant, also if the clock was moved."""


class Ears(Protocol):
    """How messages are heard: by rules alone, or with a classifier that learns from the phrases."""

    async def hear(self, text: str, heard: HearingContext, phrases: PhraseBook) -> Understanding:
        """What the message means, as `understand` would say it of these phrases."""

    def follow(self, phrases: PhraseBook) -> None:
        """These phrases are live from now on. Cheap to say again."""

    async def close(self) -> None:
        """Ends what goes on in the background."""


class Adviser(Protocol):
    """Somebody outside who is asked what a message means when we cannot tell."""

    async def intent_of(self, text: str, intents: Mapping[str, str]) -> str | None:
        """The name of an intent, or None. `text` holds no personal data, `intents` an example by name. Never raises."""


class Channel(Protocol):
    """A way to reach people: Telegram, the terminal."""

    @property
    def name(self) -> str: ...

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        """Never raises for what the service answers; every answer is a DeliveryResult."""


@dataclass(frozen=True, slots=True)
class WakeUp:
    """A hint that rows may be waiting. Lost or doubled, it does no harm: a sweep finds the same rows."""

    kind: str  # inbox, outbox, timers, plan
    key: str  # chat key, shard number, programme id


class WakeUps(Protocol):
    """The engine behind its small port: in memory for one process, PgQueuer for many."""

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None: ...

    def register(self, kind: str, handler: Callable[[str], Awaitable[None]]) -> None: ...

    async def run(self) -> None:
        """Serves wake-ups until `stop`; handlers of the same (kind, key) never run twice at once in one process."""

    async def stop(self) -> None: ...


# -- what storage gives back ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InboxRow:
    inbox_id: int
    channel: str
    update_key: int
    chat_key: str
    raw: str
    received_at: datetime
    failures: int
    retry_at: datetime | None = None  # after a failure: not before; the chat's later updates wait for it


@dataclass(frozen=True, slots=True)
class StoredLink:
    link_id: str
    borrower_id: str
    expires_at: datetime
    used_by: Address | None


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """An outbox row this worker may now send. `fence` must be given back with SettleOutbox."""

    message: OutboundMessage
    fence: int
    state_before: OutboxState
    borrower_id: str | None
    loan_id: str | None
    rule: str | None
    stage: str | None
    epoch: int
    not_after: datetime | None
    policy_version: int | None
    parts: tuple[LoanPart, ...] = ()  # all its loans, where there are several; the one of a mandatory notice
    epoch_now: int = 0  # the conversation's when the row was claimed


@dataclass(frozen=True, slots=True)
class DueTimer:
    timer_id: int
    key: str
    kind: str
    due_at: datetime
    borrower_id: str | None
    loan_id: str | None
    programme: str | None
    about: Facts


@dataclass(frozen=True, slots=True)
class ExactVersion:
    number: int
    files: tuple[tuple[str, str], ...]
    digest: str
    at: datetime
    by: str
    note: str
    moves: str | None = None


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A published version without its files. `moves` is JSON: whom of older versions it takes over, and to where."""

    number: int
    digest: str
    at: datetime
    by: str
    note: str
    moves: str | None = None


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """A conversation in the middle of a flow: `state` is the dialog's as JSON."""

    conversation_id: int
    borrower_id: str | None
    script_version: int | None
    state: str


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn as it began, so that it can be gone through again; None where it was stored without, or does not open."""

    turn_id: str
    address: Address
    borrower_id: str | None
    began: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    """The last word about one content of a place: who let it be said, or took that back."""

    place: str
    name: str
    digest: str
    approved: bool
    at: datetime
    by: str


#: Stands in a list for words that no key opens any more; whoever was erased has no words at all.
UNREADABLE = "[unreadable]"


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """The export record of INTERFACE.md."""

    delivery_id: str
    loan_id: str | None
    borrower_id: str | None
    kind: str
    rule: str | None
    stage: str | None
    channel: str | None
    language: str | None
    planned_at: datetime
    sent_at: datetime | None
    status: str
    until: datetime | None
    reason: str | None
    policy_version: int | None
    script_version: int | None
    message_id: str | None
    attempts: int
    loan_ids: tuple[str, ...] = ()  # all its loans, where there are several
    text: str | None = None  # only where asked for


@dataclass(frozen=True, slots=True)
class TurnRecord:
    turn_id: str
    at: datetime
    borrower_id: str | None
    channel: str
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


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    at: datetime
    subject: str
    rule: str
    facts: Facts
    outcome: str
    policy_version: int | None


@dataclass(frozen=True, slots=True)
class CaseRecord:
    case_id: str
    at: datetime
    reason: str
    brief: Facts
    urgent: bool
    takes_chat: bool
    borrower_id: str | None
    loan_id: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unreached:
    """A borrower with an open loan whom no proactive message can reach, and why."""

    borrower_id: str
    reach: Reach
    loan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannableLoan:
    """A loan and what the day's plan must know of its borrower."""

    loan: Loan
    timezone: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class LoansWithoutTimer:
    """Loans of one anchor with ids from beyond `after` up to `last`, and the zones of their borrowers."""

    after: str
    last: str
    zones: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A loan as stored, with all its payments and the version that SaveLedger must expect."""

    loan: Loan
    payments: tuple[Payment, ...]
    version: int


class Storage(Protocol):
    """Everything durable. Reads take no lock; `commit` is the only way to write.

    Every method raises StorageUnavailable when the database cannot answer.
    """

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        """Stores the batch in one transaction and returns after it is durable: ids of inserted inbox and outbox rows, in order."""

    # one turn
    async def oldest_update(self, channel: str, chat_key: str) -> InboxRow | None:
        """The oldest unhandled update of a chat."""

    async def chats_waiting(self, limit: int) -> Sequence[tuple[str, str]]:
        """(channel, chat_key) pairs with unhandled updates, oldest first: the sweep behind lost wake-ups."""

    async def count_failure(self, inbox_id: int, retry_at: datetime) -> int:
        """One more failed attempt at an update, which is tried again from `retry_at` on; how many there were."""

    async def situation_of_chat(self, address: Address, now: datetime) -> Situation:
        """With conversation None for a chat never seen."""

    async def situation_of_borrower(self, borrower_id: str, now: datetime) -> Situation:
        """Through the borrower's most recently proven conversation on any channel."""

    async def link(self, token_hash: str) -> StoredLink | None: ...

    # sending
    async def claim_outbox(
        self, shard: int, holder: str, now: datetime, limit: int, tokens_per_second: float
    ) -> Sequence[ClaimedRow]:
        """Rows of the shard that are due, replies before reminders; marks them SENDING under a fence.

        Of a chat's replies, and of its reminders, at most one message at a time, with the acts before it: whatever is claimed
        is meant to be sent now, since a crash makes its outcome unknown. A chat waits for its row in flight, whoever holds
        it; the other chats do not. At most as many messages as tokens in the bot's bucket; acts (answering presses, editing)
        cost none.
        """

    async def shards_waiting(self, now: datetime) -> Sequence[int]:
        """Shards with rows that are due: the sweep behind lost wake-ups. A read, so an idle system writes nothing."""

    async def recover_outbox(self, now: datetime, lease_seconds: float) -> int:
        """Rows SENDING for so long without a sign of life: replies are queued once more, acts ten times, and are DEAD after
        that; reminders, notices and replies caught again become UNKNOWN. How many there were."""

    async def renew_outbox(self, outbox_ids: Sequence[int], holder: str, now: datetime) -> None:
        """A sign of life for rows that `holder` has in flight, however long the channel takes to answer."""

    async def next_outbox_at(self, shard: int) -> datetime | None:
        """When the next QUEUED or DEFERRED row of the shard is due."""

    async def was_put(self, dedup_key: str) -> bool:
        """Whether a message with this key was ever put into the outbox, whatever became of it."""

    async def pause_sending(self, until: datetime) -> None:
        """A pause for everybody, asked for by the channel; all processes keep it."""

    # timers
    async def due_timers(self, now: datetime, limit: int) -> Sequence[DueTimer]: ...

    async def next_timer_at(self) -> datetime | None: ...

    async def timers_of(self, borrower_id: str) -> Sequence[DueTimer]: ...

    async def timers_by_key(self, keys: Sequence[str]) -> dict[str, DueTimer | None]:
        """Those of the keys that have a timer; None where it has been decided."""

    # the loan book
    def loans_by_anchor(self, programme: str, anchors: Sequence[date]) -> AsyncIterator[PlannableLoan]:
        """Open loans whose oldest unpaid instalment is due on one of the days; streamed, memory flat."""

    async def anchors_with_loans(self, programme: str, anchors: Sequence[date]) -> frozenset[date]:
        """Those of the days that are the oldest unpaid one of some open loan."""

    def loans_without_timer(
        self, programme: str, anchor: date, key_end: str, least: Sequence[tuple[str, int]]
    ) -> AsyncIterator[LoansWithoutTimer]:
        """The loans for which PutAnchorTimers has something to put, a few thousand at a time: bounds, not rows."""

    def loans_below(
        self, programme: str, latest: date, least: Sequence[tuple[str, int]]
    ) -> AsyncIterator[PlannableLoan]:
        """Open loans whose oldest unpaid day, `latest` or earlier, has less than its currency's least amount; streamed."""

    async def ledger(self, loan_id: str) -> LedgerState | None: ...

    async def ledgers(self, loan_ids: Sequence[str]) -> dict[str, LedgerState]: ...

    async def known_borrowers(self, borrower_ids: Sequence[str]) -> dict[str, str]:
        """borrower id -> digest of what is stored, so that an unchanged borrower costs no write (see `borrower_digest`)."""

    def borrower_digest(self, upsert: object) -> str: ...

    async def payment(self, reference: str) -> Payment | None: ...

    async def stage_entries(self, loan_id: str) -> Sequence[EnterStage]:
        """The history of a loan's stages, oldest first."""

    def loan_ids(self, programme: str | None = None) -> AsyncIterator[str]: ...

    def unreached(self) -> AsyncIterator[Unreached]: ...

    async def commitment(self, reference_or_id: str) -> Commitment | None: ...

    async def conversation(self, address: Address) -> Conversation | None: ...

    # records for people
    def commitments(self, status: str | None = None, borrower_id: str | None = None) -> AsyncIterator[Commitment]: ...

    def deliveries(
        self, borrower_id: str | None = None, loan_id: str | None = None, with_text: bool = False
    ) -> AsyncIterator[DeliveryRecord]: ...

    def turns(self, borrower_id: str) -> AsyncIterator[TurnRecord]: ...

    def turns_not_understood(self, since: datetime) -> AsyncIterator[TurnRecord]:
        """The turns from then on in which the bot asked back because it had not understood, oldest first."""

    def decisions(self, subject: str | None = None) -> AsyncIterator[DecisionRecord]: ...

    def cases(self, open_only: bool = True) -> AsyncIterator[CaseRecord]: ...

    async def turn(self, turn_id: str) -> TurnRecord | None: ...

    async def delivery(self, delivery_id: str) -> DeliveryRecord | None: ...

    async def verify_audit(self) -> int | None:
        """None where the chain is whole, else the sequence number of the first entry that does not fit."""

    # versions and the installation
    async def live_version(self) -> ExactVersion | None: ...

    async def version(self, number: int) -> ExactVersion | None: ...

    async def versions(self) -> tuple[VersionRecord, ...]:
        """All published versions, the live one first."""

    async def approvals(self) -> tuple[Approval, ...]:
        """Every content of places that was ever approved, with the last word about it."""

    def open_talks(self) -> AsyncIterator[OpenTalk]:
        """All conversations in the middle of a flow."""

    def past_turns(self) -> AsyncIterator[PastTurn]:
        """All turns, the newest first; read as far as one likes."""

    async def setting(self, name: str) -> str | None: ...

    async def hold_lease(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        """True where `holder` has the named lease (polling, planning) for that long; a dead holder's lease runs out."""

    async def release_leases(self, holder: str) -> None:
        """Gives back whatever leases `holder` has, so that another process need not wait until they run out."""

    async def counts(self) -> dict[str, int]:
        """Figures for /metrics and doctor: outbox rows by state, waiting updates, pending timers, open cases."""

    async def ping(self) -> None: ...

    async def close(self) -> None: ...
