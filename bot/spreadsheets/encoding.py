"""Which encoding a text file is in: by its mark, by being valid UTF-8, or by the only reading that makes sense.

GB18030, Big5 and CP1252 let nearly any bytes through, so decoding alone proves nothing. A reading makes sense where four of five
characters beyond ASCII are ordinary for it: frequent Chinese characters for the first two, accented letters inside Latin
words for the third. Where two readings make sense, or none does, the file's owner must say.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from bot.loanbook.problems import RowProblem, problem, shown

#: Our name for each encoding that is detected, and the codec that reads it and its usual extensions.
CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "gb18030": "gb18030", "big5": "cp950", "cp1252": "cp1252"}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SENSIBLE = 0.8

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_RUN = re.compile(r"([A-Za-z]?)([^\x00-\x7f]+)([A-Za-z]?)")
_LATIN_LETTERS = frozenset("ŠšŽžŒœŸ" + "".join(map(chr, range(0xC0, 0x100)))) - {"×", "÷"}
_LATIN_SIGNS = frozenset("£€°ºª§«»¿¡·–—’‘“”…´\xa0")


def mark_of(head: bytes) -> str | None:
    """The encoding that the file's first bytes name."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def named(name: str, head: bytes) -> str | RowProblem:
    """The codec for an encoding that the user named, or why it cannot be that one."""
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, ValueError):
        return problem("encoding_unheard_of", name=shown(name))
    mark = mark_of(head)
    if mark and not codec.name.startswith(mark):
        return problem("encoding_contradicted", mark=mark, name=shown(name))
    return CODECS.get(codec.name, codec.name)


def detect(first_line: bytes, samples: Sequence[bytes]) -> str | RowProblem:
    """The name of the encoding of lines that hold bytes beyond ASCII, or why it cannot be told.

    Where most lines are valid UTF-8, that is the encoding, and the others are damaged.
    """
    valid = sum(_is_utf8(line) for line in samples)
    if valid * 2 > len(samples):
        return "utf-8"
    text = b"\n".join(samples)
    sensible = [name for name in ("gb18030", "big5", "cp1252") if _makes_sense(text, name)]
    readings = {name: text.decode(CODECS[name], "replace") for name in sensible}
    if len(set(readings.values())) == 1:
        return sensible[0]
    if not sensible:
        return problem("encoding_unknown")
    # Only the first line is shown: it holds names of columns, the others hold people's.
    examples = [f"{name}{_example(first_line, name)}" for name in sensible]
    return problem("encoding_unclear", readings=" or ".join(examples), example=sensible[0])


def _example(line: bytes, name: str) -> str:
    text = line.decode(CODECS[name], "replace").strip()
    return f" ({shown(text)})" if _BEYOND_ASCII.search(text) else ""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _makes_sense(sample: bytes, name: str) -> bool:
    text = sample.decode(CODECS[name], "replace")
    beyond = len(_BEYOND_ASCII.findall(text))
    ordinary = _ordinary_latin(text) if name == "cp1252" else _ordinary_chinese(text, name)
    return beyond > 0 and ordinary >= _SENSIBLE * beyond


def _ordinary_chinese(text: str, name: str) -> int:
    """How many characters are frequent ones (the first level of GB 2312 or Big5) or Chinese punctuation."""
    charset, first, last = ("gb2312", 0xB0, 0xD7) if name == "gb18030" else ("big5", 0xA4, 0xC6)
    count = 0
    for character in _BEYOND_ASCII.findall(text):
        lead = character.encode(charset, "ignore")[:1]
        count += bool(lead) and (first <= lead[0] <= last or 0xA1 <= lead[0] <= 0xA3)
    return count


def _ordinary_latin(text: str) -> int:
    """How many characters are signs, or accented letters, two in a row at most, beside a plain letter."""
    count = 0
    for before, run, after in _RUN.findall(text):
        letters = len(run) <= 2 and (before or after) and all(character in _LATIN_LETTERS for character in run)
        if letters or all(character in _LATIN_SIGNS for character in run):
            count += len(run)
    return count
