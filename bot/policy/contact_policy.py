"""Contact policies as values: when, how often and under which conditions a lender may write to a borrower.

Every value says how strong it is, what it rests on and as of when. Two policies that both apply (the programme's and that of
the borrower's region) are combined field by field; the stricter value wins. Reading the files is `contact_reading`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.situation import Reached


class Strength(StrEnum):
    """How binding a value is. Only a default may be loosened."""

    LAW = "law"
    GUIDANCE = "guidance"
    DEFAULT = "default"


class Purpose(StrEnum):
    """What a contact about a debt is for, by where its oldest unpaid instalment stands."""

    PRE_DUE = "pre_due"
    DUE_DAY = "due_day"
    OVERDUE = "overdue"


class Scope(StrEnum):
    """Over what a cap counts: all contacts of a person, those about one loan, or those to one number or address."""

    PERSON = "person"
    LOAN = "loan"
    NUMBER = "number"


class Party(StrEnum):
    """Who writes: the lender itself, or a third party that collects for it."""

    FIRST = "first"
    THIRD = "third"


#: Media that policies may name. A channel of the bot counts as chat unless it carries one of these names.
MEDIA = ("chat", "sms", "email", "call", "visit", "letter")

#: What a cap may let pass: what the law makes a lender say, and word of what became of an agreement.
BYPASSES = ("mandatory", "notice")

#: The kinds of trigger that place a hold, with what a policy says about each.
NOTIFY = ("none", "operator", "supervisor")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a value rests on. `policy` is the id of the file that says so."""

    strength: Strength
    source: str
    as_of: date
    policy: str


