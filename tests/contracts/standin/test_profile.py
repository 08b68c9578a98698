"""What the bot says about itself: commands and descriptions by language."""

from typing import Any

import pytest

COMMANDS = [{"command": "pay", "description": "Pay now"}]


async def test_commands_are_kept_by_scope_and_language(api: Any) -> None:
    private = {"type": "all_private_chats"}
    await api.result("setMyCommands", commands=COMMANDS, language_code="pt", scope=private)
    assert await api.result("getMyCommands", language_code="pt", scope=private) == COMMANDS
    assert await api.result("getMyCommands", language_code="pt") == []
    await api.result("deleteMyCommands", language_code="pt", scope=private)
    assert await api.result("getMyCommands", language_code="pt", scope=private) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"commands": [{"command": "Pay", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "pay", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": COMMANDS * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": COMMANDS, "language_code": "zh-CN"}, "invalid language code specified"),
    ],
)
async def test_impossible_commands_are_refused(api: Any, fields: dict[str, Any], why: str) -> None:
    assert await api.refusal("setMyCommands", **fields) == (400, f"Bad Request: {why}")


async def test_descriptions_fall_back_to_everybodys(api: Any) -> None:
    await api.result("setMyDescription", description="Reminds and listens")
    await api.result("setMyShortDescription", short_description="提醒", language_code="zh")
    assert await api.result("getMyDescription", language_code="zh") == {"description": "Reminds and listens"}
    assert await api.result("getMyShortDescription", language_code="zh") == {"short_description": "提醒"}
    assert await api.result("getMyShortDescription") == {"short_description": ""}
    refused = await api.refusal("setMyShortDescription", short_description="x" * 121)
    assert refused == (400, "Bad Request: short description is too long")


async def test_the_name_can_be_changed(api: Any) -> None:
    assert await api.result("getMyName") == {"name": "Gracebot"}
    await api.result("setMyName", name="Pay helper")
    assert await api.result("getMyName") == {"name": "Pay helper"}


async def test_the_menu_button_has_a_known_kind(api: Any) -> None:
    await api.result("setChatMenuButton", menu_button={"type": "commands"})
    refused = await api.refusal("setChatMenuButton", menu_button={"type": "wheel"})
    assert refused == (400, "Bad Request: unsupported menu button type specified")
