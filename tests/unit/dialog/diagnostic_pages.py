"""The pages of docs/diagnostics, read as tests: files that are wrong with what check says of them, and files that are right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.unit.dialog.small_script import ROOT, problems_of

PAGES = ROOT / "docs" / "diagnostics"

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"# ((?:dialogs|locales)/\S+)\n")
_NAME = re.compile(r"^(?:flow|messages): *(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """Files of a page by their path; `said` are the lines that check prints of them, none where they are right."""

    code: str
    number: int
    files: dict[str, str]
    said: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code}-{self.number}"

    def found(self) -> tuple[str, ...]:
        flows = {path: text for path, text in self.files.items() if path.endswith(".yaml")}
        catalogs = {path: text for path, text in self.files.items() if path.endswith(".po")}
        return tuple(f"{p.severity.value}: {p}" for p in problems_of(flows, catalogs))


def examples() -> list[Example]:
    found = []
    for page in sorted(PAGES.glob("*.md")):
        bad, _, good = page.read_text(encoding="utf-8").partition("## How it should be")
        files: dict[str, str] = {}
        for part, kind, text in [(0, *x) for x in _FENCE.findall(bad)] + [(1, *x) for x in _FENCE.findall(good)]:
            if kind == "text":
                found.append(Example(page.stem, len(found), files, tuple(text.splitlines())))
                files = {}
            else:
                files[path_of(text)] = text
            if part and (kind == "po" or f"```{kind}\n{text}```\n\nand\n" not in good):
                found.append(Example(page.stem, len(found), files, ()))
                files = {}
    return found


def path_of(text: str) -> str:
    """Where a file of an example stands: what its first line says, or the name of its flow."""
    if told := _PATH.match(text):
        return told[1]
    name = _NAME.search(text)
    return f"dialogs/flows/{name[1] if name else 'visit'}.yaml"
