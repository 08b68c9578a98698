"""`phrases add` writes into the draft, and only what may stand there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

_ROOT = Path(__file__).resolve().parents[3]
_SAID = "wages stuck again, spare me one week sir"


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with the English phrases alone, and an empty one for tests."""
    shutil.copytree(_ROOT / "locales" / "en", tmp_path / "locales" / "en")
    (tmp_path / "tests" / "en").mkdir(parents=True)
    monkeypatch.setenv("GRACE_DIALOGS_DIR", str(_ROOT / "dialogs"))
    monkeypatch.setenv("GRACE_LOCALES_DIR", str(tmp_path / "locales"))
    return tmp_path


def added(draft: Path, *more: str) -> tuple[int, str]:
    command = ["phrases", "add", "request_extension", _SAID, "--tests", str(draft / "tests"), *more]
    result = CliRunner().invoke(app, command)
    return result.exit_code, result.output


def test_a_message_is_learned_from_or_tested_with_never_both(draft: Path) -> None:
    code, output = added(draft)
    file = draft / "locales" / "en" / "phrases" / "request_extension.yaml"
    assert (code, f"{file}: added." in output) == (0, True), output
    assert f"\n  {_SAID}\n" in file.read_text("utf-8")
    again, told = added(draft, "--test")
    assert (again, "This is an example of request_extension already" in told) == (1, True), told
    assert not list((draft / "tests" / "en").iterdir())


def test_a_tested_sentence_is_no_example_any_more(draft: Path) -> None:
    code, output = added(draft, "--test")
    assert code == 0, output
    assert (draft / "tests" / "en" / "request_extension.yaml").read_text("utf-8") == f'says:\n  - "{_SAID}"\n'
    again, told = added(draft)
    assert (again, "This is tested already." in told) == (1, True), told
