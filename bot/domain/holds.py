"""Holds: reasons for which nothing proactive is sent about a debt, each with start, end, who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HoldKind(StrEnum):
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    VULNERABLE = "vulnerable"
    DECEASED = "deceased"
    MINOR = "minor"
    ATTORNEY = "attorney"
    MORATORIUM = "moratorium"
    COMPLAINT = "complaint"
    WRONG_PERSON = "wrong_person"
    STOP = "stop"
    INCONVENIENT_TIMES = "inconvenient_times"
    PAID_CLAIM = "paid_claim"
    PROMISE_OPEN = "promise_open"
    PLAN_ACTIVE = "plan_active"
    HUMAN_HOLDS = "human_holds"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. `loan_id` None holds everything of the borrower. `ends_at` None holds until somebody ends it."""

    hold_id: str
    kind: HoldKind
    borrower_id: str
    loan_id: str | None
    starts_at: datetime
    ends_at: datetime | None
    set_by: str  # "borrower", "operator:<id>", "lender"
    reason: str

    def active_at(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)
