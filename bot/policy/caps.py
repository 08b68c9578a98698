"""Caps and pauses: how many contacts were made, over bot and people and all channels, and when the next one is allowed.

A contact that lies in the future (the clock was set back) counts like one just made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.calendar import instant_of, local_day
from bot.domain.situation import Contact
from bot.policy.contact_policy import MEDIA, Cap, ContactPolicy


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that forbids contact at an instant. `until` None: it will never allow it."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Counting:
    """The contacts that count, and what they are counted for. `zones` are those the borrower may live in."""

    contacts: tuple[Contact, ...]
    loan_id: str | None
    policy: ContactPolicy
    zones: tuple[str, ...]
    medium: str

    def obstacle(self, at: datetime) -> Obstacle | None:
        """The first cap, in the policy's order, that is used up at `at`; else the pause after the last contact."""
        for cap in self.policy.caps:
            if self.medium in cap.media:
                until = self._used_up(cap, at)
                if until is not None:
                    return until
        return self._pause(at)

    def _pause(self, at: datetime) -> Obstacle | None:
        if not self.contacts:
            return None
        until = max(c.at for c in self.contacts) + timedelta(hours=self.policy.min_gap.hours)
        return Obstacle("min_gap", until) if at < until else None

    def _used_up(self, cap: Cap, at: datetime) -> Obstacle | None:
        made = sorted(c.at for c in self.contacts if self._counts(c, cap))
        # When each contact stops counting; with several zones, when it has stopped counting in all of them.
        ends = [end for end in (self._counts_until(cap, moment) for moment in made) if end > at]
        if len(ends) < cap.most:
            return None
        return Obstacle(f"cap:{cap.name}", ends[len(ends) - cap.most] if cap.most else None)

    def _counts(self, contact: Contact, cap: Cap) -> bool:
        medium = contact.channel if contact.channel in MEDIA else "chat"
        about = not cap.per_loan or None in (self.loan_id, contact.loan_id) or contact.loan_id == self.loan_id
        return medium in cap.media and about

    def _counts_until(self, cap: Cap, moment: datetime) -> datetime:
        if cap.rolling:
            return moment + timedelta(days=cap.days)
        free_days = ((name, local_day(moment, name) + timedelta(days=cap.days)) for name in self.zones)
        return max(instant_of(day, time(), name) for name, day in free_days)
