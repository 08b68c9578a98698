"""JSON Schema of policy files, told by their own readers: what a reader asks for is what a file may say.

A reader is run over files in which every optional key is there or none is, and over every word of its closed lists. What any
run asks for may be written; what no run can do without must be. So editors and readers never differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import MapNode, Node, ScalarNode
from bot.policy.fields import Fields, Problems

Schema = dict[str, Any]

#: Stands for a name that the author of a file chooses.
_FREE = "*"
_PLACE = Place("schema")
_ANY_NAME = ScalarNode(_PLACE, _FREE, quoted=True)
_NODE = MapNode(_PLACE, ((_ANY_NAME, _ANY_NAME),))
_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(title: str, read: Callable[[Fields, Problems], object], *, laid_over: bool = False) -> Schema:
    """The schema of the files that `read` reads, from their outermost mapping on.

    `laid_over`: a file is laid over its parent, line by line in each section, before it is read; so it need not say anything
    on those two levels.
    """
    runs: list[_Asked] = []
    words = _Words()
    while words.turn < words.most:
        for full in (True, False):
            run = _Asked(_NODE, Problems("S"), full=full, words_of=words)
            read(run, run.problems)
            runs.append(run)
        words.turn += 1
    schema = {"$schema": _DRAFT, "title": title, **_object(runs)}
    if laid_over:
        for part in (schema, *schema["properties"].values()):
            part.pop("required", None)
    return schema


@dataclass(slots=True)
class _Words:
    """Which word of a closed list is the answer in this turn, and how long the longest list is."""

    turn: int = 0
    most: int = 1

    def chosen(self, words: tuple[str, ...]) -> str:
        self.most = max(self.most, len(words))
        return words[self.turn % len(words)]


@dataclass(slots=True)
class _Wanted:
    """One key that was asked for: a plain value's schema, or the mappings below it and what they stand in."""

    plain: Schema
    below: list[_Asked] = field(default_factory=list)


@dataclass(slots=True)
class _Asked(Fields):
    """Fields that remember what they are asked for, and answer with something harmless."""

    full: bool = True
    words_of: _Words = field(default_factory=_Words)
    wanted: dict[str, _Wanted] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        return self.full

    def place_of(self, name: str) -> Place:
        return _PLACE

    def text(self, name: str, default: str | None = None) -> str:
        self._want(name, {"type": "string"}, default is None)
        return _FREE if default is None else default

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        self._want(name, {"type": "integer", "minimum": low, "maximum": high}, default is None)
        return low if default is None else default

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        words = tuple(allowed)
        self._want(name, {"type": "string"} if _FREE in words else {"enum": list(words)}, default is None)
        return self.words_of.chosen(words)

    def flag(self, name: str) -> bool:
        self._want(name, {"type": "boolean"}, required=False)
        return self.words_of.chosen(("true", "false")) == "true"

    def day(self, name: str, default: date | None = None) -> date:
        self._want(name, {"type": "string", "format": "date"}, default is None)
        return default or date.min

    def clock(self, name: str, default: str | None = None) -> int:
        self._want(name, {"type": "string", "pattern": _CLOCK}, default is None)
        return 0

    def words(self, name: str, allowed: Iterable[str] | None = None, required: bool = False) -> tuple[str, ...]:
        entry: Schema = {"type": "string"} if allowed is None else {"enum": list(allowed)}
        self._want(name, {"type": "array", "items": entry}, required)
        return ()

    def integers(self, name: str, required: bool = False) -> tuple[tuple[int, Place], ...]:
        self._want(name, {"type": "array", "items": {"type": "integer"}}, required)
        return ()

    def section(self, name: str, required: bool = True) -> Fields | None:
        return self._mapping(name, {}, required)

    def sections(self, name: str, required: bool = False) -> tuple[Fields, ...]:
        return (self._mapping(name, {"type": "array"}, required),)

    def named(self, name: str) -> tuple[tuple[ScalarNode, Node], ...]:
        self._want(name, {"type": "object", "additionalProperties": {"type": ["string", "number"]}}, required=False)
        # The entry's value carries the mapping's name to `below`, which is called where the values are mappings.
        return ((_ANY_NAME, ScalarNode(_PLACE, name, quoted=True)),)

    def below(self, node: Node, name: str) -> Fields | None:
        assert isinstance(node, ScalarNode), "the schema only hands out entries of `named`"
        return self._mapping(node.text, {"type": "object"}, required=False)

    def close(self) -> None:
        """In a schema no key is unknown."""

    def _mapping(self, name: str, around: Schema, required: bool) -> _Asked:
        wanted = self._want(name, around, required)
        wanted.plain = around
        wanted.below.append(_Asked(_NODE, self.problems, full=self.full, words_of=self.words_of))
        return wanted.below[-1]

    def _want(self, name: str, plain: Schema, required: bool) -> _Wanted:
        if required:
            self.needed.add(name)
        return self.wanted.setdefault(name, _Wanted(plain))


def _object(runs: Iterable[_Asked]) -> Schema:
    """All runs over one mapping in one schema. Keys whose names are free allow any name."""
    asked = list(runs)
    names = dict.fromkeys(name for run in asked for name in run.wanted)
    told = {name: _value([run.wanted[name] for run in asked if name in run.wanted]) for name in names}
    needed = sorted(set.intersection(*(run.needed for run in asked)) - {_FREE})
    schema: Schema = {"type": "object", "properties": {name: told[name] for name in names if name != _FREE}}
    schema["additionalProperties"] = told.get(_FREE, False)
    return schema | ({"required": needed} if needed else {})


def _value(wanted: list[_Wanted]) -> Schema:
    below = [asked for one in wanted for asked in one.below]
    around = wanted[0].plain
    if not below:
        return around
    match around.get("type"):
        case "array":
            return {"type": "array", "items": _object(below)}
        case "object":
            return {"type": "object", "additionalProperties": _object(below)}
        case _:
            return _object(below)
