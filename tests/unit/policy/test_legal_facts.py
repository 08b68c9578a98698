"""Which place's facts hold, which may be said, and what a programme tells of its lender."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import MapNode, read_yaml
from bot.policy.details import LenderFacts, read_lender_facts
from bot.policy.fields import Fields, Problems
from bot.policy.legal_facts import Origin, PlaceFact, known_facts, place_of

SERVED = {"CN": "CN", "GB": "UK", "UK": "UK", "US": "US"}


@pytest.mark.parametrize(
    ("regions", "place"),
    [
        (("CN", "CN"), "CN"),
        (("GB", None), "UK"),
        ((None, "US-NY"), "US"),
        (("US-CA", "US-NY"), "US"),
        (("CN", "US"), None),
        (("CN", "FR"), None),
        ((None, None), None),
    ],
)
def test_a_place_holds_only_where_loan_and_borrower_agree(regions: tuple[str | None, ...], place: str | None) -> None:
    assert place_of(regions, SERVED) == place


def test_a_fact_is_known_only_where_its_very_content_is_approved() -> None:
    origin = Origin("a law", date(2026, 11, 21))
    fact = PlaceFact("fact_limitation_years", 3, "law", origin, "now", Place("CN.yaml"))
    assert known_facts({fact.name: fact}, {"now"}) == {"fact_limitation_years": 3}
    assert known_facts({fact.name: fact}, {"before the edit"}) == {}


def lender_facts(text: str) -> tuple[LenderFacts, list[str]]:
    root = read_yaml(text, "p.yaml").root
    assert isinstance(root, MapNode)
    problems = Problems("P")
    return read_lender_facts(Fields(root, problems)), [problem.code for problem in problems.found]


def test_a_programme_that_tells_nothing_has_nothing_known() -> None:
    assert lender_facts("id: generic\n") == (LenderFacts(), [])


def test_a_programme_tells_what_its_lines_say() -> None:
    text = "facts: {grace_days: 3, report_days: 30, reports_to: the register, part_payments: false}\n"
    expected = LenderFacts(grace_days=3, report_days=30, reports_to="the register", part_payments=False)
    assert lender_facts(text) == (expected, [])


@pytest.mark.parametrize(
    ("line", "code"), [("grace_days: -1", "P004"), ("report_days: soon", "P001"), ("grace: 3", "P002")]
)
def test_a_line_that_cannot_be_is_told(line: str, code: str) -> None:
    assert lender_facts(f"facts: {{{line}}}\n")[1] == [code]
