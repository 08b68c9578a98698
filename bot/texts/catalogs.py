"""Catalogs: what the bot says in each language, as frozen values read from gettext .po text.

Fuzzy and empty entries do not exist: a message is there in a language, whole and checked, or another language stands in
for the whole of it. Plural rules are CLDR's, never an expression taken from the file.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from babel.messages.catalog import Message as PoMessage
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.texts.languages import SOURCE_LANGUAGE, canonical_tag, cldr_locale, fallbacks, folder_of
from bot.texts.placeholders import read_template

MAX_BYTES = 1024 * 1024
DOMAIN = "bot"

#: (context, source sentence): what a message is known by.
Key = tuple[str, str]

_TAG = re.compile(r"</?([a-z][a-z0-9-]*)[^<>]*>")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_PLURAL_COUNT = re.compile(r"nplurals\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language. Each entry holds one form, or as many as the language has plural forms."""

    language: str
    entries: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)

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
        """Every language with a catalog, English first."""
        return tuple(sorted(self.by_language, key=lambda tag: (tag != SOURCE_LANGUAGE, tag)))

    def chain(self, language: str) -> tuple[Catalog, ...]:
        """The catalogs to try, best first. English is always there: its wording is the source itself."""
        found = tuple(self.by_language[tag] for tag in fallbacks(language) if tag in self.by_language)
        return found if SOURCE_LANGUAGE in self.by_language else (*found, Catalog(SOURCE_LANGUAGE))


@lru_cache(maxsize=128)
def plural_index(language: str) -> Callable[[int], int]:
    """Which of a language's plural forms a count takes."""
    # c2py reads only Babel's own CLDR table here, never a catalog's header.
    return gettext.c2py(get_plural(cldr_locale(language)).plural_expr)


def plural_forms(language: str) -> int:
    return int(get_plural(cldr_locale(language)).num_plurals)


def read_catalog(po_text: str, language: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog of one .po file, and everything wrong with it. An entry with an error in it is left out."""
    tag = canonical_tag(language)
    file = f"locales/{folder_of(tag)}/LC_MESSAGES/{DOMAIN}.po"
    if len(po_text.encode("utf-8", "replace")) > MAX_BYTES:
        return Catalog(tag), (_fault(file, 0, "G001", "The catalog is larger than 1 MiB.", "Remove what is not used."),)
    try:
        read = read_po(io.BytesIO(po_text.encode()), ignore_obsolete=True, abort_invalid=True, charset="utf-8")
        messages = [m for m in read if m.id]
    except (PoFileError, ValueError, LookupError, TypeError, IndexError, AttributeError) as error:
        # Babel reports a broken file by any of these, depending on where it breaks.
        sentence = f"This is not a gettext catalog: {error}."
        return Catalog(tag), (_fault(file, 0, "G001", sentence, "Open it in a catalog editor and save it again."),)
    problems = list(_header_problems(po_text, file, tag))
    entries: dict[Key, tuple[str, ...]] = {}
    for message in messages:
        if message.fuzzy:
            continue
        forms = _forms(message.string or "")
        if not all(forms):
            continue
        faults = list(_entry_problems(message, forms, file, tag))
        problems.extend(faults)
        if not any(f.severity is Severity.ERROR for f in faults):
            entries[message.context or "", _forms(message.id)[0]] = forms
    return Catalog(tag, entries), tuple(problems)


def _forms(words: str | Iterable[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _header_problems(po_text: str, file: str, tag: str) -> Iterable[Diagnostic]:
    header = po_text[:4096]
    stated = re.search(r'"Language:\s*([A-Za-z_-]+)', header)
    if stated and canonical_tag(stated.group(1)) != tag:
        sentence = f"The header says the language is {stated.group(1)}, the folder says {folder_of(tag)}."
        yield _fault(file, 1, "G002", sentence, "Correct the Language line of the header.")
    count = _PLURAL_COUNT.search(header)
    if count and int(count.group(1)) != plural_forms(tag):
        sentence = f"The header announces {count.group(1)} plural forms; {tag} has {plural_forms(tag)}."
        yield _fault(file, 1, "G003", sentence, f"Write Plural-Forms: {get_plural(cldr_locale(tag)).plural_forms}.")


def _entry_problems(message: PoMessage, forms: tuple[str, ...], file: str, tag: str) -> Iterable[Diagnostic]:
    line = message.lineno or 0
    sources = _forms(message.id)
    wanted = plural_forms(tag) if len(sources) > 1 else 1
    if len(forms) != wanted:
        sentence = f"There are {len(forms)} forms where {tag} needs {wanted}."
        yield _fault(file, line, "G004", sentence, "Fill in every msgstr[n] line and no other.")
    names = frozenset().union(*(read_template(s).names for s in sources))
    for form in forms:
        yield from _form_problems(form, sources[0], names, Place(file, line, 1))


def _form_problems(form: str, source: str, names: frozenset[str], place: Place) -> Iterable[Diagnostic]:
    template = read_template(form)
    if template.faults:
        sentence = f'"{template.faults[0]}" is not a placeholder.'
        yield Diagnostic(place, "G005", sentence, "Placeholders look like %(name)s; write %% for a percent sign.")

    missing, extra = sorted(names - template.names), sorted(template.names - names)
    if extra:
        fix = "Use only the placeholders of the source sentence."
        yield Diagnostic(place, "G006", f"The placeholder %({extra[0]})s is not in the source sentence.", fix)
    if missing:
        fix = "Copy it from the source sentence."
        yield Diagnostic(place, "G007", f"The placeholder %({missing[0]})s of the source sentence is missing.", fix)
    if sorted(_TAG.findall(form)) != sorted(_TAG.findall(source)) or not is_balanced(form):
        yield Diagnostic(
            place, "G008", "The HTML tags differ from the source or do not close.", "Copy the tags as they are."
        )
    if _BIDI_CONTROLS.search(form):
        fix = "Remove it; names and amounts are isolated by the program."
        yield Diagnostic(place, "G009", "There is an invisible direction mark in the text.", fix)


def is_balanced(text: str) -> bool:
    """True where every HTML tag is closed, innermost first."""
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        if not tag.group(0).startswith("</"):
            open_tags.append(tag.group(1))
        elif not open_tags or open_tags.pop() != tag.group(1):
            return False
    return not open_tags


def _fault(file: str, line: int, code: str, sentence: str, fix: str) -> Diagnostic:
    return Diagnostic(Place(file, line, 1 if line else 0), code, sentence, fix)
