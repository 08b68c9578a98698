"""Actions: what a script may ask for by name. Each has a closed list of results, all of which a script must handle.

An action reads the facts and the flow's slots and returns effects; it is the only way from a script to a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from bot.dialog import promise_actions
from bot.dialog.asked import REASON_SLOT, Asked, Done
from bot.dialog.effects import (
    BindAddress,
    CountFailedProof,
    EndHolds,
    HandOff,
    PlaceHold,
    ProveIdentity,
    SetLanguage,
    StopContact,
    UnbindAddress,
)
from bot.dialog.facts import MOST_PROOF_ATTEMPTS, Facts
from bot.dialog.identity import days_of_birth, proves
from bot.dialog.ledger import loan_mark
from bot.dialog.own_accounts import is_ours
from bot.dialog.question_offers import question_groups, questions_of_subject
from bot.dialog.state import SlotJson
from bot.domain.calendar import instant_of
from bot.domain.events import ContactShared
from bot.domain.holds import HoldKind
from bot.policy.contact_policy import Trigger
from bot.policy.programme import REASONS
from bot.texts.languages import fallbacks, native_name
from bot.texts.messages import Parameter

#: Where the contact policy says nothing of a trigger, the debt rests this long.
DEFAULT_HOLD_DAYS = 14
#: Where it says nothing of pauses, nobody can ask for a longer one.
LONGEST_PAUSE_DAYS = 30

#: What a borrower may choose, in minutes of the day.
HOURS = {"morning": (8 * 60, 12 * 60), "afternoon": (12 * 60, 18 * 60), "evening": (18 * 60, 22 * 60)}
PAUSE_DAYS = (3, 7, 14)
EXTENSION_DAYS = (3, 7, 14)
PARTS = (2, 3, 4)

#: Why paying is hard, as borrowers say it, and what they leave unsaid.
TOLD_REASONS = (*REASONS, "not_said", "no_day_yet")


@dataclass(frozen=True, slots=True)
class Action:
    """`needs` and `fills` are slots (with type); `proves` are results after which identity is proven.

    `commits`: needs a confirmation on every way to it. `owed`: reads or changes a debt, so it needs a proven identity.
    """

    results: tuple[str, ...]
    run: Callable[[Asked], Done]
    needs: Mapping[str, str]
    fills: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    proves: tuple[str, ...] = ()
    commits: bool = False
    owed: bool = False


# -- identity ----------------------------------------------------------------------------------------------------------


def _bind_address(asked: Asked) -> Done:
    link = asked.turn.link
    if link is None or link.link_id is None or link.borrower_id is None:
        return Done("refused")
    return Done("bound", (BindAddress(link.borrower_id, link.link_id),))


def _check_proof(asked: Asked) -> Done:
    proof = str(asked.arguments.get("proof"))
    answer = str(asked.slots.get("answer") or "")
    borrower, conversation = asked.facts.borrower, asked.facts.situation.conversation
    born = days_of_birth(answer, asked.turn.understanding)
    if asked.facts.read("proof_locked") or borrower is None:
        return Done("locked", forget=("answer",))
    if proof == "contact" and not isinstance(asked.turn.event, ContactShared):
        return Done("unclear")  # something typed instead, which only another proof can weigh
    if proves(proof, answer, borrower.identity) or (proof == "birth_date" and borrower.identity.birth_date in born):
        return Done("proven", (ProveIdentity(proof),), forget=("answer",))
    if proof == "birth_date" and not born:
        return Done("unclear", forget=("answer",))
    failed = (conversation.proof_attempts if conversation else 0) + 1
    return Done("locked" if failed >= MOST_PROOF_ATTEMPTS else "wrong", (CountFailedProof(),), forget=("answer",))


def _unbind(asked: Asked) -> Done:
    if not asked.facts.read("bound"):
        return Done("unbound")
    hold = PlaceHold(HoldKind.WRONG_PERSON, "wrong_person")
    return Done("unbound", (hold, StopContact("wrong_person"), UnbindAddress()))


# -- holds -------------------------------------------------------------------------------------------------------------

#: The name that contact policies have for what a hold answers to, where it is not the hold's own.
_HOLD_WORDS = {kind.value: kind for kind in HoldKind}


def _place_hold(asked: Asked) -> Done:
    kind = _HOLD_WORDS[str(asked.arguments.get("kind"))]
    days = _configured_days(asked, kind, str(asked.arguments.get("trigger") or kind.value))
    loan = asked.facts.loan if kind in (HoldKind.DISPUTE, HoldKind.PAID_CLAIM) else None
    ends = asked.turn.now + timedelta(days=days) if days is not None else None
    hold = PlaceHold(kind, str(asked.arguments.get("reason") or kind.value), loan.loan_id if loan else None, ends)
    # Where another hold lasts longer, or for as long as it takes, a number of days would be wrong.
    longest = ends is not None and all(
        h.ends_at is not None and h.ends_at <= ends for h in asked.facts.situation.active_holds() if h.kind is not kind
    )
    return Done("held", (hold,), slots=(("hold_days", days if longest else None),))


def _trigger(asked: Asked, name: str) -> Trigger | None:
    return asked.turn.contact_policy.trigger(name) if asked.turn.contact_policy else None


def _configured_days(asked: Asked, kind: HoldKind, name: str) -> int | None:
    """Days by the contact policy's trigger of that name; None rests the debt until somebody ends it."""
    trigger = _trigger(asked, name)
    if trigger is not None:
        return trigger.hold_days
    return None if kind in (HoldKind.DISPUTE, HoldKind.STOP, HoldKind.DECEASED) else DEFAULT_HOLD_DAYS


