"""What a talk expects of a turn: each expectation is compared field by field, so a talk names only what it is about.

Every failure is one sentence that says what was expected and what came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from bot.dialog.effects import AcknowledgePress, HandOff, RecordCommitment
from bot.dialog.given import Plain, instant
from bot.dialog.passing_time import FellDue
from bot.dialog.rehearsal import Heard, Rehearsal
from bot.dialog.talk_turns import labels
from bot.domain.commitments import Commitment
from bot.domain.situation import Holder
from bot.domain.understanding import AmountSaid, Understanding

_Check = Callable[[Plain, Heard, Rehearsal], Iterable[str]]


def unmet(turn: Mapping[str, Plain], heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    """Everything that is not as the turn expects."""
    for name, check in _CHECKS.items():
        if name in turn:
            yield from check(turn[name], heard, rehearsal)


# -- what was understood and said --------------------------------------------------------------------------------------


def _understood(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    meaning = heard.understanding
    for name, value in (wanted if isinstance(wanted, dict) else {"intent": wanted}).items():
        if name == "slots" and isinstance(value, dict):
            for slot, said in value.items():
                found = _slot_text(meaning, slot)
                if found != str(said):
                    yield f'The slot "{slot}" is {found}, not {said}.'
        elif name == "intent":
            if value not in (meaning.intent, *(g.intent for g in meaning.safety)):
                yield f"Understood {meaning.intent} ({meaning.why}), not {value}."
        else:
            yield f"Understood has an intent and slots, no {name}."


def _bot(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
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
        why = " > ".join(heard.result.trace.lines) or f"gate: {heard.gate}"
        yield f"The bot said {', '.join(steps) or 'nothing'}, not {wanted} (trace: {why})."


def _says(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    text = "\n".join(m.content.text for m in heard.shown)
    yield from (f'"{part}" was not said, but: {text}' for part in _several(wanted) if str(part) not in text)


def _never_says(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    text = "\n".join(m.content.text for m in heard.shown)
    yield from (f'"{part}" was said: {text}' for part in _several(wanted) if str(part) in text)


def _buttons(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    shown = labels(heard.shown)
    for label in _several(wanted):
        if label not in shown:
            yield f'There is no button "{label}"; there are {", ".join(shown) or "none"}.'


def _language(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    if rehearsal.language != wanted:
        yield f"The language is {rehearsal.language}, not {wanted}."


def _line(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    lines = [e.line.context for e in heard.result.effects if isinstance(e, AcknowledgePress) and e.line]
    if wanted not in [_short(line) for line in lines]:
        yield f"The press was answered with {lines or 'nothing'}, not {wanted}."


# -- what came of it ---------------------------------------------------------------------------------------------------


def _effects(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    for one in _several(wanted):
        name, body = next(iter(one.items())) if isinstance(one, dict) else (str(one), {})
        found = [e for e in heard.result.effects if _snake(type(e).__name__) == name]
        facts = body if isinstance(body, dict) else {}
        if not any(all(_is(e, k, v) for k, v in facts.items()) for e in found):
            seen = "; ".join(_described(e, facts) for e in found) or ", ".join(_kinds(heard)) or "none"
            yield f"There is no effect {name} {facts or ''}; found: {seen}."


def _no_effects(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    yield from (f"There is an effect {name}." for name in _several(wanted) if name in _kinds(heard))


def _holder(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    conversation = rehearsal.situation.conversation
    holder = conversation.holder if conversation else Holder.BOT
    if holder != wanted:
        yield f"The chat is held by {holder}, not {wanted}."


def _open(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    """Which question waits for an answer, `promise.day`, or nothing."""
    frame = rehearsal.state.frames[-1] if rehearsal.state.frames else None
    found = f"{frame.flow}.{frame.step}" if frame else "nothing"
    if wanted not in (found, _short(found)):
        yield f"The open question is {found}, not {wanted}."


def _slots(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    """What the flow in progress has been told so far; `nothing` for a slot that is not filled."""
    filled = dict(rehearsal.state.frames[-1].slots) if rehearsal.state.frames else {}
    for name, value in (wanted if isinstance(wanted, dict) else {}).items():
        found = str(filled[name]) if filled.get(name) is not None else "nothing"
        if found != str(value):
            yield f'The slot "{name}" of the flow holds {found}, not {value}.'


def _promise(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    """The newest commitment as it stands, or nothing."""
    made = rehearsal.situation.commitments
    if wanted == "nothing":
        yield from (f"There is a promise, {c.reference}, {c.status}." for c in made[-1:])
        return
    if not made:
        yield f"There is no promise, not {wanted}."
        return
    for name, value in (wanted if isinstance(wanted, dict) else {"status": wanted}).items():
        found = _of_commitment(made[-1], name)
        if found != str(value):
            yield f"The promise has {name} {found}, not {value}."


def _holds(wanted: Plain, _heard: Heard, rehearsal: Rehearsal) -> Iterable[str]:
    """Exactly which holds are active now."""
    active = sorted({hold.kind.value for hold in rehearsal.situation.active_holds()})
    if sorted(str(w) for w in _several(wanted) if w != "nothing") != active:
        yield f"The holds are {', '.join(active) or 'nothing'}, not {wanted}."


# -- what was sent of the lender's own accord --------------------------------------------------------------------------


def _sent(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    """Exactly what left while time went on, in order: steps, or mappings of step, at, kind and loan."""
    yield from _matched("sent", wanted, [one for one in heard.due if one.say is not None])


def _withheld(wanted: Plain, heard: Heard, _rehearsal: Rehearsal) -> Iterable[str]:
    """The gate's answer to one message, or exactly what did not leave while time went on: reasons, or mappings."""
    if heard.gate is not None:
        if heard.gate != wanted:
            yield f"The gate said {heard.gate}, not {wanted}."
        return
    yield from _matched("withheld", wanted, [one for one in heard.due if one.say is None])


