"""Own accounts: whether a link or an account number that somebody received is one of those that the lender has configured.

Links count by their exact host, so that a name which only begins or ends like the lender's is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.@-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){5,}")


def is_ours(received: str, values: Iterable[str]) -> bool | None:
    """Whether every link and number in the text is among the `values`; None where it holds neither."""
    known = list(values)
    hosts = {host for value in known for host in _hosts(value)}
    numbers = {number for value in known for number in _numbers(value)}
    found = [(host, hosts) for host in _hosts(received)] + [(number, numbers) for number in _numbers(received)]
    return all(name in ours for name, ours in found) if found else None


def _hosts(text: str) -> list[str]:
    found = []
    for link in _LINK.findall(text):
        try:
            host = urlsplit(link if "://" in link else f"https://{link}").hostname
        except ValueError:
            host = None
        # What cannot be read as an address is certainly not the lender's.
        found.append((host or link).lower().removeprefix("www."))
    return found


def _numbers(text: str) -> list[str]:
    return [re.sub(r"[ -]", "", number) for number in _NUMBER.findall(_LINK.sub(" ", text))]
