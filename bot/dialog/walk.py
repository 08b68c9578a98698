"""Walk: one turn's way through the script: the stack of flows, what is so now, and what has been said and asked for.

It gathers effects and the next state, is made anew for each turn and given away as a value at its end. `bot.dialog.steps`
takes the steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.dialog.actions import ACTIONS, Action
from bot.dialog.asked import REFERENCE
from bot.dialog.effects import Choice, Effect, Say
from bot.dialog.facts import Facts, Value, typed_slot
from bot.dialog.ledger import Ledger
from bot.dialog.outcome import after_effects
from bot.dialog.script import (
    END,
    AskStep,
    ConfirmStep,
    Flow,
    Line,
    SayStep,
    Script,
    Sentence,
)
from bot.dialog.slots import PASSING, slot_types, without
from bot.dialog.speech import Button, buttons, in_rows, messages, shared, typed_label
from bot.dialog.state import DialogState, Frame, LiveChoice, SlotJson
from bot.dialog.turn import Advance, Trace, Turn
from bot.domain.borrower import Address
from bot.domain.commitments import Commitment
from bot.domain.situation import Conversation, Holder, Situation
from bot.texts.messages import Message, Words

#: Flows that the engine begins by name; a script without one of them cannot be published.
FLOWS_OF_ENGINE = ("welcome", "identify", "no_link", "no_loan", "choose_loan", "not_understood", "help")

#: Flows waiting for one another; older ones are let go, nobody remembers them.
MOST_FRAMES = 4

#: A question that was left open for longer is recalled before the talk goes on, and a card is shown again before it counts.
QUESTION_LIVES = timedelta(hours=24)
#: Two presses within this time are one finger; nobody needs to be shown anything for the second.
DOUBLE_PRESS = timedelta(seconds=10)

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
    led_away: bool = False  # the turn left the question that was open at its beginning, or has recalled it already
    extra: dict[str, Value] = field(default_factory=dict)
    interrupted: dict[str, str] = field(
        default_factory=dict
    )  # what was being asked for when something more urgent came
    actions: Mapping[str, Action] = field(default_factory=lambda: ACTIONS)
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
    def silence(self) -> timedelta | None:
        """How long ago this chat was heard of before; None where it never was."""
        conversation = self.turn.situation.conversation
        last = conversation.last_inbound_at if conversation else None
        return None if last is None else self.turn.now - last

    @property
    def long_ago(self) -> bool:
        return self.silence is not None and self.silence > QUESTION_LIVES

    @property
    def topic(self) -> Words | None:
        """What the open question is about, in its flow's title."""
        flow = self.flow
        return Words(flow.title.with_values(())) if self.open_step and flow and flow.title else None

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
            values={**self._told(), **self.extra, **(self._slots(frame) if frame else {}), **self._question(frame)},
            claimed=claimed,
            commitment=self._referred(frame),
            policy=self.turn.contact_policy,
            approved=self.turn.approved,
        )
        self._facts = (frame, facts, dict(self.extra))
        return facts

    def _told(self) -> dict[str, Value]:
        """What only this talk knows: why paying is hard, whether a wish waits for the proof, what a new case is called."""
        waits = any(frame.flow not in ("welcome", "identify") for frame in self.frames)
        return {
            "reason": self.remembered.get("reason"),
            "wish_waits": waits,
            "case_number": self.turn.reference,
        }

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

    def _question(self, frame: Frame | None) -> dict[str, Value]:
        """The question that the innermost flow answers."""
        asked = frame.slot(REFERENCE) if frame else None
        known = self.script.answers is not None and asked in self.script.answers.by_question
        return {"question": str(asked)} if known else {}

    def _referred(self, frame: Frame | None) -> Commitment | None:
        reference = frame.slot(REFERENCE) if frame else None
        if reference is None:
            return None
        return next((c for c in self.situation.commitments if c.reference == reference), None)

    # -- starting and ending flows -----------------------------------------------------------------------------------

    def start(self, flow: Flow, slots: Mapping[str, SlotJson] | None = None) -> None:
        """Begins a flow on top of whatever waits; a flow that waits already is begun anew in its place."""
        self.trace.append(f"start {flow.id}")
        self.led_away = True
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
        self.led_away = True
        self.frames.clear()
        self.answered()

    def interrupt(self) -> None:
        """The same, where something more urgent comes between: what was being asked for is not lost to whoever takes over."""
        # What is typed to prove an identity is compared and forgotten, never told.
        for frame in (f for f in self.frames if "identity" in self.script.flows[f.flow].needs):
            told = {n: str(v) for n, v in frame.slots if v is not None and not n.startswith("_")}
            if told and not self.interrupted:
                self.interrupted = {"interrupted": frame.flow, **told}
        self.clear()

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

    def cancel(self) -> None:
        """Leaves the flow in progress and those that wanted it, back to a question that was interrupted, if there is one."""
        self.answered()
        self.frames.pop()
        while self.frames and self.frames[-1].slot(_INTERRUPTED) is not True:
            self.frames.pop()
        self.say([shared(self.facts(), "cancelled")])
        self._back()

    def _back(self) -> None:
        """After a digression: says where the talk goes on, and the open question is asked again."""
        if not self.frames or self.frames[-1].slot(_INTERRUPTED) is not True:
            return
        self.frames[-1] = without(self.frames[-1], (_INTERRUPTED,))
        if self.topic is not None:
            self.say([shared(self.facts().with_values({"topic": self.topic}), "back_to")])

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

    # -- saying and doing --------------------------------------------------------------------------------------------

    def lasting(self, label: Sentence, intent: str) -> Button:
        """A button for a wish, which may be pressed at any time."""
        message = label.with_values(())
        return Choice(message, intent), LiveChoice(intent=intent, label=typed_label(message))

    def buttons_of(self, step: SayStep) -> list[Button]:
        return buttons(step.buttons, self.facts())

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
