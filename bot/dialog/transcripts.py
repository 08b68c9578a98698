"""Transcripts: a rehearsal as both sides saw it, day by day, for people to read.

The borrower's side is what was typed or the label that was pressed; messages, days and sums are in the language of the talk.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from bot.dialog.rehearsal import Rehearsal
from bot.dialog.sample_walks import walk
from bot.dialog.script import Flow
from bot.dialog.stage import Shown, Stage
from bot.domain.calendar import local_day, zone
from bot.domain.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    InboundEvent,
    LinkOpened,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.texts.messages import Message
from bot.texts.render import day_text, render

_MARKS = re.compile(r"([\\`*_\[\]|~#])")
_TAG = re.compile(r"</?[a-z][^<>]*>")

#: What cannot be read by the bot, as it stands in a chat.
_PICTURES = {
    Unsupported.PHOTO: "🖼",
    Unsupported.DOCUMENT: "📎",
    Unsupported.VOICE: "🎤",
    Unsupported.VIDEO: "🎬",
    Unsupported.LOCATION: "📍",
    Unsupported.OTHER: "…",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One bubble. `clock` is the borrower's wall clock; `pressed` where a button, a command or the like said it."""

    clock: str
    by_borrower: bool
    words: str
    buttons: tuple[str, ...] = ()
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """One talk. `lender` and `borrower` are the names of both sides."""

    title: str
    lender: str
    borrower: str
    days: tuple[Day, ...]


def walk_told(stage: Stage, flow: Flow, language: str, situation: int) -> Transcript:
    """The sample walk through a flow, under its name and its title in that language."""
    name = f": {render(flow.title.with_values(()), stage.catalogs, language)}" if flow.title else ""
    return transcript(walk(stage, flow, language, situation), flow.id + name)


def transcript(rehearsal: Rehearsal, title: str) -> Transcript:
    """The rehearsal so far."""
    stage, zone_name = rehearsal.stage, rehearsal.given.known.timezone or "UTC"
    # A talk may go on in another language; its page is that of the one it began in.
    language = rehearsal.given.known.language or rehearsal.language
    days = groupby(_spoken(rehearsal, zone_name), key=lambda pair: pair[0])
    return Transcript(
        title,
        stage.programmes[0].lender,
        rehearsal.given.known.name,
        tuple(Day(day_text(day, stage.catalogs, language), tuple(spoken for _, spoken in said)) for day, said in days),
    )


def _spoken(rehearsal: Rehearsal, zone_name: str) -> Iterator[tuple[date, Spoken]]:
    earlier: list[Shown] = []
    for one in rehearsal.history:
        day, clock = local_day(one.at, zone_name), f"{one.at.astimezone(zone(zone_name)):%H:%M}"
        match one.what:
            case Shown() as message:
                earlier.append(message)
                words = message.content.text
                if message.content.markup == "html":
                    words = html.unescape(_TAG.sub("", words))
                labels = tuple(button.label for _, _, button in message.buttons())
                yield day, Spoken(clock, by_borrower=False, words=words, buttons=labels)
            case Message() as line:
                yield day, Spoken(clock, by_borrower=False, words=_worded(rehearsal, line))
            case event:
                said = _by_borrower(rehearsal, event, earlier)
                if said is not None:
                    pressed = isinstance(event, ButtonPressed | ContactShared)
                    yield day, Spoken(clock, by_borrower=True, words=said, pressed=pressed)


def _by_borrower(rehearsal: Rehearsal, event: InboundEvent, earlier: list[Shown]) -> str | None:
    """What the borrower sees of their own turn in the chat; None where that is nothing."""
    match event:
        case TextReceived(text):
            return text
        case CommandGiven(name):
            return f"/{name}"
        case LinkOpened():
            return "/start"
        case ContactShared(phone):
            own = (b for shown in reversed(earlier) for _, _, b in shown.buttons() if b.request_contact)
            return next((button.label for button in own), f"+{phone}")
        case UnsupportedReceived(kind):
            return _PICTURES.get(kind, _PICTURES[Unsupported.OTHER])
        case ButtonPressed():
            return _pressed(rehearsal, event, earlier)
        case _:
            return None


def _pressed(rehearsal: Rehearsal, event: ButtonPressed, earlier: list[Shown]) -> str:
    """The label of the button, or the title of what it begins where it stood under no message here."""
    for shown in reversed(earlier):
        for place, choice, button in shown.buttons():
            if (str(shown.keyboard), place, choice.intent) == (event.message_key, event.choice, event.intent):
                return button.label
    flow = rehearsal.stage.script.flow_of(event.intent)
    return _worded(rehearsal, flow.title.with_values(())) if flow and flow.title else ""


def _worded(rehearsal: Rehearsal, message: Message) -> str:
    return render(message, rehearsal.stage.catalogs, rehearsal.language)


def as_markdown(transcripts: Iterable[Transcript], title: str, note: str) -> str:
    """Transcripts as a page of Markdown; `note` says under its title where they come from."""
    parts = [f"# {title}", note]
    for told in transcripts:
        parts.append(f"## {told.title}")
        for day in told.days:
            parts.append(f"### {day.title}")
            parts += [_bubble(spoken, told) for spoken in day.spoken]
    return "\n\n".join(parts) + "\n"


def _bubble(spoken: Spoken, told: Transcript) -> str:
    name = told.borrower if spoken.by_borrower else told.lender
    lines = [_MARKS.sub(r"\\\1", html.escape(line, quote=False)) for line in spoken.words.split("\n")]
    if spoken.by_borrower:
        words = "<br>".join(f"[{line}]" if spoken.pressed else line for line in lines)
        return f"**{name}**, {spoken.clock}: {words}"
    quoted = [f"> {line}{'<br>' if line and after else ''}".rstrip() for line, after in pairwise([*lines, ""])]
    buttons = [">", "> " + " ".join(f"`{label}`" for label in spoken.buttons)] if spoken.buttons else []
    return f"**{name}**, {spoken.clock}:\n\n" + "\n".join((*quoted, *buttons))
