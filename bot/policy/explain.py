"""Decisions as a sentence for an operator, and as a record for machines.

Works on any decision that carries a reason and facts, so that gate, plan, promises and offers are explained in one voice. The
sentences are English, the language of operators' tools; what borrowers read comes from the catalogs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.calendar import zone
from bot.policy.limit_sentences import LIMIT_SENTENCES

Facts = tuple[tuple[str, str], ...]


class Decision(Protocol):
    """Anything decided here: a reason code, and the facts it rests on."""

    @property
    def reason(self) -> str: ...

    @property
    def facts(self) -> Facts: ...


#: One sentence per reason. What stands in braces is the fact of that name.
_SENTENCES = LIMIT_SENTENCES | {
    "allowed": "Nothing stands against it at {local_time} ({zones})",
    "answers": "It answers what the borrower wrote, which is allowed at any hour",
    "clock": "The clock jumped and nobody has confirmed it yet, so nothing is sent",
    "no_address": "The borrower has never started a chat",
    "unproven": "Nobody in the chat has proven to be the borrower",
    "blocked": "The borrower has blocked the bot",
    "stop": "The borrower asked not to be written to",
    "address_changed": "The borrower is reached in another chat by now",
    "wrong_person": "The chat belongs to somebody else",
    "dispute": "The debt is disputed",
    "hardship": "The borrower reported hardship",
    "vulnerable": "The borrower needs particular care; a person looks after this",
    "deceased": "The borrower was reported to have died",
    "minor": "The borrower was reported to be a minor",
    "attorney": "A lawyer or adviser speaks for the borrower",
    "moratorium": "A moratorium protects the borrower",
    "complaint": "A complaint is being looked at",
    "inconvenient_times": "The borrower named this time as inconvenient",
    "paid_claim": "The borrower says it is paid, and that is being checked",
    "promise_open": "A promise to pay is open",
    "plan_active": "An agreed plan is running",
    "human_holds": "A person holds the conversation",
    "paused": "Reminders are paused",
    "no_loan": "The borrower has no such loan",
    "paid": "Nothing is unpaid any more",
    "closed": "The lender took the loan out of the book",
    "unknown_zone": "The borrower's time zone is not known and cannot be told from the region ({region})",
    "quiet_hours": "It is {local_time} ({zones}), outside the hours of contact",
    "holiday": "It is {local_time} ({zones}), a public holiday",
    "never_open": "The contact policy opens no hour for this message",
    "min_gap": "The last contact is too recent",
    "stage_over": "The loan is no longer in the stage of this reminder",
    "anchor_moved": "The oldest unpaid instalment is now the one of {anchor}",
    "ladder_day": "Its day has come: {rule}, counted from the due date {anchor}",
    "catch_up": "Its day passed while nothing was sent: {rule}, counted from the due date {anchor}",
    "other_band": "The touches of band {band} leave this day out",
    "mandatory_first": "The mandatory notice {notice} goes first",
    "superseded": "Day {day} of the ladder has passed; the reminder of day {by_day} takes its place",
    "too_late": "Day {day} of the ladder passed too long ago; it is now day {by_day}",
    "paid_as_promised": "{received} of {promised} minor units came in time",
    "paid_in_part": "Only {received} of {promised} minor units came by {until}",
    "not_paid": "Nothing of {promised} minor units came by {until}",
    "not_due_yet": "{received} of {promised} minor units so far; there is time until {until}",
    "within_limits": "Within the limits: from {least} to {most}, until {last_day}",
    "nothing_due": "Nothing is left to promise",
    "time_barred": "The debt is too old to be enforced; a person decides about a promise",
    "too_many_broken": "{broken} promises were broken; a person decides about the next",
    "too_many_open": "{open} promises are open already",
    "other_currency": "The loan is in {currency}",
    "day_missing": "No day was named",
    "no_amount": "The amount is nothing",
    "amount_too_small": "The least amount is {least}",
    "amount_too_large": "No more than {most} is unpaid",
    "day_past": "The day has passed",
    "day_too_late": "The last possible day is {last_day}",
}


def explain(decision: Decision) -> str:
    """One sentence: why, and for what was deferred until when, on the borrower's clock."""
    told = sentence(decision.reason, decision.facts)
    until = getattr(decision, "until", None)
    if not isinstance(until, datetime):
        return told
    name = dict(decision.facts).get("zones", "UTC").partition(", ")[0]
    return f"{told[:-1]}; asked again at {until.astimezone(zone(name)):%Y-%m-%d %H:%M} ({name})."


def sentence(reason: str, facts: Facts) -> str:
    """The sentence for a reason and its facts as they were stored with a decision."""
    known = dict(facts)
    return f"{_filled(_SENTENCES.get(reason), known) or _bare(reason, known)}."


def record_of(decision: Decision) -> dict[str, str | dict[str, str]]:
    """What a machine reads: the kind of decision, reason, facts, and the instant of a deferral in UTC."""
    until = getattr(decision, "until", None)
    when = {"until": until.isoformat()} if isinstance(until, datetime) else {}
    return {"decision": type(decision).__name__, "reason": decision.reason, **when, "facts": dict(decision.facts)}


def _filled(pattern: str | None, facts: dict[str, str]) -> str | None:
    """The pattern with its facts, or None where one of them is missing. Facts are put in, never read as a pattern."""
    if pattern is None:
        return None
    parts = pattern.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        if name not in facts:
            return None
        filled.append(facts[name] + rest)
    return "".join(filled)


def _bare(reason: str, facts: dict[str, str]) -> str:
    kind, _, name = reason.partition(":")
    if kind == "cap":
        return f'The cap "{name}" on contacts is used up ({facts.get("contacts", "?")} contacts known)'
    told = ", ".join(f"{key} {value}" for key, value in facts.items())
    return f"{reason.replace('_', ' ').capitalize()} ({told})" if told else reason.replace("_", " ").capitalize()
