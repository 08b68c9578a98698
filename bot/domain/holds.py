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
    """One hold. `loan_id` None holds everything of the borrower. `ends_at` None holds until somebody ends it.

    With `opens` and `closes` (minutes of the borrower's day, `opens <= minute < closes`; over midnight where `opens` is the
    later) it holds nothing back within these hours: what a borrower said about when to be written to.
    """

    hold_id: str
    kind: HoldKind
    borrower_id: str
    loan_id: str | None
    starts_at: datetime
    ends_at: datetime | None
    set_by: str  # "borrower", "operator:<id>", "lender"
    reason: str
    opens: int | None = None
    closes: int | None = None

    def active_at(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    @property
    def names_hours(self) -> bool:
        return self.opens is not None and self.closes is not None

    def suits(self, minute: int) -> bool:
        """Whether a minute of the borrower's day lies within the hours that the hold names; never where it names none."""
        if self.opens is None or self.closes is None:
            return False
        if self.opens < self.closes:
            return self.opens <= minute < self.closes
        return minute >= self.opens or minute < self.closes
