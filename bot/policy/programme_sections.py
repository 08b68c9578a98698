"""Reading the sections of a programme's file into values, and the checks that one section allows.

P001 wrong shape, P002 unknown key, P003 missing, P004 impossible value; those about the ladder as a whole are
`ladder_checks`'s, those about touches `touch_reading`'s.
"""

from __future__ import annotations

from bot.domain.commitments import PromiseRules
from bot.policy.amounts import read_amounts
from bot.policy.fields import Fields, Problems
from bot.policy.ladder import Stage, StageLadder
from bot.policy.ladder_checks import check_ladder
from bot.policy.programme import REASONS
from bot.policy.retry import RetryPolicy
from bot.policy.scorecard import Scorecard
from bot.policy.scorecard_reading import check_band

TONES = ("friendly", "gentle", "clear", "firm", "formal")
FIRST_DAY, LAST_DAY = -366, 3660


def read_ladder(root: Fields, card: Scorecard | None, problems: Problems) -> StageLadder:
    """The ladder, with what is wrong with it as a whole noted too."""
    sections = root.sections("stages", required=True)
    stages = [(_stage(fields, card, problems), fields.place) for fields in sections]
    if stages:
        check_ladder(stages, root.place_of("stages"), LAST_DAY, problems)
    return StageLadder(tuple(stage for stage, _ in stages), read_amounts(root, "minimums", problems))


def _stage(fields: Fields, card: Scorecard | None, problems: Problems) -> Stage:
    stage = Stage(
        stage_id=fields.text("id"),
        first=fields.integer("from", FIRST_DAY, LAST_DAY),
        last=fields.integer("to", FIRST_DAY, LAST_DAY) if fields.has("to") else None,
        tone=fields.choice("tone", TONES),
        least_past_due=read_amounts(fields, "least_past_due", problems),
        least_instalments=fields.integer("least_instalments", 1, 600, 0),
        tone_by_band=_tones(fields, card, problems),
        for_people=fields.choice("actor", ("bot", "operator"), "bot") == "operator",
    )
    fields.close()
    return stage


def _tones(fields: Fields, card: Scorecard | None, problems: Problems) -> dict[str, str]:
    tones = fields.section("tone_by_band", required=False)
    if tones is None:
        return {}
    for key, _ in tones.node.entries:
        check_band(key, card, problems)
    return {key.text: tones.choice(key.text, TONES) for key, _ in tones.node.entries}


def read_reasons(root: Fields) -> tuple[str, ...]:
    """The causes of lateness that are asked about; all known ones where the file names none."""
    return root.words("reasons", REASONS) if root.has("reasons") else REASONS


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
