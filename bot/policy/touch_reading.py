"""Reading when a programme acts on its own: messages and tasks for people, stage by stage.

P009 a day outside its stage, P017 a band that the scorecard does not have, P018 messages in a stage for people, or no task
there, P019 a mandatory notice that could not be made up for.
"""

from __future__ import annotations

from datetime import time

from bot.domain.diagnostics import Place
from bot.policy.fields import Fields, Problems
from bot.policy.ladder import Stage, StageLadder
from bot.policy.reminder_policy import TASK_MEDIA, ReminderPolicy, StageReminders, TaskTouch
from bot.policy.scorecard import Scorecard
from bot.policy.scorecard_reading import check_band


def read_reminders(root: Fields, ladder: StageLadder, card: Scorecard | None, problems: Problems) -> ReminderPolicy:
    """The touches of every stage; each stage must be named, if only to say that nothing is sent in it."""
    fields = root.section("reminders")
    if fields is None:
        return ReminderPolicy((), time(), 0)
    names = [stage.stage_id for stage in ladder.stages]
    minute = fields.clock("hour") % (24 * 60)
    catch_up = fields.integer("catch_up_days", 0, 30)
    unreachable = fields.choice("unreachable_task_from", (*names, "never"), "never") if names else "never"
    touches = fields.section("touches")
    stages = []
    if touches is not None:
        for stage in sorted(ladder.stages, key=lambda s: s.first):
            section = touches.section(stage.stage_id)
            if section is not None:
                stages.append(_stage(section, stage, card, problems))
        touches.close()
    fields.close()
    hour = time(minute // 60, minute % 60)
    return ReminderPolicy(tuple(stages), hour, catch_up, None if unreachable == "never" else unreachable)


def _stage(fields: Fields, stage: Stage, card: Scorecard | None, problems: Problems) -> StageReminders:
    tasks = _tasks(fields, stage, problems)
    # A stage for people needs no days of messages; every other one says them, if only that there are none.
    quiet = stage.for_people and not fields.has("days") and not fields.has("every_days")
    touches = () if quiet else _touches(fields, stage, problems)
    then = fields.choice("then", ("nothing", "task"), "nothing")
    if then == "task" and touches:
        tasks = (*tasks, TaskTouch(touches[-1] + 1 if stage.covers(touches[-1] + 1) else touches[-1], "review"))
    found = StageReminders(
        stage_id=stage.stage_id,
        last=stage.last,
        touches=touches,
        tasks=tuple(sorted(tasks, key=lambda task: task.day)),
        mandatory=fields.flag("mandatory"),
        by_band=_by_band(fields, stage, card, problems),
    )
    _check_actor(found, stage, fields.place, problems)
    if found.mandatory:
        _check_mandatory(found, stage, fields.place, problems)
    fields.close()
    return found


def _touches(fields: Fields, stage: Stage, problems: Problems) -> tuple[int, ...]:
    """Listed days, or a day every so often from the stage's first on, as often as `max_attempts` says."""
    if fields.has("every_days"):
        every, most = fields.integer("every_days", 1, 366), fields.integer("max_attempts", 1, 100)
        days = [stage.first + n * every for n in range(most)]
        return tuple(day for day in days if stage.covers(day))
    listed = fields.integers("days", required=True)
    for day, place in listed:
        _check_day(day, stage, place, problems)
    return tuple(sorted({day for day, _ in listed}))


def _tasks(fields: Fields, stage: Stage, problems: Problems) -> tuple[TaskTouch, ...]:
    tasks = []
    for line in fields.sections("tasks"):
        place = line.place_of("day")
        task = TaskTouch(line.integer("day", -366, 3660), line.choice("medium", TASK_MEDIA))
        _check_day(task.day, stage, place, problems)
        line.close()
        tasks.append(task)
    return tuple(tasks)


def _by_band(fields: Fields, stage: Stage, card: Scorecard | None, problems: Problems) -> dict[str, tuple[int, ...]]:
    bands = fields.section("by_band", required=False)
    if bands is None:
        return {}
    found = {}
    for key, _ in bands.node.entries:
        check_band(key, card, problems)
        section = bands.section(key.text)
        if section is not None:
            found[key.text] = _touches(section, stage, problems)
            section.close()
    return found


def _check_day(day: int, stage: Stage, place: Place, problems: Problems) -> None:
    if not stage.covers(day):
        end = "on" if stage.last is None else f"to {stage.last}"
        sentence = f'Day {day} is outside the stage "{stage.stage_id}" (from {stage.first} {end}).'
        problems.note(place, 9, sentence, "Move the day or the stage.")


def _check_actor(found: StageReminders, stage: Stage, place: Place, problems: Problems) -> None:
    if stage.for_people and found.all_touches:
        sentence = f'The stage "{stage.stage_id}" is for people, so nothing is sent in it.'
        problems.note(place, 18, sentence, "Write tasks: instead of days, or take actor: operator out of the stage.")
    elif stage.for_people and not found.tasks:
        sentence = f'The stage "{stage.stage_id}" is for people, but gives them no task.'
        problems.note(place, 18, sentence, "Add tasks: with a day and a medium.")


def _check_mandatory(found: StageReminders, stage: Stage, place: Place, problems: Problems) -> None:
    name = f'The notice of the stage "{stage.stage_id}" cannot be mandatory'
    if stage.first < 1:
        sentence = f"{name}: made up for after the due date, what it says would be wrong."
        problems.note(place, 19, sentence, "Make a notice of a stage after the due date mandatory.")
    elif not found.touches or found.by_band:
        sentence = f"{name}: its days are not the same for everybody."
        problems.note(place, 19, sentence, "Write days: for everybody, and no by_band:.")
