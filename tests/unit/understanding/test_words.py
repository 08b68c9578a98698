from __future__ import annotations

import pytest

from bot.understanding.normalize import normalize
from bot.understanding.words import KEPT, Kind, Lexicon


def read(text: str, spellings: dict[str, tuple[str, ...]] | None = None, known: tuple[str, ...] = ()) -> list[str]:
    lexicon = Lexicon(spellings or {}, known)
    return [word.text for word in lexicon.read(normalize(text, "en"))]


def test_chinese_characters_are_words_and_numbers_keep_their_separators() -> None:
    assert read("我还1,250.50元ok") == ["我", "还", "1,250.50", "元", "ok"]


def test_punctuation_and_pictures_are_told_from_words() -> None:
    words = Lexicon({}, ()).read(normalize("ok, done. 👍 $5", "en"))
    kinds = [word.kind for word in words]
    expected = [Kind.WORD, Kind.MARK, Kind.WORD, Kind.END, Kind.PICTURE, Kind.WORD, Kind.NUMBER]
    assert kinds == expected


def test_a_spelling_stands_for_all_its_words() -> None:
    assert read("I can't pls", {"can't": ("can", "not"), "pls": ("please",)}) == ["i", "can", "not", "please"]


@pytest.mark.parametrize("typed", ["extenson", "extensoin", "extensionn", "extentsion"])
def test_one_wrong_letter_in_a_longer_word_is_forgiven(typed: str) -> None:
    assert read(typed, known=("extension",)) == ["extension"]


@pytest.mark.parametrize("typed", ["loam", "extnsin", "还款吗"])
def test_short_words_two_wrong_letters_and_characters_are_not_guessed_at(typed: str) -> None:
    assert "".join(read(typed, known=("loan", "extension", "还"))) == typed


def test_a_forgiven_word_is_less_sure() -> None:
    (word,) = Lexicon({}, ("payment",)).read(normalize("paymnt", "en"))
    assert (word.text, word.sure) == ("payment", False)


def test_letters_held_down_and_possessives_are_read() -> None:
    assert read("pleeeease mother's sooo", known=("please", "mother", "so")) == ["please", "mother", "so"]


def test_of_very_many_words_the_first_and_the_last_are_read() -> None:
    words = read("x " * 3_000 + "help")
    assert len(words) == sum(KEPT) + 1
    assert words[-1] == "help"
