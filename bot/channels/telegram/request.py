"""Request: HTTP for the Bot API on aiohttp, as python-telegram-bot's `BaseRequest`. One session, no proxy from the environment.

A failed request is one of two things, and they must not be mixed up: it never left (`NeverSent`), so it may be repeated;
or it left and no readable answer came (`AnswerLost`), so it may have taken effect. The address of every call holds the
bot's token, and aiohttp's exceptions hold the address: they end here, only their class is named.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    NonHttpUrlClientError,
    TCPConnector,
)
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

#: Bytes of an answer that we read: a hundred updates are far smaller, and Telegram's files end at 20 MB.
LARGEST_ANSWER = 24 * 1024 * 1024

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_JSON = {"Content-Type": "application/json"}


class NeverSent(NetworkError):
    """No connection came about; the request did not leave."""


class AnswerLost(NetworkError):
    """The request left and no readable answer came; it may have taken effect."""


class AiohttpRequest(BaseRequest):
    """Seconds: `connect_timeout` for a free connection and its handshake, `read_timeout` for each wait on the server."""

    __slots__ = ("_connect_timeout", "_connections", "_limits", "_read_timeout", "_session")

    def __init__(self, connect_timeout: float = 5.0, read_timeout: float = 20.0, connections: int = 64) -> None:
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._connections = connections
        self._limits = self._limits_of(read_timeout)
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections),
                cookie_jar=DummyCookieJar(),
                # Uncompressed answers cost less than they save here, and cannot be bombs.
                auto_decompress=False,
                headers={"Accept-Encoding": "identity"},
                timeout=self._limits,
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """For python-telegram-bot's own methods: status and body. Raises NeverSent or AnswerLost.

        Of the time-outs only `read_timeout` counts for one call; connecting has the same limit in all.
        """
        address = URL(url, encoded=True)
        limits = self._limits if read_timeout is BaseRequest.DEFAULT_NONE else self._limits_of(read_timeout)
        if request_data is None:
            return await self._exchange(method, address, timeout=limits)
        if request_data.contains_files:
            return await self._exchange(method, address, data=_form(request_data), timeout=limits)
        return await self._post_json(address, request_data.parameters, limits)

    async def send_json(self, url: URL, parameters: dict[str, Any], waits: float = 0) -> tuple[int, bytes]:
        """Posts the parameters as JSON: the short way for the calls that are made all day.

        `waits` are the seconds for which the server may hold the call open. Raises NeverSent or AnswerLost.
        """
        limits = self._limits_of(self._read_timeout + waits) if waits else self._limits
        return await self._post_json(url, parameters, limits)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the base class, which would log an answer that it cannot read."""
        try:
            answer: dict[str, Any] = json.loads(payload)
        except (ValueError, RecursionError):
            raise AnswerLost("unreadable answer") from None
        return answer

    def _limits_of(self, read: float | None) -> ClientTimeout:
        connect = self._connect_timeout
        total = None if read is None else connect + 2 * read
        return ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)

    async def _post_json(self, url: URL, parameters: dict[str, Any], limits: ClientTimeout) -> tuple[int, bytes]:
        body = _encode(parameters).encode("utf-8", "replace")
        return await self._exchange("POST", url, data=body, headers=_JSON, timeout=limits)

    async def _exchange(self, method: str, url: URL, **request: Any) -> tuple[int, bytes]:
        if self._session is None:
            raise NeverSent("the session is closed")
        try:
            async with self._session.request(method, url, allow_redirects=False, **request) as response:
                return response.status, await _read(response)
        except (ClientConnectorError, ConnectionTimeoutError, InvalidURL, NonHttpUrlClientError) as error:
            raise NeverSent(f"no connection: {type(error).__name__}") from None
        except (ClientError, OSError) as error:  # a TimeoutError is an OSError
            raise AnswerLost(f"no answer: {type(error).__name__}") from None


async def _read(response: ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise AnswerLost("the answer is too large")
    return bytes(body)


def _form(request_data: RequestData) -> FormData:
    form = FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime_type)
    return form
