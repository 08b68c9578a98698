"""The shared grammar of values: a language's table goes in once, candidates of a message come out, longest first.

A table is rows of `pattern -> rule`; patterns are written like phrases. Labels they may use: `{n}` a number, `{year}`,
`{digits}` a run of digits, `{dotted}` as in 12.5, and the table's own `<groups>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.understanding.matching import Found, Lattice, Tree
from bot.understanding.normalize import Normalized
from bot.understanding.notation import labels, read_phrase
from bot.understanding.slots.languages import OWN
from bot.understanding.slots.numbers import NumberWords, numbers_from
from bot.understanding.slots.readings import Hearing, Reading, Rule, a_language
from bot.understanding.words import Kind, Lexicon, Word

#: Candidates looked at in one message; nobody names more values than this.
MOST_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One way to name a value. Earlier rows win over later ones of the same length."""

    pattern: str
    rule: Rule
    value: int = 0


def words(text: str) -> frozenset[str]:
    """A set of words, written with spaces between them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Signs:
    """Words around a value that say which of several is meant."""

    pay: frozenset[str]  # verbs that give money
    owe: frozenset[str]  # verbs of debts and earnings: the sum beside them is not the one to be paid
    until: frozenset[str]  # a day promised or asked for stands beside them
    each: frozenset[str]  # a sum per week or month
    corrected: tuple[str, ...]  # "no wait": the value before was wrong
    negated: tuple[str, ...]  # the value behind is denied
    refused: tuple[str, ...]  # "cannot pay": the sum behind is not offered
    either: frozenset[str]  # "or", between two values both of which would do
    # In a language whose verbs stand at the end:
    pay_behind: frozenset[str] = frozenset()
    owe_behind: frozenset[str] = frozenset()
    refused_behind: tuple[str, ...] = ()  # "500 नहीं दे सकता": the value before is not offered
    ahead: frozenset[str] = frozenset()  # verbs of what is to come, where one word is both tomorrow and yesterday
    gone: frozenset[str] = frozenset()  # and of what has been


@dataclass(frozen=True, slots=True)
class SlotTable:
    """All that one language knows about values."""

    language: str
    numbers: NumberWords
    groups: Mapping[str, Mapping[str, int]]
    rows: tuple[Row, ...]
    signs: Signs
    spellings: Mapping[str, str]
    languages: Mapping[str, str]  # names of languages and their tags
    some_language: tuple[str, ...]  # "my language": one that is not named
    examples: Mapping[str, str]  # one for each slot label of a phrase


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value found: its reading and the words `start` to `end` (not included)."""

    reading: Reading
    start: int
    end: int
    row: int

    @property
    def length(self) -> int:
        return self.end - self.start


class SlotGrammar:
    """A table made ready for matching."""

    def __init__(self, table: SlotTable) -> None:
        self.table = table
        self.spellings = {typed: tuple(meant.split()) for typed, meant in table.spellings.items()}
        self._plain = Lexicon(self.spellings, ())
        self._rows = Tree()
        self._groups = Tree()
        self._group_values: list[tuple[str, int]] = []
        counted = table.numbers
        known: set[str] = {*counted.small, *counted.multipliers, *counted.broken, *counted.leading}
        tags = tuple(dict.fromkeys({**OWN, **table.languages}.values()))
        names = {name: tags.index(tag) for name, tag in {**OWN, **table.languages}.items()}
        groups = {**table.groups, "language": names | dict.fromkeys(table.some_language, -1)}
        self._table_rows = (*table.rows, Row("<language>", a_language(tags)))
        for name, members in groups.items():
            for text, value in members.items():
                variant = self._read(text)
                known.update(variant)
                self._groups.add(variant, len(self._group_values))
                self._group_values.append((f"<{name}>", value))
        for number, row in enumerate(self._table_rows):
            pattern = read_phrase(row.pattern, self._read)
            known.update(label for label in labels(pattern) if label[0] not in "{<.")
            self._rows.add(pattern, number)
        self.known = frozenset(known)

    def _read(self, text: str) -> tuple[str, ...]:
        words = self._plain.read(Normalized(text, tuple(range(len(text)))))
        return tuple(word.text for word in words)

    def candidates(self, said: Sequence[Word], today: date, past: bool) -> tuple[Candidate, ...]:
        """Everything in the words that names a value, without overlaps: the longest stays, then the earlier row."""
        lattice = Lattice(said, signs_count=True)
        numbers: dict[tuple[int, int], Decimal] = {}
        values: dict[tuple[str, int, int], int] = {}
        for start, word in enumerate(said):
            if not lattice.fresh[start]:
                continue
            for end, number in numbers_from(said, start, self.table.numbers):
                numbers[start, end] = number
                lattice.add("{n}", start, end)
            for label in _digit_labels(word):
                lattice.add(label, start, start + 1)
        for found in lattice.find(self._groups):
            label, value = self._group_values[found.number]
            values[label, found.start, found.end] = value
            lattice.add(label, found.start, found.end)
        named: list[Candidate] = []
        for found in lattice.find(self._rows):
            hearing = self._hearing(found, said, (numbers, values), today, past)
            reading = self._table_rows[found.number].rule(hearing)
            if reading is not None:
                named.append(Candidate(reading, found.start, found.end, found.number))
        return _longest(named)

    def _hearing(
        self,
        found: Found,
        words: Sequence[Word],
        read: tuple[Mapping[tuple[int, int], Decimal], Mapping[tuple[str, int, int], int]],
        today: date,
        past: bool,
    ) -> Hearing:
        numbers, values = read
        counted: list[Decimal] = []
        grouped: dict[str, tuple[int, ...]] = {}
        text = ""
        for label, start, end in found.steps:
            if label == "{n}":
                counted.append(numbers[start, end])
            elif label == "{year}":
                counted.append(Decimal(words[start].text))
            elif label in ("{digits}", "{dotted}"):
                text = words[start].text
            elif (label, start, end) in values:
                grouped[label] = (*grouped.get(label, ()), values[label, start, end])
        ahead = _ahead(found, words, self.table.signs)
        return Hearing(tuple(counted), grouped, self._table_rows[found.number].value, text, today, past, ahead)


def _ahead(found: Found, words: Sequence[Word], signs: Signs) -> bool | None:
    """Whether the next verb, or else the last one before, is of what is to come."""
    if not signs.ahead:
        return None
    for word in (*words[found.start :], *words[: found.start][::-1]):
        if word.text in signs.ahead or word.text in signs.gone:
            return word.text in signs.ahead
    return None


def _digit_labels(word: Word) -> Iterator[str]:
    if word.kind is not Kind.NUMBER:
        return
    text = word.text
    if text.isdigit():
        if len(text) >= 3:
            yield "{digits}"
        if len(text) == 4 and "1900" <= text <= "2100":
            yield "{year}"
        return
    month, point, day = text.partition(".")
    if point and month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and len(day) <= 2:
        yield "{dotted}"


def _longest(named: list[Candidate]) -> tuple[Candidate, ...]:
    taken: set[int] = set()
    kept: list[Candidate] = []
    for candidate in sorted(named, key=lambda c: (-c.length, c.row, c.start)):
        places = range(candidate.start, candidate.end)
        if len(kept) < MOST_CANDIDATES and taken.isdisjoint(places):
            taken.update(places)
            kept.append(candidate)
    return tuple(sorted(kept, key=lambda c: c.start))
