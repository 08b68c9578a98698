"""What a YAML file holds as plain lists, to be kept and taken up again: reading YAML costs fifty times as much as that.

A scalar is [line, column, text, 1 if quoted], a list [line, column, [items]], a mapping [line, column, [keys], [values]].
"""

from __future__ import annotations

from typing import Any

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode

#: Of the plain form and of the reader's rules: a change of either makes what was kept before worthless.
FORMAT = 1


def to_plain(node: Node) -> list[Any]:
    """The node as lists, texts and numbers."""
    at = [node.place.line, node.place.column]
    match node:
        case ScalarNode():
            return [*at, node.text, int(node.quoted)]
        case ListNode():
            return [*at, [to_plain(item) for item in node.items]]
        case MapNode():
            return [*at, [to_plain(key) for key, _ in node.entries], [to_plain(value) for _, value in node.entries]]


def from_plain(plain: list[Any], file: str) -> Node:
    """The node again, with its places in that file."""
    place = Place(file, plain[0], plain[1])
    if isinstance(plain[2], str):
        return ScalarNode(place, plain[2], bool(plain[3]))
    if len(plain) == 3:
        return ListNode(place, tuple(from_plain(item, file) for item in plain[2]))
    keys = (ScalarNode(Place(file, key[0], key[1]), key[2], bool(key[3])) for key in plain[2])
    return MapNode(place, tuple(zip(keys, (from_plain(value, file) for value in plain[3]), strict=True)))
