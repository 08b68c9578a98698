"""A programme: one loan product of one lender, with everything that its file says, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.commitments import PromiseRules
from bot.domain.money import Money
from bot.policy.details import Help, WayToPay
from bot.policy.ladder import StageLadder
from bot.policy.reminder_policy import ReminderPolicy
from bot.policy.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Programme:
    """`version` is the number of the published version that the file belongs to; `timezone` is the lender's."""

    programme_id: str
    version: int
    title: str
    lender: str
    timezone: str
    jurisdiction: str | None
    contact_policy: str
    ladder: StageLadder
    reminders: ReminderPolicy
    promise: PromiseRules
    ways_to_pay: tuple[WayToPay, ...]
    help: Help
    retry: RetryPolicy

    @property
    def minimums(self) -> Mapping[str, Money]:
        """Per currency, the unpaid amount below which nothing is chased."""
        return self.ladder.minimums

    def tone_of(self, stage_id: str | None) -> str:
        """The tone of a stage; friendly where no stage applies."""
        stage = self.ladder.stage(stage_id) if stage_id is not None else None
        return stage.tone if stage is not None else "friendly"
