"""Checks on a contact policy as a whole: what it loosens of its parent, and whether anybody could ever be written to."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.situation import Reached
from bot.policy.contact_policy import (
    Basis,
    Cap,
    ContactPolicy,
    HolidayRule,
    Purpose,
    Scope,
    Statement,
    Strength,
    Trigger,
    Window,
    windows_for,
)
from bot.policy.fields import Fields, Problems


def check_loosening(parent: ContactPolicy, policy: ContactPolicy, root: Fields, problems: Problems) -> None:
    """C005 for every value that the parent states as law or guidance and this policy makes weaker."""
    for section, what, basis in (*_looser_times(parent, policy), *_looser_limits(parent, policy)):
        sentence = f"{what} is looser than in {basis.policy}, where it is {basis.strength} ({basis.source})."
        problems.note(root.place_of(section), 5, sentence, "Only a default may be loosened: tighten it or take it out.")


def _looser_times(parent: ContactPolicy, policy: ContactPolicy) -> Iterator[tuple[str, str, Basis]]:
    for window in dict.fromkeys(_overstepped(parent, policy)):
        yield "windows", "A window", window.basis
    for rule in parent.holidays:
        if _binds(rule.basis) and not any(_as_closed(own, rule) for own in policy.holidays):
            yield "holidays", "Contact on holidays", rule.basis
    if _binds(parent.min_gap.basis) and policy.min_gap.hours < parent.min_gap.hours:
        yield "min_gap", "The pause between two contacts", parent.min_gap.basis
    if _binds(parent.reply_hours.basis) and policy.reply_hours.hours > parent.reply_hours.hours:
        yield "operator_reply", "The time to answer", parent.reply_hours.basis


def _looser_limits(parent: ContactPolicy, policy: ContactPolicy) -> Iterator[tuple[str, str, Basis]]:
    for cap in parent.caps:
        if _binds(cap.basis) and not any(_as_tight(own, cap) for own in policy.caps):
            yield "caps", f'Without a cap as tight as "{cap.name}" the policy', cap.basis
    for statement in parent.statements:
        if _binds(statement.basis) and not any(_says(own, statement) for own in policy.statements):
            yield "statements", f'Without the statement "{statement.key}" the policy', statement.basis
    if policy.parties - parent.parties:
        yield "parties", "Who may collect", _of_parties(parent)
    for trigger in parent.triggers:
        if _binds(trigger.basis) and _shorter(policy.trigger(trigger.name), trigger):
            yield "triggers", f'The hold for "{trigger.name}"', trigger.basis


def _binds(basis: Basis) -> bool:
    return basis.strength is not Strength.DEFAULT


def _overstepped(parent: ContactPolicy, policy: ContactPolicy) -> Iterator[Window]:
    """For each purpose, the binding window of the parent beyond which a window of the policy reaches."""
    for purpose in Purpose:
        above = windows_for(parent.windows, purpose)
        binding = [w for w in above if _binds(w.basis)]
        own = windows_for(policy.windows, purpose)
        if binding and any(not _covered(w, above, day) for w in own for day in w.days):
            yield binding[0]


def _covered(own: Window, above: tuple[Window, ...], day: int) -> bool:
    return any(day in w.days and w.opens <= own.opens and own.closes <= w.closes for w in above)


def _as_closed(own: HolidayRule, above: HolidayRule) -> bool:
    ends = above.known_through is None or (own.known_through is not None and own.known_through <= above.known_through)
    days = own.closed >= above.closed and own.opened <= above.opened
    return own.calendar == above.calendar and days and ends


def _as_tight(own: Cap, above: Cap) -> bool:
    reach = own.media >= above.media and own.scope in (Scope.PERSON, above.scope) and own.bypass <= above.bypass
    counts = list(Reached).index(own.reached) <= list(Reached).index(above.reached)
    rest = own.after_conversation >= above.after_conversation
    limit = own.most <= above.most and own.days >= above.days and own.rolling == above.rolling
    return reach and counts and rest and limit


def _says(own: Statement, above: Statement) -> bool:
    return (own.key, own.when) == (above.key, above.when) and own.party in (None, above.party)


def _of_parties(parent: ContactPolicy) -> Basis:
    """Who may collect is a matter of law wherever a file says it; the file stands for its source."""
    return Basis(Strength.LAW, parent.title, parent.as_of, parent.policy_id)


def _shorter(own: Trigger | None, above: Trigger) -> bool:
    if own is None or own.hold_days is None:
        return False
    return above.hold_days is None or own.hold_days < above.hold_days


def check_openings(policy: ContactPolicy, root: Fields, problems: Problems) -> None:
    """C006 where a purpose has no open minute in a week, C008 where nothing limits messages in chats."""
    for purpose in Purpose:
        if not any(w.opens < w.closes and w.days for w in windows_for(policy.windows, purpose)):
            sentence = f"There is no hour at which contact is allowed ({purpose})."
            problems.note(root.place_of("windows"), 6, sentence, "Give at least one window for each purpose.")
    if not any("chat" in cap.media and cap.most > 0 for cap in policy.caps):
        sentence = "No cap limits messages in chats, or it allows none."
        problems.note(root.place_of("caps"), 8, sentence, "Add a cap whose media include chat.")
