"""Codes that stand in a loan book: currency, language, region, time zone. Read exactly or refused, with a near word named."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from bot.domain.calendar import is_zone
from bot.domain.diagnostics import did_you_mean
from bot.domain.money import is_currency
from bot.loanbook.problems import Fault

#: Tags that lenders write for a Chinese without naming its script; what is written in them is what they mean.
_CHINESE = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
}
_PSEUDO = {"en-xa": "en-XA", "ar-xb": "ar-XB"}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?\Z", re.IGNORECASE | re.ASCII)
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB"})
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z", re.ASCII)


def read_currency(text: str) -> str:
    """ISO 4217 in capitals; raises Fault."""
    code = text.upper()
    if not is_currency(code):
        raise Fault("unknown_currency", hint=' Did you mean "CNY"?' if code in ("RMB", "CNH", "元", "人民币") else "")
    return code


def read_language(text: str) -> str:
    """A BCP 47 tag in its usual capitals, Chinese always with its script; raises Fault.

    zh-CN means zh-Hans and zh-TW zh-Hant; the underscore form of folders (pt_BR) is accepted.
    """
    tag = text.replace("_", "-")
    if known := _CHINESE.get(tag.lower()) or _PSEUDO.get(tag.lower()):
        return known
    if not _TAG.match(tag):
        raise Fault("unknown_language", hint=_tag_of_name(text))
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise Fault("unknown_language", hint=_tag_of_name(text)) from None
    return "-".join(part for part in (locale.language, locale.script, locale.territory) if part)


def read_region(text: str) -> str:
    """ISO 3166-1 (`GB`; `UK` is accepted) or ISO 3166-2 (`US-NY`) in capitals; raises Fault."""
    code = text.upper().replace("_", "-")
    country = "GB" if code[:2] == "UK" else code[:2]
    if country not in _countries() or not (len(code) == 2 or _SUBDIVISION.match(code)):
        raise Fault("unknown_region", hint="")
    return country + code[2:]


def read_zone(text: str) -> str:
    """A time zone of the IANA list; raises Fault."""
    if not is_zone(text):
        raise Fault("unknown_timezone", hint=did_you_mean(text, _zones()))
    return text


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


def _tag_of_name(text: str) -> str:
    """The tag of a language that was written by its English name."""
    names = {str(name).casefold(): tag for tag, name in Locale("en").languages.items()}
    tag = names.get(text.casefold())
    return f' Did you mean "{tag}"?' if tag else ""
