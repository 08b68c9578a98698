"""Answers and places: what is read, and every mistake with its code and place."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialog.answer_flows import with_answers
from bot.dialog.known_answers import Answers
from bot.dialog.parse import parse_script
from bot.dialog.parse_answers import parse_answers
from bot.dialog.script import SayStep, Script
from bot.domain.diagnostics import Diagnostic, Severity
from bot.domain.money import Money

FLOWS = {
    "dialogs/flows/human.yaml": """
flow: human
title: Talk to a person
starts: {intents: [request_human]}
steps: {call: {hand_off: asked, say: A person answers here.}}
""",
    "dialogs/flows/tell_more.yaml": """
flow: tell_more
title: Tell me more
starts: {intents: [tell_me_more]}
steps:
  asked: {answer: question, part: more, held: person, else: end}
  person: {hand_off: asked, say: A person answers this.}
""",
    "dialogs/flows/what_follows.yaml": """
flow: what_follows
needs: [identity]
steps:
  said: {say: [{each: consequence_statements, text: "%(statement)s"}], next: end}
""",
}

ANSWER = """
answers: credit
questions:
  credit_how_long:
    question: Q14
    title: How long it stays
    topics: [credit_record]
    say:
      - It does not stay for ever.
      - {if: known fact_credit_record_years, text: "Here it is %(fact_credit_record_years)s years."}
    more: [The register can tell you.]
    next: [request_human]
    group: B
    as_of: 2026-11-21
    source: general practice
    reviewed_by: ""
    counsel_signed: ""
"""

PLACE = """
place: CN
facts:
  fact_credit_record_years: {value: 5, source: a rule, as_of: 2026-11-21, strength: law, reviewed_by: "", counsel_signed: ""}
  fact_card_offence_amount: {value: 50000.00 CNY, source: a rule, as_of: 2026-11-21, strength: guidance}
  fact_relief_ended_on: {value: 2026-03-31, source: a notice, as_of: 2026-11-21, strength: practice}
  fact_court_check_line: {value: "12368", source: a site, as_of: 2026-11-21, strength: law}
answers:
  credit_how_long: {say: [Here it ends by itself.], source: a rule, as_of: 2026-11-21}
