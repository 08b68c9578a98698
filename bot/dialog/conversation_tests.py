"""Conversation tests: talks written in YAML, run through the real understanding and engine with a set clock.

A turn names what is done (`borrower`, `press`, `command`, ...) and what is expected (`understood`, `bot`, `effects`, ...).
`bot` is the step whose words close the turn, or a list of all of them; `nothing` means silence. What is expected of
effects is compared field by field, so a test names only what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dialog.compose import promise_outcome, promise_reminder, reminder_message
from bot.dialog.effects import AcknowledgePress, RecordCommitment
from bot.dialog.given import Given, Plain, instant, plain, read_given
from bot.dialog.rehearsal import Heard, Rehearsal, Shown, Stage
from bot.dialog.turn import Advance, LinkFacts, Trace
from bot.domain.calendar import local_day
from bot.domain.diagnostics import Diagnostic, Place
from bot.domain.errors import GraceError
from bot.domain.events import (
    AddedToGroup,
    ButtonPressed,
    ChatBlocked,
    ChatUnblocked,
    CommandGiven,
    ContactShared,
    ForgedButton,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.domain.understanding import NOTHING_SAID, AmountSaid, Understanding
from bot.domain.yaml_reading import ListNode, MapNode, read_yaml
from bot.policy.ladder import classify

_DONE = (
    "borrower",
    "edits",
    "press",
    "presses_old",
    "command",
    "start",
    "shares",
    "sends",
    "chat",
    "wait",
    "now",
    "reminder",
    "promise_reminder",
    "outcome",
)
_EXPECTED = (
    "understood",
    "bot",
    "effects",
    "no_effects",
    "holder",
    "buttons",
    "says",
    "never_says",
    "language",
    "line",
    "withheld",
)


@dataclass(frozen=True, slots=True)
class TestRun:
    """What one file gave: every expectation that failed, and the steps it visited."""

    failures: tuple[Diagnostic, ...]
    visited: frozenset[str]


def run_conversation(text: str, file: str, stage: Stage) -> TestRun:
    """Runs one file. A file that cannot be read or rehearsed is itself a failure."""
    read = read_yaml(text, file)
    if read.problems:
        return TestRun(read.problems, frozenset())
    root = read.root
    talk = root.get("talk") if isinstance(root, MapNode) else None
    if not isinstance(root, MapNode) or not isinstance(talk, ListNode):
        return TestRun((_fault(Place(file, 1, 1), "There is no talk."),), frozenset())
    given = plain(root.get("given"))
    try:
        start = read_given(given if isinstance(given, dict) else {}, stage.programmes[0])
    except (ValueError, GraceError, KeyError) as error:
        return TestRun((_fault(Place(file, 1, 1), f"What is given cannot be: {error}."),), frozenset())
    runner = _Runner(Rehearsal.begin(stage, start), start)
    for node in talk.items:
        body = plain(node)
        problem = runner.step(body, node.place) if isinstance(body, dict) else "A turn is a mapping."
        if problem:
            runner.failures.append(_fault(node.place, problem))
            break  # what follows would only fail because of this
    return TestRun(tuple(runner.failures), frozenset(runner.rehearsal.visited))


def _fault(place: Place, sentence: str) -> Diagnostic:
    return Diagnostic(place, "T001", sentence, "")


class _Runner:
    def __init__(self, rehearsal: Rehearsal, given: Given) -> None:
        self.rehearsal = rehearsal
        self.given = given
        self.failures: list[Diagnostic] = []
        self.withheld: str | None = None

    def step(self, turn: Mapping[str, Plain], place: Place) -> str | None:
        """Carries out one turn; the first thing that is not as expected, or None."""
        unknown = [name for name in turn if name not in (*_DONE, *_EXPECTED)]
        done = [name for name in turn if name in _DONE]
        if unknown or len(done) != 1:
            return f"A turn does one of {', '.join(_DONE)}; this has {', '.join((*done, *unknown)) or 'none'}."
        try:
            heard = self._do(done[0], turn[done[0]])
        except LookupError as error:
            return str(error.args[0])
        if heard is None:
            return None
        return next(iter((*heard.broken, *self._unmet(turn, heard))), None)

    # -- what is done ------------------------------------------------------------------------------------------------

    def _do(self, what: str, value: Plain) -> Heard | None:
        rehearsal = self.rehearsal
        if what == "wait":
            rehearsal.at(rehearsal.situation.now + _span(str(value)))
            return None
        if what == "now":
            rehearsal.at(instant(value))
            return None
        if what in ("reminder", "promise_reminder", "outcome"):
            return self._proactive(what, str(value))
        event, link = self._event(what, value)
        return rehearsal.hear(event, link)

    def _event(self, what: str, value: Plain) -> tuple[InboundEvent, LinkFacts | None]:
        word = str(value)
        match what:
            case "borrower" | "edits":
                return TextReceived(word, edited=what == "edits"), None
            case "press" | "presses_old":
                return self._pressed(word, old=what == "presses_old"), None
            case "command":
                return CommandGiven(word), None
            case "start":
                return LinkOpened("" if word == "none" else "token"), self._link(word)
            case "shares":
                own = word != "somebody else"
                phone = self.given.known.identity.phone or "" if word in ("own number", "somebody else") else word
                return ContactShared(phone.lstrip("+"), own), None
            case "sends":
                return UnsupportedReceived(Unsupported(word)), None
            case _:
                return _CHAT[word], None

    def _pressed(self, label: str, old: bool) -> ButtonPressed:
        shown = list(reversed(self.rehearsal.shown))
        for message in shown[1:] if old else shown:
            for place, choice, button in message.buttons():
                if label in (button.label, choice.label.source) or button.label.startswith(label):
                    keyboard = None if choice.intent else message.keyboard
                    return ButtonPressed(
                        keyboard, place, choice.intent, choice.argument, "query", str(message.keyboard)
                    )
            if not old and message.buttons():
                break
        raise LookupError(f'There is no button "{label}"; there are {", ".join(_labels(shown[:1])) or "none"}.')

    def _link(self, word: str) -> LinkFacts | None:
        owner = self.given.known
        match word:
            case "none":
                return None
            case "unknown":
                return LinkFacts(None, None)
            case _:
                return LinkFacts(
                    "link-1",
                    "b-2" if word == "of another" else owner.borrower_id,
                    expired=word == "expired",
                    used_by_other=word == "used by another",
                    used_here=word == "used here",
                    borrower=owner,
                )

    def _proactive(self, what: str, value: str) -> Heard:
        rehearsal = self.rehearsal
        situation, script = rehearsal.situation, rehearsal.stage.script
        programme = rehearsal.stage.programmes[0]
        if what == "reminder":
            loan = situation.loans[0]
            today = local_day(situation.now, programme.timezone)
            say = reminder_message(
                script, loan, classify(loan, today, programme.ladder), situation, programme, situation.now
            )
        else:
            promise = situation.commitments[-1]
            now = situation.now
            if what == "promise_reminder":
                say = promise_reminder(script, value, promise, situation, programme, now)
            else:
                say = promise_outcome(script, promise, situation, programme, now)
        shown, self.withheld = rehearsal.proactive(say, about_commitment=what != "reminder")
        nothing = Advance(rehearsal.state, (), Trace(None, None, None, ()))
        return Heard(NOTHING_SAID, nothing, shown, ())

    # -- what is expected --------------------------------------------------------------------------------------------

    def _unmet(self, turn: Mapping[str, Plain], heard: Heard) -> Iterable[str]:
        for name, check in _CHECKS.items():
            if name in turn:
                yield from check(self, turn[name], heard)

    def _understood(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        meaning = heard.understanding
        for name, value in (wanted if isinstance(wanted, dict) else {"intent": wanted}).items():
            if name == "slots" and isinstance(value, dict):
                for slot, said in value.items():
                    found = _slot_text(meaning, slot)
                    if found != str(said):
                        yield f'The slot "{slot}" is {found}, not {said}.'
            elif name == "intent" and value not in (meaning.intent, *(g.intent for g in meaning.safety)):
                yield f"Understood {meaning.intent} ({meaning.why}), not {value}."

    def _bot(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        steps = heard.steps
        names = [_short(step) for step in steps]
        if wanted == "nothing":
            good = not steps
        elif isinstance(wanted, list):
            good = len(wanted) == len(steps) and all(
                w in pair for w, pair in zip(wanted, zip(steps, names, strict=True), strict=True)
            )
        else:
            good = bool(steps) and wanted in (steps[-1], names[-1])
        if not good:
            why = " > ".join(heard.result.trace.lines) or f"gate: {self.withheld}"
            yield f"The bot said {', '.join(steps) or 'nothing'}, not {wanted} (trace: {why})."

    def _effects(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        for one in wanted if isinstance(wanted, list) else [wanted]:
            name, body = next(iter(one.items())) if isinstance(one, dict) else (str(one), {})
            found = [e for e in heard.result.effects if _snake(type(e).__name__) == name]
            facts = body if isinstance(body, dict) else {}
            if not any(all(_field(e, k) == str(v) for k, v in facts.items()) for e in found):
                seen = "; ".join(_described(e, facts) for e in found) or ", ".join(_kinds(heard)) or "none"
                yield f"There is no effect {name} {facts or ''}; found: {seen}."

    def _no_effects(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        for name in wanted if isinstance(wanted, list) else [wanted]:
            if name in _kinds(heard):
                yield f"There is an effect {name}."

    def _holder(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        conversation = self.rehearsal.situation.conversation
        if conversation is None or conversation.holder != wanted:
            yield f"The chat is held by {conversation.holder if conversation else 'nobody'}, not {wanted}."

    def _buttons(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        labels = _labels(heard.shown)
        for label in wanted if isinstance(wanted, list) else [wanted]:
            if label not in labels:
                yield f'There is no button "{label}"; there are {", ".join(labels) or "none"}.'

    def _says(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        text = "\n".join(m.content.text for m in heard.shown)
        for part in wanted if isinstance(wanted, list) else [wanted]:
            if str(part) not in text:
                yield f'"{part}" was not said, but: {text}'

    def _never_says(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        text = "\n".join(m.content.text for m in heard.shown)
        for part in wanted if isinstance(wanted, list) else [wanted]:
            if str(part) in text:
                yield f'"{part}" was said: {text}'

    def _language(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        if self.rehearsal.language != wanted:
            yield f"The language is {self.rehearsal.language}, not {wanted}."

    def _line(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        lines = [e.line.context for e in heard.result.effects if isinstance(e, AcknowledgePress) and e.line]
        if wanted not in [_short(line) for line in lines]:
            yield f"The press was answered with {lines or 'nothing'}, not {wanted}."

    def _withheld(self, wanted: Plain, heard: Heard) -> Iterable[str]:
        if self.withheld != wanted:
            yield f"The gate said {self.withheld}, not {wanted}."


_CHECKS: Mapping[str, Callable[[_Runner, Plain, Heard], Iterable[str]]] = {
    "understood": _Runner._understood,
    "bot": _Runner._bot,
    "effects": _Runner._effects,
    "no_effects": _Runner._no_effects,
    "holder": _Runner._holder,
    "buttons": _Runner._buttons,
    "says": _Runner._says,
    "never_says": _Runner._never_says,
    "language": _Runner._language,
    "line": _Runner._line,
    "withheld": _Runner._withheld,
}

_CHAT: Mapping[str, InboundEvent] = {
    "blocked": ChatBlocked(),
    "unblocked": ChatUnblocked(),
    "group": AddedToGroup(),
    "forged button": ForgedButton("query"),
}


def _span(text: str) -> timedelta:
    """`3d`, `2h`, `20m`."""
    return timedelta(**{{"d": "days", "h": "hours", "m": "minutes"}[text[-1]]: int(text[:-1])})


def _short(context: str) -> str:
    return context.partition(".")[2]


def _labels(shown: Sequence[Shown]) -> list[str]:
    """Labels as shown, and as they stand in the script: a talk need not follow every change of a translation."""
    pairs = [(button.label, choice.label.source) for message in shown for _, choice, button in message.buttons()]
    return list(dict.fromkeys(label for pair in pairs for label in pair))


def _kinds(heard: Heard) -> list[str]:
    return [_snake(type(e).__name__) for e in heard.result.effects]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _field(effect: object, name: str) -> str:
    """A field of an effect as text; of a commitment also its amount and day."""
    if isinstance(effect, RecordCommitment):
        payment = effect.commitment.payments[0]
        own = {"amount": str(payment.amount), "day": payment.due_on.isoformat()}
        return own.get(name) or str(getattr(effect.commitment, name, None))
    value = getattr(effect, name, None)
    return value.isoformat() if isinstance(value, date) else str(value)


def _described(effect: object, facts: Mapping[str, Plain]) -> str:
    return ", ".join(f"{name}: {_field(effect, name)}" for name in facts)


def _slot_text(meaning: Understanding, name: str) -> str | None:
    found = meaning.slot("date" if name == "day" else name)
    if found is None:
        return None
    if found.amount is not None:
        return _amount_text(found.amount)
    if found.day is not None:
        return found.day.isoformat()
    return str(found.number if found.number is not None else found.text)


def _amount_text(said: AmountSaid) -> str:
    if said.share:
        return f"{said.share[0]}/{said.share[1]}"
    return " ".join(part for part in (said.number, said.currency) if part)
