"""Pictures of flows: every step and every way it leads stand in them, and nothing a script says is read as markup."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from bot.dialog.graph import Arrow, arrows, mermaid, svg
from bot.dialog.parse import parse_script
from bot.dialog.script import Flow, Script

FLOWS = Path(__file__).parents[3] / "dialogs" / "flows"

ASKING = """
flow: asking
title: Asking & <answering>
steps:
  day:
    ask: Which day?
    slot: date
    type: date
    retries: {max: 2, then: person}
    next: enough
  enough:
    if: loans = 1
    then: thanks
    else: day
  thanks:
    say: Thank you.
    next: end
  person:
    hand_off: not_understood
"""


def parsed(text: str) -> Flow:
    script, problems = parse_script({"dialogs/flows/asking.yaml": text})
    assert script is not None, [str(p) for p in problems]
    return script.flows["asking"]


def shipped() -> Script:
    script, _ = parse_script({f"dialogs/flows/{p.name}": p.read_text("utf-8") for p in FLOWS.glob("*.yaml")})
    assert script is not None
    return script


def test_every_way_a_step_leads_is_an_arrow_that_says_when() -> None:
    assert arrows(parsed(ASKING)) == (
        Arrow("day", "enough", "answered"),
        Arrow("day", "person", "not after 2 tries"),
        Arrow("enough", "thanks", "yes"),
        Arrow("enough", "day", "no"),
        Arrow("thanks", "end", ""),
        Arrow("person", "end", "a person: not_understood"),
    )


def test_a_case_that_goes_on_leads_to_the_step_that_follows() -> None:
    going_on = ASKING.replace("hand_off: not_understood", "hand_off: not_understood\n    next: thanks")
    assert Arrow("person", "thanks", "a person: not_understood") in arrows(parsed(going_on))


def test_a_flow_in_mermaid_has_a_box_a_step_and_a_line_an_arrow() -> None:
    lines = mermaid(parsed(ASKING)).splitlines()
    assert lines[:3] == ["%% asking", "flowchart TD", '  s0[/"day<br/>Which day?"/]']
    assert '  s0 -->|"answered"| s1' in lines
    assert '  s1 -->|"no"| s0' in lines
    assert sum("-->" in line for line in lines) == 6


def test_words_of_a_script_are_text_in_a_drawing() -> None:
    drawing = svg(parsed(ASKING.replace("Which day?", 'A <b>"day"</b> & more?')))
    root = ElementTree.fromstring(drawing)
    assert root.attrib["aria-label"] == "asking: Asking & <answering>"
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert 'A <b>"day"</b> & more?' in texts
    assert {"day", "enough", "thanks", "person", "end"} <= set(texts)


def test_a_way_back_is_dashed_and_the_others_are_not() -> None:
    assert svg(parsed(ASKING)).count('class="back"') == 1


@pytest.mark.parametrize("flow", [f for f in shipped().flows.values() if not f.messages], ids=lambda f: f.id)
def test_every_shipped_flow_can_be_drawn(flow: Flow) -> None:
    root = ElementTree.fromstring(svg(flow))
    drawn = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert set(flow.steps) <= drawn
