from __future__ import annotations

import pytest

from bot.understanding.normalize import LOOKED_AT, normalize


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I Will PAY", "i will pay"),
        ("ＰＡＹ　５００！", "pay 500!"),
        ("٣٠٠ ३५", "300 35"),
        ("don’t — “now”", 'don\'t - "now"'),
        ("pa\u200by\ufeff \u202eme", "pay me"),
        ("nooooooo!!!!!!", "nooo!!!"),
        ("500000", "500000"),
        ("a    b", "a b"),
        ("cafe\u0301", "café"),
    ],
)
def test_one_form_for_every_way_of_typing(typed: str, plain: str) -> None:
    assert normalize(typed, "en").text == plain


def test_traditional_characters_are_read_by_simplified_phrases_only() -> None:
    assert normalize("週五還錢", "zh-Hans").text == "周五还钱"
    assert normalize("週五還錢", "en").text == "週五還錢"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("Dừng", "dừng"), ("dừng lại!", "dừng lai!"), ("đúng", "dung"), ("dừng gọi cho tôi", "dung goi cho toi")],
)
def test_vietnamese_stop_alone_is_not_read_as_right(typed: str, plain: str) -> None:
    assert normalize(typed, "vi").text == plain


def test_span_points_at_what_was_typed() -> None:
    typed = "\u200bＩ pay  ５００ now"
    plain = normalize(typed, "en")
    start = plain.text.index("500")
    begin, end = plain.span(start, start + 3)
    assert typed[begin:end] == "５００"


def test_start_and_end_of_an_overlong_text_are_read_and_kept_apart() -> None:
    plain = normalize("ab" * 20_000 + "the end", "en").text
    assert len(plain) <= sum(LOOKED_AT) + 1
    assert "\n" in plain
    assert plain.endswith("the end")


def test_marks_piled_on_one_letter_are_cut() -> None:
    assert len(normalize("e" + "\u0334" * 2_000, "en").text) <= 4


def test_one_sign_never_becomes_a_whole_sentence() -> None:
    assert len(normalize("\ufdfa", "ar").text) <= 4
