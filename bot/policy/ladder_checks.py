"""Checks on a ladder as a whole: P006 days without a stage, P007 days with two stages, P008 a stage that can never hold,
P011 a stage named twice, P015 stages out of order. A stage with further conditions may lie over a milder one.
"""

from __future__ import annotations

from itertools import pairwise

from bot.domain.diagnostics import Place
from bot.policy.fields import Problems
from bot.policy.ladder import Stage

PlacedStage = tuple[Stage, Place]


def check_ladder(stages: list[PlacedStage], whole: Place, last_day: int, problems: Problems) -> None:
    """Notes what is wrong with the stages, given from the most severe to the mildest. `last_day` stands for no end."""
    _check_names(stages, problems)
    _check_order(stages, problems)
    covered: set[int] = set()
    for stage, place in stages:
        days = set(range(stage.first, (last_day if stage.last is None else stage.last) + 1))
        _check_days(stage, place, days, covered, problems)
        if not stage.conditional:
            covered |= days
    # From the first day that any stage names, but at least from the first day past due.
    missing = set(range(min(*covered, 1) if covered else 1, last_day + 1)) - covered
    if missing:
        sentence = f"No stage covers the days {_span(missing, last_day)}."
        problems.note(whole, 6, sentence, "Let the stages follow without a gap.")


def _check_names(stages: list[PlacedStage], problems: Problems) -> None:
    seen: set[str] = set()
    for stage, place in stages:
        if stage.stage_id in seen:
            problems.note(place, 11, f'The stage "{stage.stage_id}" stands twice.', "Give each stage its own id.")
        seen.add(stage.stage_id)


def _check_order(stages: list[PlacedStage], problems: Problems) -> None:
    for (above, _), (below, place) in pairwise(stages):
        if below.first > above.first:
            sentence = f'The stage "{below.stage_id}" begins later than "{above.stage_id}" but stands below it.'
            problems.note(place, 15, sentence, "Order the stages from the most severe to the mildest.")


def _check_days(stage: Stage, place: Place, days: set[int], covered: set[int], problems: Problems) -> None:
    name = f'The stage "{stage.stage_id}"'
    if not days:
        problems.note(place, 8, f"{name} has no day: it ends before it begins.", "Correct its days or take it out.")
    elif days <= covered:
        sentence = f"{name} can never hold: more severe stages cover all its days."
        problems.note(place, 8, sentence, "Correct its days or take it out.")
    elif twice := days & covered:
        sentence = f"{name} covers days that a more severe stage covers ({min(twice)} to {max(twice)})."
        problems.note(place, 7, sentence, "Let each day belong to one stage.")


def _span(days: set[int], last_day: int) -> str:
    """The first stretch of days, so that two gaps do not read as one."""
    end = min(days)
    while end + 1 in days:
        end += 1
    return f"from {min(days)} on" if end == last_day else f"{min(days)} to {end}"
