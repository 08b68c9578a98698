"""A message that somebody labelled becomes an example to learn from, or a sentence to test with: never both.

What was learned by heart proves nothing, so a sentence stands in one place only, and nowhere with a person in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.domain.diagnostics import did_you_mean
from bot.understanding.book import PhraseBook
from bot.understanding.redacting import redacted

_EXAMPLES = "examples: |"
_SAYS = "says:"


def in_one_line(text: str) -> str:
    """The message as it can stand on a line of its own."""
    return " ".join(text.split())


def problem_with(line: str, intent: str, language: str, book: PhraseBook, tested: Iterable[str]) -> str | None:
    """Why the line cannot stand for this intent, as a sentence; None where it can. `tested` are sentences of tests."""
    intents = book.contract.intents if book.contract else {}
    if intent not in intents:
        return f'"{intent}" is no intent.{did_you_mean(intent, intents)}'
    if language not in book.languages:
        return f'There are no phrases in "{language}".{did_you_mean(language, book.languages)}'
    if not _plain(line) or line.startswith("#"):
        return "Write a message with words; a line that begins with # is a comment."
    without = redacted(line, (), book.knows)
    if without != line:
        return f"This may tell who somebody is; write it without, or names in small letters: {without}"
    for example in book.languages[language].examples:
        if _plain(example.text) == _plain(line):
            return f"This is an example of {example.intent} already, in {example.place}."
    return "This is tested already." if _plain(line) in {_plain(text) for text in tested} else None


def with_example(file: str, line: str) -> str:
    """The text of a phrase file with one more example, behind those it has."""
    lines = file.splitlines()
    if _EXAMPLES not in lines:
        return "\n".join([*lines, _EXAMPLES, f"  {line}", ""])
    end = start = lines.index(_EXAMPLES) + 1
    for place in range(start, len(lines)):
        if lines[place].startswith("  "):
            end = place + 1
        elif lines[place].strip():
            break
    return "\n".join([*lines[:end], f"  {line}", *lines[end:], ""])


def with_tested(file: str, line: str) -> str:
    """The text of a file of language tests with one more sentence at its end."""
    return "\n".join([*(file.splitlines() or [_SAYS]), f"  - {json.dumps(line, ensure_ascii=False)}", ""])


def _plain(text: str) -> str:
    """Without capitals and signs, as examples are compared."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
