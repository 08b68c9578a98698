"""What one day would bring a borrower: every reminder of all their loans, worded as it would go or with the reason why not.

It asks what the plan, the timers and the gate would ask, of the same functions, and stores nothing. What has been decided
already is not shown again, and a message that would go earlier that day counts for the later ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.dialog.compose import render_say
from bot.domain.calendar import instant_of, local_day
from bot.domain.delivery import MessageKind
from bot.domain.loan import Loan, LoanStatus
from bot.domain.situation import Contact, Situation
from bot.policy.contact import Allowed, DeferredUntil, GateAnswer, may_contact
from bot.policy.explain import explain
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import PlannedReminder, ReminderPlan, WithheldReminder, plan_reminders, still_due
from bot.services.live import Live
from bot.services.ports import DueTimer, Storage
from bot.services.risk import band_of
from bot.services.several_dues import Due, goes_together, words_of


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One message or task of a day. `outcome` is send, defer, withhold or task; `at` is when it would go or was to go.

    `loan_id`, `stage` and `rule` are those of the most severe loan, `loan_ids` all it is about. `why` is the reason as a
    sentence for people.
    """

    at: datetime
    borrower_id: str
    loan_id: str
    loan_ids: tuple[str, ...]
    stage: str
    rule: str
    outcome: str
    reason: str
    why: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Planned:
    loan: Loan
    programme: Programme
    plan: ReminderPlan


@dataclass(frozen=True, slots=True)
class _Part:
    """A reminder of the day, when its turn comes, and what it is about."""

    reminder: PlannedReminder
    at: datetime
    due: Due


