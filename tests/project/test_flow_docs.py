"""docs/flows.md teaches to write a flow: each example is sound, and its tables are those of the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.dialog.actions import ACTIONS, OFFERS
from bot.dialog.check import check_script
from bot.dialog.parse import BUTTON_KEYS, StepReader, parse_script
from bot.dialog.reading import Faults
from bot.dialog.script import SLOT_TYPES
from bot.domain.legal_facts import LEGAL_FACTS
from bot.texts.catalogs import Catalog, Catalogs
from bot.texts.fields import FIELDS, LISTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def ticks(names: Mapping[str, object] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def rows_under(heading: str) -> list[str]:
    """The rows of the tables in a section, without their heads."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def of_page(heading: str, columns: int) -> list[str]:
    """Those rows cut to so many columns; what follows is prose, which must be there."""
    rows = rows_under(heading)
    assert all(row.split(" | ")[-1].strip(" |") for row in rows)
    return [" | ".join(row.removesuffix(" |").split(" | ")[:columns]) for row in rows]


def test_there_are_ten_examples() -> None:
    assert len(EXAMPLES) == 10


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_every_example_is_sound_beside_the_shipped_flows(text: str) -> None:
    files = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in (ROOT / "dialogs" / "flows").glob("*.yaml")
    }
    example = f"dialogs/flows/{text.splitlines()[0].removeprefix('flow: ')}.yaml"
    script, problems = parse_script({**files, example: text})
    assert script is not None, problems
    found = check_script(script, Catalogs({"en": Catalog("en")}), ["en"])
    assert [str(d) for d in found if d.place.file == example] == []


def test_every_step_is_told_with_its_keys() -> None:
    verbs = StepReader("any", Faults(), frozenset(), messages=False).verbs
    told = {
        row.split(" | ")[0].removeprefix("| "): row.removesuffix(" |").split(" | ")[2] for row in rows_under("Steps")
    }
    assert told == {f"`{verb}`": ticks(keys) for verb, (keys, _) in verbs.items()}


def test_every_key_of_a_button_is_told() -> None:
    assert of_page("Buttons", 1) == [f"| `{key}`" for key in BUTTON_KEYS]


def test_every_kind_of_slot_is_told() -> None:
    assert of_page("What a slot holds", 1) == [f"| `{kind}`" for kind in SLOT_TYPES]


def test_every_action_is_told_with_its_results() -> None:
    assert of_page("Actions", 5) == [
        f"| `{name}` | {ticks(a.results)} | {ticks(a.arguments)} | {ticks(a.needs)} | {ticks(a.fills)}"
        for name, a in ACTIONS.items()
    ]


def test_every_offer_is_told() -> None:
    assert of_page("Values that the bot offers", 2) == [f"| `{name}` | `{o.type}`" for name, o in OFFERS.items()]


def test_every_list_is_told_with_its_fields() -> None:
    assert rows_under("Lists") == [f"| `{name}` | {ticks(fields)} |" for name, fields in LISTS.items()]


def test_every_field_is_told() -> None:
    assert rows_under("Fields") == [
        f"| `{name}` | {f.type} | {f.sensitivity} | {f.sample or '-'} |"
        for name, f in FIELDS.items()
        if name not in LEGAL_FACTS
    ]


def test_the_readme_names_every_command() -> None:
    files = {
        str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "dialogs" / "flows").glob("*.yaml")
    }
    script, _ = parse_script(files)
    assert script is not None
    section = (ROOT / "README.md").read_text("utf-8").split("## What borrowers can ask for")[1].split("\n## ")[0]
    assert set(re.findall(r"`/([a-z]+)`", section)) == set(script.by_command) - {"start"}
