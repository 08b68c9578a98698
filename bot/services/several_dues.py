"""Several dues of one borrower on one day become one message, which counts once.

Each loan's reminder is decided by itself first, and only those that may go are put together: a loan that is held, paid or waits
for its own caps is left out and has its own record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.dialog.compose import reminder_message, with_statements
from bot.dialog.effects import Say
from bot.dialog.several import reminder_of_several
from bot.domain.calendar import instant_of, local_day
from bot.domain.delinquency import Delinquency
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import is_mandatory
from bot.services.live import Live
from bot.services.ports import DueTimer
from bot.services.writes import LoanPart, PutOutbox, Write


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that may go: of which loan, for which stage, and in the tone of which band."""

    loan: Loan
    programme: Programme
    stage: str
    band: str | None

    def standing(self, now: datetime) -> Delinquency:
        found = classify(self.loan, local_day(now, self.programme.timezone), self.programme.ladder)
        return replace(found, stage=self.stage)

    def severity(self, now: datetime) -> tuple[int, int, str]:
        """The later in days the more severe; where that is the same, the further up its own ladder."""
        ladder = [stage.stage_id for stage in self.programme.ladder.stages]
        above = ladder.index(self.stage) if self.stage in ladder else len(ladder)
        return (-self.standing(now).days_past_due, above, self.loan.loan_id)


def end_of_borrowers_day(situation: Situation, programme: Programme, now: datetime) -> datetime:
    """Until then what is due counts as due on one day."""
    zone = (situation.borrower.timezone if situation.borrower else None) or programme.timezone
    return instant_of(local_day(now, zone) + timedelta(days=1), time(), zone)


def goes_together(due: Due) -> bool:
    """A mandatory notice has words of its own and goes alone."""
    return not is_mandatory(due.stage, due.programme)


def words_of(live: Live, dues: Sequence[Due], situation: Situation, now: datetime) -> Say:
    """One message about all of them, which may be one; the most severe comes first in `dues`."""
    first = dues[0]
    alone = reminder_message(live.script, first.loan, first.standing(now), situation, first.programme, now, first.band)
    loans = [due.loan for due in dues]
    programmes = tuple({due.programme.programme_id: due.programme for due in dues}.values())
    several = len(dues) > 1
    say = reminder_of_several(live.script, alone, loans, situation, programmes, now) if several else alone
    policy = live.contact_policy_of(replace(situation, loans=tuple(loans)))
    return with_statements(say, live.script, policy, situation, first.programme)


def part_of(timer: DueTimer) -> LoanPart:
    return LoanPart(timer.loan_id or "", timer.key, timer.programme, timer.about)


def put_together(
    decided: Sequence[tuple[DueTimer, Due, Sequence[Write]]],
    live: Live,
    situation: Situation,
    now: datetime,
    row_of: Callable[[DueTimer, Say], PutOutbox],
) -> list[Write]:
    """The writes of all, with one row in the place of theirs; its fate is the fate of each loan's timer."""
    ordered = sorted(decided, key=lambda one: one[1].severity(now))
    timer = ordered[0][0]
    rows = [write for _, _, writes in ordered for write in writes if isinstance(write, PutOutbox)]
    ends = [row.not_after for row in rows if row.not_after is not None]
    row = replace(
        row_of(timer, words_of(live, [due for _, due, _ in ordered], situation, now)),
        rule=rows[0].rule,
        stage=rows[0].stage,
        not_after=max(ends, default=None),
        parts=tuple(part_of(timer) for timer, _, _ in ordered),
    )
    others = [write for _, _, writes in ordered for write in writes if not isinstance(write, PutOutbox)]
    return [*others, row]
