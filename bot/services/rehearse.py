"""Rehearse: a compiled version as the stage of conversation tests, for `dialogs test` and the project's own tests."""

from __future__ import annotations

from dataclasses import replace

from bot.dialog.stage import Stage
from bot.services.live import Live, lexicons_of
from bot.texts.catalogs import Catalog, Catalogs
from bot.texts.pseudo import with_pseudo


def stage_of(live: Live, programme: str = "generic") -> Stage:
    """The stage of one version; its first programme is the named one, which tests take where they name none."""
    programmes = tuple(sorted(live.programmes, key=lambda p: (p.programme_id != programme, p.programme_id)))
    # A language that has phrases and no catalog yet is spoken in English: what is understood in it can be tried before.
    unwritten = {tag: Catalog(tag) for tag in live.phrases.languages if tag not in live.catalogs.by_language}
    catalogs = Catalogs({**with_pseudo_languages(live).catalogs.by_language, **unwritten})
    return Stage(
        live.script, catalogs, live.phrases, programmes, live.contact_policies["GLOBAL"], lexicons_of(live.files)
    )


def with_pseudo_languages(live: Live) -> Live:
    """The version as it is, speaking the pseudo-locales too to those who try it; nobody is offered one."""
    sentences = ((s.context, s.source, s.plural) for _, s in live.script.sentences())
    return replace(live, catalogs=with_pseudo(live.catalogs, sentences))
