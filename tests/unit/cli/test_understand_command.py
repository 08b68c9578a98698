from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("GRACE_DIALOGS_DIR", str(_ROOT / "dialogs"))
    monkeypatch.setenv("GRACE_LOCALES_DIR", str(_ROOT / "locales"))
    monkeypatch.setenv("GRACE_SECRET_KEY", "x" * 32)
    return CliRunner()


def test_a_message_is_explained_with_the_line_that_decided(command: CliRunner) -> None:
    shown = command.invoke(app, ["understand", "我周五还500", "--language", "zh-Hans", "--today", "2026-11-21"])
    assert shown.exit_code == 0, shown.output
    assert "intent    promise_to_pay" in shown.output
    assert "zh_Hans/phrases/promise_to_pay.yaml:" in shown.output
    assert "slot      date = 2026-11-27  ('周五' at 1 to 3)" in shown.output
    assert "slot      amount = 500  ('500' at 4 to 7)" in shown.output


def test_a_file_gives_one_line_for_each_of_its_lines(command: CliRunner, tmp_path: Path) -> None:
    messages = tmp_path / "messages.jsonl"
    rows = [
        {"lang": "en", "text": "will you take me to court", "today": "2026-11-21"},
        {"lang": "en", "text": "my wife died"},
        {"lang": "zh-Hans", "text": "下周五还2000块", "today": "2026-11-21"},
    ]
    messages.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    shown = command.invoke(app, ["understand", str(messages), "--today", "2026-11-21"])
    assert shown.exit_code == 0, shown.output
    assert [json.loads(line) for line in shown.output.splitlines()] == [
        {"intent": "ask_consequences", "topic": "legal", "slots": {}},
        {"intent": "vulnerability_risk", "topic": None, "slots": {}},
        {
            "intent": "promise_to_pay",
            "topic": None,
            "slots": {"date": "2026-11-27", "amount": 2000, "currency": "CNY"},
        },
    ]


@pytest.mark.parametrize("line", ["{", "[]", '{"lang": "en"}', '{"text": "x", "today": "soon"}'])
def test_a_line_that_cannot_be_read_is_named(command: CliRunner, tmp_path: Path, line: str) -> None:
    messages = tmp_path / "messages.jsonl"
    messages.write_text(f'{{"lang": "en", "text": "hello"}}\n{line}\n', encoding="utf-8")
    shown = command.invoke(app, ["understand", str(messages)])
    assert shown.exit_code == 2
    assert "messages.jsonl:2:" in shown.stderr


def test_a_day_that_is_none_is_wrong_use(command: CliRunner) -> None:
    assert command.invoke(app, ["understand", "hello", "--today", "tomorrow"]).exit_code == 2
