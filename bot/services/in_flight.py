"""In flight: whom a draft concerns while they talk, by the step at which they wait and what becomes of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.dialog.moves import Moves, skeleton
from bot.dialog.script import Step, step_sentences
from bot.dialog.state import DialogState
from bot.services.live import Live
from bot.services.ports import Storage


@dataclass(frozen=True, slots=True)
class Waiting:
    """Conversations that wait at a step which the draft changes. `becomes` is what publishing means for them."""

    version: int
    at: str
    change: str  # gone, asks otherwise, other words
    conversations: int
    becomes: str


@dataclass(frozen=True, slots=True)
class InFlight:
    """`conversations` are all in the middle of a flow; `waiting` those at changed steps."""

    conversations: int = 0
    waiting: tuple[Waiting, ...] = ()


async def in_flight(storage: Storage, old: Live, new: Live, moves: Moves | None = None) -> InFlight:
    """Counts who stands where. `old` is the live version, by whose words a change is told."""
    at: Counter[tuple[int, str, str]] = Counter()
    total = 0
    async for talk in storage.open_talks():
        frame = DialogState.from_json(talk.state).frames[-1]
        change = _change(old.script.step(frame.flow, frame.step), new.script.step(frame.flow, frame.step))
        total += 1
        if change or (moves and f"{frame.flow}.{frame.step}" in moves.steps):
            at[talk.script_version or old.number, f"{frame.flow}.{frame.step}", change or "unchanged"] += 1
    rows = sorted(at.items(), key=lambda item: (-item[1], item[0]))
    waiting = tuple(
        Waiting(version, step, change, count, _becomes(version, step, moves)) for (version, step, change), count in rows
    )
    return InFlight(total, waiting)


def _change(old: Step | None, new: Step | None) -> str:
    if new is None:
        return "gone"
    if old is None or skeleton(old) != skeleton(new):
        return "asks otherwise"
    return "" if _words(old) == _words(new) else "other words"


def _words(step: Step) -> list[tuple[str, str | None]]:
    return [(sentence.source, sentence.plural) for sentence in step_sentences(step)]


def _becomes(version: int, step: str, moves: Moves | None) -> str:
    target = moves.steps.get(step) if moves is not None and version in moves.alike else None
    return f"go on at {target} in the new version" if target else f"finish in version {version}"
