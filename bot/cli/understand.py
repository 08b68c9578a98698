"""`understand`: what a message is taken to mean, and why; for a file of messages, the meanings line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import Format, write_rows
from bot.cli.session import FOUND_PROBLEMS, WRONG_USE, draft_files, fail, say, settings_of

if TYPE_CHECKING:
    from bot.domain.understanding import HearingContext, SlotValue, Understanding
    from bot.encoders.sentences import Encoder
    from bot.understanding.learned import Learned
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

    A file of lines {"lang", "text", "today"?} gives lines {"intent", "topic", "slots"} in the same order; where the bot
    would ask back, the intent is its first guess.

    Example: gracebot understand "I'll pay 500 on Friday" --language en
    """
    from bot.domain.understanding import HearingContext

    hearing = hearing_on_disk()
    heard = HearingContext(language, day_of(today), expects=expects)
    if text.endswith(_FILE_ENDING):
        for record in _lines(Path(text), heard, hearing):
            say(json.dumps(record, ensure_ascii=False))
        return
    meaning = hearing.meaning(text, heard)
    if form is Format.TABLE:
        for line in _explained(meaning, text, hearing):
            say(line)
    else:
        row = _record(meaning, hearing.book) | {"confidence": meaning.confidence, "why": meaning.why}
        row |= {"intent": _general(meaning.intent, hearing.book), "language": meaning.language}
        row |= {"safety": [g.intent for g in meaning.safety], "rivals": [g.intent for g in meaning.rivals]}
        row |= {"question": meaning.question, "meanings": [g.intent for g in meaning.meanings]}
        write_rows([row], form, _COLUMNS)


_COLUMNS = (
    *("intent", "topic", "question", "confidence", "why", "slots"),
    *("safety", "meanings", "rivals", "language"),
)


def learn_command(
    check: Annotated[bool, typer.Option("--check", help="Also list examples that sound like another intent.")] = False,
    to: Annotated[
        Path | None,
        typer.Option("--ship", help="Also write what a new installation would have to learn to this folder."),
    ] = None,
) -> None:
    """Learn from the phrases of all languages and keep what was learned, so that the bot need not when it starts.

    Example: gracebot learn --check
    """
    from bot.encoders.learning import ship, stolen_examples

    hearing = hearing_on_disk()
    if hearing.learned is None:
        say("GRACE_CLASSIFIER_DIR is off: phrases alone decide.")
        return
    how = (
        "by words and by sense" if hearing.learned.by_sense else "by words; install gracebot[nlu] to learn by sense too"
    )
    say(f"Learned {len(hearing.learned.intents.names)} intents {how}.")
    folder = settings_of().classifier_dir
    if to is not None and folder is not None:
        if hearing.encoder is None:
            fail(("Without the encoder there is little to ship; install gracebot[nlu].",), FOUND_PROBLEMS)
        ship(hearing.book, folder, hearing.encoder, to)
        say(f"Written to {to}.")
    if check and folder is not None:
        for lesson, other in stolen_examples(hearing.book, hearing.learned, folder, hearing.encoder):
            say(f'{lesson.language} {lesson.intent}: "{lesson.text}" sounds like {other}.')


@dataclass(frozen=True)
class _Hearing:
    """All that understands a message: the phrases, the classifier and its encoder where there are any."""

    book: PhraseBook
    learned: Learned | None
    encoder: Encoder | None

    def meaning(self, text: str, heard: HearingContext) -> Understanding:
        from bot.understanding.understand import meaning_of, read

        reading = read(text, heard, self.book, self.learned)
        if reading.settled or self.encoder is None:
            return meaning_of(reading)
        return meaning_of(reading, self.encoder.encode([text])[0])

    def labelled(self, text: str, day: date, names: Iterable[str]) -> dict[str, Any]:
        """A stored message for somebody to label: without persons, with its language and the guesses of today's phrases."""
        from bot.domain.understanding import HearingContext
        from bot.understanding.redacting import redacted

        meaning = self.meaning(text, HearingContext("en", day))
        guesses = (meaning.intent, *(guess.intent for guess in meaning.rivals))
        return {
            "day": day.isoformat(),
            "language": meaning.language or "",
            "text": redacted(text, names, self.book.knows),
            "guesses": " ".join(guess for guess in guesses if guess),
        }


