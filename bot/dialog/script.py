"""Script: all flows compiled, as frozen values. A flow is a list of steps; each step does one thing and names the next.

Sentences stand in the script as they are said in English; nothing here is a template of anything but `%(name)s`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.dialog.conditions import Condition
from bot.dialog.known_answers import Answers
from bot.dialog.lines import Line, ScriptButton, Sentence
from bot.dialog.state import SlotJson
from bot.domain.diagnostics import Place

#: Whoever reads a script finds here too what its steps are made of.
__all__ = ["Line", "ScriptButton", "Sentence"]

#: The target that ends a flow, wherever a step may be named.
END = "end"

#: The intent of the button that tells the rest of an answer, and the list of what must be said with one.
MORE = "tell_me_more"
ANSWER_STATEMENTS = "consequence_statements"

#: What a slot may hold.
SLOT_TYPES = ("amount", "date", "days", "instalments", "yes_no", "choice", "text", "digits", "phone")


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a value is not taken, and what is said then; the question stays open."""

    when: Condition
    line: Line


@dataclass(frozen=True, slots=True)
class SayStep:
    id: str
    place: Place
    lines: tuple[Line, ...]
    next: str | None
    buttons: tuple[ScriptButton, ...] = ()
    protect: bool = False


@dataclass(frozen=True, slots=True)
class AskStep:
    """A question that fills a slot. With `offers`, code proposes the values that become buttons; typed ones are taken too.

    After `most_tries` answers that were not understood or taken, the flow goes to `otherwise`.
    """

    id: str
    place: Place
    lines: tuple[Line, ...]
    next: str | None
    slot: str
    type: str
    buttons: tuple[ScriptButton, ...] = ()
    offers: str | None = None
    label: Sentence | None = None
    rejects: tuple[Reject, ...] = ()
    most_tries: int = 2
    otherwise: str | None = None
    photo: bool = False  # a photo or document is an answer too


@dataclass(frozen=True, slots=True)
class ConfirmStep:
    """A card: what would be agreed, and three buttons. Only the first lets a commitment be recorded."""

    id: str
    place: Place
    lines: tuple[Line, ...]
    yes: ScriptButton
    no: ScriptButton
    change: ScriptButton | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class DoStep:
    """A registered action; `on` names the step for each of its results."""

    id: str
    place: Place
    action: str
    arguments: tuple[tuple[str, SlotJson], ...]
    on: tuple[tuple[str, str], ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class IfStep:
    id: str
    place: Place
    when: Condition
    then: str
    otherwise: str | None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class GotoStep:
    id: str
    place: Place
    next: str | None


@dataclass(frozen=True, slots=True)
class CallStep:
    """Another flow, then the next step here."""

    id: str
    place: Place
    flow: str
    next: str | None


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """The answer to the question that `field` names (a field, or a slot), or with `more` the rest of it.

    Where a person has to answer it goes to `held`, and to `otherwise` where no such question is known.
    """

    id: str
    place: Place
    field: str
    held: str | None
    otherwise: str | None
    more: bool = False
    next: str | None = None


@dataclass(frozen=True, slots=True)
class HandOffStep:
    """A case for people. Ends every flow in progress; with `next` only those beneath, and this one goes on."""

    id: str
    place: Place
    reason: str
    lines: tuple[Line, ...] = ()
    buttons: tuple[ScriptButton, ...] = ()
    urgent: bool = False
    takes_chat: bool = False
    next: str | None = None


@dataclass(frozen=True, slots=True)
class EndStep:
    id: str
    place: Place
    next: str | None = None


Step = SayStep | AskStep | ConfirmStep | DoStep | IfStep | GotoStep | CallStep | AnswerStep | HandOffStep | EndStep


@dataclass(frozen=True, eq=False)
class Flow:
    """One dialog. `needs` are checked before its first step: identity, loan. `title` names it to the borrower.

    A flow with `messages` is not walked: its steps are sentences that the engine and the reminders use by name. Two flows
    are the same only if they are one object, so that what is worked out for a flow can be kept by it.
    """

    id: str
    place: Place
    steps: Mapping[str, Step]
    title: Sentence | None = None
    intents: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    messages: bool = False
    of_answer: bool = False  # made of an answer: only a question leads to it

    @property
    def first(self) -> str:
        return next(iter(self.steps))

    @property
    def answers(self) -> bool:
        """Whether the flow answers a question that it is started with."""
        return any(isinstance(step, AnswerStep) for step in self.steps.values())

    def slot_types(self) -> dict[str, str]:
        return {s.slot: s.type for s in self.steps.values() if isinstance(s, AskStep)}

    def asks_for(self, slot: str) -> AskStep | None:
        return next((s for s in self.steps.values() if isinstance(s, AskStep) and s.slot == slot), None)


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """All flows, and which flow an intent or a command starts. Two are the same only if they are one object, as flows are."""

    flows: Mapping[str, Flow]
    by_intent: Mapping[str, str] = field(default_factory=dict)
    by_command: Mapping[str, str] = field(default_factory=dict)
    answers: Answers | None = None

    @property
    def statements(self) -> Line | None:
        """The line by which a flow says what must be said with an answer; the answers say it alike."""
        lines = (line for flow in self.flows.values() for step in flow.steps.values() for line in step_lines(step))
        return next((line for line in lines if line.each == ANSWER_STATEMENTS), None)

    def flow_of(self, intent: str | None) -> Flow | None:
        return self.flows.get(self.by_intent.get(intent or "", ""))

    def step(self, flow: str, step: str) -> Step | None:
        found = self.flows.get(flow)
        return found.steps.get(step) if found else None

    def message(self, flow: str, step: str) -> SayStep | None:
        found = self.step(flow, step)
        return found if isinstance(found, SayStep) else None

    def sentences(self) -> Iterator[tuple[Flow, Sentence]]:
        """Every sentence of the script, in the order of the files."""
        for flow in self.flows.values():
            if flow.title:
                yield flow, flow.title
            for step in flow.steps.values():
                for sentence in step_sentences(step):
                    yield flow, sentence


def step_lines(step: Step) -> tuple[Line, ...]:
    """What a step may say: its own lines and, for a question, those of its rejections."""
    match step:
        case SayStep() | HandOffStep() | ConfirmStep():
            return step.lines
        case AskStep():
            return (*step.lines, *(r.line for r in step.rejects))
        case _:
            return ()


def step_buttons(step: Step) -> tuple[ScriptButton, ...]:
    match step:
        case SayStep() | HandOffStep() | AskStep():
            return step.buttons
        case ConfirmStep():
            return (step.yes, *((step.change,) if step.change else ()), step.no)
        case _:
            return ()


def step_sentences(step: Step) -> Iterator[Sentence]:
    for line in step_lines(step):
        yield line.sentence
    for button in step_buttons(step):
        yield button.label
    if isinstance(step, AskStep) and step.label:
        yield step.label


def step_targets(step: Step) -> Iterator[str | None]:
    """Where a step may lead; None where it needs a next step and has none."""
    match step:
        case SayStep() | GotoStep() | CallStep():
            yield step.next
        case AskStep():
            yield from (step.next, *((step.otherwise,) if step.otherwise else ()))
        case DoStep():
            yield from (target for _, target in step.on)
        case IfStep():
            yield from (step.then, step.otherwise or step.next)
        case AnswerStep():
            yield from (step.next or END, step.held, step.otherwise)
        case HandOffStep() if step.next:
            yield step.next
        case ConfirmStep() | HandOffStep() | EndStep():
            pass
    yield from (button.goto for button in step_buttons(step) if button.goto)
