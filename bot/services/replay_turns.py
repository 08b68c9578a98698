"""Replay: stored turns gone through once more under two versions, to see what would be said and done otherwise, and for whom.

Each turn begins where it began then, with what is known of the borrower today and one clock for both versions. What comes out
are counts by flow and step; nobody's words leave this module.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.dialog import invariants
from bot.dialog.compose import render_say
from bot.dialog.effects import Effect, ProveIdentity, Say
from bot.dialog.engine import advance
from bot.dialog.hearing import hearing_context
from bot.dialog.stage import Shown
from bot.dialog.state import DialogState
from bot.dialog.turn import Turn
from bot.domain.errors import GraceError
from bot.domain.events import (
    ButtonPressed,
    CommandGiven,
    InboundEvent,
    TextReceived,
    Unsupported,
    UnsupportedReceived,
)
from bot.domain.situation import Conversation, Holder, Situation
from bot.domain.understanding import NOTHING_SAID
from bot.policy.wording import Lexicon
from bot.services.live import Live, lexicons_of
from bot.services.ports import PastTurn, Storage
from bot.understanding.understand import understand

#: Of so many stored turns for each one that is gone through, the newest of every language and step are chosen.
_LOOKED_THROUGH = 10

#: What values of a turn can make the engine fail with; anything else is no fault of a script.
_FAILURES = (ArithmeticError, AssertionError, AttributeError, GraceError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Change:
    """What turns that began at one step would do otherwise. `at` is `flow.step`, or nothing where no question was open."""

    at: str
    sentence: str
    turns: int
    conversations: int
    borrowers: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """`turns` were gone through, `left_out` were stored without how they began, or need what is not stored. `faults` are
    what the new version alone does wrong."""

    turns: int = 0
    conversations: int = 0
    borrowers: int = 0
    left_out: int = 0
    otherwise: int = 0
    changes: tuple[Change, ...] = ()
    faults: tuple[Change, ...] = ()


def began_of(event: InboundEvent, before: Conversation) -> str:
    """JSON of what a turn begins with, besides words; of an event that cannot be gone through again, only where it came."""
    body = {
        "state": before.state,
        "event": _plain(event),
        "proven": before.verified,
        "language": before.language,
        "silent": before.holder is not Holder.BOT,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _plain(event: InboundEvent) -> list[Any] | None:
    match event:
        case TextReceived():
            return ["text"]
        case ButtonPressed():
            return ["press", event.keyboard, event.choice, event.intent, event.argument]
        case CommandGiven():
            return ["command", event.name]
        case UnsupportedReceived():
            return ["unsupported", event.kind.value]
        case _:
            return None


def _event(plain: Sequence[Any], text: str | None) -> InboundEvent:
    match plain[0]:
        case "text":
            return TextReceived(text or "")
        case "press":
            return ButtonPressed(plain[1], plain[2], plain[3], plain[4])
        case "command":
            return CommandGiven(plain[1])
        case _:
            return UnsupportedReceived(Unsupported(plain[1]))


@dataclass(frozen=True, slots=True)
class _Begun:
    """A stored turn, read."""

    past: PastTurn
    state: DialogState
    event: InboundEvent
    proven: bool
    language: str | None

    @property
    def at(self) -> str:
        return f"{self.state.frames[-1].flow}.{self.state.frames[-1].step}" if self.state.frames else ""


def _begun(past: PastTurn) -> _Begun | None:
    body = json.loads(past.began) if past.began else {}
    plain = body.get("event")
    if plain is None or body["silent"] or (plain[0] == "text" and past.text is None):
        return None
    state = DialogState.from_json(body["state"])
    return _Begun(past, state, _event(plain, past.text), body["proven"], body["language"])


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one version makes of a turn. `said` stays inside."""

    heard: str | None
    place: str
    done: tuple[str, ...]
    said: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass
class _Count:
    turns: int = 0
    chats: set[str] = field(default_factory=set)
    borrowers: set[str] = field(default_factory=set)

    def add(self, past: PastTurn) -> None:
        self.turns += 1
        self.chats.add(f"{past.address.channel}:{past.address.key}")
        if past.borrower_id is not None:
            self.borrowers.add(past.borrower_id)


async def replay_turns(storage: Storage, old: Live, new: Live, now: datetime, most: int) -> Replayed:
    """Goes through at most so many stored turns, spread over languages and steps, the newest first."""
    chosen, left_out = await _chosen(storage.past_turns(), most)
    words = lexicons_of(old.files), lexicons_of(new.files)
    situations: dict[str, Situation] = {}
    all_of, otherwise = _Count(), _Count()
    changes: dict[tuple[str, str], _Count] = defaultdict(_Count)
    faults: dict[tuple[str, str], _Count] = defaultdict(_Count)
    for begun in chosen:
        chat = f"{begun.past.address.channel}:{begun.past.address.key}"
        if chat not in situations:
            situations[chat] = await storage.situation_of_chat(begun.past.address, now)
        situation = _as_then(situations[chat], begun)
        if situation is None:
            left_out += 1
            continue
        all_of.add(begun.past)
        before, after = (_outcome(live, begun, situation, ws) for live, ws in zip((old, new), words, strict=True))
        told = tuple(_told(before, after, begun, new))
        if told:
            otherwise.add(begun.past)
        for sentence in told:
            changes[begun.at, sentence].add(begun.past)
        for fault in sorted(set(after.faults) - set(before.faults)):
            faults[begun.at, fault].add(begun.past)
    return Replayed(
        all_of.turns,
        len(all_of.chats),
        len(all_of.borrowers),
        left_out,
        otherwise.turns,
        _listed(changes),
        _listed(faults),
    )


