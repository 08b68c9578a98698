"""A user of Telegram: who they are and how they stand to the bot. What they can do is in `people.py`."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class User:
    """One account. `started`: wrote to the bot at least once; `about`: free JSON for the chat page, never read here."""

    user_id: int
    name: str
    phone: str
    language_code: str | None = None
    username: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def names(self) -> dict[str, Any]:
        """The fields of a name as in the objects User and Chat."""
        first, _, last = self.name.partition(" ")
        names = {"first_name": first, "last_name": last, "username": self.username}
        return {name: value for name, value in names.items() if value}

    def as_telegram(self) -> dict[str, Any]:
        """The User object."""
        user = {"id": self.user_id, "is_bot": False, **self.names()}
        return user if self.language_code is None else {**user, "language_code": self.language_code}
