"""Terms: each language says one thing with one word, and a sentence that does not is shown."""

from __future__ import annotations

import pytest

from bot.domain.yaml_reading import read_yaml
from bot.texts.po_files import Entry
from bot.texts.terms import read_terms, terms_left_out


def _left_out(english: str, said: str, **flags: object) -> list[str]:
    entry = Entry("a.b", (english,), (said,), line=7, **flags)
    terms = {"promise": ("promesa",), "instalment": ("cuota", "plazo")}
    return [str(found) for found in terms_left_out(terms, (entry,), "bot.po")]


def test_sentence_without_the_settled_word_is_shown_with_its_place() -> None:
    assert _left_out("Your promises are kept.", "Sus compromisos se cumplieron.") == [
        'bot.po:7:1 G014 "promise" is not said as promesa here. '
        "Use that word, or leave it where the language has to say it otherwise."
    ]


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Your promise", "Su Promesa"),
        ("Two instalments", "Dos plazos"),
        ("A compromise", "Un acuerdo"),
        ("%(promise)s", "%(promise)s"),
        ("A promising day", "Un buen día"),
    ],
)
def test_settled_words_and_other_words_are_no_matter(english: str, said: str) -> None:
    assert _left_out(english, said) == []


def test_what_is_not_said_is_not_looked_at() -> None:
    assert _left_out("Promise", "Otra", flags=frozenset({"fuzzy"})) == []
    assert _left_out("Promise", "Otra", obsolete=True) == []
    assert _left_out("Promise", "") == []


def test_file_of_terms_is_read_with_one_word_or_several() -> None:
    assert read_terms(read_yaml("{terms: {promise: 承诺, waiver: [减免, 免除]}}", "terms.yaml")) == (
        {"promise": ("承诺",), "waiver": ("减免", "免除")},
        (),
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("words: {}", ["G013"]),
        ("[promise]", ["G013"]),
        ("{terms: {a: [], b: [x, {y: z}], c: ''}}", ["G013", "G013", "G013"]),
        ("terms: [", ["Y002"]),
    ],
)
def test_what_is_no_list_of_terms_is_named(text: str, codes: list[str]) -> None:
    terms, problems = read_terms(read_yaml(text, "terms.yaml"))
    assert terms == {}
    assert [p.code for p in problems] == codes
