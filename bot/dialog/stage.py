"""Stage: what a rehearsal plays on, and a message as the borrower saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.dialog.effects import Choice, Say
from bot.dialog.script import Script
from bot.domain.delivery import Button, Content
from bot.domain.events import ButtonPressed, InboundEvent
from bot.domain.loan import Loan
from bot.policy.contact_policy import ContactPolicy
from bot.policy.programme import Programme
from bot.policy.wording import Lexicon
from bot.texts.catalogs import Catalogs
from bot.texts.messages import Message
from bot.understanding.phrases import PhraseBook


@dataclass(frozen=True, slots=True)
class Stage:
    """What is rehearsed: one published version's parts. `lexicons` know the words of debt in each language."""

    script: Script
    catalogs: Catalogs
    phrases: PhraseBook
    programmes: tuple[Programme, ...]
    contact_policy: ContactPolicy
    lexicons: tuple[Lexicon, ...] = ()

    def programme_of(self, loan: Loan) -> Programme:
        return next((p for p in self.programmes if p.programme_id == loan.programme), self.programmes[0])


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the borrower saw it. `keyboard` is the conversation's version that its buttons name."""

    say: Say
    content: Content
    keyboard: int
    steps: tuple[str, ...]

    def buttons(self) -> list[tuple[int, Choice, Button]]:
        choices = [choice for row in self.say.choices for choice in row]
        shown = [button for row in self.content.rows for button in row]
        return [(place, c, b) for place, (c, b) in enumerate(zip(choices, shown, strict=True))]

    def press(self, place: int) -> ButtonPressed:
        """What arrives when the button at that place is pressed."""
        choice = self.buttons()[place][1]
        keyboard = None if choice.intent else self.keyboard
        return ButtonPressed(keyboard, place, choice.intent, choice.argument, "query", str(self.keyboard))


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a rehearsal's history: what the borrower did, a message to them, or the line shown on a pressed button."""

    at: datetime
    what: InboundEvent | Shown | Message
