"""What a borrower may do in any state of a talk, and in which situations talks begin: the inputs of the walk by model.

Meanings are made directly, without a classifier, so that the walk tries what the engine does with each and not how it is heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.dialog.effects import Choice
from bot.dialog.given import Given, Plain, read_given
from bot.dialog.known_answers import QUESTIONS
from bot.dialog.script import AskStep, ConfirmStep, Script, Step
from bot.dialog.stage import Stage
from bot.dialog.turn import LinkFacts
from bot.domain.events import (
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
from bot.domain.understanding import (
    NOTHING_SAID,
    SAFETY_INTENTS,
    AmountSaid,
    Guess,
    SlotValue,
    Understanding,
)

#: Situations that differ from others in what is said to questions, and in nothing else.
APPROVED = "approved"
#: Situations from which a talk may go furthest.
WIDE = ("stranger", "unproven", "overdue", "several loans", "fresh promise", "held: dispute")

TODAY = date(2026, 11, 24)
_NOW = "2026-11-24T10:00+00:00"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a borrower does. `answers`: it is how a question is meant to be answered, so an end must be reachable by it.
    `after` has passed since the last thing."""

    name: str
    event: InboundEvent
    meant: Understanding = NOTHING_SAID
    link: LinkFacts | None = None
    answers: bool = False
    after: timedelta = timedelta(minutes=1)


def begins(stage: Stage) -> Iterator[tuple[str, Stage, Given]]:
    """Every situation in which a talk begins, by name."""
    proofs: dict[str, Plain] = {"phone": "+8613800000000", "birth_date": "1990-05-12", "id_last4": "1234"}
    late: Plain = {"due": "2026-11-18", "owed": "1200.00 CNY"}
    kept: Plain = {"day": "2026-11-26", "amount": "500.00 CNY"}
    said: dict[str, dict[str, Plain]] = {
        "stranger": {"seen": False, "knows": proofs},
        "unknown": {"bound": False},
        "unproven": {"proven": False, "knows": proofs},
        "unproven, last four": {"proven": False, "knows": {"id_last4": "1234"}},
        "unproven, nothing known": {"proven": False, "knows": {"birth_date": None}},
        "unproven, locked": {"proven": False, "knows": proofs, "failed": 3},
        "nothing open": {"loan": {"owed": "1200.00 CNY", "paid": "1200.00 CNY"}},
        "not due": {"loan": {"due": "2026-12-10", "owed": "1200.00 CNY", "interest": "40.00 CNY"}},
        "due today": {"loan": {"due": "2026-11-24", "owed": "1200.00 CNY", "fees": "15.00 CNY"}},
        "overdue": {"loan": late},
        "late for long": {"loan": {"due": "2026-08-01", "owed": "1200.00 CNY", "late_fees": "30.00 CNY"}},
        "several loans": {"loans": [{"id": "LN-7001", **_row(late)}, {"id": "LN-7002", "due": "2026-12-01"}]},
        "time-barred": {"loan": {"flags": "time_barred", **_row(late)}},
        "fresh promise": {"loan": late, "promise": kept},
        "open promise": {"loan": late, "promise": {"made": "2026-11-20T10:00+00:00", **_row(kept)}},
        "broken promises": {
            "loan": late,
            "promise": [{"day": f"2026-11-{19 + n}", "status": "broken"} for n in range(3)],
        },
        "kept promise": {"loan": late, "promise": {"status": "kept", **_row(kept)}},
        "person holds": {"loan": late, "holder": "operator"},
        **{f"held: {kind}": {"loan": late, "holds": [kind]} for kind in ("stop", "paused", "dispute", "attorney")},
    }
    for name, given in said.items():
        yield name, stage, read_given({"now": _NOW, "region": "CN", **given}, stage.programmes[0])
    for programme in stage.programmes[1:]:
        yield f"overdue, {programme.programme_id}", stage, read_given({"now": _NOW, "loan": late}, programme)
    bare = replace(stage, programmes=tuple(replace(p, ways_to_pay=()) for p in stage.programmes))
    yield "no ways to pay", bare, read_given({"now": _NOW, "loan": late}, bare.programmes[0])
    for place in stage.script.answers.places if stage.script.answers else ():
        approved: dict[str, Plain] = {"now": _NOW, "loan": late, "region": place, "approved": "all"}
        yield f"{APPROVED} in {place}", stage, read_given(approved, stage.programmes[0])


def _row(given: Plain) -> dict[str, Plain]:
    assert isinstance(given, dict)
    return given


