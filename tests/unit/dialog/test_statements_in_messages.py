"""What must be said reaches the messages: proactive ones, payment details, consequences, and the first answer in a chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialog.check_statements import check_statements
from bot.dialog.compose import reminder_message, render_say, with_statements
from bot.dialog.conversation_tests import run_conversation
from bot.domain.diagnostics import Place
from bot.policy.contact_policy import Party, Statement
from bot.policy.ladder import classify
from bot.policy.places import statement_places
from tests.conversations.shipped import the_stage as stage
from tests.unit.policy.cases import (
    DUE,
    a_contact,
    a_loan,
    a_situation,
    at,
    contact_policies,
    contact_policy,
    files_in,
    generic,
)

NOW = at("2025-03-04 10:00")


def reminded(policy_id: str, *, party: Party = Party.FIRST, later: bool = False, language: str = "en") -> str:
    shipped = stage()
    situation = a_situation(NOW, contacts=(a_contact(at("2025-03-01 10:00")),) if later else ())
    programme = generic()
    say = reminder_message(
        shipped.script, a_loan(), classify(a_loan(), at("2025-03-04 10:00").date(), programme.ladder), situation,
        programme, NOW,
    )  # fmt: skip
    policy = replace(contact_policy(policy_id), party=party)
    said = with_statements(say, shipped.script, policy, situation, programme)
    return render_say(said, shipped.catalogs, language, lambda _choice, _place: "-").text


def test_every_reminder_ends_with_how_to_stop() -> None:
    assert reminded("GLOBAL").endswith('\n\nWrite "stop" to get no more of these messages here.')
    assert reminded("GLOBAL", language="zh-Hans").endswith("\n\n回复“停止”，您就不会再在这里收到这类消息。")


def test_the_first_message_in_mexico_names_contract_amount_and_whom_to_pay() -> None:
    text = reminded("MX")
    assert "your contract that ends in L1: CN¥1,200.00" in text
    assert "Pay only to Example Lender." in text
    assert "contract that ends in" not in reminded("MX", later=True)


def test_a_collector_in_the_united_states_says_what_it_is() -> None:
    first = reminded("US", party=Party.THIRD)
    assert "This is an attempt to collect a debt" in first
    assert "say so by Thursday, 3 April" in first
    assert "This communication is from a debt collector." in reminded("US", party=Party.THIRD, later=True)
    assert "debt" not in reminded("US")


@pytest.mark.parametrize("policy_id", sorted(contact_policies()))
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_a_lock_screen_shows_stays_neutral_under_every_policy(policy_id: str, language: str) -> None:
    for party in Party:
        opening = reminded(policy_id, party=party, language=language)[:80]
        assert "1,200" not in opening
        assert "L1" not in opening
        assert "debt" not in opening.lower()


def test_payment_details_consequences_and_hardship_say_what_their_moment_asks_for() -> None:
    talk = """\
given: {loan: {due: 2026-11-18, owed: "1200.00 CNY"}, now: 2026-11-24T10:00+00:00}
talk:
  - {command: pay, says: Please pay only to Example Lender}
  - {borrower: what happens if I do not pay, says: You can also turn to Financial Ombudsman Service.}
  - {borrower: I lost my job and cannot pay, says: services that advise people about money}
"""
    british = replace(stage(), contact_policy=contact_policy("UK"))
    assert run_conversation(talk, "talk.yaml", british).failures == ()
    plain = run_conversation(talk, "talk.yaml", stage()).failures
    assert ["Ombudsman" in str(f) for f in plain] == [True]


@pytest.mark.parametrize(
    ("policy_id", "line"), [("UK", "Samaritans, 116 123"), ("US-NYC", "988 Suicide & Crisis Lifeline, 988")]
)
def test_whoever_is_in_despair_is_told_whom_to_call_there(policy_id: str, line: str) -> None:
    talk = f"""\
given: {{loan: {{due: 2026-11-18, owed: "1200.00 CNY"}}, now: 2026-11-24T10:00+00:00}}
talk:
  - {{borrower: I do not want to live any more, says: "You can talk to somebody at any time: {line}."}}
"""
    there = replace(stage(), contact_policy=contact_policy(policy_id))
    assert run_conversation(talk, "talk.yaml", there).failures == ()
    [elsewhere] = run_conversation(talk, "talk.yaml", stage()).failures
    assert line in str(elsewhere)


def test_a_disputed_debt_is_called_so_where_it_is_spoken_of() -> None:
    given = 'loan: {due: 2026-11-18, owed: "1200.00 CNY"}, now: 2026-11-24T10:00+00:00'
    told = "You told us that you do not agree with this"
    disputed = f"given: {{{given}, holds: [dispute]}}\ntalk:\n  - {{command: loan, says: {told}}}\n"
    quiet = f"given: {{{given}}}\ntalk:\n  - {{command: loan, never_says: {told}}}\n"
    for talk in (disputed, quiet):
        assert run_conversation(talk, "talk.yaml", stage()).failures == ()


def test_the_first_answer_to_a_stranger_says_that_a_machine_speaks_and_later_ones_do_not() -> None:
    talk = """\
given: {bound: false, loan: {due: 2026-11-18, owed: "1200.00 CNY"}, now: 2026-11-24T10:00+00:00}
talk:
  - {borrower: hello, says: Write "human" at any time}
  - {borrower: hello, never_says: Write "human" at any time}
"""
    assert run_conversation(talk, "talk.yaml", stage()).failures == ()


def test_every_statement_of_every_policy_has_words() -> None:
    assert check_statements(stage().script, contact_policies(), statement_places(files_in("contact"))) == ()


def test_a_statement_without_words_and_one_that_tells_a_stranger_too_much_are_found() -> None:
    policy = contact_policy("GLOBAL")
    basis = policy.min_gap.basis
    unknown = Statement("stmt.no_such_words", "first_contact", basis)
    told = Statement("stmt.first_contact", "conversation_start", basis)
    places = {
        ("GLOBAL", statement.key): Place("dialogs/contact/GLOBAL.yaml", line, 5)
        for line, statement in ((30, unknown), (31, told))
    }
    found = check_statements(stage().script, {"GLOBAL": replace(policy, statements=(unknown, told))}, places)
    assert [(d.code, str(d.place)) for d in found] == [
        ("C010", "dialogs/contact/GLOBAL.yaml:30:5"),
        ("C012", "dialogs/contact/GLOBAL.yaml:31:5"),
    ]


def test_due_is_the_day_before() -> None:
    assert (NOW.date() - DUE).days == 1