def _stop_contact(asked: Asked) -> Done:
    if not asked.facts.read("bound"):
        return Done("stopped")
    if asked.facts.read("stopped"):
        return Done("already", (StopContact("stop_contact"),))
    trigger = _trigger(asked, HoldKind.STOP.value)
    # Nothing can be written any more, so somebody should see what becomes of the debt; the chat stays with the bot.
    told = (HandOff("stop_contact"),) if trigger is not None and trigger.notify != "none" else ()
    return Done("stopped", (PlaceHold(HoldKind.STOP, "stop_contact"), StopContact("stop_contact"), *told))


def _keep_hours(asked: Asked) -> Done:
    """The hours that suit take the place of those named before; where writing is never allowed then, a person decides."""
    hours, policy = HOURS.get(str(asked.slots.get("hours"))), asked.turn.contact_policy
    if hours is None or policy is None:
        return Done("never")
    opens, closes = hours
    if not any(max(w.opens, opens) < min(w.closes, closes) for w in policy.windows):
        return Done("never")
    before = asked.facts.situation.held(HoldKind.INCONVENIENT_TIMES)
    ended = (EndHolds(HoldKind.INCONVENIENT_TIMES, None, "named_anew"),) if before else ()
    return Done("kept", (*ended, PlaceHold(HoldKind.INCONVENIENT_TIMES, "contact_times", hours=hours)))


def _resume_contact(asked: Asked) -> Done:
    lifted = (HoldKind.STOP, HoldKind.PAUSED, HoldKind.INCONVENIENT_TIMES)
    active = [kind for kind in lifted if asked.facts.situation.held(kind)]
    ended = tuple(EndHolds(kind, None, "resumed_by_borrower") for kind in active)
    return Done("resumed" if ended else "nothing", ended)


def _pause(asked: Asked) -> Done:
    days, programme = asked.slots.get("days"), asked.facts.programme
    if not isinstance(days, int) or days < 1 or programme is None:
        return Done("unclear", forget=("days",))
    trigger = _trigger(asked, HoldKind.PAUSED.value)
    most = trigger.hold_days if trigger is not None and trigger.hold_days is not None else LONGEST_PAUSE_DAYS
    if days > most:
        return Done("too_long", slots=(("most_days", most),), forget=("days",))
    # To the end of the lender's day, so that "until Friday" is Friday for everybody.
    ends = instant_of(asked.facts.today + timedelta(days=days), time(), programme.timezone)
    return Done("paused", (PlaceHold(HoldKind.PAUSED, "pause", None, ends),))


# -- choices -----------------------------------------------------------------------------------------------------------


def _set_language(asked: Asked) -> Done:
    wanted = str(asked.slots.get("language") or "")
    spoken = next((tag for tag in fallbacks(wanted) if tag in asked.turn.languages), None) if wanted else None
    # The last resort of every chain is English: only what was asked for counts as spoken here.
    if spoken is None or (spoken.split("-")[0] != wanted.split("-", maxsplit=1)[0]):
        return Done("not_spoken", forget=("language",))
    return Done("set", (SetLanguage(spoken),))


def _use_loan(asked: Asked) -> Done:
    return Done("chosen", remember=(("loan", asked.slots.get("loan")),))


