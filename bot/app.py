"""The composition root: builds the adapters, hands them to the services, starts and stops them in order.

One process with `role="all"` does everything; `web` takes updates in, `worker` does the rest, both on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.channels.telegram.bot_api import BotApi, Identity
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.profile import Profile, publish_profile
from bot.channels.telegram.receive import CHANNEL, reader
from bot.channels.telegram.run import Polling
from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram.signing import Signer
from bot.channels.telegram.webhook import register_webhook, webhook_places, webhook_routes
from bot.config import OutsideModel, Role, Settings
from bot.dialog.compose import menu_commands
from bot.domain.errors import ChannelUnavailable, ConfigurationProblems, StorageUnavailable
from bot.jobs.clock import SystemClock
from bot.jobs.memory import MemoryWakeUps
from bot.outbound.outside_classifier import OutsideClassifier
from bot.services.apply import Sign
from bot.services.crash_points import CrashPoint, crash_at, pass_by
from bot.services.deliver_outbox import DeliverOutbox
from bot.services.handle_inbound import HandleInbound, PlainEars, Read
from bot.services.live import Live, LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Adviser, Channel, Clock, Ears, Storage, WakeUp, WakeUps
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.run_timers import RunTimers
from bot.services.send_claimed import Pace as PacePort
from bot.services.send_claimed import SendClaimed
from bot.storage.open import lock_for_one_process, open_storage
from bot.storage.upgrade import upgrade
from bot.web.health import Check, Health
from bot.web.server import WebServer, web_application

_log = structlog.get_logger(__name__)

#: The sweep finds what lost wake-ups left behind; this is the longest such a row waits.
_SWEEP_SECONDS = 2.0
#: An outbox row left in flight by a dead process is taken up after this long; a living one says so three times as often.
_RECOVER_SECONDS = 15.0
#: What is being done when the program is told to stop may take so long.
_STOP_SECONDS = 20.0
#: The holder of all leases where one process does everything: after a restart they are its own at once.
_ALONE = "the one process"


def _own_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class ChannelParts:
    """What a channel brings along: how to send, how to read what it stored, how to sign its buttons."""

    channel: Channel
    read: Read
    sign: Sign


@dataclass(slots=True)
class Application:
    """A running Gracebot. `intake` are the loops that take updates in; `alone` says that no other process shares the storage."""

    storage: Storage
    scripts: LiveScripts
    clock: Clock
    wake_ups: WakeUps
    parts: Mapping[str, ChannelParts]
    pace: PacePort
    messages_per_second: float
    role: Role = "all"
    intake: Sequence[Callable[[], Awaitable[None]]] = ()
    checks: dict[str, Check] = field(default_factory=dict)
    holder: str = ""
    alone: bool = False
    crash_point: CrashPoint = pass_by
    ears: Ears = field(default_factory=PlainEars)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _at_work: bool = False
    inbound: HandleInbound = field(init=False)
    timers: RunTimers = field(init=False)
    plan: PlanDay = field(init=False)
    delivery: DeliverOutbox = field(init=False)

    def __post_init__(self) -> None:
        self.holder = self.holder or (_ALONE if self.alone else _own_name())
        self.checks["loops"] = self._loops_check
        signers = {name: part.sign for name, part in self.parts.items()}
        readers = {name: part.read for name, part in self.parts.items()}
        channels = {name: part.channel for name, part in self.parts.items()}
        self.inbound = HandleInbound(
            self.storage, self.scripts, self.clock, self.wake_ups, readers, signers, self.crash_point, self.ears
        )
        self.timers = RunTimers(
            self.storage, self.scripts, self.clock, self.wake_ups, signers, self.holder, self.crash_point
        )
        self.plan = PlanDay(self.storage, self.scripts, self.clock, self.wake_ups, self.holder)
        sending = SendClaimed(self.storage, self.scripts, self.clock, channels, self.pace, self.crash_point)
        self.delivery = DeliverOutbox(
            self.storage, self.clock, self.wake_ups, sending, self.holder, self.messages_per_second
        )

    def health(self) -> Health:
        return Health(self.storage, self.checks, self.registry)

    async def _loops_check(self) -> str | None:
        return None if self._at_work else "starting or stopping"

    async def start(self) -> None:
        """Takes up what a dead process left, then starts the loops."""
        if self.role != "web":
            self.wake_ups.register("inbox", self.inbound.chat)
            self.wake_ups.register("outbox", self.delivery.shard)
            self.wake_ups.register("timers", self.timers.all)
            self.wake_ups.register("plan", self.plan.programme)
            # Where nobody else can be at work, whatever is in flight was left by the dead, and nothing need be waited for.
            await self.storage.recover_outbox(self.clock.now(), 0 if self.alone else _RECOVER_SECONDS)
            await self.plan.all()
            self.ears.follow(self.scripts.current.phrases)
            loops = [self._sweep, self._recover, *self.intake]
        else:
            loops = list(self.intake)
        self._tasks = [asyncio.create_task(self._keep_up(loop)) for loop in (self.wake_ups.run, *loops)]
        self._at_work = True

    async def stop(self) -> None:
        """Takes nothing more in, lets what is being done finish, gives its leases back."""
        self._at_work = False
        for task in self._tasks[1:]:
            task.cancel()
        await asyncio.gather(*self._tasks[1:], return_exceptions=True)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await asyncio.gather(self.delivery.close(), self.wake_ups.stop())
        except TimeoutError:
            _log.warning("stopped_in_flight")
        self._tasks[0].cancel()
        await asyncio.gather(self._tasks[0], return_exceptions=True)
        await self.ears.close()
        try:
            await self.storage.release_leases(self.holder)
        except StorageUnavailable:
            _log.warning("leases_run_out_by_themselves")

    async def wait(self) -> None:
        """Returns when a loop has ended by itself, raising what ended it."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def _keep_up(self, loop: Callable[[], Awaitable[None]]) -> None:
        """A loop that goes on after the database was away; anything else it raises ends the program with a sentence."""
        while True:
            try:
                await loop()
                return
            except StorageUnavailable as error:
                _log.warning("storage_unavailable", reason=str(error))
                await asyncio.sleep(1)

    async def _sweep(self) -> None:
        while True:
            await self.scripts.refresh()
            self.ears.follow(self.scripts.current.phrases)
            await self.inbound.sweep()
            await self.plan.sweep()
            for shard in await self.storage.shards_waiting(self.clock.now()):
                await self.wake_ups.put(WakeUp("outbox", str(shard)))
            await self.wake_ups.put(WakeUp("timers", "all"))
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _recover(self) -> None:
        while True:
            await asyncio.sleep(_RECOVER_SECONDS / 3)
            # In this order: after a long outage of the database our own rows are still ours.
            await self.delivery.renew()
            await self.storage.recover_outbox(self.clock.now(), _RECOVER_SECONDS)


