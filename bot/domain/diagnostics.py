"""Diagnostics: authors' mistakes as values, all of them at once, each with place, code, sentence and fix."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # blocks publishing
    WARNING = "warning"


#: What every code means; and the kinds of code, by first letter, that have a page each.
INDEX = "docs/diagnostics.md"
_PAGED = "YSG"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file, both 1-based; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.file if not self.line else f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake: `code` names its kind and its page in the docs, `sentence` says what is wrong, `fix` what to do."""

    place: Place
    code: str
    sentence: str
    fix: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place} {self.code} {self.sentence} {self.fix}".rstrip()


def page_of(code: str) -> str:
    """The page of the docs on which a code is explained."""
    return f"docs/diagnostics/{code}.md" if code[0] in _PAGED and code[1:].isdigit() else INDEX


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` where a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
