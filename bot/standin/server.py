"""The Bot API over HTTP: token, body, faults, rate limits, the call itself, the ledger and the answer, in this order."""

import asyncio
import hmac
import json
import socket
import struct
from typing import Any

from aiohttp import web

from bot.standin.arguments import Call, Upload, check_call, find_method
from bot.standin.calls import CALLS
from bot.standin.faults import Fault
from bot.standin.methods import METHODS
from bot.standin.refusals import Refusal, bad_request, conflict, too_many_requests
from bot.standin.webhook import Webhook
from bot.standin.world import World

#: The largest body of a call, in bytes; Telegram takes files of 50 MB.
LARGEST_BODY = 51 * 1024 * 1024


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, webhook: Webhook) -> None:
        self._world = world
        self._webhook = webhook
        #: Set when the server stops, so that calls left hanging end.
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """The routes for an aiohttp application."""
        return [
            web.route("*", "/bot{token}/{method}", self._answer),
            web.get("/file/bot{token}/{path:.+}", self._send_file),
        ]

    def open(self) -> None:
        """Calls are answered again after `close`."""
        self._closing.clear()
        self._webhook.open()

    async def close(self) -> None:
        """Ends what waits: long polls, hanging calls, webhook deliveries."""
        self._closing.set()
        self._world.updates.close()
        await self._webhook.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _respond(Refusal(401, "Unauthorized"))
        method = request.match_info["method"]
        call: Call | None = None
        try:
            find_method(method)
            given, uploads = await _read_body(request)
            call = check_call(method, given, uploads)
        except Refusal as refusal:
            return self._refuse(Call(method, {}), refusal)
        fault = self._world.faults.for_call(call.method, _chat_id(call), call.fields)
        if fault is not None and fault.kind in ("429", "5xx", "hang", "reset"):
            return await self._fail(request, call, fault)
        return await self._carry_out(request, call, fault)

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"].encode(), self._world.token.encode())

    async def _carry_out(self, request: web.Request, call: Call, fault: Fault | None) -> web.StreamResponse:
        try:
            self._check_pace(call)
            result = await self._perform(request, call)
        except Refusal as refusal:
            return self._refuse(call, refusal, answered=not _is_gone(request))
        dropped = fault is not None and fault.kind == "drop"
        first = result[0] if isinstance(result, list) and result else result
        self._write(
            call,
            accepted=True,
            answered=not dropped and not _is_gone(request),
            status=200,
            fault=None if fault is None else fault.kind,
            message_id=first.get("message_id") if isinstance(first, dict) else None,
        )
        if dropped:
            return _hang_up(request)
        if fault is not None:
            return web.Response(text='{"ok":true,"result":{"message_id":', content_type="application/json")
        return web.Response(body=_json({"ok": True, "result": result}), content_type="application/json")

    async def _perform(self, request: web.Request, call: Call) -> Any:
        match call.method:
            case "getUpdates":
                return await self._poll(request, call)
            case "setWebhook":
                self._ask_for(call)
                return await self._webhook.set(call)
            case "deleteWebhook":
                return await self._webhook.delete(call)
            case "getWebhookInfo":
                return self._webhook.describe()
            case _:
                return CALLS[call.method](self._world, call)

    async def _poll(self, request: web.Request, call: Call) -> list[Any]:
        if self._webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._ask_for(call)
        timeout = 0 if self._closing.is_set() else call.get("timeout", 0)
        limit, offset = call.get("limit", 100), call.get("offset", 0)
        return await self._world.updates.poll(offset, limit, timeout, lambda: _is_gone(request))

    def _ask_for(self, call: Call) -> None:
        if "allowed_updates" in call.fields:
            self._world.updates.allowed = frozenset(call.get("allowed_updates")) or None

    def _check_pace(self, call: Call) -> None:
        chat_id = _chat_id(call)
        if chat_id is None or METHODS[call.method].pace == "free":
            return
        chat = self._world.chats.get(chat_id)
        cost = len(call.get("media", ())) or 1
        wait = self._world.pace.take(
            METHODS[call.method].pace, chat_id, private=chat is None or chat.is_private, cost=cost
        )
        if wait:
            raise too_many_requests(wait)

    async def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "429":
                return self._refuse(call, too_many_requests(fault.retry_after), fault=fault.kind)
            case "5xx":
                broken = Refusal(fault.status, _SERVER_ERRORS.get(fault.status, "Internal Server Error"))
                return self._refuse(call, broken, fault=fault.kind)
        self._write(call, accepted=False, answered=False, status=0, fault=fault.kind)
        if fault.kind == "hang":
            await self._closing.wait()
        return _hang_up(request, reset=fault.kind == "reset")

    def _refuse(
        self, call: Call, refusal: Refusal, *, answered: bool = True, fault: str | None = None
    ) -> web.StreamResponse:
        self._write(
            call,
            accepted=False,
            answered=answered,
            status=refusal.code,
            description=refusal.description,
            fault=fault,
        )
        return _respond(refusal)

    def _write(self, call: Call, **facts: Any) -> None:
        self._world.ledger.add(
            self._world.now(),
            "call",
            call.method,
            chat_id=_chat_id(call),
            text=call.get("text") or call.get("caption"),
            fields=call.fields,
            **facts,
        )

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _respond(Refusal(401, "Unauthorized"))
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None:
            return _respond(Refusal(404, "Not Found"))
        return web.Response(body=stored.body, content_type="application/octet-stream")


_SERVER_ERRORS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def _chat_id(call: Call) -> int | None:
    try:
        return int(call.fields["chat_id"])
    except (KeyError, ValueError):
        return None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _respond(refusal: Refusal) -> web.Response:
    return web.Response(body=_json(refusal.as_json()), status=refusal.code, content_type="application/json")


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _hang_up(request: web.Request, *, reset: bool = False) -> web.StreamResponse:
    """Ends the connection instead of answering; the response that is returned reaches nobody."""
    if request.transport is not None:
        if reset:
            # With nothing left to linger for, closing the socket sends a reset instead of an orderly end.
            connection = request.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
        else:
            request.transport.close()
    return web.Response()


async def _read_body(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The fields and files of a call, from its query and its body in any of the three forms."""
    given: dict[str, Any] = dict(request.query)
    if not request.can_read_body:
        return given, {}
    try:
        if request.content_type == "application/json":
            body = json.loads(await request.read())
            if not isinstance(body, dict):
                raise bad_request("object expected as the body of a request")
            return given | body, {}
        return _split_form(given, await request.post())
    except web.HTTPRequestEntityTooLarge as too_large:
        raise Refusal(413, "Request Entity Too Large") from too_large
    except (ValueError, RecursionError) as unreadable:
        raise bad_request("can't parse the body of the request") from unreadable


def _split_form(given: dict[str, Any], form: Any) -> tuple[dict[str, Any], dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            given[name] = value
    return given, uploads
