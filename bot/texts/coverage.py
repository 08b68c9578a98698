"""Coverage: how much of what the bot says a language has, flow by flow, and whether borrowers may be offered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.domain.yaml_reading import YamlFile
from bot.texts.catalog_checks import length_faults
from bot.texts.catalogs import Key, catalog_file, read_catalog
from bot.texts.languages import canonical_tag
from bot.texts.po_files import Entry, read_entries
from bot.texts.terms import read_terms, terms_left_out


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the sentences of one flow or group of answers are translated."""

    name: str
    translated: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One language. A fuzzy entry counts as missing, as it is never said; so does one with a mistake in it."""

    language: str
    wanted: int
    translated: int
    fuzzy: int
    obsolete: int
    missing: tuple[Key, ...]
    problems: tuple[Diagnostic, ...]
    shares: tuple[Share, ...]

    @property
    def mistakes(self) -> tuple[Diagnostic, ...]:
        """What is wrong, without what is only worth a look."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def safe_to_enable(self) -> bool:
        """Nothing is missing and nothing is wrong: nobody would be answered in two languages about money."""
        return not self.missing and not self.mistakes


def coverage(wanted: Sequence[Entry], po_text: str, language: str, terms: YamlFile | None = None) -> Coverage:
    """How far a language's catalog covers these entries, and what is wrong with it, also by the language's own terms."""
    catalog, problems = read_catalog(po_text, language)
    entries, _ = read_entries(po_text, "")
    limits = {entry.key: entry.notes for entry in wanted}
    place = catalog_file(language)
    problems += tuple(
        Diagnostic(Place(place, entry.line, 1), code, sentence, fix)
        for entry in entries
        if entry.key in catalog.entries and not entry.obsolete
        for code, sentence, fix in length_faults(limits.get(entry.key, ()), entry.forms)
    )
    keys = [entry.key for entry in wanted]
    fuzzy = {entry.key for entry in entries if entry.fuzzy and not entry.obsolete}
    if terms is not None:
        settled, faults = read_terms(terms)
        problems += (*faults, *terms_left_out(settled, entries, place))
    groups: dict[str, list[bool]] = {}
    for key in keys:
        groups.setdefault(key[0].partition(".")[0], []).append(key in catalog.entries)
    return Coverage(
        language=canonical_tag(language),
        wanted=len(keys),
        translated=sum(key in catalog.entries for key in keys),
        fuzzy=sum(key in fuzzy for key in keys),
        obsolete=sum(entry.obsolete for entry in entries),
        missing=tuple(key for key in keys if key not in catalog.entries),
        problems=tuple(sorted(problems, key=lambda problem: problem.place)),
        shares=tuple(Share(name, sum(there), len(there)) for name, there in groups.items()),
    )
