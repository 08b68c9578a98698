"""What the open question makes of a message: "500", "yes", "the second one", a typed button.

A bare value answers the question it fits. Nothing here decides whether the message means something else as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from bot.domain.understanding import AmountSaid, Guess, HearingContext, SlotValue
from bot.understanding.message import Message
from bot.understanding.normalize import normalize
from bot.understanding.slots.grammar import Candidate
from bot.understanding.words import Kind

#: Digits that may stand for something to know a person by.
_FEWEST_DIGITS = 3
#: Nobody who borrows was born in the last years, and nobody promises a day so long past.
_YOUNGEST = 10
_YES_NO = {"affirm": "yes", "deny": "no"}


def read(
    message: Message, values: Sequence[Candidate], heard: HearingContext, guesses: Sequence[Guess]
) -> SlotValue | None:
    """The value that answers the open question, if the message holds one."""
    if heard.choices:
        chosen = _choice(message, values, heard)
        if chosen is not None:
            return chosen
    if heard.expects == "yes_no":
        return _yes_no(message, guesses)
    if heard.expects == "digits":
        return _digits(message, values, heard.today)
    if heard.expects == "amount":
        return _amount(message, values)
    if heard.expects in ("instalments", "days"):
        return _count(message, values, heard.expects)
    return None


def slot_of(message: Message, candidate: Candidate) -> SlotValue:
    """A value found, with the place of its words in what was typed."""
    reading = candidate.reading
    return SlotValue(
        reading.name,
        _span(message, candidate),
        amount=reading.amount,
        day=reading.day,
        number=reading.number,
        text=reading.text,
        alternatives=reading.alternatives,
    )


def _choice(message: Message, values: Sequence[Candidate], heard: HearingContext) -> SlotValue | None:
    """A button's label as typed, or its place in the row; `number` counts from 1, `text` is the label."""
    typed = _plain(message.normalized.text)
    for number, label in enumerate(heard.choices, start=1):
        if typed and typed == _plain(normalize(label, message.known.language).text):
            return SlotValue("choice", _whole(message), number=number, text=label)
    for candidate in values:
        said = candidate.reading.number
        if candidate.reading.name == "choice" and said is not None:
            number = len(heard.choices) if said == -1 else said
            if 1 <= number <= len(heard.choices):
                return SlotValue("choice", _span(message, candidate), number=number, text=heard.choices[number - 1])
    bare = _bare_number(message)
    if heard.expects == "choice" and bare is not None and 1 <= bare <= len(heard.choices):
        return SlotValue("choice", _whole(message), number=bare, text=heard.choices[bare - 1])
    return None


def wish(message: Message, heard: HearingContext) -> Guess | None:
    """What a button stands for whose label is all that was typed, wherever it was shown."""
    found = _by_plain_label(heard.wishes, message.known.language).get(_plain(message.normalized.text))
    return None if found is None else Guess(found[1], 1.0, f"the label {found[0]}")


@lru_cache(maxsize=128)
def _by_plain_label(wishes: tuple[tuple[str, str], ...], language: str) -> Mapping[str, tuple[str, str]]:
    """Labels and their intents by what is left of them when typed; the first of two alike. Read once, not in every turn."""
    found: dict[str, tuple[str, str]] = {}
    for label, intent in wishes:
        found.setdefault(_plain(normalize(label, language).text), (label, intent))
    found.pop("", None)
    return found


def _yes_no(message: Message, guesses: Sequence[Guess]) -> SlotValue | None:
    for guess in guesses:
        if guess.intent in _YES_NO:
            return SlotValue("yes_no", _whole(message), text=_YES_NO[guess.intent])
    return None


def _digits(message: Message, values: Sequence[Candidate], today: date) -> SlotValue | None:
    """The last run of digits, spaces between them or not; an X at the end belongs to some identity numbers.

    A birth date is no run of digits: it is a date.
    """
    if any(value.reading.day is not None and value.reading.day.year < today.year - _YOUNGEST for value in values):
        return None
    runs: list[tuple[int, int, str]] = []
    apart = True
    for word in message.words:
        if word.kind is Kind.NUMBER and word.text.isdigit():
            start, _, before = runs.pop() if runs and not apart else (word.start, 0, "")
            runs.append((start, word.end, before + word.text))
            apart = False
        elif word.text == "x" and runs and runs[-1][1] == word.start:
            runs[-1] = (runs[-1][0], word.end, runs[-1][2] + "X")
        else:
            apart = True
    found = [run for run in runs if len(run[2]) >= _FEWEST_DIGITS]
    if not found:
        return None
    start, end, text = found[-1]
    return SlotValue("digits", message.normalized.span(start, end), text=text)


def _amount(message: Message, values: Sequence[Candidate]) -> SlotValue | None:
    """A number that would be a day or a count elsewhere is a sum here, if it is all that was said."""
    if any(candidate.reading.name == "amount" for candidate in values):
        return None
    bare = _bare_number(message)
    return SlotValue("amount", _whole(message), amount=AmountSaid(str(bare), None)) if bare else None


def _count(message: Message, values: Sequence[Candidate], name: str) -> SlotValue | None:
    if any(candidate.reading.name == name for candidate in values):
        return None
    bare = _bare_number(message)
    return SlotValue(name, _whole(message), number=bare) if bare else None


def _bare_number(message: Message) -> int | None:
    """The whole number that is all the message says."""
    if len(message.content) != 1:
        return None
    text = message.words[min(message.content)].text
    small = message.known.slots.table.numbers.small.get(text)
    return int(text) if text.isdigit() and len(text) <= 9 else small


def _plain(text: str) -> str:
    """Letters and digits only, as typed labels differ in signs and pictures."""
    return "".join(letter for letter in text if letter.isalnum())


def _span(message: Message, candidate: Candidate) -> tuple[int, int]:
    return message.normalized.span(message.words[candidate.start].start, message.words[candidate.end - 1].end)


def _whole(message: Message) -> tuple[int, int]:
    return message.normalized.span(0, len(message.normalized.text))
