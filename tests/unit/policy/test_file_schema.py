"""JSON Schema told by the readers: what an editor accepts is what the reader accepts."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.policy.contact_reading import contact_policy_schema
from bot.policy.fields import Fields, Problems
from bot.policy.file_schema import schema_of
from bot.policy.programme_reading import programme_schema
from tests.unit.policy.cases import ROOT

SCHEMAS = {"policies": programme_schema, "contact": contact_policy_schema}


def plain(text: str) -> Any:
    """The file as JSON: YAML 1.2, with days as the texts that were typed."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


@pytest.mark.parametrize("path", sorted(p for f in SCHEMAS for p in (ROOT / "dialogs" / f).glob("*.yaml")), ids=str)
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS[path.parent.name]())
    assert [error.message for error in validator.iter_errors(plain(path.read_text("utf-8")))] == []


@pytest.mark.parametrize(
    ("folder", "name", "right", "wrong"),
    [
        ("policies", "generic", "tone: gentle", "tone: gentel"),
        ("policies", "generic", "catch_up_days: 7", "catch_up_days: 700"),
        ("policies", "generic", "unreachable_task_from:", "unreachable_tasks_from:"),
        ("contact", "GLOBAL", "days: 7, counted", "days: seven, counted"),
        ("contact", "GLOBAL", 'from: "09:00"', 'from: "9 am"'),
        ("contact", "GLOBAL", "title:", "titel:"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(folder: str, name: str, right: str, wrong: str) -> None:
    text = (ROOT / "dialogs" / folder / f"{name}.yaml").read_text("utf-8")
    assert right in text
    validator = jsonschema.Draft202012Validator(SCHEMAS[folder]())
    assert validator.is_valid(plain(text))
    assert not validator.is_valid(plain(text.replace(right, wrong, 1)))


@pytest.mark.parametrize(
    ("name", "schema"), [("programme", programme_schema), ("contact-policy", contact_policy_schema)]
)
def test_the_schema_files_for_editors_are_those_of_the_readers(name: str, schema: Any) -> None:
    stored = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    assert stored == schema(), "write it anew with `gracebot policies schema`"


def test_every_way_to_read_a_field_is_told() -> None:
    told = {name for name, _ in inspect.getmembers(_recorder(), inspect.ismethod)}
    ways = {name for name, _ in inspect.getmembers(Fields, inspect.isfunction) if not name.startswith("_")}
    own = {name for name in told if getattr(_recorder(), name).__func__ is not getattr(Fields, name, None)}
    assert ways - own == set()


def _recorder() -> Fields:
    seen: list[Fields] = []
    schema_of("any", lambda root, _: seen.append(root))
    return seen[0]


def test_a_key_needed_only_in_one_form_is_not_required() -> None:
    def read(root: Fields, _: Problems) -> None:
        root.text("always")
        root.integer("every" if root.has("every") else "once", 1, 9)

    found = schema_of("two forms", read)
    assert found["required"] == ["always"]
    assert found["properties"]["every"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert set(found["properties"]) == {"always", "every", "once"}
