"""Reading nodes of a flow file: plain values of the right kind, no key that means nothing, every fault noted once.

The faults are gathered, never raised: an author sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialog.conditions import AllOf, AnyOf, Condition, Not, read_condition
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode
from bot.texts.fields import FIELDS


class Faults:
    """The diagnostics of one file, in the order they were met."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(self, place: Place, code: str, sentence: str, fix: str) -> None:
        self.found.append(Diagnostic(place, code, sentence, fix))

    def only(self, node: MapNode, known: Iterable[str], elsewhere: Iterable[str] = ()) -> None:
        """Every key of the mapping must be one of these; a key that is near one known `elsewhere` is told so."""
        names = tuple(known)
        for key, _ in node.entries:
            if key.text not in names:
                fix = f"Use one of: {', '.join(names)}.{did_you_mean(key.text, (*names, *elsewhere))}"
                self.add(key.place, "S002", f'"{key.text}" means nothing here.', fix)

    def word(self, node: Node | None, what: str) -> str | None:
        """A plain value as text, or None (with a fault unless it is absent)."""
        if node is None:
            return None
        if isinstance(node, ScalarNode) and node.text:
            return node.text
        self.add(node.place, "S003", f"{what} must be one plain word or value.", "Write it on one line.")
        return None

    def flag(self, node: Node | None, what: str) -> bool:
        if node is None:
            return False
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        self.add(node.place, "S003", f"{what} is either true or false.", "Write true or false.")
        return False

    def number(self, node: Node | None, what: str, default: int) -> int:
        if node is None:
            return default
        if isinstance(node, ScalarNode) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self.add(node.place, "S003", f"{what} must be a whole number.", "Write digits only.")
        return default

    def words(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of words; one word alone is a list of one."""
        if node is None:
            return ()
        if isinstance(node, ListNode):
            return tuple(w for w in (self.word(part, what) for part in node.items) if w is not None)
        word = self.word(node, what)
        return () if word is None else (word,)

    def mapping(self, node: Node | None, what: str) -> MapNode | None:
        if isinstance(node, MapNode):
            return node
        if node is not None:
            self.add(
                node.place, "S003", f"{what} must be a mapping of keys to values.", "Write key: value lines below it."
            )
        return None

    def condition(self, node: Node | None, slots: frozenset[str]) -> Condition | None:
        """One line such as `amount > due_now`, or {all: [...]}, {any: [...]}, {not: ...}."""
        if node is None:
            return None
        if isinstance(node, ScalarNode):
            read = read_condition(node.text, lambda word: word in FIELDS or word in slots)
            if read is None:
                fix = "Write a flag, or: field, one of = != < <= > >=, and a number or field."
                self.add(node.place, "S004", f'"{node.text}" is not a condition.', fix)
            return read
        if isinstance(node, MapNode) and len(node.entries) == 1:
            key, value = node.entries[0]
            if key.text == "not":
                part = self.condition(value, slots)
                return None if part is None else Not(part)
            if key.text in ("all", "any") and isinstance(value, ListNode):
                parts = tuple(p for p in (self.condition(i, slots) for i in value.items) if p is not None)
                return AllOf(parts) if key.text == "all" else AnyOf(parts)
        self.add(node.place, "S004", "This is not a condition.", "Write one line, or all:, any: with a list, or not:.")
        return None
