"""Reading phrase files: lines of phrases, spellings, fillers and groups, with every mistake and its place.

A file is `<language>/phrases/<intent>.yaml`; `words.yaml` beside it holds what all of a language's phrases share.
`docs/phrases.md` says how to write them. A phrase with a mistake is left out and reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.understanding.book import Example, LanguagePhrases, Part, Phrase, PhraseBook, compile_language
from bot.understanding.intents import Contract, read_intents
from bot.understanding.normalize import normalize
from bot.understanding.notation import Pattern, PhraseFault, labels, read_phrase
from bot.understanding.slots import SLOT_LABELS, grammar_for
from bot.understanding.words import Kind, Lexicon

WORDS_FILE = "words"
CONTRACT_FILE = "intents"
_WORD_LISTS = ("same_as", "ignored", "fillers", "groups")
_LISTS = (*Part, "topics", "examples", "topic_examples", "questions")
#: The kinds of question borrowers ask, told apart finer than topics.
QUESTIONS = tuple(f"Q{number:02}" for number in range(1, 65))


@dataclass(slots=True)
class _Draft:
    """A language while its files are read."""

    language: str
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fillers: list[Pattern] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    groups: dict[str, list[Pattern]] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
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
    """The book made of these files, by path such as `en/phrases/promise_to_pay.yaml`, and every mistake in them.

    With `dialogs/intents.yaml` among them, `check_phrases` can hold the languages to it.
    """
    return _read(tuple(sorted(files.items())))


@lru_cache(maxsize=4)
def _read(texts: tuple[tuple[str, str], ...]) -> tuple[PhraseBook, tuple[Diagnostic, ...]]:
    """Compiling takes a second; the same files, which are compiled again and again, take it once."""
    files = dict(texts)
    drafts: dict[str, _Draft] = {}
    problems: list[Diagnostic] = []
    contract: Contract | None = None
    for path in sorted(files, key=lambda p: (_name(p) != WORDS_FILE, p)):  # spellings before what is spelled
        if _name(path) == CONTRACT_FILE:
            contract, found = read_intents(files[path], path)
            problems += found
            continue
        language = _language(path)
        read = read_yaml(files[path], path)
        draft = drafts.setdefault(language, _new_draft(language))
        draft.problems += read.problems
        if not isinstance(read.root, MapNode):
            if not read.problems:
                draft.problems.append(
                    _problem(Place(path), "This file holds no phrases.", 'Write "phrases: |" and lines.')
                )
            continue
        if _name(path) == WORDS_FILE:
            _read_words(draft, read.root)
        else:
            _read_intent_file(draft, _name(path), read.root)
    for draft in drafts.values():
        problems += draft.problems if held(contract, draft.language) else as_warnings(draft.problems)
    return PhraseBook({tag: _compiled(draft) for tag, draft in drafts.items()}, contract), tuple(problems)


def held(contract: Contract | None, language: str) -> bool:
    """False for a language that is still being written: the contract names languages, and not this one."""
    return contract is None or not contract.languages or language in contract.languages


def as_warnings(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [replace(problem, severity=Severity.WARNING) for problem in problems]


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
    """What all phrases of the language share. Spellings and ignored words first, wherever they stand: all else uses them."""
    order = {name: place for place, name in enumerate(_WORD_LISTS)}
    for key, node in sorted(root.entries, key=lambda entry: order.get(entry[0].text, len(order))):
        if key.text == "same_as" and isinstance(node, MapNode):
            meant = {typed.text: said.text.split() for typed, said in node.entries if isinstance(said, ScalarNode)}
            draft.spellings |= {typed: tuple(words) for typed, words in meant.items()}
        elif key.text == "ignored":
            draft.ignored = {line for line, _ in _lines(draft, node)}
            draft.fillers += [(word,) for word in sorted(draft.ignored)]
        elif key.text == "fillers":
            draft.fillers += _patterns(draft, node)
        elif key.text == "groups" and isinstance(node, MapNode):
            for name, members in node.entries:
                draft.groups[f"<{name.text}>"] = _patterns(draft, members)
        else:
            sentence = f'"{key.text}" means nothing here.{did_you_mean(key.text, _WORD_LISTS)}'
            draft.problems.append(_problem(key.place, sentence, f"Known are {', '.join(_WORD_LISTS)}."))


def _read_intent_file(draft: _Draft, intent: str, root: MapNode) -> None:
    for key, node in root.entries:
        if key.text in tuple(Part):
            _read_part(draft, intent, Part(key.text), None, node)
        elif key.text == "examples":
            draft.examples += [Example(intent, line, place) for line, place in _lines(draft, node)]
        elif key.text in _LISTS and isinstance(node, MapNode):
            for kind, lines in node.entries:
                _read_kind(draft, intent, key.text, kind, lines)
        else:
            sentence = f'"{key.text}" is no part of a phrase file.{did_you_mean(key.text, _LISTS)}'
            draft.problems.append(_problem(key.place, sentence, f"Known are {', '.join(_LISTS)}."))


def _read_kind(draft: _Draft, intent: str, name: str, kind: ScalarNode, node: Node) -> None:
    """The lines of one topic or question."""
    if name == "topics":
        _read_part(draft, intent, Part.PHRASES, kind.text, node)
    elif name == "topic_examples":
        draft.examples += [Example(intent, line, place, topic=kind.text) for line, place in _lines(draft, node)]
    elif kind.text in QUESTIONS:
        draft.examples += [Example(intent, line, place, question=kind.text) for line, place in _lines(draft, node)]
    else:
        draft.problems.append(_problem(kind.place, f'"{kind.text}" is no question.', "Known are Q01 to Q64."))


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
    return compile_language(
        draft.language, slots, draft.spellings, draft.phrases, draft.fillers, draft.groups, draft.examples
    )