@dataclass(frozen=True, slots=True)
class BorrowerDay:
    """`when` is an instant, or a day as its beginning plans it; `now` is the present, which a later day comes after."""

    storage: Storage
    live: Live
    when: datetime | date
    now: datetime

    def begins(self, programme: Programme) -> datetime:
        """A day begins when it begins for the programme's lender."""
        if isinstance(self.when, datetime):
            return self.when
        return instant_of(self.when, time.min, programme.timezone)

    async def rows(self, borrower_id: str) -> tuple[str, list[PlannedRow]]:
        """The loan that comes first in the plan, so that a borrower of several is shown once, and the rows of all of them."""
        earliest = min(self.begins(programme) for programme in self.live.programmes)
        situation = await self.storage.situation_of_borrower(borrower_id, earliest)
        planned = list(self._planned(situation))
        if not planned:
            return "", []
        keys = [r.key for one in planned for r in (*one.plan.due, *one.plan.tasks)]
        keys += [_key_of(skipped) for one in planned for skipped in one.plan.withheld]
        known = await self.storage.timers_by_key(keys)
        parts: list[_Part] = []
        for one in planned:
            today = local_day(self.begins(one.programme), one.programme.timezone)
            band = await band_of(self.storage, one.programme, one.loan.loan_id, situation.commitments, today)
            for reminder in (*one.plan.due, *one.plan.tasks):
                at = self._turn(reminder, one, known)
                if at is not None:
                    parts.append(_Part(reminder, at, Due(one.loan, one.programme, reminder.stage, band)))
        coming = {part.due.loan.loan_id for part in parts}
        rows = [
            self._skipped(let_go, one)
            for one in planned
            for let_go in one.plan.withheld
            # What took its place tells of it, on the day on which it does.
            if self._is_new(let_go, one, known) and (let_go.reason != "superseded" or let_go.loan_id in coming)
        ]
        rows += [_task(part) for part in parts if part.reminder.medium]
        rows += self._messages(situation, [part for part in parts if not part.reminder.medium])
        return planned[0].loan.loan_id, rows

    def _planned(self, situation: Situation) -> Iterator[_Planned]:
        zone = situation.borrower.timezone if situation.borrower else None
        for programme in self.live.programmes:
            start = self.begins(programme)
            today = local_day(start, programme.timezone)
            for loan in sorted(situation.loans, key=lambda loan: loan.loan_id):
                if loan.programme == programme.programme_id and loan.status is LoanStatus.OPEN:
                    plan = plan_reminders(loan, classify(loan, today, programme.ladder), (), programme, zone, start)
                    if plan.due or plan.withheld or plan.tasks:
                        yield _Planned(loan, programme, plan)

    def _is_ahead(self, programme: Programme) -> bool:
        zone = programme.timezone
        return local_day(self.begins(programme), zone) > local_day(self.now, zone)

    def _turn(self, reminder: PlannedReminder, one: _Planned, known: Mapping[str, DueTimer | None]) -> datetime | None:
        """When the reminder's turn comes that day; None where it was decided before, or will be on a day before."""
        start, ahead = self.begins(one.programme), self._is_ahead(one.programme)
        if reminder.key not in known:
            return None if ahead and reminder.catch_up else reminder.at
        timer = known[reminder.key]
        if timer is None or (ahead and timer.due_at < start):
            return None
        return max(timer.due_at, start)

    def _is_new(self, skipped: WithheldReminder, one: _Planned, known: Mapping[str, DueTimer | None]) -> bool:
        """A touch let go is news where nobody decided about it before, and nobody will on its own day."""
        day = skipped.anchor + timedelta(days=int(dict(skipped.facts)["day"]))
        on_its_day = self._is_ahead(one.programme) and day >= local_day(self.now, one.programme.timezone)
        return _key_of(skipped) not in known and not on_its_day

    def _skipped(self, skipped: WithheldReminder, one: _Planned) -> PlannedRow:
        ids = (skipped.borrower_id, skipped.loan_id, (skipped.loan_id,), skipped.stage, skipped.rule)
        return PlannedRow(self.begins(one.programme), *ids, "withhold", skipped.reason, explain(skipped))

    def _messages(self, situation: Situation, parts: Sequence[_Part]) -> Iterator[PlannedRow]:
        """In the order of time; what goes counts for what comes later."""
        zone = situation.borrower.timezone if situation.borrower else None
        waiting = sorted(parts, key=lambda part: (part.at, part.due.loan.loan_id))
        while waiting:
            first = waiting.pop(0)
            over = _over(first, zone)
            if over is not None:
                yield _row(first.at, [first], "withhold", over.reason, explain(over))
                continue
            answer = self._asked(situation, first, first.at)
            if not isinstance(answer, Allowed):
                until = answer.until if isinstance(answer, DeferredUntil) else first.at
                text = self._text(situation, [first], until) if isinstance(answer, DeferredUntil) else None
                yield _row(until, [first], outcome_of(answer), answer.reason, explain(answer), text)
                continue
            together = [first, *self._others(situation, first, waiting, zone)]
            waiting = [part for part in waiting if part not in together]
            together.sort(key=lambda part: part.due.severity(first.at))
            text = self._text(situation, together, first.at)
            yield _row(first.at, together, "send", answer.reason, explain(answer), text)
            loans = [(part.due.loan.loan_id, part.reminder.rule) for part in together]
            channel = situation.conversation.address.channel if situation.conversation else ""
            made = Contact(first.at, MessageKind.REMINDER, channel, *loans[0], further=tuple(loans[1:]))
            situation = replace(situation, contacts=(*situation.contacts, made))

    def _others(
        self, situation: Situation, first: _Part, waiting: Sequence[_Part], zone: str | None
    ) -> Iterator[_Part]:
        """What is due of other loans on the same day of the borrower and may go in the same message."""
        name = zone or first.due.programme.timezone
        loans = {first.due.loan.loan_id}
        for part in waiting if goes_together(first.due) else ():
            same_day = local_day(part.at, name) == local_day(first.at, name)
            fits = same_day and part.due.loan.loan_id not in loans and goes_together(part.due)
            if fits and _over(part, zone) is None and isinstance(self._asked(situation, part, first.at), Allowed):
                loans.add(part.due.loan.loan_id)
                yield part

    def _asked(self, situation: Situation, part: _Part, at: datetime) -> GateAnswer:
        loan_id = part.due.loan.loan_id
        return may_contact(
            replace(situation, now=at),
            loan_id,
            self.live.contact_policy_of(situation, loan_id),
            at,
            MessageKind.REMINDER,
            not_after=part.reminder.not_after,
            mandatory=not goes_together(part.due),
        )

    def _text(self, situation: Situation, parts: Sequence[_Part], at: datetime) -> str:
        say = words_of(self.live, [part.due for part in parts], replace(situation, now=at), at)
        language = self.live.language_of(situation.conversation)
        return render_say(say, self.live.catalogs, language, lambda _choice, _place: "-").text


def _over(part: _Part, zone: str | None) -> GateAnswer | None:
    planned = part.reminder
    due = part.due
    return still_due(
        due.loan, due.stage, planned.anchor, due.programme, zone, part.at, rule=planned.rule, band=due.band
    )


def _key_of(skipped: WithheldReminder) -> str:
    return f"{skipped.loan_id}:{skipped.rule}:{skipped.anchor.isoformat()}:1"


def _row(
    at: datetime, parts: Sequence[_Part], outcome: str, reason: str, why: str, text: str | None = None
) -> PlannedRow:
    reminder = parts[0].reminder
    loans = tuple(part.due.loan.loan_id for part in parts)
    ids = (reminder.borrower_id, reminder.loan_id, loans, reminder.stage, reminder.rule)
    return PlannedRow(at, *ids, outcome, reason, why, text)


def _task(part: _Part) -> PlannedRow:
    medium = part.reminder.medium
    return _row(part.at, [part], "task", medium, f"A task for a person: {medium}.")


def outcome_of(answer: GateAnswer) -> str:
    if isinstance(answer, Allowed):
        return "send"
    return "defer" if isinstance(answer, DeferredUntil) else "withhold"
