"""The stand-in's table against the machine-readable specification of the Bot API, and its answers against its types.

Needs GRACE_TEST_DATA, a folder that holds botapi/api.json; without it these tests fail.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.standin import Limits, StandIn
from bot.standin.arguments import Call, check_call
from bot.standin.calls import CALLS
from bot.standin.methods import METHODS, OBJECTS, Field

Specification = dict[str, Any]
SCALARS = {"Integer": int, "Float": float, "String": str, "Boolean": bool}


@pytest.fixture(scope="session")
def specification() -> Specification:
    path = Path(os.environ["GRACE_TEST_DATA"]) / "botapi" / "api.json"
    read: Specification = json.loads(path.read_text(encoding="utf-8"))
    return read


def as_specified(fields: dict[str, Field]) -> dict[str, tuple[list[str], bool]]:
    return {name: (sorted(field.types), field.required) for name, field in fields.items()}


def specified(fields: list[dict[str, Any]]) -> dict[str, tuple[list[str], bool]]:
    return {field["name"]: (sorted(field["types"]), field["required"]) for field in fields}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_has_the_fields_of_the_specification(name: str, specification: Specification) -> None:
    assert as_specified(METHODS[name].fields) == specified(specification["methods"][name].get("fields", []))


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_an_object_has_the_fields_of_the_specification(name: str, specification: Specification) -> None:
    assert as_specified(OBJECTS[name]) == specified_object(name, specification)


def specified_object(name: str, specification: Specification) -> dict[str, tuple[list[str], bool]]:
    """The fields of a type; of all its kinds together where it has several, required where every kind has them."""
    kinds = specification["types"][name].get("subtypes") or [name]
    fields = [specified(specification["types"][kind].get("fields", [])) for kind in kinds]
    return {
        field: (types, all(field in kind and kind[field][1] for kind in fields))
        for kind in fields
        for field, (types, _) in kind.items()
    }


def test_every_type_that_a_field_names_is_specified(specification: Specification) -> None:
    tables = [method.fields for method in METHODS.values()] + list(OBJECTS.values())
    named = {
        kind.removeprefix("Array of ").removeprefix("Array of ")
        for table in tables
        for field in table.values()
        for kind in field.types
    }
    assert named - set(SCALARS) - {"InputFile"} <= set(specification["types"])


def faults_in(value: Any, types: list[str], specification: Specification, where: str) -> list[str]:
    """What in a value of the stand-in does not fit the types that the specification allows."""
    found = [list(_faults(value, kind, specification, where)) for kind in types]
    return [] if any(not faults for faults in found) else found[0]


def _faults(value: Any, kind: str, specification: Specification, where: str) -> Iterator[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where} is no array"
            return
        for element in value:
            yield from _faults(element, kind.removeprefix("Array of "), specification, f"{where}[]")
    elif kind in SCALARS:
        if type(value) is not SCALARS[kind]:
            yield f"{where} is no {kind}"
    elif specification["types"][kind].get("subtypes"):
        yield from faults_in(value, specification["types"][kind]["subtypes"], specification, where)
    else:
        yield from _faults_in_object(value, specified_object(kind, specification), specification, where)


def _faults_in_object(
    value: Any, fields: dict[str, tuple[list[str], bool]], specification: Specification, where: str
) -> Iterator[str]:
    for name, (types, required) in fields.items():
        if name in value:
            yield from faults_in(value[name], types, specification, f"{where}.{name}")
        elif required:
            yield f"{where}.{name} is missing"
    for name in value.keys() - fields.keys():
        yield f"{where}.{name} is unknown"


class Conversation:
    """A stand-in with a person, a forum and what the calls below need."""

    def __init__(self) -> None:
        self.standin = StandIn(now=lambda: datetime(2026, 3, 4, tzinfo=UTC), tick=lambda: 0.0, limits=Limits.off())
        self.ana = self.standin.add_person("Ana Lima", phone="+5511900000001", language_code="pt", username="ana")
        self.forum = self.standin.group("Desk", [self.ana], forum=True)

    def call(self, method: str, **fields: Any) -> Any:
        call: Call = check_call(method, fields)
        return CALLS[method](self.standin.world, call)


YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y", "style": "success"}]]}


async def test_results_have_the_types_of_the_specification(specification: Specification) -> None:
    talk = Conversation()
    await talk.ana.start()
    photo = await talk.ana.send_photo("me")
    file_id = talk.ana.shown(photo).file_id
    press_on = talk.call("sendMessage", chat_id=talk.ana.user_id, text="Sure?", reply_markup=YES)["message_id"]
    press = await talk.ana.press("Yes")
    thread_id = talk.call("createForumTopic", chat_id=talk.forum.chat_id, name="first")["message_thread_id"]
    chat = {"chat_id": talk.ana.user_id}
    topic = {"chat_id": talk.forum.chat_id, "message_thread_id": thread_id}
    media = [{"type": "photo", "media": file_id}] * 2
    calls: list[tuple[str, dict[str, Any]]] = [
        ("getMe", {}),
        ("sendMessage", {**chat, "text": "<b>x</b>", "parse_mode": "HTML", "reply_parameters": {"message_id": photo}}),
        ("sendMessage", {**topic, "text": "x"}),
        ("sendPhoto", {**chat, "photo": file_id, "caption": "<i>y</i>", "parse_mode": "HTML"}),
        ("sendDocument", {**chat, "document": file_id}),
        ("sendMediaGroup", {**chat, "media": media}),
        ("copyMessage", {**chat, "from_chat_id": talk.ana.user_id, "message_id": photo}),
        ("editMessageText", {**chat, "message_id": press_on, "text": "z", "reply_markup": YES}),
        ("editMessageReplyMarkup", {**chat, "message_id": press_on}),
        ("answerCallbackQuery", {"callback_query_id": press.query_id}),
        ("setMyCommands", {"commands": [{"command": "pay", "description": "Pay"}]}),
        ("getMyCommands", {}),
        ("getMyName", {}),
        ("getMyDescription", {}),
        ("getMyShortDescription", {}),
        ("getFile", {"file_id": file_id}),
        ("getChat", chat),
        ("getChat", {"chat_id": talk.forum.chat_id}),
        ("getChatMember", {"chat_id": talk.forum.chat_id, "user_id": 123456}),
        ("getChatMember", {**chat, "user_id": talk.ana.user_id}),
        ("createForumTopic", {"chat_id": talk.forum.chat_id, "name": "second"}),
        ("deleteMessage", {**chat, "message_id": photo}),
    ]
    for method, fields in calls:
        result = talk.call(method, **fields)
        assert faults_in(result, specification["methods"][method]["returns"], specification, method) == []


async def test_updates_have_the_types_of_the_specification(specification: Specification) -> None:
    talk = Conversation()
    ana = talk.ana
    await ana.start("abc")
    first = await ana.say("500")
    await ana.edit(first, "600")
    await ana.share_contact()
    await ana.share_contact(own=False)
    await ana.send_photo("receipt")
    await ana.send_document("a.txt", b"a")
    await ana.send_voice()
    await ana.send_sticker()
    await ana.send_location()
    talk.call("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=YES)
    await ana.press("Yes")
    await ana.block()
    await ana.unblock()
    topic = talk.call("createForumTopic", chat_id=talk.forum.chat_id, name="Case")
    await ana.say("mine", chat=talk.forum, thread_id=topic["message_thread_id"])
    talk.call("closeForumTopic", chat_id=talk.forum.chat_id, message_thread_id=topic["message_thread_id"])
    group = talk.standin.group("Family", [ana])
    await group.add_bot(ana)
    await group.migrate()
    await group.remove_bot(ana)
    await talk.standin.group("News", [ana], kind="channel").post("x", by=ana)
    kinds: set[str] = set()
    for pending in talk.standin.updates.pending:
        kinds |= pending.update.keys()
        assert faults_in(pending.update, ["Update"], specification, "update") == []
    assert kinds == {"update_id", "message", "edited_message", "callback_query", "my_chat_member", "channel_post"}
