"""Jurisdictions: which contact policies hold for the place where a borrower lives.

A file serves the regions that it lists, by default the one it is named after. A region of a country is served by its own file
and by the country's. A place that no file serves gets the fallback, which lies inside the hours of all the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.policy.contact_policy import ContactPolicy

FALLBACK = "GLOBAL"


def policies_of_region(region: str, policies: Mapping[str, ContactPolicy]) -> tuple[str, ...]:
    """The ids of the policies that hold in `region` (`CN`, `US-NY`), the closest first; never empty."""
    country = region.partition("-")[0]
    served = dict.fromkeys(i for code in (region, country) for i in _serving(code, policies))
    return tuple(served) or (FALLBACK,)


def _serving(code: str, policies: Mapping[str, ContactPolicy]) -> tuple[str, ...]:
    """A file named after the place goes before one that only lists it: France leaves the EU file once it has its own."""
    listing = sorted(i for i, policy in policies.items() if code in policy.regions)
    return (code,) if code in listing else tuple(listing)


def overdue_for_review(policies: Iterable[ContactPolicy], today: date) -> tuple[str, ...]:
    """The ids of those whose `review_by` has passed: facts of law that nobody has looked at since are not relied on."""
    return tuple(policy.policy_id for policy in policies if policy.review_by < today)
