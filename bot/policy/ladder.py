"""Stage ladder: which stage a loan is in on a given day.

Everything that decides a stage lives in this file. Nothing here knows about messages, channels or storage.
A lender's ladder is data: adding a stage adds a row to the ladder, never a branch below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.delinquency import Delinquency, days_past_due
from bot.domain.loan import Instalment, Loan, LoanStatus
from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class Stage:
    """A band of days counted from the due date of the anchor: negative before it, 0 on it. `last` None: no end.

    With `least_past_due` (per currency) or `least_instalments` the stage holds only for loans that reach them too.
    `tone_by_band` names the bands of the scorecard for which the tone differs. Where `for_people`, the bot sends nothing:
    what is done in the stage are tasks for people.
    """

    stage_id: str
    first: int
    last: int | None
    tone: str
    least_past_due: Mapping[str, Money] = field(default_factory=dict)
    least_instalments: int = 0
    tone_by_band: Mapping[str, str] = field(default_factory=dict)
    for_people: bool = False

    def covers(self, days: int) -> bool:
        return self.first <= days and (self.last is None or days <= self.last)

    @property
    def conditional(self) -> bool:
        return bool(self.least_past_due) or self.least_instalments > 0


@dataclass(frozen=True, slots=True)
class StageLadder:
    """Stages, most severe first. `minimums` are the amounts per currency below which unpaid money starts no stage."""

    stages: tuple[Stage, ...]
    minimums: Mapping[str, Money] = field(default_factory=dict)

    def stage(self, stage_id: str) -> Stage | None:
        return next((s for s in self.stages if s.stage_id == stage_id), None)

    def reached(self, stage_id: str, present: str | None) -> bool:
        """Whether `present` is that stage or a more severe one."""
        order = [stage.stage_id for stage in self.stages]
        return present in order and stage_id in order and order.index(present) <= order.index(stage_id)


def anchor_of(loan: Loan, ladder: StageLadder) -> Instalment | None:
    """The instalment whose due date every stage counts from: the first at which the unpaid sum reaches the minimum.

    Without a minimum that is the oldest unpaid one. A few cents left open must not make the next instalment look old.
    """
    least = ladder.minimums.get(loan.currency)
    unpaid = 0
    for instalment in loan.instalments:
        unpaid += instalment.unpaid.minor
        if unpaid > 0 and (least is None or unpaid >= least.minor):
            return instalment
    return None


def classify(loan: Loan, today: date, ladder: StageLadder) -> Delinquency:
    """Where a loan stands on the lender's day `today`: a function of the loan's facts alone, never of its last stage.

    The first stage of the ladder (most severe first) that holds is the loan's; none for a loan that is paid or closed, and
    before the first day of the ladder. A part payment therefore takes a loan back to just the stage its oldest unpaid
    instalment has reached, and no stage after it is passed over.
    """
    anchor = anchor_of(loan, ladder) if loan.status is LoanStatus.OPEN else None
    following = loan.next_due(today)
    stage = None
    if anchor is not None:
        days = (today - anchor.due_on).days
        stage = next((s.stage_id for s in ladder.stages if s.covers(days) and _reaches(s, loan, today)), None)
    return Delinquency(
        loan_id=loan.loan_id,
        on=today,
        stage=stage,
        days_past_due=days_past_due(loan, today),
        days_to_due=None if following is None else (following.due_on - today).days,
        past_due=loan.past_due(today),
        due_now=loan.due_by(today),
        anchor=None if anchor is None else anchor.due_on,
    )


def _reaches(stage: Stage, loan: Loan, today: date) -> bool:
    late = [i for i in loan.instalments if i.due_on < today and i.unpaid.minor > 0]
    least = stage.least_past_due.get(loan.currency)
    return len(late) >= stage.least_instalments and (least is None or loan.past_due(today) >= least)