def _matched(what: str, wanted: Plain, found: list[FellDue]) -> Iterable[str]:
    told = [_due(one) for one in found]
    expected = [] if wanted == "nothing" else _several(wanted)
    by_default = "step" if what == "sent" else "reason"
    rows = [one if isinstance(one, dict) else {by_default: one} for one in expected]
    good = len(rows) == len(told) and all(_alike(row, one) for row, one in zip(rows, told, strict=True))
    if not good:
        seen = "; ".join(", ".join(f"{k}: {v}" for k, v in one.items() if v) for one in told)
        yield f"There was {what}: {seen or 'nothing'}. Expected: {wanted}."


def _alike(row: Mapping[str, Plain], found: Mapping[str, str]) -> bool:
    return all(
        instant(value) == datetime.fromisoformat(found["at"]) if name == "at" else found.get(name) == str(value)
        for name, value in row.items()
    )


def _due(one: FellDue) -> dict[str, str]:
    step = _short(one.say.lines[0].context) if one.say else ""
    kind = one.say.kind.value if one.say else one.kind
    return {"step": step, "at": one.at.isoformat(), "kind": kind, "loan": one.loan_id, "reason": one.reason}


_CHECKS: Mapping[str, _Check] = {
    "understood": _understood,
    "bot": _bot,
    "open": _open,
    "slots": _slots,
    "effects": _effects,
    "no_effects": _no_effects,
    "promise": _promise,
    "holds": _holds,
    "holder": _holder,
    "buttons": _buttons,
    "says": _says,
    "never_says": _never_says,
    "language": _language,
    "line": _line,
    "sent": _sent,
    "withheld": _withheld,
}

#: All that can be expected of a turn.
EXPECTED = tuple(_CHECKS)


# -- values as text ----------------------------------------------------------------------------------------------------


def _several(wanted: Plain) -> list[Plain]:
    return wanted if isinstance(wanted, list) else [wanted]


def _short(context: str) -> str:
    return context.partition(".")[2] or context


def _kinds(heard: Heard) -> list[str]:
    return [_snake(type(e).__name__) for e in heard.result.effects]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _is(effect: object, name: str, wanted: Plain) -> bool:
    """Whether a field of an effect is as wanted; of a brief only what is named must be."""
    if isinstance(effect, HandOff) and name == "brief" and isinstance(wanted, dict):
        told = dict(effect.brief)
        return all(told.get(key) == str(value) for key, value in wanted.items())
    return _field(effect, name) == str(wanted)


def _field(effect: object, name: str) -> str:
    """A field of an effect as text; of a commitment also its amount and day."""
    if isinstance(effect, RecordCommitment):
        return _of_commitment(effect.commitment, name)
    value = getattr(effect, name, None)
    return value.isoformat() if isinstance(value, date) else str(value)


def _of_commitment(made: Commitment, name: str) -> str:
    payment = made.payments[0]
    own = {"amount": str(payment.amount), "day": payment.due_on.isoformat(), "parts": str(len(made.payments))}
    return own.get(name) or str(getattr(made, name, None))


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
