"""Send what was claimed: one chat's rows in order, the gate asked once more where it matters, and what became of each stored.

What a crash in between means is the message's kind: see `RetryPolicy` and `Storage.recover_outbox`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from bot.domain.borrower import Address
from bot.domain.delivery import (
    Deferred,
    Delivered,
    MessageKind,
    NotSent,
    OutboxState,
    OutcomeUnknown,
    Refused,
)
from bot.domain.errors import Conflict, StorageUnavailable
from bot.domain.situation import Situation
from bot.policy.contact import Allowed, DeferredUntil, GateAnswer, Withheld, may_contact
from bot.policy.reminders import is_mandatory
from bot.policy.retry import Done, GiveUp, RetryAt, RetryPolicy, next_move
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.live import LiveScripts
from bot.services.ports import Channel, ClaimedRow, Clock, Storage
from bot.services.undecided import undecided
from bot.services.writes import AppendDecision, Batch, MarkUnreachable, PutTimer, SettleOutbox, asked_again, put_again

_log = structlog.get_logger(__name__)

T = TypeVar("T")

#: For every message alike; a reminder's own lateness is the gate's question.
_RETRY = RetryPolicy(max_attempts=8, first_wait_seconds=1, longest_wait_seconds=3600)

#: How soon a database that is away is asked again.
_ASK_AGAIN = timedelta(seconds=1)

#: When a mandatory notice that the channel refused is asked for again.
_OWED_AGAIN = timedelta(days=1)

_PROACTIVE = frozenset({MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.OPERATOR})
#: For the chat in which the borrower was last proven, and no other; an operator answers in the chat that asked.
_TO_ONE_PERSON = frozenset({MessageKind.REMINDER, MessageKind.NOTICE})
#: What the bot has to say only while it is the bot's turn to speak.
_OF_ITS_EPOCH = frozenset({MessageKind.REPLY, MessageKind.REMINDER})


class Pace(Protocol):
    """How fast one chat may be written to; the pace over all chats is kept in the database."""

    def ready_at(self, address: Address, now: datetime) -> datetime: ...

    def sent(self, address: Address, now: datetime) -> None: ...

    def pause(self, address: Address | None, until: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class SendClaimed:
    storage: Storage
    scripts: LiveScripts
    clock: Clock
    channels: Mapping[str, Channel]
    pace: Pace
    crash_point: CrashPoint = pass_by
    retry: RetryPolicy = _RETRY

    async def lane(self, rows: Sequence[ClaimedRow]) -> None:
        """One chat's rows, in order. A row that must wait makes the later ones wait behind it."""
        waiting: datetime | None = None
        for row in rows:
            if waiting is None:
                waiting = await self._row(row)
            else:
                await self._settle(row, self._later(row, waiting, "behind_another"))

    async def _row(self, row: ClaimedRow) -> datetime | None:
        """Sends one row; the instant that the rest of its chat must wait for, or None to go on."""
        refused = _overtaken(row, self.clock.now()) or await self._gate(row, self.clock.now())
        if refused:
            await self._settle(row, refused)
            return None
        now = self.clock.now()
        address = row.message.address
        if row.message.kind is not MessageKind.ACT:
            # Nothing may be awaited in between: a reply and a reminder to one chat can be on their way at once.
            ready = self.pace.ready_at(address, now)
            if ready > now:
                await self._settle(row, self._later(row, ready, "pace"))
                return ready
            self.pace.sent(address, now)
        self.crash_point("before_send")
        result = await self.channels[address.channel].send(row.message)
        self.crash_point("after_send")
        now = self.clock.now()
        if isinstance(result, Deferred):
            self.pace.pause(None if result.everyone else address, result.retry_at)
            if result.everyone:
                await self._stored(lambda: self.storage.pause_sending(result.retry_at))
            await self._settle(row, self._later(row, result.retry_at, result.reason))
            return result.retry_at
        batch, again_at = self._outcome(row, result, now)
        await self._settle(row, batch)
        return again_at

    async def _gate(self, row: ClaimedRow, now: datetime) -> Batch | None:
        """What stands against sending now, as writes; None where nothing does."""
        if row.message.kind not in _PROACTIVE or row.borrower_id is None:
            return None
        borrower_id = row.borrower_id
        situation = await self._stored(lambda: self.storage.situation_of_borrower(borrower_id, now))
        asked: dict[str | None, tuple[str | None, datetime | None]] = {
            part.loan_id: (dict(part.about).get("stage"), part.not_after) for part in row.parts
        }
        asked = asked or {row.loan_id: (row.stage, row.not_after)}
        answers = {loan_id: self._asked(row, situation, loan_id, *said, now) for loan_id, said in asked.items()}
        answer = max(answers.values(), key=_strictness)
        if row.message.kind in _TO_ONE_PERSON and not isinstance(answer, Withheld) and _has_moved(row, situation):
            answer = Withheld("address_changed", answer.facts)
            answers = dict.fromkeys(asked, answer)
        if isinstance(answer, Allowed):
            return None
        outcome = OutboxState.DEFERRED if isinstance(answer, DeferredUntil) else OutboxState.WITHHELD
        until = answer.until if isinstance(answer, DeferredUntil) else None
        version = self.scripts.current.number
        return (
            SettleOutbox(
                row.message.outbox_id, row.fence, outcome, now, answer.reason, run_at=until, count_attempt=False
            ),
            *(AppendDecision(now, x or borrower_id, "gate", a.facts, a.reason, version) for x, a in answers.items()),
            *(
                _again(row, now, [loan for loan, a in answers.items() if loan and isinstance(a, Withheld)])
                if outcome is OutboxState.WITHHELD
                else ()
            ),
            *undecided(answer.reason, borrower_id, now),
        )

    def _asked(
        self,
        row: ClaimedRow,
        situation: Situation,
        loan_id: str | None,
        stage: str | None,
        not_after: datetime | None,
        now: datetime,
    ) -> GateAnswer:
        live = self.scripts.current
        loan = situation.loan(loan_id) if loan_id else None
        programme = live.programme(loan.programme) if loan else None
        return may_contact(
            situation,
            loan_id,
            live.contact_policy_of(situation, loan_id),
            now,
            row.message.kind,
            about_commitment=(row.rule or "").startswith("promise"),
            not_after=not_after,
            mandatory=programme is not None and is_mandatory(stage, programme),
        )

    def _later(self, row: ClaimedRow, at: datetime, reason: str) -> Batch:
        now = self.clock.now()
        return (
            SettleOutbox(
                row.message.outbox_id, row.fence, OutboxState.QUEUED, now, reason, run_at=at, count_attempt=False
            ),
        )

    def _outcome(
        self, row: ClaimedRow, result: Delivered | Refused | OutcomeUnknown | NotSent, now: datetime
    ) -> tuple[Batch, datetime | None]:
        """The writes, and when the row goes again, if it does: whatever comes after it in the chat waits as long."""
        outbox_id, fence = row.message.outbox_id, row.fence
        match next_move(row.message.kind, row.message.attempt, result, self.retry, now):
            case Done(message_key=key):
                return (SettleOutbox(outbox_id, fence, OutboxState.SENT, now, message_key=key),), None
            case RetryAt(at=at, reason=reason):
                return (SettleOutbox(outbox_id, fence, OutboxState.QUEUED, now, reason, run_at=at),), at
            case GiveUp(state=state, reason=reason):
                settled = SettleOutbox(outbox_id, fence, OutboxState(state), now, reason)
                # Not at once: what was refused for its own sake would be refused again and again.
                owed = _again(row, now + _OWED_AGAIN) if state != OutboxState.UNKNOWN else ()
                if isinstance(result, Refused) and result.unreachable:
                    return (settled, MarkUnreachable(row.message.address, now, result.reason), *owed), None
                return (settled, *owed), None

    async def _settle(self, row: ClaimedRow, batch: Batch) -> None:
        self.crash_point("before_settle")
        try:
            await self._stored(lambda: self.storage.commit(batch))
        except Conflict:
            # Our lease ran out and another holder has the row: its word counts, ours would be stale.
            _log.warning("fenced", outbox_id=row.message.outbox_id)

    async def _stored(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What the database answers, however long it is away.

        Nobody but us knows what became of a row in flight. Were it forgotten, a reply would go twice and a reminder that
        never left would count as unknown.
        """
        while True:
            try:
                return await ask()
            except StorageUnavailable:
                _log.warning("database_awaited")
                await self.clock.sleep_until(self.clock.now() + _ASK_AGAIN)


def _again(row: ClaimedRow, at: datetime, stopped: Collection[str] | None = None) -> tuple[PutTimer, ...]:
    """The timers of what this row was to say and is decided once more."""
    return tuple(put_again(part, row.borrower_id or "", at) for part in asked_again(row.parts, stopped))


def _strictness(answer: GateAnswer) -> tuple[int, float]:
    """Of the answers for several loans the strictest holds: withheld, else the latest of the deferrals."""
    if isinstance(answer, DeferredUntil):
        return (1, answer.until.timestamp())
    return (2 if isinstance(answer, Withheld) else 0, 0.0)


def _has_moved(row: ClaimedRow, situation: Situation) -> bool:
    """The borrower was proven elsewhere since this was written: the chat it is for may be somebody else's by now."""
    return situation.conversation is None or situation.conversation.address != row.message.address


def _overtaken(row: ClaimedRow, now: datetime) -> Batch | None:
    """The chat changed hands since this was written: somebody else speaks there now, and this would talk across them."""
    if row.message.kind not in _OF_ITS_EPOCH or row.epoch >= row.epoch_now:
        return None
    withheld = OutboxState.WITHHELD
    return (
        SettleOutbox(row.message.outbox_id, row.fence, withheld, now, "older_epoch", count_attempt=False),
        *_again(row, now),
    )
