"""Health: `/healthz` says that the process answers, `/readyz` that it can do its work, `/metrics` how much it does.

Readiness asks the database, the scripts and the channel; each answer names what is wrong in a word. Labels and figures hold
counts only, never a chat or a loan.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.domain.errors import GraceError
from bot.services.ports import Storage

#: Each check answers None when all is well, else a short reason.
Check = Callable[[], Awaitable[str | None]]


class Health:
    """The three routes. `checks` are asked anew at each `/readyz`."""

    def __init__(self, storage: Storage, checks: Mapping[str, Check], registry: CollectorRegistry) -> None:
        self._storage = storage
        self._checks = {"database": self._database, **checks}
        self._registry = registry
        self._rows = Gauge("gracebot_rows", "Rows waiting or settled, by table and state", ["kind"], registry=registry)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, _request: web.Request) -> web.Response:
        answers = {name: await self._ask(check) for name, check in self._checks.items()}
        ready = all(answer == "ok" for answer in answers.values())
        return web.json_response({"status": "ok" if ready else "not ready", **answers}, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        for kind, count in (await self._storage.counts()).items():
            self._rows.labels(kind).set(count)
        body = generate_latest(self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _ask(self, check: Check) -> str:
        try:
            return await check() or "ok"
        except GraceError as error:
            return str(error)

    async def _database(self) -> str | None:
        await self._storage.ping()
        return None
