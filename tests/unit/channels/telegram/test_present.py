"""How content looks as parameters of sendMessage. Keyboards are compared with python-telegram-bot's own objects."""

from __future__ import annotations

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.telegram.present import parts, plain, present
from bot.domain.delivery import Button, Content


def test_plain_text_has_no_parse_mode_and_no_link_preview() -> None:
    assert present(77, Content("1 < 2 & 10.5")) == (
        {"chat_id": 77, "text": "1 < 2 & 10.5", "link_preview_options": {"is_disabled": True}},
    )


def test_html_says_so_and_protected_content_is_protected() -> None:
    assert present(77, Content("<b>Total</b>", markup="html", protect=True)) == (
        {
            "chat_id": 77,
            "text": "<b>Total</b>",
            "link_preview_options": {"is_disabled": True},
            "parse_mode": "HTML",
            "protect_content": True,
        },
    )


def test_buttons_stand_as_telegram_wants_them() -> None:
    rows = (
        (Button("Confirm", data="signed", style="success"), Button("Cancel", data="other")),
        (Button("Pay", url="https://pay.example/1"), Button("Copy", copy_text="DE02")),
    )
    (message,) = present(77, Content("Choose", rows))
    expected = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Confirm", callback_data="signed", style="success"),
                InlineKeyboardButton("Cancel", callback_data="other"),
            ],
            [
                InlineKeyboardButton("Pay", url="https://pay.example/1"),
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("DE02")),
            ],
        ]
    )
    assert InlineKeyboardMarkup.de_json(message["reply_markup"], None) == expected
    assert message["reply_markup"]["inline_keyboard"][0][0]["style"] == "success"


def test_a_button_that_asks_for_the_contact_makes_a_reply_keyboard() -> None:
    rows = ((Button("Share my number", request_contact=True),), (Button("Another way", data="signed"),))
    (message,) = present(77, Content("Who are you?", rows))
    expected = ReplyKeyboardMarkup(
        [[KeyboardButton("Share my number", request_contact=True)], [KeyboardButton("Another way")]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
    assert message["reply_markup"] == expected.to_dict()


def test_the_reply_keyboard_is_taken_away_when_asked() -> None:
    (message,) = present(77, Content("Thank you", remove_reply_keyboard=True))
    assert message["reply_markup"] == ReplyKeyboardRemove().to_dict() == {"remove_keyboard": True}


def test_buttons_win_over_taking_the_keyboard_away() -> None:
    (message,) = present(77, Content("Next", ((Button("Go", data="d"),),), remove_reply_keyboard=True))
    assert message["reply_markup"] == {"inline_keyboard": [[{"text": "Go", "callback_data": "d"}]]}


def test_an_empty_text_makes_no_message() -> None:
    assert present(77, Content("")) == ()
    assert present(77, Content(" \n ")) == ()


def test_a_text_of_4096_characters_is_one_message() -> None:
    assert parts("x" * 4096, as_html=False) == ["x" * 4096]


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert [len(part) for part in parts("\U0001f600" * 2049, as_html=False)] == [2048, 1]


def test_a_long_text_is_cut_between_paragraphs_and_buttons_stand_last() -> None:
    first, second = "a" * 3000 + "\nend", "b" * 500 + "\n" + "b" * 2500
    messages = present(77, Content(f"{first}\n\n{second}", ((Button("Go", data="d"),),)))
    assert [message["text"].strip() for message in messages] == [first, second]
    assert "reply_markup" not in messages[0]
    assert messages[1]["reply_markup"] == {"inline_keyboard": [[{"text": "Go", "callback_data": "d"}]]}


def test_without_paragraphs_lines_are_cut_and_without_lines_words() -> None:
    lines = "\n".join(["word " * 200] * 5)
    assert all(part.rstrip().endswith("word") for part in parts(lines, as_html=False))
    assert "".join(parts(lines, as_html=False)) == lines
    words = "word " * 1000
    assert [part[-5:] for part in parts(words, as_html=False)] == ["word ", "word "]


def test_marks_open_at_the_cut_are_closed_and_opened_again() -> None:
    first, second = "a" * 4000, "b" * 4000
    assert parts(f'<b>T <i class="x">{first}\n\n{second}</i></b>', as_html=True) == [
        f'<b>T <i class="x">{first}\n\n</i></b>',
        f'<b><i class="x">{second}</i></b>',
    ]


def test_html_counts_what_is_read_not_what_is_written() -> None:
    assert parts("&amp;" * 4096, as_html=True) == ["&amp;" * 4096]
    assert parts("&amp;" * 4097, as_html=True) == ["&amp;" * 4096, "&amp;"]


def test_pieces_of_space_are_dropped() -> None:
    assert parts("a" * 4000 + " " * 9000, as_html=False) == ["a" * 4000 + " " * 96]


def test_plain_shows_what_html_would_have_shown() -> None:
    assert plain('<b>1 &lt; 2</b> <a href="https://x.example/?a=1&amp;b=2">&amp; more</a>') == "1 < 2 & more"
