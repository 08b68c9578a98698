"""Where sentences stand in a flow file: what counts as text, and how a sentence with a plural is written.

The script's parser and the translators' extractor both read sentences here, so that neither sees one the other misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode

#: Keys of a step whose value is text that is said, and those whose value is a button's label.
SPOKEN = ("say", "ask", "confirm", "offer", "text")
LABELS = ("label", "title")


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence as it stands in a file."""

    source: str
    place: Place
    plural: str | None = None
    count_by: str | None = None
    label: bool = False


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


def sentences_in(node: Node) -> Iterator[Found]:
    """Every sentence below a step, wherever it stands, in the order of the file."""
    if isinstance(node, ListNode):
        for part in node.items:
            yield from sentences_in(part)
    if not isinstance(node, MapNode):
        return
    for key, value in node.entries:
        label = key.text in LABELS
        if label or key.text in SPOKEN:
            yield from _spoken(value, label)
        else:
            yield from sentences_in(value)


def _spoken(node: Node, label: bool) -> Iterator[Found]:
    if found := read_sentence(node, label):
        yield found
    elif isinstance(node, ListNode):
        for part in node.items:
            yield from _spoken(part, label)
    else:
        yield from sentences_in(node)
