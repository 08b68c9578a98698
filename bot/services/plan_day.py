"""Plan the day: which loans are to be reminded today, as timers. Run as often as one likes: a timer's key is unique.

At every full hour of the clock some borrower's day may begin, so each programme is planned once an hour; that it has been is
stored, so that no crash and no lost wake-up leaves an hour out.

The policy decides about all loans of one due date at once, where their amounts have no say, and storage sets their timers as
a set; the others are decided one by one. The dry run behind `plan` asks the same questions and stores nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.calendar import local_day
from bot.policy.day_plan import decided_by_anchor, latest_anchor, reminders_of_anchor
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import PlannedReminder, ReminderPlan, candidate_due_dates, plan_reminders
from bot.services.live import LiveScripts
from bot.services.ports import Clock, PlannableLoan, Storage, WakeUp, WakeUps
from bot.services.stage_days import record_stage_days
from bot.services.undecided import overdue_reviews
from bot.services.writes import Facts, PutAnchorTimers, PutSetting, PutTimer, Write, ZoneTimer

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
        now = self.clock.now()
        today = local_day(now, programme.timezone)
        await record_stage_days(self.storage, self.scripts, programme, now)
        alone = []
        candidates = candidate_due_dates(programme, today)
        peopled = await self.storage.anchors_with_loans(programme_id, candidates)
        for anchor in candidates:
            if anchor not in peopled:
                continue
            if decided_by_anchor(programme, anchor, today):
                await self._all_of(programme, anchor, now)
            else:
                alone.append(anchor)
        await self._one_by_one(programme, alone, now)
        if hour:
            reviews = overdue_reviews(self.scripts.current, now)
            await self.storage.commit((PutSetting(_setting(programme_id), hour), *reviews))
        next_at = await self.storage.next_timer_at()
        if next_at is not None:
            await self.wake_ups.put(WakeUp("timers", "all"), at=next_at)

    async def _all_of(self, programme: Programme, anchor: date, now: datetime) -> None:
        """The timers of all loans of an anchor, as sets."""
        least = least_amounts(programme)
        for wanted in reminders_of_anchor(programme, anchor, None, now):
            key_end = wanted.key  # a reminder of no loan in particular: what follows the loan's id
            async for found in self.storage.loans_without_timer(programme.programme_id, anchor, key_end, least):
                zones = tuple(
                    ZoneTimer(zone_name, reminder.at, about(reminder))
                    for zone_name in found.zones
                    for reminder in reminders_of_anchor(programme, anchor, zone_name, now)
                    if reminder.key == key_end
                )
                timers = PutAnchorTimers(
                    programme.programme_id, anchor, key_end, kind_of(wanted), zones, least, found.after, found.last
                )
                await self.storage.commit((timers,))

    async def _one_by_one(self, programme: Programme, anchors: Sequence[date], now: datetime) -> None:
        """The timers of loans whose amounts have a say."""
        batch: list[Write] = []
        async for _candidate, plan in _plans(programme, _undecided(self.storage, programme, anchors, now), now):
            batch += [timer_of(reminder, programme) for reminder in (*plan.due, *plan.tasks)]
            if len(batch) >= _BATCH:
                await self.storage.commit(tuple(batch))
                batch.clear()
        if batch:
            await self.storage.commit(tuple(batch))

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


def least_amounts(programme: Programme) -> tuple[tuple[str, int], ...]:
    """The ladder's minimums: (currency, minor units)."""
    return tuple((currency, money.minor) for currency, money in programme.ladder.minimums.items())


async def planned_loans(
    storage: Storage, programme: Programme, now: datetime
) -> AsyncIterator[tuple[PlannableLoan, ReminderPlan]]:
    """Each candidate loan of the programme with what today's plan says of it; streamed."""
    anchors = candidate_due_dates(programme, local_day(now, programme.timezone))
    async for planned in _plans(programme, _undecided(storage, programme, anchors, now), now):
        yield planned


async def _undecided(
    storage: Storage, programme: Programme, anchors: Sequence[date], now: datetime
) -> AsyncIterator[PlannableLoan]:
    """Loans of these anchors, and those whose anchor lies later because little is unpaid of what is oldest."""
    least = least_amounts(programme)
    async for candidate in storage.loans_by_anchor(programme.programme_id, anchors):
        yield candidate
    if least:
        latest = latest_anchor(programme, local_day(now, programme.timezone))
        async for candidate in storage.loans_below(programme.programme_id, latest, least):
            yield candidate


async def _plans(
    programme: Programme, candidates: AsyncIterator[PlannableLoan], now: datetime
) -> AsyncIterator[tuple[PlannableLoan, ReminderPlan]]:
    today = local_day(now, programme.timezone)
    async for candidate in candidates:
        delinquency = classify(candidate.loan, today, programme.ladder)
        plan = plan_reminders(candidate.loan, delinquency, (), programme, candidate.timezone, now)
        if plan.due or plan.withheld or plan.tasks:
            yield candidate, plan


def timer_of(reminder: PlannedReminder, programme: Programme) -> PutTimer:
    """The reminder, or the task, as a timer."""
    return PutTimer(
        key=reminder.key,
        kind=kind_of(reminder),
        due_at=reminder.at,
        borrower_id=reminder.borrower_id,
        loan_id=reminder.loan_id,
        programme=programme.programme_id,
        about=about(reminder),
    )


def kind_of(reminder: PlannedReminder) -> str:
    return "task" if reminder.medium else "reminder"


def about(reminder: PlannedReminder) -> Facts:
    """What the timer's service checks again when the timer is due."""
    return (
        ("rule", reminder.rule),
        ("stage", reminder.stage),
        ("anchor", reminder.anchor.isoformat()),
        ("attempt", str(reminder.attempt)),
        ("not_after", reminder.not_after.isoformat()),
        *((("medium", reminder.medium),) if reminder.medium else ()),
    )
