"""Parsing flow files: every mistake of form has a code, a place and a fix, and all come at once."""

from __future__ import annotations

import pytest

from bot.dialog.conditions import AllOf, AnyOf, Compare, Flag, Known, Member, Not, fields_of, holds, read_condition
from bot.dialog.script import AskStep, ConfirmStep, EndStep, SayStep
from bot.domain.money import Money
from tests.unit.dialog.scripts import flow, parsed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- a", "S001"),
        ("colour: red", "S001"),
        ("flow: visit", "S001"),
        ("flow: visit\nsteps: {}", "S001"),
        ("flow: visit\ncolour: red\nsteps:\n  a: end", "S002"),
        (flow("  a: {say: Hi, colour: red}\n  b: end\n"), "S002"),
        (flow("  a: {say: Hi, buttons: [{label: Go, collour: red}]}\n  b: end\n"), "S002"),
        (flow("  a: {say: Hi, protect: perhaps}\n  b: end\n"), "S003"),
        (flow("  a: {ask: How, type: date, retries: {max: many}}\n  b: end\n"), "S003"),
        (flow("  a: {if: days past due, then: b}\n  b: end\n"), "S004"),
        (flow("  a: {if: {every: [verified]}, then: b}\n  b: end\n"), "S004"),
        (flow("  end: {say: Hi}\n"), "S007"),
        (flow("  a: {murmur: Hi}\n"), "S008"),
        (flow("  a: {say: Hi, ask: How}\n"), "S008"),
        (flow("  a: [x]\n"), "S008"),
        (flow("  a: {say: {one: Day}}\n  b: end\n"), "S009"),
        (flow("  a: {say: Hi, buttons: Go}\n  b: end\n"), "S010"),
        (flow("  a: {say: Hi, buttons: [{goto: b}]}\n  b: end\n"), "S010"),
        (flow("  a: {ask: How}\n  b: end\n"), "S011"),
        (flow("  a: {ask: How, type: date, reject: [{if: verified}]}\n  b: end\n"), "S012"),
        (flow("  a: {confirm: Right, yes: {label: Yes, goto: b}}\n  b: end\n"), "S013"),
        (flow("  a: {do: stop_contact}\n  b: end\n"), "S014"),
        (flow("  a: {if: verified}\n  b: end\n"), "S015"),
        ("messages: extra\nsteps:\n  a: {ask: How, type: date}", "S008"),
    ],
)
def test_mistake_of_form_has_its_code_and_place(text: str, code: str) -> None:
    script, problems = parsed(text)
    assert script is None
    assert code in [p.code for p in problems]
    assert all(p.place.line > 0 and p.sentence and p.fix for p in problems)


def test_all_mistakes_come_at_once() -> None:
    _, problems = parsed(flow("  a: {murmur: Hi}\n  b: {ask: How}\n  c: {if: verified}\n"), "- a")
    assert [p.code for p in problems] == ["S008", "S011", "S015", "S001"]


def test_near_names_are_suggested() -> None:
    _, problems = parsed(flow("  a: {say: Hi, buttns: []}\n  b: end\n"))
    assert "buttons" in problems[0].fix


def test_same_flow_twice_and_same_intent_twice_are_refused() -> None:
    one = "flow: visit\nstarts: {intents: [greet]}\nsteps:\n  a: end\n"
    _, problems = parsed(one, one)
    assert [p.code for p in problems] == ["S005"]
    _, problems = parsed(one, one.replace("visit", "call"))
    assert [p.code for p in problems] == ["S006"]


def test_unreadable_yaml_is_reported_beside_the_rest() -> None:
    _, problems = parsed("flow: [", flow("  a: {murmur: Hi}\n"))
    assert [p.code for p in problems] == ["Y002", "S008"]


def test_misspelt_verb_beside_another_is_told_the_right_one() -> None:
    _, problems = parsed(flow("  a: {handoff: visit_wanted, say: Hi}\n  b: end\n"))
    assert [(p.code, p.fix) for p in problems] == [
        ("S002", 'Use one of: say, buttons, protect, next. Did you mean "hand_off"?')
    ]


