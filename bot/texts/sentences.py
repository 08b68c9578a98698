"""Where sentences stand in a file: what counts as text, and how a sentence with a plural is written.

The script's parser and the translators' extractor both read sentences here, so that neither sees one the other misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode

#: Keys of a step whose value is text that is said, and those whose value is a button's label.
SPOKEN = ("say", "ask", "confirm", "offer", "text", "more")
LABELS = ("label", "title")
#: Keys that say how the sentences below them are said; else they are simply said.
_ROLES = ("ask", "confirm", "offer", "more", "reject", "hand_off")


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence as it stands in a file; `role` is how it is said, `when` and `each` the condition and list beside it."""

    source: str
    place: Place
    plural: str | None = None
    count_by: str | None = None
    label: bool = False
    role: str = "say"
    when: str = ""
    each: str = ""


def read_sentence(node: Node, label: bool = False) -> Found | None:
    """A plain text, or `{one: ..., other: ..., count: field}`; None where the node is neither."""
    if isinstance(node, ScalarNode):
        text = tidy(node.text)
        return Found(text, node.place, label=label) if text else None
    if isinstance(node, MapNode):
        one, other, count = node.get("one"), node.get("other"), node.get("count")
        if isinstance(one, ScalarNode) and isinstance(other, ScalarNode) and isinstance(count, ScalarNode):
            return Found(tidy(one.text), one.place, tidy(other.text), count.text, label)
    return None


def tidy(text: str) -> str:
    """Without the line breaks and blanks that only the file's lay-out put there."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of a sentence from the nodes around it."""

    role: str = "say"
    when: str = ""
    each: str = ""

    def within(self, node: MapNode) -> _Around:
        role = "hand_off" if node.get("hand_off") else self.role
        return _Around(role, _word(node, "if") or self.when, _word(node, "each") or self.each)


def _word(node: MapNode, key: str) -> str:
    found = node.get(key)
    return tidy(found.text) if isinstance(found, ScalarNode) else ""


def sentences_in(node: Node) -> Iterator[Found]:
    """Every sentence below a step, wherever it stands, in the order of the file."""
    yield from _below(node, _Around())


def _below(node: Node, around: _Around) -> Iterator[Found]:
    if isinstance(node, ListNode):
        for part in node.items:
            yield from _below(part, around)
    if not isinstance(node, MapNode):
        return
    around = around.within(node)
    for key, value in node.entries:
        label = key.text in LABELS
        here = replace(around, role=key.text) if key.text in _ROLES else around
        if label or key.text in SPOKEN:
            yield from _spoken(value, label, here)
        else:
            yield from _below(value, here)


def _spoken(node: Node, label: bool, around: _Around) -> Iterator[Found]:
    if found := read_sentence(node, label):
        yield replace(found, role=around.role, when=around.when, each=around.each)
    elif isinstance(node, ListNode):
        for part in node.items:
            yield from _spoken(part, label, around)
    elif isinstance(node, MapNode):
        yield from _below(node, around)
