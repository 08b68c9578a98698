"""Sentences with `%(name)s` in them, read once into pieces. Anything else after a percent sign is a fault.

A template is never handed to Python's formatting: it is cut into literal text and names, and joined again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MARK = re.compile(r"%(?:\((?P<name>[a-z][a-z0-9_]*)\)s|(?P<percent>%))?")


@dataclass(frozen=True, slots=True)
class Template:
    """`pieces` alternate: literal, name, literal, name, ..., literal. `faults` are stray or foreign percent signs."""

    pieces: tuple[str, ...]
    names: frozenset[str]
    faults: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def read_template(text: str) -> Template:
    """The pieces of a sentence; `%%` is a percent sign."""
    pieces = [""]
    faults: list[str] = []
    at = 0
    for mark in _MARK.finditer(text):
        pieces[-1] += text[at : mark.start()]
        at = mark.end()
        if name := mark.group("name"):
            pieces.extend((name, ""))
        elif mark.group("percent"):
            pieces[-1] += "%"
        else:
            faults.append(text[mark.start() : mark.start() + 12])
    pieces[-1] += text[at:]
    return Template(tuple(pieces), frozenset(pieces[1::2]), tuple(faults))
