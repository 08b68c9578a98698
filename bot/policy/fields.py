"""Reading policy files field by field: every fault is noted with its place, none stops the reading.

A reader that noted an error still returns a value of the right type, so that the rest of the file is checked too; the
caller drops the result when anything was noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode

_T = TypeVar("_T")
_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])\Z")


@dataclass(slots=True)
class Problems:
    """What was found wrong so far. Codes are the file kind's letter and a number; 1 to 5 mean the same in every kind."""

    letter: str
    found: list[Diagnostic] = field(default_factory=list)

    def note(self, place: Place, number: int, sentence: str, fix: str, severity: Severity = Severity.ERROR) -> None:
        self.found.append(Diagnostic(place, f"{self.letter}{number:03d}", sentence, fix, severity))

    @property
    def fatal(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.found)


@dataclass(slots=True)
class Fields:
    """One mapping of a file. Names that were never asked for are unknown keys, reported by `close`."""

    node: MapNode
    problems: Problems
    asked: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.node.place

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def place_of(self, name: str) -> Place:
        node = self._get(name)
        return self.place if node is None else node.place

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required where no default is given."""
        node = self._get(name)
        if node is None:
            return self._missing(name, "") if default is None else default
        if isinstance(node, ScalarNode) and node.text.strip():
            return node.text
        return self._wrong(node.place, name, "a text", default or "")

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`; required where no default is given."""
        node = self._get(name)
        if node is None:
            return self._missing(name, low) if default is None else default
        value = node.value if isinstance(node, ScalarNode) else None
        if not isinstance(value, int) or isinstance(value, bool):
            return self._wrong(node.place, name, "a whole number", low)
        if low <= value <= high:
            return value
        sentence = f'"{name}" is {value}, outside {low} to {high}.'
        self.problems.note(node.place, 4, sentence, f"Write a number from {low} to {high}.")
        return low

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of a closed list of words; the first of them stands in after an error."""
        words = tuple(allowed)
        place, text = self.place_of(name), self.text(name, default)
        if text in words or not text:
            return text or words[0]
        self._unknown_word(place, name, text, words)
        return words[0]

    def flag(self, name: str) -> bool:
        """`true` or `false`; false where it is not said."""
        return self.choice(name, ("false", "true"), "false") == "true"

    def day(self, name: str, default: date | None = None) -> date:
        """A calendar day as 2026-11-21."""
        place, text = self.place_of(name), self.text(name, default.isoformat() if default else None)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.problems.note(place, 4, f'"{text}" is not a day that exists.', "Write it as 2026-11-21.")
            return date.min

    def clock(self, name: str, default: str | None = None) -> int:
        """A wall clock as minutes since midnight; 24:00 is the end of the day."""
        place, text = self.place_of(name), self.text(name, default)
        match = _CLOCK.match(text)
        minutes = int(match[1]) * 60 + int(match[2]) if match else 0
        if text and (match is None or minutes > 24 * 60):
            self.problems.note(place, 4, f'"{text}" is not a time of day.', 'Write it as "09:30", in quotes.')
            return 0
        return minutes

    def words(self, name: str, allowed: Iterable[str] | None = None, required: bool = False) -> tuple[str, ...]:
        """A list of texts, each from the closed list where there is one."""
        known = None if allowed is None else tuple(allowed)
        found = []
        for node in self._items(name, required):
            if not isinstance(node, ScalarNode) or not node.text.strip():
                self._wrong(node.place, name, "a list of texts", None)
            elif known is not None and node.text not in known:
                self._unknown_word(node.place, name, node.text, known)
            else:
                found.append(node.text)
        return tuple(found)

    def integers(self, name: str, required: bool = False) -> tuple[tuple[int, Place], ...]:
        """A list of whole numbers, each with its place, for checks that need both."""
        found = []
        for node in self._items(name, required):
            value = node.value if isinstance(node, ScalarNode) else None
            if isinstance(value, int) and not isinstance(value, bool):
                found.append((value, node.place))
            else:
                self._wrong(node.place, name, "a list of whole numbers", None)
        return tuple(found)

    def section(self, name: str, required: bool = True) -> Fields | None:
        """A mapping below this one; None where it is absent or something else."""
        node = self._get(name)
        if node is None:
            return self._missing(name, None) if required else None
        return self.below(node, name)

    def sections(self, name: str, required: bool = False) -> tuple[Fields, ...]:
        """A list of mappings."""
        found = (self.below(node, name) for node in self._items(name, required))
        return tuple(entry for entry in found if entry is not None)

    def named(self, name: str) -> tuple[tuple[ScalarNode, Node], ...]:
        """The entries of a mapping whose keys are free names, in their order."""
        section = self.section(name, required=False)
        return section.node.entries if section else ()

    def below(self, node: Node, name: str) -> Fields | None:
        if isinstance(node, MapNode):
            return Fields(node, self.problems)
        return self._wrong(node.place, name, "a mapping (lines of `key: value`)", None)

    def close(self) -> None:
        """Notes every key that nobody asked for."""
        for key, _ in self.node.entries:
            if key.text not in self.asked:
                near = did_you_mean(key.text, self.asked)
                sentence = f'"{key.text}" is not known here.{near}'
                self.problems.note(key.place, 2, sentence, "Correct the word or take the line out.")

    def _get(self, name: str) -> Node | None:
        if name not in self.asked:
            self.asked.append(name)
        return self.node.get(name)

    def _items(self, name: str, required: bool) -> tuple[Node, ...]:
        node = self._get(name)
        if node is None:
            return self._missing(name, ()) if required else ()
        return node.items if isinstance(node, ListNode) else self._wrong(node.place, name, "a list", ())

    def _missing(self, name: str, instead: _T) -> _T:
        self.problems.note(self.place, 3, f'"{name}" is missing.', f'Add a line "{name}: ...".')
        return instead

    def _wrong(self, place: Place, name: str, wanted: str, instead: _T) -> _T:
        self.problems.note(place, 1, f'"{name}" must be {wanted}.', "Write it in that form.")
        return instead

    def _unknown_word(self, place: Place, name: str, text: str, known: tuple[str, ...]) -> None:
        sentence = f'"{text}" is not possible for "{name}".{did_you_mean(text, known)}'
        self.problems.note(place, 4, sentence, f"Choose from: {', '.join(known)}.")


def root_fields(root: Node | None, place: Place, problems: Problems) -> Fields | None:
    """The file's outermost mapping, or None with the fault noted."""
    if isinstance(root, MapNode):
        return Fields(root, problems)
    problems.note(place, 1, "The file must hold a mapping (lines of `key: value`).", "Start it with `id: ...`.")
    return None
