"""Webhook: Telegram posts updates to us. 200 means stored; whatever else we answer makes Telegram try again.

Path and secret header are derived from the installation's key and the bot's token, so nothing has to be kept or configured
and nobody can guess either. They are checked before anything of the body is read.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web
from telegram.error import TelegramError

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.receive import ALLOWED_UPDATES, to_store
from bot.channels.telegram.run import wake
from bot.domain.errors import ChannelUnavailable, StorageUnavailable
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.ports import Clock, Storage, WakeUps

_log = structlog.get_logger(__name__)

#: Bytes. Telegram's largest updates are a few dozen kilobytes.
LARGEST_BODY = 1024 * 1024
#: Updates nest some ten levels deep; a deeper one is none, and reading it could exhaust the stack.
DEEPEST = 32
#: Requests that Telegram may make to us at once.
CONNECTIONS = 100

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


@dataclass(frozen=True, slots=True)
class WebhookPlace:
    """Where Telegram posts, as a path on the public address, and the secret that it sends along."""

    path: str = field(repr=False)
    secret: str = field(repr=False)


def webhook_places(secret_keys: Sequence[str], token: str) -> tuple[WebhookPlace, ...]:
    """One place for each key, newest first: the first is registered, the others serve until Telegram has heard of it."""
    return tuple(
        WebhookPlace(f"/telegram/{_derive(key, 'path', token)}", _derive(key, "secret", token)) for key in secret_keys
    )


def webhook_routes(
    places: Sequence[WebhookPlace],
    storage: Storage,
    clock: Clock,
    wake_ups: WakeUps,
    crash_point: CrashPoint = pass_by,
) -> list[web.RouteDef]:
    """The routes for the web server. Posts come in parallel; each waits for its own commit, which storage groups."""
    return [web.route("*", place.path, _Posts(place, storage, clock, wake_ups, crash_point).answer) for place in places]


async def register_webhook(api: BotApi, public_url: str, place: WebhookPlace) -> None:
    """Tells Telegram where to post. What waits is kept. Raises ChannelUnavailable where Telegram does not agree."""
    try:
        await api.bot.set_webhook(
            public_url.rstrip("/") + place.path,
            secret_token=place.secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=CONNECTIONS,
        )
    except TelegramError as error:
        raise ChannelUnavailable(f"Telegram does not take the webhook: {error.message}") from None


@dataclass(frozen=True, slots=True)
class _Posts:
    place: WebhookPlace
    storage: Storage
    clock: Clock
    wake_ups: WakeUps
    crash_point: CrashPoint

    async def answer(self, request: web.Request) -> web.Response:
        if request.method != "POST":
            return web.Response(status=404)
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.place.secret.encode()):
            _log.warning("webhook_refused", status=401)
            return web.Response(status=401)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        try:
            raw = body.decode()
            update = read_update(raw)
        except ValueError:
            return web.Response(status=400)
        return web.Response(status=await self._take_in(update, raw))

    async def _take_in(self, update: dict[str, Any], raw: str) -> int:
        write = to_store(update, raw, self.clock.now())
        if write is None:
            # A kind that we never asked for, or asked for in an earlier version: to refuse it would bring it again.
            return 200
        try:
            await self.storage.commit((write,))
        except StorageUnavailable:
            return 503
        self.crash_point("after_store_update")
        await wake(self.wake_ups, (write,))
        return 200


async def _body(request: web.Request) -> bytes | None:
    """The body, or None where it is too large; no more than that is read."""
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def read_update(raw: str) -> dict[str, Any]:
    """The update in the text. Raises ValueError for what is no JSON object of a reasonable depth."""
    try:
        update = json.loads(raw)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(update, dict):
        raise ValueError("no object")
    level: list[Any] = [update]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [inner for inner in level if isinstance(inner, dict | list)]
        if not level:
            return update
    raise ValueError("too deep")


def _derive(key: str, purpose: str, token: str) -> str:
    derived = hmac.digest(key.encode(), f"telegram webhook {purpose} {token}".encode(), "sha256")
    return urlsafe_b64encode(derived).decode().rstrip("=")
