"""Caps and pauses: how many contacts were made, over bot and people and all channels, and when the next one is allowed.

A contact that lies in the future (the clock was set back) counts like one just made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.calendar import instant_of, local_day
from bot.domain.situation import Contact, Reached
from bot.policy.contact_policy import MEDIA, Cap, ContactPolicy, Scope

_FAR_ENOUGH = tuple(Reached)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that forbids contact at an instant. `until` None: it will never allow it."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Counting:
    """The contacts that count, and what they are counted for.

    `zones` are those the borrower may live in. `number` is where the message would go; None: not known, so all numbers count
    as that one. `sort` is what a cap's `bypass` may name.
    """

    contacts: tuple[Contact, ...]
    loan_id: str | None
    policy: ContactPolicy
    zones: tuple[str, ...]
    medium: str
    number: str | None = None
    sort: str | None = None

    def obstacle(self, at: datetime) -> Obstacle | None:
        """The first cap, in the policy's order, that is used up at `at`; else the pause after the last contact."""
        for cap in self.policy.caps:
            if self.medium in cap.media and self.sort not in cap.bypass:
                until = self._used_up(cap, at) or self._spoken(cap, at)
                if until is not None:
                    return until
        return None if self.sort == "mandatory" else self._pause(at)

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

    def _spoken(self, cap: Cap, at: datetime) -> Obstacle | None:
        """The rest after a call in which somebody spoke with the borrower."""
        if not cap.after_conversation:
            return None
        spoken = (c.at for c in self.contacts if c.reached is Reached.CONNECTED and self._concerns(c, cap))
        ends = [self._days_later(moment, cap.after_conversation) for moment in spoken]
        until = max(ends, default=at)
        return Obstacle(f"cap:{cap.name}", until) if until > at else None

    def _counts(self, contact: Contact, cap: Cap) -> bool:
        far = _FAR_ENOUGH.index(contact.reached) >= _FAR_ENOUGH.index(cap.reached)
        return far and self._concerns(contact, cap)

    def _concerns(self, contact: Contact, cap: Cap) -> bool:
        medium = contact.channel if contact.channel in MEDIA else "chat"
        if medium not in cap.media:
            return False
        match cap.scope:
            case Scope.PERSON:
                return True
            case Scope.LOAN:
                about = [loan_id for loan_id, _ in contact.loans]
                return self.loan_id is None or None in about or self.loan_id in about
            case Scope.NUMBER:
                return None in (self.number, contact.number) or contact.number == self.number

    def _counts_until(self, cap: Cap, moment: datetime) -> datetime:
        return moment + timedelta(days=cap.days) if cap.rolling else self._days_later(moment, cap.days)

    def _days_later(self, moment: datetime, days: int) -> datetime:
        """The beginning of the day so many days after that of `moment`, the last of all possible zones."""
        free_days = ((name, local_day(moment, name) + timedelta(days=days)) for name in self.zones)
        return max(instant_of(day, time(), name) for name, day in free_days)
