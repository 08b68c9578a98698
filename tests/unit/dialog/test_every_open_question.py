"""From every open question of every shipped flow: safety acts, a digression comes back, nothing is disclosed or lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialog.engine import advance
from bot.dialog.state import DialogState, Frame
from bot.domain.events import ButtonPressed, CommandGiven, ForgedButton, TextReceived, Unsupported, UnsupportedReceived
from bot.domain.understanding import SAFETY_INTENTS
from tests.conversations.shipped import the_stage
from tests.unit.dialog.open_questions import OPEN, chat_at, takes_any_words

_SAID = {
    "vulnerability_risk": "I don't want to live anymore",
    "bereavement": "My husband died last week",
    "wrong_person": "wrong number",
    "stop_contact": "stop messaging me",
    "dispute_debt": "I never took this loan",
    "lawyer_or_adviser": "Please talk to my lawyer from now on",
    "hardship": "I lost my job last month",
    "complaint": "I want to make a complaint about how I was treated",
    "request_human": "I want to talk to a person",
}


@pytest.mark.parametrize(("flow", "step"), OPEN, ids=str)
def test_safety_acts_on_the_first_message(flow: str, step: str) -> None:
    assert set(_SAID) == set(SAFETY_INTENTS)
    for intent, words in _SAID.items():
        heard = chat_at(flow, step).hear(TextReceived(words))
        assert heard.broken == ()
        assert heard.shown
        own = the_stage().script.by_intent[intent]
        if own != flow:
            assert heard.result.trace.intent == intent
            # Whatever was open is gone: no yes to an old question is taken for something else.
            assert {f.flow for f in heard.result.state.frames[:1]} <= {own}


@pytest.mark.parametrize(("flow", "step"), OPEN, ids=str)
def test_interruption_comes_back_to_the_same_question(flow: str, step: str) -> None:
    for event in (CommandGiven("help"), CommandGiven("privacy"), UnsupportedReceived(Unsupported.VOICE)):
        heard = chat_at(flow, step).hear(event)
        assert heard.broken == ()
        assert [(f.flow, f.step) for f in heard.result.state.frames] == [(flow, step)]
        assert heard.steps[-1] == f"{flow}.{step}"


@pytest.mark.parametrize(("flow", "step"), OPEN, ids=str)
def test_noise_ends_with_a_person_and_old_buttons_change_nothing(flow: str, step: str) -> None:
    rehearsal = chat_at(flow, step)
    for event in (ForgedButton("q"), ButtonPressed(1, 0, query_id="q", message_key="m")):
        heard = rehearsal.hear(event)
        assert heard.broken == ()
        assert heard.steps == ((f"{flow}.{step}",) if isinstance(event, ForgedButton) else ())
        assert heard.result.state.frames == chat_at(flow, step).state.frames
    if takes_any_words(flow, step):
        return
    for _ in range(6):
        heard = rehearsal.hear(TextReceived("xqzv plork"))
        assert heard.broken == ()
        if any(type(e).__name__ == "HandOff" for e in heard.result.effects):
            return
    pytest.fail("six messages that were not understood, and nobody was called")


@pytest.mark.parametrize(("flow", "step"), OPEN, ids=str)
def test_cancel_leaves_the_flow_without_a_record(flow: str, step: str) -> None:
    heard = chat_at(flow, step).hear(TextReceived("Forget it and start again"))
    assert heard.broken == ()
    if not takes_any_words(flow, step):
        assert heard.result.state.frames == ()
    assert not [e for e in heard.result.effects if type(e).__name__ in ("RecordCommitment", "ProveIdentity")]


def test_state_survives_its_json_and_a_script_that_has_moved_on() -> None:
    rehearsal = chat_at("promise", "day")
    rehearsal.hear(TextReceived("friday"))
    state = rehearsal.state
    assert DialogState.from_json(state.to_json()) == state
    assert state.frames[-1].step == "card"
    turn, _ = rehearsal._turn(TextReceived("yes"), None)
    gone = replace(state, frames=(Frame("promise", "step_of_an_old_version"), Frame("flow_of_an_old_version", "x")))
    assert advance(the_stage().script, gone, turn).state.frames == ()


def test_words_and_numbers_people_are_known_by_are_not_stored() -> None:
    rehearsal = chat_at("identify", "birth_date")
    heard = rehearsal.hear(TextReceived("1991-01-02"))
    assert "1991" not in heard.result.state.to_json()
