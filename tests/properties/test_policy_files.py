"""Any YAML gives policies or diagnostics, never a crash; a file with an error is never used."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diagnostics import Severity
from bot.domain.yaml_reading import MapNode, Node, ScalarNode, YamlFile, read_yaml
from bot.policy.contact import read_contact_policy
from bot.policy.programme_reading import read_programme
from bot.policy.wording import check_wording, read_lexicon
from tests.unit.policy.cases import ROOT, contact_policies, files_in

odd = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5000, 5000),
        st.text(max_size=8),
        st.sampled_from(
            ["24:00", "25:00", "2026-02-30", "mon", "L1", "CN", "CNY", "late", "region", "99999999999999999999"]
        ),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=8,
)


def plain(node: Node | None) -> Any:
    if isinstance(node, MapNode):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, ScalarNode):
        return node.value
    return [plain(item) for item in node.items] if node is not None else None


def mutated(draw: st.DrawFn, value: Any, depth: int = 0) -> Any:
    """The value with one place in it replaced, dropped or added to."""
    if isinstance(value, dict) and value and (depth == 0 or draw(st.booleans())):
        name = draw(st.sampled_from(sorted(value)))
        rest = {key: below for key, below in value.items() if key != name}
        return rest if draw(st.integers(0, 4)) == 0 else {**rest, name: mutated(draw, value[name], depth + 1)}
    if isinstance(value, list) and value and draw(st.booleans()):
        n = draw(st.integers(0, len(value) - 1))
        return [*value[:n], mutated(draw, value[n], depth + 1), *value[n + 1 :]]
    return draw(odd)


def as_file(value: Any, path: str) -> YamlFile:
    return read_yaml(json.dumps(value, ensure_ascii=False), path)


GENERIC = plain(files_in("policies")["generic"].root)
CONTACT = {name: plain(file.root) for name, file in files_in("contact").items()}
WORDING = plain(read_yaml((ROOT / "dialogs/wording/en.yaml").read_text(encoding="utf-8"), "en.yaml").root)


def test_the_files_survive_being_written_as_json() -> None:
    programme, problems = read_programme(as_file(GENERIC, "generic.yaml"), 1, contact_policies())
    assert programme is not None
    assert problems == ()


@settings(deadline=None)
@given(st.data())
def test_any_programme_gives_a_value_or_errors(data: st.DataObject) -> None:
    value = mutated(data.draw, mutated(data.draw, GENERIC))
    programme, problems = read_programme(as_file(value, "generic.yaml"), 1, contact_policies())
    errors = [p for p in problems if p.severity is Severity.ERROR]
    assert (programme is None) == bool(errors)
    assert all(p.place.file == "generic.yaml" and p.sentence and p.fix for p in problems)


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(CONTACT)))
def test_any_contact_policy_gives_a_value_or_errors(data: st.DataObject, name: str) -> None:
    value = mutated(data.draw, mutated(data.draw, CONTACT[name]))
    files = {other: as_file(value if other == name else text, f"{other}.yaml") for other, text in CONTACT.items()}
    policies, problems = read_contact_policy(files)
    assert (name in policies) == (not any(p.place.file == f"{name}.yaml" for p in problems))
    assert all(p.sentence and p.fix for p in problems)


@settings(deadline=None)
@given(st.data(), st.text(max_size=60))
def test_any_lexicon_gives_a_value_or_errors(data: st.DataObject, text: str) -> None:
    lexicon, problems = read_lexicon(as_file(mutated(data.draw, WORDING), "en.yaml"))
    assert (lexicon is None) == bool(problems)
    if lexicon is not None:
        assert check_wording(text, lexicon) == check_wording(text, lexicon)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    file = read_yaml(text, "generic.yaml")
    assert read_programme(file, 1, contact_policies())[0] is None
    assert read_contact_policy({"generic": file})[0] == {}
