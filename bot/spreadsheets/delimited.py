"""Delimited text (CSV and its relatives) as raw rows. The delimiter comes from the first line; a broken quote costs one row.

Lines without a quote are split plainly, which is what makes a million of them quick.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.loanbook.problems import problem
from bot.loanbook.raw import RawRow, RawTable
from bot.spreadsheets.probing import Probe

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: A quoted value over more lines than this is a quote that somebody forgot to close.
_MOST_LINES = 20
_QUOTED = re.compile(r'"[^"]*"')
_SEPARATOR = re.compile(r"sep=(.)$", re.IGNORECASE)


def read_delimited(path: Path, probe: Probe) -> RawTable:
    """The table in a delimited file whose first line (after `sep=;`, if there is one) names the columns."""
    with path.open(encoding=probe.codec, errors="replace") as file:
        lines = _Lines(file)
        header = next((line for line in lines if line[1].strip()), None)
        named = _SEPARATOR.match(header[1].strip()) if header else None
        if named:
            header = next((line for line in lines if line[1].strip()), None)
        if header is None:
            return RawTable((), (), (problem("empty_file"),))
        number, text = header
        delimiters = [named[1]] if named else _likely(text)
        if len(delimiters) != 1:
            marks = " and ".join(f"{_NAMES[d]}s" for d in delimiters)
            return RawTable((), (), (problem("delimiter_unclear", 1, marks=marks),))
        columns = _record(text, lines, delimiters[0])
        if columns is None:
            return RawTable((), (), (problem("unclosed_quote", number),))
    rows = _Rows(path, probe.codec, delimiters[0], lines.number, len(columns))
    notes = (f"Read as {probe.name}, delimited by {_NAMES.get(delimiters[0], delimiters[0])}.",)
    return RawTable(tuple(columns), rows, notes=notes, lines=probe.lines)


def _likely(header: str) -> list[str]:
    """The delimiters that split the first line into most columns; one where that is clear."""
    bare = _QUOTED.sub("", header)
    most = max(bare.count(mark) for mark in DELIMITERS)
    return [mark for mark in DELIMITERS if bare.count(mark) == most] if most else [","]


class _Lines:
    """Numbered lines that can be put back. `number` is that of the last one given."""

    def __init__(self, file: TextIO) -> None:
        self._lines = enumerate(file, start=1)
        self._returned: deque[tuple[int, str]] = deque()
        self.number = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.number = line[0]
        return line

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._returned.extendleft(reversed(lines))


def _record(text: str, lines: _Lines, delimiter: str) -> list[str] | None:
    """The values of a record that begins with this line and may go on in the next ones; None where a quote never closes.

    Then the lines after the first are put back, to be read as rows of their own.
    """
    taken: list[tuple[int, str]] = []
    while len(taken) < _MOST_LINES:
        try:
            values = next(csv.reader([text if text.endswith("\n") else text + "\n"], delimiter=delimiter), [])
        except csv.Error:
            break
        # An open quote swallows the line break; a closed one does not.
        if not values or not values[-1].endswith("\n"):
            return values
        following = next(lines, None)
        if following is None:
            break
        taken.append(following)
        text += following[1]
    lines.put_back(taken)
    return None


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows after the header; each iteration opens the file anew."""

    path: Path
    codec: str
    delimiter: str
    header_ends: int
    width: int

    def __iter__(self) -> Iterator[RawRow]:
        with self.path.open(encoding=self.codec, errors="replace") as file:
            lines = _Lines(file)
            for number, _ in lines:
                if number >= self.header_ends:
                    break
            yield from self._rows(lines)

    def _rows(self, lines: _Lines) -> Iterator[RawRow]:
        delimiter, width = self.delimiter, self.width
        for number, text in lines:
            if '"' in text:
                record = _record(text, lines, delimiter)
                if record is None:
                    yield RawRow(number, [text.rstrip("\n")], "unclosed_quote")
                    continue
                values = record
            else:
                values = text.rstrip("\n").split(delimiter)
            if len(values) < width and not text.endswith("\n"):
                yield RawRow(number, values, "truncated_line")
            elif values and (values[0].strip() or any(value.strip() for value in values)):
                yield RawRow(number, values)
