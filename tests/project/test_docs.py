"""Every setting and every command is documented, and every command's help has an example."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.config import _Environment

ROOT = Path(__file__).parents[2]


def commands(command: object, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    if not inner:
        return [words]
    own = [words] if words and getattr(command, "invoke_without_command", False) else []
    return own + [found for name, one in inner.items() for found in commands(one, (*words, name))]


ALL = commands(get_command(app))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    command = get_command(app)
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    assert f"Example: gracebot {' '.join(words)}" in re.sub(r"\s+", " ", command.help or "") or "Example: GRACE_" in (
        command.help or ""
    )


def test_every_setting_stands_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in _Environment.model_fields if f"GRACE_{name.upper()}=" not in example]
    assert missing == []


def test_help_is_there_without_the_heavy_modules() -> None:
    script = "import sys\nfrom bot.cli import app\nprint(sorted(m for m in sys.modules if m in ('telegram','sqlmodel','aiohttp','babel','holidays')))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
