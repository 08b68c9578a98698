"""Own accounts: whether a link or an account that somebody received is one of those that the lender has configured.

Links count by their exact host, so that a name which only begins or ends like the lender's is told apart. What looks like an
account in any way of writing counts as one: beside the lender's own link, a foreign one must not pass unseen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

#: With a scheme up to the next one, or a bare name; names in other letters are looked for in what is left of the text.
_LINK = re.compile(
    r"(?:https?://|www\.)(?:(?!https?://)\S)+|(?<![\w.@-])[a-z0-9-]++(?:\.[a-z0-9-]++)++(?<=[a-z]{2})(?!\.\S|@)(?:/\S*)?",
    re.IGNORECASE | re.ASCII,
)
_FOREIGN_NAME = re.compile(r"(?<![\w.@-])[\w-]++(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)*")
#: Groups of an account are parted by spaces and dashes; by points only where it is too long for an amount.
_NUMBER = re.compile(r"\d(?:[ ./-]?\d){11,}|\d(?:[ -]?\d){5,}")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
#: What ends a sentence or closes a bracket after a link is no part of it.
_AFTER_LINK = ".,;:!?)]}>'\"\u3002\u3001\uff09\u300b\u300d\u3011\u201d\u2019\u2026"


def is_ours(received: str, values: Iterable[str]) -> bool | None:
    """Whether every link, address and number in the text is among the `values`; None where it holds none of them."""
    known = {name for value in values for name in _names(value)}
    found = _names(received)
    return found <= known if found else None


def _names(text: str) -> set[str]:
    """Hosts, addresses such as name@bank, and numbers by their digits alone."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    hosts = {_host(link) for link in _LINK.findall(plain)}
    rest = _LINK.sub(" ", plain)
    addresses = {address.lower() for address in _ADDRESS.findall(rest)}
    rest = _ADDRESS.sub(" ", rest)
    foreign = {name.lower() for name in _FOREIGN_NAME.findall(rest)}
    return hosts | addresses | foreign | {_digits(number) for number in _NUMBER.findall(rest)}


def _host(link: str) -> str:
    try:
        host = urlsplit((link if "://" in link else f"https://{link}").rstrip(_AFTER_LINK)).hostname
    except ValueError:
        host = None
    # What cannot be read as an address is certainly not the lender's.
    return (host or link).lower().removeprefix("www.")


def _digits(number: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in number if c.isdecimal())
