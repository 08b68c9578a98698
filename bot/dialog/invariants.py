"""Invariants: what must hold in every turn of every conversation, whatever a script says.

Each function yields a sentence for each rule that was broken. Nothing here asks the code under test what it should do:
hours, caps and limits are counted anew from the policies.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.dialog.effects import Effect, RecordCommitment
from bot.dialog.script import ConfirmStep, Script
from bot.dialog.stage import Shown
from bot.dialog.state import DialogState
from bot.domain.calendar import local_day, zone
from bot.domain.commitments import Commitment, CommitmentStatus
from bot.domain.loan import Loan
from bot.domain.money import Money
from bot.domain.situation import Contact, Holder, Situation
from bot.policy.contact_policy import ContactPolicy
from bot.policy.programme import Programme
from bot.policy.statements import STATEMENTS
from bot.policy.wording import Lexicon
from bot.texts.languages import SOURCE_LANGUAGE, fallbacks
from bot.texts.render import money_text

#: What a phone shows well; a longer message is two messages.
LONGEST_MESSAGE = 600
LONGEST_LABEL = 24
MOST_MESSAGES = 2

_PLACEHOLDER = re.compile(r"%\(\w*\)?[a-z]?|\{\w*\}")


def of_messages(shown: Sequence[Shown]) -> Iterator[str]:
    """Lengths, and nothing that was meant to be filled in."""
    if len(shown) > MOST_MESSAGES:
        yield f"{len(shown)} messages in one turn"
    for message in shown:
        text = message.content.text
        if len(text) > LONGEST_MESSAGE:
            yield f"a message of {len(text)} characters ({', '.join(message.steps)})"
        labels = [button.label for _, _, button in message.buttons()]
        yield from (f'a label of {len(label)} characters: "{label}"' for label in labels if len(label) > LONGEST_LABEL)
        found = _PLACEHOLDER.search("\n".join((text, *labels)))
        if found:
            yield f'"{found.group()}" was said'


def of_holder(before: Situation, shown: Sequence[Shown]) -> Iterator[str]:
    if before.conversation and before.conversation.holder is not Holder.BOT and shown:
        yield "the bot spoke while a person holds the chat"


def of_privacy(
    shown: Sequence[Shown],
    loans: Sequence[Loan],
    lexicons: Iterable[Lexicon],
    language: str,
    general: Collection[str] = (),
) -> Iterator[str]:
    """Nothing of a debt is said to somebody whose identity is not proven.

    What is told in `general` (contexts of sentences) answers a question about loans as such: it may use the words of debt.
    """
    sums = {loan.outstanding for loan in loans} | {part.unpaid for loan in loans for part in loan.instalments}
    amounts = {text for amount in sums for text in _worded(amount, language)}
    ids = {loan.loan_id for loan in loans} | {loan.loan_id[-4:] for loan in loans}
    spoken = [lexicon for lexicon in lexicons if lexicon.language == language]
    for message in shown:
        text = " ".join((message.content.text, *(b.label for _, _, b in message.buttons())))
        answers = [step for step in message.steps if not step.startswith(f"{STATEMENTS}.")]
        about = [] if answers and set(answers) <= set(general) else spoken
        words = (word for lexicon in about for word in _debt_words(text.lower(), lexicon))
        told = [secret for secret in sorted(amounts | ids) if secret in text]
        yield from (f'"{secret}" was said before identity was proven' for secret in (*told, *words))


def _worded(amount: Money, language: str) -> set[str]:
    """As it is written in the language, and in those that stand in for it where a message is not translated."""
    return {money_text(amount, tag) for tag in (*fallbacks(language), SOURCE_LANGUAGE)}


def _debt_words(lowered: str, lexicon: Lexicon) -> Iterator[str]:
    words = set("".join(c if c.isalnum() else " " for c in lowered).split())
    for word in lexicon.preview:
        whole = lexicon.whole_words and " " not in word
        if word in words if whole else word in lowered:
            yield word


def of_commitments(
    effects: Iterable[Effect],
    before: DialogState,
    script: Script,
    seen: Sequence[Shown],
    now: Sequence[Shown],
    tag: str,
) -> Iterator[str]:
    """What is recorded is what stood on the card that was confirmed, and what the receipt shows. `seen` are all messages
    before this turn's, `now` those of this turn, worded in the language `tag`."""
    made = [effect.commitment for effect in effects if isinstance(effect, RecordCommitment)]
    frame = before.frames[-1] if before.frames else None
    card = script.step(frame.flow, frame.step) if frame else None
    for commitment in made:
        if frame is None or not isinstance(card, ConfirmStep):
            yield "a commitment was recorded without a confirmed card"
            continue
        payment, slots = commitment.payments[0], dict(frame.slots)
        if "amount" in slots and slots["amount"] != str(payment.amount):
            yield "the record differs from the card"
        if "day" in slots and slots["day"] != payment.due_on.isoformat():
            yield "the record differs from the card"
        cards = [m for m in seen if f"{frame.flow}.{frame.step}" in m.steps]
        texts = [cards[-1].content.text if cards else "", *(m.content.text for m in now)]
        amounts = _worded(payment.amount, tag)
        if "amount" in slots and not all(any(amount in text for amount in amounts) for text in texts[:2]):
            yield "card and receipt do not show the same amount"


def of_limits(made: Commitment, situation: Situation, programme: Programme, today_of: datetime) -> Iterator[str]:
    """A promise within the programme's rules, counted anew. `situation` is the one after the turn."""
    loan, rules = situation.loan(made.loan_id), programme.promise
    today = local_day(today_of, programme.timezone)
    payment = made.payments[0]
    if loan is None or payment.amount.minor <= 0 or payment.amount > loan.outstanding:
        yield "a promise of more than is owed, or of nothing"
    if not 0 <= (payment.due_on - today).days <= rules.max_days_ahead:
        yield f"a promise for {payment.due_on}, which the rules do not allow"
    standing = [
        c
        for c in situation.commitments
        if c.status is CommitmentStatus.OPEN and (c.loan_id, c.kind) == (made.loan_id, made.kind)
    ]
    if len(standing) > rules.max_open:
        yield f"{len(standing)} open promises for one loan"


def of_contact(contact: Contact, earlier: Sequence[Contact], policy: ContactPolicy, timezone: str) -> Iterator[str]:
    """A message of the lender's own accord went out in open hours and within the caps. `earlier` are those before it."""
    local = contact.at.astimezone(zone(timezone))
    minute = local.hour * 60 + local.minute
    if not any(local.weekday() in w.days and w.opens <= minute < w.closes for w in policy.windows):
        yield f"a proactive message at {local:%a %H:%M}, outside the hours"
    for cap in policy.caps:
        since = contact.at - timedelta(days=cap.days)
        days = contact.at.astimezone(zone(timezone)).date() - timedelta(days=cap.days)
        counted = [
            c for c in earlier if (c.at > since if cap.rolling else c.at.astimezone(zone(timezone)).date() > days)
        ]
        if "chat" in cap.media and len(counted) + 1 > cap.most:
            yield f"{len(counted) + 1} proactive messages within the cap {cap.name} of {cap.most}"
