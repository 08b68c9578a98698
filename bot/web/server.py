"""The web server: routes, security headers, and errors that say what happened without saying how we are built."""

from __future__ import annotations

import os
from collections.abc import Iterable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.domain.errors import ConfigurationProblems, StorageUnavailable

_log = structlog.get_logger(__name__)

#: Larger bodies are refused; no update, page or form of ours comes near it.
MAX_BODY = 1024 * 1024

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One web request: whatever breaks in it breaks alone."""
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        answer.headers.update({k: v for k, v in _HEADERS.items() if k not in answer.headers})
        raise
    except StorageUnavailable:
        response = web.json_response({"error": "the database cannot answer now; try again"}, status=503)
    except Exception:  # noqa: BLE001 - one web request
        _log.exception("request_failed", method=request.method)  # the path may be the unguessable one
        response = web.json_response({"error": "something went wrong here; it was noted"}, status=500)
    if not response.prepared:
        response.headers.update({k: v for k, v in _HEADERS.items() if k not in response.headers})
    return response


def web_application(routes: Iterable[web.AbstractRouteDef]) -> web.Application:
    """An application of these routes behind the common guard."""
    app = web.Application(middlewares=[_guard], client_max_size=MAX_BODY)
    app.add_routes(list(routes))
    return app


class WebServer:
    """Listens until stopped. With `port` 0 the system picks one; `port` tells which. Raises ConfigurationProblems."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        self._host = host
        self._wanted = port
        self.port = port

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted)
        try:
            await site.start()
        except OSError as error:
            where = f"{self._host} port {self._wanted}"
            raise ConfigurationProblems(
                [
                    f"Cannot listen on {where} ({os.strerror(error.errno or 0)}); choose others with GRACE_HOST and GRACE_PORT."
                ]
            ) from error
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self._runner.cleanup()
