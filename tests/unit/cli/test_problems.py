"""Problems on the console: where, what, what to do, and where to read more; on a terminal with the line itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.output import Format
from bot.cli.problems import drawn, write_problems
from bot.domain.diagnostics import Diagnostic, Place, Severity, page_of

_PLACE = Place("dialogs/flows/visit.yaml", 12, 6)
_PROBLEM = Diagnostic(_PLACE, "S020", 'There is no step "bb" in this flow.', "Name a step of this flow, or end.")


def _no_line(place: Place) -> str:
    return ""


def test_line_names_place_code_fix_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    write_problems([_PROBLEM], Format.TABLE, _no_line)
    assert capsys.readouterr().out == (
        'error: dialogs/flows/visit.yaml:12:6 S020 There is no step "bb" in this flow. '
        "Name a step of this flow, or end. (docs/diagnostics/S020.md)\n1 found\n"
    )


def test_rows_name_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    write_problems([_PROBLEM], Format.JSON, _no_line)
    [row] = json.loads(capsys.readouterr().out)
    assert (row["line"], row["column"], row["page"]) == (12, 6, "docs/diagnostics/S020.md")


def test_terminal_shows_the_line_with_a_mark_below_the_place() -> None:
    assert drawn(_PROBLEM, "  a: {say: Hi, next: bb}").splitlines() == [
        'error S020: There is no step "bb" in this flow.',
        "  --> dialogs/flows/visit.yaml:12:6",
        "   |",
        "12 |   a: {say: Hi, next: bb}",
        "   |      ^",
        "   = Name a step of this flow, or end.",
        "   = see docs/diagnostics/S020.md",
    ]


def test_mark_stands_below_wide_characters_and_nothing_steers_the_terminal() -> None:
    problem = Diagnostic(Place("dialogs/flows/a.yaml", 1, 4), "S002", "No.", "Yes.", Severity.WARNING)
    assert drawn(problem, "你好:\x1b[2J").splitlines()[3:5] == ["1 | 你好: [2J", "  |      ^"]


def test_long_line_is_shown_from_near_the_place() -> None:
    problem = Diagnostic(Place("dialogs/flows/a.yaml", 1, 301), "S002", "No.", "Yes.")
    shown = drawn(problem, "x" * 300 + "y" * 300).splitlines()
    assert len(shown[3]) == 104
    assert shown[3][shown[4].index("^")] == "y"
    assert shown[3][shown[4].index("^") - 1] == "x"


def test_problem_of_a_whole_file_shows_no_line() -> None:
    shown = drawn(Diagnostic(Place("locales/es"), "L001", "No.", "Yes."), "")
    assert shown.splitlines() == ["error L001: No.", " --> locales/es", "  = Yes.", "  = see docs/diagnostics.md"]


def test_codes_without_a_page_lead_to_the_index() -> None:
    assert page_of("P001") == page_of("S") == "docs/diagnostics.md"
    assert page_of("G007") == "docs/diagnostics/G007.md"
    assert Path(page_of("G007")).parent.name == "diagnostics"
