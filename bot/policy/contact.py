"""The gate: may this message go to this borrower now? Asked when a message is planned and again when it is sent.

Whatever a borrower wrote is answered; anything the lender begins passes every check below, in a fixed order, and the first
that fails is the one reason given. Where the gate cannot decide, nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import zone
from bot.domain.commitments import CommitmentKind, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import LoanStatus
from bot.domain.situation import Holder, Reach, Situation
from bot.policy.caps import Counting, Obstacle
from bot.policy.contact_policy import ContactPolicy, Purpose, stricter
from bot.policy.contact_reading import read_contact_policy
from bot.policy.windows import HORIZON_DAYS, OpeningHours, possible_zones
from bot.policy.wishes import inconvenient

__all__ = [
    "Allowed",
    "ContactPolicy",
    "DeferredUntil",
    "GateAnswer",
    "Withheld",
    "may_contact",
    "read_contact_policy",
    "stricter",
]

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    reason: str = "allowed"
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class DeferredUntil:
    """Not now. `until` is the first instant at which hours, pause and caps all allow it, as things stand now."""

    reason: str  # quiet_hours, holiday, min_gap, cap:<name>
    until: datetime
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """It will not go."""

    reason: str
    facts: Facts = ()


GateAnswer = Allowed | DeferredUntil | Withheld

#: The clocks of several machines may lie so far apart.
CLOCKS_DIFFER = timedelta(minutes=5)

#: A stop and a wrong person come before all else; the others follow in the order of HoldKind, whatever the order of rows.
_FINAL = (HoldKind.STOP, HoldKind.WRONG_PERSON)
_HOLD_ORDER = (*_FINAL, *(kind for kind in HoldKind if kind not in _FINAL))

#: Holds that also bind a person who writes first; the others are there so that a person, not the bot, takes care.
_BIND_PEOPLE = frozenset({HoldKind.STOP, HoldKind.WRONG_PERSON, HoldKind.ATTORNEY, HoldKind.MORATORIUM})

#: Holds that silence collection while an agreement is kept, but not the reminders of the agreement itself.
_AGREEMENTS = frozenset({HoldKind.PROMISE_OPEN, HoldKind.PLAN_ACTIVE})


def may_contact(
    situation: Situation,
    loan_id: str | None,
    policy: ContactPolicy,
    now: datetime,
    kind: MessageKind,
    *,
    about_commitment: bool = False,
    not_after: datetime | None = None,
    medium: str = "chat",
    number: str | None = None,
    mandatory: bool = False,
) -> GateAnswer:
    """Whether a message about `loan_id` (None: about no single loan) may go at `now`.

    `policy` is the programme's, combined by `stricter` with that of the borrower's region. `about_commitment` exempts the
    reminders of an agreement from the hold that the agreement itself is. From `not_after` on the message makes no sense any
    more (its stage is over): instead of being deferred that far it is withheld. `medium` and `number` say how and whereto,
    for caps that count them. `mandatory`: the law makes the lender say it, so caps may let it pass, hours never do.
    """
    by_person = kind is MessageKind.OPERATOR
    # Only what is named here goes unasked: a kind of message that is new to the gate is checked like a reminder.
    if kind in (MessageKind.REPLY, MessageKind.ACT) or (by_person and _answers_borrower(situation, policy, now)):
        return Allowed("answers")
    withheld = (
        _reach(situation, now)
        or _holds(situation, loan_id, now, by_person, about_commitment)
        or _loan(situation, loan_id, kind)
    )
    if withheld is not None:
        return withheld
    if not_after is not None and now >= not_after:
        return Withheld("stage_over")
    borrower = situation.borrower
    timezone, region = (borrower.timezone, borrower.region) if borrower else (None, None)
    zones = possible_zones(policy, timezone, region)
    if not zones:
        return Withheld("unknown_zone", (("region", region or "unknown"),))
    hours = OpeningHours(policy, zones, region, lambda day: _purposes(situation, loan_id, day))
    sort = "mandatory" if mandatory else "notice" if kind is MessageKind.NOTICE else None
    counting = Counting(situation.contacts, loan_id, policy, zones, medium, number, sort)
    wishes = tuple(h for h in situation.holds if h.names_hours and _concerns(h.loan_id, loan_id))
    return _time(hours, counting, wishes, now, not_after)


def _answers_borrower(situation: Situation, policy: ContactPolicy, now: datetime) -> bool:
    wrote = situation.conversation.last_inbound_at if situation.conversation else None
    return wrote is not None and now - wrote < timedelta(hours=policy.reply_hours.hours)


def _reach(situation: Situation, now: datetime) -> Withheld | None:
    if not situation.clock_trusted or _clock_went_back(situation, now):
        return Withheld("clock")
    return None if situation.reach is Reach.OK else Withheld(situation.reach.value)


def _clock_went_back(situation: Situation, now: datetime) -> bool:
    """What was said or sent cannot lie ahead: if it does, the clock is wrong now, or was wrong then."""
    written = situation.conversation.last_inbound_at if situation.conversation else None
    known = [c.at for c in situation.contacts] + ([written] if written else [])
    return any(moment - now > CLOCKS_DIFFER for moment in known)


def _holds(
    situation: Situation, loan_id: str | None, now: datetime, by_person: bool, about_commitment: bool
) -> Withheld | None:
    # A wish about hours narrows the window instead: see `wishes`.
    holds = (h for h in situation.holds if h.active_at(now) and not h.names_hours)
    active = {h.kind: h for h in holds if _concerns(h.loan_id, loan_id)}
    for reason in _HOLD_ORDER:
        exempt = (by_person and reason not in _BIND_PEOPLE) or (about_commitment and reason in _AGREEMENTS)
        if reason in active and not exempt:
            return Withheld(reason.value, (("hold", active[reason].hold_id),))
    if by_person:
        return None
    if situation.conversation is not None and situation.conversation.holder is not Holder.BOT:
        return Withheld("human_holds", (("holder", situation.conversation.holder.value),))
    return None if about_commitment else _agreement(situation, loan_id)


def _concerns(held: str | None, loan_id: str | None) -> bool:
    """A message about no single loan is about all of them, so any loan's hold stops it."""
    return held is None or loan_id is None or held == loan_id


