"""The test vectors for contact rules that a chat decides: a stop that is typed, and a group that hears nothing of a debt."""

from __future__ import annotations

import pytest

from bot.dialog.conversation_tests import run_conversation
from tests.conversations.shipped import the_stage

LOAN = 'loan: {due: 2026-11-18, owed: "1200.00 CNY"}, now: 2026-11-24T10:00+00:00'


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "stop messaging me"])
def test_vector_17_after_a_stop_no_reminder_goes_and_people_see_the_loan(word: str) -> None:
    talk = f"""\
given: {{{LOAN}}}
talk:
  - {{borrower: {word}, bot: stopped, effects: [{{place_hold: {{kind: stop}}}}, stop_contact, {{hand_off: {{reason: stop_contact}}}}]}}
  - {{reminder: mild, bot: nothing, withheld: stop}}
"""
    assert run_conversation(talk, "talk.yaml", the_stage()).failures == ()


def test_vector_18_a_group_hears_one_neutral_sentence_and_no_debt() -> None:
    talk = f"""\
given: {{private: false, {LOAN}}}
talk:
  - {{command: loan, bot: shared.group, effects: [leave_chat], never_says: ["1,200", "loan", "due"]}}
"""
    assert run_conversation(talk, "talk.yaml", the_stage()).failures == ()
