"""How a phrase is written: plain words, `(this|that)`, `[maybe]`, `{slot}`, `<group>` and `...` for a few other words.

A phrase is read into a pattern: labels in a row, with choices between rows. Faults are sentences for the admin who
wrote it, never a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

GAP = "..."
#: Brackets within brackets; more is no sentence any more.
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows, or none of them where `optional`."""

    options: tuple[Pattern, ...]
    optional: bool = False


#: Labels in a row: words, `{slot}`, `<group>`, `...`, and choices.
Pattern = tuple[str | Choice, ...]
ReadWords = Callable[[str], tuple[str, ...]]

_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}


class PhraseFault(Exception):
    """A phrase that cannot be read; the message is a sentence for its author."""


@dataclass(slots=True)
class _Reader:
    text: str
    read_words: ReadWords
    at: int = 0
    depth: int = 0

    def options(self, closer: str) -> tuple[Pattern, ...]:
        """Everything up to `closer`, divided by `|`."""
        found: list[Pattern] = []
        parts: list[str | Choice] = []
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == closer or (sign == "|" and closer):
                found.append(tuple(parts))
                parts = []
                self.at += 1
                if sign == closer:
                    return tuple(found)
            else:
                parts += self._part(sign)
        if closer:
            raise PhraseFault(f'A "{closer}" is missing.')
        return (*found, tuple(parts))

    def _part(self, sign: str) -> Pattern:
        if sign in "([":
            self.at += 1
            self.depth += 1
            if self.depth > _DEEPEST:
                raise PhraseFault("There are too many brackets within brackets.")
            inside = self.options(_CLOSERS[sign])
            self.depth -= 1
            return (Choice(tuple(option for option in inside if option), sign == "[" or () in inside),)
        if sign in "{<":
            return (self._label(_CLOSERS[sign]),)
        if sign in ")]}>|":
            raise PhraseFault(f'A "{sign}" stands alone.')
        if self.text.startswith(GAP, self.at):
            self.at += len(GAP)
            return (GAP,)
        return self.read_words(self._plain())

    def _label(self, closer: str) -> str:
        end = self.text.find(closer, self.at)
        if end < 0:
            raise PhraseFault(f'A "{closer}" is missing.')
        label = self.text[self.at : end + 1]
        self.at = end + 1
        return label

    def _plain(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in "()[]{}<>|":
            if self.text.startswith(GAP, self.at):
                break
            self.at += 1
        return self.text[start : self.at]


def read_phrase(text: str, read_words: ReadWords) -> Pattern:
    """The pattern of a phrase. Raises PhraseFault."""
    pattern = _Reader(text, read_words).options("")[0]
    first, may_be_empty = _at_end(pattern, 1)
    if may_be_empty:
        raise PhraseFault("Nothing must be said for this phrase to match.")
    if GAP in first | _at_end(pattern, -1)[0]:
        raise PhraseFault('"..." stands between words, not at an end.')
    return pattern


def _at_end(pattern: Pattern, direction: int) -> tuple[set[str], bool]:
    """The labels that may stand at one end, the first (1) or the last (-1), and whether nothing need be said at all."""
    found: set[str] = set()
    for part in pattern[::direction]:
        if isinstance(part, str):
            return found | {part}, False
        ends = [_at_end(option, direction) for option in part.options]
        found = found.union(*(end for end, _ in ends))
        if not part.optional and not any(empty for _, empty in ends):
            return found, False
    return found, True


def labels(pattern: Pattern) -> Iterator[str]:
    """Every label of a pattern, some more than once."""
    for part in pattern:
        if isinstance(part, str):
            yield part
        else:
            for option in part.options:
                yield from labels(option)


def sentences(pattern: Pattern) -> Iterator[tuple[str, ...]]:
    """The rows of labels a pattern stands for, the shortest choices first. There may be very many: take a few."""
    if not pattern:
        yield ()
        return
    first, rest = pattern[0], pattern[1:]
    if isinstance(first, str):
        for behind in sentences(rest):
            yield (first, *behind)
        return
    for option in ((), *first.options) if first.optional else first.options:
        for said in sentences(option):
            for behind in sentences(rest):
                yield (*said, *behind)
