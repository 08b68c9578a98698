"""Every talk in the folders beside this file, run through the real understanding and engine; and how talks fail."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.dialog.conversation_tests import TestRun as Run
from bot.dialog.conversation_tests import run_conversation
from bot.dialog.coverage import branches
from tests.conversations.shipped import ROOT, the_stage

_TALKS = sorted(Path(__file__).parent.glob("*/*.yaml"))


@cache
def _run(path: Path) -> Run:
    return run_conversation(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)), the_stage())


@pytest.mark.parametrize("path", _TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_talk_goes_as_written(path: Path) -> None:
    run = _run(path)
    assert not run.failures, "\n".join(str(failure) for failure in run.failures)


#: What rules elsewhere keep from happening here: a programme without ways to pay; an identity that was proven and is asked
#: about all the same; a phone's own button, which arrives as a contact; a stage without words of its own; the engine's words
#: after a failure of the program, and for questions and fields that no shipped flow has; more of an answer nobody gave.
_OUT_OF_REACH = (
    "pay.configured: else",
    "pay.ask_us",
    "identify.already: then",
    "identify.contact [Share my number]",
    "reminders.overdue",
    "tell_more.questions",
    "tell_more.done",
    "shared.not_known",
    "shared.apology",
    "shared.expected_yes_no",
    "shared.expected_text",
)

_LEAST_PERCENT = 95


def test_shipped_talks_visit_nearly_every_branch_of_the_shipped_flows() -> None:
    visited = {branch for path in _TALKS for branch in _run(path).visited}
    there_are = [b for all_of in branches(the_stage().script).values() for b in all_of]
    missed = [branch for branch in there_are if branch not in visited]
    assert len(missed) * 100 <= len(there_are) * (100 - _LEAST_PERCENT), "\n".join(missed)
    steps = {
        f"{f.id}.{step}"
        for f in the_stage().script.flows.values()
        if not (f.messages or f.of_answer)
        for step in f.steps
    }
    assert [step for step in missed if step in steps and step not in _OUT_OF_REACH] == []


def test_there_are_three_hundred_talks_and_the_key_ones_speak_eight_languages() -> None:
    assert len(_TALKS) >= 300
    assert len({path.read_text(encoding="utf-8") for path in _TALKS}) == len(_TALKS)
    assert sum(len(_run(path).languages) == 8 for path in _TALKS) >= 20


# -- each kind of expectation fails, and says why ----------------------------------------------------------------------

_TALK = 'given: {{loan: {{due: 2026-11-18, owed: "1200.00 CNY"}}, now: 2026-11-24T10:00+00:00}}\ntalk:\n  - {turn}\n'


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        ("{command: loan, bot: menu}", "The bot said balance.bill, not menu"),
        ("{command: loan, bot: [bill, menu]}", "The bot said balance.bill, not ['bill', 'menu']"),
        ("{command: loan, bot: nothing}", "The bot said balance.bill, not nothing"),
        ("{command: loan, says: No such words}", '"No such words" was not said'),
        ("{command: loan, never_says: Principal}", '"Principal" was said'),
        ("{command: loan, effects: [stop_contact]}", "There is no effect stop_contact"),
        ("{command: stop, effects: [{stop_contact: {reason: x}}]}", "found: reason: stop_contact"),
        ("{command: stop, no_effects: [stop_contact]}", "There is an effect stop_contact"),
        ("{command: loan, buttons: [Nothing]}", 'There is no button "Nothing"'),
        ("{press: Nothing}", 'There is no button "Nothing"'),
        ("{borrower: how much do I owe?, understood: {intent: thanks}}", "Understood ask_balance"),
        ("{borrower: 500 on friday, understood: {slots: {amount: 600}}}", 'The slot "amount" is 500, not 600'),
        ("{borrower: hello, understood: {colour: red}}", "Understood has an intent and slots, no colour"),
        ("{command: loan, holder: operator}", "The chat is held by bot"),
        ("{command: loan, language: zh-Hans}", "The language is en"),
        ("{command: loan, line: expired}", "The press was answered with nothing"),
        ("{command: plan, open: pause.days}", "The open question is promise.day, not pause.days"),
        ("{command: loan, open: promise.day}", "The open question is nothing, not promise.day"),
        ("{borrower: I'll pay 500 on Friday, slots: {amount: 600.00 CNY}}", "holds 500.00 CNY, not 600.00 CNY"),
        ("{command: loan, slots: {amount: 600.00 CNY}}", "holds nothing, not 600.00 CNY"),
        ("{command: loan, promise: open}", "There is no promise, not open"),
        ("{command: stop, holds: nothing}", "The holds are stop, not nothing"),
        ("{command: loan, holds: [stop]}", "The holds are nothing, not ['stop']"),
        ("{wait: 2d, sent: nothing}", "There was sent: step: moderate, at: 2026-11-26T10:00:00+00:00"),
        ("{wait: 2d, sent: [moderate, severe]}", "Expected: ['moderate', 'severe']"),
        ("{wait: 2d, sent: [{step: moderate, at: 2026-11-26T11:00}]}", "There was sent"),
        ("{wait: 2d, withheld: [stop]}", "There was withheld: nothing. Expected: ['stop']"),
        ("{reminder: now, withheld: stop}", "The gate said allowed, not stop"),
        ("{wait: soon}", "wait cannot be soon: a span is a number and d, h or m"),
        ("{now: later}", "now cannot be later"),
        ("{paid: a lot}", "paid cannot be a lot"),
        ("{chat: upside down}", 'A chat is not "upside down"'),
        ("{operator: sings}", 'An operator does not "sings"'),
        ("{operator: gives back}", "The chat is held by bot, so an operator cannot do that"),
        ("{promise_reminder: promise_day}", "There is no promise yet"),
        ("{sings: loudly}", "A turn does one of"),
        ("{command: loan, bott: bill}", 'Did you mean "bot"?'),
        ("{command: loan, press: Help}", "A turn does one of"),
        ("{command: plan, stubs: {dance: well}}", "there is no action dance"),
        ("{command: plan, stubs: {pause: dance}}", "pause has no result dance; it has paused, too_long, unclear"),
        ("just words", "A turn is a mapping"),
    ],
)
def test_talk_that_goes_otherwise_fails_with_the_reason(turn: str, why: str) -> None:
    run = run_conversation(_TALK.format(turn=turn), "talk.yaml", the_stage())
    assert [(why in str(failure), str(failure).startswith("talk.yaml:3:")) for failure in run.failures] == [
        (True, True)
    ], run


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("talk: 3", "There is no talk"),
        ("given: {colour: red}\ntalk: []", "talk.yaml:1:8 T001 What is given cannot be"),
        ("given: {loan: {due: never}}\ntalk: []", "What is given cannot be"),
        ("given: {loan: {owed: a lot}}\ntalk: []", "What is given cannot be"),
        ("talk: [", "Y0"),
        ("- a", "There is no talk"),
        ("weather: nice\ntalk: []", "A talk has no weather"),
        ("stubs: {pause: dance}\ntalk: []", "pause has no result dance"),
        ("languages: [tlh]\ntalk: []", "tlh is no language of the bot"),
        ("languages: 3\ntalk: []", "Languages are a list of tags, or all"),
        ("languages: [en, es]\ntalk:\n  - {borrower: {en: hello}}", "[es] borrower has no words in es"),
    ],
)
def test_unreadable_talk_is_a_failure_not_a_crash(text: str, why: str) -> None:
    failures = run_conversation(text, "talk.yaml", the_stage()).failures
    assert [why in str(failure) for failure in failures] == [True], failures


def test_talk_in_several_languages_fails_in_the_one_that_goes_otherwise() -> None:
    text = "languages: [en, es]\ngiven: {loan: {due: 2026-11-18}}\ntalk:\n  - {borrower: {en: hello, es: gracias}, understood: greet}\n"
    run = run_conversation(text, "talk.yaml", the_stage())
    assert run.languages == ("en", "es")
    assert [str(f).startswith("talk.yaml:4:5 T001 [es] Understood thanks") for f in run.failures] == [True]
