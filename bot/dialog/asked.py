"""What an action of a script is handed, and what it gives back. Whatever it changes is an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialog.effects import Effect
from bot.dialog.facts import Facts
from bot.dialog.state import SlotJson
from bot.dialog.turn import Turn

#: The slot that names the promise which a flow is about.
REFERENCE = "_reference"

#: The slot in which somebody says what makes a payment hard.
REASON_SLOT = "cause"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an action is handed. `arguments` are those of the script's `with`; `slots` those of the flow in progress."""

    facts: Facts
    turn: Turn
    arguments: Mapping[str, SlotJson]
    slots: Mapping[str, SlotJson]


@dataclass(frozen=True, slots=True)
class Done:
    """The result's name, effects, slots to fill and to forget, and what the conversation is to remember."""

    result: str
    effects: tuple[Effect, ...] = ()
    slots: tuple[tuple[str, SlotJson], ...] = ()
    forget: tuple[str, ...] = ()
    remember: tuple[tuple[str, SlotJson], ...] = ()
