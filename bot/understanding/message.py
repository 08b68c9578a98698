"""One message read in one language: its words, the values in it, and the phrases found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.understanding.book import LanguagePhrases, Part, Phrase
from bot.understanding.matching import Found, Lattice
from bot.understanding.normalize import Normalized
from bot.understanding.slots.grammar import Candidate
from bot.understanding.words import Kind, Word

#: What a word tells that no phrase knows.
_UNKNOWN = 0.5
#: How often one phrase is counted in one message.
_SAID_AT_MOST = 3
#: One Chinese character tells less than one word of letters.
_PER_CHARACTER = 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a message: where, how much it tells, and the words it stands on."""

    phrase: Phrase
    weights: tuple[tuple[int, float], ...]  # per word

    @property
    def places(self) -> frozenset[int]:
        return frozenset(place for place, _ in self.weights)

    @property
    def weight(self) -> float:
        return sum(weight for _, weight in self.weights)


class Message:
    """The words of a message in one language with everything that was found in them."""

    def __init__(self, normalized: Normalized, known: LanguagePhrases, today: date) -> None:
        self.normalized = normalized
        self.today = today
        self.known = known
        self.words: Sequence[Word] = known.lexicon.read(normalized)
        self.candidates = known.slots.candidates(self.words, today, past=False)
        self._lattice = self._edges()
        self.content = frozenset(
            place
            for place, word in enumerate(self.words)
            if word.kind in (Kind.WORD, Kind.NUMBER)
            and self._lattice.fresh[place]
            and not self._lattice.is_filler(place)
        )
        self.matches = tuple(self._matches())

    @property
    def alarming(self) -> bool:
        """True where a safety phrase was found."""
        return any(match.phrase.part is Part.SAFETY for match in self.matches)

    def values(self, past: bool, today: date) -> Sequence[Candidate]:
        """The values, read as what has been where the message speaks of that."""
        return self.known.slots.candidates(self.words, today, past=True) if past else self.candidates

    def total(self, start: int = 0, end: int | None = None) -> float:
        """How much the whole message could tell, or the words from `start` to `end` (not included)."""
        last = len(self.words) if end is None else end
        return sum(
            self._weight(self.words[place].text, self.words[place].is_han)
            for place in self.content
            if start <= place < last
        )

    def signs(self) -> tuple[str, ...]:
        """What the message may be likened by: its words, and each two Chinese characters in a row."""
        found: list[str] = []
        for place in sorted(self.content):
            word = self.words[place]
            if not word.is_han:
                found.append(word.text)
            elif place + 1 < len(self.words) and self.words[place + 1].is_han:
                found.append(word.text + self.words[place + 1].text)
        return tuple(dict.fromkeys(found))

    def understood(self) -> float:
        """The share of the words that this language knows."""
        words = [word.text for word in self.words if word.kind is Kind.WORD]
        return sum(self.known.lexicon.knows(word) for word in words) / len(words) if words else 0.0

    def _matches(self) -> Iterator[Match]:
        """The phrases found. One that is said over and over counts only so often: a flood must not cost more than a rant."""
        said: dict[int, int] = {}
        for found in self._lattice.find(self.known.tree):
            said[found.number] = said.get(found.number, 0) + 1
            if said[found.number] <= _SAID_AT_MOST:
                match = self._match(found)
                if self._counts(match):
                    yield match

    def _edges(self) -> Lattice:
        lattice = Lattice(self.words)
        for found in lattice.find(self.known.group_tree):
            lattice.add(self.known.groups[found.number], found.start, found.end)
        for candidate in self.candidates:
            for label in _labels(candidate, self.today):
                lattice.add(label, candidate.start, candidate.end)
        for found in lattice.find(self.known.filler_tree):
            for place in range(found.start, found.end):
                lattice.may_skip(place, found.end)
        for place, word in enumerate(self.words):
            if word.kind is Kind.NUMBER:
                lattice.add("{number}", place, place + 1)
        return lattice

    def _weight(self, label: str, is_han: bool = False) -> float:
        return self.known.weights.get(label, _UNKNOWN) * (_PER_CHARACTER if is_han else 1.0)

    def _match(self, found: Found) -> Match:
        weights: list[tuple[int, float]] = []
        for label, start, end in found.steps:
            # A group or value may be several words; together they tell what one word tells.
            whole = self._weight(label, end - start == 1 and self.words[start].is_han)
            share = whole / (end - start) if not self.words[start].is_han else whole / (end - start) ** 0.5
            weights += [(place, share * (1.0 if self.words[place].sure else 0.8)) for place in range(start, end)]
        return Match(self.known.phrases[found.number], tuple(weights))

    def _counts(self, match: Match) -> bool:
        """A phrase that must stand alone does so; fillers and punctuation aside."""
        if match.phrase.part is not Part.ALONE or self.content <= match.places:
            return True
        said = {self.words[place].text for place in match.places}
        return all(self.words[place].text in said for place in self.content)  # "stop stop stop"


def _labels(candidate: Candidate, today: date) -> Iterator[str]:
    """What a value may stand for in a phrase."""
    reading = candidate.reading
    if reading.day is not None and reading.day < today:
        yield "{past}"
    elif reading.name:
        yield f"{{{reading.name}}}"
        if reading.day is not None:
            yield "{day}"


def without_contained(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Matches that do not lie within a longer one of another intent: "stop" within "do not stop" says nothing."""
    everything = tuple(matches)
    kept: list[Match] = []
    for match in everything:
        inside = any(other.phrase.intent != match.phrase.intent and match.places < other.places for other in everything)
        if not inside:
            kept.append(match)
    return tuple(kept)
