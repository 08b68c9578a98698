"""A language model on this machine: answers chat completions as told, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class ChatModel:
    """`reply` is the body of the next answers, `status` their status; with `silent` there is none while anybody waits."""

    url: str = ""
    reply: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    strayed: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def says(self, content: str) -> None:
        """From now on the assistant's message is this."""
        self.reply = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]})

    async def complete(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.authorizations.append(request.headers.get("Authorization"))
        if self.silent:
            await self.ended.wait()
        return web.Response(text=self.reply, status=self.status, headers=self.headers)

    async def stray(self, _request: web.Request) -> web.Response:
        self.strayed += 1
        return web.Response(text=self.reply)


@asynccontextmanager
async def chat_model() -> AsyncIterator[ChatModel]:
    """A running model that finds `request_extension` in everything."""
    model = ChatModel()
    model.says('{"intent": "request_extension"}')
    application = web.Application()
    application.router.add_post("/v1/chat/completions", model.complete)
    application.router.add_route("*", "/elsewhere", model.stray)
    runner = web.AppRunner(application, shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    model.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield model
    finally:
        model.ended.set()
        await runner.cleanup()
