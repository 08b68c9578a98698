"""Numbers as people write them: digits with separators, number words, and words that multiply ("2k", "三千二", "1.2万").

One algorithm serves every language; what the words are worth comes from the language's table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding.words import Kind, Word

#: More digits than any amount, date or count has; longer ones are account or telephone numbers.
MOST_DIGITS = 12
#: Words a number may consist of.
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class NumberWords:
    """What number words are worth.

    `elided`: a digit behind a multiplier counts its tenth, as in 三千二 = 3,200; three behind a million are thousands, as
    in 2tr500.
    """

    small: Mapping[str, int]
    multipliers: Mapping[str, int]
    implied_one: frozenset[str] = frozenset()  # multipliers that may stand alone: "hundred", 十
    articles: frozenset[str] = frozenset()  # words for one before a multiplier: "a hundred"
    joiners: frozenset[str] = frozenset()  # "and"; 零
    added: Mapping[str, int] = field(default_factory=dict)  # words that add to the one before: "lima belas" is 5 and 10
    broken: Mapping[str, Decimal] = field(default_factory=dict)  # डेढ़ is 1.5
    leading: Mapping[str, Decimal] = field(default_factory=dict)  # words that add to the one behind: साढ़े तीन is 3.5
    elided: bool = False
    decimal_mark: str = "."  # "" where both marks are in use for both things


@dataclass(slots=True)
class _Sum:
    """A number being read. `part` waits for a multiplier; `last` is the multiplier read before."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    part: Decimal | None = None
    last: int = 0
    joined: bool = False
    lead: Decimal = Decimal(0)

    def multiply(self, by: int) -> None:
        if self.lead:
            self.part, self.lead = 1 + self.lead, Decimal(0)
        if by >= 1000:
            whole = self.section + (self.part or 0)
            if self.total >= by:
                self.total += (whole or 1) * by
            else:
                self.total = (self.total + whole or Decimal(1)) * by
            self.section = Decimal(0)
        else:
            self.section += (self.part if self.part is not None else 1) * by
        self.part, self.last, self.joined = None, by, False

    def value(self, elided: bool) -> Decimal:
        part = self.part or Decimal(0)
        if elided and self.last >= 100 and not self.joined and 0 < part < 10 and part == int(part):
            part = part * self.last / 10
        elif elided and self.last == 1_000_000 and 100 <= part < 1000:
            part = part * 1000
        return self.total + self.section + part


def read_digits(text: str, decimal_mark: str) -> Decimal | None:
    """A run of digits with separators. None where the groups make no number, such as "1,2" or "2026.12.05"."""
    decimal_mark = decimal_mark or _mark_used(text)
    group_mark = "," if decimal_mark == "." else "."
    whole, point, fraction = text.partition(decimal_mark)
    groups = whole.split(group_mark)
    if len(groups) > 1 and not _grouped([len(group) for group in groups]):
        return None
    if (point and not fraction.isdigit()) or len(text) > MOST_DIGITS:
        return None
    return Decimal("".join(groups) + (f".{fraction}" if point else ""))


def _grouped(lengths: Sequence[int]) -> bool:
    """Groups of three digits, or of two and three at the end as in India: 1,25,000."""
    first, *inner, last = lengths
    if last != 3:
        return False
    return (1 <= first <= 3 and all(n == 3 for n in inner)) or (first <= 2 and all(n == 2 for n in inner))


def _mark_used(text: str) -> str:
    """The decimal mark of a number in a language that uses both: the last of two, and none of one before three digits."""
    comma, point = text.rfind(","), text.rfind(".")
    last = "," if comma > point else "."
    if min(comma, point) < 0 and (text.count(last) > 1 or len(text) - text.rfind(last) == 4):
        return "." if last == "," else ","
    return last


def numbers_from(words: Sequence[Word], start: int, known: NumberWords) -> Iterator[tuple[int, Decimal]]:
    """Every number that begins at `start`: the place behind it and its value, shorter ones first."""
    so_far = _Sum()
    for place in range(start, min(len(words), start + MOST_WORDS)):
        if not _read(words, place, known, so_far, first=place == start):
            return
        complete = not any(words[place].text in those for those in (known.joiners, known.articles, known.leading))
        if complete:
            yield place + 1, so_far.value(known.elided)


def _read(words: Sequence[Word], place: int, known: NumberWords, so_far: _Sum, first: bool) -> bool:
    """Takes one more word into the number. False where it does not belong to it."""
    word = words[place]
    following = words[place + 1].text if place + 1 < len(words) else ""
    if word.kind is Kind.NUMBER:
        value = read_digits(word.text, known.decimal_mark)
        apart = so_far.last == 1000 and known.elided and place > 0 and words[place - 1].end < word.start
        return value is not None and not apart and _add(so_far, value, digits=True)  # "500k 3 lần": two numbers
    if word.text in known.leading:
        so_far.lead = known.leading[word.text]
        return so_far.part is None and (
            following[:1].isdigit() or following in known.small or following in known.multipliers
        )
    if word.text in known.multipliers:
        alone = so_far.part is None and (first or so_far.joined or so_far.last < known.multipliers[word.text] <= 100)
        if alone and word.text not in known.implied_one and not so_far.lead:
            return False
        so_far.multiply(known.multipliers[word.text])
        return True
    if word.text in known.joiners and not first:
        so_far.joined = True
        return following in known.small or following in known.multipliers
    if word.text in known.added and so_far.part is not None and so_far.part < 10:
        so_far.part += known.added[word.text]
        return True
    if word.text in known.broken:
        return _add(so_far, known.broken[word.text], digits=False)
    if word.text in known.small:
        return _add(so_far, Decimal(known.small[word.text]), digits=False)
    if word.text in known.articles:
        so_far.part = Decimal(1)
        return first and following in known.multipliers
    return False


def _add(so_far: _Sum, value: Decimal, digits: bool) -> bool:
    """Adds a number below the place of what stands there: "twenty" takes "five", "doscientos" fifty, "two" nothing."""
    if so_far.part is None:
        value, so_far.lead = value + so_far.lead, Decimal(0)
        if so_far.last and value >= so_far.last:
            return False
        so_far.part = value
        return True
    place = 100 if so_far.part % 100 == 0 else 10
    fits = not digits and so_far.part >= 20 and so_far.part % 10 == 0 and 0 < value < place
    if fits:
        so_far.part += value
    return fits
