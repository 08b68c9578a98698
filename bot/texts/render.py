"""Rendering: a message, the catalogs and a language give the words; money, days and counts follow CLDR.

A message is worded wholly in one language, its nested messages included, or wholly in the next one that stands in. Values
are put in as they are, once: a borrower's name that looks like a placeholder or a tag stays a name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_datetime, get_timezone, match_skeleton
from babel.numbers import format_currency, format_decimal

from bot.domain.calendar import zone
from bot.domain.errors import CannotSay
from bot.domain.money import Money
from bot.texts.catalogs import Catalog, Catalogs
from bot.texts.languages import cldr_locale, is_right_to_left
from bot.texts.messages import DayInYear, Message, Moment, Parameter, ShortDay, Words
from bot.texts.placeholders import Template, read_template

#: How a day looks in chat, in CLDR's letters. A language may say otherwise in its catalog; else CLDR's own form is used.
DAY = Message("EEEE, d MMMM", "format.day")
DAY_IN_YEAR = Message("EEEE, d MMMM y", "format.day_in_year")
SHORT_DAY = Message("EEE, d MMM", "format.day_short")
SHORT_DAY_IN_YEAR = Message("EEE, d MMM y", "format.day_short_in_year")
FORMATS = (DAY, DAY_IN_YEAR, SHORT_DAY, SHORT_DAY_IN_YEAR)

#: The nearest skeleton of CLDR for a pattern that a catalog does not have.
_SKELETONS = {DAY: "MMMMEEEEd", DAY_IN_YEAR: "yMMMMEEEEd", SHORT_DAY: "MMMEd", SHORT_DAY_IN_YEAR: "yMMMEd"}

#: First strong isolate and its end: they keep a value's own direction from disturbing the sentence around it.
_ISOLATE, _END = "\u2068", "\u2069"

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069\u061c]+")
_LONGEST_WORDS = 200
_WEEKDAY, _MONTH = re.compile(r"(?<!E)E{1,3}(?!E)|(?<!c)c{1,3}(?!c)"), re.compile(r"(?<!M)M{3}(?!M)|(?<!L)L{3}(?!L)")
_LETTER_BEFORE_DIGIT = re.compile(r"([^\W\d_])(?=\d)")


def render(message: Message, catalogs: Catalogs, language: str, markup: str = "plain") -> str:
    """The words of one message.

    With `markup` "html" the values are escaped, the sentence is not. Raises CannotSay where a parameter is missing, which
    `dialogs check` rules out: half a sentence about money is worse than none.
    """
    return render_lines((message,), catalogs, language, markup)


def render_lines(lines: Iterable[Message], catalogs: Catalogs, language: str, markup: str = "plain") -> str:
    """Several messages in the same language, joined by newlines; a message without a source is an empty line."""
    lines = tuple(lines)
    catalog = _speaker(lines, catalogs, language)
    return "\n".join(_worded(line, catalog, markup) for line in lines)


def day_text(day: date, catalogs: Catalogs, language: str) -> str:
    """A day as it looks in chat, by itself."""
    speaker = catalogs.chain(language)[0]
    return _day_text(day, _pattern(DAY, speaker), speaker.language)


def whole_language(lines: Iterable[Message], catalogs: Catalogs, language: str) -> str:
    """The language in which all of these can be said: the one asked for, else the first that stands in for it."""
    return _speaker(tuple(lines), catalogs, language).language


def _speaker(lines: tuple[Message, ...], catalogs: Catalogs, language: str) -> Catalog:
    chain = catalogs.chain(language)
    for catalog in chain[:-1]:
        if all(_known(line, catalog) for line in lines):
            return catalog
    return chain[-1]


def _known(message: Message, catalog: Catalog) -> bool:
    if message.source and (message.context, message.source) not in catalog.entries:
        return False
    return all(_known(value.message, catalog) for _, value in message.parameters if isinstance(value, Words))


def _worded(message: Message, catalog: Catalog, markup: str) -> str:
    if not message.source:
        return ""
    parameters = dict(message.parameters)
    template = _template(message, parameters, catalog)
    if template.faults:
        raise CannotSay(f"{message.context}: {template.faults[0]!r} is not a placeholder")
    pieces = list(template.pieces)
    for at in range(1, len(pieces), 2):
        name = pieces[at]
        if name not in parameters:
            raise CannotSay(f"{message.context}: there is no {name!r}")
        pieces[at] = _value(parameters[name], catalog, markup)
    return "".join(pieces)


def _template(message: Message, parameters: dict[str, Parameter], catalog: Catalog) -> Template:
    count: int | None = None
    if message.plural is not None:
        given = parameters.get(message.count_by or "")
        if not isinstance(given, int):
            raise CannotSay(f"{message.context}: no count for the plural")
        count = abs(given)
    words = catalog.form(message.context, message.source, count)
    if words is None:
        words = message.source if message.plural is None or count == 1 else message.plural
    return read_template(words)


def _value(value: Parameter, catalog: Catalog, markup: str) -> str:
    if isinstance(value, Words):
        return _worded(value.message, catalog, markup)
    text = _plain_value(value, catalog)
    if markup == "html":
        text = html.escape(text, quote=False)
    return f"{_ISOLATE}{text}{_END}" if is_right_to_left(catalog.language) else text


def _plain_value(value: str | int | Money | date | DayInYear | ShortDay | Moment, catalog: Catalog) -> str:
    language = catalog.language
    match value:
        case str():
            return _UNPRINTABLE.sub(" ", value)[:_LONGEST_WORDS].strip()
        case int():
            return str(format_decimal(value, locale=cldr_locale(language)))
        case Money():
            return money_text(value, language)
        case DayInYear(day):
            return _day_text(day, _pattern(DAY_IN_YEAR, catalog), language)
        case ShortDay(day, in_year):
            return _day_text(day, _pattern(SHORT_DAY_IN_YEAR if in_year else SHORT_DAY, catalog), language)
        case Moment(at, zone_name):
            local = at.astimezone(zone(zone_name))
            # "VVV" names the zone by its city, which people know; offsets and abbreviations they mostly do not.
            clock = format_datetime(local, "HH:mm (VVV)", tzinfo=get_timezone(zone_name), locale=cldr_locale(language))
            return f"{_day_text(local.date(), _pattern(DAY, catalog), language)} {clock}"
        case _:
            return _day_text(value, _pattern(DAY, catalog), language)


@lru_cache(maxsize=16384)
def money_text(amount: Money, language: str) -> str:
    """An amount as a reader of that language writes it, always with all its decimals."""
    text = str(format_currency(amount.decimal, amount.currency, locale=cldr_locale(language)))
    # CLDR keeps a space between a currency written in letters and its digits; Babel does not.
    return _LETTER_BEFORE_DIGIT.sub("\\1\u00a0", text)


def _pattern(message: Message, catalog: Catalog) -> str:
    own = catalog.form(message.context, message.source, None)
    if own is not None or catalog.language == "en":
        return own or message.source
    return _cldr_pattern(_SKELETONS[message], catalog.language)


@lru_cache(maxsize=256)
def _cldr_pattern(skeleton: str, language: str) -> str:
    locale = cldr_locale(language)
    best = match_skeleton(skeleton, locale.datetime_skeletons)
    pattern = str(locale.datetime_skeletons[best].pattern if best else locale.date_formats["full"].pattern)
    if "MMMM" not in skeleton:
        return pattern
    # The nearest skeleton may have short names; what stands between quotes is text, not pattern.
    parts = pattern.split("'")
    parts[::2] = [_MONTH.sub("MMMM", _WEEKDAY.sub("EEEE", part)) for part in parts[::2]]
    return "'".join(parts)


@lru_cache(maxsize=16384)
def _day_text(day: date, pattern: str, language: str) -> str:
    return str(format_date(day, pattern, locale=cldr_locale(language)))
