"""Problems on the console: each with its place, code, sentence, fix and page; on a terminal also the line it stands in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.output import Format, write_rows
from bot.cli.session import say
from bot.domain.diagnostics import Diagnostic, Place, page_of

if TYPE_CHECKING:
    from bot.config import Settings

#: Longer lines are shown from near the place on.
_WIDEST = 100
_COLUMNS = ("file", "line", "column", "code", "severity", "sentence", "fix", "page")


def write_problems(problems: Sequence[Diagnostic], form: Format, line_at: Callable[[Place], str]) -> None:
    """All problems: as rows, as one line each, or drawn on a terminal. `line_at` gives the line of a place, or nothing."""
    if form is not Format.TABLE:
        write_rows([_row(problem) for problem in problems], form, _COLUMNS)
        return
    for problem in problems:
        say(drawn(problem, line_at(problem.place)) if sys.stdout.isatty() else _line(problem))
    say(f"{len(problems)} found" if problems else "Everything is in order.")


def drawn(problem: Diagnostic, line: str) -> str:
    """The problem with the line it stands in and a mark below the place."""
    place, margin = problem.place, " " * len(str(problem.place.line))
    shown = [f"{problem.severity.value} {problem.code}: {problem.sentence}", f"{margin}--> {place}"]
    if line and place.line:
        before, rest = _around(line, place.column)
        shown += [f"{margin} |", f"{place.line} | {before}{rest}", f"{margin} | {' ' * _width(before)}^"]
    return "\n".join([*shown, f"{margin} = {problem.fix}", f"{margin} = see {page_of(problem.code)}", ""])


def lines_of(settings: Settings) -> Callable[[Place], str]:
    """The lines of the draft on disk."""

    def line_at(place: Place) -> str:
        folder, _, name = place.file.partition("/")
        path = {"dialogs": settings.dialogs_dir, "locales": settings.locales_dir}.get(folder, Path(folder)) / name
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return ""  # such a file is itself the problem, and its sentence says so
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    return line_at


def _row(problem: Diagnostic) -> dict[str, object]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "sentence": problem.sentence,
        "fix": problem.fix,
        "page": page_of(problem.code),
    }


def _line(problem: Diagnostic) -> str:
    return f"{problem.severity.value}: {problem} ({page_of(problem.code)})"


def _around(line: str, column: int) -> tuple[str, str]:
    """What stands before the column and from it on, cut to what fits; nothing in it can steer a terminal."""
    plain = "".join(c if c.isprintable() else " " for c in line)
    start = max(0, column - 1 - _WIDEST // 2) if len(plain) > _WIDEST else 0
    return plain[start : column - 1], plain[column - 1 : start + _WIDEST]


def _width(text: str) -> int:
    """Columns of a terminal: Chinese takes two for a character."""
    from rich.cells import cell_len

    return cell_len(text)
