"""Checking scripts: what the pages of docs/diagnostics show, and silence about what is sound."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.dialog.check import check_script
from bot.dialog.parse import parse_script
from bot.domain.diagnostics import Severity
from bot.services.rehearse import lexicons_of
from bot.texts.catalogs import Catalog, Catalogs
from tests.conversations.shipped import shipped
from tests.unit.dialog.diagnostic_pages import PAGES, Example, examples
from tests.unit.dialog.scripts import ENGLISH, FILES
from tests.unit.dialog.small_script import problems_of

_EXAMPLES = examples()

#: What cannot be shown on a page: it takes a large file, or the lack of something in the whole script.
_SHOWN_BELOW = {"Y001", "Y005", "S046", "S048", "S049", "S094"}


@pytest.mark.parametrize("example", _EXAMPLES, ids=str)
def test_check_says_of_an_example_what_its_page_says(example: Example) -> None:
    found = example.found()
    assert len(found) == len(example.said)
    # A page leaves out lists of what is known, which grow.
    assert all(line.startswith(said) for line, said in zip(found, example.said, strict=True)), found
    assert {line.split()[2] for line in example.said} <= {example.code}


def test_every_page_has_examples_each_with_its_place() -> None:
    shown = {example.code for example in _EXAMPLES if example.said}
    # What `catalogs status` alone finds is tested with it.
    assert {page.stem for page in PAGES.glob("*.md")} == shown | _SHOWN_BELOW | {"G012", "G013", "G014"}
    assert all(re.match(r"(error|warning): \S+:\d+:\d+ [YSG]\d{3} .+", x) for e in _EXAMPLES for x in e.said)


def test_there_are_more_than_sixty_kinds_of_mistake_with_pages() -> None:
    assert len({example.code for example in _EXAMPLES if example.said}) > 60


def test_small_script_has_no_mistakes() -> None:
    assert problems_of({}) == ()


def test_language_without_forbidden_words_is_found() -> None:
    lexicons = lexicons_of(shipped().files)
    found = check_script(shipped().script, Catalogs({"sw": Catalog("sw")}), None, lexicons)
    assert [(p.code, p.place.file) for p in found if p.code != "S046"] == [("S094", "locales/sw/LC_MESSAGES/bot.po")]


def test_faulty_translation_is_not_missing_besides() -> None:
    live = shipped()
    chinese = live.catalogs.by_language["zh-Hans"]
    key = ("promise.card", "Is this right?")
    spoilt = replace(chinese, entries={k: v for k, v in chinese.entries.items() if k != key}, faulty=frozenset({key}))
    assert "S045" not in {p.code for p in check_script(live.script, Catalogs({"zh-Hans": spoilt})) if "card" in str(p)}


def _without(path: str, text: str = "", by: str = "") -> list[str]:
    files = dict(FILES)
    if text:
        assert text in files[path]
        files[path] = files[path].replace(text, by)
    else:
        del files[path]
    script, problems = parse_script(files)
    assert script is not None, problems
    return [p.code for p in check_script(script, ENGLISH)]


def test_sentences_and_flows_of_the_engine_cannot_be_removed() -> None:
    assert "S048" in _without("dialogs/flows/shared.yaml", "  group: Hello. I only", "  crowd: Hello. I only")
    assert "S048" in _without("dialogs/flows/reminders.yaml", "  promise_kept:", "  promise_done:")
    assert "S048" in _without("dialogs/flows/not_understood.yaml")


def test_safety_intent_without_a_flow_is_found() -> None:
    assert "S049" in _without("dialogs/flows/distress.yaml")


def test_missing_translation_is_found_where_the_sentence_stands() -> None:
    live = shipped()
    chinese = live.catalogs.by_language["zh-Hans"]
    entries = {k: v for k, v in chinese.entries.items() if k != ("promise.card", "Is this right?")}
    problems = check_script(live.script, Catalogs({"zh-Hans": Catalog("zh-Hans", entries)}))
    assert [(p.code, p.place.file) for p in problems] == [("S045", "dialogs/flows/promise.yaml")]


def test_sentence_missing_in_several_languages_is_one_mistake() -> None:
    live = shipped()
    short = {}
    for tag in ("zh-Hans", "es"):
        entries = live.catalogs.by_language[tag].entries
        short[tag] = Catalog(tag, {k: v for k, v in entries.items() if k != ("promise.card", "Is this right?")})
    (problem,) = check_script(live.script, Catalogs(short))
    assert (problem.code, problem.sentence) == ("S045", "This is not translated into es, zh-Hans.")


def test_language_that_is_mostly_missing_is_one_mistake() -> None:
    assert [p.code for p in check_script(shipped().script, Catalogs({"es": Catalog("es")}))] == ["S046"]
    assert check_script(shipped().script, Catalogs({"es": Catalog("es")}), required=["en"]) == ()


def test_label_too_long_in_a_translation_is_found() -> None:
    live = shipped()
    chinese = live.catalogs.by_language["zh-Hans"]
    entries = {**chinese.entries, ("promise.card", "Confirm"): ("确认" * 13,)}
    problems = check_script(live.script, Catalogs({"zh-Hans": replace(chinese, entries=entries)}))
    assert [p.place.file for p in problems if p.code == "S043"] == ["dialogs/flows/promise.yaml"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You are welcome.", "Pay now or else."),
        ("You are welcome.", "Wait 3 days."),
    ],
)
def test_forbidden_wording_is_found(old: str, new: str) -> None:
    files = {**FILES, "dialogs/flows/thanks.yaml": FILES["dialogs/flows/thanks.yaml"].replace(old, new)}
    script, _ = parse_script(files)
    assert script is not None
    assert {p.code for p in check_script(script, ENGLISH, None, lexicons_of(shipped().files))} == {"S047"}


def test_word_of_debt_in_a_reminders_preview_is_found() -> None:
    path = "dialogs/flows/reminders.yaml"
    files = {
        **FILES,
        path: FILES[path].replace("Hello, this is the automated", "Hello, your loan is due, says the automated", 1),
    }
    script, _ = parse_script(files)
    assert script is not None
    assert {p.code for p in check_script(script, ENGLISH, None, lexicons_of(shipped().files))} == {"S047"}


def test_shipped_flows_are_sound_in_every_language() -> None:
    live = shipped()
    found = check_script(live.script, live.catalogs, None, lexicons_of(live.files))
    assert [str(p) for p in found if p.severity is Severity.ERROR] == []
