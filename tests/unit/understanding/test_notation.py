from __future__ import annotations

import pytest

from bot.understanding.notation import PhraseFault, labels, read_phrase, sentences


def plain(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def said(phrase: str) -> set[str]:
    return {" ".join(row) for row in sentences(read_phrase(phrase, plain))}


def test_alternatives_and_optional_words_stand_for_all_their_sentences() -> None:
    assert said("(can|could) i pay [it] later") == {
        "can i pay later",
        "can i pay it later",
        "could i pay later",
        "could i pay it later",
    }


def test_brackets_within_brackets_are_read() -> None:
    assert said("pay (now|[very] soon)") == {"pay now", "pay soon", "pay very soon"}


def test_slots_groups_and_gaps_are_labels() -> None:
    assert set(labels(read_phrase("<can i> pay {amount} ... {date}", plain))) == {
        "<can i>",
        "pay",
        "{amount}",
        "...",
        "{date}",
    }


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("pay (now", "missing"),
        ("pay now)", "stands alone"),
        ("pay {date", "missing"),
        ("[please]", "Nothing must be said"),
        ("", "Nothing must be said"),
        ("... pay", "not at an end"),
        ("pay ... [now]", "not at an end"),
        ("((((((((a))))))))", "too many brackets"),
    ],
)
def test_a_phrase_with_a_fault_says_what_is_wrong(phrase: str, fault: str) -> None:
    with pytest.raises(PhraseFault, match=fault):
        read_phrase(phrase, plain)
