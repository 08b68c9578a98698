"""Parsing: the text of flow files into one Script, every mistake of form as a diagnostic with its place.

Whether the flows make sense (paths, slots, disclosure, translations) is `check`'s work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialog.reading import Faults
from bot.dialog.script import (
    END,
    AnswerStep,
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
    Reject,
    SayStep,
    Script,
    ScriptButton,
    Sentence,
    Step,
)
from bot.dialog.state import SlotJson
from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.texts.sentences import read_sentence

FLOW_KEYS = ("flow", "title", "about", "starts", "needs", "steps")
MESSAGE_KEYS = ("messages", "about", "steps")
BUTTON_KEYS = ("label", "value", "value_of", "goto", "intent", "argument", "copy", "url", "contact", "style", "if")


def parse_script(files: Mapping[str, str]) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """The script of these files (path -> text), or None with at least one error among the diagnostics."""
    faults = Faults()
    flows: dict[str, Flow] = {}
    for file, text in sorted(files.items()):
        read = read_yaml(text, file)
        faults.found.extend(read.problems)
        if read.problems:
            continue
        flow = _flow(read.root, file, faults)
        if flow is None:
            continue
        if flow.id in flows:
            place = flows[flow.id].place
            faults.add(flow.place, "S005", f'The flow "{flow.id}" stands in {place} already.', "Give one another name.")
        flows[flow.id] = flow
    by_intent = _starters(flows, faults, lambda flow: flow.intents, "intent")
    by_command = _starters(flows, faults, lambda flow: flow.commands, "command")
    if any(d.severity is Severity.ERROR for d in faults.found):
        return None, tuple(faults.found)
    return Script(flows, by_intent, by_command), tuple(faults.found)


def _starters(
    flows: Mapping[str, Flow], faults: Faults, names: Callable[[Flow], tuple[str, ...]], what: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    for flow in flows.values():
        for name in names(flow):
            if name in found:
                sentence = f'The {what} "{name}" starts both "{found[name]}" and "{flow.id}".'
                faults.add(flow.place, "S006", sentence, "Keep it in one of the two.")
            found[name] = flow.id
    return found


def _flow(root: Node | None, file: str, faults: Faults) -> Flow | None:
    if not isinstance(root, MapNode) or not (root.get("flow") or root.get("messages")):
        place = root.place if root else Place(file)
        faults.add(place, "S001", "This file holds no flow.", "Begin with flow: and a name, then steps:.")
        return None
    messages = root.get("flow") is None
    faults.only(root, MESSAGE_KEYS if messages else FLOW_KEYS)
    name = faults.word(root.get("messages" if messages else "flow"), "The name of a flow")
    steps = root.get("steps")
    if name is None or not isinstance(steps, MapNode) or not steps.entries:
        faults.add(root.place, "S001", "This flow has no steps.", "Write steps: and below it one name: per step.")
        return None
    starts = faults.mapping(root.get("starts"), "starts")
    if starts:
        faults.only(starts, ("intents", "commands"))
    title = root.get("title")
    reader = StepReader(name, faults, _slots(steps), messages)
    return Flow(
        id=name,
        place=root.place,
        steps=reader.steps(steps),
        title=reader.sentence(title, "title", label=True) if title else None,
        intents=faults.words(starts.get("intents"), "intents") if starts else (),
        commands=faults.words(starts.get("commands"), "commands") if starts else (),
        needs=faults.words(root.get("needs"), "needs"),
        messages=messages,
    )


def _slots(steps: MapNode) -> frozenset[str]:
    """Slots are known before the steps are read, so that a condition may name one that is asked for further down."""
    found = set()
    for key, step in steps.entries:
        if isinstance(step, MapNode) and (step.get("ask") or step.get("offer")):
            slot = step.get("slot")
            found.add(slot.text if isinstance(slot, ScalarNode) else key.text)
    return frozenset(found)


class StepReader:
    """Reads the steps of one flow; `verbs` says how each kind is written."""

    def __init__(self, flow: str, faults: Faults, slots: frozenset[str], messages: bool) -> None:
        self.flow = flow
        self.faults = faults
        self.slots = slots
        self.messages = messages
        self.verbs: dict[str, tuple[tuple[str, ...], Callable[[str, MapNode, str | None], Step | None]]] = {
            "say": (("buttons", "protect", "next"), self._say),
            "ask": (("slot", "type", "choices", "buttons", "reject", "retries", "photo", "next"), self._ask),
            "offer": (("slot", "type", "from", "label", "buttons", "reject", "retries", "next"), self._ask),
            "confirm": (("yes", "change", "no"), self._confirm),
            "do": (("with", "on"), self._do),
            "if": (("then", "else", "next"), self._if),
            "goto": ((), lambda id, node, _: GotoStep(id, node.place, self.faults.word(node.get("goto"), "goto"))),
            "call": (("next",), self._call),
            "answer": (("part", "held", "else", "next"), self._answer),
            "hand_off": (("say", "buttons", "urgent", "takes_chat", "next"), self._hand_off),
            "end": ((), lambda id, node, _: EndStep(id, node.place)),
        }

    def steps(self, node: MapNode) -> dict[str, Step]:
        found: dict[str, Step] = {}
        for at, (key, body) in enumerate(node.entries):
            following = node.entries[at + 1][0].text if at + 1 < len(node.entries) and not self.messages else None
            step = self._step(key, body, following)
            if step is not None:
                found[key.text] = step
        return found

    def _step(self, key: ScalarNode, body: Node, following: str | None) -> Step | None:
        if key.text == END:
            self.faults.add(key.place, "S007", '"end" is the name of the end.', "Give the step another name.")
        node = body
        if isinstance(body, ScalarNode):
            # `farewell: Good-bye.` and `done: end` are short for `say:` and `end:`.
            verb = "end" if body.text == END and not body.quoted else "say"
            node = MapNode(body.place, ((ScalarNode(body.place, verb, quoted=False), body),))
        if not isinstance(node, MapNode):
            self.faults.add(
                body.place, "S008", f'The step "{key.text}" says nothing to do.', "Give it one verb, such as say:."
            )
            return None
        known = tuple(self.verbs)
        verbs = [v for v in known if node.get(v) is not None]
        if "hand_off" in verbs:
            verbs = ["hand_off"]
        if len(verbs) != 1 or (self.messages and verbs != ["say"]):
            named = verbs or [did_you_mean(k, known).strip() for k in node.keys()[:1]]
            sentence = (
                f'The step "{key.text}" needs exactly one verb ({", ".join(n for n in named if n) or "none found"}).'
            )
            self.faults.add(key.place, "S008", sentence, f"Verbs are: {', '.join(known)}.")
            return None
        extra, read = self.verbs[verbs[0]]
        self.faults.only(node, (verbs[0], *extra), elsewhere=known)
        following = self.faults.word(node.get("next"), "next") or following
        return read(key.text, node, following)

    # -- sentences and buttons -----------------------------------------------------------------------------------------

    def sentence(self, node: Node, step: str, label: bool = False) -> Sentence | None:
        found = read_sentence(node, label)
        if found is None:
            self.faults.add(node.place, "S009", "There is no sentence here.", "Write text, or one:, other: and count:.")
            return None
        return Sentence(found.source, f"{self.flow}.{step}", found.place, found.plural, found.count_by)

    def lines(self, node: Node | None, step: str) -> tuple[Line, ...]:
        if node is None:
            return ()
        parts = node.items if isinstance(node, ListNode) else (node,)
        return tuple(line for line in (self._line(part, step) for part in parts) if line is not None)

    def _line(self, node: Node, step: str) -> Line | None:
        if isinstance(node, MapNode) and node.get("text") is not None:
            self.faults.only(node, ("text", "if", "each"))
            text = node.get("text")
            sentence = self.sentence(text, step) if text else None
            when = self.faults.condition(node.get("if"), self.slots)
            return Line(sentence, when, self.faults.word(node.get("each"), "each")) if sentence else None
        sentence = self.sentence(node, step)
        return Line(sentence) if sentence else None

    def buttons(self, node: Node | None, step: str) -> tuple[ScriptButton, ...]:
        if node is None:
            return ()
        if not isinstance(node, ListNode):
            self.faults.add(node.place, "S010", "Buttons are a list.", "Begin each with a dash: - {label: ..., ...}.")
            return ()
        return tuple(b for b in (self.button(part, step) for part in node.items) if b is not None)

    def button(self, node: Node | None, step: str, goto: str | None = None) -> ScriptButton | None:
        body = self.faults.mapping(node, "A button")
        if body is None:
            return None
        self.faults.only(body, BUTTON_KEYS)
        label_node = body.get("label")
        label = self.sentence(label_node, step, label=True) if label_node else None
        if label is None:
            self.faults.add(body.place, "S010", "This button has no label.", "Add label: and at most 24 characters.")
            return None
        word = self.faults.word
        return ScriptButton(
            label=label,
            place=body.place,
            value=self.value(body.get("value")),
            value_of=word(body.get("value_of"), "value_of"),
            goto=word(body.get("goto"), "goto") or goto,
            intent=word(body.get("intent"), "intent"),
            argument=word(body.get("argument"), "argument"),
            copy_of=word(body.get("copy"), "copy"),
            url_of=word(body.get("url"), "url"),
            contact=self.faults.flag(body.get("contact"), "contact"),
            style=word(body.get("style"), "style"),
            when=self.faults.condition(body.get("if"), self.slots),
        )

    def value(self, node: Node | None) -> SlotJson:
        return node.value if isinstance(node, ScalarNode) else None

    # -- kinds of step -------------------------------------------------------------------------------------------------

    def _say(self, id: str, node: MapNode, following: str | None) -> Step:
        return SayStep(
            id,
            node.place,
            self.lines(node.get("say"), id),
            following,
            self.buttons(node.get("buttons"), id),
            self.faults.flag(node.get("protect"), "protect"),
        )

    def _ask(self, id: str, node: MapNode, following: str | None) -> Step | None:
        kind = self.faults.word(node.get("type"), "type")
        if kind is None:
            self.faults.add(
                node.place, "S011", f'The question "{id}" has no type.', "Add type: amount, date, yes_no, ..."
            )
            return None
        retries = self.faults.mapping(node.get("retries"), "retries")
        if retries:
            self.faults.only(retries, ("max", "then"))
        label = node.get("label")
        return AskStep(
            id=id,
            place=node.place,
            lines=self.lines(node.get("ask") or node.get("offer"), id),
            next=following,
            slot=self.faults.word(node.get("slot"), "slot") or id,
            type=kind,
            buttons=(*self.buttons(node.get("choices"), id), *self.buttons(node.get("buttons"), id)),
            offers=self.faults.word(node.get("from"), "from"),
            label=self.sentence(label, id, label=True) if label else None,
            rejects=self._rejects(node.get("reject"), id),
            most_tries=self.faults.number(retries.get("max") if retries else None, "max", 2),
            otherwise=self.faults.word(retries.get("then") if retries else None, "then"),
            photo=self.faults.flag(node.get("photo"), "photo"),
        )

    def _rejects(self, node: Node | None, step: str) -> tuple[Reject, ...]:
        if node is None:
            return ()
        found = []
        for part in node.items if isinstance(node, ListNode) else (node,):
            body = self.faults.mapping(part, "A rejection")
            if body is None:
                continue
            self.faults.only(body, ("if", "say"))
            when = self.faults.condition(body.get("if"), self.slots)
            lines = self.lines(body.get("say"), step)
            if when is None or not lines:
                self.faults.add(body.place, "S012", "A rejection needs if: and say:.", "Say why, and what would do.")
            else:
                found.append(Reject(when, lines[0]))
        return tuple(found)

    def _confirm(self, id: str, node: MapNode, _: str | None) -> Step | None:
        yes, no = self.button(node.get("yes"), id), self.button(node.get("no"), id)
        change = self.button(node.get("change"), id) if node.get("change") else None
        if yes is None or no is None:
            self.faults.add(node.place, "S013", "A card needs yes: and no:.", "Give each a label and goto.")
            return None
        return ConfirmStep(id, node.place, self.lines(node.get("confirm"), id), yes, no, change)

    def _do(self, id: str, node: MapNode, _: str | None) -> Step | None:
        action = self.faults.word(node.get("do"), "do")
        given = self.faults.mapping(node.get("with"), "with")
        on = self.faults.mapping(node.get("on"), "on")
        if action is None or on is None:
            self.faults.add(node.place, "S014", "An action needs on: for its results.", "Write on: {result: step}.")
            return None
        targets = tuple((key.text, self.faults.word(value, "A target") or END) for key, value in on.entries)
        arguments = tuple((key.text, self.value(value)) for key, value in given.entries) if given else ()
        return DoStep(id, node.place, action, arguments, targets)

    def _if(self, id: str, node: MapNode, following: str | None) -> Step | None:
        when = self.faults.condition(node.get("if"), self.slots)
        then = self.faults.word(node.get("then"), "then")
        if when is None and node.get("if") is not None and then is not None:
            return None  # what is wrong with the condition is told already
        if when is None or then is None:
            self.faults.add(node.place, "S015", "An if needs a condition and then:.", "Name the step to go to.")
            return None
        return IfStep(id, node.place, when, then, self.faults.word(node.get("else"), "else"), following)

    def _call(self, id: str, node: MapNode, following: str | None) -> Step | None:
        flow = self.faults.word(node.get("call"), "call")
        return CallStep(id, node.place, flow, following) if flow else None

    def _answer(self, id: str, node: MapNode, _: str | None) -> Step | None:
        word = self.faults.word
        asked, part = word(node.get("answer"), "answer"), word(node.get("part"), "part")
        held, otherwise = word(node.get("held"), "held"), word(node.get("else"), "else")
        if asked is None or held is None or otherwise is None or part not in (None, "more"):
            self.faults.add(
                node.place, "S016", "An answer needs held: and else:.", "Name a step for each; part: can be more."
            )
            return None
        return AnswerStep(id, node.place, asked, held, otherwise, part == "more", word(node.get("next"), "next"))

    def _hand_off(self, id: str, node: MapNode, _: str | None) -> Step | None:
        reason = self.faults.word(node.get("hand_off"), "hand_off")
        if reason is None:
            return None
        return HandOffStep(
            id,
            node.place,
            reason,
            self.lines(node.get("say"), id),
            self.buttons(node.get("buttons"), id),
            self.faults.flag(node.get("urgent"), "urgent"),
            self.faults.flag(node.get("takes_chat"), "takes_chat"),
            self.faults.word(node.get("next"), "next"),
        )
