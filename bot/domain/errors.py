"""Our own exceptions, for the world's failures and for misuse; ordinary outcomes are values, not exceptions.

GraceError
├── MoneyError            amounts that cannot be: other currency, too many decimals, no number
├── ConfigurationProblems settings or files that cannot be used; carries every problem at once
├── StorageError
│   ├── StorageUnavailable    the database cannot answer now; nothing was written; try again
│   ├── Conflict              somebody changed the situation meanwhile; compute again from fresh state
│   └── Duplicate             this event, payment or timer is already stored; nothing was written
├── ChannelUnavailable    the messaging service cannot be reached at all
└── CannotSay             a message without its words or parameters; `dialogs check` rules it out, so it is a bug
"""

from __future__ import annotations

from collections.abc import Sequence


class GraceError(Exception):
    """Something went wrong in Gracebot."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class MoneyError(GraceError):
    """This amount cannot be used."""


class ConfigurationProblems(GraceError):
    """The configuration cannot be used."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class StorageError(GraceError):
    """The database did not do what was asked."""


class StorageUnavailable(StorageError):
    """The database cannot answer now; nothing was written."""


class Conflict(StorageError):
    """The situation changed while this turn was computed."""


class Duplicate(StorageError):
    """This was stored before."""


class CannotSay(GraceError):
    """This message cannot be worded; nothing of it is shown."""


class ChannelUnavailable(GraceError):
    """The messaging service cannot be reached."""
