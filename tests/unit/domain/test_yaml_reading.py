"""YAML is read as it was typed, with places, and what could harm is refused with a place and a way out."""

import pytest

from bot.domain.yaml_reading import ListNode, MapNode, ScalarNode, read_yaml


def root_of(text: str) -> MapNode:
    root = read_yaml(text, "f.yaml").root
    assert isinstance(root, MapNode)
    return root


def value_of(text: str) -> object:
    node = root_of(f"a: {text}").get("a")
    assert isinstance(node, ScalarNode)
    return node.value


@pytest.mark.parametrize("word", ["no", "on", "yes", "12:30", "12:30:00", "0123", "1_000", "1e3", "0x10", "1.50"])
def test_words_stay_what_the_author_typed(word: str) -> None:
    assert value_of(word) == word


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("-3", -3), ("true", True), ("null", None), ("'5'", "5"), ("~", None)]
)
def test_only_plain_numbers_truth_and_nothing_are_more_than_words(text: str, value: object) -> None:
    assert value_of(text) == value


def test_every_node_knows_its_place() -> None:
    root = root_of("a: 1\nb:\n  - x\n  - {c: y}\n")
    listed = root.get("b")
    assert isinstance(listed, ListNode)
    inner = listed.items[1]
    assert isinstance(inner, MapNode)
    found = inner.get("c")
    assert found is not None
    assert (found.place.line, found.place.column) == (4, 9)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "Y007", 2),
        ("a: &x 1\n", "Y008", 1),
        ("a: *x\n", "Y008", 1),
        ("a: !!python/object:os.system x\n", "Y009", 1),
        ("--- {a: 1}\n--- {b: 2}\n", "Y003", 2),
        ("[" * 100_000, "Y004", 1),
        ("a: b: c\n", "Y002", 1),
        ("\ta: 1\n", "Y002", 1),
        ("? [x]\n: 1\n", "Y006", 1),
        ("a: \x00", "Y002", 0),
        ("x" * 300_000, "Y001", 0),
        ("a: [" + "1," * 30_000 + "]", "Y005", 1),
    ],
)
def test_what_could_harm_or_mislead_is_refused_with_its_place(text: str, code: str, line: int) -> None:
    read = read_yaml(text, "f.yaml")
    assert read.root is None
    assert [(p.code, p.place.line) for p in read.problems] == [(code, line)]
    assert read.problems[0].fix


def test_an_empty_file_has_no_root_and_no_problem() -> None:
    assert read_yaml("# nothing yet\n", "f.yaml").root is None