@dataclass(frozen=True, slots=True)
class Window:
    """Hours in which contact is allowed, as minutes of the borrower's day, `opens <= minute < closes`. Monday is 0."""

    days: frozenset[int]
    opens: int
    closes: int
    purposes: frozenset[Purpose]
    basis: Basis


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """No contact on the days of a calendar: a country (`CN`, `DE-BY`), or `region` for that of the borrower.

    A lender closes further days with `closed` and takes days of the calendar back with `opened`. A day after `known_through`
    counts as a holiday: a calendar that ran out must not open any day.
    """

    calendar: str
    closed: frozenset[date]
    known_through: date | None
    basis: Basis
    opened: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` contacts in `days` days over the named media, counted over bot and people.

    `rolling` counts spans of 24 hours back from now, otherwise the borrower's calendar days. What counts reached at least
    `reached`: an attempt alone, a message delivered, a call that connected. After a call in which the borrower was spoken
    with, none is made for `after_conversation` calendar days, the day of that call being the first. `bypass`: see BYPASSES.
    """

    name: str
    media: frozenset[str]
    most: int
    days: int
    rolling: bool
    scope: Scope
    basis: Basis
    reached: Reached = Reached.ATTEMPTED
    after_conversation: int = 0
    bypass: frozenset[str] = frozenset()

    @property
    def per_loan(self) -> bool:
        return self.scope is Scope.LOAN


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, with what it rests on."""

    hours: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that must be said: its key, and the moment at which it is due. `party`: only where that party writes."""

    key: str
    when: str
    basis: Basis
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What follows when a borrower reports something: for how many days the debt rests (None: until ended) and who hears."""

    name: str
    hold_days: int | None
    notify: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """All rules of contact for one jurisdiction, or for two that were combined.

    `zones` lists, per region code, the zones its people live in. `reply_hours` is how long after a borrower's message a
    person of the lender may still answer outside windows and caps. `regions` are the codes of the places it is the law of,
    `complaints` whom people there may turn to besides the lender, `crisis_lines` whom they can call in despair.
    """

    policy_id: str
    title: str
    as_of: date
    review_by: date
    zones: tuple[tuple[str, tuple[str, ...]], ...]
    windows: tuple[Window, ...]
    holidays: tuple[HolidayRule, ...]
    caps: tuple[Cap, ...]
    min_gap: Span
    reply_hours: Span
    statements: tuple[Statement, ...]
    triggers: tuple[Trigger, ...]
    forbidden: frozenset[str]
    regions: tuple[str, ...] = ()
    party: Party = Party.FIRST
    parties: frozenset[Party] = frozenset(Party)
    complaints: tuple[str, ...] = ()
    crisis_lines: tuple[str, ...] = ()

    def trigger(self, name: str) -> Trigger | None:
        return next((t for t in self.triggers if t.name == name), None)

    def statements_due(self, *moments: str) -> tuple[Statement, ...]:
        """What must be said at these moments by the party that writes, each sentence once, in the policy's order."""
        due = (s for s in self.statements if s.when in moments and s.party in (None, self.party))
        return tuple({s.key: s for s in due}.values())


def windows_for(windows: tuple[Window, ...], purpose: Purpose) -> tuple[Window, ...]:
    """The windows that decide for a purpose: those that name fewer purposes go before those for all."""
    fitting = [w for w in windows if purpose in w.purposes]
    special = [w for w in fitting if len(w.purposes) < len(Purpose)]
    return tuple(special or fitting)


def stricter(one: ContactPolicy, other: ContactPolicy) -> ContactPolicy:
    """Both policies at once: whatever either forbids is forbidden. The order of the two changes nothing but the title."""
    if one == other:
        return one
    return ContactPolicy(
        policy_id="+".join(dict.fromkeys((*one.policy_id.split("+"), *other.policy_id.split("+")))),
        title=f"{one.title}; {other.title}",
        as_of=min(one.as_of, other.as_of),
        review_by=min(one.review_by, other.review_by),
        zones=tuple(dict.fromkeys((*one.zones, *other.zones))),
        windows=_common_windows(one.windows, other.windows),
        holidays=tuple(dict.fromkeys((*one.holidays, *other.holidays))),
        caps=tuple(dict.fromkeys((*one.caps, *other.caps))),
        min_gap=max(one.min_gap, other.min_gap, key=lambda h: h.hours),
        reply_hours=min(one.reply_hours, other.reply_hours, key=lambda h: h.hours),
        statements=tuple({(s.key, s.when, s.party): s for s in (*other.statements, *one.statements)}.values()),
        triggers=_longest_triggers(one, other),
        forbidden=one.forbidden | other.forbidden,
        regions=tuple(dict.fromkeys((*one.regions, *other.regions))),
        party=max(one.party, other.party, key=list(Party).index),
        parties=one.parties & other.parties,
        complaints=tuple(dict.fromkeys((*one.complaints, *other.complaints))),
        crisis_lines=tuple(dict.fromkeys((*one.crisis_lines, *other.crisis_lines))),
    )


def _common_windows(ones: tuple[Window, ...], others: tuple[Window, ...]) -> tuple[Window, ...]:
    common = []
    for purpose in Purpose:
        for a in windows_for(ones, purpose):
            for b in windows_for(others, purpose):
                days, opens, closes = a.days & b.days, max(a.opens, b.opens), min(a.closes, b.closes)
                if days and opens < closes:
                    # The shorter of the two is what the borrower notices, so it is what an explanation names.
                    basis = a.basis if a.closes - a.opens <= b.closes - b.opens else b.basis
                    common.append(Window(days, opens, closes, frozenset({purpose}), basis))
    return tuple(common)


def _longest_triggers(one: ContactPolicy, other: ContactPolicy) -> tuple[Trigger, ...]:
    longest: dict[str, Trigger] = {t.name: t for t in one.triggers}
    for trigger in other.triggers:
        rival = longest.get(trigger.name, trigger)
        winner = trigger if _weight(trigger) > _weight(rival) else rival
        notify = max(trigger.notify, rival.notify, key=NOTIFY.index)
        longest[trigger.name] = Trigger(winner.name, winner.hold_days, notify, winner.basis)
    return tuple(longest.values())


def _weight(trigger: Trigger) -> float:
    return float("inf") if trigger.hold_days is None else trigger.hold_days
