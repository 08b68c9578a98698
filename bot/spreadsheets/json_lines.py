"""JSON Lines as raw rows: one object a line, numbers kept as they are written, never as floats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.loanbook.problems import problem
from bot.loanbook.raw import RawRow, RawTable
from bot.spreadsheets.probing import Probe

Pairs = list[tuple[str, Any]]


class _NotPlain(ValueError):
    """The line is JSON, but not an object of plain values with each name once."""


def read_json_lines(path: Path, probe: Probe) -> RawTable:
    """The table of all names that any line has, in the order in which they first appear."""
    columns: dict[str, None] = {}
    with path.open(encoding=probe.codec, errors="replace") as file:
        for line in file:
            try:
                columns.update(dict.fromkeys(name for name, _ in _pairs(line)))
            except ValueError:
                continue
    if not columns:
        return RawTable((), (), (problem("bad_json", 1),))
    rows = _Rows(path, probe.codec, tuple(columns))
    return RawTable(tuple(columns), rows, notes=(f"Read as JSON Lines in {probe.name}.",), lines=probe.lines)


@dataclass(frozen=True, slots=True)
class _Rows:
    path: Path
    codec: str
    columns: tuple[str, ...]

    def __iter__(self) -> Iterator[RawRow]:
        with self.path.open(encoding=self.codec, errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    values = {name: _text(value) for name, value in _pairs(line)}
                except ValueError:
                    fault = "bad_json" if line.endswith("\n") else "truncated_line"
                    yield RawRow(number, [line.rstrip("\n")], fault)
                    continue
                yield RawRow(number, [values.get(name, "") for name in self.columns])


def _pairs(line: str) -> Pairs:
    """The names and values of a line's object; raises ValueError."""
    try:
        pairs = _DECODER.decode(line)
    except RecursionError:
        raise _NotPlain from None
    # A list of pairs is an object; anything else is not (a JSON list comes as a list without pairs).
    if not isinstance(pairs, _Object):
        raise _NotPlain
    if len({name for name, _ in pairs}) < len(pairs):
        raise _NotPlain
    return pairs


class _Object(list[tuple[str, Any]]):
    """An object with its names in order, doubled ones included."""


_DECODER = json.JSONDecoder(object_pairs_hook=_Object, parse_float=str, parse_int=str, parse_constant=str)


def _text(value: Any) -> str:
    """A plain value as the text that a cell of a CSV file would hold; a list of texts (flags) with spaces between."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() if not isinstance(value, _Object) and all(isinstance(part, str) for part in value):
            return " ".join(value)
        case _:
            raise _NotPlain
