"""Reading phrase files: lines of phrases, spellings, fillers and groups, with every mistake and its place.

A file is `<language>/phrases/<intent>.yaml`; `words.yaml` beside it holds what all of a language's phrases share, and
the language all of whose phrases are understood as well: traditional Chinese stands on the simplified ones.
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
_STANDS_ON = "stands_on"
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
        """A piece of a phrase as the lexicon would read it from a message, but for misspellings: an author writes "agent"
        and never means "arent"."""
        if self.plain is None:
            self.plain = Lexicon(self.spellings, ())
        if text not in self.read_before:
            plain = normalize(text, self.language)
            read = [word for word in self.plain.read(plain) if word.kind not in (Kind.MARK, Kind.END)]
            # One misspelled word may stand for several: as it was written, it stands once.
            written = {word.start: plain.text[word.start : word.end] for word in read if not word.sure}
            said = [word.text if word.sure else written.pop(word.start, "") for word in read]
            self.read_before[text] = tuple(text for text in said if text and text not in self.ignored)
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
    problems: list[Diagnostic] = []
    contract: Contract | None = None
    roots: dict[str, dict[str, MapNode]] = {}
    drafts: dict[str, _Draft] = {}
    for path in sorted(files):
        if _name(path) == CONTRACT_FILE:
            read, found = read_intents(files[path], path)
            contract = read if read.intents else None  # one mistake, not one for every phrase
            problems += found
            continue
        language = language_of(path)
        draft = drafts.setdefault(language, _Draft(language, dict(grammar_for(language).spellings)))
        root = _root(draft, files[path], path)
        if root is not None:
            roots.setdefault(language, {})[_name(path)] = root
    for language, draft in drafts.items():
        _read_language(draft, roots.get(language, {}), roots)
        problems += draft.problems if held(contract, draft.language) else as_warnings(draft.problems)
    return PhraseBook({tag: _compiled(draft) for tag, draft in drafts.items()}, contract), tuple(problems)


def held(contract: Contract | None, language: str) -> bool:
    """False for a language that is still being written: the contract names languages, and not this one."""
    return contract is None or not contract.languages or language in contract.languages


def as_warnings(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [replace(problem, severity=Severity.WARNING) for problem in problems]


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".yaml")


def language_of(path: str) -> str:
    """The language tag of the folder: zh_Hans is zh-Hans."""
    parts = path.split("/")
    return parts[-3].replace("_", "-") if len(parts) >= 3 else "und"


def _root(draft: _Draft, text: str, path: str) -> MapNode | None:
    read = read_yaml(text, path)
    draft.problems += read.problems
    if isinstance(read.root, MapNode):
        return read.root
    if not read.problems:
        draft.problems.append(_problem(Place(path), "This file holds no phrases.", 'Write "phrases: |" and lines.'))
    return None


def _read_language(draft: _Draft, own: Mapping[str, MapNode], roots: Mapping[str, Mapping[str, MapNode]]) -> None:
    """The files of a language, by name, behind those of the language that it stands on; spellings before what is spelled."""
    below: Mapping[str, MapNode] = {}
    words = own.get(WORDS_FILE)
    base = words.get(_STANDS_ON) if words is not None else None
    if isinstance(base, ScalarNode):
        below = roots.get(base.text, {})
        if not below or base.text == draft.language:
            sentence = f'"{base.text}" is no other language with phrases.{did_you_mean(base.text, roots)}'
            draft.problems.append(_problem(base.place, sentence, "Write its tag, such as zh-Hans."))
            below = {}
    _read_words(draft, [those[WORDS_FILE] for those in (below, own) if WORDS_FILE in those])
    told = len(draft.problems)
    for name, root in below.items():
        if name != WORDS_FILE:
            _read_intent_file(draft, name, root)
    # The mistakes and the examples of the language below are its own: the first are told once, the second learned once.
    del draft.problems[told:]
    draft.examples.clear()
    for name, root in own.items():
        if name != WORDS_FILE:
            _read_intent_file(draft, name, root)


def _problem(place: Place, sentence: str, fix: str) -> Diagnostic:
    return Diagnostic(place, "U010", sentence, fix)


def _read_words(draft: _Draft, roots: Iterable[MapNode]) -> None:
    """What all phrases of the language share. Spellings and ignored words first, wherever they stand: all else uses them."""
    order = {name: place for place, name in enumerate(_WORD_LISTS)}
    entries = (entry for root in roots for entry in root.entries)
    for key, node in sorted(entries, key=lambda entry: order.get(entry[0].text, len(order))):
        if key.text == "same_as" and isinstance(node, MapNode):
            # As a message is read: "甚" is looked up when traditional characters have become simplified ones.
            meant = {
                typed.text: normalize(said.text, draft.language).text.split()
                for typed, said in node.entries
                if isinstance(said, ScalarNode)
            }
            draft.spellings |= {normalize(t, draft.language).text: tuple(words) for t, words in meant.items()}
        elif key.text == "ignored":
            ignored = {line for line, _ in _lines(draft, node)}
            draft.ignored |= ignored
            draft.fillers += [(word,) for word in sorted(ignored)]
        elif key.text == "fillers":
            draft.fillers += _patterns(draft, node)
        elif key.text == "groups" and isinstance(node, MapNode):
            for name, members in node.entries:
                draft.groups.setdefault(f"<{name.text}>", []).extend(_patterns(draft, members))
        elif key.text != _STANDS_ON:
            sentence = f'"{key.text}" means nothing here.{did_you_mean(key.text, _WORD_LISTS)}'
            draft.problems.append(_problem(key.place, sentence, f"Known are {', '.join((*_WORD_LISTS, _STANDS_ON))}."))


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
