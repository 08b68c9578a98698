"""Hindi words by their sound: Devanagari in Latin letters, and a known word found by how it sounds."""

from __future__ import annotations

import pytest

from bot.understanding.normalize import normalize
from bot.understanding.sounds import in_latin, sound, sound_of
from bot.understanding.words import Lexicon


@pytest.mark.parametrize(
    ("devanagari", "latin"),
    [
        ("नहीं", "nahi"),
        ("करूँगा", "karunga"),
        ("थोड़ा", "thoda"),
        ("समझना", "samajhna"),
        ("मतलब", "matlab"),
        ("कंपनी", "kampani"),
        ("ज्ञान", "gyaan"),
        ("loan", "loan"),
    ],
)
def test_devanagari_becomes_the_latin_letters_that_people_type(devanagari: str, latin: str) -> None:
    assert in_latin(devanagari) == latin


@pytest.mark.parametrize(
    ("one", "other"), [("zaroor", "jarur"), ("phir", "fir"), ("wapas", "vapas"), ("सोमवार", "somvar")]
)
def test_spellings_of_one_sound_have_one_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_words_that_differ_in_more_than_spelling_keep_apart() -> None:
    assert sound("din") != sound("dunga")


def test_only_languages_spelled_by_ear_are_heard() -> None:
    assert sound_of("hi") is sound
    assert sound_of("en") is None


def test_an_unknown_word_is_the_known_one_that_sounds_the_same() -> None:
    lexicon = Lexicon({}, ("kaam", "kam", "jarur"), sound)
    read = [word.text for word in lexicon.read(normalize("काम kam zaroor", "hi"))]
    assert read == ["kaam", "kam", "jarur"]


def test_two_letters_are_never_heard_as_another_word() -> None:
    assert [word.text for word in Lexicon({}, ("vo",), sound).read(normalize("wo", "hi"))] == ["wo"]


def test_a_lexicon_without_sound_leaves_devanagari_alone() -> None:
    assert [word.text for word in Lexicon({}, ("nahi",)).read(normalize("नहीं", "en"))] == ["नहीं"]


def test_a_word_keeps_the_place_where_it_stood_in_devanagari() -> None:
    (first, second) = Lexicon({}, ("nahi", "kal"), sound).read(normalize("नहीं कल", "hi"))
    assert (first.start, first.end, second.start, second.end) == (0, 4, 5, 7)
