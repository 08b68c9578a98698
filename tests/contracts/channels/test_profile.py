"""Commands and descriptions: set where they differ, in Telegram's two-letter languages."""

from __future__ import annotations

import pytest

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.profile import Profile, publish_profile
from bot.domain.errors import ChannelUnavailable
from bot.standin import StandIn
from tests.contracts.channels.conftest import TOKEN

ENGLISH = Profile((("help", "What I can do"),), "Your loan, in a chat", "I remind you before a payment is due.")
SIMPLIFIED = Profile((("help", "我能做什么"),), "您的贷款助手", "我会在还款日前提醒您。")
TRADITIONAL = Profile((("help", "我能做什麼"),), "您的貸款助手", "我會在還款日前提醒您。")
PROFILES = {"en": ENGLISH, "zh-Hans": SIMPLIFIED, "zh-Hant": TRADITIONAL, "fil": ENGLISH}


async def test_every_language_gets_its_texts_and_others_the_default(api: BotApi) -> None:
    # Three for everybody, three for zh, the commands for en: its descriptions are the ones shown to everybody.
    assert await publish_profile(api, PROFILES, "en") == 7
    for code, profile in ((None, ENGLISH), ("en", ENGLISH), ("zh", SIMPLIFIED)):
        (command,) = await api.bot.get_my_commands(language_code=code)
        assert ((command.command, command.description),) == profile.commands
        short = await api.bot.get_my_short_description(language_code=code)
        assert short.short_description == profile.short_description
        assert (await api.bot.get_my_description(language_code=code)).description == profile.description


async def test_what_stands_there_is_not_set_again(api: BotApi, standin: StandIn) -> None:
    await publish_profile(api, PROFILES, "en")
    before = len(standin.ledger.calls("setMyCommands"))
    changed = Profile((("help", "Everything I can do"),), ENGLISH.short_description, ENGLISH.description)
    assert await publish_profile(api, PROFILES, "en") == 0
    assert await publish_profile(api, {"en": changed}, "en") == 2
    assert len(standin.ledger.calls("setMyCommands")) == before + 2


async def test_a_server_that_is_away_is_said(unused_tcp_port: int) -> None:
    async with BotApi(TOKEN, f"http://127.0.0.1:{unused_tcp_port}") as api:
        with pytest.raises(ChannelUnavailable):
            await publish_profile(api, PROFILES, "en")
