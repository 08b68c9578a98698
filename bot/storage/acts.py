"""An act for a channel as JSON text and back, for the outbox."""

from __future__ import annotations

import json
from typing import Any, assert_never

from bot.domain.delivery import AnswerPress, Button, ChannelAct, Content, LeaveChat, SendMessage, StripButtons
from bot.storage.types import to_json


def act_to_json(act: ChannelAct) -> str:
    match act:
        case SendMessage(content=content):
            rows = [[_button(b) for b in row] for row in content.rows]
            flags = [content.markup, content.remove_reply_keyboard, content.protect]
            return to_json({"act": "send", "text": content.text, "rows": rows, "how": flags})
        case StripButtons(message_key=key):
            return to_json({"act": "strip", "message": key})
        case AnswerPress(query_id=query_id, text=text):
            return to_json({"act": "answer", "query": query_id, "text": text})
        case LeaveChat():
            return to_json({"act": "leave"})
    assert_never(act)


def act_from_json(stored: str) -> ChannelAct:
    """Raises ValueError for an act that this version does not know."""
    body: dict[str, Any] = json.loads(stored)
    match body["act"]:
        case "send":
            markup, remove, protect = body["how"]
            rows = tuple(tuple(Button(*button) for button in row) for row in body["rows"])
            return SendMessage(Content(body["text"], rows, markup, remove, protect))
        case "strip":
            return StripButtons(body["message"])
        case "answer":
            return AnswerPress(body["query"], body["text"])
        case "leave":
            return LeaveChat()
        case unknown:
            raise ValueError(f"the outbox holds an act {unknown!r} that this version does not know")


def text_of(act: ChannelAct) -> str | None:
    """The words that a person gets to read."""
    match act:
        case SendMessage(content=content):
            return content.text
        case AnswerPress(text=text):
            return text
        case _:
            return None


def _button(button: Button) -> list[Any]:
    return [button.label, button.data, button.url, button.copy_text, button.request_contact, button.style]
