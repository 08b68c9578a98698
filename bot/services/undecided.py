"""Word to people where the rules of contact could not decide, are not looked at for too long, or are asked far too late.

One case a day and reason for the whole installation: what is wrong is wrong for many borrowers at once.
"""

from __future__ import annotations

from datetime import datetime

from bot.policy.jurisdictions import overdue_for_review
from bot.services.identifiers import fresh_id
from bot.services.live import Live
from bot.services.writes import Facts, OpenCase, Write

#: Reasons for which nothing was sent that a person can mend: a region in the loan book, the clock, hours that never meet.
UNDECIDED = frozenset({"unknown_zone", "clock", "never_open"})


def undecided(reason: str, borrower_id: str, now: datetime) -> tuple[Write, ...]:
    """A case where the gate withheld a message because it could not decide; nothing for any other reason."""
    if reason not in UNDECIDED:
        return ()
    return (_case(f"gate_{reason}", (("first_borrower", borrower_id),), now),)


def overdue_reviews(live: Live, now: datetime) -> tuple[Write, ...]:
    """A case for the contact policies whose `review_by` has passed; while it has, the fallback holds beside them."""
    overdue = overdue_for_review(live.contact_policies.values(), now.date())
    if not overdue:
        return ()
    return (_case("contact_policy_review", (("policies", ", ".join(sorted(overdue))),), now),)


def many_late(late: int, oldest: datetime, now: datetime) -> tuple[Write, ...]:
    """A case where many timers are late, as after a stop of the system: what still makes sense of them goes now, in order."""
    return (_case("many_late_timers", (("at_least", str(late)), ("oldest", oldest.isoformat())), now),)


def _case(reason: str, brief: Facts, now: datetime) -> OpenCase:
    return OpenCase(
        case_id=fresh_id(now),
        at=now,
        reason=reason,
        brief=brief,
        urgent=False,
        takes_chat=False,
        borrower_id=None,
        loan_id=None,
        address=None,
        dedup_key=f"{reason}:{now:%Y-%m-%d}",
    )
