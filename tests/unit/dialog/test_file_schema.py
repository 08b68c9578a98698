"""The schema of flow files: what the reader takes it takes, and mistakes of form it refuses as one types."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bot.dialog.file_schema import answers_schema, flow_schema
from bot.domain.yaml_reading import read_yaml
from tests.properties.seeded_faults import plain
from tests.unit.dialog.diagnostic_pages import Example, examples
from tests.unit.dialog.scripts import FILES
from tests.unit.dialog.small_script import ROOT

_ANSWERS = jsonschema.Draft202012Validator(answers_schema())
_ANSWER_FILES = sorted((ROOT / "dialogs" / "answers").rglob("*.yaml"))
_FLOWS = jsonschema.Draft202012Validator(flow_schema())

#: Mistakes that the form of one file shows. S005 and S006 lie between two files, S004 also in the words of a condition.
_OF_FORM = {"S001", "S002", "S003", "S007", "S008", "S009", "S010", "S011", "S012", "S013", "S014", "S015", "S016"} | {
    "S022",
    "S023",
    "S024",
    "S026",
    "S027",
    "S028",
    "S029",
    "S051",
    "S053",
    "S073",
    "S074",
}


def _errors(text: str) -> list[str]:
    return [error.message for error in _FLOWS.iter_errors(plain(read_yaml(text, "flow.yaml").root))]


@pytest.mark.parametrize("path", sorted(FILES))
def test_shipped_flow_fits_the_schema(path: str) -> None:
    assert _errors(FILES[path]) == []


@pytest.mark.parametrize("example", [e for e in examples() if e.code in _OF_FORM], ids=str)
def test_schema_refuses_a_mistake_of_form_and_takes_what_is_right(example: Example) -> None:
    fits = [not _errors(text) for path, text in example.files.items() if path.endswith(".yaml")]
    assert all(fits) != bool(example.said)


def test_every_code_of_form_is_among_the_examples() -> None:
    assert {example.code for example in examples()} >= _OF_FORM


@pytest.mark.parametrize("path", _ANSWER_FILES, ids=lambda path: path.stem)
def test_shipped_answers_fit_the_schema(path: Path) -> None:
    assert [e.message for e in _ANSWERS.iter_errors(plain(read_yaml(path.read_text("utf-8"), path.name).root))] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("question", "Q99"), ("group", "Z"), ("titel", "x"), ("say", ""), ("as_of", "today"), ("source", "")],
)
def test_schema_refuses_a_mistake_in_an_answer(key: str, value: str) -> None:
    answer = {"question": "Q14", "title": "A", "say": "B.", "group": "B", "as_of": "2026-11-21", "source": "C"}
    assert _ANSWERS.is_valid({"answers": "x", "questions": {"y": answer}})
    assert not _ANSWERS.is_valid({"answers": "x", "questions": {"y": {**answer, key: value}}})


@pytest.mark.parametrize("name", ["flow", "answers"])
def test_schema_itself_is_sound_and_kept_for_editors(name: str) -> None:
    schema = {"flow": flow_schema, "answers": answers_schema}[name]()
    jsonschema.Draft202012Validator.check_schema(schema)
    kept = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert kept == schema, f"gracebot dialogs schema {name} > docs/schemas/{name}.schema.json"
