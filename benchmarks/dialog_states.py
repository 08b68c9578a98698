"""Walk by model: every state that a talk in the shipped flows can reach, by every input, with every rule checked on the way.

`python -m benchmarks.dialog_states [--states 2000] [--frames 4]` walks deeper than the test does and prints what it counted.
A state is the stack of flows with the kinds of values known, the tries, the live buttons, what is remembered, and the borrower's
situation by what flows can tell apart; sums, days and languages are not told apart.

With `--whole N` the walk leaves no state out: of what waits beneath the open question it tells only whether there is something,
and it does not go on where more than N things that outlast a question have changed, since other situations begin there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, deque
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.dialog_inputs import APPROVED, WIDE, Input, begins, inputs, presses
from benchmarks.measure import machine
from bot.dialog.effects import AcknowledgePress, Choice, HandOff, PlaceHold, RecordCommitment, Say
from bot.dialog.given import Given
from bot.dialog.rehearsal import Heard, Rehearsal
from bot.dialog.script import ConfirmStep, SayStep, Script, Step
from bot.dialog.stage import Shown, Stage
from bot.dialog.state import DialogState
from bot.dialog.turn import LinkFacts, Turn
from bot.domain.commitments import CommitmentStatus
from bot.domain.events import ButtonPressed, ChatBlocked, ChatUnblocked, ForgedButton, InboundEvent
from bot.domain.holds import HoldKind
from bot.domain.situation import Holder, Situation
from bot.domain.understanding import NOTHING_SAID, Understanding
from bot.services.live import compile_files
from bot.services.publish_scripts import read_files
from bot.services.rehearse import stage_of

#: Holds that flows tell apart.
_TOLD_APART = (HoldKind.STOP, HoldKind.PAUSED, HoldKind.INCONVENIENT_TIMES, HoldKind.PAID_CLAIM, HoldKind.DISPUTE)
_SILENT = (ChatBlocked, ChatUnblocked, ForgedButton)


@dataclass
class Modelled(Rehearsal):
    """A rehearsal that is told what each message means."""

    meant: Understanding = NOTHING_SAID

    def _turn(self, event: InboundEvent, link: LinkFacts | None) -> tuple[Turn, Understanding]:
        # An event without words is not read, so nothing is understood twice.
        turn, _ = super()._turn(ChatUnblocked(), link)
        return replace(turn, event=event, understanding=self.meant), self.meant


@dataclass(frozen=True)
class Node:
    """One way to be in a state: the first that was found."""

    state: DialogState
    situation: Situation
    shown: tuple[Shown, ...]
    buttons: tuple[Choice, ...]
    way: tuple[str, ...]

    def key(self) -> tuple[Any, ...]:
        frames = tuple((f.flow, f.step, tuple(sorted(map(_kind, f.slots))), f.tries) for f in self.state.frames)
        live = tuple((c.goto, c.intent, c.label) for c in self.state.choices) if self.state.frames else ()
        return frames, live, self.state.misunderstood, self.lasting()

    def question(self) -> Hashable:
        """The state where what waits beneath the open question is only something or nothing."""
        (*_, open_) = self.key()[0] or ((),)
        return len(self.state.frames) > 1, open_, *self.key()[1:]

    def lasting(self) -> tuple[Hashable, ...]:
        """What outlives a question: whose chat it is, promises, holds, what is remembered."""
        return tuple(sorted(name for name, _ in self.state.facts)), *_circumstances(self.situation)


def _kind(slot: tuple[str, object]) -> tuple[str, str]:
    name, value = slot
    return name, str(value) if value is None or isinstance(value, bool) else "known"


def _circumstances(situation: Situation) -> tuple[Hashable, ...]:
    chat = situation.conversation
    who = (chat.borrower_id, chat.verified, chat.holder, min(chat.proof_attempts, 3), chat.reachable) if chat else None
    promises = tuple(sorted({c.status.value for c in situation.commitments}))
    fresh = any(c.status is CommitmentStatus.OPEN and c.made_at == situation.now for c in situation.commitments)
    return who, promises, fresh, tuple(kind for kind in _TOLD_APART if situation.held(kind))


@dataclass
class Found:
    """What a walk has counted and seen. `faults` name the rule, the way there and the input; each rule in each step once."""

    states: int = 0
    transitions: int = 0
    unexpanded: int = 0
    visited: set[str] = field(default_factory=set)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)


def explore(name: str, stage: Stage, given: Given, most_states: int, most_frames: int, found: Found) -> None:
    """Every state reachable from a situation, nearest first, as far as `most_states` and `most_frames` let it."""
    start = Node(DialogState(), given.situation, (), (), (name,))
    nodes, queue, pressed = {start.key(): start}, Queue(), set[Hashable]()
    queue.put(start)
    leads: dict[Hashable, set[Hashable]] = {}
    ends: set[Hashable] = set()
    expanded = 0
    while expanded < most_states and (node := queue.take()) is not None:
        if len(node.state.frames) > most_frames:
            found.unexpanded += 1
            ends.add(node.key())
            continue
        expanded += 1
        key = node.key()
        asked = _asked(stage.script, node.state)
        for tried in inputs(stage.script, given, asked, node.buttons, node.state.keyboard):
            after = _transition(stage, given, node, tried, found)
            if tried.after >= timedelta(hours=1):  # seen, but the clock of the states stands still
                continue
            for press in presses(after.buttons, after.state.keyboard):
                # Each button under what is shown is pressed at least once in each place where it means something else.
                what = (press.name, bool(after.state.frames), _circumstances(after.situation))
                if what not in pressed and not after.state.frames:
                    pressed.add(what)
                    _enqueue(_transition(stage, given, after, press, found), nodes, queue)
            _enqueue(after, nodes, queue)
            if tried.answers or not node.state.frames:
                leads.setdefault(after.key(), set()).add(key)
            if not after.state.frames:
                ends.add(after.key())
    left = [node.key() for node in queue.left()]
    found.unexpanded += len(left)
    found.states += len(nodes)
    out = _reaching({*ends, *left}, leads)
    found.stuck += [" > ".join(n.way) for k, n in nodes.items() if k not in out and not _held(n.situation)]


def explore_whole(name: str, stage: Stage, given: Given, changes: int, found: Found) -> None:
    """Every state of a situation, as `--whole` tells states apart; `unexpanded` are those that other situations begin with."""
    start = Node(DialogState(), given.situation, (), (), (name,))
    nodes, queue = {start.question()}, deque([start])
    while queue:
        node = queue.popleft()
        if sum(now != then for now, then in zip(node.lasting(), start.lasting(), strict=True)) > changes:
            found.unexpanded += 1
            continue
        asked = _asked(stage.script, node.state)
        for tried in inputs(stage.script, given, asked, node.buttons, node.state.keyboard):
            after = _transition(stage, given, node, tried, found)
            # After days the answer was seen, but the clock of the states stands still.
            if tried.after < timedelta(hours=1) and after.question() not in nodes:
                nodes.add(after.question())
                queue.append(after)
    found.states += len(nodes)


@dataclass
class Queue:
    """Nodes still to go on from: first of the question, with what waits beneath it, that was gone on from least."""

    waiting: dict[Hashable, deque[Node]] = field(default_factory=dict)
    taken: Counter[Hashable] = field(default_factory=Counter)

    def put(self, node: Node) -> None:
        at = tuple((f.flow, f.step, f.tries) for f in node.state.frames[-2:])
        self.waiting.setdefault(at, deque()).append(node)

    def take(self) -> Node | None:
        at = min((step for step, nodes in self.waiting.items() if nodes), key=self.taken.__getitem__, default=None)
        if at is None:
            return None
        self.taken[at] += 1
        return self.waiting[at].popleft()

    def left(self) -> list[Node]:
        return [node for nodes in self.waiting.values() for node in nodes]


def _enqueue(node: Node, nodes: dict[Hashable, Node], queue: Queue) -> None:
    if nodes.setdefault(node.key(), node) is node:
        queue.put(node)


def _held(situation: Situation) -> bool:
    return situation.conversation is not None and situation.conversation.holder is not Holder.BOT


def _reaching(ends: set[Hashable], leads: Mapping[Hashable, set[Hashable]]) -> set[Hashable]:
    reached, queue = set(ends), deque(ends)
    while queue:
        for before in leads.get(queue.popleft(), ()):
            if before not in reached:
                reached.add(before)
                queue.append(before)
    return reached


def _asked(script: Script, state: DialogState) -> Step | None:
    return script.step(state.frames[-1].flow, state.frames[-1].step) if state.frames else None


def _transition(stage: Stage, given: Given, node: Node, tried: Input, found: Found) -> Node:
    chat = Modelled(stage, given, node.situation, node.state, list(node.shown), meant=tried.meant)
    chat.situation = replace(node.situation, now=node.situation.now + tried.after)
    heard = chat.hear(tried.event, tried.link)
    found.transitions += 1
    found.visited |= {line for line in heard.result.trace.lines if "." in line and " " not in line}
    way = (*node.way, tried.name)
    for fault in (*heard.broken, *_broken(stage.script, node, tried, heard)):
        where = heard.result.trace.lines[-1] if heard.result.trace.lines else "nowhere"
        found.faults.setdefault((fault, where), " > ".join(way))
    says = [e for e in heard.result.effects if isinstance(e, Say)]
    last = next((s for s in reversed(says) if s.choices), None)
    buttons = tuple(c for row in last.choices for c in row) if last else () if says else node.buttons
    # The clock stands still between states, else none would ever be seen again.
    situation = replace(chat.situation, now=node.situation.now)
    if situation.conversation is not None:
        situation = replace(situation, conversation=replace(situation.conversation, last_inbound_at=situation.now))
    return Node(chat.state, situation, heard.shown or node.shown, buttons, way)


def _broken(script: Script, node: Node, tried: Input, heard: Heard) -> Iterator[str]:
    """Rules of the engine that hold in every turn, besides those of every rehearsal."""
    result, event = heard.result, tried.event
    says = [e for e in result.effects if isinstance(e, Say)]
    lined = any(isinstance(e, AcknowledgePress) and e.line for e in result.effects)
    if not says and not lined and not _held(node.situation) and not isinstance(event, _SILENT):
        yield "nothing was said, and for no reason"
    if "too many steps" in result.trace.lines:
        yield "a loop"
    if DialogState.from_json(result.state.to_json()) != result.state:
        yield "the state is not its own JSON"
    live = [c for say in says for row in say.choices for c in row]
    live = [c for c in live if not (c.intent or c.url or c.copy_text or c.request_contact)]
    if len(live) > len(result.state.choices) or (live and result.state.keyboard is None):
        yield "a button is shown that has expired already"
    if isinstance(event, ButtonPressed) and tried.name.startswith("[") and "expired button" in result.trace.lines:
        yield f"the button {tried.name} has expired while it is shown"
    yield from _twice(script, heard)
    if any(isinstance(e, RecordCommitment) for e in result.effects):
        card = _asked(script, node.state)
        if not isinstance(card, ConfirmStep) or tried.after.days:
            yield "a commitment was recorded without a fresh card"
        elif not (isinstance(event, ButtonPressed) or tried.meant.intent == "affirm" or tried.name == "choice 1"):
            yield "a commitment was recorded without a yes"


def _twice(script: Script, heard: Heard) -> Iterator[str]:
    """What one turn does once at most: say a step, hold for a reason, call a person for one."""
    result = heard.result
    steps = Counter(line for line in result.trace.lines if "." in line and " " not in line)
    said = {step: n for step, n in steps.items() if isinstance(script.step(*step.split(".", 1)), SayStep)}
    held = Counter((e.kind.value, e.loan_id) for e in result.effects if isinstance(e, PlaceHold))
    called = Counter(e.reason for e in result.effects if isinstance(e, HandOff))
    for what, counted in (("said", said), ("held", held), ("called a person for", called)):
        yield from (f"{what} {each} {n} times" for each, n in counted.items() if n > 1)


def every_step(script: Script) -> set[str]:
    return {f"{f.id}.{s}" for f in script.flows.values() if not f.messages for s in f.steps}


def walk_all(stage: Stage, most_states: int, most_frames: int) -> Found:
    """From every situation; from those that differ in little, a part of the states."""
    found = Found()
    for name, on, given in begins(stage):
        most = most_states if name in WIDE else 1 if name.startswith(APPROVED) else max(most_states // 6, 4)
        explore(name, on, given, most, most_frames, found)
    return found


def walk_whole(stage: Stage, changes: int, only: Collection[str] | None = None) -> Found:
    """Every state of every situation, or of those named; those that differ only in what is approved are left to `walk_all`."""
    found = Found()
    for name, on, given in begins(stage):
        if not name.startswith(APPROVED) and (only is None or name in only):
            explore_whole(name, on, given, changes, found)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=2000, help="states that are gone on from, for each situation")
    parser.add_argument("--frames", type=int, default=4, help="flows that wait for one another")
    parser.add_argument("--whole", type=int, metavar="N", help="leave no state out within N lasting changes")
    given = parser.parse_args()
    live, problems = compile_files(read_files(Path("dialogs"), Path("locales")), 1)
    if live is None:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    began = time.process_time()
    stage = stage_of(live)
    found = walk_all(stage, given.states, given.frames) if given.whole is None else walk_whole(stage, given.whole)
    print(machine(Path()))
    print(f"{found.states} states, {found.transitions} transitions, {time.process_time() - began:.0f} s of CPU")
    print(f"{found.unexpanded} states were reached and not gone on from")
    print("not visited:", *sorted(every_step(live.script) - found.visited))
    for (fault, where), way in found.faults.items():
        print(f"{fault} in {where}: {way}")
    print(*found.stuck, sep="\n")
    return 1 if found.faults or found.stuck else 0


if __name__ == "__main__":
    sys.exit(main())
