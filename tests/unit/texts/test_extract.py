"""Extraction: translators get every sentence that the parser reads, with where it stands and a sample of every value."""

from __future__ import annotations

import io

from babel.messages.extract import extract

from bot.cli.catalog_files import catalog_path, template_of, updated
from bot.texts.catalogs import read_catalog
from bot.texts.extract import extract_flows, extract_sentences
from tests.conversations.shipped import ROOT, shipped

_FLOW = """
flow: visit
title: A visit
steps:
  when:
    ask: "When, %(borrower_name)s?"
    type: date
    choices: [{label: Today, value: x}]
    reject: [{if: when < today, say: That was before.}]
  many: {say: {one: "%(when)s, %(days_past_due)s day", other: "%(when)s, %(days_past_due)s days", count: days_past_due}}
  list: {say: [{each: loans, text: "Loan %(loan_number)s"}, A plain line.]}
  bye: Good-bye.
  done: end
"""


def test_every_kind_of_sentence_is_found_with_its_context() -> None:
    found = [(messages, line) for line, _, messages, _ in extract_sentences(_FLOW, "visit.yaml")]
    assert [m for m, _ in found] == [
        ("visit.title", "A visit"),
        ("visit.when", "When, %(borrower_name)s?"),
        ("visit.when", "Today"),
        ("visit.when", "That was before."),
        ("visit.many", "%(when)s, %(days_past_due)s day", "%(when)s, %(days_past_due)s days"),
        ("visit.list", "Loan %(loan_number)s"),
        ("visit.list", "A plain line."),
        ("visit.bye", "Good-bye."),
    ]
    assert found[0][1] == 3


def test_translators_are_told_where_how_long_and_with_which_values() -> None:
    comments = {messages[1]: comments for _, _, messages, comments in extract_sentences(_FLOW, "visit.yaml")}
    assert comments["Today"] == ["Flow visit, step when. A button: at most 24 characters."]
    assert comments["%(when)s, %(days_past_due)s day"] == [
        "Flow visit, step many.",
        "%(days_past_due)s: 4",
        "%(when)s: Friday, 27 November",
    ]


def test_babel_finds_them_through_the_entry_point() -> None:
    keywords = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
    found = list(extract(extract_flows, io.BytesIO(_FLOW.encode()), keywords=keywords))
    assert [(messages, context) for _, messages, _, context in found][:2] == [
        ("A visit", "visit.title"),
        ("When, %(borrower_name)s?", "visit.when"),
    ]
    assert (("%(when)s, %(days_past_due)s day", "%(when)s, %(days_past_due)s days"), "visit.many") in [
        (messages, context) for _, messages, _, context in found
    ]


def test_unreadable_file_gives_no_entries() -> None:
    assert list(extract_sentences("flow: [", "x.yaml")) == []
    assert list(extract_sentences("- a", "x.yaml")) == []
    assert list(extract_sentences("flow: x", "x.yaml")) == []


def test_extractor_and_parser_see_the_same_sentences() -> None:
    parsed = {(s.context, s.source) for _, s in shipped().script.sentences()}
    extracted = set()
    for path in sorted((ROOT / "dialogs/flows").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        extracted |= {(messages[0], messages[1]) for _, _, messages, _ in extract_sentences(text, path.name)}
    assert extracted == parsed


def test_shipped_catalogs_are_complete_and_an_update_changes_nothing() -> None:
    template = template_of(ROOT / "dialogs")
    for tag in ("en", "zh-Hans"):
        path = catalog_path(ROOT / "locales", tag)
        before = path.read_text(encoding="utf-8")
        catalog, problems = read_catalog(before, tag)
        assert problems == ()
        assert len(catalog.entries) == len(template)
        assert updated(template, before, tag).decode() == before


def test_update_keeps_translations_drops_old_ones_and_guesses_none() -> None:
    template = template_of(ROOT / "dialogs")
    old = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "promise.card"\nmsgid "Confirm"\nmsgstr "Confirmar"\n\n'
        'msgctxt "promise.card"\nmsgid "Confirmed"\nmsgstr "Confirmado"\n'
    )
    catalog, _ = read_catalog(updated(template, old, "es").decode(), "es")
    assert dict(catalog.entries) == {("promise.card", "Confirm"): ("Confirmar",)}
