"""Before publishing: what a draft would change, for how many, in one value that a terminal or a page can show.

Nothing is stored or sent. The result holds counts, steps and the draft's own sentences; nobody's words, names or amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.diagnostics import Diagnostic
from bot.services.compare_plans import PlansCompared, compare_plans
from bot.services.differences import Difference, differences
from bot.services.in_flight import InFlight, in_flight
from bot.services.live import Live, compile_files, digest_of
from bot.services.ports import Storage
from bot.services.publish_scripts import errors_of, fitting_moves, published
from bot.services.replay_turns import Replayed, replay_turns

#: Turns that are gone through unless somebody says otherwise.
MOST_TURNS = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """`new` is the number that the draft would get, `old` the live one's.

    They are the same where the files are live already; `old` is None where nothing is live, or where the live version does
    not run any more, so that there is nothing to compare with. `refused` are the reasons, as sentences, why the draft cannot
    be published.
    """

    new: int
    old: int | None
    problems: tuple[Diagnostic, ...]
    refused: tuple[str, ...] = ()
    changes: tuple[Difference, ...] = ()
    replayed: Replayed | None = None
    plans: PlansCompared | None = None
    in_flight: InFlight | None = None


async def preview_publishing(
    storage: Storage,
    files: Mapping[str, str],
    now: datetime,
    *,
    turns: int = MOST_TURNS,
    steps: Mapping[str, str] | None = None,
) -> Preview:
    """What publishing these files would change: differences, stored turns gone through again, the plan of the next day, and
    whoever is in the middle of a flow. `steps` is a map as for `publish`; raises ConfigurationProblems where it does not fit."""
    stored = await storage.live_version()
    if stored is not None and stored.digest == digest_of(files) and not steps:
        return Preview(stored.number, stored.number, ())
    number = stored.number + 1 if stored else 1
    draft, problems = compile_files(files, number)
    if draft is None:
        return Preview(number, stored.number if stored else None, problems, tuple(errors_of(problems)))
    live = await published(storage, stored.number) if stored else None
    if live is None:
        return Preview(number, None, problems)
    moves = await fitting_moves(storage, steps, draft) if steps else None
    return await _compared(storage, live, draft, now, turns, problems, await in_flight(storage, live, draft, moves))


async def _compared(
    storage: Storage,
    live: Live,
    draft: Live,
    now: datetime,
    turns: int,
    problems: tuple[Diagnostic, ...],
    standing: InFlight,
) -> Preview:
    replayed = await replay_turns(storage, live, draft, now, turns)
    plans = await compare_plans(storage, live, draft, now.date() + timedelta(days=1), now)
    refused = tuple(f"At {f.at or 'no open question'} {f.sentence}: {f.turns} turns." for f in replayed.faults)
    found = differences(live, draft)
    return Preview(draft.number, live.number, problems, refused, found, replayed, plans, standing)
