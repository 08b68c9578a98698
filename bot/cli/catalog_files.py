"""Catalog files: the sentences of all flows and answers, and a language's catalog brought up to them.

The order of entries is that of the files, so that a translator reads a dialog as it is held.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.mofile import write_mo

from bot.domain.diagnostics import Diagnostic
from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.texts.catalogs import DOMAIN, catalog_file, plural_forms, plural_rule
from bot.texts.extract import extract_answers, extract_flow, format_entries, groups_in
from bot.texts.languages import canonical_tag, folder_of
from bot.texts.po_files import Entry, read_entries, write_entries
from bot.texts.updating import header, template, updated

_TEMPLATE_COMMENTS = ("Template of what Gracebot says; each language has a copy with its own words.",)


def template_of(dialogs: Path) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """The entries of all sentences that borrowers read, and what of the files cannot be read.

    A catalog must not be brought up to files with such a problem: all their sentences would count as gone.
    """
    flows = [_read(path, dialogs) for path in sorted((dialogs / "flows").glob("*.yaml"))]
    folder = dialogs / "answers"
    answers = [_read(path, dialogs) for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("places/*.yaml")))]
    groups = groups_in(answers)
    found = [*format_entries()]
    found += (sentence for file in flows for sentence in extract_flow(file))
    found += (sentence for file in answers for sentence in extract_answers(file, groups))
    return template(found), tuple(problem for file in (*flows, *answers) for problem in file.problems)


def _read(path: Path, dialogs: Path) -> YamlFile:
    text = path.read_bytes().decode("utf-8", "replace")
    return read_yaml(text, f"dialogs/{path.relative_to(dialogs).as_posix()}")


def template_text(entries: tuple[Entry, ...]) -> str:
    """The template as a .pot file."""
    head = header("", _TEMPLATE_COMMENTS, "nplurals=INTEGER; plural=EXPRESSION;")
    blank = [replace(entry, forms=("",) * len(entry.sources)) for entry in entries]
    return write_entries((head, *blank))


def updated_text(
    entries: tuple[Entry, ...], before: str | None, tag: str, repeat: bool = False
) -> tuple[str, tuple[Diagnostic, ...]]:
    """A language's catalog with exactly these sentences, and what in its present text cannot be read.

    A text with such a problem must not be written over: what stands there would be lost.
    """
    known, problems = read_entries(before or "", catalog_file(tag))
    return write_entries(updated(entries, known, canonical_tag(tag), repeat)), problems


def catalog_path(locales: Path, tag: str) -> Path:
    return locales / folder_of(tag) / "LC_MESSAGES" / f"{DOMAIN}.po"


def terms_of(catalog: Path, tag: str) -> YamlFile | None:
    """The language's terms, which stand beside its catalog's folder; None where it has none."""
    path = catalog.parents[1] / "terms.yaml"
    if not path.exists():
        return None
    return read_yaml(path.read_bytes().decode("utf-8", "replace"), f"locales/{folder_of(tag)}/terms.yaml")


def compiled(text: str, tag: str) -> bytes:
    """The binary .mo form of a catalog, without fuzzy entries."""
    head = header(folder_of(tag), (), f"nplurals={plural_forms(tag)}; plural={plural_rule(tag)};")
    # Of our own reading, since Babel's takes a header at its word and makes room for a billion forms.
    catalog = PoCatalog(charset="utf-8", fuzzy=False)
    catalog.mime_headers = [tuple(line.split(": ", 1)) for line in head.forms[0].splitlines()]
    entries, _ = read_entries(text, catalog_file(tag))
    for entry in entries:
        if entry.is_translated and not (entry.obsolete or entry.is_header):
            plural = len(entry.sources) > 1
            source, words = (entry.sources, entry.forms) if plural else (entry.sources[0], entry.forms[0])
            catalog.add(source, words, context=entry.context)
    buffer = io.BytesIO()
    write_mo(buffer, catalog, use_fuzzy=False)
    return buffer.getvalue()


def languages_in(locales: Path) -> Iterator[str]:
    for path in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield canonical_tag(path.parents[1].name)