def test_short_forms_are_say_and_end() -> None:
    script, _ = parsed(flow("  a: Hello.\n  b: end\n"))
    assert script is not None
    steps = script.flows["visit"].steps
    assert isinstance(steps["a"], SayStep)
    assert (steps["a"].lines[0].sentence.source, steps["a"].next) == ("Hello.", "b")
    assert isinstance(steps["b"], EndStep)


def test_layout_of_the_file_is_no_part_of_the_sentence() -> None:
    script, _ = parsed(flow("  a:\n    say: >\n      Hello\n      there.\n  b: end\n"))
    assert script is not None
    step = script.flows["visit"].steps["a"]
    assert isinstance(step, SayStep)
    assert step.lines[0].sentence.source == "Hello there."


def test_question_takes_the_steps_name_as_its_slot() -> None:
    script, _ = parsed(flow("  day: {ask: When?, type: date, retries: {max: 3, then: b}}\n  b: end\n"))
    assert script is not None
    step = script.flows["visit"].steps["day"]
    assert isinstance(step, AskStep)
    assert (step.slot, step.type, step.most_tries, step.otherwise) == ("day", "date", 3, "b")


def test_card_keeps_its_three_buttons_apart() -> None:
    script, _ = parsed(flow("  a: {confirm: Right?, yes: {label: Yes, goto: b}, no: {label: No, goto: b}}\n  b: end\n"))
    assert script is not None
    card = script.flows["visit"].steps["a"]
    assert isinstance(card, ConfirmStep)
    assert (card.yes.label.source, card.no.label.source, card.change) == ("Yes", "No", None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("verified", Flag("verified")),
        ("not verified", Not(Flag("verified"))),
        ("not not verified", Not(Not(Flag("verified")))),
        ("known due_on", Known("due_on")),
        ("days_past_due >= 3", Compare("days_past_due", ">=", value=3)),
        ("amount > payable", Compare("amount", ">", other="payable")),
        ("stage = mild", Compare("stage", "=", value="mild")),
        ("stage in mild severe", Member("stage", ("mild", "severe"))),
        ("__import__('os')", None),
        ("amount >", None),
        ("amount > payable; drop", None),
        ("", None),
    ],
)
def test_conditions_are_read_from_a_closed_form(text: str, wanted: object) -> None:
    assert read_condition(text, lambda word: word == "payable") == wanted


_VALUES = {
    "n": 3,
    "m": Money(500, "CNY"),
    "more": Money(600, "CNY"),
    "usd": Money(1, "USD"),
    "yes": True,
    "word": "mild",
}


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Compare("n", ">", value=2), True),
        (Compare("n", "<=", value=2), False),
        (Compare("n", "=", value=3), True),
        (Compare("n", "!=", value=3), False),
        (Compare("m", "<", other="more"), True),
        (Compare("m", ">", value=0), True),
        (Compare("m", "<", other="usd"), False),
        (Compare("m", ">", other="usd"), False),
        (Compare("gone", "=", value=3), False),
        (Compare("n", "<", other="gone"), False),
        (Compare("word", ">", value=3), False),
        (Flag("yes"), True),
        (Flag("n"), False),
        (Flag("gone"), False),
        (Known("n"), True),
        (Known("gone"), False),
        (Member("word", ("mild",)), True),
        (Member("gone", ("mild",)), False),
        (AllOf((Flag("yes"), Not(Flag("gone")))), True),
        (AnyOf((Flag("gone"), Flag("yes"))), True),
        (AnyOf(()), False),
    ],
)
def test_comparison_with_the_unknown_or_unlike_is_false(condition: object, wanted: bool) -> None:
    assert holds(condition, _VALUES.get) is wanted  # type: ignore[arg-type]


def test_fields_of_a_condition_are_all_it_reads() -> None:
    condition = AllOf((Compare("a", ">", other="b"), Not(Flag("c")), AnyOf((Known("d"), Member("e", ("x",))))))
    assert fields_of(condition) == ("a", "b", "c", "d", "e")
