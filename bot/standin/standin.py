"""The stand-in as one object: people, faults, limits and ledger from Python, the Bot API and `/standin/` over HTTP."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.standin import clock
from bot.standin.chat_page import ChatPage
from bot.standin.control import Control
from bot.standin.crowd import Crowd
from bot.standin.events import Events
from bot.standin.faults import Faults
from bot.standin.groups import Group
from bot.standin.ledger import Ledger
from bot.standin.limits import Limits
from bot.standin.people import Person
from bot.standin.server import LARGEST_BODY, BotApi
from bot.standin.updates import Updates
from bot.standin.users import User
from bot.standin.webhook import Backoff, Webhook
from bot.standin.world import World

#: A token for tests; it opens nothing but a stand-in.
TOKEN = "123456:TEST"  # noqa: S105

_OWN_PAGE = Path(__file__).parent / "page"


class StandIn:
    """A strict local server of the Bot API for one bot.

    `now` gives aware instants in UTC and `tick` monotonic seconds; a test may set both. `page_dir` is the folder of the
    chat page; without it the page that comes with the stand-in is served.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        now: Callable[[], datetime] = clock.utc_now,
        tick: Callable[[], float] = clock.monotonic,
        limits: Limits | None = None,
        page_dir: Path | None = None,
        webhook_backoff: Backoff | None = None,
    ) -> None:
        self.world = World(token, now, tick, limits or Limits())
        self._crowd = Crowd(self.world)
        self._webhook = Webhook(self.world.updates, now, webhook_backoff or Backoff())
        self._api = BotApi(self.world, self._webhook)
        self._control = Control(self.world, self._crowd)
        self._page = ChatPage(self.world.events, page_dir or _OWN_PAGE)

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def ledger(self) -> Ledger:
        """Every call and every update so far."""
        return self.world.ledger

    @property
    def faults(self) -> Faults:
        """What goes wrong on demand."""
        return self.world.faults

    @property
    def events(self) -> Events:
        """What the chat page hears."""
        return self.world.events

    @property
    def updates(self) -> Updates:
        """The updates that the bot has not confirmed."""
        return self.world.updates

    @property
    def limits(self) -> Limits:
        """The rate limits in force; setting them fills all buckets anew."""
        return self.world.pace.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.world.pace.limits = limits

    @property
    def people(self) -> dict[int, Person]:
        """Everybody, by user id."""
        return self._crowd.people

    def add_person(self, name: str, phone: str | None = None, **more: Any) -> Person:
        """A new person who has not started the bot; `more` as in `Crowd.add_person`."""
        return self._crowd.add_person(name, phone, **more)

    def group(self, title: str, members: Iterable[User] = (), **more: Any) -> Group:
        """A new group, supergroup, forum or channel; `more` as in `Crowd.add_group`."""
        return self._crowd.add_group(title, members, **more)

    def add_routes(self, app: web.Application) -> None:
        """Adds the Bot API, `/standin/` and the chat page to an application, with their start and end."""
        app.add_routes([*self._api.routes(), *self._control.routes(), *self._page.routes()])
        app.on_startup.append(self._open)
        app.on_shutdown.append(self._close)

    def app(self) -> web.Application:
        """An application with nothing but the stand-in."""
        app = web.Application(client_max_size=LARGEST_BODY)
        self.add_routes(app)
        return app

    async def _open(self, app: web.Application) -> None:
        self._api.open()

    async def _close(self, app: web.Application) -> None:
        self._page.close()
        await self._api.close()

    @asynccontextmanager
    async def running(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serves until the block ends; gives the root of the Bot API, "http://127.0.0.1:<port>"."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
