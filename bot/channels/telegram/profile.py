"""Profile: the commands and descriptions that Telegram shows for the bot, kept as the catalogs say, in every language.

Telegram knows two-letter languages only, so `zh-Hans` and `zh-Hant` share one text (the first given), and asks us to call
seldom: what stands there already is not set again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.channels.telegram.bot_api import BotApi
from bot.domain.errors import ChannelUnavailable


@dataclass(frozen=True, slots=True)
class Profile:
    """`commands` are (name without slash, description); the short description shows in search, the long one in an empty chat.

    A description that is None is the lender's own business and left as it is.
    """

    commands: tuple[tuple[str, str], ...]
    short_description: str | None = None
    description: str | None = None


async def publish_profile(api: BotApi, profiles: Mapping[str, Profile], default: str) -> int:
    """Sets what differs and returns how many texts that was.

    `profiles` are by language tag, the preferred of two kindred ones first; `default` is shown where no language fits.
    Raises ChannelUnavailable.
    """
    try:
        changed = await _publish(api, profiles[default], None)
        for code, profile in _by_code(profiles).items():
            changed += await _publish(api, profile, code)
    except TelegramError as error:
        raise ChannelUnavailable(f"Telegram does not take the bot's texts: {error.message}") from None
    return changed


def _by_code(profiles: Mapping[str, Profile]) -> dict[str, Profile]:
    codes: dict[str, Profile] = {}
    for tag, profile in profiles.items():
        code = tag.partition("-")[0].lower()
        if len(code) == 2:
            codes.setdefault(code, profile)
    return codes


async def _publish(api: BotApi, profile: Profile, code: str | None) -> int:
    bot, changed = api.bot, 0
    commands = tuple((c.command, c.description) for c in await bot.get_my_commands(language_code=code))
    if commands != profile.commands:
        await bot.set_my_commands(profile.commands, language_code=code)
        changed += 1
    if profile.short_description is not None:
        present = (await bot.get_my_short_description(language_code=code)).short_description
        if present != profile.short_description:
            await bot.set_my_short_description(profile.short_description, language_code=code)
            changed += 1
    if profile.description is not None:
        present_long = (await bot.get_my_description(language_code=code)).description
        if present_long != profile.description:
            await bot.set_my_description(profile.description, language_code=code)
            changed += 1
    return changed