def _note_reason(asked: Asked) -> Done:
    """What was told first stands, unless it was no more than that there is no day yet. Free words are some other reason."""
    told = asked.arguments.get("reason") or asked.slots.get(REASON_SLOT)
    if asked.facts.read("reason") not in (None, "no_day_yet"):
        return Done("noted")
    return Done("noted", remember=(("reason", told if told in TOLD_REASONS else "unknown"),))


def _check_received(asked: Asked) -> Done:
    lender = asked.facts.read("lender")
    ways = [way for p in asked.turn.programmes if p.lender == lender for way in p.ways_to_pay]
    ours = is_ours(str(asked.slots.get("received") or ""), [value for way in ways for _, value in way.lines])
    result = "unclear" if ours is None else "ours" if ours else "not_ours"
    return Done(result, forget=("received",) if ours is None else ())


ACTIONS: Mapping[str, Action] = {
    "bind_address": Action(("bound", "refused"), _bind_address, {}, {}),
    "check_proof": Action(
        ("proven", "wrong", "locked", "unclear"),
        _check_proof,
        {"answer": ""},
        {},
        arguments=("proof",),
        proves=("proven",),
    ),
    "unbind": Action(("unbound",), _unbind, {}, {}),
    "propose_promise": Action(
        ("accepted", *promise_actions.REFUSALS),
        promise_actions.propose,
        {},
        {
            **{name: "amount" for name in ("amount", "nearest_amount", "meanwhile_amount")},
            **{name: "date" for name in ("day", "last_day", "nearest_day", "meanwhile_day")},
        },
        owed=True,
    ),
    "record_promise": Action(
        ("recorded", "changed"), promise_actions.record, {"day": "date"}, {}, commits=True, owed=True
    ),
    "withdraw_promise": Action(("withdrawn", "too_late", "none"), promise_actions.withdraw, {}, {}, owed=True),
    "place_hold": Action(("held",), _place_hold, {}, {"hold_days": "days"}, arguments=("kind", "reason", "trigger")),
    "stop_contact": Action(("stopped", "already"), _stop_contact, {}, {}),
    "resume_contact": Action(("resumed", "nothing"), _resume_contact, {}, {}),
    "keep_hours": Action(("kept", "never"), _keep_hours, {"hours": "choice"}, {}),
    "pause": Action(("paused", "too_long", "unclear"), _pause, {"days": "days"}, {"most_days": "days"}),
    "set_language": Action(("set", "not_spoken"), _set_language, {"language": "choice"}, {}),
    "newest_promise": Action(("open", "past", "none"), promise_actions.newest, {}, {}, owed=True),
    "note_reason": Action(("noted",), _note_reason, {}, {}, arguments=("reason",)),
    "check_received": Action(("ours", "not_ours", "unclear"), _check_received, {"received": "text"}, {}),
    "use_loan": Action(("chosen",), _use_loan, {"loan": "choice"}, {}),
}


# -- values that code offers as buttons ----------------------------------------------------------------------------------


def _pause_days(facts: Facts, languages: tuple[str, ...]) -> tuple[tuple[SlotJson, Parameter], ...]:
    return tuple((days, days) for days in PAUSE_DAYS)


def _languages(facts: Facts, languages: tuple[str, ...]) -> tuple[tuple[SlotJson, Parameter], ...]:
    return tuple((tag, native_name(tag)) for tag in languages)


def _loans(facts: Facts, languages: tuple[str, ...]) -> tuple[tuple[SlotJson, Parameter], ...]:
    found = []
    for row in facts.rows("loans"):
        number = row.parameter("loan_number")
        if row.loan is not None and number is not None:
            found.append((loan_mark(row.loan.loan_id), number))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Offer:
    """Values that code proposes for a question: (exchange form, as shown). `owed`: only for a proven identity."""

    type: str
    propose: Callable[[Facts, tuple[str, ...]], tuple[tuple[SlotJson, Parameter], ...]]
    owed: bool = False


OFFERS: Mapping[str, Offer] = {
    "promise_days": Offer("date", promise_actions.days_to_choose, owed=True),
    "pause_days": Offer("days", _pause_days),
    "extension_days": Offer("days", lambda facts, languages: tuple((days, days) for days in EXTENSION_DAYS)),
    "part_counts": Offer("instalments", lambda facts, languages: tuple((parts, parts) for parts in PARTS)),
    "languages": Offer("choice", _languages),
    "loans": Offer("choice", _loans, owed=True),
    "question_groups": Offer("choice", question_groups),
    "questions_of_subject": Offer("choice", questions_of_subject),
}
