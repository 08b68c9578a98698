"""What programmes can say beyond messages by day: parents, tasks for people, mandatory notices, bands; and what goes wrong."""

from __future__ import annotations

import pytest

from bot.domain.diagnostics import Diagnostic, Severity
from bot.policy.programme import REASONS, Programme
from bot.policy.programme_reading import read_programme, read_programmes
from bot.policy.reminder_policy import TaskTouch
from bot.policy.scorecard import ScoreRule
from tests.unit.policy.cases import cny, contact_policies
from tests.unit.policy.test_programme_reading import GOOD, a_file

CARD = """\
scorecard:
  bands: {low: 0, high: 40}
  points:
    - {fact: promises_broken, points_each: 15, most: 45}
    - {fact: days_past_due, from: 30, points: 20}
    - {fact: account_age_days, to: 90, points: -5}
    - {fact: past_due, least: {CNY: "500.00"}, points: 15}
"""
SCORED = GOOD + CARD


def read(text: str) -> tuple[Programme | None, tuple[Diagnostic, ...]]:
    return read_programme(a_file(text), 7, contact_policies())


def good(text: str) -> Programme:
    programme, problems = read(text)
    assert [str(p) for p in problems] == []
    assert programme is not None
    return programme


def test_a_scorecard_holds_what_its_file_says() -> None:
    card = good(SCORED).scorecard
    assert card is not None
    assert card.bands == (("low", 0), ("high", 40))
    assert card.rules == (
        ScoreRule("promises_broken", 15, each=True, most=45),
        ScoreRule("days_past_due", 20, first=30),
        ScoreRule("account_age_days", -5, last=90),
        ScoreRule("past_due", 15, least={"CNY": cny("500.00")}),
    )


def test_without_a_scorecard_there_is_no_band() -> None:
    assert good(GOOD).scorecard is None


def test_reasons_are_those_of_the_file_else_all() -> None:
    assert good(GOOD).reasons == REASONS
    assert good(GOOD + "reasons: [forgot, hardship.job]\n").reasons == ("forgot", "hardship.job")


def test_a_stage_for_people_has_tasks_and_no_messages() -> None:
    text = GOOD.replace("tone: firm}", "tone: firm, actor: operator}")
    text = text.replace(
        "late: {every_days: 7, max_attempts: 3, then: task}",
        "late: {tasks: [{day: 30, medium: letter}, {day: 11, medium: call}]}",
    )
    programme = good(text)
    late = programme.reminders.of_stage("late")
    assert late is not None
    assert (late.touches, late.tasks) == ((), (TaskTouch(11, "call"), TaskTouch(30, "letter")))
    assert programme.ladder.stages[0].for_people


def test_a_person_takes_over_the_day_after_the_last_touch_or_on_it_where_the_stage_ends() -> None:
    early = good(GOOD.replace("early: {days: [4]}", "early: {days: [10], then: task}")).reminders.of_stage("early")
    assert early is not None
    assert early.tasks == (TaskTouch(10, "review"),)


def test_bands_have_their_own_tone_and_touches() -> None:
    text = SCORED.replace("tone: firm}", "tone: firm, tone_by_band: {low: clear}}")
    text = text.replace("then: task}", "then: task, by_band: {low: {days: [20]}}}")
    programme = good(text)
    late = programme.reminders.of_stage("late")
    assert late is not None
    assert (late.touches_in("low"), late.touches_in("high"), late.touches_in(None)) == (
        (20,),
        (11, 18, 25),
        (11, 18, 25),
    )
    assert late.all_touches == (11, 18, 20, 25)
    assert (programme.tone_of("late", "low"), programme.tone_of("late", "high")) == ("clear", "firm")


def test_an_abstract_file_is_no_programme_and_its_children_are_not_abstract() -> None:
    parent = "abstract: true\n" + GOOD.replace("id: shop\n", "")
    child = "id: kiosk\nextends: shop\ntitle: Kiosk loan\n"
    programmes, problems = read_programmes(
        {"shop": a_file(parent), "kiosk": a_file(child, "kiosk")}, 1, contact_policies()
    )
    assert [str(p) for p in problems] == []
    assert list(programmes) == ["kiosk"]


def test_an_abstract_file_that_nobody_extends_is_a_warning() -> None:
    programmes, problems = read_programmes({"shop": a_file("abstract: true\ntitle: Shop\n")}, 1, contact_policies())
    [problem] = problems
    assert (programmes, problem.code, problem.severity) == ({}, "P020", Severity.WARNING)


