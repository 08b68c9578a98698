"""Reading the sections of a programme's file into values, and the checks that one section allows.

P001 wrong shape, P002 unknown key, P003 missing, P004 impossible value, P009 a touch outside its stage; those about the
ladder as a whole are `ladder_checks`'s.
"""

from __future__ import annotations

from datetime import time

from bot.domain.commitments import PromiseRules
from bot.domain.errors import MoneyError
from bot.domain.money import Money
from bot.domain.yaml_reading import ScalarNode
from bot.policy.fields import Fields, Problems
from bot.policy.ladder import Stage, StageLadder
from bot.policy.ladder_checks import check_ladder
from bot.policy.reminder_policy import ReminderPolicy, StageReminders
from bot.policy.retry import RetryPolicy

TONES = ("friendly", "gentle", "clear", "firm", "formal")
FIRST_DAY, LAST_DAY = -366, 3660


def read_ladder(root: Fields, problems: Problems) -> StageLadder:
    """The ladder, with what is wrong with it as a whole noted too."""
    sections = root.sections("stages", required=True)
    stages = [(_stage(fields, problems), fields.place) for fields in sections]
    if stages:
        check_ladder(stages, root.place_of("stages"), LAST_DAY, problems)
    return StageLadder(tuple(stage for stage, _ in stages), _amounts(root, "minimums", problems))


def _stage(fields: Fields, problems: Problems) -> Stage:
    stage = Stage(
        stage_id=fields.text("id"),
        first=fields.integer("from", FIRST_DAY, LAST_DAY),
        last=fields.integer("to", FIRST_DAY, LAST_DAY) if fields.has("to") else None,
        tone=fields.choice("tone", TONES),
        least_past_due=_amounts(fields, "least_past_due", problems),
        least_instalments=fields.integer("least_instalments", 1, 600, 0),
    )
    fields.close()
    return stage


def _amounts(fields: Fields, name: str, problems: Problems) -> dict[str, Money]:
    amounts = {}
    for key, node in fields.named(name):
        try:
            amounts[key.text] = Money.of(node.text if isinstance(node, ScalarNode) else "", key.text)
        except MoneyError as error:
            problems.note(node.place, 4, f"This cannot be an amount: {error}.", 'Write it like CNY: "5.00".')
    return amounts


def read_reminders(root: Fields, ladder: StageLadder, problems: Problems) -> ReminderPolicy:
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
                stages.append(_touches(section, stage, problems))
        touches.close()
    fields.close()
    hour = time(minute // 60, minute % 60)
    return ReminderPolicy(tuple(stages), hour, catch_up, None if unreachable == "never" else unreachable)


def _touches(fields: Fields, stage: Stage, problems: Problems) -> StageReminders:
    """Listed days, or a day every so often from the stage's first on, as often as `max_attempts` says."""
    if fields.has("every_days"):
        every, most = fields.integer("every_days", 1, 366), fields.integer("max_attempts", 1, 100)
        days = [stage.first + n * every for n in range(most)]
        touches = tuple(day for day in days if stage.covers(day))
    else:
        listed = fields.integers("days", required=True)
        for day, place in listed:
            if not stage.covers(day):
                end = "on" if stage.last is None else f"to {stage.last}"
                sentence = f'Day {day} is outside the stage "{stage.stage_id}" (from {stage.first} {end}).'
                problems.note(place, 9, sentence, "Move the day or the stage.")
        touches = tuple(sorted({day for day, _ in listed}))
    then = fields.choice("then", ("nothing", "task"), "nothing")
    fields.close()
    return StageReminders(stage.stage_id, stage.last, touches, then == "task")


def read_promise_rules(root: Fields, timezone: str) -> PromiseRules:
    fields = root.section("promise")
    if fields is None:
        return PromiseRules(timezone, 0, 100, 0, 0, 100, 1)
    rules = PromiseRules(
        timezone=timezone,
        grace_days=fields.integer("grace_days", 0, 30),
        kept_at_percent=fields.integer("kept_at_percent", 1, 100),
        max_open=fields.integer("max_open", 0, 10),
        max_days_ahead=fields.integer("max_days_ahead", 0, 366),
        min_amount_percent=fields.integer("min_amount_percent", 0, 100),
        max_broken=fields.integer("max_broken", 1, 100),
    )
    fields.close()
    return rules


def read_retry(root: Fields, problems: Problems) -> RetryPolicy:
    fields = root.section("retry")
    if fields is None:
        return RetryPolicy(1, 1, 1)
    first = fields.integer("first_wait_seconds", 1, 3600)
    policy = RetryPolicy(fields.integer("max_attempts", 1, 50), first, fields.integer("longest_wait_seconds", 1, 86400))
    if policy.longest_wait_seconds < first:
        place = fields.place_of("longest_wait_seconds")
        problems.note(place, 4, "The longest wait is shorter than the first.", "Make it at least as long.")
    fields.close()
    return policy
