"""The text of .po files: read into entries, every mistake of form at once, and written as GNU gettext writes it.

Reading is one pass over the lines, so that no file can hang it or grow; nothing in a header is ever run. What was read and
written once more is the same text.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.diagnostics import Diagnostic, Place
from bot.texts.po_wrapping import wrapped

MAX_BYTES = 4 * 1024 * 1024
#: No language has more plural forms.
_MOST_FORMS = 6
#: A file with more is not worth reading on.
_MOST_PROBLEMS = 100
#: Editors break longer comments, so they are broken here already.
_COMMENT_WIDTH = 76

_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?)?[ \t]*"((?:[^"\\]|\\.)*)"\Z')
#: Babel takes "#| msgid" for a comment, and breaks it anywhere.
_BABELS_PREVIOUS = ("# | msg", '# | "')
_ESCAPE = re.compile(r"\\(.)")
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", '"': '"', "\\": "\\"}
_ESCAPED = str.maketrans({text: f"\\{letter}" for letter, text in _UNESCAPED.items()})
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NO_CONTROLS = "There is a control character in this line."
_FIX = "Open it in a catalog editor and save it again."


@dataclass(frozen=True, slots=True)
class Previous:
    """The source from which the words of a fuzzy entry were taken over."""

    context: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a .po file. `sources` are the singular and, where there is one, the plural; `forms` its translation.

    `comments` are the translators' own, `notes` those made by extraction. The header is the entry with an empty source.
    """

    context: str | None
    sources: tuple[str, ...]
    forms: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    previous: Previous | None = None
    obsolete: bool = False
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.context or "", self.sources[0]

    @property
    def is_header(self) -> bool:
        return self.sources == ("",) and self.context is None

    @property
    def fuzzy(self) -> bool:
        return "fuzzy" in self.flags

    @property
    def is_translated(self) -> bool:
        """Every form is filled in, and nobody doubts it."""
        return bool(self.forms) and all(self.forms) and not self.fuzzy


@dataclass(slots=True)
class _Open:
    """An entry while its lines go by."""

    line: int = 0
    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    texts: dict[str, list[str]] = field(default_factory=dict)
    old: dict[str, list[str]] = field(default_factory=dict)
    last: list[str] | None = None
    obsolete: bool = False
    babels: bool = False
    broken: bool = False

    def closed(self) -> Entry:
        texts = {name: "".join(parts) for name, parts in self.texts.items()}
        old = {name: "".join(parts) for name, parts in self.old.items()}
        return Entry(
            context=texts.get("msgctxt"),
            sources=_sources(texts),
            forms=tuple(texts[name] for name in sorted(n for n in texts if n.startswith("msgstr"))),
            comments=tuple(self.comments),
            notes=tuple(self.notes),
            places=tuple(self.places),
            flags=frozenset(self.flags),
            previous=Previous(old.get("msgctxt"), _sources(old)) if "msgid" in old else None,
            obsolete=self.obsolete,
            line=self.line,
        )


def _sources(texts: dict[str, str]) -> tuple[str, ...]:
    plural = texts.get("msgid_plural")
    return (texts["msgid"],) if plural is None else (texts["msgid"], plural)


