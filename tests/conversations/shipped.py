"""The shipped dialogs, compiled once a process, as a stage to rehearse on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.dialog.stage import Stage
from bot.domain.diagnostics import Diagnostic
from bot.services.live import Live, compile_files
from bot.services.publish_scripts import read_files
from bot.services.rehearse import stage_of

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def _compiled() -> tuple[Live | None, tuple[Diagnostic, ...]]:
    # Kept also where it fails, so that a thousand tests do not compile the same mistake anew. Read as what was published is:
    # a sentence that waits for its translation is said in English and fails the checks of catalogs, not every talk.
    return compile_files(read_files(ROOT / "dialogs", ROOT / "locales"), 1, published=True)


def shipped() -> Live:
    live, problems = _compiled()
    assert live is not None, "\n".join(str(p) for p in problems)
    return live


@lru_cache(maxsize=1)
def the_stage() -> Stage:
    return stage_of(shipped())