def test_generic_comes_first_then_the_others_by_name() -> None:
    names = {"generic", "zoo", "art"}
    files = {name: a_file(GOOD.replace("id: shop", f"id: {name}"), name) for name in names}
    assert list(read_programmes(files, 1, contact_policies())[0]) == ["generic", "art", "zoo"]


WRONG = [
    (
        "{low: 0, high: 40}",
        "{low: 5, high: 40}",
        "P016",
        "The bands do not rise from 0, so some points belong to none or to two.",
    ),
    (
        "{low: 0, high: 40}",
        "{low: 0, high: 0}",
        "P016",
        "The bands do not rise from 0, so some points belong to none or to two.",
    ),
    ("  bands: {low: 0, high: 40}\n", "", "P003", '"bands" is missing.'),
    (
        "fact: days_past_due",
        "fact: days_passed",
        "P004",
        '"days_passed" is not possible for "fact". Did you mean "days_past_due"?',
    ),
    ("from: 30, points: 20", "points: 20", "P003", '"from" is missing.'),
    (', least: {CNY: "500.00"}', "", "P003", '"least" is missing.'),
    (
        "points_each: 15, most: 45",
        "points_each: 15, mots: 45",
        "P002",
        '"mots" is not known here. Did you mean "most"?',
    ),
    (
        "tone: firm}",
        "tone: firm, tone_by_band: {hihg: clear}}",
        "P017",
        'There is no band "hihg" in the scorecard. Did you mean "high"?',
    ),
    ("tone: firm}", "tone: firm, tone_by_band: {low: loud}}", "P004", '"loud" is not possible for "low".'),
    (
        "then: task}",
        "then: task, by_band: {hi: {days: []}}}",
        "P017",
        'There is no band "hi" in the scorecard. Did you mean "high"?',
    ),
    (
        "then: task}",
        "then: task, by_band: {low: {days: [3]}}}",
        "P009",
        'Day 3 is outside the stage "late" (from 11 on).',
    ),
    (
        "tone: firm}",
        "tone: firm, actor: operator}",
        "P018",
        'The stage "late" is for people, so nothing is sent in it.',
    ),
    ("tone: firm}", "tone: firm, actor: robot}", "P004", '"robot" is not possible for "actor". Did you mean "bot"?'),
    (
        "early: {days: [4]}",
        "early: {days: [4], tasks: [{day: 11, medium: call}]}",
        "P009",
        'Day 11 is outside the stage "early" (from 1 to 10).',
    ),
    (
        "early: {days: [4]}",
        "early: {days: [4], tasks: [{day: 9, medium: fax}]}",
        "P004",
        '"fax" is not possible for "medium".',
    ),
    (
        "before: {days: [-3, 0]}",
        "before: {days: [-3, 0], mandatory: true}",
        "P019",
        'The notice of the stage "before" cannot be mandatory: made up for after the due date, what it says would be wrong.',
    ),
    (
        "early: {days: [4]}",
        "early: {days: [], mandatory: true}",
        "P019",
        'The notice of the stage "early" cannot be mandatory: its days are not the same for everybody.',
    ),
    (
        "early: {days: [4]}",
        "early: {days: [4], mandatory: perhaps}",
        "P004",
        '"perhaps" is not possible for "mandatory".',
    ),
    (
        "title: Shop loan",
        "title: Shop loan\nreasons: [forgt]",
        "P004",
        '"forgt" is not possible for "reasons". Did you mean "forgot"?',
    ),
]


@pytest.mark.parametrize(("line", "instead", "code", "sentence"), WRONG)
def test_a_mistake_is_named_with_its_place_and_a_fix(line: str, instead: str, code: str, sentence: str) -> None:
    assert line in SCORED
    programme, problems = read(SCORED.replace(line, instead, 1))
    assert programme is None
    found = [p for p in problems if (p.code, p.sentence) == (code, sentence)]
    assert len(found) == 1, [str(p) for p in problems]
    assert found[0].place.file == "dialogs/policies/shop.yaml"
    assert found[0].place.line > 0
    assert found[0].fix


def test_a_stage_for_people_without_a_task_is_a_mistake() -> None:
    text = GOOD.replace("tone: firm}", "tone: firm, actor: operator}")
    _, problems = read(text.replace("late: {every_days: 7, max_attempts: 3, then: task}", "late: {}"))
    assert [(p.code, p.sentence) for p in problems] == [
        ("P018", 'The stage "late" is for people, but gives them no task.')
    ]


def test_a_band_without_any_scorecard_is_a_mistake() -> None:
    _, problems = read(GOOD.replace("tone: firm}", "tone: firm, tone_by_band: {low: clear}}"))
    assert [(p.code, p.fix) for p in problems] == [("P017", "Add a scorecard with bands, or take the line out.")]
