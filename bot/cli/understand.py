"""`understand`: what a message is taken to mean, and why; for a file of messages, the meanings line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import FOUND_PROBLEMS, WRONG_USE, fail, say, settings_of

if TYPE_CHECKING:
    from bot.domain.understanding import HearingContext, SlotValue, Understanding
    from bot.understanding.phrases import PhraseBook

#: A text that ends so is a file of messages.
_FILE_ENDING = ".jsonl"


def understand_command(
    text: Annotated[str, typer.Argument(help="What a borrower writes, or a .jsonl file of messages.")],
    language: Annotated[str, typer.Option(help="The borrower's language, such as zh-Hans.")] = "en",
    today: Annotated[str | None, typer.Option(help="The borrower's day, such as 2026-11-21; else this one.")] = None,
    expects: Annotated[str | None, typer.Option(help="What the open question asks for, such as amount.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print one message.")] = Format.TABLE,
) -> None:
    """Say what a message is understood to mean, what decided, and the values in it.

    A file of lines {"lang", "text", "today"?} gives lines {"intent", "topic", "slots"} in the same order.

    Example: gracebot understand "I'll pay 500 on Friday" --language en
    """
    from bot.domain.understanding import HearingContext
    from bot.understanding.understand import understand

    book = _book()
    heard = HearingContext(language, _day(today), expects=expects)
    if text.endswith(_FILE_ENDING):
        for record in _lines(Path(text), heard, book):
            say(json.dumps(record, ensure_ascii=False))
        return
    meaning = understand(text, heard, book)
    if form is Format.TABLE:
        for line in _explained(meaning, text, book):
            say(line)
    else:
        row = _record(meaning, book) | {"confidence": meaning.confidence, "why": meaning.why}
        row |= {"safety": [g.intent for g in meaning.safety], "rivals": [g.intent for g in meaning.rivals]}
        write_rows([row], form, ("intent", "topic", "confidence", "why", "slots", "safety", "rivals"))


def _book() -> PhraseBook:
    """The phrases of the draft on disk; their mistakes end the command."""
    from bot.domain.diagnostics import Severity
    from bot.services.publish_scripts import read_files
    from bot.understanding.phrases import check_phrases, read_phrases

    settings = settings_of()
    files = read_files(settings.dialogs_dir, settings.locales_dir)
    book, problems = read_phrases({p: t for p, t in files.items() if "/phrases/" in p or p == "dialogs/intents.yaml"})
    errors = [str(p) for p in (*problems, *check_phrases(book)) if p.severity is Severity.ERROR]
    if errors:
        fail(tuple(errors), FOUND_PROBLEMS)
    return book


def _day(text: str | None) -> date:
    from bot.jobs.clock import SystemClock

    if text is None:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail((f'"{text}" is no day; write it as 2026-11-21.',), WRONG_USE)


def _lines(path: Path, heard: HearingContext, book: PhraseBook) -> Iterator[dict[str, Any]]:
    """The meaning of each line of a file. A line that cannot be read ends the command with its number."""
    from dataclasses import replace

    from bot.understanding.understand import understand

    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail((f"{path} cannot be read: {error}.",), WRONG_USE)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            own = replace(
                heard,
                language=str(row.get("lang", heard.language)),
                today=date.fromisoformat(row["today"]) if "today" in row else heard.today,
            )
            text = str(row["text"])
        except (ValueError, KeyError, AttributeError, TypeError):
            fail((f'{path}:{number}: write a line such as {{"lang": "en", "text": "I paid"}}.',), WRONG_USE)
        yield _record(understand(text, own, book), book)


def _record(meaning: Understanding, book: PhraseBook) -> dict[str, Any]:
    """The meaning as general intent, topic and plain slot values."""
    intent = book.contract.general(meaning.intent) if book.contract else meaning.intent
    slots: dict[str, Any] = {}
    for slot in meaning.slots:
        slots |= _plain_slot(slot)
    return {"intent": intent, "topic": meaning.topic, "slots": slots}


def _plain_slot(slot: SlotValue) -> dict[str, Any]:
    if slot.amount is not None:
        if slot.amount.number is None:
            return {}
        number = float(slot.amount.number)
        said: dict[str, Any] = {"amount": int(number) if number.is_integer() else number}
        return said | ({"currency": slot.amount.currency} if slot.amount.currency else {})
    if slot.day is not None:
        return {slot.name: slot.day.isoformat()}
    return {slot.name: slot.number if slot.number is not None else slot.text}


def _explained(meaning: Understanding, text: str, book: PhraseBook) -> Iterable[str]:
    """What was understood, for a person: the meaning, what decided, the values where they stand, and the rivals."""
    topic = f", about {meaning.topic}" if meaning.topic else ""
    yield f"intent    {meaning.intent or 'not clear enough: the bot asks back'}{topic}  ({meaning.confidence:.2f})"
    if meaning.why:
        yield f"decided   {meaning.why}{_phrase_text(meaning.why, book)}"
    for slot in meaning.slots:
        start, end = slot.span
        others = f", or {', '.join(day.isoformat() for day in slot.alternatives)}" if slot.alternatives else ""
        yield f"slot      {slot.name} = {_value(slot)}{others}  ({text[start:end]!r} at {start} to {end})"
    for guess in meaning.safety:
        yield f"safety    {guess.intent}  ({guess.why}{_phrase_text(guess.why, book)})"
    for guess in meaning.rivals:
        yield f"rival     {guess.intent}  ({guess.confidence:.2f}, {guess.why}{_phrase_text(guess.why, book)})"


def _value(slot: SlotValue) -> str:
    if slot.amount is not None:
        share = f"{slot.amount.share[0]}/{slot.amount.share[1]} of it" if slot.amount.share else slot.amount.number
        return " ".join(part for part in (share, slot.amount.currency) if part)
    if slot.day is not None:
        return slot.day.isoformat()
    return str(slot.number if slot.number is not None else slot.text)


def _phrase_text(why: str, book: PhraseBook) -> str:
    """The line of the phrase file that `why` names."""
    found = next((p for known in book.languages.values() for p in known.phrases if str(p) == why), None)
    return f": {found.text}" if found else ""
