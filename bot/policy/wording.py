"""Wording: no threats, insults, false authority or invented consequences, whoever wrote the words.

Lexicons of phrases are data, one file a language. A phrase that is denied in the same breath ("nobody will tell your
employer") is not a finding. What is found is a list; blocking or warning is the caller's choice by `Finding.blocks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.diagnostics import Diagnostic, Place
from bot.domain.yaml_reading import YamlFile
from bot.policy.fields import Fields, Problems, root_fields

#: What a phone shows of a message before it is opened.
PREVIEW_CHARACTERS = 80

#: Classes that block also what a person typed; the others only warn a person.
_ALWAYS = frozenset({"L1", "L2", "L3", "L4"})

CLASSES = {
    "L1": "a threat of violence or an insult",
    "L2": "false authority",
    "L3": "jail for an ordinary debt",
    "L4": "disclosure to others",
    "L5": "a threat of an action that is not intended or not lawful",
    "L6": "an invented or exaggerated consequence",
    "L7": "pressure to borrow elsewhere",
    "L8": "payment to a person or an unofficial account",
    "L9": "false urgency or a misleading reason to write",
    "L10": "a debt that shows in the preview",
    "L11": "a fee for talking, extending or removing a record",
    "L12": "a public mention",
    "L13": "a figure that comes from no policy",
}
_LISTED = tuple(name for name in CLASSES if name not in ("L10", "L13"))

_SPACES = re.compile(r"\s+")
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
#: Where one breath ends and a denial no longer reaches.
_STOPS = re.compile(r"[.,!?;:。！？；：，、।\n]")
#: Signs that belong to the letter before them, as vowel signs of Hindi do: a word does not end there.
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0962\u0963"
_NOT_AFTER, _NOT_BEFORE = rf"(?<![\w{_MARKS}])", rf"(?![\w{_MARKS}])"


class Written(StrEnum):
    """What a text is: it decides which classes apply."""

    TEMPLATE = "template"  # a sentence of a script or catalog, with placeholders for every figure
    OPENING = "opening"  # a template with which the lender begins, seen first on a lock screen
    TYPED = "typed"  # a person's own words, sent as they are


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must not be said. `words` are those of the lexicon, or the figure found."""

    rule: str
    words: str
    blocks: bool

    @property
    def reason(self) -> str:
        return f"{self.rule}: {CLASSES[self.rule]}"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one language. `whole_words`: a phrase does not begin or end inside a word."""

    language: str
    whole_words: bool
    phrases: tuple[tuple[str, tuple[str, ...]], ...]  # class, phrases
    preview: tuple[str, ...]
    units: tuple[str, ...]
    denials: tuple[str, ...]
    denial_reach: int  # characters before a phrase in which a denial counts
    conditions: tuple[str, ...]  # words that take the phrase out of a denial's reach, as in "if you do not pay we will"


def read_lexicon(file: YamlFile) -> tuple[Lexicon | None, tuple[Diagnostic, ...]]:
    """A lexicon, or None with at least one error; W001 to W004 as in every policy file."""
    problems = Problems("W")
    root = None if file.problems else root_fields(file.root, Place(file.file), problems)
    if root is None:
        return None, (*file.problems, *problems.found)
    lexicon = Lexicon(
        language=root.text("language"),
        whole_words=root.choice("words", ("whole", "anywhere")) == "whole",
        phrases=_phrases(root),
        preview=_folded(root.words("preview", required=True)),
        units=_folded(root.words("units", required=True)),
        denials=_folded(root.words("denials", required=True)),
        denial_reach=root.integer("denial_reach", 0, 200),
        conditions=_folded(root.words("conditions", required=True)),
    )
    root.close()
    return (None if problems.fatal else lexicon), tuple(problems.found)


def _phrases(root: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    classes = root.section("classes")
    if classes is None:
        return ()
    phrases = tuple((name, _folded(classes.words(name, required=True))) for name in _LISTED)
    classes.close()
    return phrases


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)


def fold(text: str) -> str:
    """The text as phrases are compared: width, case, kinds of space and of apostrophe make no difference."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u200b", "").replace("\u00ad", "")
    return _SPACES.sub(" ", plain).strip().casefold()


def check_wording(text: str, lexicon: Lexicon, written: Written = Written.TEMPLATE) -> tuple[Finding, ...]:
    """Everything in `text` that must not be said, in the order of the classes; empty for a clean text."""
    folded = fold(text)
    found = list(_listed(folded, lexicon, written))
    if written is Written.OPENING:
        # A value may be as short as one character, as a lender's name may: then most of what follows is seen.
        found += _in_preview(_PLACEHOLDER.sub("x", folded)[:PREVIEW_CHARACTERS], lexicon)
    if written is not Written.TYPED:
        found += _loose_figures(_PLACEHOLDER.sub("\n", folded), lexicon)
    return tuple(sorted(dict.fromkeys(found), key=lambda f: (int(f.rule[1:]), f.words)))


def _listed(folded: str, lexicon: Lexicon, written: Written) -> Iterator[Finding]:
    for rule, phrases in lexicon.phrases:
        blocks = written is not Written.TYPED or rule in _ALWAYS
        for phrase in phrases:
            if any(not _denied(folded, start, lexicon) for start in _places(folded, phrase, lexicon.whole_words)):
                yield Finding(rule, phrase, blocks)


def _places(folded: str, phrase: str, whole_words: bool) -> Iterator[int]:
    if phrase not in folded:  # nearly always, and much quicker than to look for whole words
        return iter(())
    pattern = re.escape(phrase)
    if whole_words:
        pattern = f"{_NOT_AFTER}{pattern}{_NOT_BEFORE}"
    return (match.start() for match in re.finditer(pattern, folded))


def _denied(folded: str, start: int, lexicon: Lexicon) -> bool:
    """A denial shortly before the phrase, with nothing between them that makes the denial a condition of the phrase."""
    before = _STOPS.split(folded[max(0, start - lexicon.denial_reach) : start])[-1]
    ends = [at + len(word) for word in lexicon.denials for at in _places(before, word, lexicon.whole_words)]
    between = before[max(ends, default=0) :]
    return bool(ends) and not any(
        True for word in lexicon.conditions for _ in _places(between, word, lexicon.whole_words)
    )


def _in_preview(start: str, lexicon: Lexicon) -> Iterator[Finding]:
    for word in lexicon.preview:
        if any(True for _ in _places(start, word, lexicon.whole_words)):
            yield Finding("L10", word, True)
    figure = re.search(r"\d", start)
    if figure is not None:
        yield Finding("L10", figure[0], True)


def _loose_figures(folded: str, lexicon: Lexicon) -> Iterator[Finding]:
    """Figures with a unit that stand in a sentence itself: they would stay when the policy changes."""
    for unit in lexicon.units:
        end = _NOT_BEFORE if lexicon.whole_words and unit.isalpha() else ""
        for match in re.finditer(rf"\d+(?:[.,]\d+)?\s?{re.escape(unit)}{end}", folded):
            yield Finding("L13", match[0], True)
