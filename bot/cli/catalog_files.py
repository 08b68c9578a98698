"""Catalog files: the template made of the flows, and a language's catalog brought up to it, as bytes.

The order of entries is that of the flows, so that a translator reads a dialog as it is held.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages import Catalog as PoCatalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.texts.catalogs import DOMAIN
from bot.texts.extract import extract_sentences, format_entries
from bot.texts.languages import SOURCE_LANGUAGE, canonical_tag, folder_of

_WIDTH = 100


def template_of(dialogs: Path) -> PoCatalog:
    """The template of all flows, in the order of their files."""
    catalog = _new(None)
    for _, _, messages, comments in format_entries():
        catalog.add(messages[1], context=messages[0], auto_comments=comments)
    for path in sorted((dialogs / "flows").glob("*.yaml")):
        where = f"dialogs/flows/{path.name}"
        for _, _, messages, comments in extract_sentences(path.read_text(encoding="utf-8"), where):
            words = messages[1] if len(messages) == 2 else messages[1:]
            # No line numbers: an edit at the top of a flow must not touch every entry of every language.
            catalog.add(words, context=messages[0], auto_comments=comments, locations=[(where, 0)])
    return catalog


def updated(template: PoCatalog, before: str | None, tag: str) -> bytes:
    """A language's catalog with the template's sentences; English is filled with the sentences themselves."""
    folder = folder_of(tag)
    catalog = read_po(io.BytesIO(before.encode()), locale=folder) if before is not None else _new(folder)
    # A guessed translation of a sentence about money is worse than none, so nothing is matched by likeness.
    # A copy, because an update makes the template's own entries those of the catalog.
    catalog.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    if canonical_tag(tag) == SOURCE_LANGUAGE:
        for message in catalog:
            if message.id:
                message.string = message.id
    return written(catalog)


def _new(folder: str | None) -> PoCatalog:
    return PoCatalog(
        locale=folder,
        domain=DOMAIN,
        header_comment="# What Gracebot says. Sentences come from dialogs/flows; the context names flow and step.\n#",
        project="Gracebot",
        version="1",
        copyright_holder="the Gracebot authors",
        msgid_bugs_address="the project's issue tracker",
        last_translator="the Gracebot authors",
        language_team=folder or "none",
        charset="utf-8",
        fuzzy=False,
    )


def catalog_path(locales: Path, tag: str) -> Path:
    return locales / folder_of(tag) / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(po: bytes, tag: str) -> bytes:
    """The binary .mo form of a catalog, without fuzzy entries."""
    buffer = io.BytesIO()
    write_mo(buffer, read_po(io.BytesIO(po), locale=folder_of(tag)), use_fuzzy=False)
    return buffer.getvalue()


def languages_in(locales: Path) -> Iterator[str]:
    for path in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield canonical_tag(path.parents[1].name)


def written(catalog: PoCatalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=_WIDTH, omit_header=False, include_lineno=False)
    return buffer.getvalue()
