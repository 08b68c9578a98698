"""Run timers: each due timer is decided anew from the facts of this moment, in one transaction, exactly once.

The borrower may have paid, promised or asked us to stop since the timer was set, so nothing is taken from it but what it is
about. Late timers after a stop of the system run in order and through the same gate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.dialog.compose import promise_outcome, promise_reminder, reminder_message
from bot.dialog.effects import Say
from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.errors import Conflict, Duplicate, StorageUnavailable
from bot.domain.situation import Situation
from bot.policy.contact import Allowed, DeferredUntil, may_contact
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.promises import reminder_ends
from bot.policy.reminders import still_due, unreached_task
from bot.services.apply import Applied, Sign, outgoing
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.identifiers import fresh_id
from bot.services.ledger import promise_writes
from bot.services.live import LiveScripts
from bot.services.ports import Clock, DueTimer, Storage, WakeUp, WakeUps, shard_of
from bot.services.writes import (
    AppendDecision,
    EnterStage,
    FinishTimer,
    MoveTimer,
    OpenCase,
    PutOutbox,
    RecordWithheld,
    Write,
)

_log = structlog.get_logger(__name__)

#: Timers taken in one go.
_CLAIM = 200
#: More timers than this that are more than an hour late are worth a word to the admins.
_MANY_LATE = 50
#: One process at a time runs timers; another takes over so long after the last timer of one that died.
_LEASE_SECONDS = 20
#: When a timer that could not be decided is tried again.
_AFTER_FAILURE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RunTimers:
    storage: Storage
    scripts: LiveScripts
    clock: Clock
    wake_ups: WakeUps
    signers: dict[str, Sign]
    holder: str
    crash_point: CrashPoint = pass_by

    async def all(self, _key: str) -> None:
        """Runs what is due, oldest first, and asks to be woken for the next."""
        while due := await self.storage.due_timers(self.clock.now(), _CLAIM):
            # Asked only when there is something to do, so that an idle system writes nothing.
            if not await self.storage.hold_lease("timers", self.holder, self.clock.now(), _LEASE_SECONDS):
                return
            late = sum(t.due_at < self.clock.now() - timedelta(hours=1) for t in due)
            if late > _MANY_LATE:
                _log.warning("many_late_timers", late=late)
            for timer in due:
                await self._one(timer)
        next_at = await self.storage.next_timer_at()
        if next_at is not None:
            await self.wake_ups.put(WakeUp("timers", "all"), at=next_at)

    async def _one(self, timer: DueTimer) -> None:
        now = self.clock.now()
        try:
            writes = await self._decide(timer, now)
            self.crash_point("before_timer_commit")
            await self.storage.commit(tuple(writes))
            self.crash_point("after_timer_commit")
        except Duplicate as error:
            if await self.storage.was_put(timer.key):
                # The message behind it exists already: there is nothing left to do.
                await self.storage.commit((FinishTimer(timer.timer_id, now, "done"),))
            else:
                await self._failed(timer, now, error)
            return
        except Conflict:
            return  # another process had it, or the payment that cancels it came first
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one job: it steps back, so that those behind it are not kept waiting
            await self._failed(timer, now, error)
            return
        for write in writes:
            if isinstance(write, PutOutbox):
                await self.wake_ups.put(WakeUp("outbox", str(shard_of(write.address))))

    async def _failed(self, timer: DueTimer, now: datetime, error: Exception) -> None:
        _log.error("timer_failed", timer_id=timer.timer_id, kind=timer.kind, exc_info=error)
        await self.storage.commit((MoveTimer(timer.timer_id, now + _AFTER_FAILURE, "failed"),))

    async def _decide(self, timer: DueTimer, now: datetime) -> list[Write]:
        if timer.borrower_id is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:no_borrower")]
        situation = await self.storage.situation_of_borrower(timer.borrower_id, now)
        if timer.kind == "reminder":
            return self._reminder(timer, situation, now)
        commitment = await self.storage.commitment(dict(timer.about).get("commitment_id", ""))
        if commitment is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:no_commitment")]
        if timer.kind == "promise_check":
            return await self._check(timer, commitment, now)
        return self._about_promise(timer, situation, commitment, now)

    def _programme(self, situation: Situation, loan_id: str | None) -> Programme | None:
        loan = situation.loan(loan_id) if loan_id else None
        return self.scripts.current.programme(loan.programme) if loan else None

    def _reminder(self, timer: DueTimer, situation: Situation, now: datetime) -> list[Write]:
        programme = self._programme(situation, timer.loan_id)
        loan = situation.loan(timer.loan_id or "")
        if programme is None or loan is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:paid")]
        about = dict(timer.about)
        zone_name = situation.borrower.timezone if situation.borrower else None
        over = still_due(loan, about["stage"], date.fromisoformat(about["anchor"]), programme, zone_name, now)
        if over is not None:
            return [FinishTimer(timer.timer_id, now, f"cancelled:{over.reason}")]
        today = local_day(now, programme.timezone)
        delinquency = classify(loan, today, programme.ladder)
        entered = EnterStage(
            loan.loan_id, delinquency.stage, delinquency.anchor, today, about["rule"], programme.version, now
        )
        say = reminder_message(self.scripts.current.script, loan, delinquency, situation, programme, now)
        ends = datetime.fromisoformat(about["not_after"])
        return [entered, *self._through_gate(timer, situation, say, MessageKind.REMINDER, now, ends)]

    def _about_promise(
        self, timer: DueTimer, situation: Situation, commitment: Commitment, now: datetime
    ) -> list[Write]:
        programme = self._programme(situation, commitment.loan_id)
        if programme is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:paid")]
        script = self.scripts.current.script
        if timer.kind == "promise_outcome":
            if dict(timer.about).get("status") != commitment.status:
                return [FinishTimer(timer.timer_id, now, "cancelled:status_changed")]
            say = promise_outcome(script, commitment, situation, programme, now)
            return self._through_gate(timer, situation, say, MessageKind.NOTICE, now)
        if commitment.status is not CommitmentStatus.OPEN:
            return [FinishTimer(timer.timer_id, now, f"cancelled:{commitment.status}")]
        say = promise_reminder(script, timer.kind, commitment, situation, programme, now)
        zone_name = (situation.borrower.timezone if situation.borrower else None) or programme.timezone
        ends = reminder_ends(timer.due_at, zone_name)
        return self._through_gate(timer, situation, say, MessageKind.REMINDER, now, ends)

    async def _check(self, timer: DueTimer, commitment: Commitment, now: datetime) -> list[Write]:
        """The day after grace: kept or broken is decided by the payments, whatever the hour, of a closed loan as well."""
        done: list[Write] = [FinishTimer(timer.timer_id, now, "done")]
        ledger = await self.storage.ledger(commitment.loan_id)
        programme = self.scripts.current.programme(ledger.loan.programme) if ledger else None
        if programme is None or ledger is None:
            return done
        today = local_day(now, programme.timezone)
        return [*done, *promise_writes(commitment, ledger.payments, programme, today, now)]

    def _through_gate(
        self,
        timer: DueTimer,
        situation: Situation,
        say: Say,
        kind: MessageKind,
        now: datetime,
        not_after: datetime | None = None,
    ) -> list[Write]:
        live = self.scripts.current
        policy = live.contact_policy_of(situation, timer.loan_id)
        about_commitment = timer.kind.startswith("promise")
        answer = may_contact(
            situation, timer.loan_id, policy, now, kind, about_commitment=about_commitment, not_after=not_after
        )
        decision = AppendDecision(now, timer.loan_id or timer.key, "gate", answer.facts, answer.reason, live.number)
        if isinstance(answer, DeferredUntil):
            return [MoveTimer(timer.timer_id, answer.until, answer.reason), decision]
        rule = dict(timer.about).get("rule", timer.kind)
        stage = dict(timer.about).get("stage")
        if not isinstance(answer, Allowed) or situation.conversation is None:
            return [
                FinishTimer(timer.timer_id, now, f"withheld:{answer.reason}"),
                RecordWithheld(
                    fresh_id(now),
                    timer.key,
                    now,
                    kind,
                    timer.borrower_id or "",
                    timer.loan_id,
                    rule,
                    stage,
                    answer.reason,
                    live.number,
                ),
                decision,
                *self._task_for_people(timer, situation, answer.reason, stage, now),
            ]
        row = replace(self._row(timer, situation, say, now), rule=rule, stage=stage, not_after=not_after)
        return [FinishTimer(timer.timer_id, now, "done"), row, decision]

    def _row(self, timer: DueTimer, situation: Situation, say: Say, now: datetime) -> PutOutbox:
        conversation = situation.conversation
        assert conversation is not None
        live = self.scripts.current
        by = Applied(live, self.signers[conversation.address.channel], lambda: fresh_id(now), now)
        row = outgoing(
            say,
            live.language_of(conversation),
            conversation.address,
            conversation.version,
            by,
            None,
            timer.borrower_id,
            conversation.epoch,
        )
        return replace(row, dedup_key=timer.key, loan_id=timer.loan_id)

    def _task_for_people(
        self, timer: DueTimer, situation: Situation, reason: str, stage: str | None, now: datetime
    ) -> list[Write]:
        """From the stage that the programme names, a borrower whom nothing reaches becomes a task for a person."""
        programme = self._programme(situation, timer.loan_id)
        if programme is None or stage is None or not unreached_task(programme, stage, reason):
            return []
        return [
            OpenCase(
                case_id=fresh_id(now),
                at=now,
                reason=f"unreached_{reason}",
                brief=(("stage", stage), ("rule", dict(timer.about).get("rule", ""))),
                urgent=False,
                takes_chat=False,
                borrower_id=timer.borrower_id,
                loan_id=timer.loan_id,
                address=None,
                dedup_key=f"unreached:{timer.loan_id}",
            )
        ]
