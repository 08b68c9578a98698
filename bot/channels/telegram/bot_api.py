"""The Bot API for one token: python-telegram-bot's `Bot` for what is called now and then, a direct call for the rest.

`Bot.send_message` costs 370 microseconds of CPU over our request class and 1,580 over httpx, most of it for objects that
nobody reads; `BotApi.call` costs 150. Neither logs, raises nor shows the token.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from yarl import URL

from bot.channels.telegram.request import AiohttpRequest, AnswerLost, NeverSent
from bot.domain.errors import ChannelUnavailable, ConfigurationProblems

# python-telegram-bot notes addresses (with the token) and every parameter at DEBUG.
_quiet = logging.getLogger(__name__)
_quiet.setLevel(logging.INFO)


class QuietBot(Bot):
    """`telegram.Bot` whose `repr` and log hold no token and no messages."""

    _LOGGER = _quiet

    def __repr__(self) -> str:
        return f"{type(self).__name__}[{bot_id_of(self.token)}]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram said. `result` where `ok`, else the error's code, description and parameters."""

    ok: bool
    status: int
    result: Any = None
    description: str = ""
    retry_after: int | None = None  # seconds
    migrate_to_chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this bot is."""

    bot_id: int
    username: str


class BotApi:
    """Opened with `async with`. `root` is the address of a Bot API server, without a slash at its end."""

    def __init__(self, token: str, root: str, request: AiohttpRequest | None = None) -> None:
        self.bot_id = bot_id_of(token)
        self._request = request or AiohttpRequest()
        self._root = f"{root}/bot{token}"
        self._methods: dict[str, URL] = {}
        #: Whether the last call was answered, and not by saying that there is no such token.
        self.answers = True
        #: For set-up, files and whatever else is not called all day.
        self.bot = QuietBot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def __aenter__(self) -> BotApi:
        await self._request.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._request.shutdown()

    async def call(self, method: str, parameters: dict[str, Any], waits: float = 0) -> Answer:
        """Calls a method; `waits` are the seconds for which the server may hold the call open.

        Raises NeverSent or AnswerLost. An answer that is not the Bot API's (a proxy's page, half a body) is lost, whatever
        its status says.
        """
        url = self._methods.get(method)
        if url is None:
            url = self._methods[method] = URL(f"{self._root}/{method}", encoded=True)
        try:
            status, body = await self._request.send_json(url, parameters, waits)
            answer = _answer(status, body)
        except (NeverSent, AnswerLost):
            self.answers = False
            raise
        self.answers = answer.status not in (401, 404)
        return answer

    async def identity(self) -> Identity:
        """Asks Telegram who we are. Raises ConfigurationProblems for a wrong token, ChannelUnavailable for the rest."""
        try:
            me = await self.bot.get_me()
        except InvalidToken:
            raise ConfigurationProblems(
                ["Telegram does not know GRACE_TELEGRAM_TOKEN; copy the bot's token from BotFather again."]
            ) from None
        except TelegramError as error:
            raise ChannelUnavailable(f"Telegram cannot be reached ({type(error).__name__}).") from None
        return Identity(me.id, me.username or "")


def bot_id_of(token: str) -> int:
    """The bot's user id, which a token begins with. Raises ConfigurationProblems where it does not."""
    number = token.partition(":")[0]
    if not (number.isascii() and number.isdecimal()):
        raise ConfigurationProblems(["GRACE_TELEGRAM_TOKEN must begin with the bot's number and a colon."])
    return int(number)


def _answer(status: int, body: bytes) -> Answer:
    try:
        answer = json.loads(body)
        if answer["ok"] is True:
            return Answer(ok=True, status=status, result=answer["result"])
        if answer["ok"] is not False:
            raise AnswerLost("unreadable answer")
        parameters = answer.get("parameters") or {}
        return Answer(
            ok=False,
            status=int(answer.get("error_code", status)),
            description=str(answer.get("description", "")),
            retry_after=parameters.get("retry_after"),
            migrate_to_chat_id=parameters.get("migrate_to_chat_id"),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise AnswerLost("unreadable answer") from None
