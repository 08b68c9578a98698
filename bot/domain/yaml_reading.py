"""YAML 1.2 text into nodes that remember their place; every fault is a diagnostic, never a crash.

Only what an admin needs is let in: mappings, lists and plain values. Aliases, anchors, tags, several documents, duplicate
keys, files over 256 KiB and nesting deeper than 32 are refused, so a hostile file can neither hang nor grow.
`no`, `on`, `12:30`, `0123` and `1_000` stay the words that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.domain.diagnostics import Diagnostic, Place

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}\Z")

Plain = str | int | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A plain value. `text` is what was typed; `value` reads true, false, null and whole numbers, all else as text."""

    place: Place
    text: str
    quoted: bool

    @property
    def value(self) -> Plain:
        if self.quoted:
            return self.text
        if self.text in ("", "~", "null"):
            return None
        if self.text in ("true", "false"):
            return self.text == "true"
        return int(self.text) if _INTEGER.match(self.text) else self.text

    @property
    def is_decimal(self) -> bool:
        return not self.quoted and bool(_DECIMAL.match(self.text))


@dataclass(frozen=True, slots=True)
class ListNode:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    place: Place
    entries: tuple[tuple[ScalarNode, Node], ...]

    def get(self, name: str) -> Node | None:
        return next((value for key, value in self.entries if key.text == name), None)

    def keys(self) -> tuple[str, ...]:
        return tuple(key.text for key, _ in self.entries)


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file holds: its root, or None with at least one problem."""

    file: str
    root: Node | None
    problems: tuple[Diagnostic, ...] = ()


class ReadBefore(str):
    """The text of a file that was read before without a fault, and what it holds."""

    root: Node | None = None

    @classmethod
    def of(cls, text: str, root: Node | None) -> ReadBefore:
        known = cls(text)
        known.root = root
        return known


@dataclass(slots=True)
class _Open:
    """A list or mapping still being read."""

    place: Place
    mapping: bool
    key: ScalarNode | None = None
    keys: set[str] = field(default_factory=set)
    entries: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    def closed(self) -> Node:
        return MapNode(self.place, tuple(self.entries)) if self.mapping else ListNode(self.place, tuple(self.items))


class _Refused(Exception):
    def __init__(self, problem: Diagnostic) -> None:
        self.problem = problem


def read_yaml(text: str, file: str) -> YamlFile:
    """The file's nodes, or the first thing that makes it unreadable, with its place."""
    if isinstance(text, ReadBefore):
        return YamlFile(file, text.root)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        return _unreadable(file, Place(file), "Y001", f"The file is larger than {MAX_BYTES // 1024} KiB.", "Split it.")
    try:
        return YamlFile(file, _build(_events(text), file))
    except _Refused as refused:
        return YamlFile(file, None, (refused.problem,))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        what = (error.problem or "it is not valid YAML").rstrip(".")
        return _unreadable(
            file, place, "Y002", f"This cannot be read: {what}.", "Check indentation, colons and quotes."
        )
    except (YAMLError, ValueError) as error:
        return _unreadable(file, Place(file), "Y002", f"This cannot be read: {error}.", "Save it as UTF-8 text.")


def _unreadable(file: str, place: Place, code: str, sentence: str, fix: str) -> YamlFile:
    return YamlFile(file, None, (Diagnostic(place, code, sentence, fix),))


def _events(text: str) -> Iterator[Event]:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    yield from reader.parse(text)


@dataclass(slots=True)
class _Builder:
    """The tree while the events go by: what is still open, what is finished."""

    root: Node | None = None
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def take(self, event: Event, place: Place) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused(place, "Y003", "There is a second document.", "Keep one document in a file.")
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self.stack) >= MAX_DEPTH:
                raise _refused(place, "Y004", f"This is nested deeper than {MAX_DEPTH}.", "Make it flatter.")
            self.stack.append(_Open(place, isinstance(event, MappingStartEvent)))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.finish(self.stack.pop().closed())
        elif isinstance(event, ScalarEvent):
            self.finish(ScalarNode(place, event.value, quoted=event.style in ("'", '"', "|", ">")))

    def finish(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _refused(node.place, "Y005", f"There are more than {MAX_NODES} values.", "Split the file.")
        if self.stack:
            _attach(self.stack[-1], node)
        else:
            self.root = node


def _build(events: Iterator[Event], file: str) -> Node | None:
    builder = _Builder()
    for event in events:
        place = Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
        _refuse_extras(event, place)
        builder.take(event, place)
    return builder.root


def _attach(parent: _Open, child: Node) -> None:
    if not parent.mapping:
        parent.items.append(child)
    elif parent.key is not None:
        parent.entries.append((parent.key, child))
        parent.key = None
    elif not isinstance(child, ScalarNode):
        raise _refused(child.place, "Y006", "A key must be a plain word.", "Write a word before the colon.")
    elif child.text in parent.keys:
        raise _refused(child.place, "Y007", f'The key "{child.text}" stands twice.', "Keep one of the two.")
    else:
        parent.key = child
        parent.keys.add(child.text)


def _refuse_extras(event: Event, place: Place) -> None:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise _refused(place, "Y008", "Anchors and aliases (& and *) are not allowed.", "Write the value out.")
    tag = getattr(event, "tag", None)
    if tag is not None and str(tag) not in ("None", "!"):
        raise _refused(place, "Y009", "Tags (words that begin with !) are not allowed.", "Write a plain value.")


def _refused(place: Place, code: str, sentence: str, fix: str) -> _Refused:
    return _Refused(Diagnostic(place, code, sentence, fix))
