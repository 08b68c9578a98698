"""Text into an exact number of minor units, by integers alone. What can be read in two ways is a fault.

`1234.5`, `1,234.50`, `1.234,50`, `1 234,50` and `12,34,567.00` prove their marks themselves. `1,234` and `1.234` do not:
they are read only where a mapping names the decimal mark, or the amounts of the whole file prove one and never the other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.domain.money import MAX_MINOR
from bot.loanbook.problems import Fault

_PLAIN = re.compile(r"(\d+)(?:\.(\d*))?\Z", re.ASCII)
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}\Z", re.ASCII)
_MANY_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{2,3})(?:\1\d{2,3})*\1\d{3}\Z", re.ASCII)
_ONE_MARK = re.compile(r"\d+([.,])\d*\Z", re.ASCII)
_NUMBER = re.compile(r"\d[\d.,]*\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+\Z", re.ASCII)

_OTHER = {".": ",", ",": "."}
#: Decimals of `read_exact`: more than any export writes.
EXACT_DECIMALS = 18


def mark_proved(text: str) -> str:
    """The decimal mark that this value proves by itself: "." or ","; "?" where it can be read in two ways; else nothing."""
    text = _SPACED.sub("", text.strip())
    if not _NUMBER.match(text):
        return ""
    if _ONE_GROUP.match(text):
        return "?"
    if many := _MANY_GROUPS.match(text):
        return _OTHER[many[1]]
    dot, comma = text.rfind("."), text.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    one = _ONE_MARK.match(text)
    return one[1] if one else ""


def read_minor(text: str, currency: str, digits: int, decimal: str = "") -> int:
    """Minor units of `text` in a currency with so many `digits`; raises Fault.

    `decimal` is the mark that the mapping names or the file proves. Zeros beyond the currency's decimals are let in;
    other digits there are a fault.
    """
    whole, fraction = split_number(text, decimal)
    if len(fraction) > digits:
        if fraction[digits:].strip("0"):
            raise Fault("too_many_decimals", currency=currency, digits=digits)
        fraction = fraction[:digits]
    minor = int(whole + fraction.ljust(digits, "0"))
    if minor > MAX_MINOR:
        raise Fault("absurd_amount")
    return minor


def read_exact(text: str, decimal: str = "") -> int:
    """The number in units of 10**-18, for amounts whose decimals beyond the currency's are carried on; raises Fault."""
    whole, fraction = split_number(text, decimal)
    if len(fraction) > EXACT_DECIMALS:
        raise Fault("not_an_amount")
    if len(whole) > EXACT_DECIMALS:
        raise Fault("absurd_amount")
    return int(whole + fraction.ljust(EXACT_DECIMALS, "0"))


def split_number(text: str, decimal: str = "") -> tuple[str, str]:
    """Digits before and after the decimal mark, thousands marks taken out; raises Fault."""
    plain = _PLAIN.match(text)
    if plain and (decimal == "." or not _ONE_GROUP.match(text)) and decimal != ",":
        return plain[1], plain[2] or ""
    if text[:1] in ("-", "−", "(") and _NUMBER.match(_SPACED.sub("", text.strip("-−() "))):
        raise Fault("negative_amount")
    text = _SPACED.sub("", text)
    if not _NUMBER.match(text):
        raise Fault("shortened_number" if _SCIENTIFIC.match(text) else "not_an_amount")
    mark = decimal or mark_proved(text)
    if mark == "?":
        one, other = text.replace(",", "").replace(".", ""), text.replace(",", ".")
        raise Fault("ambiguous_amount", readings=f"{one} or {other}")
    match = _grouped(mark or ".").match(text)
    if match is None:
        raise Fault("not_an_amount")
    return match[1].replace(_OTHER[mark or "."], ""), match[2] or ""


@lru_cache(maxsize=2)
def _grouped(decimal: str) -> re.Pattern[str]:
    """Numbers with this decimal mark: no thousands marks, or one every three digits, or the Indian two, two, three."""
    group, mark = re.escape(_OTHER[decimal]), re.escape(decimal)
    whole = rf"\d+|\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,2}}(?:{group}\d{{2}})*{group}\d{{3}}"
    return re.compile(rf"({whole})(?:{mark}(\d*))?\Z", re.ASCII)
