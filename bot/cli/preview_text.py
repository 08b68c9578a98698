"""What publishing a draft would change, as lines for the person who decides about it: counts and steps, nobody's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services.compare_plans import PlansCompared
    from bot.services.differences import Difference
    from bot.services.in_flight import InFlight
    from bot.services.preview_publishing import Preview
    from bot.services.replay_turns import Change, Replayed

#: Lines of one kind; who wants all of them asks `diff`.
_MOST_LINES = 12
#: Translations of one language beyond this are told as a number.
_MOST_TRANSLATIONS = 5


def preview_lines(preview: Preview) -> Iterator[str]:
    """All of a preview, the reasons against publishing last."""
    if preview.old is None:
        yield first_version(preview.new)
    elif preview.old == preview.new:
        yield f"The files on disk are version {preview.old}, which is live already: nothing would change."
    else:
        yield f"Version {preview.new} would differ from version {preview.old} in {len(preview.changes)} places."
        yield from _indented(difference_lines(preview.changes))
    if preview.replayed is not None:
        yield from _replayed(preview.replayed)
    if preview.plans is not None:
        yield from _plans(preview.plans)
    if preview.in_flight is not None:
        yield from _in_flight(preview.in_flight)
    yield from preview.refused
    if preview.refused:
        yield "This cannot be published."


def first_version(number: int) -> str:
    """Said where there is nothing to compare a draft with."""
    if number == 1:
        return "Nothing was published yet: this is version 1, and there is nothing to compare it with."
    return f"The live version does not run with this program: version {number} has nothing to compare itself with."


def difference_lines(differences: Sequence[Difference]) -> Iterator[str]:
    """A line for each change; many translations of one language are one line."""
    many = Counter(d.where for d in differences if d.part == "translations")
    told: set[str] = set()
    for difference in differences:
        where = difference.where
        if difference.part != "translations" or many[where] <= _MOST_TRANSLATIONS:
            yield f"{difference.part}: {where}: {difference.sentence}"
        elif where not in told:
            told.add(where)
            yield f"translations: {where}: {many[where]} sentences are other than before."


def _replayed(found: Replayed) -> Iterator[str]:
    if not found.turns:
        yield "No stored turn could be gone through again."
        return
    yield (
        f"Of {found.turns} stored turns of {found.conversations} conversations ({found.borrowers} borrowers), "
        f"{found.otherwise} would go otherwise; {found.left_out} more cannot be gone through again."
    )
    yield from _indented(_change(change) for change in found.changes)


def _change(change: Change) -> str:
    at = f"at {change.at}" if change.at else "at no open question"
    return (
        f"{at}: {change.sentence}: {change.turns} turns of {change.conversations} conversations "
        f"({change.borrowers} borrowers)"
    )


def _plans(found: PlansCompared) -> Iterator[str]:
    yield f"On {found.day}, {found.after} messages and tasks would go instead of {found.before}."
    yield from _indented(
        f"stage {row.stage}, rule {row.rule}, {row.language}: {row.after} instead of {row.before}" for row in found.rows
    )
    if found.other_stage or found.other_text or found.no_longer or found.newly:
        yield (
            f"  {found.other_stage} borrowers would be in another stage, {found.other_text} would read other words, "
            f"{found.newly} would hear from us who do not now, {found.no_longer} no longer."
        )


def _in_flight(found: InFlight) -> Iterator[str]:
    yield f"{found.conversations} conversations are in the middle of a flow; those at steps that change:"
    yield from _indented(f"at {w.at} ({w.change}): {w.conversations} {w.becomes}" for w in found.waiting)
    if not found.waiting:
        yield "  none"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    all_lines = list(lines)
    yield from (f"  {line}" for line in all_lines[:_MOST_LINES])
    if len(all_lines) > _MOST_LINES:
        yield f"  and {len(all_lines) - _MOST_LINES} more"
