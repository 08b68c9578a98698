"""Which of the values in a message are meant: corrections, denials, either-or, and several sums or days side by side.

A sum is never guessed: where two would do, none is given and the dialog asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.understanding.slots.grammar import Candidate, Signs
from bot.understanding.slots.readings import Reading
from bot.understanding.words import Kind, Word

#: How far from a value its verb may stand, in words.
_NEAR = 4
#: In a plan the first payment named counts; elsewhere the day promised, which people say last.
_FIRST_COUNTS = frozenset({"propose_instalments"})
_SLOTS = ("amount", "date", "days", "instalments", "choice", "language")


def choose(
    candidates: Sequence[Candidate], words: Sequence[Word], signs: Signs, intent: str | None
) -> tuple[Candidate, ...]:
    """At most one value for each slot, in the order said."""
    # "50 a week" is a sum and how often it comes, not a length of time.
    sums_end = {c.end for c in candidates if c.reading.name == "amount"}
    candidates = [c for c in candidates if not (c.reading.name == "days" and c.start in sums_end)]
    chosen = [_of(name, candidates, words, signs, intent) for name in _SLOTS]
    found = [candidate for candidate in chosen if candidate is not None]
    if intent != "propose_instalments" and any(c.reading.name == "date" for c in found):
        # "until Friday, just a week": the day says it all.
        found = [c for c in found if c.reading.name != "days"]
    if intent == "propose_instalments":
        found = [c for c in found if c.reading.name != "days"]
    return tuple(sorted(found, key=lambda c: c.start))


def _of(
    name: str, candidates: Sequence[Candidate], words: Sequence[Word], signs: Signs, intent: str | None
) -> Candidate | None:
    named = [c for c in candidates if c.reading.name == name and not c.reading.vague]
    named = [c for c in named if not _denied(c, words, signs)]
    named = _after_correction(named, words, signs)
    if len(named) == 2 and _joined(named[0], named[1], words, signs.either):
        return _either(named[0], named[1])
    if not named:
        return None
    scores = [_score(c, words, signs) for c in named]
    best = [c for c, score in zip(named, scores, strict=True) if score == max(scores)]
    return best[0] if intent in _FIRST_COUNTS or name in ("amount", "choice") else best[-1]


def _score(candidate: Candidate, words: Sequence[Word], signs: Signs) -> int:
    """Higher for a value that the words around it make the one to be paid, or the day to pay."""
    before = [word.text for word in _before(candidate, words)]
    behind = [word.text for word in words[candidate.end : candidate.end + 2]]
    score = 0
    if candidate.reading.name == "amount":
        score += 3 if signs.each & {*before, *behind[:1]} else 0
        score += 1 if candidate.reading.amount and candidate.reading.amount.currency else 0
        score -= 2 if signs.owe & set(before[-2:]) else 0
        score += 2 if signs.pay & set(before) or signs.pay_behind & set(behind) else 0
        score -= 2 if signs.owe_behind & set(behind[:1]) else 0
        score -= 1 if candidate.reading.amount and candidate.reading.amount.share else 0
    elif candidate.reading.name == "date":
        near = signs.until & {*before[-3:], *(word.text for word in words[candidate.start : candidate.end])}
        score += 1 if near or signs.until & set(behind) else 0
    return score


def _before(candidate: Candidate, words: Sequence[Word]) -> Sequence[Word]:
    """The few words before a value, within its sentence."""
    start = candidate.start
    while start > 0 and candidate.start - start < _NEAR and words[start - 1].kind is not Kind.END:
        start -= 1
    return words[start : candidate.start]


def _denied(candidate: Candidate, words: Sequence[Word], signs: Signs) -> bool:
    """True for "not Friday" and for what one "cannot pay"."""
    before = _line(_before(candidate, words))
    if any(before.endswith(_said(said)) for said in signs.negated):
        return True
    behind = _line(words[candidate.end : candidate.end + _NEAR])
    if any(behind.startswith(_said(said)) for said in signs.refused_behind):
        return True
    return candidate.reading.name == "amount" and any(_said(said) in before for said in signs.refused)


def _after_correction(named: list[Candidate], words: Sequence[Word], signs: Signs) -> list[Candidate]:
    """Only what was said after the last "no wait" between two values."""
    for place in range(len(named) - 1, 0, -1):
        between = _line(words[named[place - 1].end : named[place].start])
        if any(_said(said) in between for said in signs.corrected):
            return named[place:]
    return named


def _joined(one: Candidate, other: Candidate, words: Sequence[Word], either: frozenset[str]) -> bool:
    between = [word.text for word in words[one.end : other.start]]
    return len(between) <= 4 and bool(either & {*between, "".join(between)})


def _either(one: Candidate, other: Candidate) -> Candidate | None:
    """The first day with the other as an alternative; of two sums or counts neither."""
    if one.reading.day is None or other.reading.day is None:
        return None
    reading = Reading("date", one.reading.day, (*one.reading.alternatives, other.reading.day))
    return Candidate(reading, one.start, other.end, one.row)


def _line(words: Sequence[Word]) -> str:
    """The words with a space around each, so that whole words can be looked for."""
    return f" {' '.join(word.text for word in words)} "


@lru_cache(maxsize=512)
def _said(text: str) -> str:
    """A sign's words in the same form; Chinese characters are words of their own."""
    return f" {' '.join(text.split() if text.isascii() else text)} "
