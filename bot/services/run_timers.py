"""Run timers: each due timer is decided anew from the facts of this moment, in one transaction, exactly once.

The borrower may have paid, promised or asked us to stop since the timer was set, so nothing is taken from it but what it is
about. Late timers after a stop of the system run in order and through the same gate.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from bot.dialog.compose import promise_outcome, promise_reminder, reminder_message, with_statements
from bot.dialog.effects import Say
from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.errors import Conflict, Duplicate, StorageUnavailable
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.contact import Allowed, ContactPolicy, DeferredUntil, may_contact
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.promises import reminder_ends
from bot.policy.reminders import is_mandatory, is_unreached, owed_before, still_due, unreached_task
from bot.services.apply import Applied, Sign, outgoing
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.identifiers import fresh_id
from bot.services.ledger import promise_writes
from bot.services.live import LiveScripts
from bot.services.people_tasks import task_writes
from bot.services.ports import Clock, DueTimer, Storage, WakeUp, WakeUps, shard_of
from bot.services.risk import band_of
from bot.services.several_dues import Due, end_of_borrowers_day, goes_together, part_of, put_together
from bot.services.undecided import many_late, undecided
from bot.services.writes import (
    AppendDecision,
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

#: When a mandatory notice that was held back is asked for again.
_OWED_AGAIN = timedelta(days=1)
#: Reasons after which nothing is owed any more.
_OVER = frozenset({"paid", "closed", "no_loan", "stage_over"})
#: How long after a mandatory notice the next reminder of the debt is asked for.
_BEHIND = timedelta(minutes=1)


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
            now = self.clock.now()
            late = [t.due_at for t in due if t.due_at < now - timedelta(hours=1)]
            if len(late) > _MANY_LATE:
                _log.warning("many_late_timers", late=len(late))
                await self.storage.commit(many_late(len(late), min(late), now))
            decided: set[int] = set()
            for timer in due:
                if timer.timer_id not in decided:
                    decided |= await self._one(timer)
        next_at = await self.storage.next_timer_at()
        if next_at is not None:
            await self.wake_ups.put(WakeUp("timers", "all"), at=next_at)

    async def _one(self, timer: DueTimer) -> set[int]:
        """The timers that were decided: this one, and those whose reminders went together with its own."""
        now = self.clock.now()
        try:
            writes = await self._decide(timer, now)
            self.crash_point("before_timer_commit")
            await self.storage.commit(tuple(writes))
            self.crash_point("after_timer_commit")
        except Duplicate as error:
            if await self.storage.was_put(timer.key):
                # The message behind it exists already: there is nothing left to do.
                await self._set_aside(FinishTimer(timer.timer_id, now, "done"))
            else:
                await self._failed(timer, now, error)
            return set()
        except Conflict:
            return set()  # another process had it, or the payment that cancels it came first
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one job: it steps back, so that those behind it are not kept waiting
            await self._failed(timer, now, error)
            return set()
        for write in writes:
            if isinstance(write, PutOutbox):
                await self.wake_ups.put(WakeUp("outbox", str(shard_of(write.address))))
        return {write.timer_id for write in writes if isinstance(write, FinishTimer | MoveTimer)}

    async def _failed(self, timer: DueTimer, now: datetime, error: Exception) -> None:
        _log.error("timer_failed", timer_id=timer.timer_id, kind=timer.kind, exc_info=error)
        await self._set_aside(MoveTimer(timer.timer_id, now + _AFTER_FAILURE, "failed"))

    async def _set_aside(self, write: FinishTimer | MoveTimer) -> None:
        with suppress(Conflict):  # another process had it meanwhile
            await self.storage.commit((write,))

    async def _decide(self, timer: DueTimer, now: datetime) -> list[Write]:
        if timer.borrower_id is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:no_borrower")]
        situation = await self.storage.situation_of_borrower(timer.borrower_id, now)
        if timer.kind in ("reminder", "task"):
            return await self._of_ladder(timer, situation, now)
        commitment = await self.storage.commitment(dict(timer.about).get("commitment_id", ""))
        if commitment is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:no_commitment")]
        if timer.kind == "promise_check":
            return await self._check(timer, commitment, now)
        return self._about_promise(timer, situation, commitment, now)

    def _programme(self, situation: Situation, loan_id: str | None) -> Programme | None:
        loan = situation.loan(loan_id) if loan_id else None
        return self.scripts.current.programme(loan.programme) if loan else None

    async def _of_ladder(self, timer: DueTimer, situation: Situation, now: datetime) -> list[Write]:
        """A message or a task of the ladder; what is due of the borrower's other loans this day goes in one message with it."""
        writes, due = await self._alone(timer, situation, now)
        if due is None or not goes_together(due):
            return writes
        together = {due.loan.loan_id: (timer, due, writes)}
        until = end_of_borrowers_day(situation, due.programme, now)
        for other in await self.storage.timers_of(timer.borrower_id or ""):
            if other.kind == "reminder" and other.due_at < until and other.loan_id not in together:
                its_writes, its_due = await self._alone(other, situation, now)
                if its_due is not None and goes_together(its_due):
                    together[its_due.loan.loan_id] = (other, its_due, its_writes)
        if len(together) == 1:
            return writes
        row_of = partial(self._row, situation=situation, now=now)
        return put_together(tuple(together.values()), self.scripts.current, situation, now, row_of)

    async def _alone(self, timer: DueTimer, situation: Situation, now: datetime) -> tuple[list[Write], Due | None]:
        """Decided from the loan and the borrower's band as they are now; with what is due, where a message may go."""
        programme = self._programme(situation, timer.loan_id)
        loan = situation.loan(timer.loan_id or "")
        if programme is None or loan is None:
            return [FinishTimer(timer.timer_id, now, "cancelled:paid")], None
        today = local_day(now, programme.timezone)
        band = await band_of(self.storage, programme, loan.loan_id, situation.commitments, today)
        if timer.kind == "task":
            return task_writes(timer, loan, situation, programme, band, now), None
        writes = self._reminder(timer, situation, loan, programme, band, now)
        if not any(isinstance(write, PutOutbox) for write in writes):
            return writes, None
        behind = await self._behind_mandatory(timer, programme, now)
        return (behind, None) if behind else (writes, Due(loan, programme, dict(timer.about)["stage"], band))

    def _reminder(
        self, timer: DueTimer, situation: Situation, loan: Loan, programme: Programme, band: str | None, now: datetime
    ) -> list[Write]:
        about = dict(timer.about)
        anchor, stage = date.fromisoformat(about["anchor"]), about["stage"]
        zone_name = situation.borrower.timezone if situation.borrower else None
        over = still_due(loan, stage, anchor, programme, zone_name, now, about["rule"], band)
        if over is not None:
            return [FinishTimer(timer.timer_id, now, f"cancelled:{over.reason}")]
        found = replace(classify(loan, local_day(now, programme.timezone), programme.ladder), stage=stage)
        say = reminder_message(self.scripts.current.script, loan, found, situation, programme, now, band)
        ends = datetime.fromisoformat(about["not_after"])
        return self._through_gate(timer, situation, say, MessageKind.REMINDER, now, ends)

    async def _behind_mandatory(self, timer: DueTimer, programme: Programme, now: datetime) -> list[Write]:
        """Moves a reminder behind the mandatory notice of the same debt that is still owed; nothing where none is."""
        about = dict(timer.about)
        waiting = {
            dict(other.about).get("rule", ""): other.due_at
            for other in await self.storage.timers_of(timer.borrower_id or "")
            if (other.kind, other.loan_id) == ("reminder", timer.loan_id)
            and dict(other.about).get("anchor") == about["anchor"]
        }
        notice = owed_before(about["rule"], waiting, programme)
        if notice is None:
            return []
        until = max(waiting[notice], now) + _BEHIND
        facts = (("rule", about["rule"]), ("notice", notice))
        subject = timer.loan_id or timer.key
        return [
            MoveTimer(timer.timer_id, until, "mandatory_first"),
            AppendDecision(now, subject, "ladder", facts, "mandatory_first", programme.version),
        ]

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
            situation,
            timer.loan_id,
            policy,
            now,
            kind,
            about_commitment=about_commitment,
            not_after=not_after,
            mandatory=self._is_mandatory(timer, situation),
        )
        decision = AppendDecision(now, timer.loan_id or timer.key, "gate", answer.facts, answer.reason, live.number)
        if isinstance(answer, DeferredUntil):
            return [MoveTimer(timer.timer_id, answer.until, answer.reason), decision]
        rule = dict(timer.about).get("rule", timer.kind)
        stage = dict(timer.about).get("stage")
        if not isinstance(answer, Allowed) and self._still_owed(timer, situation, answer.reason):
            task = self._task_for_people(timer, situation, answer.reason, stage, now)
            told = undecided(answer.reason, timer.borrower_id or "", now)
            return [MoveTimer(timer.timer_id, now + _OWED_AGAIN, answer.reason), decision, *task, *told]
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
                *undecided(answer.reason, timer.borrower_id or "", now),
            ]
        said = self._with_statements(timer, situation, say, policy)
        row = replace(self._row(timer, said, situation, now), rule=rule, stage=stage, not_after=not_after)
        return [FinishTimer(timer.timer_id, now, "done"), row, decision]

    def _with_statements(self, timer: DueTimer, situation: Situation, say: Say, policy: ContactPolicy) -> Say:
        programme = self._programme(situation, timer.loan_id)
        return with_statements(say, self.scripts.current.script, policy, situation, programme) if programme else say

    def _still_owed(self, timer: DueTimer, situation: Situation, reason: str) -> bool:
        """A mandatory notice that may not go today is asked for again; only a debt that is over ends it."""
        return self._is_mandatory(timer, situation) and reason not in _OVER

    def _is_mandatory(self, timer: DueTimer, situation: Situation) -> bool:
        programme = self._programme(situation, timer.loan_id)
        return programme is not None and is_mandatory(dict(timer.about).get("stage"), programme)

    def _row(self, timer: DueTimer, say: Say, situation: Situation, now: datetime) -> PutOutbox:
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
        owed = (part_of(timer),) if self._is_mandatory(timer, situation) else ()
        return replace(row, dedup_key=timer.key, loan_id=timer.loan_id, parts=owed)

    def _task_for_people(
        self, timer: DueTimer, situation: Situation, reason: str, stage: str | None, now: datetime
    ) -> list[Write]:
        """From the stage that the programme names, a borrower whom nothing reaches becomes a task for a person.

        With a mandatory notice at once: if no message can bring it, a person must.
        """
        programme = self._programme(situation, timer.loan_id)
        if programme is None or stage is None:
            return []
        if not unreached_task(programme, stage, reason) and not (
            is_mandatory(stage, programme) and is_unreached(reason)
        ):
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
