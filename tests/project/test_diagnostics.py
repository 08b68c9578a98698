"""Every code that a fault may carry stands in docs/diagnostics.md with what it means and what to do, and no other code does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.domain.diagnostics import INDEX, page_of
from bot.loanbook.problems import PROBLEMS

ROOT = Path(__file__).parents[2]

#: The policy files number their faults, and the kind of file gives the letter. `fields` reads all kinds.
LETTERS = {
    "amounts": "P",
    "contact_checks": "C",
    "contact_reading": "C",
    "details": "P",
    "fields": "CPW",
    "ladder_checks": "P",
    "limits_checks": "P",
    "limits_reading": "P",
    "programme_reading": "P",
    "programme_sections": "P",
    "scorecard_reading": "P",
    "touch_checks": "P",
    "touch_reading": "P",
}


def written_codes() -> set[str]:
    """Codes that stand in the program as texts of their own."""
    return {
        node.value
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z]0\d\d", node.value)
    }


def numbered_codes() -> set[str]:
    """Codes of the policy files, noted as a number."""
    return {
        f"{letter}{node.args[1].value:03d}"
        for path in (ROOT / "bot" / "policy").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note"
        if isinstance(node.args[1], ast.Constant)
        for letter in LETTERS[path.stem]
    }


def documented() -> list[list[str]]:
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.splitlines()
        if line.startswith(("| `", "| [`"))
    ]


def code_of(row: list[str]) -> str:
    """The code of a row, which is a link where the code has a page of its own."""
    return row[0].split("`")[1]


def test_codes_of_dialogs_and_catalogs_have_pages_of_their_own_and_no_other_page_is_there() -> None:
    linked = {code_of(row) for row in documented() if row[0] == f"[`{code_of(row)}`](diagnostics/{code_of(row)}.md)"}
    assert linked == {page.stem for page in (ROOT / "docs" / "diagnostics").glob("*.md")}
    assert linked == {code for code in written_codes() if page_of(code) != INDEX}


def test_the_page_of_diagnostics_names_every_code_and_no_other() -> None:
    codes = [code_of(row) for row in documented()]
    assert len(codes) == len(set(codes))
    assert set(codes) == written_codes() | numbered_codes() | set(PROBLEMS)


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    assert [row for row in documented() if len(row) != 3 or not all(cell.endswith(".") for cell in row[1:])] == []


def test_codes_are_found_in_every_place_that_gives_them() -> None:
    found = written_codes() | numbered_codes()
    assert {"Y001", "S001", "S056", "C009", "P015", "W004", "U014", "G009", "L001", "M012", "T001"} <= found
