"""What a call may carry: the table of methods and fields, read from JSON and from form fields alike."""

from typing import Any

import pytest

from bot.standin.arguments import Upload, check_call
from bot.standin.calls import CALLS
from bot.standin.methods import METHODS
from bot.standin.refusals import Refusal

ANSWERED_BY_THE_SERVER = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}


def refused(method: str, **given: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as caught:
        check_call(method, given)
    return caught.value.code, caught.value.description


def test_every_method_of_the_table_is_carried_out_and_no_other() -> None:
    assert set(CALLS) | ANSWERED_BY_THE_SERVER == set(METHODS)


def test_form_fields_are_read_as_their_types() -> None:
    call = check_call(
        "sendMessage",
        {
            "chat_id": "7",
            "text": "5",
            "disable_notification": "true",
            "reply_markup": '{"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}',
        },
    )
    assert call.fields == {
        "chat_id": "7",
        "text": "5",
        "disable_notification": True,
        "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]},
    }


def test_method_names_do_not_mind_case() -> None:
    assert check_call("SENDMESSAGE", {"chat_id": 7, "text": "x"}).method == "sendMessage"


def test_unknown_methods_are_not_found() -> None:
    assert refused("sendMoney", chat_id=7) == (404, "Not Found: method not found")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"chat_id": 7, "text": "x", "colour": "red"}, 'unknown parameter "colour" in sendMessage'),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "", "text": "x"}, "chat_id is empty"),
        ({"chat_id": 7}, "message text is empty"),
        ({"chat_id": 7, "text": 5}, 'field "text" must be of type String'),
        ({"chat_id": True, "text": "x"}, 'field "chat_id" must be of type String'),
        ({"chat_id": 7, "text": "x", "message_thread_id": "soon"}, 'field "message_thread_id" must be of type Number'),
        ({"chat_id": 7, "text": "x", "message_thread_id": 1.5}, 'field "message_thread_id" must be of type Number'),
        ({"chat_id": 7, "text": "x", "protect_content": "yes"}, 'field "protect_content" must be of type Boolean'),
        ({"chat_id": 7, "text": "x", "entities": {}}, 'field "entities" must be of type Array'),
        ({"chat_id": 7, "text": "x", "entities": [3]}, "MessageEntity must be an Object"),
        ({"chat_id": 7, "text": "x", "reply_markup": []}, "object expected as reply markup"),
        ({"chat_id": 7, "text": "x", "reply_markup": {}}, "object expected as reply markup"),
        ({"chat_id": 7, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"chat_id": 7, "text": "x", "reply_markup": {"buttons": 1}}, 'unknown field "buttons" in reply_markup'),
        ({"chat_id": 7, "text": "x", "reply_parameters": {"quote": "q"}}, 'can\'t find field "message_id"'),
        (
            {"chat_id": 7, "text": "x", "link_preview_options": {"is_disabled": "yes"}},
            'field "is_disabled" must be of type Boolean',
        ),
        (
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": "bad"}},
            'field "inline_keyboard" must be of type Array',
        ),
        (
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "colour": "red"}]]}},
            'can\'t parse inline keyboard button: Unknown field "colour" in InlineKeyboardButton',
        ),
    ],
)
def test_what_the_table_does_not_allow_is_refused(given: dict[str, Any], why: str) -> None:
    assert refused("sendMessage", **given) == (400, f"Bad Request: {why}")


def test_files_come_as_their_own_part_or_attached() -> None:
    upload = Upload("qr.png", "image/png", b"\x89PNG")
    assert check_call("sendPhoto", {"chat_id": 7}, {"photo": upload}).get("photo") is upload
    assert check_call("sendPhoto", {"chat_id": 7, "photo": "attach://f"}, {"f": upload}).get("photo") is upload


def test_a_photo_that_is_not_there_is_refused() -> None:
    assert refused("sendPhoto", chat_id=7) == (400, "Bad Request: there is no photo in the request")
    assert refused("sendPhoto", chat_id=7, photo="attach://f")[1] == (
        "Bad Request: can't find the attached file attach://f"
    )


def test_media_groups_take_the_kinds_that_are_served() -> None:
    assert refused("sendMediaGroup", chat_id=7, media=[{"type": "video", "media": "x"}])[1] == (
        'Bad Request: can\'t parse InputMedia: type "video" is not known here'
    )


def test_reply_keys_may_be_plain_text() -> None:
    markup = {"keyboard": [["Yes", {"text": "Share", "request_contact": True}]]}
    assert check_call("sendMessage", {"chat_id": 7, "text": "x", "reply_markup": markup}).get("reply_markup") == markup
