"""Hearing: what the open question expects of the next message, so that "500" or "the second one" can be understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from bot.dialog.ledger import Ledger
from bot.dialog.script import AskStep, Script, step_buttons
from bot.dialog.state import DialogState, LiveChoice
from bot.domain.situation import Situation
from bot.domain.understanding import HearingContext
from bot.policy.programme import Programme
from bot.texts.catalogs import Catalogs
from bot.texts.languages import SOURCE_LANGUAGE
from bot.texts.messages import Message
from bot.texts.render import render


def hearing_context(
    script: Script,
    state: DialogState,
    situation: Situation,
    programmes: Sequence[Programme],
    languages: Sequence[str],
    now: datetime,
    catalogs: Catalogs | None = None,
) -> HearingContext:
    """The context of the next message. With `catalogs`, labels are those that the borrower saw; else the source's."""
    about = dict(state.facts).get("loan")
    ledger = Ledger(situation, tuple(programmes), str(about) if about else None)
    spoken = situation.conversation.language if situation.conversation else None
    language = spoken if spoken is not None and spoken in languages else next(iter(languages), SOURCE_LANGUAGE)
    return HearingContext(
        language=language,
        today=ledger.today,
        currency=ledger.loan.currency if ledger.loan else None,
        expects=_expects(script, state),
        choices=tuple(_label(choice, catalogs, language) for choice in state.choices),
        owed=ledger.payable,
        wishes=_wishes_in(script, catalogs, language),
        asked=bool(state.frames),
        names=(situation.borrower.name,) if situation.borrower else (),
    )


def _expects(script: Script, state: DialogState) -> str | None:
    if not state.frames:
        return None
    match script.step(state.frames[-1].flow, state.frames[-1].step):
        case AskStep() as step:
            return step.type
        case _:
            # A card is answered by yes or no, but as often by "no, Saturday": then the day must not be lost to the no.
            return None


@lru_cache(maxsize=64)
def _wishes_in(script: Script, catalogs: Catalogs | None, language: str) -> tuple[tuple[str, str], ...]:
    """The names as they are shown in a language, worded once for a version."""
    return tuple({_worded(label, catalogs, language): intent for label, intent in _wishes(script)}.items())


def _wishes(script: Script) -> Iterator[tuple[Message, str]]:
    """Every name by which the script calls a wish, without those that hold a value; titles, which outrank, come last."""
    for flow in script.flows.values():
        for step in flow.steps.values():
            for button in step_buttons(step):
                if button.intent is not None and "%(" not in button.label.source:
                    yield button.label.with_values(()), button.intent
    for flow in script.flows.values():
        if flow.title is not None and flow.intents:
            yield flow.title.with_values(()), flow.intents[0]


def _label(choice: LiveChoice, catalogs: Catalogs | None, language: str) -> str:
    context, _, source = choice.label.partition("\x1f")
    return _worded(Message(source, context), catalogs, language)


def _worded(label: Message, catalogs: Catalogs | None, language: str) -> str:
    return render(label, catalogs, language) if label.source and catalogs is not None else label.source
