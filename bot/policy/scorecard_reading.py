"""Reading the scorecard of a programme: P016 bands that do not rise from 0, P017 a band that the scorecard does not have."""

from __future__ import annotations

from bot.domain.diagnostics import did_you_mean
from bot.domain.yaml_reading import ScalarNode
from bot.policy.amounts import read_amounts
from bot.policy.fields import Fields, Problems
from bot.policy.scorecard import AMOUNT, COUNTS, FACTS, Scorecard, ScoreRule

_MOST_POINTS = 1000


def read_scorecard(root: Fields, problems: Problems) -> Scorecard | None:
    """The scorecard, or None where the programme has none."""
    fields = root.section("scorecard", required=False)
    if fields is None:
        return None
    bands = _bands(fields, problems)
    rules = tuple(_rule(line, problems) for line in fields.sections("points", required=True))
    fields.close()
    return Scorecard(bands, rules)


def _bands(fields: Fields, problems: Problems) -> tuple[tuple[str, int], ...]:
    section = fields.section("bands")
    if section is None:
        return ()
    bands = [(key.text, section.integer(key.text, 0, _MOST_POINTS)) for key, _ in section.node.entries]
    points = [least for _, least in bands]
    if points[:1] != [0] or points != sorted(set(points)):
        sentence = "The bands do not rise from 0, so some points belong to none or to two."
        problems.note(section.place, 16, sentence, "Begin with 0 and let every further band begin at more points.")
    return tuple(bands)


def _rule(fields: Fields, problems: Problems) -> ScoreRule:
    fact = fields.choice("fact", FACTS)
    each = fact in COUNTS and fields.has("points_each")
    points = fields.integer("points_each" if each else "points", -_MOST_POINTS, _MOST_POINTS)
    rule = ScoreRule(
        fact=fact,
        points=points,
        each=each,
        most=fields.integer("most", 1, _MOST_POINTS) if each and fields.has("most") else None,
        first=fields.integer("from", 0, 36600) if fact != AMOUNT and not each and fields.has("from") else None,
        last=fields.integer("to", 0, 36600) if fact != AMOUNT and not each and fields.has("to") else None,
        least=read_amounts(fields, "least", problems) if fact == AMOUNT else {},
    )
    if not each and rule.first is None and rule.last is None and not rule.least:
        word = "least" if fact == AMOUNT else "from"
        problems.note(fields.place, 3, f'"{word}" is missing.', f'Say from where the points count: "{word}: ...".')
    fields.close()
    return rule


def check_band(key: ScalarNode, card: Scorecard | None, problems: Problems) -> None:
    """Notes a band that is named in the file, but not among those of its scorecard."""
    known = card.names if card is not None else ()
    if key.text not in known:
        near = did_you_mean(key.text, known)
        fix = f"Choose from: {', '.join(known)}." if known else "Add a scorecard with bands, or take the line out."
        problems.note(key.place, 17, f'There is no band "{key.text}" in the scorecard.{near}', fix)
