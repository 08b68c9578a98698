"""Terms: the words that a language has settled on for promise, extension, waiver and the like.

`locales/<lang>/terms.yaml` names for an English term one or more words, of which a translation that speaks of it uses one.
A sentence that does without is worth a look and no mistake: a language may have to say it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.domain.yaml_reading import ListNode, MapNode, ScalarNode, YamlFile
from bot.texts.placeholders import read_template
from bot.texts.po_files import Entry

#: English term -> words of the language, any of which will do.
Terms = Mapping[str, tuple[str, ...]]


def read_terms(file: YamlFile) -> tuple[Terms, tuple[Diagnostic, ...]]:
    """The terms of one file, and everything in it that is no term."""
    if file.root is None:
        return {}, file.problems
    terms = file.root.get("terms") if isinstance(file.root, MapNode) else None
    if not isinstance(terms, MapNode):
        return {}, (_no_terms(file.root.place, "This file holds no terms."),)
    found: dict[str, tuple[str, ...]] = {}
    problems = []
    for key, node in terms.entries:
        parts = node.items if isinstance(node, ListNode) else (node,)
        words = tuple(part.text for part in parts if isinstance(part, ScalarNode) and part.text.strip())
        if len(words) < len(parts) or not words:
            problems.append(_no_terms(key.place, f'The term "{key.text}" has no words.'))
        else:
            found[key.text] = words
    return found, tuple(problems)


def _no_terms(place: Place, sentence: str) -> Diagnostic:
    return Diagnostic(
        place, "G013", sentence, "Write terms: and below it a term with its words, as promise: [promesa]."
    )


def terms_left_out(terms: Terms, entries: Sequence[Entry], file: str) -> Iterator[Diagnostic]:
    """Translated entries whose English has a term and whose translation has none of its words, as warnings."""
    known = [(term, re.compile(rf"\b{re.escape(term)}s?\b", re.IGNORECASE), words) for term, words in terms.items()]
    for entry in entries:
        if entry.obsolete or not entry.is_translated:
            continue
        english = " ".join("".join(read_template(source).pieces[::2]) for source in entry.sources)
        said = " ".join(entry.forms).casefold()
        for term, pattern, words in known:
            if pattern.search(english) and not any(word.casefold() in said for word in words):
                sentence = f'"{term}" is not said as {" or ".join(words)} here.'
                fix = "Use that word, or leave it where the language has to say it otherwise."
                yield Diagnostic(Place(file, entry.line, 1), "G014", sentence, fix, Severity.WARNING)
