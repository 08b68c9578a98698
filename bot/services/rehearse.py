"""Rehearse: a compiled version as the stage of conversation tests, for `dialogs test` and the project's own tests."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialog.rehearsal import Stage
from bot.domain.yaml_reading import read_yaml
from bot.policy.wording import Lexicon, read_lexicon
from bot.services.live import Live

_WORDING = "dialogs/wording/"


def stage_of(live: Live, programme: str = "generic") -> Stage:
    """The stage of one version; its first programme is the named one, which tests take where they name none."""
    programmes = tuple(sorted(live.programmes, key=lambda p: (p.programme_id != programme, p.programme_id)))
    return Stage(
        live.script, live.catalogs, live.phrases, programmes, live.contact_policies["GLOBAL"], lexicons_of(live.files)
    )


def lexicons_of(files: Mapping[str, str]) -> tuple[Lexicon, ...]:
    """The lexicons of what is never said, one a language; those with mistakes are left out."""
    read = [read_lexicon(read_yaml(text, path))[0] for path, text in sorted(files.items()) if path.startswith(_WORDING)]
    return tuple(lexicon for lexicon in read if lexicon is not None)
