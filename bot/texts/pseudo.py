"""Pseudo-locales: languages made of the English at run time, which show mistakes to people who speak no other language.

`en-XA` is accented, about a third longer and in brackets: what has none is not translated or glued together. `ar-XB` runs
from right to left. Both have only the sentences that translators get, and are never offered to a borrower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.texts.catalogs import Catalog, Catalogs, Key, plural_forms, plural_index
from bot.texts.placeholders import read_template
from bot.texts.render import FORMATS

#: (context, source, plural or None)
SourceSentence = tuple[str, str, str | None]

OPENING, CLOSING = "⟦", "⟧"
_RIGHT_TO_LEFT, _END = "\u202e", "\u202c"

_ACCENTED = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz", "ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀɱÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž"
)
_VOWEL = re.compile(r"([aeiouAEIOU])")
_TAG = re.compile(r"(<[^<>]*>)")
_WORD = re.compile(r"\S+")


def with_pseudo(catalogs: Catalogs, sentences: Iterable[SourceSentence]) -> Catalogs:
    """These catalogs and those of the pseudo-locales, made of the sentences."""
    sentences = tuple(sentences)
    made = {tag: pseudo_catalog(tag, sentences) for tag in _WORDED}
    return Catalogs({**catalogs.by_language, **made})


def pseudo_catalog(tag: str, sentences: Iterable[SourceSentence]) -> Catalog:
    """The catalog of one pseudo-locale. Raises KeyError for a tag that is none."""
    worded, one, forms = _WORDED[tag], plural_index(tag)(1), plural_forms(tag)
    patterns = {message.context for message in FORMATS}
    entries: dict[Key, tuple[str, ...]] = {}
    for context, source, plural in sentences:
        if context in patterns:
            continue
        if plural is None:
            entries[context, source] = (worded(source),)
        else:
            entries[context, source] = tuple(worded(source if form == one else plural) for form in range(forms))
    return Catalog(tag, entries)


def _accented(source: str) -> str:
    lengthened = _VOWEL.sub(r"\1\1", source)
    return lengthened.translate(_ACCENTED)


def _mirrored(source: str) -> str:
    return _WORD.sub(lambda word: f"{_RIGHT_TO_LEFT}{word.group()}{_END}", source)


def _in_text(change: Callable[[str], str], sentence: str) -> str:
    """The sentence with its text changed, and its placeholders and tags as they are."""
    pieces = list(read_template(sentence).pieces)
    for at, piece in enumerate(pieces):
        if at % 2:
            pieces[at] = f"%({piece})s"
        else:
            parts = _TAG.split(piece)
            parts[::2] = [change(part) for part in parts[::2]]
            pieces[at] = "".join(parts).replace("%", "%%")
    return "".join(pieces)


_WORDED: dict[str, Callable[[str], str]] = {
    "en-XA": lambda source: f"{OPENING}{_in_text(_accented, source)}{CLOSING}",
    "ar-XB": lambda source: _in_text(_mirrored, source),
}

#: The tags of the pseudo-locales.
PSEUDO_LANGUAGES = tuple(_WORDED)
