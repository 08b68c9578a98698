"""Checking a script: everything that would go wrong with a borrower, found before one meets it, all of it at once.

Names first; where a flow names what is not there, its paths are not judged, so that every finding is a root cause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.dialog.actions import ACTIONS, OFFERS
from bot.dialog.check_flows import check_flows
from bot.dialog.check_paths import check_paths
from bot.dialog.check_text import check_text
from bot.dialog.check_values import check_values, conditions_of
from bot.dialog.check_words import check_words
from bot.dialog.conditions import Compare, Condition, Flag, fields_of
from bot.dialog.findings import finding
from bot.dialog.script import (
    END,
    SLOT_TYPES,
    AskStep,
    CallStep,
    DoStep,
    Flow,
    Script,
    ScriptButton,
    Sentence,
    Step,
    step_buttons,
    step_lines,
    step_sentences,
    step_targets,
)
from bot.dialog.slots import slot_types
from bot.dialog.speech import SPOKEN_BY_ENGINE
from bot.dialog.walk import FLOWS_OF_ENGINE
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.understanding import SAFETY_INTENTS
from bot.policy.statements import STATEMENTS
from bot.policy.wording import Lexicon
from bot.texts.catalogs import Catalogs
from bot.texts.fields import CHOICE, FIELDS, LISTS, SLOT_FIELDS, FieldType, Sensitivity
from bot.texts.placeholders import read_template

NEEDS = ("identity", "loan", "one_loan")

#: Reminders that any ladder can fall back on, and those about promises.
REMINDERS = (
    "upcoming",
    "due",
    "overdue",
    "several",
    "promise_day_before",
    "promise_day",
    "promise_kept",
    "promise_partly_kept",
    "promise_broken",
)

_COMPARABLE = (FieldType.MONEY, FieldType.DAY, FieldType.COUNT)


def check_script(
    script: Script,
    catalogs: Catalogs,
    required: Collection[str] | None = None,
    lexicons: Sequence[Lexicon] = (),
) -> tuple[Diagnostic, ...]:
    """All mistakes of a parsed script. `required` languages must be complete (None: all that have a catalog)."""
    found = [*_missing(script)]
    sound = True
    for flow in script.flows.values():
        names = [*_names(script, flow)]
        sound = sound and not names
        found += names
        if not names:
            found += check_values(flow)
            found += () if flow.messages else check_paths(script, flow)
    if sound:
        found += _calls(script)
        found += check_flows(script)
    found += check_text(script)
    languages = catalogs.languages if required is None else tuple(required)
    found += check_words(script, [catalogs.chain(tag)[0] for tag in languages], lexicons)
    return tuple(sorted(dict.fromkeys(found), key=lambda d: (d.place, d.code)))


def _missing(script: Script) -> Iterator[Diagnostic]:
    place = Place("dialogs/flows")
    for name in FLOWS_OF_ENGINE:
        if name not in script.flows:
            yield finding(place, "S048", name=name)
    for flow, names in (("shared", SPOKEN_BY_ENGINE), ("reminders", REMINDERS)):
        for name in names:
            if script.message(flow, name) is None:
                yield finding(place, "S048", name=f"{flow}.{name}")
    for intent in SAFETY_INTENTS:
        if intent not in script.by_intent:
            yield finding(place, "S049", name=intent)


def _names(script: Script, flow: Flow) -> Iterator[Diagnostic]:
    """Everything that a flow names must exist."""
    for need in flow.needs:
        if need not in NEEDS:
            yield finding(flow.place, "S051", name=need, near=did_you_mean(need, NEEDS), known=", ".join(NEEDS))
    slots = slot_types(flow)
    for step in flow.steps.values():
        if not flow.messages:
            yield from _targets(flow, step)
        yield from _step_names(script, step)
        for sentence in step_sentences(step):
            yield from _sentence(sentence, slots)
        for button in step_buttons(step):
            yield from _button(script, button)
        yield from _lines(flow, step, slots)


def _targets(flow: Flow, step: Step) -> Iterator[Diagnostic]:
    for target in step_targets(step):
        if target is None:
            yield finding(step.place, "S030")
        elif target != END and target not in flow.steps:
            yield finding(step.place, "S020", name=target, near=did_you_mean(target, flow.steps))


def _step_names(script: Script, step: Step) -> Iterator[Diagnostic]:
    match step:
        case CallStep() if step.flow not in script.flows or script.flows[step.flow].messages:
            yield finding(step.place, "S021", name=step.flow, near=did_you_mean(step.flow, script.flows))
        case DoStep():
            yield from _action(step)
        case AskStep():
            yield from _question(step)


def _action(step: DoStep) -> Iterator[Diagnostic]:
    action = ACTIONS.get(step.action)
    if action is None:
        near = did_you_mean(step.action, ACTIONS)
        yield finding(step.place, "S022", name=step.action, near=near, known=", ".join(ACTIONS))
        return
    handled = dict(step.on)
    for result in handled:
        if result not in action.results:
            near, known = did_you_mean(result, action.results), ", ".join(action.results)
            yield finding(step.place, "S023", name=step.action, result=result, near=near, known=known)
    for result in action.results:
        if result not in handled:
            yield finding(step.place, "S024", name=step.action, result=result)
    for name, _ in step.arguments:
        if name not in action.arguments:
            near, known = did_you_mean(name, action.arguments), ", ".join(action.arguments) or "nothing"
            yield finding(step.place, "S053", name=step.action, result=name, near=near, known=known)


def _question(step: AskStep) -> Iterator[Diagnostic]:
    if step.type not in SLOT_TYPES:
        near = did_you_mean(step.type, SLOT_TYPES)
        yield finding(step.place, "S029", name=step.type, near=near, known=", ".join(SLOT_TYPES))
    if step.offers is None:
        return
    offer = OFFERS.get(step.offers)
    if offer is None:
        yield finding(
            step.place, "S027", name=step.offers, near=did_you_mean(step.offers, OFFERS), known=", ".join(OFFERS)
        )
    elif step.label is None or step.type != offer.type:
        yield finding(step.place, "S028", type=offer.type)


def _sentence(sentence: Sentence, slots: Mapping[str, str]) -> Iterator[Diagnostic]:
    for text in (sentence.source, sentence.plural or ""):
        template = read_template(text)
        for fault in template.faults:
            yield finding(sentence.place, "S041", name=fault)
        for name in sorted(template.names):
            yield from _parameter(name, sentence.place, slots)
    if sentence.count_by and _type_of(sentence.count_by, slots) is not FieldType.COUNT:
        yield finding(sentence.place, "S039", name=sentence.count_by)


def _parameter(name: str, place: Place, slots: Mapping[str, str]) -> Iterator[Diagnostic]:
    kind = _type_of(name, slots)
    if kind is None and name != CHOICE:
        yield finding(place, "S025", name=name, near=did_you_mean(name, (*FIELDS, *slots)))
    elif kind in (FieldType.FLAG, FieldType.WORD):
        yield finding(place, "S040", name=name)


def _type_of(name: str, slots: Mapping[str, str]) -> FieldType | None:
    if name in slots:
        return SLOT_FIELDS.get(slots[name])
    return FIELDS[name].type if name in FIELDS else None


def _button(script: Script, button: ScriptButton) -> Iterator[Diagnostic]:
    does = [button.value, button.value_of, button.goto, button.intent, button.copy_of, button.url_of]
    if sum(x is not None for x in does) + button.contact != 1:
        yield finding(button.place, "S050")
    if button.intent is not None and button.intent not in script.by_intent:
        yield finding(button.place, "S042", name=button.intent, near=did_you_mean(button.intent, script.by_intent))
    for name in (button.value_of, button.argument, button.copy_of, button.url_of):
        if name is not None and name not in FIELDS:
            yield finding(button.place, "S025", name=name, near=did_you_mean(name, FIELDS))


def _lines(flow: Flow, step: Step, slots: Mapping[str, str]) -> Iterator[Diagnostic]:
    for line in step_lines(step):
        if line.each is not None and line.each not in LISTS:
            near, known = did_you_mean(line.each, LISTS), ", ".join(LISTS)
            yield finding(line.sentence.place, "S026", name=line.each, near=near, known=known)
        # What the engine says by name it may say to anybody.
        if flow.messages and flow.id not in ("reminders", STATEMENTS):
            for name in sorted(read_template(line.sentence.source).names):
                if name in FIELDS and FIELDS[name].sensitivity is not Sensitivity.PUBLIC:
                    yield finding(line.sentence.place, "S035", name=name)
    for condition, place in conditions_of(step):
        yield from _condition(condition, place, slots)


def _condition(condition: Condition, place: Place, slots: Mapping[str, str]) -> Iterator[Diagnostic]:
    unknown = [n for n in fields_of(condition) if _type_of(n, slots) is None]
    for name in unknown:
        yield finding(place, "S025", name=name, near=did_you_mean(name, (*FIELDS, *slots)))
    if not unknown:
        yield from _kinds(condition, place, slots)


def _kinds(condition: Condition, place: Place, slots: Mapping[str, str]) -> Iterator[Diagnostic]:
    parts = getattr(condition, "parts", None) or [getattr(condition, "part", None)]
    for part in parts:
        if part is not None:
            yield from _kinds(part, place, slots)
    match condition:
        case Flag() if _type_of(condition.field, slots) is not FieldType.FLAG:
            yield finding(place, "S038", name=condition.field)
        case Compare() if not _comparable(condition, slots):
            yield finding(place, "S038", name=condition.field)


def _comparable(condition: Compare, slots: Mapping[str, str]) -> bool:
    kind = _type_of(condition.field, slots)
    if condition.other is not None:
        return kind in _COMPARABLE and kind is _type_of(condition.other, slots)
    if isinstance(condition.value, int):
        return kind is FieldType.COUNT or (kind is FieldType.MONEY and condition.value == 0)
    return kind in (FieldType.WORD, FieldType.TEXT) and condition.op in ("=", "!=")


def _calls(script: Script) -> Iterator[Diagnostic]:
    """Flows that call one another in a circle would pile up for ever."""
    calls = {
        name: {s.flow for s in flow.steps.values() if isinstance(s, CallStep)} for name, flow in script.flows.items()
    }
    reported: set[str] = set()
    for name in calls:
        ways = [[name]]
        seen: set[str] = set()
        while ways:
            way = ways.pop()
            for target in calls[way[-1]]:
                if target == name and name not in reported:
                    reported.update(way)
                    yield finding(script.flows[name].place, "S056", name=name, result=" and ".join(way))
                    ways.clear()
                    break
                if target not in seen:
                    seen.add(target)
                    ways.append([*way, target])
