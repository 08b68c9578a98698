"""When a programme acts on its own, as values: messages and tasks for people per stage, in days from the due date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

#: How people reach out where the bot may not or cannot. `review`: somebody looks at the case and decides.
TASK_MEDIA = ("call", "letter", "visit", "legal", "review")

#: For so many days from its own a mandatory notice is made up for, longer than any ladder names days.
MANDATORY_DAYS = 366


@dataclass(frozen=True, slots=True)
class TaskTouch:
    """A day from the due date on which a person is asked to act, and by which medium."""

    day: int
    medium: str


@dataclass(frozen=True, slots=True)
class StageReminders:
    """The touches of one stage in ascending order, as days from the due date, negative before it.

    `last` is the stage's last day, None where it has no end. `by_band` are the touches for bands of the scorecard that have
    their own. `mandatory`: no touch of the stage is let go, however late it is and whatever stage follows.
    """

    stage_id: str
    last: int | None
    touches: tuple[int, ...]
    tasks: tuple[TaskTouch, ...] = ()
    mandatory: bool = False
    by_band: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def touches_in(self, band: str | None) -> tuple[int, ...]:
        return self.touches if band is None else self.by_band.get(band, self.touches)

    @property
    def cadences(self) -> tuple[tuple[int, ...], ...]:
        """Every list of touches that some band follows, the common one first."""
        return tuple(dict.fromkeys((self.touches, *self.by_band.values())))

    @property
    def all_touches(self) -> tuple[int, ...]:
        return tuple(sorted({touch for cadence in self.cadences for touch in cadence}))


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """The touches of all stages, in the order of time.

    `hour` is the preferred time of the borrower's day. A touch missed by more than `catch_up_days` is let go.
    From the stage `unreachable_task_from` on, a borrower whom no message can reach becomes a task for a person.
    """

    stages: tuple[StageReminders, ...]
    hour: time
    catch_up_days: int
    unreachable_task_from: str | None = None

    def of_stage(self, stage_id: str | None) -> StageReminders | None:
        return next((s for s in self.stages if s.stage_id == stage_id), None)

    def last_day_of(self, touch: int, stage: StageReminders) -> int:
        """The last day, from the due date, on which a missed touch may still be made."""
        if stage.mandatory:
            return touch + MANDATORY_DAYS
        latest = touch + self.catch_up_days
        return latest if stage.last is None else min(stage.last, latest)


def rule_of(stage_id: str, touch: int) -> str:
    """The name of a touch in records: `mild.d1`, `upcoming.d-3`."""
    return f"{stage_id}.d{touch}"


def task_rule_of(stage_id: str, task: TaskTouch) -> str:
    """The name of a task in records: `phone.call.d11`."""
    return f"{stage_id}.{task.medium}.d{task.day}"