@dataclass(frozen=True, slots=True)
class Serving:
    """A running installation: the application and the port its web server listens on."""

    application: Application
    port: int


@asynccontextmanager
async def serving(settings: Settings, role: Role) -> AsyncIterator[Serving]:
    """The bot on Telegram as settings read for this role say, until the block ends. Raises GraceErrors."""
    token = settings.telegram_token
    if token is None or not settings.secret_keys:
        raise ConfigurationProblems(["GRACE_TELEGRAM_TOKEN and GRACE_SECRET_KEY are needed to serve."])
    on_postgres = settings.database_url.startswith("postgresql")
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(lock_for_one_process(settings.database_url))
        await asyncio.to_thread(upgrade, settings.database_url)
        storage = await open_storage(settings.database_url, settings.secret_keys)
        stack.push_async_callback(storage.close)
        files = read_files(settings.dialogs_dir, settings.locales_dir)
        scripts = LiveScripts(storage, (await load_or_publish(storage, files, clock.now())).live)
        wake_ups = await _wake_ups(settings, clock)
        api = await stack.enter_async_context(BotApi(token, settings.telegram_api_url))
        parts, identity = await telegram_parts(api, settings.secret_keys, clock)
        crash_spec = os.environ.get("GRACE_TEST_CRASH_AT")
        application = Application(
            storage,
            scripts,
            clock,
            wake_ups,
            {CHANNEL: parts},
            Pace(),
            settings.messages_per_second,
            role,
            alone=not on_postgres,
            crash_point=crash_at(crash_spec) if crash_spec else pass_by,
            ears=ears_of(settings.classifier_dir, _adviser(settings.outside_model, clock)),
        )
        application.checks["scripts"] = lambda: _scripts_check(scripts)
        application.checks["telegram"] = lambda: _telegram_check(api)
        routes = [*application.health().routes()]
        routes += await _intake(application, api, settings, role)
        server = WebServer(web_application(routes), settings.host, settings.port)
        await server.start()
        stack.push_async_callback(server.stop)
        await application.start()
        stack.push_async_callback(application.stop)
        if role != "web":
            await _publish_profile(api, scripts.current)
        _log.info("serving", role=role, bot=identity.username, version=scripts.current.number)
        yield Serving(application, server.port)