def _listed(counts: dict[tuple[str, str], _Count]) -> tuple[Change, ...]:
    """By flow and step, what concerns most turns first."""
    order = sorted(counts.items(), key=lambda item: (item[0][0], -item[1].turns, item[0][1]))
    return tuple(Change(at, what, c.turns, len(c.chats), len(c.borrowers)) for (at, what), c in order)


async def _chosen(turns: AsyncIterator[PastTurn], most: int) -> tuple[list[_Begun], int]:
    """The newest of each language and step in turn, until there are enough; and how many could not be chosen."""
    piles: dict[tuple[str | None, str], deque[_Begun]] = defaultdict(deque)
    looked, left_out = 0, 0
    async for past in turns:
        if looked >= most * _LOOKED_THROUGH:
            break
        looked += 1
        begun = _begun(past)
        if begun is None:
            left_out += 1
        else:
            piles[begun.language, begun.at].append(begun)
    chosen: list[_Begun] = []
    while piles and len(chosen) < most:
        for key in list(piles)[: most - len(chosen)]:
            chosen.append(piles[key].popleft())
            if not piles[key]:
                del piles[key]
    return chosen, left_out


def _as_then(situation: Situation, begun: _Begun) -> Situation | None:
    """What is known today, with the chat as it was; None where the chat is somebody else's by now."""
    known = situation.conversation
    if known is None or known.borrower_id != begun.past.borrower_id:
        return None
    then = replace(
        known,
        verified_at=situation.now if begun.proven and known.borrower_id else None,
        language=begun.language,
        holder=Holder.BOT,
        last_inbound_at=situation.now,
    )
    return replace(situation, conversation=then)


def _outcome(live: Live, begun: _Begun, situation: Situation, lexicons: Sequence[Lexicon]) -> _Outcome:
    try:
        return _gone_through(live, begun, situation, lexicons)
    except _FAILURES as error:
        return _Outcome(None, "", (), (), (f"the turn fails ({type(error).__name__})",))


def _gone_through(live: Live, begun: _Begun, situation: Situation, lexicons: Sequence[Lexicon]) -> _Outcome:
    heard = NOTHING_SAID
    if isinstance(begun.event, TextReceived):
        context = hearing_context(
            live.script, begun.state, situation, live.programmes, live.languages, situation.now, live.catalogs
        )
        heard = understand(begun.event.text, context, live.phrases)
    turn = Turn(
        event=begun.event,
        understanding=heard,
        situation=situation,
        programmes=live.programmes,
        contact_policy=live.contact_policy_of(situation),
        now=situation.now,
        fresh_id="replay",
        reference="REPLAY",
        languages=live.languages,
        script_version=live.number,
    )
    result = advance(live.script, begun.state, turn)
    language = live.language_of(situation.conversation)
    shown = [_shown(say, live, language) for say in result.effects if isinstance(say, Say)]
    return _Outcome(
        heard.intent,
        f"{result.trace.flow}.{result.trace.step}" if result.trace.flow else "",
        _acts(result.effects),
        tuple("\n".join((m.content.text, *(b.label for _, _, b in m.buttons()))) for m in shown),
        tuple(_faults(shown, result.effects, situation, lexicons, language)),
    )


def _shown(say: Say, live: Live, language: str) -> Shown:
    content = render_say(say, live.catalogs, language, lambda _choice, place: str(place))
    return Shown(say, content, 0, tuple(dict.fromkeys(line.context for line in say.lines if line.source)))


def _acts(effects: Iterable[Effect]) -> tuple[str, ...]:
    counted = Counter(type(e).__name__ for e in effects if not isinstance(e, Say))
    return tuple(sorted(counted.elements()))


def _faults(
    shown: Sequence[Shown],
    effects: Sequence[Effect],
    situation: Situation,
    lexicons: Sequence[Lexicon],
    language: str,
) -> Iterator[str]:
    """Which invariants a turn breaks, without the values that broke them."""
    proven = situation.conversation is not None and situation.conversation.verified
    unproven = not proven and not any(isinstance(effect, ProveIdentity) for effect in effects)
    if unproven and any(invariants.of_privacy(shown, situation.loans, lexicons, language)):
        yield "something of a debt is told before identity is proven"
    if any(invariants.of_messages(shown)):
        yield "a message or a label is too long, there are too many, or a value is not filled in"


def _told(before: _Outcome, after: _Outcome, begun: _Begun, new: Live) -> Iterator[str]:
    """What is different, in words; the words themselves only where all else is the same."""
    if begun.state.frames and new.script.step(begun.state.frames[-1].flow, begun.state.frames[-1].step) is None:
        yield "the step is gone"
        return
    if after.faults and not after.place and not after.said and not before.faults:
        return  # it failed, which is told as a fault
    if before.heard != after.heard:
        yield f"is understood as {after.heard or 'nothing'} instead of {before.heard or 'nothing'}"
    if before.place != after.place:
        yield f"leads to {after.place or 'the end'} instead of {before.place or 'the end'}"
    if before.done != after.done:
        yield f"does {_named(after.done)} instead of {_named(before.done)}"
    if before.said != after.said and (before.heard, before.place, before.done) == (
        after.heard,
        after.place,
        after.done,
    ):
        yield "says it in other words or with other buttons"


def _named(acts: tuple[str, ...]) -> str:
    return ", ".join(acts) or "nothing"
