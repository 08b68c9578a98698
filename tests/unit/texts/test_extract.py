"""Extraction: translators get every sentence that is said, with where it stands, how long it may be, and samples."""

from __future__ import annotations

import io

from babel.messages.extract import extract

from bot.cli import babel_plugins
from bot.cli.catalog_files import template_of
from bot.domain.yaml_reading import read_yaml
from bot.texts.extract import extract_answers, extract_flow, groups_in
from tests.conversations.shipped import ROOT, shipped

_FLOW = """
flow: visit
title: A visit
steps:
  when:
    ask: "When, %(borrower_name)s?"
    type: date
    choices: [{label: Today, value: x}]
    reject: [{if: when < today, say: That was before.}]
  many: {say: {one: "%(when)s, %(days_past_due)s day", other: "%(when)s, %(days_past_due)s days", count: days_past_due}}
  list: {say: [{each: loans, text: "Loan %(loan_number)s"}, {if: has_loan, text: A line.}]}
  card: {confirm: Is this right?, yes: {label: "Yes", goto: bye}, no: {label: "No", goto: bye}}
  called: {hand_off: late, say: A person will answer.}
  bye: Good-bye.
  done: end
"""
_VISIT = read_yaml(_FLOW, "visit.yaml")
_ANSWERS = read_yaml(
    """
answers: credit
questions:
  how_long:
    title: How long it stays
    say: [{if: not known fact_years, text: I do not know.}]
    more: [There is more.]
    next: [{intent: request_human, label: Ask}]
    source: never said
""",
    "credit.yaml",
)
_PLACE = read_yaml("{place: CN, answers: {how_long: {say: [Five years.]}, nobody_asks: {say: [Lost.]}}}", "CN.yaml")


def test_every_kind_of_sentence_is_found_with_its_context() -> None:
    found = [*extract_flow(_VISIT)]
    assert [(e.context, *e.sources) for e in found] == [
        ("visit.title", "A visit"),
        ("visit.when", "When, %(borrower_name)s?"),
        ("visit.when", "Today"),
        ("visit.when", "That was before."),
        ("visit.many", "%(when)s, %(days_past_due)s day", "%(when)s, %(days_past_due)s days"),
        ("visit.list", "Loan %(loan_number)s"),
        ("visit.list", "A line."),
        ("visit.card", "Is this right?"),
        ("visit.card", "Yes"),
        ("visit.card", "No"),
        ("visit.called", "A person will answer."),
        ("visit.bye", "Good-bye."),
    ]
    assert (found[0].file, found[0].line) == ("visit.yaml", 3)


def test_translators_are_told_where_who_when_how_long_and_with_which_values() -> None:
    notes = {e.source: e.notes[1:] for e in extract_flow(_VISIT)}
    longest = "A message: at most 600 characters."
    assert notes == {
        "A visit": ("The name of the dialog, a button: at most 24 characters.",),
        "When, %(borrower_name)s?": (
            f"The bot asks it; the borrower presses a button or types. {longest}",
            "%(borrower_name)s: Ana Lee",
        ),
        "Today": (
            'What the borrower presses, a button: at most 24 characters. It stands below "When, %(borrower_name)s?"',
        ),
        "That was before.": (
            f"The bot says it when it cannot take what the borrower entered. {longest}",
            "Only if: when < today",
        ),
        "%(when)s, %(days_past_due)s day": (
            f"The bot says it. {longest}",
            "%(days_past_due)s: 4",
            "%(when)s: Friday, 27 November",
        ),
        "Loan %(loan_number)s": (
            f"The bot says it. {longest}",
            "Once for each of: loans",
            "%(loan_number)s: 4821",
        ),
        "A line.": (f"The bot says it. {longest}", "Only if: has_loan"),
        "Is this right?": (f"A line of the card that the borrower confirms before anything is recorded. {longest}",),
        "Yes": ('What the borrower presses, a button: at most 24 characters. It stands below "Is this right?"',),
        "No": ('What the borrower presses, a button: at most 24 characters. It stands below "Is this right?"',),
        "A person will answer.": (f"The bot says it when it calls a person. {longest}",),
        "Good-bye.": (f"The bot says it. {longest}",),
    }
    assert {e.notes[0] for e in extract_flow(_VISIT)} >= {"Flow visit.", "Flow visit, step when."}


def test_answers_are_found_by_group_and_question_and_those_of_a_place_by_place_too() -> None:
    groups = groups_in((_ANSWERS, _PLACE))
    found = [*extract_answers(_ANSWERS, groups), *extract_answers(_PLACE, groups)]
    assert [(e.context, e.source) for e in found] == [
        ("credit.how_long", "How long it stays"),
        ("credit.how_long", "I do not know."),
        ("credit.how_long", "There is more."),
        ("credit.how_long", "Ask"),
        ("credit.how_long.CN", "Five years."),
    ]
    assert found[1].notes[2] == "Only if: not known fact_years"
    assert found[4].notes[0] == "Answer how_long, as it is in CN only."


def test_babel_finds_them_through_the_entry_points() -> None:
    keywords = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
    found = list(extract(babel_plugins.flows, io.BytesIO(_FLOW.encode()), keywords=keywords))
    assert [(messages, context) for _, messages, _, context in found][:2] == [
        ("A visit", "visit.title"),
        ("When, %(borrower_name)s?", "visit.when"),
    ]
    assert (("%(when)s, %(days_past_due)s day", "%(when)s, %(days_past_due)s days"), "visit.many") in [
        (messages, context) for _, messages, _, context in found
    ]


def test_babel_finds_the_group_of_a_places_answers_in_the_folder_above(tmp_path) -> None:
    (tmp_path / "places").mkdir()
    (tmp_path / "credit.yaml").write_text("{answers: credit, questions: {how_long: {title: How long}}}")
    (tmp_path / "places/CN.yaml").write_text("{place: CN, answers: {how_long: {say: [Five years.]}}}")
    with (tmp_path / "places/CN.yaml").open("rb") as file:
        found = list(extract(babel_plugins.answers, file, keywords={"pgettext": ((1, "c"), 2)}))
    assert [(messages, context) for _, messages, _, context in found] == [("Five years.", "credit.how_long.CN")]


def test_unreadable_file_gives_no_entries() -> None:
    for text in ("flow: [", "- a", "flow: x", "answers: x", "place: CN", "{place: CN, answers: [a]}"):
        read = read_yaml(text, "x.yaml")
        assert [*extract_flow(read), *extract_answers(read, {})] == []


def test_template_and_script_have_the_same_sentences() -> None:
    entries, problems = template_of(ROOT / "dialogs")
    flows = {e.key for e in entries if any(place.startswith("dialogs/flows/") for place in e.places)}
    assert problems == ()
    assert flows == {
        (s.context, s.source) for _, s in shipped().script.sentences() if s.place.file.startswith("dialogs/flows/")
    }
