"""One quick pass over a file's bytes: what kind of file it is, its encoding, and whether its lines have a sane length."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from pathlib import Path

from bot.loanbook.problems import RowProblem, problem
from bot.spreadsheets.encoding import CODECS, detect, mark_of, named

CHUNK = 1024 * 1024
_SAMPLED_BYTES = 128 * 1024
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"SQLite format 3", "a database"),
)


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file is: `kind` workbook or text; `codec` reads its text; `name` is the encoding's; `lines` about how many."""

    kind: str
    codec: str
    name: str
    lines: int


def probe(path: Path, encoding: str | None) -> Probe | RowProblem:
    """Looks through the whole file once, a megabyte at a time. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4096)
        if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
            return problem("empty_file")
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return Probe("workbook", "", "", 0)
        for magic, what in _FOREIGN:
            if head.startswith(magic):
                return problem("not_a_table", what=what)
        file.seek(0)
        seen = _Seen()
        while chunk := file.read(CHUNK):
            if not seen.look(chunk):
                return problem("line_too_long", size=CHUNK)
    codec = named(encoding, head) if encoding else _detected(head, seen)
    if isinstance(codec, RowProblem):
        return codec
    name = next((name for name, known in CODECS.items() if known == codec), codec)
    return Probe("text", codec, name, seen.lines)


def _detected(head: bytes, seen: _Seen) -> str | RowProblem:
    if mark := mark_of(head):
        return CODECS[mark]
    if b"\0" in head:
        return problem("encoding_unclear", readings="UTF-16 without its mark, or no text at all", example="utf-16-le")
    if seen.is_utf8:
        return CODECS["utf-8"]
    name = detect(head.partition(b"\n")[0], seen.samples)
    return name if isinstance(name, RowProblem) else CODECS[name]


@dataclass(slots=True)
class _Seen:
    """What was seen so far. `samples` are whole lines with bytes beyond ASCII, up to some size."""

    lines: int = 0
    samples: list[bytes] = field(default_factory=list)
    is_utf8: bool = True
    _size: int = 0
    _rest: bytes = b""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def look(self, chunk: bytes) -> bool:
        """False where a whole chunk has no line break, so that no line is ever longer than two chunks."""
        self.lines += chunk.count(b"\n")
        if len(chunk) == CHUNK and b"\n" not in chunk and b"\r" not in chunk:
            return False
        if chunk.isascii() and not self._rest:
            return True
        try:
            self._decoder.decode(chunk, final=len(chunk) < CHUNK)
        except UnicodeDecodeError:
            self.is_utf8 = False
        self._sample(chunk)
        return True

    def _sample(self, chunk: bytes) -> None:
        if self._size >= _SAMPLED_BYTES:
            self._rest = b""
            return
        lines = (self._rest + chunk).split(b"\n")
        # A line that the next chunk continues must not be cut through a character.
        self._rest = lines.pop() if len(chunk) == CHUNK else b""
        for line in lines:
            if not line.isascii() and self._size < _SAMPLED_BYTES:
                self.samples.append(line)
                self._size += len(line)
