"""What the chat page hears: new and edited messages, callback answers, people's changes, numbered so that it can resume."""

from collections import deque
from dataclasses import dataclass
from typing import Any, Literal

from bot.standin.bell import Bell

EventKind = Literal["message", "edit", "delete", "callback_answer", "chat_action", "person"]

#: A page that was away for longer than this many events reads everything again.
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `content` is JSON."""

    number: int
    kind: EventKind
    content: dict[str, Any]


class Events:
    """The last events, with waiting for the next."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=_KEPT)
        self.last = 0
        self._bell = Bell()

    def put(self, kind: EventKind, **content: Any) -> None:
        """Tells every listener."""
        self.last += 1
        self._kept.append(Event(self.last, kind, content))
        self._bell.ring()

    def after(self, number: int) -> list[Event]:
        """The kept events with a higher number."""
        fresh = self.last - number
        return list(self._kept)[-fresh:] if fresh > 0 else []

    async def next_after(self, number: int, seconds: float) -> list[Event]:
        """The events with a higher number, waiting for one; empty after so many real seconds."""
        try:
            return await self._bell.until(lambda: self.after(number) or None, seconds)
        except TimeoutError:
            return []
