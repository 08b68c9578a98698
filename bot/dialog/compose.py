"""Composing: proactive messages made of the script's sentences, and any message worded and signed for its channel.

Which reminder goes, and whether, is decided elsewhere; here are its words for one stage, one date, one amount.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.dialog.effects import Choice, Say
from bot.dialog.facts import Facts
from bot.dialog.ledger import Ledger
from bot.dialog.script import Script
from bot.dialog.speech import buttons, in_rows, messages, statements
from bot.domain.commitments import Commitment
from bot.domain.delinquency import Delinquency
from bot.domain.delivery import Button, Content, MessageKind
from bot.domain.errors import CannotSay
from bot.domain.loan import Loan
from bot.domain.situation import Situation
from bot.policy.contact import ContactPolicy
from bot.policy.programme import Programme
from bot.policy.statements import moments_of_proactive
from bot.texts.catalogs import Catalogs
from bot.texts.extract import LONGEST_LABEL
from bot.texts.messages import Message
from bot.texts.render import render, render_lines, whole_language

#: Signs what a button stands for: the choice, and its place on the keyboard counted from 0 over all rows.
Sign = Callable[[Choice, int], str]

#: What a channel shows on a pressed button; longer lines are refused by Telegram.
LONGEST_PRESS_LINE = 200

REMINDERS = "reminders"

#: An empty line between what is said and what must be said.
_BLANK = Message("", "")


def reminder_message(
    script: Script,
    loan: Loan,
    delinquency: Delinquency,
    situation: Situation,
    programme: Programme,
    now: datetime,
    band: str | None = None,
) -> Say:
    """The reminder of the loan's stage, in the tone that the stage has for the loan's band.

    A stage that has no words of its own takes those of its tone, else those of its kind: upcoming, due or overdue.
    """
    facts = _facts(script, loan.loan_id, situation, programme, now)
    late, due_today = delinquency.days_past_due > 0, delinquency.days_to_due == 0
    kind = OVERDUE if late else DUE if due_today else UPCOMING
    words = stage_words(script, kind, programme, delinquency.stage, band)
    return _say(facts, words, MessageKind.REMINDER, loan.loan_id)


#: The words of the default ladder's stages that stand for a tone; before a debt is late there is but one.
BY_TONE = {"gentle": "mild", "clear": "moderate", "firm": "severe", "formal": "late"}

#: The words of each kind, for stages that have neither words of their own nor of their tone.
UPCOMING, DUE, OVERDUE = "upcoming", "due", "overdue"


def kind_on(day: int) -> str:
    """The kind of a reminder on a day from the due date."""
    return OVERDUE if day > 0 else DUE if day == 0 else UPCOMING


def stage_words(script: Script, kind: str, programme: Programme, stage: str | None, band: str | None) -> str:
    """The name of the step in the script that words a reminder of this kind in a stage, for a borrower of a band."""
    tone = programme.tone_of(stage, band)
    own = stage if tone == programme.tone_of(stage) else None
    names = (own, BY_TONE.get(tone) if kind == OVERDUE else None)
    return next((name for name in names if name and script.message(REMINDERS, name)), kind)


def promise_reminder(
    script: Script, kind: str, commitment: Commitment, situation: Situation, programme: Programme, now: datetime
) -> Say:
    """The reminder of a promise: `kind` is promise_day_before or promise_day."""
    facts = replace(_facts(script, commitment.loan_id, situation, programme, now), commitment=commitment)
    return _say(facts, kind, MessageKind.REMINDER, commitment.loan_id)


def promise_outcome(
    script: Script, commitment: Commitment, situation: Situation, programme: Programme, now: datetime
) -> Say:
    """What became of a promise, by its status: kept, partly kept, broken."""
    facts = replace(_facts(script, commitment.loan_id, situation, programme, now), commitment=commitment)
    return _say(facts, f"promise_{commitment.status.value}", MessageKind.NOTICE, commitment.loan_id)


def with_statements(say: Say, script: Script, policy: ContactPolicy, situation: Situation, programme: Programme) -> Say:
    """The message that the lender begins with all that must be said with one; what it says already is not said twice."""
    facts = replace(_facts(script, say.loan_id, situation, programme, situation.now), policy=policy)
    missing = [m for m in statements(facts, moments_of_proactive(situation)) if m not in say.lines]
    return replace(say, lines=(*say.lines, _BLANK, *missing)) if missing else say


def apology(script: Script) -> Say:
    """What is said when a turn failed and a person was called."""
    step = script.message("shared", "apology")
    if step is None:
        raise CannotSay("the script has no shared.apology")
    return Say(tuple(line.sentence.with_values(()) for line in step.lines))


def _facts(script: Script, loan_id: str | None, situation: Situation, programme: Programme, now: datetime) -> Facts:
    return Facts(script, Ledger(replace(situation, now=now), (programme,), loan_id))


def _say(facts: Facts, name: str, kind: MessageKind, loan_id: str) -> Say:
    step = facts.script.message(REMINDERS, name)
    if step is None:
        raise CannotSay(f"the script has no {REMINDERS}.{name}")
    return Say(
        lines=messages(step.lines, facts),
        choices=in_rows(buttons(step.buttons, facts)),
        kind=kind,
        protect=step.protect,
        loan_id=loan_id,
    )


def render_message(message: Message, catalogs: Catalogs, language: str) -> str:
    """A line for a pressed button, cut at a word if a translation is longer than a channel shows."""
    text = render(message, catalogs, language)
    return text if len(text) <= LONGEST_PRESS_LINE else text[: LONGEST_PRESS_LINE - 1].rstrip() + "…"


def menu_commands(script: Script, catalogs: Catalogs, language: str) -> tuple[tuple[str, str], ...]:
    """The commands that a messenger lists, each with the title of the flow it starts, in the order of the script."""
    return tuple(
        (command, render(flow.title.with_values(()), catalogs, language))
        for flow in script.flows.values()
        if flow.title is not None
        for command in flow.commands[:1]
    )


def render_say(say: Say, catalogs: Catalogs, language: str, sign: Sign) -> Content:
    """The very words and buttons, in one language from the first line to the last label.

    Raises CannotSay where a sentence lacks a value, which `dialogs check` rules out.
    """
    labels = tuple(choice.label for row in say.choices for choice in row)
    spoken = whole_language((*say.lines, *labels), catalogs, language)
    # All or none: days that look different side by side would seem to mean something.
    if any(len(render(label, catalogs, spoken)) > LONGEST_LABEL for label in labels):
        short = tuple(tuple(replace(c, label=c.label.with_short_days()) for c in row) for row in say.choices)
        say = replace(say, choices=short)
    rows = []
    place = 0
    for row in say.choices:
        made = []
        for choice in row:
            made.append(_button(choice, place, catalogs, spoken, sign))
            place += 1
        rows.append(tuple(made))
    contact = any(choice.request_contact for row in say.choices for choice in row)
    return Content(
        text=render_lines(say.lines, catalogs, spoken),
        rows=tuple(rows),
        remove_reply_keyboard=not contact,
        protect=say.protect,
    )


def _button(choice: Choice, place: int, catalogs: Catalogs, language: str, sign: Sign) -> Button:
    label = render(choice.label, catalogs, language)
    if choice.request_contact:
        return Button(label, request_contact=True)
    if choice.url is not None:
        return Button(label, url=choice.url)
    if choice.copy_text is not None:
        return Button(label, copy_text=choice.copy_text)
    return Button(label, data=sign(choice, place), style=choice.style)
