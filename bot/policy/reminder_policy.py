"""When a programme writes on its own, as values: touches per stage, reckoned in days from the due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class StageReminders:
    """The touches of one stage in ascending order, as days from the due date, negative before it.

    `last` is the stage's last day, None where it has no end. `then_task`: after the last touch a person takes over.
    """

    stage_id: str
    last: int | None
    touches: tuple[int, ...]
    then_task: bool = False


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
        latest = touch + self.catch_up_days
        return latest if stage.last is None else min(stage.last, latest)


def rule_of(stage_id: str, touch: int) -> str:
    """The name of a touch in records: `mild.d1`, `upcoming.d-3`."""
    return f"{stage_id}.d{touch}"
