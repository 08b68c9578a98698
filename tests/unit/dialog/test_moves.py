"""Moves: whoever waits is taken to a step that asks alike and builds on nothing unknown, or stays in their version."""

from __future__ import annotations

import pytest

from bot.dialog.moves import Moves, check_moves, flows_alike, moved, read_moves
from bot.dialog.script import Script
from bot.dialog.state import DialogState, Frame, LiveChoice
from tests.unit.services.small_draft import TRIAL, compiled

#: The first question has another name, and a new flow asks for a day after its card.
RENAMED = TRIAL.replace("first:", "when:").replace("  second:", "  how_long:")


def script(trial: str = TRIAL) -> Script:
    return compiled(trial).script


def faults(trial: str, **steps: str) -> list[str]:
    wanted = {f"trial.{old}": f"trial.{new}" for old, new in steps.items()}
    return check_moves(wanted, script(), script(trial))


def test_a_step_of_another_name_that_asks_the_same_is_fitting():
    assert faults(RENAMED, first="when", second="how_long") == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("frist", "when", 'there is no step trial.frist in the version that is left. Did you mean "trial.first"?'),
        ("first", "whne", 'there is no step trial.whne in the new version. Did you mean "trial.when"?'),
        ("first", "how_long", "the one asks for date, the other for yes_no."),
        ("first", "card", "the two are steps of different kinds."),
        ("done", "when", "the two are steps of different kinds."),
    ],
)
def test_a_move_to_another_kind_of_step_or_to_none_is_refused(old, new, fault):
    assert f"trial.{old}: trial.{new}: {fault}" in faults(RENAMED, **{old: new})


def test_a_step_that_builds_on_what_was_not_asked_yet_is_refused():
    later = TRIAL.replace(
        "  second:", "  other:\n    ask: Which other day?\n    slot: other\n    type: date\n  second:"
    )
    (fault,) = faults(later, first="other")
    assert fault.endswith("the new step builds on day, which may still be unknown at the old one.")


def test_what_is_known_must_be_of_the_type_that_the_new_step_builds_on():
    amount = TRIAL.replace("type: date", "type: amount")
    (fault,) = faults(amount, second="second")
    assert fault.endswith("day is amount in the new version and was date.")


def test_nobody_is_taken_past_a_card_or_to_one_they_have_not_seen():
    behind = TRIAL.replace("goto: done}\n    no", "goto: after}\n    no") + (
        "  after: {ask: How many more days?, slot: more, type: days}\n  last: {goto: done}\n"
    )
    assert any("lies behind a card that nobody has confirmed" in fault for fault in faults(behind, second="after"))
    another = TRIAL.replace("Is this right?", "Is this right? It binds you.")
    assert any("nobody may confirm what they have not seen" in fault for fault in faults(another, card="card"))
    assert faults(RENAMED, card="card") == []


def test_nobody_unproven_is_taken_behind_the_proof_of_identity():
    proven = TRIAL.replace("steps:", "needs: [identity]\nsteps:")
    (fault,) = faults(proven, first="first")
    assert fault.endswith("the new step is only for those whose identity is proven.")


def test_flows_are_alike_whatever_their_words_as_long_as_they_lead_the_same():
    worded = TRIAL.replace("Which day suits you?", "Which day would suit you best?")
    assert "trial" in flows_alike(script(), script(worded))
    assert "trial" not in flows_alike(script(), script(RENAMED))
    assert "promise" in flows_alike(script(), script(RENAMED))


# -- where somebody stands afterwards


def waiting(*frames: tuple[str, str], choices: tuple[LiveChoice, ...] = ()) -> DialogState:
    return DialogState(tuple(Frame(flow, step, (("day", "2026-12-01"),)) for flow, step in frames), 3, choices)


MAP = Moves({"trial.first": "trial.when"}, {1: ("promise",), 2: ()})


def test_whoever_waits_keeps_their_answers_and_the_buttons_that_still_mean_the_same():
    a_day, later, wish = LiveChoice("2026-12-01"), LiveChoice(goto="second", label="Later"), LiveChoice(intent="help")
    there = moved(waiting(("trial", "first"), choices=(a_day, later, wish)), MAP, 1, script(RENAMED))
    assert there is not None
    assert there.frames == (Frame("trial", "when", (("day", "2026-12-01"),)),)
    # A button that led to a step of the old flow asks the question anew.
    assert there.choices == (a_day, LiveChoice(goto="when", label="Later"), wish)
    assert there.keyboard == 3


def test_flows_beneath_go_along_only_where_they_lead_the_same():
    state = waiting(("promise", "day"), ("trial", "first"))
    there = moved(state, MAP, 1, script(RENAMED))
    assert there is not None
    assert [(f.flow, f.step) for f in there.frames] == [("promise", "day"), ("trial", "when")]
    assert moved(state, MAP, 2, script(RENAMED)) is None


def test_whom_the_map_does_not_name_stays_and_so_does_a_version_it_was_not_checked_against():
    assert moved(waiting(("promise", "day")), MAP, 1, script(RENAMED)) is None
    assert moved(waiting(("trial", "first")), MAP, 7, script(RENAMED)) is None


def test_a_map_comes_back_from_its_json_as_it_was():
    assert Moves.from_json(MAP.to_json()) == MAP


def test_a_file_of_moves_is_read_with_every_mistake_and_its_place():
    assert read_moves("trial.first: trial.when\n", "moves.yaml") == ({"trial.first": "trial.when"}, [])
    steps, problems = read_moves("trial.first: when\ntrial.second: [a.b]\ntrial.card: trial.card\n", "moves.yaml")
    assert steps == {"trial.card": "trial.card"}
    assert problems == [
        "moves.yaml:1:1 a move is written as flow.step: flow.step.",
        "moves.yaml:2:1 a move is written as flow.step: flow.step.",
    ]
