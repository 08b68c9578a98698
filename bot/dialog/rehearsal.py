"""Rehearsal: a conversation carried on in memory, with the real understanding and engine and a clock that is set.

The same for conversation tests, previews and walks over all flows. Whatever is rehearsed, the invariants are checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialog.compose import render_say
from bot.dialog.effects import Choice, ProveIdentity, RecordCommitment, Say, StopContact
from bot.dialog.engine import advance
from bot.dialog.given import Given
from bot.dialog.hearing import hearing_context
from bot.dialog.outcome import after_effects
from bot.dialog.script import ConfirmStep, Script
from bot.dialog.state import DialogState
from bot.dialog.turn import Advance, LinkFacts, Turn
from bot.dialog.walk import UNSEEN
from bot.domain.delivery import Button, Content, MessageKind
from bot.domain.events import InboundEvent, TextReceived
from bot.domain.situation import Holder, Situation
from bot.domain.understanding import NOTHING_SAID, Understanding
from bot.policy.contact import Allowed, may_contact
from bot.policy.contact_policy import ContactPolicy
from bot.policy.programme import Programme
from bot.policy.wording import Lexicon
from bot.texts.catalogs import Catalogs
from bot.texts.render import money_text
from bot.understanding.phrases import PhraseBook
from bot.understanding.understand import understand

#: What a phone shows well; a longer message is two messages.
LONGEST_MESSAGE = 900
MOST_MESSAGES = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """What is rehearsed: one published version's parts. `lexicons` know the words of debt in each language."""

    script: Script
    catalogs: Catalogs
    phrases: PhraseBook
    programmes: tuple[Programme, ...]
    contact_policy: ContactPolicy
    lexicons: tuple[Lexicon, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn: what was understood, what came of it, what was shown, and which invariants it broke."""

    understanding: Understanding
    result: Advance
    shown: tuple[Shown, ...]
    broken: tuple[str, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """Every step whose words were shown, in order."""
        return tuple(dict.fromkeys(step for shown in self.shown for step in shown.steps))


@dataclass
class Rehearsal:
    """A conversation as it goes on."""

    stage: Stage
    given: Given
    situation: Situation
    state: DialogState = field(default_factory=DialogState)
    shown: list[Shown] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    turns: int = 0
    stopped: bool = False

    @classmethod
    def begin(cls, stage: Stage, given: Given) -> Rehearsal:
        return cls(stage, given, given.situation)

    @property
    def language(self) -> str:
        spoken = self.situation.conversation.language if self.situation.conversation else None
        spoken_here = self.stage.catalogs.languages
        return spoken if spoken is not None and spoken in spoken_here else spoken_here[0]

    def at(self, now: datetime) -> None:
        """Moves the clock."""
        self.situation = replace(self.situation, now=now)

    def hear(self, event: InboundEvent, link: LinkFacts | None = None) -> Heard:
        """One turn, committed."""
        self.turns += 1
        turn, heard = self._turn(event, link)
        before = self.state
        result = advance(self.stage.script, before, turn)
        again = advance(self.stage.script, before, turn)
        shown = self._commit(result, event)
        broken = [*self._invariants(before, turn, result, shown)]
        if again != result:
            broken.append("the same turn twice gave different results")
        return Heard(heard, result, shown, tuple(broken))

    def _turn(self, event: InboundEvent, link: LinkFacts | None) -> tuple[Turn, Understanding]:
        stage = self.stage
        languages = stage.catalogs.languages
        heard = NOTHING_SAID
        if isinstance(event, TextReceived):
            now = self.situation.now
            context = hearing_context(
                stage.script, self.state, self.situation, stage.programmes, languages, now, stage.catalogs
            )
            heard = understand(event.text, context, stage.phrases)
        turn = Turn(
            event=event,
            understanding=heard,
            situation=self.situation,
            programmes=stage.programmes,
            contact_policy=stage.contact_policy,
            now=self.situation.now,
            fresh_id=f"fresh-{self.turns}",
            reference=f"REF{self.turns:05d}",
            languages=languages,
            script_version=1,
            link=link,
            language_hint=self.given.hint,
        )
        return turn, heard

    def _commit(self, result: Advance, event: InboundEvent) -> tuple[Shown, ...]:
        self.state = DialogState.from_json(result.state.to_json())
        unseen = replace(self.situation, conversation=self.situation.conversation or UNSEEN)
        self.situation = after_effects(unseen, result.effects)
        self._load_owner()
        conversation = self.situation.conversation
        if conversation is not None:
            conversation = replace(conversation, version=conversation.version + 1, last_inbound_at=self.situation.now)
            self.situation = replace(self.situation, conversation=conversation)
        self.visited.update(line for line in result.trace.lines if "." in line and " " not in line)
        self.stopped = self.stopped or any(isinstance(e, StopContact) for e in result.effects)
        return self._show(e for e in result.effects if isinstance(e, Say))

    def _load_owner(self) -> None:
        """The next turn knows the loans of whoever the chat now belongs to, and of nobody else."""
        owner = self.situation.conversation.borrower_id if self.situation.conversation else None
        if owner is None:
            self.situation = replace(self.situation, borrower=None, loans=(), holds=(), commitments=())
        elif self.situation.borrower is None:
            self.situation = replace(self.situation, borrower=self.given.known, loans=self.given.loans)

    def _show(self, says: Iterable[Say]) -> tuple[Shown, ...]:
        version = self.situation.conversation.version if self.situation.conversation else 0
        found = []
        for say in says:
            content = render_say(say, self.stage.catalogs, self.language, lambda _choice, place: str(place))
            steps = tuple(dict.fromkeys(line.context for line in say.lines if line.source))
            found.append(Shown(say, content, version, steps))
        self.shown += found
        return tuple(found)

    def proactive(self, say: Say, about_commitment: bool = False) -> tuple[tuple[Shown, ...], str]:
        """A message that the lender begins, through the gate: what was shown, and the gate's reason."""
        answer = may_contact(
            self.situation,
            say.loan_id,
            self.stage.contact_policy,
            self.situation.now,
            say.kind,
            about_commitment=about_commitment,
        )
        if not isinstance(answer, Allowed):
            return (), answer.reason
        return self._show((say,)), answer.reason

    # -- invariants --------------------------------------------------------------------------------------------------

    def _invariants(self, before: DialogState, turn: Turn, result: Advance, shown: Sequence[Shown]) -> Iterable[str]:
        proven = self.situation.conversation is not None and self.situation.conversation.verified
        if not proven and not any(isinstance(e, ProveIdentity) for e in result.effects):
            yield from self._disclosures(shown)
        if turn.situation.conversation and turn.situation.conversation.holder is not Holder.BOT and shown:
            yield "the bot spoke while a person holds the chat"
        for effect in result.effects:
            if isinstance(effect, RecordCommitment):
                yield from self._commitment(effect, before, shown)
        if len(shown) > MOST_MESSAGES:
            yield f"{len(shown)} messages in one turn"
        for message in shown:
            if len(message.content.text) > LONGEST_MESSAGE:
                yield f"a message of {len(message.content.text)} characters"
            if self.stopped and message.say.kind is not MessageKind.REPLY:
                yield "a proactive message after a stop"

    def _disclosures(self, shown: Sequence[Shown]) -> Iterable[str]:
        amounts = {money_text(a, self.language) for loan in self.given.loans for a in (loan.outstanding,)}
        amounts |= {money_text(i.unpaid, self.language) for loan in self.given.loans for i in loan.instalments}
        ids = {loan.loan_id for loan in self.given.loans} | {loan.loan_id[-4:] for loan in self.given.loans}
        for message in shown:
            text = " ".join((message.content.text, *(b.label for _, _, b in message.buttons())))
            for secret in sorted(amounts | ids):
                if secret in text:
                    yield f"{secret} was said before identity was proven"
            yield from (f'"{word}" was said before identity was proven' for word in self._debt_words(text))

    def _debt_words(self, text: str) -> Iterable[str]:
        lowered = text.lower()
        for lexicon in self.stage.lexicons:
            if lexicon.language == self.language:
                words = set("".join(c if c.isalnum() else " " for c in lowered).split())
                yield from (
                    w for w in lexicon.preview if (w in words if lexicon.whole_words and " " not in w else w in lowered)
                )

    def _commitment(self, effect: RecordCommitment, before: DialogState, shown: Sequence[Shown]) -> Iterable[str]:
        frame = before.frames[-1] if before.frames else None
        card = self.stage.script.step(frame.flow, frame.step) if frame else None
        if not isinstance(card, ConfirmStep) or frame is None:
            yield "a commitment was recorded without a confirmed card"
            return
        payment = effect.commitment.payments[0]
        slots = dict(frame.slots)
        if (slots.get("amount"), slots.get("day")) != (str(payment.amount), payment.due_on.isoformat()):
            yield "the record differs from the card"
        earlier = [m for m in self.shown if f"{frame.flow}.{frame.step}" in m.steps]
        texts = [earlier[-1].content.text if earlier else "", *(m.content.text for m in shown)]
        if not all(money_text(payment.amount, self.language) in text for text in texts[:2]):
            yield "card and receipt do not show the same amount"
