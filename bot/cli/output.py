"""Output: rows as a table for people, or as JSON, JSON Lines or CSV for programs; progress and errors go to stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TextIO

Row = Mapping[str, Any]


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def plain(value: Any) -> Any:
    """A record's value in exchange form: money as `500.00 CNY`, days and instants as ISO 8601."""
    from bot.domain.money import Money

    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        pairs = all(isinstance(v, tuple) and len(v) == 2 and isinstance(v[0], str) for v in value) and value
        return {k: plain(v) for k, v in value} if pairs else [plain(v) for v in value]
    return value


def write_rows(rows: Sequence[Row], form: Format, columns: Sequence[str], out: TextIO | None = None) -> None:
    """Writes the rows. `columns` are those of the table and the CSV file; JSON forms hold every field."""
    out = out or sys.stdout
    match form:
        case Format.JSONL:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        case Format.JSON:
            out.write(json.dumps(list(rows), ensure_ascii=False, indent=2) + "\n")
        case Format.CSV:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
        case Format.TABLE:
            _table(rows, columns, out)


async def stream_rows(
    rows: AsyncIterator[Row], form: Format, columns: Sequence[str], out: TextIO | None = None
) -> None:
    """Writes rows as they come, in what `write_rows` would write but for the spaces of JSON; a table needs them all."""
    out = out or sys.stdout
    if form is Format.TABLE:
        write_rows([row async for row in rows], form, columns, out)
        return
    if form is Format.CSV:
        write_rows((), form, columns, out)
    before = "["
    async for row in rows:
        if form is Format.JSON:
            out.write(f"{before}\n{json.dumps(row, ensure_ascii=False, indent=2)}")
            before = ","
        elif form is Format.CSV:
            csv.writer(out, lineterminator="\n").writerow(_cell(row.get(name)) for name in columns)
        else:
            write_rows((row,), form, columns, out)
    if form is Format.JSON:
        out.write("[]\n" if before == "[" else "\n]\n")


def _cell(value: Any) -> str:
    text = _text(value)
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _table(rows: Sequence[Row], columns: Sequence[str], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        out.write("Nothing to list.\n")
        return
    table = Table()
    for name in columns:
        # A word longer than its column goes on in the next line: what is cut off cannot be copied.
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_text(row.get(name))) for name in columns))
    Console(file=out).print(table)
