"""The truth ledger: every call that came in and every update that was made, in order, with what became of it.

Tests compare it with what the bot believes it did. Entries are only ever added.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bot.standin.bell import Bell
from bot.standin.methods import METHODS


@dataclass(frozen=True, slots=True)
class Entry:
    """One call or one update.

    accepted: the call took effect (an update always did). answered: the caller was told so or told no; False where a
    fault kept the answer back.
    """

    seq: int
    at: datetime
    kind: Literal["call", "update"]
    #: The method of a call, or what the update carries ("message", "callback_query").
    method: str
    chat_id: int | None
    text: str | None
    accepted: bool
    answered: bool
    status: int
    description: str | None = None
    fault: str | None = None
    message_id: int | None = None
    update_id: int | None = None
    fields: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """All fields as JSON values; files and other non-JSON values by their description."""
        return {**asdict(self), "at": self.at.isoformat(), "fields": _plain(self.fields)}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case str() | int() | float() | None:
            return value
        case _:
            return f"<{type(value).__name__}>"


class Ledger:
    """All entries since the start; `seq` counts from 1 without a gap."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._bell = Bell()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def add(self, at: datetime, kind: Literal["call", "update"], method: str, **facts: Any) -> Entry:
        """Writes the next entry."""
        entry = Entry(seq=len(self._entries) + 1, at=at, kind=kind, method=method, **facts)
        self._entries.append(entry)
        self._bell.ring()
        return entry

    def after(self, seq: int) -> Sequence[Entry]:
        """The entries with a higher number, in order."""
        return self._entries[max(0, seq) :]

    def calls(self, method: str | None = None, *, accepted: bool | None = None) -> list[Entry]:
        """The calls of a method (None: of all), refused ones too unless `accepted` says which."""
        return [
            entry
            for entry in self._entries
            if entry.kind == "call" and method in (None, entry.method) and accepted in (None, entry.accepted)
        ]

    def updates(self, kind: str | None = None) -> list[Entry]:
        """The updates made, of one kind or of all."""
        return [entry for entry in self._entries if entry.kind == "update" and kind in (None, entry.method)]

    def sent(self, chat_id: int | None = None) -> list[Entry]:
        """The messages that reached a chat (None: any), whether or not the bot was told so."""
        return [
            entry
            for entry in self._entries
            if entry.kind == "call"
            and entry.accepted
            and METHODS[entry.method].pace == "send"
            and chat_id in (None, entry.chat_id)
        ]

    async def wait_for(self, seq: int, timeout: float | None = 10.0) -> Entry:  # noqa: ASYNC109
        """The entry with this number as soon as it is written; TimeoutError after `timeout` real seconds."""
        return await self._bell.until(lambda: self._entries[seq - 1] if len(self._entries) >= seq else None, timeout)
