"""The sets of `tests/languages/unseen`: what people wrote who had not seen the phrases, and how much of it is understood.

A message that needs a person or an end of contact counts as safe if any such meaning was found, as in the other figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.domain.understanding import SAFETY_INTENTS, HearingContext, Understanding

#: A Saturday; no message of the sets depends on it.
TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Message:
    """One message and the intent its author meant."""

    language: str
    intent: str
    text: str


@dataclass
class Heard:
    """Figures of one language."""

    hits: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, what: str, hit: bool) -> None:
        self.hits[what] += hit
        self.of[what] += 1

    def share(self, what: str) -> float:
        return self.hits[what] / self.of[what]


def messages(folder: Path) -> Iterator[Message]:
    """Of `<language>.txt`: a line `== intent`, then its messages, one a line."""
    for path in sorted(folder.glob("*.txt")):
        intent = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("== "):
                intent = line[3:]
            elif line:
                yield Message(path.stem, intent, line)


def listened(
    sets: Sequence[Message],
    hear: Callable[[str, HearingContext], Understanding],
    general: Callable[[str | None], str | None],
) -> dict[str, Heard]:
    """The figures by language, and `all`. `general` gives the intent that a flow uses which does not know the special one."""
    found: dict[str, Heard] = {}
    for message in sets:
        meaning = hear(message.text, HearingContext(message.language, TODAY))
        guess = meaning.intent or next((rival.intent for rival in meaning.rivals), None)
        right = general(guess) == general(message.intent)
        safe = bool(meaning.safety) or guess in SAFETY_INTENTS or general(guess) in SAFETY_INTENTS
        for name in (message.language, "all"):
            tally = found.setdefault(name, Heard())
            tally.add("intent", right)
            if message.intent in SAFETY_INTENTS:
                tally.add("safety", safe or right)
                tally.add(message.intent, safe or right)
                missed = not (safe or right)
            else:
                tally.add("alarms", safe and not right)
                missed = safe and not right
            if missed:
                tally.wrong.append(f"[{message.language}] {message.intent} -> {guess}: {message.text}")
    return found


def table(found: dict[str, Heard]) -> Iterator[str]:
    columns = ("intent", "safety", "alarms", *SAFETY_INTENTS)
    yield f"{'':8}{'n':>6}" + "".join(f"{name[:11]:>12}" for name in columns)
    for language, tally in sorted(found.items(), key=lambda item: item[0] == "all"):
        yield f"{language:8}{tally.of['intent']:6}" + "".join(f"{tally.share(name):12.3f}" for name in columns)
