"""The phrase book: what people say for each intent, per language, compiled once into graphs that a message walks.

It is a value: the same files give the same book, and nothing in it changes while messages are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from bot.domain.diagnostics import Place
from bot.understanding.intents import Contract
from bot.understanding.matching import Tree
from bot.understanding.notation import GAP, Choice, Pattern, labels, sentences
from bot.understanding.slots.grammar import SlotGrammar
from bot.understanding.sounds import sound_of
from bot.understanding.words import Lexicon, is_han


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
class Example:
    """A whole message as somebody would write it, from which the classifier learns. `question` is Q01 to Q64."""

    intent: str
    text: str
    place: Place
    topic: str | None = None
    question: str | None = None


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
    group_examples: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]
    signs: Mapping[str, frozenset[str]]  # a word, or two Chinese characters in a row, and the intents that use it
    examples: tuple[Example, ...] = ()

    def written(self, sentence: Iterable[str]) -> str:
        """A row of labels as somebody would type it, with a common value for each slot and the first word of each group."""
        words = [self._typed(label) for label in sentence if label != GAP]
        return ("" if self.language.startswith("zh") else " ").join(words)

    def _typed(self, label: str) -> str:
        if label[0] == "{":
            return self.slots.table.examples[label]
        return self.written(self.group_examples[label]) if label[0] == "<" else label


@dataclass(frozen=True, slots=True, eq=False)
class PhraseBook:
    """The phrases of all languages by BCP 47 tag, and the contract they are held to if it was among the files."""

    languages: Mapping[str, LanguagePhrases]
    contract: Contract | None = None

    def knows(self, word: str) -> bool:
        """True for a word, in small letters, that the phrases of any language use."""
        return any(known.lexicon.knows(word) for known in self.languages.values())


def compile_language(
    language: str,
    slots: SlotGrammar,
    spellings: Mapping[str, tuple[str, ...]],
    phrases: Sequence[Phrase],
    fillers: Sequence[Pattern],
    groups: Mapping[str, Sequence[Pattern]],
    examples: Sequence[Example] = (),
) -> LanguagePhrases:
    """A language's phrases as graphs, with what each of its words tells."""
    tree, group_tree, filler_tree = Tree(), Tree(), Tree()
    for number, phrase in enumerate(phrases):
        tree.add(phrase.pattern, number)
    for number, members in enumerate(groups.values()):
        for pattern in members:
            group_tree.add(pattern, number)
    for pattern in fillers:
        filler_tree.add(pattern, 0)
    said = [phrase.pattern for phrase in phrases] + list(fillers)
    said += [pattern for members in groups.values() for pattern in members]
    known = {label for pattern in said for label in labels(pattern) if label[0] not in "{<" and label != GAP}
    lexicon = Lexicon(spellings, known | slots.known, sound_of(language))
    return LanguagePhrases(
        language,
        lexicon,
        slots,
        tuple(phrases),
        tree,
        tuple(groups),
        group_tree,
        filler_tree,
        {name: next(sentences(members[0])) for name, members in groups.items() if members},
        _weights(phrases),
        _signs(phrases),
        tuple(examples),
    )


def _weights(phrases: Iterable[Phrase]) -> dict[str, float]:
    """How much each word tells, from 0.35 for one that every intent uses to 1 for one that a single intent uses."""
    users: dict[str, set[str]] = {}
    for phrase in phrases:
        for label in labels(phrase.pattern):
            users.setdefault(label, set()).add(phrase.intent)
    everyone = len(set().union(*users.values())) + 1
    return {
        label: 0.35 + 0.65 * (1 - log(len(intents)) / log(everyone)) for label, intents in users.items() if label != GAP
    }


def _signs(phrases: Iterable[Phrase]) -> dict[str, frozenset[str]]:
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
