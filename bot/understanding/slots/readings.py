"""What one stretch of words can mean as a value, and the rules that make it: days, durations, counts, amounts.

The tables of each language name these rules; nothing here knows any language's words. A rule that cannot be, such as
the 31st of February, gives None and the words mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.calendar import add_months
from bot.domain.understanding import AmountSaid

#: A count of payments beyond this is no plan anybody makes in a chat.
MOST_INSTALMENTS = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """One value, or, where `vague`, a time or sum that fixes none. `name` is the slot; "" marks words that are no value."""

    name: str
    day: date | None = None
    alternatives: tuple[date, ...] = ()
    number: int | None = None
    amount: AmountSaid | None = None
    text: str | None = None
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a rule may look at: the numbers and table words in the order said, the row's own value, and the day."""

    numbers: tuple[Decimal, ...]
    values: Mapping[str, tuple[int, ...]]  # per table group, such as "<weekday>"
    value: int
    text: str
    today: date
    past: bool  # the words speak of something that has been
    ahead: bool | None = None  # what the nearest verb speaks of, in a language where it decides; None if there is none

    def whole(self, place: int) -> int | None:
        """The number at that place if it is a whole one."""
        number = self.numbers[place]
        return int(number) if number == int(number) else None

    def of(self, group: str) -> int:
        return self.values[group][0]


Rule = Callable[[Hearing], Reading | None]

VAGUE_TIME = Reading("date", vague=True)
VAGUE_SUM = Reading("amount", vague=True)
NO_VALUE = Reading("")


def vague_time(_: Hearing) -> Reading:
    """ "soon", "payday", "next month": a time, but no day."""
    return VAGUE_TIME


def vague_sum(_: Hearing) -> Reading:
    """ "some of it", "the minimum"."""
    return VAGUE_SUM


def no_value(_: Hearing) -> Reading:
    """A number that is neither money nor a day: a clock time, an age, a count of calls."""
    return NO_VALUE


def clock_time(hearing: Hearing) -> Reading | None:
    """An hour of the day, which fixes no day."""
    return NO_VALUE if hearing.numbers[0] <= 24 else None


def named_month(hearing: Hearing) -> Reading | None:
    """A month without a day."""
    month = hearing.whole(0)
    return VAGUE_TIME if month is not None and 1 <= month <= 12 else None


def days_from_today(hearing: Hearing) -> Reading:
    """The row's value in days from today: "tomorrow" is 1."""
    return Reading("date", hearing.today + timedelta(hearing.value))


