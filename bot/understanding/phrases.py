"""Phrase files made ready: what people say for each intent, per language, compiled once into trees.

A file is `<language>/phrases/<intent>.yaml`; `words.yaml` beside it holds a language's spellings, fillers and groups.
`docs/phrases.md` says how to write them. All mistakes are reported together; a phrase with one is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import log

from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.understanding.matching import Tree
from bot.understanding.normalize import normalize
from bot.understanding.notation import GAP, Choice, Pattern, PhraseFault, labels, read_phrase
from bot.understanding.slots import SLOT_LABELS, grammar_for
from bot.understanding.slots.grammar import SlotGrammar
from bot.understanding.words import Kind, Lexicon, is_han

WORDS_FILE = "words"


class Part(StrEnum):
    """Which list of its file a phrase stands in."""

    SAFETY = "safety"  # acts wherever it is said
    ALONE = "alone"  # counts only where nothing else is said
    PHRASES = "phrases"
    EXCEPT = "except"  # takes back a safety phrase that it overlaps


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a phrase file."""

    intent: str
    text: str
    part: Part
    topic: str | None
    place: Place
    pattern: Pattern

    def __str__(self) -> str:
        return f"{self.part} phrase, {self.place.file}:{self.place.line}"


@dataclass(frozen=True, slots=True)
class LanguagePhrases:
    """Everything one language needs to be understood."""

    language: str
    lexicon: Lexicon
    slots: SlotGrammar
    phrases: tuple[Phrase, ...]
    tree: Tree
    groups: tuple[str, ...]
    group_tree: Tree
    filler_tree: Tree
    weights: Mapping[str, float]
    signs: Mapping[str, frozenset[str]]  # a word, or two Chinese characters in a row, and the intents that use it


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """The phrases of all languages, by BCP 47 tag."""

    languages: Mapping[str, LanguagePhrases]


@dataclass(slots=True)
class _Draft:
    """A language while its files are read."""

    language: str
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fillers: list[Pattern] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    groups: dict[str, list[Pattern]] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    plain: Lexicon | None = None
    read_before: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def words(self, text: str) -> tuple[str, ...]:
        """A piece of a phrase as the lexicon would read it from a message."""
        if self.plain is None:
            self.plain = Lexicon(self.spellings, ())
        if text not in self.read_before:
            read = self.plain.read(normalize(text, self.language))
            said = (word.text for word in read if word.kind not in (Kind.MARK, Kind.END))
            self.read_before[text] = tuple(text for text in said if text not in self.ignored)
        return self.read_before[text]


def read_phrases(files: Mapping[str, str]) -> tuple[PhraseBook, tuple[Diagnostic, ...]]:
    """The book made of these files, by path such as `en/phrases/promise_to_pay.yaml`, and every mistake in them."""
    drafts: dict[str, _Draft] = {}
    problems: list[Diagnostic] = []
    for path in sorted(files, key=lambda p: (_name(p) != WORDS_FILE, p)):  # spellings before what is spelled
        language = _language(path)
        read = read_yaml(files[path], path)
        problems += read.problems
        if not isinstance(read.root, MapNode):
            if not read.problems:
                problems.append(_problem(Place(path), "This file holds no phrases.", 'Write "phrases: |" and lines.'))
            continue
        draft = drafts.setdefault(language, _new_draft(language))
        if _name(path) == WORDS_FILE:
            _read_words(draft, read.root)
        else:
            _read_intent_file(draft, _name(path), read.root)
    for draft in drafts.values():
        problems += draft.problems
    return PhraseBook({tag: _compiled(draft) for tag, draft in drafts.items()}), tuple(problems)


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".yaml")


def _language(path: str) -> str:
    """The language tag of the folder: zh_Hans is zh-Hans."""
    parts = path.split("/")
    return parts[-3].replace("_", "-") if len(parts) >= 3 else "und"


def _new_draft(language: str) -> _Draft:
    return _Draft(language, dict(grammar_for(language).spellings))


def _problem(place: Place, sentence: str, fix: str) -> Diagnostic:
    return Diagnostic(place, "U010", sentence, fix)


def _read_words(draft: _Draft, root: MapNode) -> None:
    for key, node in root.entries:
        if key.text == "same_as" and isinstance(node, MapNode):
            for typed, meant in node.entries:
                if isinstance(meant, ScalarNode):
                    draft.spellings[typed.text] = tuple(meant.text.split())
            draft.plain = None
            draft.read_before.clear()
        elif key.text == "fillers":
            draft.fillers += _patterns(draft, node)
        elif key.text == "ignored":
            draft.ignored = {line for line, _ in _lines(draft, node)}
            draft.fillers += [(word,) for word in sorted(draft.ignored)]
            draft.read_before.clear()
        elif key.text == "groups" and isinstance(node, MapNode):
            for name, members in node.entries:
                draft.groups[f"<{name.text}>"] = _patterns(draft, members)
        else:
            draft.problems.append(
                _problem(
                    key.place, f'"{key.text}" means nothing here.', "Known are same_as, fillers, ignored and groups."
                )
            )


