"""The page on the real stand-in, with a bot that says what a test wants and a lender's side that a test sets."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web

from bot.standin.limits import Limits
from bot.standin.people import Person
from bot.standin.standin import StandIn
from tests.browser.lender_side import LenderSide

TOKEN = "123456:TEST"
#: 10:00 in Shanghai.
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


class Site:
    """`root` is the server's address, e.g. "http://127.0.0.1:40123"."""

    root: str

    def __init__(self, session: ClientSession, *, with_lender: bool) -> None:
        self.lender = LenderSide(NOW)
        self.standin = StandIn(TOKEN, now=lambda: self.lender.now, limits=Limits.off())
        self._session = session
        self._with_lender = with_lender

    async def bot(self, method: str, **fields: Any) -> Any:
        """One call of the Bot API, as the product would make it; what is refused fails the test."""
        async with self._session.post(f"{self.root}/bot{TOKEN}/{method}", json=fields) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def bot_says(self, person: Person, text: str, *, keys: Sequence[Sequence[str]] = (), **fields: Any) -> int:
        """The bot sends `text` with inline buttons whose data is their label; returns the message id."""
        if keys:
            rows = [[{"text": label, "callback_data": label} for label in row] for row in keys]
            fields["reply_markup"] = {"inline_keyboard": rows}
        sent = await self.bot("sendMessage", chat_id=person.user_id, text=text, **fields)
        message_id: int = sent["message_id"]
        return message_id

    async def next_update(self, kind: str) -> dict[str, Any]:
        """The next update of this kind that the bot gets; updates before it are confirmed and dropped."""
        while True:
            for update in await self.bot("getUpdates", timeout=20, limit=1):
                await self.bot("getUpdates", offset=update["update_id"] + 1, timeout=0, limit=1)
                if kind in update:
                    wanted: dict[str, Any] = update[kind]
                    return wanted

    async def serve_again(self) -> None:
        """Serves at the same address after a `stop`; nothing was forgotten."""
        await self.serve(int(self.root.rpartition(":")[2]))

    async def serve(self, port: int = 0) -> None:
        app = web.Application()
        self.standin.add_routes(app)
        if self._with_lender:
            app.add_routes(self.lender.routes())
            app.on_shutdown.append(self.lender.close)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()


@asynccontextmanager
async def running_site(*, with_lender: bool = True) -> AsyncIterator[Site]:
    """Serves until the block ends; without a lender it is the stand-in alone."""
    async with ClientSession() as session:
        site = Site(session, with_lender=with_lender)
        await site.serve()
        try:
            yield site
        finally:
            await site.stop()
