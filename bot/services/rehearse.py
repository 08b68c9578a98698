"""Rehearse: a compiled version as the stage of conversation tests, for `dialogs test` and the project's own tests."""

from __future__ import annotations

from bot.dialog.stage import Stage
from bot.services.live import Live, lexicons_of
from bot.texts.catalogs import Catalog, Catalogs


def stage_of(live: Live, programme: str = "generic") -> Stage:
    """The stage of one version; its first programme is the named one, which tests take where they name none."""
    programmes = tuple(sorted(live.programmes, key=lambda p: (p.programme_id != programme, p.programme_id)))
    # A language that has phrases and no catalog yet is spoken in English: what is understood in it can be tried before.
    unwritten = {tag: Catalog(tag) for tag in live.phrases.languages if tag not in live.catalogs.by_language}
    catalogs = Catalogs({**live.catalogs.by_language, **unwritten})
    return Stage(
        live.script, catalogs, live.phrases, programmes, live.contact_policies["GLOBAL"], lexicons_of(live.files)
    )
