"""Walk: one turn's way through the script, step by step, until a question is open or every flow has ended.

The walk gathers effects and the next state; it is made anew for each turn and given away as a value at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.dialog.actions import ACTIONS, OFFERS
from bot.dialog.asked import REFERENCE, Asked
from bot.dialog.conditions import holds
from bot.dialog.effects import Choice, Effect, HandOff, PlaceHold, Say
from bot.dialog.facts import Facts, Ledger, Value, loan_mark, typed_slot
from bot.dialog.outcome import after_effects
from bot.dialog.script import (
    END,
    AskStep,
    CallStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    GotoStep,
    HandOffStep,
    IfStep,
    Line,
    SayStep,
    Script,
    Sentence,
    Step,
)
from bot.dialog.slots import PASSING, slot_types, without
from bot.dialog.speech import Button, buttons, in_rows, messages, offered, shared, typed_label
from bot.dialog.state import DialogState, Frame, LiveChoice, SlotJson
from bot.dialog.turn import Advance, Trace, Turn
from bot.domain.borrower import Address
from bot.domain.commitments import Commitment
from bot.domain.events import TextReceived
from bot.domain.situation import Conversation, Holder, Situation
from bot.texts.messages import Message, Words

#: Flows that the engine begins by name; a script without one of them cannot be published.
FLOWS_OF_ENGINE = ("welcome", "identify", "no_link", "no_loan", "choose_loan", "not_understood", "help")

#: Longer than any path of a checked script; a loop without exit must not hang a turn.
MOST_STEPS = 300
#: Flows waiting for one another; older ones are let go, nobody remembers them.
MOST_FRAMES = 4

_INTERRUPTED = "_interrupted"

_BLANK = Message("", "")

#: A chat that was never seen: its address is the shell's to know.
UNSEEN = Conversation(
    conversation_id=None,
    address=Address("", ""),
    borrower_id=None,
    verified_at=None,
    language=None,
    holder=Holder.BOT,
    epoch=0,
    version=0,
    script_version=None,
    state=None,
)

#: As much of somebody's words as a case carries; the transcript has all of them.
LONGEST_QUOTE = 500


@dataclass
class Walk:
    """`frames`, `remembered` and the live buttons begin as the state left them; `effects` grow as steps are taken."""

    script: Script
    turn: Turn
    frames: list[Frame]
    remembered: dict[str, SlotJson]
    choices: tuple[LiveChoice, ...]
    keyboard: int | None
    misunderstood: int
    situation: Situation
    effects: list[Effect] = field(default_factory=list)
    lines: list[Message] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    intent: str | None = None
    extra: dict[str, Value] = field(default_factory=dict)
    _ledger: Ledger | None = None
    _facts: tuple[Frame | None, Facts, dict[str, Value]] | None = None

    @classmethod
    def begin(cls, script: Script, state: DialogState, turn: Turn) -> Walk:
        # A frame whose flow or step a newer script no longer has is let go: better to ask anew than to be stuck.
        frames = [f for f in state.frames if script.step(f.flow, f.step) is not None]
        return cls(
            script=script,
            turn=turn,
            frames=frames,
            remembered=dict(state.facts),
            choices=state.choices,
            keyboard=state.keyboard,
            misunderstood=state.misunderstood,
            situation=turn.situation if turn.situation.conversation else replace(turn.situation, conversation=UNSEEN),
        )

    # -- what is so now ----------------------------------------------------------------------------------------------

    @property
    def open_step(self) -> AskStep | ConfirmStep | None:
        """The question that waits for an answer."""
        if not self.frames:
            return None
        step = self.script.step(self.frames[-1].flow, self.frames[-1].step)
        return step if isinstance(step, AskStep | ConfirmStep) else None

    @property
    def wants_picture(self) -> bool:
        """A picture would answer the open question."""
        step = self.open_step
        return isinstance(step, AskStep) and step.photo

    @property
    def flow(self) -> Flow | None:
        return self.script.flows[self.frames[-1].flow] if self.frames else None

    def facts(self) -> Facts:
        """What sentences, conditions and actions of the innermost flow may read."""
        frame = self.frames[-1] if self.frames else None
        known = self._facts
        if known and known[0] is frame and known[1].ledger is self.ledger and known[2] == self.extra:
            return known[1]
        claimed = self.turn.link.borrower if self.turn.link and self.extra.get("link") == "fresh" else None
        facts = Facts(
            script=self.script,
            ledger=self.ledger,
            values={**self.extra, **(self._slots(frame) if frame else {})},
            claimed=claimed,
            commitment=self._referred(frame),
            policy=self.turn.contact_policy,
        )
        self._facts = (frame, facts, dict(self.extra))
        return facts

    @property
    def ledger(self) -> Ledger:
        """Worked out anew only after an effect or another choice of loan."""
        mark = self.remembered.get("loan")
        about = str(mark) if mark else None
        if self._ledger is None or self._ledger.situation is not self.situation or self._ledger.about != about:
            self._ledger = Ledger(self.situation, self.turn.programmes, about)
        return self._ledger

    def _slots(self, frame: Frame) -> dict[str, Value]:
        types = slot_types(self.script.flows[frame.flow])
        return {n: typed_slot(types[n], v) for n, v in frame.slots if n in types and v is not None}

    def _referred(self, frame: Frame | None) -> Commitment | None:
        reference = frame.slot(REFERENCE) if frame else None
        if reference is None:
            return None
        return next((c for c in self.situation.commitments if c.reference == reference), None)

    # -- starting and ending flows -----------------------------------------------------------------------------------

    def start(self, flow: Flow, slots: Mapping[str, SlotJson] | None = None) -> None:
        """Begins a flow on top of whatever waits; a flow that waits already is begun anew in its place."""
        self.trace.append(f"start {flow.id}")
        for at, frame in enumerate(self.frames):
            if frame.flow == flow.id:
                del self.frames[at:]
                break
        waiting = self.open_step
        if waiting is not None:
            self.frames[-1] = self.frames[-1].with_slot(_INTERRUPTED, True)
        frame = Frame(flow.id, flow.first, tuple((slots or {}).items()))
        if self.frames and self.frames[-1].flow == "identify" and "identity" in flow.needs:
            # Who somebody is comes first; what they asked for waits beneath the question.
            self.frames.insert(0, frame)
        else:
            self.frames.append(frame)
        del self.frames[:-MOST_FRAMES]

    def clear(self) -> None:
        """Lets go of every flow and of every live button."""
        self.frames.clear()
        self.answered()

    def answered(self) -> None:
        """The live buttons have done their work: none of them may be pressed again."""
        self.choices, self.keyboard = (), None

    def goto(self, target: str, again: bool = False) -> None:
        """To another step of the innermost flow, or out of it. `again` asks a question anew that has its answer."""
        if target == END:
            self.frames.pop()
            self._back()
            return
        frame = replace(self.frames[-1], step=target, tries=0)
        step = self.script.step(frame.flow, target)
        if again and isinstance(step, AskStep):
            frame = without(frame, (step.slot,))
        self.frames[-1] = frame

    def _back(self) -> None:
        """After a digression: says where the talk goes on, and the open question is asked again."""
        if not self.frames or self.frames[-1].slot(_INTERRUPTED) is not True:
            return
        self.frames[-1] = without(self.frames[-1], (_INTERRUPTED,))
        flow = self.flow
        if flow and flow.title:
            facts = self.facts().with_values({"topic": Words(flow.title.with_values(()))})
            self.say([shared(facts, "back_to")])

    # -- walking -----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Takes steps until one waits for the borrower or no flow is left."""
        for _ in range(MOST_STEPS):
            if not self.frames:
                return
            frame = self.frames[-1]
            step = self.script.step(frame.flow, frame.step)
            if step is None:
                self.frames.pop()
                continue
            if frame.step == self.script.flows[frame.flow].first and self._unmet(self.script.flows[frame.flow]):
                continue
            self.trace.append(f"{frame.flow}.{frame.step}")
            if not self._take(step):
                return
        self.clear()
        self.trace.append("too many steps")
        self.do(HandOff("error"))

    def _unmet(self, flow: Flow) -> bool:
        """True where something that the flow needs has to come first; that is then begun."""
        for need in flow.needs:
            if need == "identity" and not self.facts().verified:
                return self._first("identify" if self.facts().read("bound") else "no_link")
            if need in ("loan", "one_loan") and not self.ledger.open_loans:
                return self._first("no_loan")
            if need == "one_loan" and len(self.ledger.open_loans) > 1 and not self._loan_chosen():
                self.frames.append(Frame("choose_loan", self.script.flows["choose_loan"].first))
                return True
        return False

    def _first(self, flow: str) -> bool:
        if flow != "identify":
            self.frames.pop()
        self.frames.append(Frame(flow, self.script.flows[flow].first))
        self.trace.append(f"first {flow}")
        return True

    def _loan_chosen(self) -> bool:
        mark = self.remembered.get("loan")
        return any(loan_mark(loan.loan_id) == mark for loan in self.ledger.open_loans)

    def _take(self, step: Step) -> bool:
        """Takes one step; False where it waits for the borrower."""
        match step:
            case SayStep():
                self.speak(step.lines, buttons(step.buttons, self.facts()), step.protect)
                self.goto(step.next or END)
            case AskStep():
                return self._ask(step)
            case ConfirmStep():
                self._question(step)
                return False
            case DoStep():
                self._act(step)
            case IfStep():
                true = holds(step.when, self.facts().read)
                self.goto(step.then if true else step.otherwise or step.next or END)
            case GotoStep():
                self.goto(step.next or END)
            case CallStep():
                self._call(step)
            case HandOffStep():
                self._hand_off(step)
            case EndStep():
                self.goto(END)
        return True

    def _call(self, step: CallStep) -> None:
        called = Frame(step.flow, self.script.flows[step.flow].first)
        # What was asked for before and has not begun yet waits beneath: it is told once, not twice.
        waits = any((f.flow, f.step) == (called.flow, called.step) for f in self.frames)
        self.goto(step.next or END)
        if not waits:
            self.frames.append(called)

    def _ask(self, step: AskStep) -> bool:
        frame = self.frames[-1]
        if frame.slot(step.slot) is None:
            self._question(step)
            return False
        facts = self.facts()
        refused = next((r for r in step.rejects if holds(r.when, facts.read)), None)
        if refused is None:
            self.goto(step.next or END)
            return True
        self.speak((refused.line,), ())
        self.frames[-1] = without(frame, (step.slot,))
        self.miss(step)
        return True

    def miss(self, step: AskStep | ConfirmStep) -> None:
        """The open question was not answered. It stands as it was, to be asked once more, until the script's patience
        ends: then the flow goes where the script sends those who cannot answer, or a person is called."""
        frame = replace(self.frames[-1], tries=self.frames[-1].tries + 1)
        self.frames[-1] = frame
        if frame.tries < (step.most_tries if isinstance(step, AskStep) else 2):
            return
        if isinstance(step, AskStep) and step.otherwise:
            self.goto(step.otherwise)
        else:
            self.clear()
            self.frames.append(Frame("not_understood", self.script.flows["not_understood"].first))

    def resume(self) -> None:
        """Goes on with what waits beneath, if anything does."""
        self._back()

    def lasting(self, label: Sentence, intent: str) -> Button:
        """A button for a wish, which may be pressed at any time."""
        message = label.with_values(())
        return Choice(message, intent), LiveChoice(intent=intent, label=typed_label(message))

    def buttons_of(self, step: SayStep) -> list[Button]:
        return buttons(step.buttons, self.facts())

    def _question(self, step: AskStep | ConfirmStep) -> None:
        facts = self.facts()
        if isinstance(step, AskStep):
            made = []
            if step.offers and step.label:
                values = OFFERS[step.offers].propose(facts, self.turn.languages)
                made += offered(step.label, values, facts)
            made += buttons(step.buttons, facts)
        else:
            made = buttons((step.yes, *((step.change,) if step.change else ()), step.no), facts)
        self.speak(step.lines, made)

    def _act(self, step: DoStep) -> None:
        frame = self.frames[-1]
        done = ACTIONS[step.action].run(Asked(self.facts(), self.turn, dict(step.arguments), dict(frame.slots)))
        self.trace.append(f"{step.action}: {done.result}")
        self.do(*done.effects)
        self.remembered.update(done.remember)
        frame = without(frame, done.forget)
        for name, value in done.slots:
            frame = frame.with_slot(name, value)
        self.frames[-1] = frame
        self.goto(dict(step.on)[done.result])

    def _hand_off(self, step: HandOffStep) -> None:
        facts = self.facts()
        frame = self.frames[-1]
        self.speak(step.lines, buttons(step.buttons, facts))
        loan = facts.loan.loan_id if facts.loan and facts.verified else None
        self.clear_flows()
        self.do(HandOff(step.reason, self._brief(frame), step.urgent, step.takes_chat, loan))

    def _brief(self, frame: Frame) -> tuple[tuple[str, str], ...]:
        """What a person needs to know at a glance: the flow, what was filled in, and what was just said."""
        known = {name: str(value) for name, value in frame.slots if value is not None and not name.startswith("_")}
        heard = {
            s.name: str(s.day or s.number or s.text or (s.amount and s.amount.number))
            for s in self.turn.understanding.slots
        }
        said = {"said": self.turn.event.text[:LONGEST_QUOTE]} if isinstance(self.turn.event, TextReceived) else {}
        return tuple({"flow": frame.flow, **heard, **known, **said, **self._notify()}.items())

    def _notify(self) -> dict[str, str]:
        """Who the contact policy wants to hear of what was reported in this turn, where it is not just any operator."""
        policy = self.turn.contact_policy
        held = [policy.trigger(e.kind.value) for e in self.effects if isinstance(e, PlaceHold)] if policy else []
        return {"notify": "supervisor"} if any(t and t.notify == "supervisor" for t in held) else {}

    def clear_flows(self) -> None:
        """Every flow ends; what was just shown stays live."""
        self.frames.clear()

    # -- saying and doing --------------------------------------------------------------------------------------------

    def do(self, *effects: Effect) -> None:
        self.effects.extend(effects)
        self.situation = after_effects(self.situation, effects)

    def say(self, lines: Iterable[Message]) -> None:
        """Adds a paragraph to the message being gathered."""
        wanted = [line for line in lines if line.source]
        if wanted and self.lines:
            self.lines.append(_BLANK)
        self.lines.extend(wanted)

    def speak(self, lines: Iterable[Line], made: Iterable[Button], protect: bool = False) -> None:
        """Says a step's lines; buttons close the message they stand under."""
        self.say(messages(lines, self.facts()))
        made = list(made)
        if made:
            self.choices = tuple(live for _, live in made)
            self.keyboard = self.next_version
            self.flush(in_rows(made), protect)
        elif protect:
            self.flush((), protect)

    def flush(self, rows: tuple[tuple[Choice, ...], ...] = (), protect: bool = False) -> None:
        if self.lines:
            self.effects.append(Say(tuple(self.lines), rows, protect=protect))
            self.lines = []

    @property
    def next_version(self) -> int:
        """The conversation's version once this turn is stored: what the buttons shown now will name."""
        conversation = self.turn.situation.conversation
        return (conversation.version if conversation else 0) + 1

    def end(self) -> Advance:
        """The state and effects of the whole turn."""
        self.flush()
        frames = tuple(self._stored(frame) for frame in self.frames)
        state = DialogState(frames, self.keyboard, self.choices, self.misunderstood, tuple(self.remembered.items()))
        top = frames[-1] if frames else None
        trace = Trace(top.flow if top else None, top.step if top else None, self.intent, tuple(self.trace))
        return Advance(state, tuple(self.effects), trace)

    def _stored(self, frame: Frame) -> Frame:
        types = slot_types(self.script.flows[frame.flow])
        return without(frame, [name for name, _ in frame.slots if types.get(name) in PASSING])
