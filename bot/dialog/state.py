"""Where a conversation stands: a stack of flows, the slots filled so far, and the buttons now live.

The state is a plain value and its own JSON; nothing in it is personal beyond the sums and days a borrower named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

SlotJson = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow in progress and the step it waits at. Slots hold exchange forms: `500.00 CNY`, `2026-11-27`, text, numbers."""

    flow: str
    step: str
    slots: tuple[tuple[str, SlotJson], ...] = ()
    tries: int = 0  # how often the open question was not understood or refused

    def slot(self, name: str) -> SlotJson:
        return dict(self.slots).get(name)

    def with_slot(self, name: str, value: SlotJson) -> Frame:
        return replace(self, slots=(*((n, v) for n, v in self.slots if n != name), (name, value)))


@dataclass(frozen=True, slots=True)
class LiveChoice:
    """What a live button stands for: a value for the open question, a step to go to, or an intent."""

    value: SlotJson = None
    goto: str | None = None
    intent: str | None = None
    label: str = ""  # the label's source sentence, so that typing it means pressing it


@dataclass(frozen=True, slots=True)
class DialogState:
    """`frames` last is innermost. `keyboard` is the conversation version whose buttons are live, None where none are."""

    frames: tuple[Frame, ...] = ()
    keyboard: int | None = None
    choices: tuple[LiveChoice, ...] = ()
    misunderstood: int = 0
    facts: tuple[tuple[str, SlotJson], ...] = field(
        default=()
    )  # remembered for the conversation: reason, offered language

    def to_json(self) -> str:
        frames = [[f.flow, f.step, list(map(list, f.slots)), f.tries] for f in self.frames]
        choices = [[c.value, c.goto, c.intent, c.label] for c in self.choices]
        body = {
            "f": frames,
            "k": self.keyboard,
            "c": choices,
            "m": self.misunderstood,
            "x": list(map(list, self.facts)),
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> DialogState:
        if not text:
            return cls()
        body = json.loads(text)
        return cls(
            frames=tuple(Frame(f, s, tuple((n, v) for n, v in slots), tries) for f, s, slots, tries in body["f"]),
            keyboard=body["k"],
            choices=tuple(LiveChoice(v, g, i, label) for v, g, i, label in body["c"]),
            misunderstood=body["m"],
            facts=tuple((n, v) for n, v in body["x"]),
        )
