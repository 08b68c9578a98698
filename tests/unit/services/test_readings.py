"""Readings kept from one start to the next: known by their text, never where there is a fault, only those of now."""

from __future__ import annotations

import json

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import ReadBefore, ScalarNode
from bot.services.readings import read_ahead

FILES = {
    "dialogs/flows/a.yaml": "x",
    "dialogs/flows/b.yaml": "y",
    "locales/en/phrases/words.yaml": "z",
    "dialogs/c.po": "w",
}


def roots(files: dict[str, str]) -> dict[str, object]:
    return {path: text.root for path, text in files.items() if isinstance(text, ReadBefore)}


def test_all_yaml_is_read_ahead_and_nothing_else():
    read, _ = read_ahead(FILES, None)
    assert read == FILES
    assert roots(read) == {
        "dialogs/flows/a.yaml": ScalarNode(Place("dialogs/flows/a.yaml", 1, 1), "x", False),
        "dialogs/flows/b.yaml": ScalarNode(Place("dialogs/flows/b.yaml", 1, 1), "y", False),
        "locales/en/phrases/words.yaml": ScalarNode(Place("locales/en/phrases/words.yaml", 1, 1), "z", False),
    }


def test_what_was_kept_is_taken_and_not_read_again():
    _, kept = read_ahead(FILES, None)
    altered = kept.replace('"x"', '"kept"')
    read, keep = read_ahead(FILES, altered)
    assert roots(read)["dialogs/flows/a.yaml"].text == "kept"
    assert keep is None


def test_a_changed_file_is_read_and_its_old_reading_is_dropped():
    _, kept = read_ahead(FILES, None)
    read, keep = read_ahead(FILES | {"dialogs/flows/a.yaml": "new"}, kept)
    assert roots(read)["dialogs/flows/a.yaml"].text == "new"
    assert sorted(plain[2] for plain in json.loads(keep).values()) == ["new", "y", "z"]


def test_a_file_with_a_fault_is_read_each_time():
    files = {"dialogs/flows/a.yaml": "a: [", "dialogs/flows/b.yaml": ""}
    read, keep = read_ahead(files, None)
    assert roots(read) == {}
    assert keep == "{}"
    assert read_ahead(files, keep) == (files, None)
