"""The shipped phrases and contract, read once, and the sentences of the language tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bot.domain.diagnostics import Severity
from bot.domain.understanding import HearingContext, SlotValue, Understanding
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.understanding.phrases import PhraseBook, read_phrases
from bot.understanding.understand import understand

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
#: A Saturday.
TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Said:
    """One sentence and what it must mean. `slots` None: only the intent counts."""

    language: str
    intent: str
    text: str
    topic: str | None = None
    slots: dict[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.language}/{self.intent}: {self.text}"


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, str]:
    files = {str(p.relative_to(ROOT)): p.read_text("utf-8") for p in sorted(ROOT.glob("locales/*/phrases/*.yaml"))}
    return files | {"dialogs/intents.yaml": (ROOT / "dialogs/intents.yaml").read_text("utf-8")}


@lru_cache(maxsize=1)
def shipped_book() -> PhraseBook:
    book, problems = read_phrases(shipped_files())
    errors = [str(problem) for problem in problems if problem.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)
    return book


def heard(text: str, language: str, **context: object) -> Understanding:
    """The text understood with the shipped phrases, on a Saturday."""
    return understand(text, HearingContext(language, TODAY, **context), shipped_book())  # type: ignore[arg-type]


def sentences() -> list[Said]:
    return [said for path in sorted(HERE.glob("*/*.yaml")) for said in _sentences(path)]


def _sentences(path: Path) -> list[Said]:
    language = path.parent.name.replace("_", "-")
    root = read_yaml(path.read_text("utf-8"), str(path)).root
    assert isinstance(root, MapNode), path
    says = root.get("says")
    assert isinstance(says, ListNode), path
    return [_said(language, path.stem, node) for node in says.items]


def _said(language: str, intent: str, node: Node) -> Said:
    if isinstance(node, ScalarNode):
        return Said(language, intent, node.text)
    assert isinstance(node, MapNode), node
    fields = {key.text: value for key, value in node.entries}
    text, topic, slots = fields["say"], fields.get("topic"), fields.get("slots")
    assert isinstance(text, ScalarNode), node.place
    return Said(
        language,
        intent,
        text.text,
        topic.text if isinstance(topic, ScalarNode) else None,
        {k.text: v.text for k, v in slots.entries if isinstance(v, ScalarNode)} if isinstance(slots, MapNode) else None,
    )


def slot_texts(meaning: Understanding) -> dict[str, str]:
    """The slots as the tests write them: `500 CNY`, `1/2`, `2026-11-27`, `3`."""
    return {slot.name: _text(slot) for slot in meaning.slots}


def _text(slot: SlotValue) -> str:
    if slot.amount is not None:
        if slot.amount.share is not None:
            return "/".join(str(part) for part in slot.amount.share)
        return " ".join(part for part in (slot.amount.number, slot.amount.currency) if part)
    return str(slot.day or slot.number or slot.text)
