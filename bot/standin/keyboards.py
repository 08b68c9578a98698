"""What Telegram demands of buttons, beyond the shape that the table gives: one action each, 64 bytes of data, real links.

The shape (fields and their types) was checked before, in `arguments.py`.
"""

import re
from typing import Any

from bot.standin.refusals import Refusal, bad_request

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_STYLES = {"danger", "success", "primary"}
_MOST_BUTTONS = 100
_MOST_DATA_BYTES = 64
_MOST_COPIED = 256
_HTTP_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+\w[\w-]*(?::\d+)?(?:[/?#]\S*)?|https?://localhost(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Raises `Refusal` (400) where Telegram would refuse the keyboard of a message."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        buttons = [button for row in markup["inline_keyboard"] for button in row]
        for button in buttons:
            _check_inline(button)
        if len(buttons) > _MOST_BUTTONS:
            raise bad_request("reply markup is too long")
    elif "keyboard" in markup:
        if not any(markup["keyboard"]):
            raise bad_request("reply keyboard is empty")
        for key in (key for row in markup["keyboard"] for key in row):
            _check_key({"text": key} if isinstance(key, str) else key)
    elif markup.get("remove_keyboard") is False:
        raise bad_request("object expected as reply markup")


def _check_inline(button: dict[str, Any]) -> None:
    _check_label(button, "inline keyboard button")
    # An empty query is an action of its own; an empty address or empty data is none.
    given = [name for name in _ACTIONS if button.get(name) not in (None, "", False) or _is_query(button, name)]
    if not given:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        raise bad_request(f"can't parse inline keyboard button: only one of {' and '.join(given)} may be given")
    _check_action(given[0], button[given[0]])


def _check_action(name: str, value: Any) -> None:
    match name:
        case "callback_data" if len(value.encode()) > _MOST_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        case "url":
            _check_link(value)
        case "copy_text" if not 1 <= len(value["text"]) <= _MOST_COPIED:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "web_app":
            _check_web_app(value["url"], "inline keyboard button")
        case "pay" | "callback_game":
            raise bad_request("BUTTON_TYPE_INVALID")
        case "login_url":
            raise bad_request("BOT_DOMAIN_INVALID")


def _is_query(button: dict[str, Any], name: str) -> bool:
    return name.startswith("switch_inline_query") and button.get(name) is not None


def _check_key(key: dict[str, Any]) -> None:
    _check_label(key, "keyboard button")
    if "web_app" in key:
        _check_web_app(key["web_app"]["url"], "keyboard button")


def _check_label(button: dict[str, Any], kind: str) -> None:
    if not button["text"].strip():
        raise bad_request(f"{kind} text must be non-empty")
    if button.get("style") not in {None, *_STYLES}:
        raise bad_request(f"can't parse {kind}: Unsupported style specified")


def _check_link(url: str) -> None:
    if url.startswith("tg://") and len(url) > len("tg://"):
        return
    if "://" in url and not url.lower().startswith(("http://", "https://")):
        raise _invalid_link("inline keyboard button URL", url, "Unsupported URL protocol")
    if not _HTTP_ADDRESS.fullmatch(url):
        raise _invalid_link("inline keyboard button URL", url, "Wrong HTTP URL")


def _check_web_app(url: str, kind: str) -> None:
    if not url.startswith("https://"):
        raise _invalid_link(f"{kind} Web App URL", url, "Only HTTPS links are allowed")


def _invalid_link(what: str, url: str, why: str) -> Refusal:
    return bad_request(f"{what} '{url}' is invalid: {why}")
