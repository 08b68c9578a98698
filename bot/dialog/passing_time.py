"""Passing time: what falls due in a rehearsal while its clock goes on: reminders, those of promises, and their outcome.

The same rules decide as in the running program, in the order of time: the ladder's touches, a promise's timers, the gate. What is
put off is asked again when it may go; what is withheld is told with the gate's reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialog.compose import promise_outcome, promise_reminder, reminder_message, with_statements
from bot.dialog.effects import Effect, Say, ScheduleFollowUp
from bot.dialog.several import reminder_of_several
from bot.dialog.stage import Stage
from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.loan import Payment
from bot.domain.situation import Contact, Situation
from bot.policy.contact import Allowed, DeferredUntil, GateAnswer, may_contact
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.promises import Broken, Kept, PartlyKept, decide_promise, promise_timers, reminder_ends
from bot.policy.reminders import PlannedReminder, still_due, touches_ahead

_STATUS = {Kept: CommitmentStatus.KEPT, PartlyKept: CommitmentStatus.PARTLY_KEPT, Broken: CommitmentStatus.BROKEN}

#: What comes of a promise, once it is decided.
OUTCOME = "promise_outcome"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at an instant: a `reminder` of the ladder, or a step in the life of a promise."""

    at: datetime
    kind: str  # reminder, promise_day_before, promise_day, promise_check, promise_outcome
    loan_id: str
    commitment_id: str = ""
    planned: PlannedReminder | None = None
    first_at: datetime | None = None  # when it was planned for, if it was put off


@dataclass(frozen=True, slots=True)
class FellDue:
    """A message that fell due: it goes (`say`), or why it does not. `reason` is the gate's, or why it no longer holds."""

    at: datetime
    kind: str
    loan_id: str
    reason: str
    say: Say | None = None
    said: Say | None = None  # the same with what must be said in such a message


def timers_of(promise: Commitment, programme: Programme, timezone: str | None) -> Iterator[Timer]:
    zone = timezone or programme.timezone
    for timer in promise_timers(promise, programme.promise, zone, programme.reminders.hour):
        yield Timer(timer.at, timer.kind, promise.loan_id, promise.commitment_id)


def timers_set(effects: Iterable[Effect]) -> Iterator[Timer]:
    """The timers that a turn asks for."""
    for effect in effects:
        if isinstance(effect, ScheduleFollowUp) and effect.kind.startswith("promise"):
            about = dict(effect.about)
            yield Timer(effect.due_at, effect.kind, effect.loan_id or "", about.get("commitment_id", ""))


def touches_until(situation: Situation, stage: Stage, instant: datetime) -> Iterator[Timer]:
    """The ladder's touches after the situation's instant and up to another, if nothing is paid."""
    zone = situation.borrower.timezone if situation.borrower else None
    for loan in situation.loans:
        for touch in touches_ahead(loan, stage.programme_of(loan), zone, situation.now):
            if touch.at > instant:
                break
            yield Timer(touch.at, "reminder", touch.loan_id, planned=touch)


def decided(situation: Situation, stage: Stage, payments: Sequence[Payment]) -> tuple[Situation, tuple[Timer, ...]]:
    """Every open promise as the payments so far make of it, and the outcomes that are then to be told."""
    found, told = [], []
    for promise in situation.commitments:
        loan = situation.loan(promise.loan_id)
        if promise.status is CommitmentStatus.OPEN and loan is not None:
            programme = stage.programme_of(loan)
            mine = tuple(p for p in payments if p.loan_id == promise.loan_id)
            today = local_day(situation.now, programme.timezone)
            status = _STATUS.get(type(decide_promise(promise, mine, programme.promise, today)))
            if status is not None:
                told.append(Timer(situation.now, OUTCOME, promise.loan_id, promise.commitment_id))
                found.append(replace(promise, status=status))
                continue
        found.append(promise)
    return replace(situation, commitments=tuple(found)), tuple(told)