def ears_of(folder: Path | None, adviser: Adviser | None = None) -> Ears:
    """Ears that learn and keep what they learned in a folder; without one they go by rules alone."""
    if folder is None:
        return PlainEars(adviser)
    from bot.encoders.ears import LearnedEars
    from bot.encoders.sentences import installed_encoder

    return LearnedEars(folder, installed_encoder(), adviser)


def _adviser(outside: OutsideModel | None, clock: Clock) -> Adviser | None:
    return OutsideClassifier(outside.url, outside.model, outside.key, outside.calls, clock) if outside else None


async def _wake_ups(settings: Settings, clock: Clock) -> WakeUps:
    if not settings.database_url.startswith("postgresql"):
        return MemoryWakeUps(clock)
    from bot.jobs.postgres import PostgresWakeUps, install_engine

    await install_engine(settings.database_url)
    return PostgresWakeUps(settings.database_url, clock)


async def telegram_parts(api: BotApi, secret_keys: tuple[str, ...], clock: Clock) -> tuple[ChannelParts, Identity]:
    """Telegram as a channel: asks who the bot is, so a wrong token is told at once."""
    identity = await api.identity()
    signer = Signer(secret_keys, identity.bot_id)

    read = reader(identity.username, signer.verify)
    return ChannelParts(TelegramChannel(api, clock), read, signer.sign), identity


async def _scripts_check(scripts: LiveScripts) -> str | None:
    if scripts.refused is None:
        return None
    return f"version {scripts.refused} does not compile here; version {scripts.current.number} stays live"


async def _telegram_check(api: BotApi) -> str | None:
    """Asks only where the last call went wrong: most of the time there is a newer answer than any we could ask for."""
    if not api.answers:
        await api.identity()
    return None


async def _intake(application: Application, api: BotApi, settings: Settings, role: Role) -> list[web.RouteDef]:
    """How updates come in: by webhook where there is a public address, else by polling from a process that works."""
    if settings.public_url is None:
        if role != "web":
            polling = Polling(
                api,
                application.storage,
                application.clock,
                application.wake_ups,
                application.holder,
                _jitter,
                application.crash_point,
            )
            application.intake = (polling.run,)
        return []
    if role == "worker":
        return []
    places = webhook_places(settings.secret_keys, settings.telegram_token or "")
    await register_webhook(api, settings.public_url, places[0])
    return webhook_routes(places, application.storage, application.clock, application.wake_ups, application.crash_point)


async def _publish_profile(api: BotApi, live: Live) -> None:
    """The list of commands that Telegram shows, in every language. The bot serves without it, so a refusal is only noted."""
    profiles = {tag: Profile(menu_commands(live.script, live.catalogs, tag)) for tag in live.languages}
    try:
        await publish_profile(api, profiles, live.languages[0])
    except ChannelUnavailable as error:
        _log.warning("profile_not_published", reason=str(error))


def _jitter() -> float:
    return secrets.randbelow(1000) / 1000


async def bot_username(settings: Settings) -> str:
    """The bot's name on Telegram, for links."""
    if settings.telegram_token is None:
        raise ConfigurationProblems(["GRACE_TELEGRAM_TOKEN is not set."])
    async with BotApi(settings.telegram_token, settings.telegram_api_url) as api:
        return (await api.identity()).username
