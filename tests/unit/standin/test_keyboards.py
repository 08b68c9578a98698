"""What Telegram demands of the buttons under a message."""

from typing import Any

import pytest

from bot.standin.keyboards import check_keyboard
from bot.standin.refusals import Refusal


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Press", **button}]]}


@pytest.mark.parametrize(
    "markup",
    [
        None,
        inline(callback_data="x" * 64),
        inline(callback_data="中" * 21, style="success"),
        inline(url="https://bank.test/pay?id=1"),
        inline(url="t.me/gracebot"),
        inline(url="tg://user?id=7"),
        inline(copy_text={"text": "6222 0000"}),
        inline(switch_inline_query=""),
        {"inline_keyboard": []},
        {"keyboard": [["Yes", {"text": "Share my number", "request_contact": True}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
    ],
)
def test_proper_keyboards_pass(markup: dict[str, Any] | None) -> None:
    check_keyboard(markup)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (inline(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (inline(callback_data="中" * 22), "BUTTON_DATA_INVALID"),
        (
            inline(callback_data=""),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (inline(), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (
            inline(callback_data="x", url="https://x.test"),
            "can't parse inline keyboard button: only one of url and callback_data may be given",
        ),
        (
            inline(callback_data="x", style="pink"),
            "can't parse inline keyboard button: Unsupported style specified",
        ),
        (inline(url="not-a-url"), "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
        (inline(url="ftp://x.test"), "inline keyboard button URL 'ftp://x.test' is invalid: Unsupported URL protocol"),
        (inline(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(pay=True), "BUTTON_TYPE_INVALID"),
        (
            inline(web_app={"url": "http://x.test"}),
            "inline keyboard button Web App URL 'http://x.test' is invalid: Only HTTPS links are allowed",
        ),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}, "inline keyboard button text must be non-empty"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}, "reply markup is too long"),
        ({"keyboard": [[]]}, "reply keyboard is empty"),
        ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
        ({"remove_keyboard": False}, "object expected as reply markup"),
    ],
)
def test_other_keyboards_are_refused(markup: dict[str, Any], why: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_keyboard(markup)
    assert caught.value.description == f"Bad Request: {why}"
