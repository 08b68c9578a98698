"""Readings of YAML files as plain data: what is taken up again is what was kept, with its places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.diagnostics import Place
from bot.domain.yaml_kept import from_plain, to_plain
from bot.domain.yaml_reading import ListNode, MapNode, ReadBefore, ScalarNode, read_yaml

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "dialogs").rglob("*.yaml"))


def test_each_kind_of_node_has_its_plain_form():
    root = read_yaml("a: x\nb: ['1', []]\n", "f.yaml").root
    assert to_plain(root) == [
        1,
        1,
        [[1, 1, "a", 0], [2, 1, "b", 0]],
        [[1, 4, "x", 0], [2, 4, [[2, 5, "1", 1], [2, 10, []]]]],
    ]


def test_the_place_is_in_the_file_it_is_taken_up_for():
    plain = to_plain(read_yaml("a: [x]\n", "before.yaml").root)
    place = Place("after.yaml", 1, 1)
    assert from_plain(plain, "after.yaml") == MapNode(
        place,
        ((ScalarNode(place, "a", False), ListNode(Place("after.yaml", 1, 4), (_scalar("after.yaml", 1, 5, "x"),))),),
    )


def _scalar(file: str, line: int, column: int, text: str) -> ScalarNode:
    return ScalarNode(Place(file, line, column), text, False)


@pytest.mark.parametrize("path", SHIPPED[::9], ids=lambda path: path.name)
def test_what_was_kept_as_json_is_what_was_read(path):
    root = read_yaml(path.read_text(encoding="utf-8"), "f.yaml").root
    assert from_plain(json.loads(json.dumps(to_plain(root))), "f.yaml") == root


def test_a_text_that_was_read_before_is_not_read_again():
    known = ScalarNode(Place("f.yaml", 1, 1), "known", False)
    assert read_yaml(ReadBefore.of("something: else", known), "f.yaml").root is known
