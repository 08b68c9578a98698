"""The gallery shows every sentence with sample values, whatever its condition, and marks what is not translated."""

from __future__ import annotations

from bot.dialog.gallery import Bubble, gallery
from bot.dialog.parse import parse_script
from bot.dialog.script import Script
from bot.texts.catalogs import Catalog, Catalogs

FLOW = """
flow: paying
title: Paying
steps:
  told:
    say:
      - {if: {all: [due_now > 0, verified]}, text: "%(payable)s is due on %(due_on)s."}
      - {one: "%(days_past_due)s day late.", other: "%(days_past_due)s days late.", count: days_past_due}
    buttons:
      - {label: I paid, intent: already_paid}
      - {label: Later, goto: told, if: not verified}
    next: end
"""


def script() -> Script:
    found, problems = parse_script({"dialogs/flows/paying.yaml": FLOW})
    assert found is not None, [str(p) for p in problems]
    return found


def test_every_sentence_is_shown_with_values_and_with_its_condition() -> None:
    [flow] = gallery(script(), Catalogs({}), "en")
    [step] = flow.steps
    assert (flow.flow, flow.title, step.context) == ("paying", "Paying", "paying.told")
    assert [(bubble.words, bubble.when) for bubble in step.lines] == [
        ("CN¥1,200.00 is due on Friday, 27 November.", "if due_now > 0 and verified"),
        ("3 days late.", ""),
        ("1 day late.", "one"),
    ]
    assert [(bubble.words, bubble.when) for bubble in step.buttons] == [("I paid", ""), ("Later", "if not verified")]


def test_a_sentence_without_a_translation_is_marked() -> None:
    spanish = Catalog("es", {("paying.told", "I paid"): ("Ya pagué",), ("paying", "Paying"): ("Pagar",)})
    [flow] = gallery(script(), Catalogs({"es": spanish}), "es")
    assert flow.steps[0].buttons == (
        Bubble("Ya pagué", "", is_source=False),
        Bubble("Later", "if not verified", is_source=True),
    )
    assert all(bubble.is_source for bubble in flow.steps[0].lines)
