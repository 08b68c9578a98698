"""Every talk in the folders beside this file, run through the real understanding and engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialog.conversation_tests import run_conversation
from tests.conversations.shipped import ROOT, the_stage

_TALKS = sorted(Path(__file__).parent.glob("*/*.yaml"))


@pytest.mark.parametrize("path", _TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_talk_goes_as_written(path: Path) -> None:
    run = run_conversation(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)), the_stage())
    assert not run.failures, "\n".join(str(failure) for failure in run.failures)


#: What rules elsewhere keep from happening here, and the engine answers all the same: a programme without ways to pay, a
#: promise of nothing, a promise about a loan that is paid.
_OUT_OF_REACH = {"pay.ask_us", "promise.no_amount", "promise.nothing_due"}

_TALK = 'given: {{loan: {{due: 2026-11-18, owed: "1200.00 CNY"}}, now: 2026-11-24T10:00+00:00}}\ntalk:\n  - {turn}\n'


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        ("{command: loan, bot: menu}", "The bot said balance.bill, not menu"),
        ("{command: loan, says: No such words}", '"No such words" was not said'),
        ("{command: loan, never_says: Principal}", '"Principal" was said'),
        ("{command: loan, effects: [stop_contact]}", "There is no effect stop_contact"),
        ("{command: stop, no_effects: [stop_contact]}", "There is an effect stop_contact"),
        ("{command: loan, buttons: [Nothing]}", 'There is no button "Nothing"'),
        ("{press: Nothing}", 'There is no button "Nothing"'),
        ("{borrower: how much do I owe?, understood: {intent: thanks}}", "Understood ask_balance"),
        ("{command: loan, holder: operator}", "The chat is held by bot"),
        ("{command: loan, language: zh-Hans}", "The language is en"),
        ("{sings: loudly}", "A turn does one of"),
    ],
)
def test_talk_that_goes_otherwise_fails_with_the_reason(turn: str, why: str) -> None:
    run = run_conversation(_TALK.format(turn=turn), "talk.yaml", the_stage())
    assert [why in str(failure) for failure in run.failures] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "talk: 3",
        "given: {colour: red}\ntalk: []",
        "given: {loan: {due: never}}\ntalk: []",
        "given: {loan: {owed: a lot}}\ntalk: []",
        "talk: [",
        "- a",
    ],
)
def test_unreadable_talk_is_a_failure_not_a_crash(text: str) -> None:
    assert run_conversation(text, "talk.yaml", the_stage()).failures


def test_shipped_talks_visit_every_step_of_the_shipped_flows() -> None:
    stage = the_stage()
    visited = {s for path in _TALKS for s in run_conversation(path.read_text("utf-8"), path.name, stage).visited}
    flows = [flow for flow in stage.script.flows.values() if not flow.messages]
    steps = {f"{flow.id}.{step}" for flow in flows for step in flow.steps}
    assert sorted(steps - visited - _OUT_OF_REACH) == []
