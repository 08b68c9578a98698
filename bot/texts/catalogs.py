"""Catalogs: what the bot says in each language, as frozen values read from gettext .po text.

Fuzzy and empty entries do not exist: a message is there in a language, whole and checked, or another language stands in
for the whole of it. Plural rules are CLDR's, never an expression taken from the file.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from babel.messages.plurals import get_plural

from bot.domain.diagnostics import Diagnostic, Place
from bot.texts.catalog_checks import message_faults
from bot.texts.languages import SOURCE_LANGUAGE, canonical_tag, cldr_locale, fallbacks, folder_of, is_pseudo
from bot.texts.po_files import Entry, read_entries

DOMAIN = "bot"

#: Where CLDR has other plural forms than Babel's table of them.
_PLURALS = {"id": (1, "0"), "hi": (2, "(n > 1)")}

#: (context, source sentence): what a message is known by.
Key = tuple[str, str]

_PLURAL_COUNT = re.compile(r"nplurals\s*=\s*(\d{1,9})")
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language. Each entry holds one form, or as many as the language has plural forms. `faulty` are left out of them."""

    language: str
    entries: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    faulty: frozenset[Key] = frozenset()

    def form(self, context: str, source: str, count: int | None) -> str | None:
        """The wording for a count (None: the message has no plural), or None where it is not translated."""
        forms = self.entries.get((context, source))
        if forms is None:
            return None
        return forms[0] if count is None or len(forms) == 1 else forms[plural_index(self.language)(count)]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogs:
    """All languages that the bot can speak, and who stands in for whom. Two are the same only if they are one object, so
    that what is worded with one can be kept by it."""

    by_language: Mapping[str, Catalog]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that may be offered to borrowers, English first: all with a catalog that people wrote."""
        own = (tag for tag in self.by_language if not is_pseudo(tag))
        return tuple(sorted(own, key=lambda tag: (tag != SOURCE_LANGUAGE, tag)))

    def chain(self, language: str) -> tuple[Catalog, ...]:
        """The catalogs to try, best first. English is always there: its wording is the source itself."""
        found = tuple(self.by_language[tag] for tag in fallbacks(language) if tag in self.by_language)
        return found if SOURCE_LANGUAGE in self.by_language else (*found, Catalog(SOURCE_LANGUAGE))


@lru_cache(maxsize=128)
def plural_index(language: str) -> Callable[[int], int]:
    """Which of a language's plural forms a count takes."""
    # c2py reads only our own table and Babel's, never a catalog's header.
    return gettext.c2py(plural_rule(language))


def plural_rule(language: str) -> str:
    """The choice between a language's plural forms, as gettext writes it."""
    return _plural(language)[1]


def plural_forms(language: str) -> int:
    return _plural(language)[0]


@lru_cache(maxsize=128)
def _plural(language: str) -> tuple[int, str]:
    locale = cldr_locale(language)
    known = get_plural(locale)
    return _PLURALS.get(locale.language, (int(known.num_plurals), str(known.plural_expr)))


def catalog_file(language: str) -> str:
    return f"locales/{folder_of(language)}/LC_MESSAGES/{DOMAIN}.po"


def read_catalog(po_text: str, language: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog of one .po file, and everything wrong with it. An entry with an error in it is left out."""
    tag = canonical_tag(language)
    file = catalog_file(tag)
    read, found = read_entries(po_text, file)
    problems = list(found)
    entries: dict[Key, tuple[str, ...]] = {}
    faulty: set[Key] = set()
    for entry in read:
        if entry.obsolete:
            continue
        if entry.is_header:
            problems.extend(_header_problems(entry, file, tag))
        elif entry.is_translated:
            faults = [*entry_problems(entry, file, tag)]
            problems.extend(faults)
            if faults:
                faulty.add(entry.key)
            else:
                entries[entry.key] = entry.forms
    return Catalog(tag, entries, frozenset(faulty)), tuple(problems)


def _header_problems(header: Entry, file: str, tag: str) -> Iterable[Diagnostic]:
    text = header.forms[0][:_LONGEST_HEADER] if header.forms else ""
    stated = re.search(r"^Language:\s*([A-Za-z_-]+)", text, re.MULTILINE)
    if stated and canonical_tag(stated.group(1)) != tag:
        sentence = f"The header says the language is {stated.group(1)}, the folder says {folder_of(tag)}."
        yield Diagnostic(Place(file, 1, 1), "G002", sentence, "Correct the Language line of the header.")
    count = _PLURAL_COUNT.search(text)
    if count and int(count.group(1)) != plural_forms(tag):
        sentence = f"The header announces {count.group(1)} plural forms; {tag} has {plural_forms(tag)}."
        fix = f"Write Plural-Forms: nplurals={plural_forms(tag)}; plural={plural_rule(tag)};"
        yield Diagnostic(Place(file, 1, 1), "G003", sentence, fix)


def entry_problems(entry: Entry, file: str, tag: str) -> Iterable[Diagnostic]:
    """Every mistake in the words of one translated entry."""
    for code, sentence, fix in message_faults(entry.sources, entry.forms, plural_forms(tag)):
        yield Diagnostic(Place(file, entry.line, 1), code, sentence, fix)
