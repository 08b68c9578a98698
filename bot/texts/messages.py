"""Messages before they are worded: a source sentence, its context, and typed parameters.

The source sentence is the gettext msgid (English), the context says where it stands (`flow.step`). Parameters are values,
formatted only at rendering, by the reader's locale; text is never a template of anything but `%(name)s`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant shown as wall-clock time in `zone`."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Words:
    """A parameter that is itself a message, such as the name of a stage or a list's line."""

    message: Message


@dataclass(frozen=True, slots=True)
class DayInYear:
    """A day shown with its year, where the year is not the present one."""

    day: date


@dataclass(frozen=True, slots=True)
class ShortDay:
    """A day in few letters, for a button that would be too long otherwise."""

    day: date
    in_year: bool = False


Parameter = str | int | Money | date | DayInYear | ShortDay | Moment | Words
Parameters = tuple[tuple[str, Parameter], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to be worded. With `plural` the form is chosen by the integer parameter named `count_by`."""

    source: str
    context: str
    parameters: Parameters = ()
    plural: str | None = None
    count_by: str | None = None

    def with_short_days(self) -> Message:
        """The same with its days in few letters."""
        return replace(self, parameters=tuple((name, _shortened(value)) for name, value in self.parameters))


def _shortened(value: Parameter) -> Parameter:
    if isinstance(value, DayInYear):
        return ShortDay(value.day, in_year=True)
    return ShortDay(value) if isinstance(value, date) else value
