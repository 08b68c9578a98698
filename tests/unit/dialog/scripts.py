"""Small scripts for tests of the dialog half: a sound one, and ways to spoil it."""

from __future__ import annotations

from bot.dialog.parse import parse_script
from bot.dialog.script import Script
from bot.domain.diagnostics import Diagnostic
from bot.texts.catalogs import Catalog, Catalogs
from tests.conversations.shipped import ROOT

FILES = {
    f"dialogs/flows/{p.name}": p.read_text(encoding="utf-8") for p in sorted((ROOT / "dialogs/flows").glob("*.yaml"))
}
ENGLISH = Catalogs({"en": Catalog("en")})


def flow(steps: str, head: str = "flow: visit\nneeds: [identity, loan]\n") -> str:
    """A flow file with these steps, which are indented as they stand."""
    return f"{head}steps:\n{steps}"


def parsed(*texts: str) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    return parse_script({f"dialogs/flows/extra_{n}.yaml": text for n, text in enumerate(texts)})