def _agreement(situation: Situation, loan_id: str | None) -> Withheld | None:
    """While an agreement is open its debt is not chased, even where nobody placed the hold."""
    for commitment in sorted(situation.commitments, key=lambda c: c.commitment_id):
        if commitment.status is CommitmentStatus.OPEN and _concerns(commitment.loan_id, loan_id):
            promise = commitment.kind is CommitmentKind.PROMISE
            reason = HoldKind.PROMISE_OPEN if promise else HoldKind.PLAN_ACTIVE
            return Withheld(reason.value, (("commitment", commitment.reference),))
    return None


def _loan(situation: Situation, loan_id: str | None, kind: MessageKind) -> Withheld | None:
    """A reminder needs a debt. A notice does not: "your promise is kept" often goes about a loan that is now settled."""
    if kind is not MessageKind.REMINDER or loan_id is None:
        return None
    loan = situation.loan(loan_id)
    if loan is None:
        return Withheld("no_loan")
    if loan.status is LoanStatus.SETTLED or loan.oldest_unpaid is None:
        return Withheld("paid")
    return Withheld("closed") if loan.status is LoanStatus.CLOSED else None


def _time(
    hours: OpeningHours, counting: Counting, wishes: tuple[Hold, ...], now: datetime, not_after: datetime | None
) -> GateAnswer:
    clock = now.astimezone(zone(hours.zones[0])).strftime("%Y-%m-%d %H:%M")
    contacts = str(len(counting.contacts))
    facts = (("zones", ", ".join(hours.zones)), ("local_time", clock), ("contacts", contacts))
    until, first, last = now, "", now + timedelta(days=HORIZON_DAYS)
    # Every step moves on to an instant before which one rule forbids contact; the end is where no rule does.
    while (
        obstacle := _closed(hours, until) or inconvenient(wishes, hours.zones, until) or counting.obstacle(until)
    ) is not None:
        first = first or obstacle.reason
        if obstacle.until is None or (not_after is not None and obstacle.until >= not_after):
            return Withheld(first, facts)
        if obstacle.until > last:
            # Wishes and windows that never meet: nobody may be written to, and a person should know.
            return Withheld("never_open", facts)
        until = obstacle.until
    return Allowed(facts=facts) if until == now else DeferredUntil(first, until, facts)


def _closed(hours: OpeningHours, at: datetime) -> Obstacle | None:
    if hours.open_at(at):
        return None
    opening = hours.next_open(at)
    return Obstacle("never_open" if opening is None else hours.closed_because(at), opening)


def _purposes(situation: Situation, loan_id: str | None, day: date) -> tuple[Purpose, ...]:
    """What a contact on a local day would be for; all purposes at once, the strictest reading, where no one loan says."""
    loan = situation.loan(loan_id) if loan_id is not None else None
    oldest = loan.oldest_unpaid if loan is not None else None
    if oldest is None:
        return tuple(Purpose)
    if day < oldest.due_on:
        return (Purpose.PRE_DUE,)
    return (Purpose.DUE_DAY,) if day == oldest.due_on else (Purpose.OVERDUE,)
