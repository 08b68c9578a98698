"""Bringing a catalog up to the sentences of today: nothing translated is lost, nothing guessed is shipped.

A sentence that is new, but was reworded in its place or stands word for word elsewhere, gets the old words as a fuzzy
entry beside the sentence they belong to; a fuzzy entry is never said. Sentences that are gone stay behind as obsolete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from bot.texts.catalogs import plural_forms, plural_rule
from bot.texts.extract import Extracted
from bot.texts.languages import SOURCE_LANGUAGE, folder_of
from bot.texts.po_files import Entry, Previous

#: How alike the old and the new wording must be for the old translation to be of use.
_ALIKE = 0.6
_TITLE = ("What Gracebot says. The context of a sentence names its flow and step.",)


def template(sentences: Iterable[Extracted]) -> tuple[Entry, ...]:
    """The entries of all sentences, without words, in their order. One that stands twice in a step is one entry."""
    entries: dict[tuple[str, str], Entry] = {}
    for found in sentences:
        # No line numbers: an edit at the top of a flow must not touch every entry of every language.
        places = (found.file,) if found.file else ()
        flags = frozenset({"python-format"} if "%" in found.source else ())
        entry = Entry(found.context, found.sources, notes=found.notes, places=places, flags=flags)
        before = entries.get(entry.key)
        if before is not None:
            notes = dict.fromkeys((*before.notes, *entry.notes))
            entry = replace(before, notes=tuple(notes), places=tuple(dict.fromkeys((*before.places, *entry.places))))
        entries[entry.key] = entry
    return tuple(entries.values())


def updated(wanted: Sequence[Entry], before: Sequence[Entry], language: str, repeat: bool = False) -> list[Entry]:
    """The catalog with exactly these sentences, header first and what is obsolete last.

    With `repeat` a sentence that is translated word for word elsewhere takes those words as its own, not as a suggestion.
    """
    comments = next((e.comments for e in before if e.is_header and not e.obsolete), _TITLE)
    head = header(folder_of(language), comments, f"nplurals={plural_forms(language)}; plural={plural_rule(language)};")
    if language == SOURCE_LANGUAGE:
        old = {e.key: e for e in before if not e.obsolete}
        own = [replace(e, forms=e.sources, comments=old[e.key].comments if e.key in old else ()) for e in wanted]
        return [head, *own]
    known = _Known(before, {e.key for e in wanted}, plural_forms(language), repeat)
    return [head, *(known.worded(entry) for entry in wanted), *known.left_over()]


def header(folder: str, comments: tuple[str, ...], plurals: str) -> Entry:
    """The header in gettext's order. Nothing in it changes by itself, so that no tool leaves a trace in it."""
    lines = (
        "Project-Id-Version: Gracebot",
        "Report-Msgid-Bugs-To: the project's issue tracker",
        "POT-Creation-Date: 2026-11-22 00:00+0000",
        "PO-Revision-Date: 2026-11-22 00:00+0000",
        "Last-Translator: the Gracebot authors",
        f"Language-Team: {folder or 'none'}",
        f"Language: {folder}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plurals}",
    )
    return Entry(None, ("",), ("".join(f"{line}\n" for line in lines),), comments=comments)


class _Known:
    """What was translated before, and what of it is in use again."""

    def __init__(self, before: Sequence[Entry], wanted: set[tuple[str, str]], forms: int, repeat: bool) -> None:
        self.forms, self.repeat = forms, repeat
        entries = [e for e in before if not e.is_header]
        self.active = {e.key: e for e in entries if not e.obsolete}
        self.obsolete = {e.key: e for e in entries if e.obsolete}
        self.gone = [e for e in entries if e.key not in wanted and any(e.forms)]
        self.elsewhere: dict[tuple[str, ...], Entry] = {}
        for entry in entries:
            if entry.is_translated:
                self.elsewhere.setdefault(entry.sources, entry)
        self.by_context: dict[str | None, list[Entry]] = {}
        for entry in self.gone:
            if entry.is_translated:
                self.by_context.setdefault(entry.context, []).append(entry)

    def worded(self, entry: Entry) -> Entry:
        """The wanted entry with the best words there are for it."""
        own = self.active.get(entry.key) or self.obsolete.get(entry.key)
        if own is not None and any(own.forms):
            entry = replace(entry, comments=own.comments)
            if own.sources == entry.sources:
                previous = own.previous if own.fuzzy else None
                return self._with(entry, own, fuzzy=own.fuzzy, previous=previous)
            return self._with(entry, own, fuzzy=True, previous=Previous(None, own.sources))
        if own is not None:
            entry = replace(entry, comments=own.comments)
        return self._guessed(entry)

    def _guessed(self, entry: Entry) -> Entry:
        same = self.elsewhere.get(entry.sources)
        if same is not None:
            previous = None if self.repeat else Previous(same.context, same.sources)
            return self._with(entry, same, fuzzy=not self.repeat, previous=previous)
        alike = max(
            (e for e in self.by_context.get(entry.context, ()) if len(e.sources) == len(entry.sources)),
            key=lambda e: _likeness(e, entry),
            default=None,
        )
        if alike is None or _likeness(alike, entry) < _ALIKE:
            return replace(entry, forms=("",) * self._wanted(entry))
        return self._with(entry, alike, fuzzy=True, previous=Previous(None, alike.sources))

    def _with(self, entry: Entry, words: Entry, fuzzy: bool, previous: Previous | None) -> Entry:
        # Too many forms are left for the translator to see; too few are filled up.
        forms = words.forms + ("",) * (self._wanted(entry) - len(words.forms))
        flags = entry.flags | {"fuzzy"} if fuzzy else entry.flags
        return replace(entry, forms=forms, flags=flags, previous=previous)

    def _wanted(self, entry: Entry) -> int:
        return self.forms if len(entry.sources) > 1 else 1

    def left_over(self) -> list[Entry]:
        """What is translated and no longer said, each once; it comes back by itself with its sentence."""
        last = {e.key: e for e in self.gone if e.obsolete}
        last.update({e.key: e for e in self.gone if not e.obsolete})
        kept = (replace(e, notes=(), places=(), obsolete=True) for e in last.values())
        return [replace(e, forms=e.forms + ("",) * (self._wanted(e) - len(e.forms))) for e in kept]


def _likeness(old: Entry, new: Entry) -> float:
    matcher = SequenceMatcher(None, old.sources[0], new.sources[0], autojunk=False)
    # Lengths alone often tell enough, and comparing a sentence with megabytes takes minutes.
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0
