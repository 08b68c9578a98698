"""A policy file with everything that holds in it, its own and what it inherits, as rows that say where each value stands.

For a person who wants to know what is in force, and why. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode
from bot.policy.contact_policy import MEDIA, Basis, Cap, ContactPolicy, HolidayRule, Purpose, Window

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Line:
    """One value. `origin` is the file (and line) or policy that says so; strength and source where the value has them."""

    key: str
    value: str
    strength: str
    source: str
    origin: str


def describe_programme(root: MapNode) -> tuple[Line, ...]:
    """The lines of a programme's merged file, in its order, with the file and line that each comes from."""
    return tuple(_lines("", root))


def _lines(path: str, node: Node) -> Iterator[Line]:
    match node:
        case MapNode():
            for key, below in node.entries:
                yield from _lines(f"{path}.{key.text}" if path else key.text, below)
        case ListNode() if any(isinstance(entry, MapNode) for entry in node.items):
            for entry in node.items:
                yield Line(path, _flat(entry), "", "", str(entry.place))
        case _:
            yield Line(path, _flat(node), "", "", str(node.place))


def _flat(node: Node) -> str:
    """A node on one line, as an author might write it."""
    match node:
        case ScalarNode():
            return node.text
        case ListNode():
            return f"[{', '.join(_flat(entry) for entry in node.items)}]"
        case MapNode():
            return ", ".join(f"{key.text}: {_flat(below)}" for key, below in node.entries)


def describe_contact_policy(policy: ContactPolicy) -> tuple[Line, ...]:
    """What is in force under a contact policy: hours, holidays, caps, pauses, statements, triggers, wording."""
    own = policy.policy_id
    found = [Line("regions", ", ".join(policy.regions), "", "", own)] if policy.regions else []
    found += [Line("zones", f"{region}: {', '.join(zones)}", "", "", own) for region, zones in policy.zones]
    found += [_line("windows", _hours(window), window.basis) for window in policy.windows]
    found += [_line("holidays", _closed(rule), rule.basis) for rule in policy.holidays]
    found += [_line(f"caps.{cap.name}", _limit(cap), cap.basis) for cap in policy.caps]
    found.append(_line("min_gap", f"{policy.min_gap.hours} hours", policy.min_gap.basis))
    found.append(_line("operator_reply", f"{policy.reply_hours.hours} hours", policy.reply_hours.basis))
    for statement in policy.statements:
        party = "" if statement.party is None else f" ({statement.party} party)"
        found.append(_line(f"statements.{statement.when}", statement.key + party, statement.basis))
    for trigger in policy.triggers:
        rest = "until ended" if trigger.hold_days is None else f"{trigger.hold_days} days"
        found.append(_line(f"triggers.{trigger.name}", f"{rest}, tells {trigger.notify}", trigger.basis))
    found.append(Line("forbidden", ", ".join(sorted(policy.forbidden, key=lambda c: int(c[1:]))), "", "", own))
    found.append(Line("party", f"{policy.party} (allowed: {', '.join(sorted(policy.parties))})", "", "", own))
    found += [Line("complaints", place, "", "", own) for place in policy.complaints]
    found += [Line("crisis_lines", line, "", "", own) for line in policy.crisis_lines]
    return tuple(found)


def _hours(window: Window) -> str:
    purposes = "" if len(window.purposes) == len(Purpose) else f" ({', '.join(sorted(window.purposes))})"
    return f"{_weekdays(window.days)} {_clock(window.opens)}-{_clock(window.closes)}{purposes}"


def _weekdays(days: frozenset[int]) -> str:
    """Days in a row from the first to the last, other days one by one."""
    first, last = min(days), max(days)
    if len(days) > 2 and last - first + 1 == len(days):
        return f"{_DAYS[first]}-{_DAYS[last]}"
    return ", ".join(_DAYS[day] for day in sorted(days))


def _closed(rule: HolidayRule) -> str:
    where = "the borrower's region" if rule.calendar == "region" else rule.calendar
    further = "".join(f"; closed too: {day}" for day in sorted(rule.closed))
    return f"closed on the public holidays of {where}{further}" + "".join(
        f"; open: {day}" for day in sorted(rule.opened)
    )


def _limit(cap: Cap) -> str:
    media = "all media" if cap.media == frozenset(MEDIA) else ", ".join(m for m in MEDIA if m in cap.media)
    span = ("24 hours" if cap.days == 1 else f"{cap.days} times 24 hours") if cap.rolling else _calendar_days(cap.days)
    after = (
        f"; none for {_calendar_days(cap.after_conversation)} after a conversation" if cap.after_conversation else ""
    )
    return f"at most {cap.most} {cap.reached} in {span} per {cap.scope} ({media}){after}"


def _calendar_days(count: int) -> str:
    return "1 calendar day" if count == 1 else f"{count} calendar days"


def _line(key: str, value: str, basis: Basis) -> Line:
    return Line(key, value, basis.strength.value, f"{basis.source} ({basis.as_of})", basis.policy)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