def inputs(
    script: Script, given: Given, asked: Step | None, buttons: tuple[Choice, ...], keyboard: int | None
) -> Iterator[Input]:
    """All that may be done while `asked` is open and `buttons` are on the screen."""
    yield from presses(buttons, keyboard)
    yield from _values(asked)
    yield Input("garbage", TextReceived("xqzv plork"))
    for intent in script.by_intent:
        yield _wish(intent)
    if not buttons:  # What is said to questions does not hang on what was said before.
        yield from (replace(_wish("ask_consequences"), name=q, meant=_about(q)) for q in QUESTIONS)
        yield from (Input(f"more of {q}", ButtonPressed(None, 0, "tell_me_more", q, "q")) for q in QUESTIONS)
    amount, day = _amount("300"), _day(TODAY + timedelta(days=3))
    yield _wish("promise_to_pay", amount, day)
    yield _wish("promise_to_pay", _day(TODAY - timedelta(days=3)))
    yield _wish("request_extension", day)
    yield _wish("request_extension", amount, day)
    for tag in ("zh-Hans", "fr"):
        yield _wish("change_language", SlotValue("language", (0, 5), text=tag))
    yield from (Input(f"/{name}", CommandGiven(name)) for name in (*script.by_command, "nothing_like_it"))
    yield from (Input(kind.value, UnsupportedReceived(kind)) for kind in Unsupported)
    yield Input("own contact", ContactShared("8613800000000", own=True), answers=True)
    yield Input("other number", ContactShared("8613800000009", own=True))
    yield Input("contact of another", ContactShared("8613800000001", own=False))
    yield Input("forged", ForgedButton("q"))
    yield Input("expired", ButtonPressed(1, 0, query_id="q", message_key="m"))
    yield Input("blocked", ChatBlocked())
    yield Input("unblocked", ChatUnblocked())
    yield Input("start", LinkOpened(""))
    mine = LinkFacts("l", given.known.borrower_id, borrower=given.known)
    other = replace(given.known, borrower_id="b-2")
    yield Input("link", LinkOpened("t"), link=mine)
    yield Input("link of another", LinkOpened("t"), link=LinkFacts("l", "b-2", borrower=other))
    yield Input("used link", LinkOpened("t"), link=replace(mine, used_by_other=True))
    yield Input("expired link", LinkOpened("t"), link=replace(mine, expired=True))
    yield Input("unknown link", LinkOpened("t"), link=LinkFacts(None, None))
    days = timedelta(days=3)
    yield Input("sticker after days", UnsupportedReceived(Unsupported.STICKER), after=days)
    yield replace(_wish("affirm"), name="yes after days", after=days)
    yield replace(_wish("affirm"), name="yes after a night", after=timedelta(hours=20))


def presses(buttons: tuple[Choice, ...], keyboard: int | None) -> Iterator[Input]:
    """Every button on the screen that comes back to the bot."""
    for place, choice in enumerate(buttons):
        if choice.url is None and choice.copy_text is None and not choice.request_contact:
            shown = None if choice.intent else keyboard
            event = ButtonPressed(shown, place, choice.intent, choice.argument, "q", "m")
            human = choice.intent == "request_human"
            meant = f"{choice.intent or place} {choice.argument or ''}".rstrip()
            yield Input(f"[{choice.label.source}] {meant}", event, answers=not human)


def _values(asked: Step | None) -> Iterator[Input]:
    """Answers of every kind, to a question of another kind as well."""
    for name, number in (("amount", "500"), ("little", "0.01"), ("nothing", "0"), ("much", "999999")):
        yield _says(name, number, _amount(number), answers=name == "amount")
    yield _says("dollars", "500 USD", SlotValue("amount", (0, 7), amount=AmountSaid("500", "USD")))
    yield _says("half", "half", SlotValue("amount", (0, 4), amount=AmountSaid(None, None, (1, 2))))
    for name, days in (("day", 3), ("today", 0), ("past day", -3), ("far day", 400)):
        yield _says(name, "day", _day(TODAY + timedelta(days=days)), answers=days == 3)
    for name, days in (("days", 5), ("no days", 0), ("many days", 400)):
        yield _says(name, "days", SlotValue("days", (0, 4), number=days), answers=days == 5)
    yield _says("parts", "3 parts", SlotValue("instalments", (0, 7), number=3), answers=True)
    for word, intent in (("yes", "affirm"), ("no", "deny")):
        yield replace(
            _wish(intent, SlotValue("yes_no", (0, 3), text=word)), name=word, answers=isinstance(asked, ConfirmStep)
        )
    for place in (1, 2, 99):
        yield _says(f"choice {place}", str(place), SlotValue("choice", (0, 2), number=place), answers=place == 1)
    for digits in ("1990-05-12", "1991-01-01", "1234", "9999"):
        yield Input(digits, TextReceived(digits), answers=digits in ("1990-05-12", "1234"))
    if isinstance(asked, AskStep) and asked.type == "text":
        yield Input("words", TextReceived("It was like this, as I said."), answers=True)
        yield Input("account", TextReceived("0000 0000 0000"), answers=True)


def _says(name: str, text: str, slot: SlotValue, answers: bool = False) -> Input:
    return Input(name, TextReceived(text), Understanding(None, 0.0, slots=(slot,)), answers=answers)


def _wish(intent: str, *slots: SlotValue) -> Input:
    guess = Guess(intent, 0.9, "model")
    safety = (guess,) if intent in SAFETY_INTENTS else ()
    with_slots = " with " + ", ".join(s.name for s in slots) if slots else ""
    meant = Understanding(intent, 0.9, slots, safety=safety, meanings=(guess,))
    return Input(f"{intent}{with_slots}", TextReceived("some words that mean this"), meant)


def _about(question: str) -> Understanding:
    return Understanding("ask_consequences", 0.9, question=question)


def _amount(number: str) -> SlotValue:
    return SlotValue("amount", (0, len(number)), amount=AmountSaid(number, None))


def _day(day: date) -> SlotValue:
    return SlotValue("date", (0, 3), day=day)
