"""A run with kills: borrowers talk, reminders fall due, and the processes die again and again at events drawn from a seed.

The seed fixes what is said and how each process is to end; the system's scheduling is not in its hands. The invariants
(`invariants.py`) hold for every run, whatever the seed.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from bot.domain.errors import StorageUnavailable
from bot.services.ports import Storage
from bot.standin.people import Person
from tests.end_to_end.running.installation import Installation, free_port, known_borrower, now, today
from tests.end_to_end.running.program import Program
from tests.end_to_end.running.rows import Row, rows

TALKERS = 10
STRANGERS = 2
#: Borrowers whose loan falls due today, added before each start.
REMINDED = 2
#: How long a talker waits for an answer, over several kills and restarts.
_PATIENCE = 120.0
#: A process that has not met its end after so many entries of the ledger meets it anyway.
_AT_LAST = 80

_REMINDERS = "SELECT outbox_id FROM outbox WHERE kind = 'reminder'"

_PLACES = {
    "all": (
        "after_store_update",
        "before_turn_commit",
        "after_turn_commit",
        "before_timer_commit",
        "after_timer_commit",
        "before_send",
        "after_send",
        "before_settle",
    ),
    "web": ("after_store_update",),
    "worker": (
        "before_turn_commit",
        "after_turn_commit",
        "before_timer_commit",
        "after_timer_commit",
        "before_send",
        "after_send",
        "before_settle",
    ),
}


@dataclass(frozen=True, slots=True)
class Doom:
    """How a process is to end: when it passes `place` for the n-th time, or (None) after n more entries of the ledger."""

    place: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Kill:
    """A process that died, and the rows that it had in flight."""

    doom: Doom
    in_flight: tuple[Row, ...]


@dataclass(slots=True)
class Crashes:
    """One run. `roles` are the processes by name; updates come by webhook to the first of them, or by polling."""

    installation: Installation
    seed: int
    kills_wanted: int
    roles: Mapping[str, str]
    webhook: bool
    #: Done to them when all processes are there to stay, while people go on talking.
    disturb: Callable[[], Awaitable[None]] | None = None
    storage: Storage = field(init=False)
    kills: list[Kill] = field(default_factory=list)
    talkers: list[Person] = field(default_factory=list)
    strangers: list[Person] = field(default_factory=list)
    reminded: list[Person] = field(default_factory=list)
    confirmed: Counter[int] = field(default_factory=Counter)
    #: Chats in which an answer was in flight at two kills: it is not tried a third time, so it may never be seen.
    given_up: Counter[str] = field(default_factory=Counter)
    enough: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _in_flight: Counter[int] = field(default_factory=Counter)
    _port: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """People talk and processes die until there were kills enough; then all is quiet and the block runs."""
        self._port = free_port()
        async with AsyncExitStack() as stack:
            self.storage = await stack.enter_async_context(self.installation.storage())
            await self._add_people()
            async with asyncio.TaskGroup() as group:
                keepers = [group.create_task(self._keep(name, role)) for name, role in self.roles.items()]
                talks = [group.create_task(self._talk(person)) for person in self.talkers]
                talks += [group.create_task(self._chat(person)) for person in self.strangers]
                programs = await asyncio.gather(*keepers)
                for program in programs:
                    stack.push_async_callback(program.kill)
                if self.disturb is not None:
                    await self.disturb()
                self.enough = True
                await asyncio.gather(*talks)
                await self._quiet()
            assert [await program.terminate() for program in programs] == [0] * len(programs)
            yield

    # -- people -------------------------------------------------------------------------------------------------------

    async def _add_people(self) -> None:
        for number in range(TALKERS):
            self.talkers.append(await self._add(f"T-{number}", due_in_days=10))
        self.strangers += [self.installation.standin.add_person(f"S-{n}", language_code="en") for n in range(STRANGERS)]

    async def _add(self, borrower_id: str, due_in_days: int) -> Person:
        person = self.installation.add_person(borrower_id)
        await self.storage.commit(known_borrower(person, due_in_days))
        return person

    async def _talk(self, person: Person) -> None:
        """Names one amount after the other, each of which is answered by a card, and confirms some of the cards."""
        draw = random.Random(f"{self.seed} {person.name}")
        day = today() + timedelta(days=4)
        amounts = count(1)
        amount = "0"
        while not self.enough:
            for _ in range(draw.choice((1, 1, 2, 3))):
                amount = f"{10 + next(amounts) / 100:.2f}"
                await person.say(f"I will pay {amount} on {day.isoformat()}")
            if await self._seen(person, f"Amount: £{amount}", "Is this right?") and draw.random() < 0.3:
                self.confirmed[person.user_id] += 1
                await person.press("Confirm")
                await self._seen(person, f"Amount: £{amount}", "Your promise is recorded.")

    async def _seen(self, person: Person, *words: str) -> bool:
        """Waits for a message with these words; False where it may never come."""
        chat_key = str(person.user_id)
        before = self.given_up[chat_key]

        def shown() -> bool | None:
            if any(all(word in message.text for word in words) for message in person.bot_messages[-4:]):
                return True
            return False if self.given_up[chat_key] > before else None

        return await person.chat.bell.until(shown, _PATIENCE)

    async def _chat(self, person: Person) -> None:
        """Somebody whom nobody knows: each line is answered alike."""
        said = 0
        while not self.enough:
            said += 1
            await person.say(f"/start {said}")
            chat_key, wanted = str(person.user_id), said
            await person.chat.bell.until(
                lambda key=chat_key, wanted=wanted: (
                    True if len(person.bot_messages) + self.given_up[key] >= wanted else None
                ),
                _PATIENCE,
            )

    # -- processes ----------------------------------------------------------------------------------------------------

    async def _keep(self, name: str, role: str) -> Program:
        """Starts a process again and again, each time with an end in store; in the end one that may live."""
        draw = random.Random(f"{self.seed} {name}")
        while True:
            # Planned at the start of a process that plans; later they would wait for the next hour.
            for _ in range(0 if role == "web" else REMINDED):
                self.reminded.append(await self._add(f"R-{next(self._numbers)}", due_in_days=0))
            doom = self._doom(draw, role) if len(self.kills) < self.kills_wanted else None
            program = await self._start(name, role, doom)
            if doom is None:
                await program.ready()
                return program
            await self._meet(doom, program)
            await self._note(doom, program)

    def _doom(self, draw: random.Random, role: str) -> Doom:
        if draw.random() < 0.4:
            return Doom(None, draw.randint(1, 25))
        return Doom(draw.choice(_PLACES[role]), draw.randint(1, 3))

    async def _start(self, name: str, role: str, doom: Doom | None) -> Program:
        settings = {"TEST_CRASH_AT": f"{doom.place}:{doom.n}"} if doom and doom.place else {}
        if self.webhook:
            settings["PUBLIC_URL"] = f"http://127.0.0.1:{self._port}"
            if name == next(iter(self.roles)):
                settings["PORT"] = str(self._port)
        return await self.installation.start("serve", "--role", role, name=name, **settings)

    async def _meet(self, doom: Doom, program: Program) -> None:
        """Returns when the process is dead."""
        if not await program.up():
            return
        ledger = self.installation.standin.ledger
        last = len(ledger) + (doom.n if doom.place is None else _AT_LAST)
        dying = asyncio.ensure_future(program.ended())
        coming = asyncio.ensure_future(ledger.wait_for(last, None))
        await asyncio.wait((dying, coming), return_when=asyncio.FIRST_COMPLETED)
        program.signal(signal.SIGKILL)
        coming.cancel()
        await dying

    async def _note(self, doom: Doom, program: Program) -> None:
        """What it had in flight when it died."""
        assert program.exit_code == -signal.SIGKILL, f"{doom}: ended with {program.exit_code}: {program.errors()}"
        held = "" if len(self.roles) == 1 else f" AND holder LIKE '%:{program.pid}:%'"
        in_flight = await rows(
            self.installation.database_url,
            f"SELECT outbox_id, chat_key, kind FROM outbox WHERE state = 'sending'{held}",
        )
        self.kills.append(Kill(doom, tuple(in_flight)))
        self._in_flight.update(row["outbox_id"] for row in in_flight)
        for row in in_flight:
            if self._in_flight[row["outbox_id"]] > 1 and row["kind"] == "reply":
                self.given_up[row["chat_key"]] += 1
                self.installation.standin.world.chats[int(row["chat_key"])].bell.ring()

    async def _quiet(self) -> None:
        """Returns when nothing is left to do, three looks in a row."""
        quiet = 0
        async with asyncio.timeout(_PATIENCE):
            while quiet < 3:
                quiet = 0 if await self._busy() else quiet + 1
                await asyncio.sleep(0.05)

    async def _busy(self) -> bool:
        try:
            counts = await self.storage.counts()
            return bool(
                self.installation.standin.updates.pending
                or await self.storage.chats_waiting(1)
                or await self.storage.due_timers(now(), 1)
                or counts["outbox_queued"]
                or counts["outbox_sending"]
                or len(await rows(self.installation.database_url, _REMINDERS)) < len(self.reminded)
            )
        except StorageUnavailable:
            return True  # our own connections were cut as well
