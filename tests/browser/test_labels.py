"""The page's own words: each language has the same entries with the same values to fill in."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "bot" / "standin" / "page"
LABELS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (PAGE / "labels").glob("*.json")}
#: Plural forms differ from language to language; "zero" may be written where a sentence of its own reads better.
PLURALS = {"zero", "one", "two", "few", "many", "other"}


def shape(entry: Any) -> Any:
    """What must be alike in all languages: the codes that get a word, and the names of the values."""
    if isinstance(entry, str):
        return sorted(set(re.findall(r"\{(\w+)\}", entry)))
    if set(entry) <= PLURALS:
        return shape(entry["other"])
    return {code: shape(word) for code, word in entry.items()}


def test_every_language_has_the_same_entries() -> None:
    english = {key: shape(entry) for key, entry in LABELS["en"].items()}
    assert set(LABELS) == {"en", "zh-Hans"}
    assert {tag: {key: shape(entry) for key, entry in words.items()} for tag, words in LABELS.items()} == {
        tag: english for tag in LABELS
    }


def test_every_entry_is_used_by_the_page() -> None:
    source = "".join(file.read_text(encoding="utf-8") for suffix in ("*.js", "*.html") for file in PAGE.glob(suffix))
    # Some keys are put together from a part and a code, such as `send_${what}` or `${key}_empty`.
    composed = re.compile(r"send_(photo|voice|sticker|location)|(timers|commitments|deliveries|why)_empty")
    unused = {
        key for key in LABELS["en"] if not re.search(rf"""["'`]{key}["'`]""", source) and not composed.fullmatch(key)
    }
    assert unused == set()
