"""Slots of a flow: what type each has, and how a frame gives them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from bot.dialog.actions import ACTIONS
from bot.dialog.script import DoStep, Flow
from bot.dialog.state import Frame

#: Slots of these types are somebody's words or numbers: they live for one turn and are never stored.
PASSING = frozenset({"text", "digits", "phone"})


@lru_cache(maxsize=4096)
def slot_types(flow: Flow) -> Mapping[str, str]:
    """Every slot of a flow with its type: those asked for and those that its actions fill."""
    types = {"confirmed": "yes_no"}
    for step in flow.steps.values():
        if isinstance(step, DoStep) and step.action in ACTIONS:
            types.update(ACTIONS[step.action].fills)
    return {**types, **flow.slot_types()}


def without(frame: Frame, names: Iterable[str]) -> Frame:
    gone = set(names)
    return replace(frame, slots=tuple((n, v) for n, v in frame.slots if n not in gone))