"""


def a_script() -> Script:
    script, problems = parse_script(FLOWS)
    assert script is not None, problems
    return script


def read(answers: str = ANSWER, place: str = PLACE) -> tuple[Answers, list[Diagnostic]]:
    files = {"dialogs/answers/credit.yaml": answers, "dialogs/answers/places/CN.yaml": place}
    found, problems = parse_answers({path: text for path, text in files.items() if text}, a_script())
    return found, [p for p in problems if p.code != "A008"]


def test_an_answer_is_read_with_its_lines_button_and_origin() -> None:
    answers, problems = read()
    assert problems == []
    answer = answers.by_question["Q14"]
    assert (answer.id, answer.context, answer.group) == ("credit_how_long", "credit.credit_how_long", "B")
    assert answer.lines[0].sentence.source == "It does not stay for ever."
    assert [line.sentence.context for line in (*answer.lines, *answer.more)] == ["credit.credit_how_long"] * 3
    assert [(b.label.source, b.intent) for b in answer.buttons] == [("Talk to a person", "request_human")]
    assert (answer.origin.source, answer.origin.as_of) == ("general practice", date(2026, 11, 21))


def test_facts_of_a_place_have_the_kind_of_their_name() -> None:
    facts = read()[0].places["CN"].facts
    assert {name: fact.value for name, fact in facts.items()} == {
        "fact_credit_record_years": 5,
        "fact_card_offence_amount": Money(5_000_000, "CNY"),
        "fact_relief_ended_on": date(2026, 3, 31),
        "fact_court_check_line": "12368",
    }


def test_answers_are_flows_with_the_rest_behind_a_button_and_what_must_be_said() -> None:
    script = with_answers(a_script(), read()[0])
    said = script.step("credit.credit_how_long", "say")
    assert isinstance(said, SayStep)
    assert [line.each for line in said.lines] == [None, None, "consequence_statements"]
    assert [(b.intent, b.argument) for b in said.buttons] == [("tell_me_more", "question"), ("request_human", None)]
    rest = script.step("credit.credit_how_long.more", "say")
    assert isinstance(rest, SayStep)
    assert [line.sentence.source for line in rest.lines] == ["The register can tell you."]
    own = script.step("credit.credit_how_long.CN", "say")
    assert isinstance(own, SayStep)
    assert own.lines[0].sentence.context == "credit.credit_how_long.CN"


def test_every_sentence_of_answers_is_one_of_the_script() -> None:
    found = {(s.context, s.source) for _, s in with_answers(a_script(), read()[0]).sentences()}
    assert {
        ("credit.credit_how_long", "How long it stays"),
        ("credit.credit_how_long", "The register can tell you."),
        ("credit.credit_how_long.CN", "Here it ends by itself."),
    } <= found


def test_an_answer_that_names_no_debt_asks_for_no_proof_and_one_that_does_asks_first() -> None:
    open_to_all = with_answers(a_script(), read()[0])
    assert open_to_all.flows["credit.credit_how_long"].needs == ()
    owed = ANSWER.replace("- It does not stay for ever.", '- "%(past_due)s is late."')
    asked = with_answers(a_script(), read(owed)[0])
    assert asked.flows["credit.credit_how_long"].needs == ("identity", "one_loan")
    guarded = ANSWER.replace("- It does not", '- {if: verified, text: "%(past_due)s is late."}\n      - It does not')
    assert with_answers(a_script(), read(guarded)[0]).flows["credit.credit_how_long"].needs == ()


def test_a_question_is_found_by_its_number_and_else_by_its_topic() -> None:
    answers = read()[0]
    assert answers.question_of("Q14", None) == "Q14"
    assert answers.question_of(None, "credit_record") == "Q14"
    assert answers.question_of("Q99", "jail") is None


def test_a_digest_changes_with_what_is_said_and_not_with_who_reviewed_it() -> None:
    def digest(place: str) -> str:
        return read(place=place)[0].places["CN"].facts["fact_credit_record_years"].digest

    assert digest(PLACE.replace('reviewed_by: ""', "reviewed_by: our lawyers")) == digest(PLACE)
    assert digest(PLACE.replace("value: 5,", "value: 6,")) != digest(PLACE)
    assert digest(PLACE.replace("{value: 5, source: a rule", "{value: 5, source: another rule")) != digest(PLACE)
    assert digest(PLACE.replace("place: CN", "place: CN\nregions: [CN, TW]")) != digest(PLACE)


def test_a_question_without_an_answer_is_an_error_by_name() -> None:
    _, problems = parse_answers({"dialogs/answers/credit.yaml": ANSWER}, a_script())
    missing = [p for p in problems if p.code == "A008"]
    assert len(missing) == 63
    assert all(p.severity is Severity.ERROR for p in missing)
    assert missing[0].sentence == "The question Q01 has no answer."


TWICE = ANSWER + ANSWER.partition("questions:\n")[2].replace("credit_how_long", "again")


@pytest.mark.parametrize(
    ("answers", "place", "code", "line"),
    [
        ("[a]", "", "A001", 0),
        ("answers: credit\n", "", "A001", 1),
        (ANSWER.replace("Q14", "Q65"), "", "A002", 4),
        (ANSWER.replace("group: B", "group: G"), "", "A002", 4),
        (ANSWER.replace("credit_how_long:", "How-long:"), "", "A002", 4),
        (ANSWER.replace("    title: How long it stays\n", ""), "", "A003", 4),
        (ANSWER.replace("    say:", "    about:"), "", "A003", 4),
        (TWICE, "", "A004", 18),
        (ANSWER.replace("[request_human]", "[request_humans]"), "", "A005", 12),
        (ANSWER.replace("for ever", "for 5 years"), "", "A006", 9),
        (ANSWER.replace("    source: general practice\n", ""), "", "A007", 4),
        (ANSWER.replace("as_of: 2026-11-21", "as_of: 2026-11-31"), "", "A007", 4),
        (ANSWER.replace("as_of: 2026-11-21", "as_of: 1926-11-21"), "", "A007", 4),
        (ANSWER, PLACE.replace("place: CN", "place: China"), "A009", 2),
        (ANSWER, PLACE.replace("fact_court_check_line", "fact_court_line"), "A010", 7),
        (ANSWER, PLACE.replace("value: 5,", "value: five,"), "A011", 4),
        (ANSWER, PLACE.replace("value: 50000.00 CNY", "value: 50000"), "A011", 5),
        (ANSWER, PLACE.replace("value: 2026-03-31", "value: in spring"), "A011", 6),
        (ANSWER, PLACE.replace('value: "12368"', f'value: "{"1" * 121}"'), "A011", 7),
        (ANSWER, PLACE.replace("strength: guidance", "strength: rumour"), "A012", 5),
        (ANSWER, PLACE.replace(", strength: guidance", ""), "A012", 5),
        (ANSWER, PLACE.replace("  credit_how_long:", "  credit_long:"), "A013", 9),
        (ANSWER, PLACE.replace("Here it ends by itself", "Here it ends in 5 years"), "A006", 9),
        (ANSWER, PLACE.replace("a rule, as_of: 2026-11-21}", "a rule}"), "A007", 9),
    ],
)
def test_a_mistake_is_told_with_its_code_and_line(answers: str, place: str, code: str, line: int) -> None:
    problems = read(answers, place)[1]
    assert [(p.code, p.place.line) for p in problems if p.code.startswith("A0")][:1] == [(code, line)]
    assert all(p.sentence.endswith((".", "?", '"')) and p.fix for p in problems)


def test_two_files_of_one_place_are_a_mistake() -> None:
    files = {"dialogs/answers/credit.yaml": ANSWER, "dialogs/answers/places/A.yaml": PLACE}
    problems = parse_answers({**files, "dialogs/answers/places/B.yaml": PLACE}, a_script())[1]
    assert [p.code for p in problems if p.code != "A008"] == ["A009"]


def test_a_region_that_two_places_serve_is_a_mistake() -> None:
    both = {"A": "place: CN\nregions: [CN, HK]\n", "B": "place: HK\n"}
    files = {f"dialogs/answers/places/{name}.yaml": text for name, text in both.items()}
    problems = parse_answers({"dialogs/answers/credit.yaml": ANSWER, **files}, a_script())[1]
    assert [(p.code, p.place.file) for p in problems if p.code != "A008"] == [("A009", "dialogs/answers/places/B.yaml")]