def _read_intent_file(draft: _Draft, intent: str, root: MapNode) -> None:
    for key, node in root.entries:
        if key.text in tuple(Part):
            _read_part(draft, intent, Part(key.text), None, node)
        elif key.text == "topics" and isinstance(node, MapNode):
            for topic, lines in node.entries:
                _read_part(draft, intent, Part.PHRASES, topic.text, lines)
        else:
            known = (*Part, "topics")
            sentence = f'"{key.text}" is no part of a phrase file.{did_you_mean(key.text, known)}'
            draft.problems.append(_problem(key.place, sentence, f"Known are {', '.join(known)}."))


def _read_part(draft: _Draft, intent: str, part: Part, topic: str | None, node: Node) -> None:
    for line, place in _lines(draft, node):
        pattern = _pattern(draft, line, place)
        if pattern:
            draft.phrases.append(Phrase(intent, line, part, topic, place, pattern))


def _lines(draft: _Draft, node: Node) -> list[tuple[str, Place]]:
    """The lines of a text block, or the items of a list, each with its own place; comments and empty lines are left out."""
    if isinstance(node, ListNode):
        return [(item.text, item.place) for item in node.items if isinstance(item, ScalarNode)]
    if not isinstance(node, ScalarNode) or not node.text.strip():
        draft.problems.append(_problem(node.place, "Phrases are missing.", 'Write "|" and then one on each line.'))
        return []
    first = node.place.line + (1 if node.quoted else 0)
    lines = enumerate(node.text.splitlines())
    return [
        (line.strip(), Place(node.place.file, first + number, 1))
        for number, line in lines
        if line.strip() and not line.strip().startswith("#")
    ]


def _patterns(draft: _Draft, node: Node) -> list[Pattern]:
    return [pattern for line, place in _lines(draft, node) if (pattern := _pattern(draft, line, place))]


def _pattern(draft: _Draft, line: str, place: Place) -> Pattern:
    """The pattern of one line, empty where it has a fault."""
    try:
        pattern = read_phrase(line, draft.words)
    except PhraseFault as fault:
        draft.problems.append(_problem(place, f'"{line}" cannot be read: {fault}', "See docs/phrases.md."))
        return ()
    for label in labels(pattern):
        known = SLOT_LABELS if label[0] == "{" else tuple(draft.groups)
        if label[0] in "{<" and label not in known:
            sentence = f'"{line}" uses {label}, which does not exist.{did_you_mean(label, known)}'
            draft.problems.append(_problem(place, sentence, f"Known are {', '.join(known)}."))
            return ()
    return pattern


def _compiled(draft: _Draft) -> LanguagePhrases:
    slots = grammar_for(draft.language)
    tree, group_tree, filler_tree = Tree(), Tree(), Tree()
    for number, phrase in enumerate(draft.phrases):
        tree.add(phrase.pattern, number)
    for number, members in enumerate(draft.groups.values()):
        for pattern in members:
            group_tree.add(pattern, number)
    for pattern in draft.fillers:
        filler_tree.add(pattern, 0)
    said = [phrase.pattern for phrase in draft.phrases] + draft.fillers
    said += [pattern for members in draft.groups.values() for pattern in members]
    known = {label for pattern in said for label in labels(pattern) if label[0] not in "{<" and label != GAP}
    lexicon = Lexicon(draft.spellings, known | slots.known)
    return LanguagePhrases(
        draft.language,
        lexicon,
        slots,
        tuple(draft.phrases),
        tree,
        tuple(draft.groups),
        group_tree,
        filler_tree,
        _weights(draft.phrases),
        _signs(draft.phrases),
    )


def _weights(phrases: list[Phrase]) -> dict[str, float]:
    """How much each word tells, from 0.35 for one that every intent uses to 1 for one that a single intent uses."""
    users: dict[str, set[str]] = {}
    for phrase in phrases:
        for label in labels(phrase.pattern):
            users.setdefault(label, set()).add(phrase.intent)
    everyone = len({phrase.intent for phrase in phrases}) + 1
    return {
        label: 0.35 + 0.65 * (1 - log(len(intents)) / log(everyone)) for label, intents in users.items() if label != GAP
    }


def _signs(phrases: list[Phrase]) -> dict[str, frozenset[str]]:
    """For each word, and each two Chinese characters in a row, the intents whose phrases use it."""
    users: dict[str, set[str]] = {}
    for phrase in phrases:
        if phrase.part is not Part.EXCEPT:
            for sign in _signs_of(phrase.pattern):
                users.setdefault(sign, set()).add(phrase.intent)
    return {sign: frozenset(intents) for sign, intents in users.items()}


def _signs_of(pattern: Pattern) -> Iterator[str]:
    before = ""
    for part in pattern:
        if isinstance(part, Choice):
            for option in part.options:
                yield from _signs_of(option)
            before = ""
        elif is_han(part):
            if before:
                yield before + part
            before = part
        else:
            yield part
            before = ""
