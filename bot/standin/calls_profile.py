"""The calls about the bot itself: who it is, its commands, its descriptions, its files; one function a method."""

import json
import re

from bot.standin.arguments import Call
from bot.standin.chats import Json
from bot.standin.refusals import bad_request
from bot.standin.world import World

_LANGUAGE = re.compile(r"[a-z]{2}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_MOST_COMMAND_DESCRIPTION = 256
_MOST_DESCRIPTION = 512
_MOST_SHORT_DESCRIPTION = 120
_MOST_NAME = 64


def get_me(world: World, call: Call) -> Json:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_file(world: World, call: Call) -> Json:
    stored = world.files.to_fetch(call.get("file_id"))
    return {**stored.as_telegram(), "file_path": stored.path}


def set_my_commands(world: World, call: Call) -> bool:
    commands = [
        {"command": given["command"].strip().removeprefix("/"), "description": given["description"].strip()}
        for given in call.get("commands")
    ]
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= _MOST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_scope(call)] = commands
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.profile.commands.get(_scope(call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    world.profile.commands.pop(_scope(call), None)
    return True


def set_my_name(world: World, call: Call) -> bool:
    return _set(world.profile.names, call, "name", _MOST_NAME)


def get_my_name(world: World, call: Call) -> Json:
    return {"name": _get(world.profile.names, call) or world.bot["first_name"]}


def set_my_description(world: World, call: Call) -> bool:
    return _set(world.profile.descriptions, call, "description", _MOST_DESCRIPTION)


def get_my_description(world: World, call: Call) -> Json:
    return {"description": _get(world.profile.descriptions, call)}


def set_my_short_description(world: World, call: Call) -> bool:
    return _set(world.profile.short_descriptions, call, "short_description", _MOST_SHORT_DESCRIPTION)


def get_my_short_description(world: World, call: Call) -> Json:
    return {"short_description": _get(world.profile.short_descriptions, call)}


def set_chat_menu_button(world: World, call: Call) -> bool:
    chat_id = call.get("chat_id")
    if chat_id is not None and chat_id not in world.chats:
        raise bad_request("chat not found")
    button = call.get("menu_button", {"type": "default"})
    if button["type"] not in ("default", "commands", "web_app"):
        raise bad_request("unsupported menu button type specified")
    world.profile.menu_buttons[chat_id] = button
    return True


def _language(call: Call) -> str:
    code: str = call.get("language_code", "")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(call: Call) -> tuple[str, str]:
    return json.dumps(call.get("scope", {"type": "default"}), sort_keys=True), _language(call)


def _set(texts: dict[str, str], call: Call, field: str, most: int) -> bool:
    text = call.get(field, "").strip()
    if len(text) > most:
        raise bad_request(f"{field.replace('_', ' ')} is too long")
    texts[_language(call)] = text
    return True


def _get(texts: dict[str, str], call: Call) -> str:
    return texts.get(_language(call)) or texts.get("", "")
