"""The chat page's files and the stream of events behind it."""

import asyncio
import json
from pathlib import Path

from aiohttp import web

from bot.standin.events import Event, Events

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
#: An idle stream is kept open with a comment this often, in real seconds.
_BEAT_SECONDS = 15.0


class ChatPage:
    """Serves `/`, `/page/` and `/standin/events`. Without a folder there is no page, and the events still are."""

    def __init__(self, events: Events, folder: Path) -> None:
        self._events = events
        self._folder = folder
        self._streams: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """The routes for an aiohttp application."""
        events = [web.get("/standin/events", self._stream)]
        if not self._folder.is_dir():
            return events
        return [web.get("/", self._to_index), web.get("/page/{path:.*}", self._send_part), *events]

    def close(self) -> None:
        """Ends every stream."""
        for stream in self._streams:
            stream.cancel()

    async def _to_index(self, request: web.Request) -> web.StreamResponse:
        # The page names its parts beside itself, so it is read from where they are.
        raise web.HTTPFound("/page/")

    async def _send_part(self, request: web.Request) -> web.StreamResponse:
        folder = self._folder.resolve()
        wanted = (folder / (request.match_info["path"] or "index.html")).resolve()
        if not wanted.is_relative_to(folder) or not wanted.is_file():
            raise web.HTTPNotFound(headers=_HEADERS)
        return web.FileResponse(wanted, headers=_HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        last = request.headers.get("Last-Event-ID", "")
        # A new page has just read everything; one that lost its connection goes on where it was.
        number = int(last) if last.isdecimal() else self._events.last
        stream = asyncio.ensure_future(self._write_events(response, number))
        self._streams.add(stream)
        try:
            await stream
        except (asyncio.CancelledError, ConnectionError):
            stream.cancel()
        finally:
            self._streams.discard(stream)
        return response

    async def _write_events(self, response: web.StreamResponse, number: int) -> None:
        await response.write(b": open\n\n")
        while True:
            events = await self._events.next_after(number, _BEAT_SECONDS)
            await response.write(b"".join(map(_encode, events)) or b": idle\n\n")
            number = events[-1].number if events else number


def _encode(event: Event) -> bytes:
    content = json.dumps(event.content, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.number}\nevent: {event.kind}\ndata: {content}\n\n".encode()
