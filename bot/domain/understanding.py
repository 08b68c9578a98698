"""What a message was understood to mean, as values shared by understanding, dialog and the traces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class AmountSaid:
    """An amount as said: the number in full units, the currency only where the words fix it. `share` is "half" as (1, 2)."""

    number: str | None  # a decimal as text: "500", "1250.50"
    currency: str | None
    share: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SlotValue:
    """One value found in a message. Exactly one of the value fields is set. `alternatives` are other readings of the words."""

    name: str  # amount, date, days, instalments, choice, yes_no, language, digits
    span: tuple[int, int]
    amount: AmountSaid | None = None
    day: date | None = None
    number: int | None = None
    text: str | None = None
    alternatives: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """A candidate meaning. `why` names what decided: a phrase, a rule."""

    intent: str
    confidence: float  # 0 to 1
    why: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message.

    `intent` is None where nothing was understood well enough; `rivals` then holds at most three guesses to ask back with.
    `safety` lists every safety intent found, most urgent first, whatever else was understood; `meanings` everything that
    was said, those first. `language` is what the message is written in, None where that cannot be told from it.
    """

    intent: str | None
    confidence: float
    slots: tuple[SlotValue, ...] = ()
    rivals: tuple[Guess, ...] = ()
    safety: tuple[Guess, ...] = ()
    topic: str | None = None
    why: str = ""
    question: str | None = None  # the finer kind of a question, Q01 to Q64
    meanings: tuple[Guess, ...] = ()
    language: str | None = None

    def slot(self, name: str) -> SlotValue | None:
        return next((s for s in self.slots if s.name == name), None)


#: A message that carries no words, such as a button or a photo.
NOTHING_SAID = Understanding(intent=None, confidence=0.0)

#: These act on the first message, from any step, in every language, in this order of urgency.
SAFETY_INTENTS = (
    "vulnerability_risk",
    "bereavement",
    "wrong_person",
    "stop_contact",
    "dispute_debt",
    "lawyer_or_adviser",
    "hardship",
    "complaint",
    "request_human",
)


@dataclass(frozen=True, slots=True)
class HearingContext:
    """What shapes a reading: the borrower's language, day and currency, and what the last question asked for."""

    language: str
    today: date
    currency: str | None = None
    expects: str | None = None  # the slot type of the open question: amount, date, yes_no, choice, digits, ...
    choices: tuple[str, ...] = ()  # labels of the live buttons, in order
    owed: Money | None = None  # what "all of it" and "half" refer to
    wishes: tuple[tuple[str, str], ...] = ()  # labels of all that may be pressed, each with the intent it stands for
    asked: bool = False  # whether a question is open
    names: tuple[str, ...] = ()  # of the people concerned, which nobody outside is shown