def read_entries(text: str, file: str) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """All entries in their order, obsolete ones too, and everything that is not of the form of a .po file (code G001).

    Of two entries with the same context and source the first counts; the second is a problem (G010).
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        size = MAX_BYTES // 1024 // 1024
        return (), (_fault(file, 0, f"The catalog is larger than {size} MiB.", "Remove what is not used."),)
    reader = _Reader(file)
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if len(reader.problems) >= _MOST_PROBLEMS:
            break
        reader.take(line.rstrip("\r \t"), number)
    reader.close()
    return tuple(reader.entries.values()), tuple(reader.problems)


class _Reader:
    """One pass: a comment or a first keyword after a translation begins a new entry."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.entries: dict[tuple[str | None, str, bool], Entry] = {}
        self.problems: list[Diagnostic] = []
        self.open = _Open()

    def take(self, line: str, number: int) -> None:
        if not line:
            if any(name.startswith("msgstr") for name in self.open.texts):
                self.close()
        elif line.startswith("#~"):
            rest = line[2:].lstrip()
            if rest.startswith("|"):
                self.previous(rest[1:].lstrip(), number)
            elif rest:
                self.words(rest, number, obsolete=True)
        elif line.startswith("#|"):
            self.previous(line[2:].lstrip(), number)
        elif line.startswith("#"):
            self.comment(line, number)
        else:
            self.words(line, number, obsolete=False)

    def comment(self, line: str, number: int) -> None:
        if self.open.texts:
            self.close()
        if _CONTROL.search(line):
            self.fault(number, _NO_CONTROLS)
        kind, rest = line[1:2], line[2:].strip()
        if kind == ".":
            self.open.notes.append(rest)
        elif kind == ":":
            self.open.places.extend(rest.split())
        elif kind == ",":
            self.open.flags.update(flag.strip() for flag in rest.split(",") if flag.strip())
        elif line.startswith(_BABELS_PREVIOUS) or self.open.babels:
            self.open.babels = True
        else:
            self.open.comments.append(line[1:].strip())

    def previous(self, line: str, number: int) -> None:
        if self.open.texts:
            self.close()
        self.string(line, number, self.open.old)

    def words(self, line: str, number: int, obsolete: bool) -> None:
        starts = line.startswith(("msgctxt", "msgid ", 'msgid"'))
        begun = "msgid" in self.open.texts if line.startswith("msgid") else bool(self.open.texts)
        if starts and begun:
            self.close()
        if not self.open.texts:
            self.open.line = number
            self.open.last = None
        self.open.obsolete = obsolete
        self.string(line, number, self.open.texts)

    def string(self, line: str, number: int, texts: dict[str, list[str]]) -> None:
        if _CONTROL.search(line):
            self.fault(number, _NO_CONTROLS)
            return
        found = _LINE.match(line)
        if found is None:
            self.fault(number, "This line is neither a comment nor a keyword with a text in quotes.")
            return
        name, index, quoted = found.groups()
        if name is None:
            if self.open.last is None:
                self.fault(number, "This text belongs to no keyword.")
                return
            self.open.last.append(_unescaped(quoted))
        elif name in texts:
            self.fault(number, f"{name} stands twice in this entry.")
        elif index is not None and int(index) >= _MOST_FORMS:
            self.fault(number, f"No language has a form {index}.")
        else:
            self.open.last = texts[name] = [_unescaped(quoted)]

    def close(self) -> None:
        done, self.open = self.open, _Open()
        if done.broken or not (done.texts or done.old):
            return
        if "msgid" not in done.texts or not any(name.startswith("msgstr") for name in done.texts):
            missing = "msgstr" if "msgid" in done.texts else "msgid"
            self.problems.append(_fault(self.file, done.line or 1, f"This entry has no {missing}.", _FIX))
            return
        if done.old and "msgid" not in done.old:
            done.old.clear()
        entry = done.closed()
        key = (entry.context, entry.sources[0], entry.obsolete)
        if key in self.entries:
            if not entry.obsolete:
                sentence = f"The same message stands in line {self.entries[key].line} already."
                self.problems.append(
                    Diagnostic(Place(self.file, entry.line, 1), "G010", sentence, "Keep one of the two.")
                )
            return
        self.entries[key] = entry

    def fault(self, number: int, sentence: str) -> None:
        # Half a sentence would be worse than none.
        self.open.broken = True
        self.problems.append(_fault(self.file, number, sentence, _FIX))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _UNESCAPED.get(found.group(1), found.group(1)), text)


def _fault(file: str, line: int, sentence: str, fix: str) -> Diagnostic:
    return Diagnostic(Place(file, line, 1 if line else 0), "G001", sentence, fix)


def write_entries(entries: Iterable[Entry]) -> str:
    """The text of a .po file, as `msgcat` writes it."""
    return "\n".join("".join(f"{line}\n" for line in _lines(entry)) for entry in entries)


def _lines(entry: Entry) -> Iterator[str]:
    for comment in entry.comments:
        for line in textwrap.wrap(comment, _COMMENT_WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
            yield f"# {line}".rstrip()
    mark = "#~ " if entry.obsolete else ""
    if not entry.obsolete:
        yield from (f"#. {note}" for note in entry.notes)
        yield from (f"#: {place}" for place in entry.places)
    if entry.flags:
        yield "#, " + ", ".join(sorted(entry.flags, key=lambda flag: (flag != "fuzzy", flag)))
    if entry.previous is not None:
        old = "#~| " if entry.obsolete else "#| "
        yield from _keyword(old, "msgctxt", entry.previous.context)
        yield from _keyword(old, "msgid", entry.previous.sources[0])
        yield from _keyword(old, "msgid_plural", entry.previous.sources[1] if entry.previous.sources[1:] else None)
    yield from _keyword(mark, "msgctxt", entry.context)
    yield from _keyword(mark, "msgid", entry.sources[0])
    if len(entry.sources) == 1:
        yield from _keyword(mark, "msgstr", entry.forms[0] if entry.forms else "")
        return
    yield from _keyword(mark, "msgid_plural", entry.sources[1])
    for number, form in enumerate(entry.forms):
        yield from _keyword(mark, f"msgstr[{number}]", form)


def _keyword(mark: str, name: str, text: str | None) -> Iterator[str]:
    if text is None:
        return
    parts = [part for part in re.split(r"(?<=\n)", text) if part]
    lines = [line for part in parts for line in wrapped(part.translate(_ESCAPED), 0, len(mark))]
    # What fits behind its keyword stands there; all else begins on a line of its own.
    one = not parts or (len(parts) == 1 and len(wrapped(parts[0].translate(_ESCAPED), len(name) + 1, len(mark))) == 1)
    if one:
        yield f'{mark}{name} "{lines[0] if lines else ""}"'
        return
    yield f'{mark}{name} ""'
    yield from (f'{mark}"{line}"' for line in lines)
