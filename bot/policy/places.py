"""Where single lines of policy files stand, for checks that judge them together with what stands in other files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.diagnostics import Place
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, YamlFile
from bot.policy.programme_reading import merged_root

#: By the file's name and the line's own: the id of a stage, the key of a statement.
Places = Mapping[tuple[str, str], Place]


def stage_places(files: Mapping[str, YamlFile]) -> Places:
    """The stages of every programme, by programme and stage; an inherited one stands in its parent."""
    return {
        (name, text): place
        for name, file in files.items()
        for text, place in _lines(merged_root(file, files), "stages", "id")
    }


def statement_places(files: Mapping[str, YamlFile]) -> Places:
    """The statements that each contact policy itself names, by policy and key."""
    return {
        (name, text): place for name, file in files.items() for text, place in _lines(file.root, "statements", "key")
    }


def _lines(root: Node | None, section: str, key: str) -> Iterator[tuple[str, Place]]:
    lines = root.get(section) if isinstance(root, MapNode) else None
    for line in lines.items if isinstance(lines, ListNode) else ():
        named = line.get(key) if isinstance(line, MapNode) else None
        if isinstance(named, ScalarNode):
            yield named.text, line.place
