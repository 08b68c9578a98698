"""Wishes: the hours that borrowers named themselves. They only narrow what the contact policies allow."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.calendar import zone
from bot.domain.holds import Hold
from bot.policy.caps import Obstacle
from bot.policy.windows import not_before

REASON = "inconvenient_times"


def inconvenient(wishes: tuple[Hold, ...], zones: tuple[str, ...], at: datetime) -> Obstacle | None:
    """The first wish that the instant goes against in any zone the borrower may live in, and when that ends."""
    for hold in wishes:
        for name in zones:
            if hold.active_at(at) and not hold.suits(_minute(at, name)):
                return Obstacle(REASON, _until(hold, name, at))
    return None


def _minute(at: datetime, name: str) -> int:
    local = at.astimezone(zone(name))
    return local.hour * 60 + local.minute


def _until(hold: Hold, name: str, at: datetime) -> datetime:
    """The first instant after `at` at which the hours begin or the wish is over."""
    day = at.astimezone(zone(name)).date()
    begins = (not_before(day + timedelta(days=n), hold.opens or 0, name, at) for n in range(3))
    first = next(moment for moment in begins if moment > at)
    return first if hold.ends_at is None else min(first, hold.ends_at)
