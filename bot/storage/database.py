"""The storage that the services see: every method is a program of this package, run on one database or the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from bot.domain.borrower import Address
from bot.domain.commitments import Commitment
from bot.domain.loan import Payment
from bot.domain.situation import Conversation, Situation
from bot.services.ports import (
    Approval,
    CaseRecord,
    ClaimedRow,
    DecisionRecord,
    DeliveryRecord,
    DueTimer,
    ExactVersion,
    InboxRow,
    LedgerState,
    LoansWithoutTimer,
    OpenTalk,
    PastTurn,
    PlannableLoan,
    StoredLink,
    TurnRecord,
    Unreached,
    VersionRecord,
)
from bot.services.writes import Batch, EnterStage, EnterStagesOfAnchor, PutAnchorTimers, UpsertBorrower
from bot.storage import (
    agreements,
    audit,
    borrowers,
    claiming,
    inbound,
    installation,
    loan_book,
    outgoing,
    planning,
    records,
    situations,
    waking,
)
from bot.storage.sealing import Keyring
from bot.storage.statements import Program
from bot.storage.writing import write_batch

T = TypeVar("T")

#: Rows of one page of a stream; a page is read at once, so this bounds memory.
PAGE = 500
#: Pages of loans whose timers are put by one statement: other writers wait for as long as that takes.
_PAGES_OF_TIMERS = 4
#: Writes in one batch that are a turn's or less, and no long work.
_SHORT = 50
#: A single one of these may write a whole book.
_SETS = (PutAnchorTimers, EnterStagesOfAnchor)


class Database(Protocol):
    """Runs programs. Everything raises StorageUnavailable when the database cannot answer."""

    async def read(self, program: Program[T]) -> T:
        """A look-up or two; each sees what is there at that moment."""

    async def read_together(self, program: Program[T]) -> T:
        """A few look-ups that all see one state of the database."""

    async def read_page(self, program: Program[T]) -> T:
        """A longer reading that must not keep others waiting."""

    async def write(self, make_program: Callable[[], Program[T]]) -> T:
        """In a transaction of its own; returns when it is durable. The program may be made and run more than once."""

    async def write_page(self, make_program: Callable[[], Program[T]]) -> T:
        """As `write`, for thousands of rows, whose writing must not keep others from their turns."""

    async def ping(self) -> None:
        """Whether it can be read and written."""

    async def close(self) -> None: ...


class DatabaseStorage:
    """`bot.services.ports.Storage` over a database. Made by `bot.storage.open.open_storage`."""

    def __init__(self, database: Database, keyring: Keyring, page: int = PAGE) -> None:
        self._database = database
        self._keyring = keyring
        self._page = page
        self._live: ExactVersion | None = None

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        short = len(batch) <= _SHORT and not any(isinstance(write, _SETS) for write in batch)
        write = self._database.write if short else self._database.write_page
        return await write(lambda: write_batch(batch, self._keyring))

    # one turn

    async def oldest_update(self, channel: str, chat_key: str) -> InboxRow | None:
        return await self._database.read(inbound.oldest_update(self._keyring, channel, chat_key))

    async def chats_waiting(self, limit: int) -> Sequence[tuple[str, str]]:
        return await self._database.read(inbound.chats_waiting(limit))

    async def count_failure(self, inbox_id: int, retry_at: datetime) -> int:
        return await self._database.write(lambda: inbound.count_failure(inbox_id, retry_at))

    async def situation_of_chat(self, address: Address, now: datetime) -> Situation:
        return await self._database.read_together(situations.situation_of_chat(self._keyring, address, now))

    async def situation_of_borrower(self, borrower_id: str, now: datetime) -> Situation:
        return await self._database.read_together(situations.situation_of_borrower(self._keyring, borrower_id, now))

    async def link(self, token_hash: str) -> StoredLink | None:
        return await self._database.read(installation.link(token_hash))

    # sending

    async def claim_outbox(
        self, shard: int, holder: str, now: datetime, limit: int, tokens_per_second: float
    ) -> Sequence[ClaimedRow]:
        return await self._database.write(
            lambda: claiming.claim_outbox(self._keyring, shard, holder, now, limit, tokens_per_second)
        )

    async def shards_waiting(self, now: datetime) -> Sequence[int]:
        return await self._database.read(claiming.shards_waiting(now))

    async def recover_outbox(self, now: datetime, lease_seconds: float) -> int:
        return await self._database.write(lambda: claiming.recover_outbox(now, lease_seconds))

    async def renew_outbox(self, outbox_ids: Sequence[int], holder: str, now: datetime) -> None:
        await self._database.write(lambda: claiming.renew_outbox(outbox_ids, holder, now))

    async def next_outbox_at(self, shard: int) -> datetime | None:
        return await self._database.read(claiming.next_outbox_at(shard))

    async def was_put(self, dedup_key: str) -> bool:
        return await self._database.read(outgoing.was_put(dedup_key))

    async def pause_sending(self, until: datetime) -> None:
        await self._database.write(lambda: claiming.pause_sending(until))

    # timers

    async def due_timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        return await self._database.read(waking.due_timers(now, limit))

    async def next_timer_at(self) -> datetime | None:
        return await self._database.read(waking.next_timer_at())

    async def timers_of(self, borrower_id: str) -> Sequence[DueTimer]:
        return await self._database.read(waking.timers_of(borrower_id))

    async def timers_by_key(self, keys: Sequence[str]) -> dict[str, DueTimer | None]:
        return await self._database.read(waking.timers_by_key(keys))

    # the loan book

    async def loans_by_anchor(self, programme: str, anchors: Sequence[date]) -> AsyncIterator[PlannableLoan]:
        for anchor in sorted(set(anchors)):
            after = ""
            while page := await self._database.read_page(
                loan_book.page_by_anchor(programme, anchor, after, self._page)
            ):
                for candidate in page:
                    yield candidate
                after = page[-1].loan.loan_id

    async def anchors_with_loans(self, programme: str, anchors: Sequence[date]) -> frozenset[date]:
        return await self._database.read_page(planning.anchors_with_loans(programme, anchors))

    async def loans_without_timer(
        self, programme: str, anchor: date, key_end: str, least: Sequence[tuple[str, int]]
    ) -> AsyncIterator[LoansWithoutTimer]:
        after = ""
        while found := await self._database.read_page(
            planning.loans_without_timer(programme, anchor, key_end, least, after, self._page * _PAGES_OF_TIMERS)
        ):
            yield found
            after = found.last

    def loans_below(
        self, programme: str, latest: date, least: Sequence[tuple[str, int]]
    ) -> AsyncIterator[PlannableLoan]:
        return self._stream(lambda after: planning.page_below(programme, latest, least, after, self._page), ("", ""))

    async def ledger(self, loan_id: str) -> LedgerState | None:
        return (await self._database.read(loan_book.ledgers([loan_id]))).get(loan_id)

    async def ledgers(self, loan_ids: Sequence[str]) -> dict[str, LedgerState]:
        return await self._database.read_page(loan_book.ledgers(loan_ids))

    async def known_borrowers(self, borrower_ids: Sequence[str]) -> dict[str, str]:
        return await self._database.read_page(borrowers.known_borrowers(borrower_ids))

    def borrower_digest(self, upsert: object) -> str:
        if not isinstance(upsert, UpsertBorrower):
            raise TypeError("only an UpsertBorrower has a borrower's digest")
        return borrowers.borrower_digest(self._keyring, upsert.borrower)

    async def stage_entries(self, loan_id: str) -> Sequence[EnterStage]:
        return await self._database.read(loan_book.stage_entries(loan_id))

    async def payment(self, reference: str) -> Payment | None:
        return await self._database.read(loan_book.payment(reference))

    async def loan_ids(self, programme: str | None = None) -> AsyncIterator[str]:
        after = ""
        while page := await self._database.read_page(loan_book.page_of_loan_ids(programme, after, self._page)):
            for loan_id in page:
                yield loan_id
            after = page[-1]

    def unreached(self) -> AsyncIterator[Unreached]:
        return self._stream(lambda after: records.page_of_unreached(after, self._page), "")

    async def commitment(self, reference_or_id: str) -> Commitment | None:
        return await self._database.read(agreements.commitment(reference_or_id))

    async def conversation(self, address: Address) -> Conversation | None:
        return await self._database.read(inbound.conversation(address))

    # records for people

    def commitments(self, status: str | None = None, borrower_id: str | None = None) -> AsyncIterator[Commitment]:
        return self._stream(lambda after: agreements.page_of_commitments(status, borrower_id, after, self._page), "")

    def deliveries(
        self, borrower_id: str | None = None, loan_id: str | None = None, with_text: bool = False
    ) -> AsyncIterator[DeliveryRecord]:
        return self._stream(
            lambda after: records.page_of_deliveries(self._keyring, borrower_id, loan_id, with_text, after, self._page),
            0,
        )

    def turns(self, borrower_id: str) -> AsyncIterator[TurnRecord]:
        return self._stream(lambda after: inbound.turns_of(self._keyring, borrower_id, after, self._page), 0)

    def turns_not_understood(self, since: datetime) -> AsyncIterator[TurnRecord]:
        return self._stream(lambda after: inbound.turns_not_understood(self._keyring, since, after, self._page), 0)

    def decisions(self, subject: str | None = None) -> AsyncIterator[DecisionRecord]:
        return self._stream(lambda after: records.page_of_decisions(subject, after, self._page), 0)

    def cases(self, open_only: bool = True) -> AsyncIterator[CaseRecord]:
        return self._stream(lambda after: records.page_of_cases(self._keyring, open_only, after, self._page), "")

    async def turn(self, turn_id: str) -> TurnRecord | None:
        return await self._database.read(inbound.turn(self._keyring, turn_id))

    async def delivery(self, delivery_id: str) -> DeliveryRecord | None:
        return await self._database.read(records.delivery(self._keyring, delivery_id))

    async def verify_audit(self) -> int | None:
        (after, previous), more = audit.BEGINNING, True
        while more:
            wrong, after, previous, more = await self._database.read_page(
                audit.verify_page(after, previous, self._page)
            )
            if wrong is not None:
                return wrong
        return None

    # versions and the installation

    async def live_version(self) -> ExactVersion | None:
        number = await self._database.read(installation.latest_number())
        # A version never changes, so the files are read once and asking again is one look into an index.
        if self._live is None or self._live.number != number:
            self._live = await self.version(number)
        return self._live

    async def version(self, number: int) -> ExactVersion | None:
        return await self._database.read(installation.version(number))

    async def versions(self) -> tuple[VersionRecord, ...]:
        return await self._database.read(installation.versions())

    async def approvals(self) -> tuple[Approval, ...]:
        return await self._database.read(installation.approvals())

    def open_talks(self) -> AsyncIterator[OpenTalk]:
        return self._stream(lambda after: inbound.page_of_open_talks(after, self._page), 0)

    def past_turns(self) -> AsyncIterator[PastTurn]:
        return self._stream(
            lambda before: inbound.page_of_past_turns(self._keyring, before, self._page), inbound.LAST_ROW
        )

    async def setting(self, name: str) -> str | None:
        return await self._database.read(installation.setting(name))

    async def hold_lease(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        return await self._database.write(lambda: waking.hold_lease(name, holder, now, seconds))

    async def release_leases(self, holder: str) -> None:
        await self._database.write(lambda: waking.release_leases(holder))

    async def counts(self) -> dict[str, int]:
        return await self._database.read_page(installation.counts())

    async def ping(self) -> None:
        await self._database.ping()

    async def close(self) -> None:
        await self._database.close()

    async def _stream(
        self, page_after: Callable[[Any], Program[tuple[list[T], Any]]], beginning: Any
    ) -> AsyncIterator[T]:
        """Page after page, each a short reading of its own, so that nothing is held open while the caller works."""
        after = beginning
        while True:
            page, last = await self._database.read_page(page_after(after))
            for record in page:
                yield record
            if last == after:
                return
            after = last