def hearing_on_disk() -> _Hearing:
    """With the classifier that is kept, or a new one, which is told because it takes a while."""
    from bot.encoders.learning import kept_classifier, learned_from
    from bot.encoders.sentences import installed_encoder

    book = book_on_disk()
    folder = settings_of().classifier_dir
    if folder is None:
        return _Hearing(book, None, None)
    encoder = installed_encoder()
    learned = kept_classifier(book, folder, encoder)
    if learned is None:
        typer.echo("Learning from the phrases; this is done once.", err=True)
        learned = learned_from(book, folder, encoder)
    return _Hearing(book, learned, encoder)


def book_on_disk() -> PhraseBook:
    """The phrases of the draft on disk, without the rest of it; those that cannot be read end the command."""
    from bot.services.live import phrases_of
    from bot.services.publish_scripts import errors_of

    book, problems = phrases_of(draft_files(settings_of()))
    errors = errors_of(problems)
    if errors:
        fail(tuple(errors), FOUND_PROBLEMS)
    return book


def day_of(text: str | None) -> date:
    from bot.jobs.clock import SystemClock

    if text is None:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail((f'"{text}" is no day; write it as 2026-11-21.',), WRONG_USE)


def _lines(path: Path, heard: HearingContext, hearing: _Hearing) -> Iterator[dict[str, Any]]:
    """The meaning of each line of a file, one after the other. A line that cannot be read ends the command with its number."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    text, own = _message(line, heard, f"{path}:{number}")
                    yield _record(hearing.meaning(text, own), hearing.book)
    except (OSError, UnicodeDecodeError) as error:
        fail((f"{path} cannot be read: {error}.",), WRONG_USE)


def _message(line: str, heard: HearingContext, place: str) -> tuple[str, HearingContext]:
    try:
        row = json.loads(line)
        today = date.fromisoformat(row["today"]) if "today" in row else heard.today
        return str(row["text"]), replace(heard, language=str(row.get("lang", heard.language)), today=today)
    except (ValueError, KeyError, AttributeError, TypeError):
        fail((f'{place}: write a line such as {{"lang": "en", "text": "I paid"}}.',), WRONG_USE)


def _general(intent: str | None, book: PhraseBook) -> str | None:
    return book.contract.general(intent) if book.contract else intent


def _record(meaning: Understanding, book: PhraseBook) -> dict[str, Any]:
    """The meaning as general intent, topic and plain slot values."""
    likeliest = meaning.intent or next((guess.intent for guess in meaning.rivals), None)
    slots: dict[str, Any] = {}
    for slot in meaning.slots:
        slots |= _plain_slot(slot)
    return {"intent": _general(likeliest, book), "topic": meaning.topic, "slots": slots}


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


def _explained(meaning: Understanding, text: str, hearing: _Hearing) -> Iterable[str]:
    """What was understood, for a person: the meaning, what decided, the values where they stand, and the rivals."""
    book = hearing.book
    about = [f"about {meaning.topic}"] if meaning.topic else []
    about += [f"question {meaning.question}"] if meaning.question else []
    said = ", ".join([meaning.intent or "not clear enough: the bot asks back", *about])
    yield f"intent    {said}  ({meaning.confidence:.2f})"
    if _general(meaning.intent, book) != meaning.intent:
        yield f"nearest   {_general(meaning.intent, book)}"
    if meaning.why:
        yield f"decided   {_why(meaning.why, meaning.intent, text, hearing)}"
    for slot in meaning.slots:
        start, end = slot.span
        others = f", or {', '.join(day.isoformat() for day in slot.alternatives)}" if slot.alternatives else ""
        yield f"slot      {slot.name} = {_value(slot)}{others}  ({text[start:end]!r} at {start} to {end})"
    for guess in meaning.safety:
        yield f"safety    {guess.intent}  ({_why(guess.why, guess.intent, text, hearing)})"
    for guess in meaning.meanings:
        yield f"said      {guess.intent}  ({_why(guess.why, guess.intent, text, hearing)})"
    for guess in meaning.rivals:
        yield f"rival     {guess.intent}  ({guess.confidence:.2f}, {_why(guess.why, guess.intent, text, hearing)})"
    yield f"language  {meaning.language or 'cannot be told from this text'}"


def _why(why: str, intent: str | None, text: str, hearing: _Hearing) -> str:
    """What decided: with the line of the phrase file, or the words that told the classifier most."""
    from bot.understanding.features import features_by_word
    from bot.understanding.normalize import normalize
    from bot.understanding.ranking import BY_LIKENESS

    if why == BY_LIKENESS and hearing.learned is not None and intent in hearing.learned.intents.names:
        words = hearing.learned.intents.telling(intent, features_by_word(normalize(text, "zh").text))
        return f"{why}: {', '.join(words)}" if words else f"{why}, by sense"
    return f"{why}{_phrase_text(why, hearing.book)}"


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
