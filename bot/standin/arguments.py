"""What a call carries, checked against the table: unknown methods and fields, missing fields, wrong types.

As on Telegram, a value may come as JSON or as text (a form field): text is read as the type that the table names. Whether
a well-formed value makes sense (does the chat exist, is the text too long) is not decided here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.standin.methods import METHODS, OBJECTS, Field, Method
from bot.standin.refusals import Refusal, bad_request

#: How Telegram complains about a required field that is missing, where it has its own words for it.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "message_id": "message identifier is not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
_WORDS = {"Integer": "Number", "Float": "Number", "String": "String", "Boolean": "Boolean"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    file_name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method: its name as in the table, its checked fields, and its uploaded files by part name."""

    method: str
    fields: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The value of a field, or `otherwise` where it was not given."""
        return self.fields.get(name, otherwise)


def find_method(name: str) -> tuple[str, Method]:
    """The method of this name (upper and lower case do not matter); 404 where Telegram would say so."""
    found = _BY_LOWER_NAME.get(name.lower())
    if found is None:
        raise Refusal(404, "Not Found: method not found")
    return found, METHODS[found]


_BY_LOWER_NAME = {name.lower(): name for name in METHODS}


def check_call(name: str, given: Mapping[str, Any], uploads: dict[str, Upload] | None = None) -> Call:
    """The call with every field read as its type.

    `given` holds JSON values or text. Raises `Refusal` for an unknown method (404), an unknown field, a missing field
    or a value of the wrong type (400).
    """
    name, method = find_method(name)
    uploads = uploads or {}
    for field_name in given:
        if field_name not in method.fields:
            raise bad_request(f'unknown parameter "{field_name}" in {name}')
    checked: dict[str, Any] = {}
    for field_name, expected in method.fields.items():
        value = given.get(field_name)
        if value is None and "InputFile" in expected.types:
            value = uploads.get(field_name)
        if value is None or (value == "" and field_name == "chat_id"):
            if expected.required:
                raise bad_request(_MISSING.get(field_name, f'parameter "{field_name}" is required'))
            continue
        checked[field_name] = _read(field_name, value, expected, uploads)
    return Call(name, checked, uploads)


def _read(name: str, value: Any, expected: Field, uploads: dict[str, Upload]) -> Any:
    if isinstance(value, Upload):
        return value
    if "InputFile" in expected.types:
        return _read_file(name, value, uploads)
    if isinstance(value, str) and "String" not in expected.types:
        value = _read_text(name, value, expected.types)
    _check(name, value, expected.types)
    return value


def _read_file(name: str, value: Any, uploads: dict[str, Upload]) -> Any:
    if isinstance(value, str) and value.startswith("attach://"):
        attached = uploads.get(value.removeprefix("attach://"))
        if attached is None:
            raise bad_request(f"can't find the attached file {value}")
        return attached
    _check(name, value, ("String",))
    return value


def _read_text(name: str, text: str, types: tuple[str, ...]) -> Any:
    """A form field as the JSON value that the table wants."""
    if types == ("Boolean",):
        if text.lower() not in {"true", "false", "1", "0"}:
            raise _wrong_type(name, "Boolean")
        return text.lower() in {"true", "1"}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if types[0] in _WORDS:
            raise _wrong_type(name, types[0]) from None
        if name == "reply_markup":
            raise bad_request("can't parse reply keyboard markup JSON object") from None
        raise bad_request(f"can't parse {name} JSON object") from None


def _check(name: str, value: Any, types: tuple[str, ...]) -> None:
    if len(types) == 1:
        _check_one(name, value, types[0])
    elif set(types) <= set(_WORDS):
        if not any(_is_scalar(value, one) for one in types):
            raise _wrong_type(name, types[-1])
    elif types[0].startswith("Array of "):
        _check_media(name, value)
    else:
        _check_one_of(name, value, types)


def _check_one(name: str, value: Any, expected: str) -> None:
    if expected in _WORDS:
        if not _is_scalar(value, expected):
            raise _wrong_type(name, expected)
    elif expected.startswith("Array of "):
        if not isinstance(value, list):
            raise bad_request(f'field "{name}" must be of type Array')
        for element in value:
            _check_one(name, element, expected.removeprefix("Array of "))
    elif expected == "KeyboardButton" and isinstance(value, str):
        return
    elif not isinstance(value, dict):
        raise bad_request(f"{expected} must be an Object")
    elif expected in OBJECTS:
        _check_object(expected, value)


_INSIDE = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "MessageEntity": "can't parse MessageEntity: ",
    "BotCommand": "can't parse BotCommand: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
}


def _check_object(type_name: str, value: dict[str, Any]) -> None:
    fields = OBJECTS[type_name]
    try:
        for name in value:
            if name not in fields:
                raise bad_request(f'unknown field "{name}" in {type_name}')
        for name, expected in fields.items():
            if value.get(name) is None:
                if expected.required:
                    raise bad_request(f'can\'t find field "{name}"')
            else:
                _check(name, value[name], expected.types)
    except Refusal as refusal:
        prefix = _INSIDE.get(type_name)
        if prefix is None or prefix in refusal.description:
            raise
        what = refusal.description.removeprefix("Bad Request: ")
        raise bad_request(prefix + what[0].upper() + what[1:]) from refusal


def _check_one_of(name: str, value: Any, types: tuple[str, ...]) -> None:
    """One of several objects: the one whose required field is there."""
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    for type_name in types:
        if any(field_name in value for field_name, expected in OBJECTS[type_name].items() if expected.required):
            return _check_object(type_name, value)
    if value:
        raise bad_request(f'unknown field "{next(iter(value))}" in {name}')
    raise bad_request("object expected as reply markup")


def _check_media(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise bad_request(f'field "{name}" must be of type Array')
    for element in value:
        if not isinstance(element, dict):
            raise bad_request("InputMedia must be an Object")
        type_name = f"InputMedia{str(element.get('type', '')).capitalize()}"
        if type_name not in OBJECTS:
            raise bad_request(f'can\'t parse InputMedia: type "{element.get("type")}" is not known here')
        _check_object(type_name, element)


def _is_scalar(value: Any, expected: str) -> bool:
    match expected:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _wrong_type(name: str, expected: str) -> Refusal:
    return bad_request(f'field "{name}" must be of type {_WORDS[expected]}')
