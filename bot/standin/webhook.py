"""Updates sent to the bot's webhook: one request at a time in a chat, in order, several chats at once, again until 2xx.

Only addresses on this machine are served, so a stand-in never sends anything to the internet.
"""

import asyncio
import ipaddress
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.standin.arguments import Call
from bot.standin.refusals import bad_request, conflict
from bot.standin.updates import Pending, Updates

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_REQUEST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Backoff:
    """Real seconds between attempts: the first pause, doubled each time up to the longest."""

    first: float = 0.5
    longest: float = 30.0

    def after(self, failures: int) -> float:
        """The pause after this many failures in a row, from 1."""
        return float(min(self.longest, self.first * 2 ** min(failures - 1, 20)))


class Webhook:
    """The webhook of one bot, set or not."""

    def __init__(self, updates: Updates, now: Callable[[], datetime], backoff: Backoff) -> None:
        self._updates = updates
        self._now = now
        self._backoff = backoff
        self.url = ""
        self._secret: str | None = None
        self._connections = 40
        self._free = asyncio.Semaphore(self._connections)
        self._chats: dict[int, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None

    async def set(self, call: Call) -> bool:
        """`setWebhook`; an empty address removes it. Raises `Refusal` for an address that is not served."""
        url, secret = call.get("url"), call.get("secret_token")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = call.get("max_connections", 40)
        if not 1 <= connections <= 100:
            raise bad_request("max_connections must be between 1 and 100")
        _check_address(url)
        await self._stop()
        if call.get("drop_pending_updates"):
            self._updates.drop_all()
        self._last_error = None
        self.url, self._secret, self._connections = url, secret, connections
        if url:
            self._start()
        return True

    async def delete(self, call: Call) -> bool:
        """`deleteWebhook`."""
        await self._stop()
        self.url = ""
        if call.get("drop_pending_updates"):
            self._updates.drop_all()
        return True

    def describe(self) -> dict[str, Any]:
        """`getWebhookInfo`."""
        described: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.url:
            described |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._updates.allowed is not None:
            described["allowed_updates"] = sorted(self._updates.allowed)
        if self._last_error is not None:
            described["last_error_date"], described["last_error_message"] = self._last_error
        return described

    def open(self) -> None:
        """Delivers again what waits, where a webhook was set before `close`."""
        if self.url:
            self._start()

    async def close(self) -> None:
        """Ends every delivery; what was not taken over stays pending."""
        await self._stop()

    def _start(self) -> None:
        self._updates.refuse_poller(conflict("terminated by setWebhook request"))
        self._free = asyncio.Semaphore(self._connections)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_REQUEST_SECONDS), connector=aiohttp.TCPConnector(limit=0)
        )
        for pending in self._updates.pending:
            self._put(pending)
        self._updates.listener = self._put

    async def _stop(self) -> None:
        self._updates.listener = None
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._chats.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _put(self, pending: Pending) -> None:
        waiting = self._chats.get(pending.chat_id)
        if waiting is not None:
            waiting.append(pending)
            return
        self._chats[pending.chat_id] = deque([pending])
        task = asyncio.get_running_loop().create_task(self._deliver_chat(pending.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_chat(self, chat_id: int) -> None:
        waiting = self._chats[chat_id]
        failures = 0
        while waiting:
            async with self._free:
                taken = await self._post(waiting[0])
            if taken:
                failures = 0
                self._updates.confirm(waiting.popleft())
            else:
                failures += 1
                await asyncio.sleep(self._backoff.after(failures))
        del self._chats[chat_id]

    async def _post(self, pending: Pending) -> bool:
        headers = {"Content-Type": "application/json"}
        if self._secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        body = json.dumps(pending.update, ensure_ascii=False).encode()
        assert self._session is not None
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                if 200 <= response.status < 300:
                    return True
                wrong = f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            wrong = "Read timeout expired"
        except aiohttp.ClientConnectorError:
            wrong = "Connection refused"
        except aiohttp.ClientError:
            wrong = "Connection closed by the remote host"
        self._last_error = (int(self._now().timestamp()), wrong)
        return False


def _check_address(url: str) -> None:
    if not url:
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    if not is_local:
        raise bad_request("bad webhook: the stand-in serves webhooks on this machine only")
