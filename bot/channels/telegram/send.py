"""Send: the Telegram side of the Channel port. Whatever Telegram answers becomes a DeliveryResult; nothing is raised.

answer                                              result
no connection came about                            NotSent
time-out or reset after that; 5xx; no JSON          OutcomeUnknown: it may have been delivered
429                                                 Deferred for this chat; for everyone if other chats are refused too
401, 404 (the token is wrong or was revoked)        Deferred for everyone: nothing is lost while somebody puts it right
403                                                 Refused, unreachable: blocked, deactivated or never_started
400 chat not found                                  Refused, unreachable: chat_not_found
400 with migrate_to_chat_id                         Refused: moved
400 message is not modified                         Refused: not_modified (an edit's aim is reached)
400 message to edit not found, query is too old     Refused: expired (an act's object is gone)
400 can't parse entities                            sent once more as plain text
400, 413 otherwise                                  Refused: bad_message
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, assert_never

import structlog

from bot.channels.telegram.bot_api import Answer, BotApi
from bot.channels.telegram.present import plain, present
from bot.channels.telegram.receive import CHANNEL
from bot.channels.telegram.request import AnswerLost, NeverSent
from bot.domain.delivery import (
    AnswerPress,
    Content,
    Deferred,
    Delivered,
    DeliveryResult,
    LeaveChat,
    NotSent,
    OutboundMessage,
    OutcomeUnknown,
    Refused,
    SendMessage,
    StripButtons,
)
from bot.services.ports import Clock

_log = structlog.get_logger(__name__)

#: So many chats refused with 429 in a row, none served in between, mean that the bot as a whole is too fast.
CHATS_FOR_EVERYONE = 3
#: Seconds until a refused token is tried again.
TOKEN_PAUSE = 60
#: Seconds, where a 429 names none.
_NO_RETRY_AFTER = 5
_LONGEST_LINE = 200

_CANNOT_PARSE = "can't parse entities"
_EXPIRED = Refused("expired")
_CHAT_NOT_FOUND = Refused("chat_not_found", unreachable=True)
_BLOCKED = Refused("blocked", unreachable=True)
_BAD_MESSAGE = Refused("bad_message")

# The first row whose status and words (lower case) fit counts.
_REFUSALS: tuple[tuple[int, str, Refused], ...] = (
    (403, "deactivated", Refused("deactivated", unreachable=True)),
    (403, "can't initiate conversation", Refused("never_started", unreachable=True)),
    (403, "", _BLOCKED),
    (400, "chat not found", _CHAT_NOT_FOUND),
    (400, "user not found", _CHAT_NOT_FOUND),
    (400, "peer_id_invalid", _CHAT_NOT_FOUND),
    (400, "message is not modified", Refused("not_modified")),
    (400, "message to edit not found", _EXPIRED),
    (400, "message can't be edited", _EXPIRED),
    (400, "message_id_invalid", _EXPIRED),
    (400, "query is too old", _EXPIRED),
    (400, "query id is invalid", _EXPIRED),
    (400, "not enough rights", _BLOCKED),
    (400, "have no rights", _BLOCKED),
    (400, "chat_write_forbidden", _BLOCKED),
    (400, "need administrator rights", _BLOCKED),
)


class TelegramChannel:
    """Borrowers on Telegram. Pace is not kept here: whoever sends asks `Pace` first."""

    def __init__(self, api: BotApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._refused_in_a_row: set[str] = set()

    @property
    def name(self) -> str:
        return CHANNEL

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        """Sends one message or act. A long text goes as several messages; the key is the last one's, with the buttons."""
        key = message.address.key
        match message.act:
            case SendMessage(content):
                return await self._send_content(key, content, message.outbox_id)
            case StripButtons(message_key):
                return await self._call(
                    key, "editMessageReplyMarkup", {"chat_id": int(key), "message_id": int(message_key)}
                )
            case AnswerPress(query_id, text):
                answer = {"callback_query_id": query_id} | ({"text": text[:_LONGEST_LINE]} if text else {})
                return await self._call(key, "answerCallbackQuery", answer)
            case LeaveChat():
                return await self._call(key, "leaveChat", {"chat_id": int(key)})
            case _ as never:
                assert_never(never)

    async def _send_content(self, key: str, content: Content, outbox_id: int) -> DeliveryResult:
        result: DeliveryResult = _BAD_MESSAGE
        for number, parameters in enumerate(present(int(key), content)):
            result = await self._send_part(key, parameters, outbox_id)
            if not isinstance(result, Delivered):
                # The borrower has the beginning already: neither "sent" nor "not sent" would be true.
                return result if number == 0 else OutcomeUnknown("partly_sent")
        return result

    async def _send_part(self, key: str, parameters: dict[str, Any], outbox_id: int) -> DeliveryResult:
        answer = await self._ask("sendMessage", parameters)
        if isinstance(answer, Answer) and answer.status == 400 and _CANNOT_PARSE in answer.description.lower():
            _log.warning("markup_refused", outbox_id=outbox_id)
            bare = {name: value for name, value in parameters.items() if name != "parse_mode"}
            answer = await self._ask("sendMessage", bare | {"text": plain(parameters["text"])})
        return self._result(key, answer)

    async def _call(self, key: str, method: str, parameters: dict[str, Any]) -> DeliveryResult:
        return self._result(key, await self._ask(method, parameters))

    async def _ask(self, method: str, parameters: dict[str, Any]) -> Answer | NotSent | OutcomeUnknown:
        try:
            return await self._api.call(method, parameters)
        except NeverSent:
            return NotSent("no_connection")
        except AnswerLost:
            return OutcomeUnknown("no_answer")

    def _result(self, key: str, answer: Answer | NotSent | OutcomeUnknown) -> DeliveryResult:
        if not isinstance(answer, Answer):
            return answer
        if answer.ok:
            self._refused_in_a_row.clear()
            return _delivered(answer.result)
        if answer.status in (420, 429):
            return self._too_fast(key, answer.retry_after or _NO_RETRY_AFTER)
        if answer.status in (401, 404):
            _log.error("token_refused", status=answer.status)
            return Deferred(self._clock.now() + timedelta(seconds=TOKEN_PAUSE), everyone=True, reason="unauthorized")
        return refusal(answer)

    def _too_fast(self, key: str, seconds: int) -> Deferred:
        """429 does not say whom it means. One chat is meant as long as others are still served."""
        self._refused_in_a_row.add(key)
        everyone = len(self._refused_in_a_row) >= CHATS_FOR_EVERYONE
        if everyone:
            self._refused_in_a_row.clear()
        _log.warning("too_many_requests", seconds=seconds, everyone=everyone)
        return Deferred(self._clock.now() + timedelta(seconds=seconds), everyone=everyone)


def refusal(answer: Answer) -> Refused | OutcomeUnknown:
    """What an error other than a wrong token or 429 means for the message."""
    if answer.migrate_to_chat_id is not None:
        return Refused("moved", moved_to=str(answer.migrate_to_chat_id))
    words = answer.description.lower()
    for status, fragment, refused in _REFUSALS:
        if answer.status == status and fragment in words:
            return refused
    return _BAD_MESSAGE if 400 <= answer.status < 500 else OutcomeUnknown(f"http_{answer.status}")


def _delivered(result: object) -> Delivered:
    message_id = result.get("message_id") if isinstance(result, dict) else None
    return Delivered(None if message_id is None else str(message_id))