def fall_due(timers: Sequence[Timer], situation: Situation, stage: Stage) -> tuple[list[FellDue], list[Timer]]:
    """What becomes of timers of one instant, which is the situation's: messages, and timers that are put off."""
    messages, put_off, together = [], [], []
    for timer in timers:
        found = _words(timer, situation, stage)
        if isinstance(found, str):
            messages.append(FellDue(situation.now, timer.kind, timer.loan_id, found))
            continue
        answer = gate(found, situation, stage, timer)
        match answer:
            case Allowed():
                together.append(FellDue(situation.now, timer.kind, timer.loan_id, answer.reason, found))
            case DeferredUntil():
                put_off.append(replace(timer, at=answer.until, first_at=timer.first_at or timer.at))
            case _:
                messages.append(FellDue(situation.now, timer.kind, timer.loan_id, answer.reason))
    return messages + [_stated(one, situation, stage) for one in _as_one(together, situation, stage)], put_off


def gate(say: Say, situation: Situation, stage: Stage, timer: Timer) -> GateAnswer:
    """May it go now? What makes no sense any more from an instant on is not put off beyond it."""
    ends = timer.planned.not_after if timer.planned else None
    if timer.kind in ("promise_day_before", "promise_day"):
        borrower = situation.borrower
        ends = reminder_ends(timer.first_at or timer.at, (borrower.timezone if borrower else None) or "UTC")
    about = timer.kind != "reminder"
    policy, now = stage.contact_policy, situation.now
    return may_contact(situation, say.loan_id, policy, now, say.kind, about_commitment=about, not_after=ends)


def _words(timer: Timer, situation: Situation, stage: Stage) -> Say | str:
    """The message, or why there is none any more."""
    loan, script, now = situation.loan(timer.loan_id), stage.script, situation.now
    if loan is None:
        return "no_loan"
    programme = stage.programme_of(loan)
    if timer.planned is not None:
        zone = situation.borrower.timezone if situation.borrower else None
        let_go = still_due(loan, timer.planned.stage, timer.planned.anchor, programme, zone, now, timer.planned.rule)
        if let_go is not None:
            return let_go.reason
        standing = classify(loan, local_day(now, programme.timezone), programme.ladder)
        return reminder_message(script, loan, replace(standing, stage=timer.planned.stage), situation, programme, now)
    promise = next((c for c in situation.commitments if c.commitment_id == timer.commitment_id), None)
    if promise is None:
        return "no_promise"
    if timer.kind == OUTCOME:
        return promise_outcome(script, promise, situation, programme, now)
    if promise.status is not CommitmentStatus.OPEN:
        return promise.status.value
    return promise_reminder(script, timer.kind, promise, situation, programme, now)


def _as_one(allowed: list[FellDue], situation: Situation, stage: Stage) -> list[FellDue]:
    """Of several loans due at one instant one message is made; whatever else falls due with it waits for the gate."""
    dues = [one for one in allowed if one.kind == "reminder"]
    if len(dues) < 2:
        return allowed[:1]
    loans = [loan for one in dues if (loan := situation.loan(one.loan_id)) is not None]
    loans.sort(key=lambda loan: loan.oldest_unpaid.due_on if loan.oldest_unpaid else situation.now.date())
    first = next(one for one in dues if one.loan_id == loans[0].loan_id)
    assert first.say is not None
    say = reminder_of_several(stage.script, first.say, loans, situation, stage.programmes, situation.now)
    return [replace(first, say=say)]


def _stated(one: FellDue, situation: Situation, stage: Stage) -> FellDue:
    loan = situation.loan(one.loan_id)
    assert one.say is not None
    assert loan is not None
    said = with_statements(one.say, stage.script, stage.contact_policy, situation, stage.programme_of(loan))
    return replace(one, said=said)


def as_contact(one: FellDue) -> Contact:
    kind = one.say.kind if one.say else MessageKind.REMINDER
    return Contact(one.at, kind, "console", one.loan_id, None)
