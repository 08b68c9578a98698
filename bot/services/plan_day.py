"""Plan the day: which loans are to be reminded today, as timers. Run as often as one likes: a timer's key is unique.

At every full hour of the clock some borrower's day may begin, so each programme is planned once an hour; that it has been is
stored, so that no crash and no lost wake-up leaves an hour out.

Storage picks the candidates set-based, by the due dates for which some reminder falls on today; the policy decides each
one. The dry run behind `plan` asks the same questions and stores nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.calendar import local_day
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import ReminderPlan, candidate_due_dates, plan_reminders
from bot.services.live import LiveScripts
from bot.services.ports import Clock, PlannableLoan, Storage, WakeUp, WakeUps
from bot.services.writes import PutSetting, PutTimer, Write

#: Timers stored in one transaction.
_BATCH = 1000
#: A plan that takes longer, or whose process died, is begun by another process as well, which does no harm.
_LEASE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class PlanDay:
    storage: Storage
    scripts: LiveScripts
    clock: Clock
    wake_ups: WakeUps
    holder: str = ""
    _planned: dict[str, str] = field(default_factory=dict)  # programme -> the last hour known to be planned

    async def programme(self, key: str) -> None:
        """Sets today's timers of one programme; `key` is its id, or `id@hour` to do so once in that hour."""
        programme_id, _, hour = key.partition("@")
        programme = self.scripts.current.programme(programme_id)
        if programme is None or (hour and not await self._is_ours_to_plan(programme_id, hour)):
            return
        batch: list[Write] = []
        async for planned in planned_loans(self.storage, programme, self.clock.now()):
            batch += timers(planned[0], planned[1], programme)
            if len(batch) >= _BATCH:
                await self.storage.commit(tuple(batch))
                batch.clear()
        if hour:
            batch.append(PutSetting(_setting(programme_id), hour))
        if batch:
            await self.storage.commit(tuple(batch))
        next_at = await self.storage.next_timer_at()
        if next_at is not None:
            await self.wake_ups.put(WakeUp("timers", "all"), at=next_at)

    async def all(self) -> None:
        for programme in self.scripts.current.programmes:
            await self.wake_ups.put(WakeUp("plan", programme.programme_id))

    async def sweep(self) -> None:
        """Wakes every programme that was not planned in this hour."""
        hour = self.clock.now().strftime("%Y-%m-%dT%H")
        for programme_id in [p.programme_id for p in self.scripts.current.programmes]:
            if self._planned.get(programme_id) == hour:
                continue
            self._planned[programme_id] = await self.storage.setting(_setting(programme_id)) or ""
            if self._planned[programme_id] != hour:
                await self.wake_ups.put(WakeUp("plan", f"{programme_id}@{hour}"))

    async def _is_ours_to_plan(self, programme_id: str, hour: str) -> bool:
        if await self.storage.setting(_setting(programme_id)) == hour:
            return False
        return await self.storage.hold_lease(f"plan:{programme_id}", self.holder, self.clock.now(), _LEASE_SECONDS)


def _setting(programme_id: str) -> str:
    return f"planned:{programme_id}"


async def planned_loans(
    storage: Storage, programme: Programme, now: datetime
) -> AsyncIterator[tuple[PlannableLoan, ReminderPlan]]:
    """Each candidate loan of the programme with what today's plan says of it; streamed."""
    today = local_day(now, programme.timezone)
    async for candidate in storage.loans_by_anchor(programme.programme_id, candidate_due_dates(programme, today)):
        delinquency = classify(candidate.loan, today, programme.ladder)
        plan = plan_reminders(candidate.loan, delinquency, (), programme, candidate.timezone, now)
        if plan.due or plan.withheld:
            yield candidate, plan


def timers(candidate: PlannableLoan, plan: ReminderPlan, programme: Programme) -> list[Write]:
    """The plan's reminders as timers, with the facts that the timer's service checks again."""
    loan = candidate.loan
    return [
        PutTimer(
            key=reminder.key,
            kind="reminder",
            due_at=reminder.at,
            borrower_id=loan.borrower_id,
            loan_id=loan.loan_id,
            programme=programme.programme_id,
            about=(
                ("rule", reminder.rule),
                ("stage", reminder.stage),
                ("anchor", reminder.anchor.isoformat()),
                ("attempt", str(reminder.attempt)),
                ("not_after", reminder.not_after.isoformat()),
            ),
        )
        for reminder in plan.due
    ]
