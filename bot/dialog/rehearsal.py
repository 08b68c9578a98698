"""Rehearsal: a conversation carried on in memory, with the real understanding and engine and a clock that is set.

The same for conversation tests, previews and walks over all flows. Whatever is rehearsed, the invariants are checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialog import invariants
from bot.dialog.actions import ACTIONS, Action
from bot.dialog.answer_flows import general_contexts
from bot.dialog.compose import render_say
from bot.dialog.coverage import visited_by
from bot.dialog.effects import AcknowledgePress, ProveIdentity, RecordCommitment, Say, StopContact
from bot.dialog.engine import advance
from bot.dialog.given import Given
from bot.dialog.hearing import hearing_context
from bot.dialog.known_answers import digests_of
from bot.dialog.outcome import after_effects
from bot.dialog.passing_time import FellDue, Timer, as_contact, decided, fall_due, timers_of, timers_set, touches_until
from bot.dialog.stage import Happened, Shown, Stage
from bot.dialog.state import DialogState
from bot.dialog.turn import Advance, LinkFacts, Trace, Turn
from bot.dialog.walk import UNSEEN
from bot.domain.commitments import CommitmentStatus
from bot.domain.delivery import MessageKind
from bot.domain.events import InboundEvent, TextReceived
from bot.domain.loan import Payment, with_payments
from bot.domain.money import Money
from bot.domain.situation import Holder, Situation
from bot.domain.understanding import NOTHING_SAID, Understanding
from bot.policy.contact import Allowed, GateAnswer, may_contact
from bot.texts.languages import is_pseudo
from bot.understanding.understand import understand

__all__ = ["Heard", "Rehearsal", "Shown", "Stage"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn: what was understood, what came of it, what was shown, and which invariants it broke.

    `due` is what fell due of itself, where time went on; `gate` the gate's answer, where one message was asked for.
    """

    understanding: Understanding
    result: Advance
    shown: tuple[Shown, ...]
    broken: tuple[str, ...]
    due: tuple[FellDue, ...] = ()
    gate: str | None = None

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
    history: list[Happened] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    timers: list[Timer] = field(default_factory=list)
    payments: tuple[Payment, ...] = ()
    turns: int = 0
    stopped: bool = False

    @classmethod
    def begin(cls, stage: Stage, given: Given) -> Rehearsal:
        made = cls(stage, given, given.situation)
        for loan in given.loans:
            paid = Money(sum(part.paid.minor for part in loan.instalments), loan.currency)
            if paid:
                made.payments += (Payment("before", loan.loan_id, paid, loan.instalments[0].due_on),)
        for promise in given.situation.commitments:
            owed = next((loan for loan in given.loans if loan.loan_id == promise.loan_id), None)
            if promise.status is CommitmentStatus.OPEN and owed is not None:
                found = timers_of(promise, stage.programme_of(owed), given.known.timezone)
                made.timers += [timer for timer in found if timer.at > given.situation.now]
        return made

    @property
    def language(self) -> str:
        spoken = self.situation.conversation.language if self.situation.conversation else None
        catalogs = self.stage.catalogs
        return spoken if spoken is not None and spoken in catalogs.by_language else catalogs.languages[0]

    # -- what the borrower does --------------------------------------------------------------------------------------

    def hear(
        self, event: InboundEvent, link: LinkFacts | None = None, actions: Mapping[str, Action] = ACTIONS
    ) -> Heard:
        """One turn, committed. `actions` may have results that are set."""
        self.turns += 1
        self.history.append(Happened(self.situation.now, event))
        turn, heard = self._turn(event, link)
        before, seen = self.state, tuple(self.shown)
        result = advance(self.stage.script, before, turn, actions)
        again = advance(self.stage.script, before, turn, actions)
        shown = self._commit(result)
        lines = [e.line for e in result.effects if isinstance(e, AcknowledgePress) and e.line]
        self.history += [Happened(self.situation.now, line) for line in lines]
        contexts = [line.context for line in lines]
        self.visited |= visited_by(self.stage.script, before, result.trace.lines, shown, contexts)
        broken = [*self._broken(before, turn, result, shown, seen)]
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
            payments=self.payments,
            language_hint=self.given.hint,
            approved=digests_of(stage.script.answers, self.given.approved),
        )
        return turn, heard

    def _commit(self, result: Advance) -> tuple[Shown, ...]:
        self.state = DialogState.from_json(result.state.to_json())
        unseen = replace(self.situation, conversation=self.situation.conversation or UNSEEN)
        self.situation = after_effects(unseen, result.effects)
        self._load_owner()
        conversation = self.situation.conversation
        if conversation is not None:
            conversation = replace(conversation, version=conversation.version + 1, last_inbound_at=self.situation.now)
            self.situation = replace(self.situation, conversation=conversation)
        self.timers += timers_set(result.effects)
        self.stopped = self.stopped or any(isinstance(e, StopContact) for e in result.effects)
        return self._show(e for e in result.effects if isinstance(e, Say))

    def _load_owner(self) -> None:
        """The next turn knows the loans of whoever the chat now belongs to, and of nobody else."""
        owner = self.situation.conversation.borrower_id if self.situation.conversation else None
        if owner is None:
            self.situation = replace(self.situation, borrower=None, loans=(), holds=(), commitments=())
        elif self.situation.borrower is None:
            self.situation = replace(self.situation, borrower=self.given.known, loans=self.given.loans)

    def _show(self, says: Iterable[Say], own: Say | None = None) -> tuple[Shown, ...]:
        """Words messages as they are sent; `own` is the one without what must be said with it."""
        version = self.situation.conversation.version if self.situation.conversation else 0
        found = []
        for say in says:
            content = render_say(say, self.stage.catalogs, self.language, lambda _choice, place: str(place))
            steps = tuple(dict.fromkeys(line.context for line in (own or say).lines if line.source))
            found.append(Shown(say, content, version, steps))
        self.shown += found
        self.history += [Happened(self.situation.now, message) for message in found]
        return tuple(found)

    # -- what time, the lender and people do -------------------------------------------------------------------------

    def until(self, instant: datetime) -> Heard:
        """Lets time go on, and whatever falls due meanwhile be sent or withheld."""
        due: list[FellDue] = []
        shown: list[Shown] = []
        broken: list[str] = []
        waiting = [*self.timers, *touches_until(self.situation, self.stage, instant)]
        while first := min((t.at for t in waiting if t.at <= instant), default=None):
            now = [t for t in waiting if t.at == first]
            waiting = [t for t in waiting if t.at > first]
            self.situation = replace(self.situation, now=max(first, self.situation.now))
            if any(t.kind == "promise_check" for t in now):
                self.situation, told = decided(self.situation, self.stage, self.payments)
                now = [t for t in now if t.kind != "promise_check"] + list(told)
            self._fall_due(now, waiting, due, shown, broken)
        self.timers = [t for t in waiting if t.planned is None or t.first_at is not None]
        self.situation = replace(self.situation, now=instant)
        return Heard(NOTHING_SAID, self._nothing(), tuple(shown), tuple(broken), tuple(due))

    def _fall_due(
        self, now: list[Timer], waiting: list[Timer], due: list[FellDue], shown: list[Shown], broken: list[str]
    ) -> None:
        found, put_off = fall_due(now, self.situation, self.stage)
        waiting += put_off
        due += found
        for one in found:
            if one.say is None or one.said is None:
                continue
            message = self._show((one.said,), one.say)
            shown += message
            contact, earlier = as_contact(one), self.situation.contacts
            zone = self.given.known.timezone or self.stage.programmes[0].timezone
            broken += invariants.of_contact(contact, earlier, self.stage.contact_policy, zone)
            broken += self._of_words(message)
            self.situation = replace(self.situation, contacts=(*earlier, contact))
            self.visited |= visited_by(self.stage.script, self.state, (), message, ())

    def pay(self, amount: Money) -> Heard:
        """The lender books a payment on the first loan; promises are decided by it, and what came of them is told."""
        loan, today = self.situation.loans[0], self.situation.now.date()
        self.payments += (Payment(f"paid-{len(self.payments)}", loan.loan_id, amount, today),)
        mine = tuple(p for p in self.payments if p.loan_id == loan.loan_id)
        paid = with_payments(loan, mine)
        self.situation = replace(self.situation, loans=(paid, *self.situation.loans[1:]))
        self.situation, told = decided(self.situation, self.stage, self.payments)
        self.timers += told
        return self.until(self.situation.now)

    def proactive(self, say: Say, about_commitment: bool = False) -> Heard:
        """A message that the lender begins now, through the gate."""
        answer = self.asked(say.loan_id, say.kind, about_commitment)
        shown = self._show((say,)) if isinstance(answer, Allowed) else ()
        broken = tuple(self._of_words(shown))
        self.visited |= visited_by(self.stage.script, self.state, (), shown, ())
        return Heard(NOTHING_SAID, self._nothing(), shown, broken, gate=answer.reason)

    def asked(self, loan_id: str | None, kind: MessageKind, about_commitment: bool = False) -> GateAnswer:
        """What the gate says to a message now."""
        policy, now = self.stage.contact_policy, self.situation.now
        return may_contact(self.situation, loan_id, policy, now, kind, about_commitment=about_commitment)

    def hold(self, holder: Holder) -> Heard:
        """A person takes the chat, or gives it back."""
        conversation = self.situation.conversation or UNSEEN
        held = replace(conversation, holder=holder, epoch=conversation.epoch + 1)
        self.situation = replace(self.situation, conversation=held)
        return Heard(NOTHING_SAID, self._nothing(), (), ())

    def _nothing(self) -> Advance:
        return Advance(self.state, (), Trace(None, None, None, ()))

    # -- invariants --------------------------------------------------------------------------------------------------

    def _broken(
        self, before: DialogState, turn: Turn, result: Advance, shown: tuple[Shown, ...], seen: tuple[Shown, ...]
    ) -> Iterable[str]:
        proven = self.situation.conversation is not None and self.situation.conversation.verified
        if not proven and not any(isinstance(e, ProveIdentity) for e in result.effects):
            general = general_contexts(self.stage.script)
            yield from invariants.of_privacy(shown, self.given.loans, self.stage.lexicons, self.language, general)
        yield from invariants.of_holder(turn.situation, shown)
        yield from invariants.of_commitments(result.effects, before, self.stage.script, seen, shown, self.language)
        for effect in result.effects:
            loan = self.situation.loan(effect.commitment.loan_id) if isinstance(effect, RecordCommitment) else None
            if isinstance(effect, RecordCommitment) and loan is not None:
                programme = self.stage.programme_of(loan)
                yield from invariants.of_limits(effect.commitment, self.situation, programme, turn.now)
        yield from self._of_words(shown)

    def _of_words(self, shown: Iterable[Shown]) -> Iterable[str]:
        messages = tuple(shown)
        # A pseudo-locale is longer on purpose, to show what other languages would not fit into.
        if not is_pseudo(self.language):
            yield from invariants.of_messages(messages)
        if self.stopped and any(m.say.kind is not MessageKind.REPLY for m in messages):
            yield "a proactive message after a stop"
