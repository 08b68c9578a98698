"""The contract of meanings: every intent, the slots it carries, how much it matters, and one English example.

Flows, phrase files and tests of every language are held to this one file, `dialogs/intents.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.understanding import SAFETY_INTENTS
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml

SLOT_NAMES = ("amount", "date", "days", "instalments", "choice", "yes_no", "language", "digits")
_FIELDS = ("example", "slots", "importance", "phrases", "nearest", "topics")


@dataclass(frozen=True, slots=True)
class Intent:
    """One meaning. `nearest` is the general meaning a special one belongs to, for flows that do not know the special one."""

    name: str
    example: str
    slots: tuple[str, ...]
    importance: int  # 1 to 3; what a miss costs the borrower
    phrases: int  # the least number of phrases a language needs
    nearest: str | None
    topics: tuple[str, ...]
    place: Place

    @property
    def safety(self) -> bool:
        """True where the intent acts from any step, on the first message."""
        return self.name in SAFETY_INTENTS


@dataclass(frozen=True, slots=True)
class Contract:
    """All intents by name, in the order of the file. `languages` are held to the quotas; others are still being written."""

    intents: Mapping[str, Intent]
    languages: tuple[str, ...] = ()

    def general(self, name: str | None) -> str | None:
        """The intent itself, or the general one it is nearest to."""
        intent = self.intents.get(name or "")
        return intent.nearest if intent is not None and intent.nearest else name


def read_intents(text: str, file: str) -> tuple[Contract, tuple[Diagnostic, ...]]:
    """The contract and every mistake in it. An intent with a mistake is kept as far as it can be read, so that nothing that
    names it is told as a mistake too."""
    read = read_yaml(text, file)
    problems = list(read.problems)
    root = read.root.get("intents") if isinstance(read.root, MapNode) else None
    if not isinstance(root, MapNode):
        if not problems:
            problems.append(
                Diagnostic(Place(file), "U001", "There are no intents.", 'Write "intents:" and a list by name.')
            )
        return Contract({}), tuple(problems)
    intents: dict[str, Intent] = {}
    for key, node in root.entries:
        intents[key.text] = _read_intent(key, node, problems)
    problems += _strangers(intents)
    problems += [
        Diagnostic(Place(file), "U004", f'The safety intent "{name}" is missing.', "It cannot be left out.")
        for name in SAFETY_INTENTS
        if name not in intents
    ]
    languages = read.root.get("languages") if isinstance(read.root, MapNode) else None
    return Contract(intents, _texts(languages)), tuple(problems)


def _read_intent(key: ScalarNode, node: Node, problems: list[Diagnostic]) -> Intent:
    if not isinstance(node, MapNode):
        problems.append(Diagnostic(key.place, "U002", f'"{key.text}" has no fields.', "Give it at least an example."))
        return Intent(key.text, "", (), 1, 5, None, (), key.place)
    for name, _ in node.entries:
        if name.text not in _FIELDS:
            sentence = f'"{name.text}" is no field of an intent.{did_you_mean(name.text, _FIELDS)}'
            problems.append(Diagnostic(name.place, "U002", sentence, f"Known are {', '.join(_FIELDS)}."))
    example = _text(node.get("example"))
    if not example:
        problems.append(Diagnostic(key.place, "U002", f'"{key.text}" has no example.', "Give one English sentence."))
    slots = _texts(node.get("slots"))
    for slot in slots:
        if slot not in SLOT_NAMES:
            sentence = f'"{slot}" is no slot.{did_you_mean(slot, SLOT_NAMES)}'
            problems.append(Diagnostic(key.place, "U003", sentence, f"Known are {', '.join(SLOT_NAMES)}."))
    importance = _number(node.get("importance"), 1, 3, 1, problems)
    phrases = _number(node.get("phrases"), 1, 500, 5, problems)
    nearest = _text(node.get("nearest")) or None
    topics = _texts(node.get("topics"))
    return Intent(key.text, example, slots, importance, phrases, nearest, topics, key.place)


def _strangers(intents: Mapping[str, Intent]) -> list[Diagnostic]:
    """General intents that are none."""
    return [
        Diagnostic(
            intent.place,
            "U002",
            f'"{intent.nearest}" is no intent.{did_you_mean(intent.nearest, intents)}',
            "Name one of this file.",
        )
        for intent in intents.values()
        if intent.nearest and intent.nearest not in intents
    ]


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, ScalarNode) else ""


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(_text(item) for item in node.items) if isinstance(node, ListNode) else ()


def _number(node: Node | None, least: int, most: int, otherwise: int, problems: list[Diagnostic]) -> int:
    if node is None:
        return otherwise
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    problems.append(Diagnostic(node.place, "U002", f"This must be a whole number, {least} to {most}.", "Correct it."))
    return otherwise
