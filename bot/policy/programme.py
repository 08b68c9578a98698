"""A programme: one loan product of one lender, with everything that its file says, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.commitments import PromiseRules
from bot.domain.limits import Limits
from bot.domain.money import Money
from bot.policy.details import Help, LenderFacts, WayToPay
from bot.policy.ladder import StageLadder
from bot.policy.reminder_policy import ReminderPolicy
from bot.policy.retry import RetryPolicy
from bot.policy.scorecard import Scorecard

#: Why people pay late, as far as a borrower says so. Never a judgement, and never a detail of health.
REASONS = (
    "forgot",
    "info_gap",
    "cash_flow",
    "unexpected_cost",
    "hardship.medical",
    "hardship.family",
    "hardship.job",
    "hardship.disaster",
    "autopay_failed",
    "problem_paying",
    "dispute",
    "habit",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Programme:
    """`version` is the number of the published version that the file belongs to; `timezone` is the lender's.

    `reasons` are the causes of lateness that this lender asks about, out of REASONS.
    """

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
    scorecard: Scorecard | None = None
    reasons: tuple[str, ...] = REASONS
    facts: LenderFacts = field(default_factory=LenderFacts)
    limits: Limits = field(default_factory=Limits)

    @property
    def minimums(self) -> Mapping[str, Money]:
        """Per currency, the unpaid amount below which nothing is chased."""
        return self.ladder.minimums

    def tone_of(self, stage_id: str | None, band: str | None = None) -> str:
        """The tone of a stage, for a band of the scorecard where one is known; friendly where no stage applies."""
        stage = self.ladder.stage(stage_id) if stage_id is not None else None
        if stage is None:
            return "friendly"
        return stage.tone if band is None else stage.tone_by_band.get(band, stage.tone)