def after(hearing: Hearing) -> Reading | None:
    """So many units from today, the unit in days; months by the calendar. The row's value is the count if none was said."""
    count = hearing.numbers[0] if hearing.numbers else Decimal(hearing.value)
    unit = hearing.of("<unit>")
    if unit >= 30:
        months = count * unit / 30
        if months > 36:
            return None
        if months == int(months):
            return Reading("date", add_months(hearing.today, int(months) * (-1 if hearing.past else 1)))
    days = -(-count * unit // 1)  # a part of a day ends on the next
    if days > 1100:
        return None
    return Reading("date", hearing.today + timedelta(int(days) * (-1 if hearing.past else 1)))


def gone(rule: Rule) -> Rule:
    """The rule for words that themselves say that it has been: "3 दिन पहले", "pichle somvar"."""
    return lambda hearing: rule(replace(hearing, past=True))


def either_way(hearing: Hearing) -> Reading:
    """कल, the row's value in days from today or before it: the verb decides. Where there is none, both are kept."""
    there, back = (hearing.today + timedelta(days) for days in (hearing.value, -hearing.value))
    if hearing.ahead is None and not hearing.past:
        return Reading("date", there, (back,))
    return Reading("date", there if hearing.ahead else back)


def hours_from_now(hearing: Hearing) -> Reading | None:
    """Hours or minutes: today where they are few, else whole days."""
    hours = hearing.numbers[0] if hearing.numbers else Decimal(hearing.value)
    return Reading("date", hearing.today + timedelta(int(hours // 24))) if hours <= 240 else None


def duration(hearing: Hearing) -> Reading | None:
    """A length of time that is not tied to the calendar; the row's value is the count if none was said."""
    count = hearing.numbers[0] if hearing.numbers else Decimal(hearing.value)
    days = count * hearing.of("<unit>")
    return Reading("days", number=int(days)) if 0 < days <= 1100 else None


def days_long(hearing: Hearing) -> Reading:
    """A length that is one word, the row's value in days: "fortnight", 半个月."""
    return Reading("days", number=hearing.value)


def hours_long(hearing: Hearing) -> Reading | None:
    hours = hearing.whole(0)
    return Reading("days", number=-(-hours // 24)) if hours is not None and 0 < hours <= 240 else None


def weekday(hearing: Hearing) -> Reading:
    """The next such weekday to come, or of the row's value in weeks from this one; the last one in the past.

    Said on a Monday, "next Friday" is this week's for some and next week's for others: both are kept.
    """
    wanted = hearing.of("<weekday>")
    ahead = (wanted - hearing.today.weekday()) % 7
    if hearing.past:
        return Reading("date", hearing.today - timedelta((-ahead) % 7 or 7))
    if not hearing.value:
        return Reading("date", hearing.today + timedelta(ahead or 7))
    return Reading("date", _monday(hearing) + timedelta(7 * hearing.value + wanted))


def this_weekday(hearing: Hearing) -> Reading:
    """This week's such day; where it has passed, the next one may be meant."""
    day = _monday(hearing) + timedelta(hearing.of("<weekday>"))
    if hearing.past or day >= hearing.today:
        return Reading("date", day)
    return Reading("date", day + timedelta(7))


def next_weekday(hearing: Hearing) -> Reading:
    """Next week's such day; the coming one too, where that is this week's."""
    day = _monday(hearing) + timedelta(7 + hearing.of("<weekday>"))
    sooner = day - timedelta(7)
    return Reading("date", day, (sooner,) if sooner > hearing.today else ())


def coming_weekday(hearing: Hearing) -> Reading:
    """ "El viernes que viene": the next one to come, and the one after it where some mean next week's."""
    day = hearing.today + timedelta((hearing.of("<weekday>") - hearing.today.weekday()) % 7 or 7)
    this_week = day < _monday(hearing) + timedelta(7)
    return Reading("date", day, (day + timedelta(7),) if this_week else ())


def weekday_after(hearing: Hearing) -> Reading:
    """So many weeks after the coming such weekday: "a week from Monday", "Friday week"."""
    weeks = hearing.whole(0) if hearing.numbers else hearing.value
    ahead = (hearing.of("<weekday>") - hearing.today.weekday()) % 7 or 7
    return Reading("date", hearing.today + timedelta(ahead + 7 * min(weeks or 1, 52)))


def either_weekday(hearing: Hearing) -> Reading:
    """A weekend: its Sunday, or the Saturday."""
    sunday = _monday(hearing) + timedelta(6 + 7 * hearing.value)
    saturday = sunday - timedelta(1)
    return Reading("date", sunday, (saturday,) if saturday >= hearing.today else ())


def day_of_month(hearing: Hearing) -> Reading | None:
    """The next such day of a month to come."""
    number = hearing.whole(0) if hearing.numbers else hearing.of("<ordinal>")
    return _nearest(hearing, None, number)


def day_of_month_ahead(hearing: Hearing) -> Reading | None:
    """That day of the month that is the row's value in months ahead."""
    number = hearing.whole(0) if hearing.numbers else hearing.of("<ordinal>")
    month = add_months(hearing.today.replace(day=1), -1 if hearing.past and hearing.value else hearing.value)
    return _on(month.year, month.month, number)


def first_of_month(hearing: Hearing) -> Reading | None:
    """The first of the month where the words say so: the next one, or that of the row's value in months ahead."""
    if not hearing.value:
        return _nearest(hearing, None, 1)
    month = add_months(hearing.today.replace(day=1), hearing.value)
    return _on(month.year, month.month, 1)


def month_and_day(hearing: Hearing) -> Reading | None:
    """A named month and a day, in the year said or the next time it comes. A day that the month lacks is asked for."""
    day = hearing.whole(0) if hearing.numbers else hearing.of("<ordinal>")
    if len(hearing.numbers) > 1:
        return _on(hearing.whole(1), hearing.of("<month>"), day) or VAGUE_TIME
    return _nearest(hearing, hearing.of("<month>"), day) or VAGUE_TIME


def number_date_month_first(hearing: Hearing) -> Reading | None:
    """12/5 as December 5; the other order where only that can be, and as an alternative where both can."""
    return _either_order(hearing, hearing.whole(0), hearing.whole(1))


def number_date_day_first(hearing: Hearing) -> Reading | None:
    """12/5 as 12 May; the other order where only that can be, and as an alternative where both can."""
    return _either_order(hearing, hearing.whole(1), hearing.whole(0))


def month_day_numbers(hearing: Hearing) -> Reading | None:
    """Month and day as numbers whose order the words fix: 12月5日. A day that the month lacks is asked for."""
    return _nearest(hearing, hearing.whole(0), hearing.whole(1)) or VAGUE_TIME


def day_month_numbers(hearing: Hearing) -> Reading | None:
    """Day and month as numbers where people write the day first only: 10/12 is in December. The other way if only that can be."""
    day, month = hearing.whole(0), hearing.whole(1)
    if len(hearing.numbers) > 2:
        return _on(hearing.whole(2), month, day)
    return _nearest(hearing, month, day) or _nearest(hearing, day, month)


def dotted(hearing: Hearing) -> Reading | None:
    """12.5 beside a word that makes it a date."""
    month, _, day = hearing.text.partition(".")
    return _nearest(hearing, int(month), int(day))


def year_month_day(hearing: Hearing) -> Reading | None:
    return _on(hearing.whole(0), hearing.whole(1), hearing.whole(2))


def year_last(hearing: Hearing) -> Reading | None:
    """17/05/1990: both orders where both can be; the row's value 1 says that the month comes first."""
    one, two, year = hearing.whole(0), hearing.whole(1), hearing.whole(2)
    first, second = (
        (_on(year, one, two), _on(year, two, one)) if hearing.value else (_on(year, two, one), _on(year, one, two))
    )
    return _with_alternative(first, second)


def month_end(hearing: Hearing) -> Reading:
    """The last day of the month that is the row's value in months ahead."""
    first = add_months(hearing.today.replace(day=1), hearing.value + 1)
    return Reading("date", first - timedelta(1))


def year_end(hearing: Hearing) -> Reading:
    return Reading("date", date(hearing.today.year, 12, 31))


def yearly(hearing: Hearing) -> Reading | None:
    """A day of every year, the row's value as month * 100 + day."""
    return _nearest(hearing, hearing.value // 100, hearing.value % 100)


def yearly_or_day_before(hearing: Hearing) -> Reading | None:
    """ "before Christmas": the day before, and the day itself as the other reading."""
    itself = yearly(hearing)
    if itself is None or itself.day is None:
        return None
    return Reading("date", itself.day - timedelta(1), (itself.day,))


#: The first day of the Chinese year, which no rule of thumb gives.
_SPRING_FESTIVALS = {
    2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23),
    2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4),
}  # fmt: skip


def spring_festival(hearing: Hearing) -> Reading:
    """The next first day of the Chinese year plus the row's value in days; vague beyond the table."""
    for year in (hearing.today.year, hearing.today.year + 1):
        if year in _SPRING_FESTIVALS:
            day = date(year, *_SPRING_FESTIVALS[year]) + timedelta(hearing.value)
            if day >= hearing.today:
                return Reading("date", day)
    return VAGUE_TIME


def instalments(hearing: Hearing) -> Reading | None:
    """A number of payments; the row's value where the words fix it, as in "half now, half later"."""
    count = hearing.whole(0) if hearing.numbers else hearing.value
    return Reading("instalments", number=count) if count is not None and 1 < count <= MOST_INSTALMENTS else None


def a_sum(currency: str | None) -> Rule:
    """A number of money; the currency where the words fix it."""

    def rule(hearing: Hearing) -> Reading | None:
        number = hearing.numbers[0]
        if number <= 0:
            return None
        plain = str(int(number)) if number == int(number) else f"{number:f}"
        return Reading("amount", amount=AmountSaid(plain, currency))

    return rule


def a_fixed_sum(hearing: Hearing) -> Reading:
    """The row's value as a sum, where words and no number say it: "setengah juta"."""
    return Reading("amount", amount=AmountSaid(str(hearing.value), None))


def a_sum_and_half(hearing: Hearing) -> Reading:
    """A number and a half of the row's value: "dua setengah juta"."""
    number = (hearing.numbers[0] + Decimal("0.5")) * hearing.value
    return Reading("amount", amount=AmountSaid(f"{number.normalize():f}", None))


def a_bare_sum(hearing: Hearing) -> Reading | None:
    """A number alone. Below five it counts something else: "one now, one later"; asked for a sum, any number is one."""
    return a_sum(None)(hearing) if hearing.numbers[0] >= 5 else None


def a_share(numerator: int, denominator: int) -> Rule:
    """A part of what is owed: half is (1, 2), all of it (1, 1)."""
    said = Reading("amount", amount=AmountSaid(None, None, (numerator, denominator)))
    return lambda _: said


def ordinal(hearing: Hearing) -> Reading | None:
    """ "the second one": the place in a list, from 1; -1 is the last."""
    number = hearing.whole(0) if hearing.numbers else hearing.value or hearing.of("<ordinal>")
    return Reading("choice", number=number)


def a_language(tags: Sequence[str]) -> Rule:
    """A language by its place among the tags; -1 for "my language", which does not say which."""

    def rule(hearing: Hearing) -> Reading:
        place = hearing.of("<language>")
        return Reading("language", text=tags[place]) if place >= 0 else Reading("language", vague=True)

    return rule


def _monday(hearing: Hearing) -> date:
    return hearing.today - timedelta(hearing.today.weekday())


def _on(year: int | None, month: int | None, day: int | None) -> Reading | None:
    if year is None or month is None or day is None or not 1900 <= year <= 2100:
        return None
    try:
        return Reading("date", date(year, month, day))
    except ValueError:
        return None


def _nearest(hearing: Hearing, month: int | None, day: int | None) -> Reading | None:
    """The next day to come with that number, in that month if one is named; the last one in the past."""
    if day is None or not 1 <= day <= 31 or (month is not None and not 1 <= month <= 12):
        return None
    first = hearing.today.replace(day=1)
    steps = range(0, -13, -1) if hearing.past else range(13)
    for step in steps:
        there = add_months(first, step)
        if month is not None and there.month != month:
            continue
        found = _on(there.year, there.month, day)
        if found and found.day and (found.day <= hearing.today if hearing.past else found.day >= hearing.today):
            return found
    return None


def _either_order(hearing: Hearing, month: int | None, day: int | None) -> Reading | None:
    return _with_alternative(_nearest(hearing, month, day), _nearest(hearing, day, month))


def _with_alternative(first: Reading | None, second: Reading | None) -> Reading | None:
    if first is None or second is None or first.day == second.day or second.day is None:
        return first or second
    return Reading("date", first.day, (second.day,))
