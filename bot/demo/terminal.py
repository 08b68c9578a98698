"""`talk`: the terminal as a second channel, over the sample book, through the same inbox, turns, gate and outbox."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

from bot.app import Application, ChannelParts
from bot.channels import console
from bot.channels.telegram.pace import Pace
from bot.config import read_settings
from bot.demo.running import add_loans, temporary_storage
from bot.dialog.known_answers import NO_ANSWERS
from bot.domain.borrower import Address
from bot.domain.errors import ConfigurationProblems
from bot.domain.events import LinkOpened, Received
from bot.domain.situation import Conversation
from bot.jobs.clock import SystemClock
from bot.jobs.memory import MemoryWakeUps
from bot.logs import set_up_logging
from bot.services.apply import new_conversation
from bot.services.approvals import DEMO, approve_all
from bot.services.handle_inbound import PlainEars
from bot.services.live import LiveScripts
from bot.services.ports import Ears, Storage, WakeUp
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.rehearse import with_pseudo_languages
from bot.services.writes import SaveConversation
from bot.texts.languages import canonical_tag, is_pseudo

_CHAT = "terminal"
#: A message may wait so long for the one before it.
_PACE = timedelta(seconds=5)


async def talk_in_terminal(loan_id: str | None, language: str | None, ears: Ears | None = None) -> None:
    """Talks until the input ends. With a loan, its borrower sits here, identified; without one, a stranger does."""
    set_up_logging("console", level=logging.WARNING)
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        storage, _ = await temporary_storage(stack)
        draft = read_settings(environ={})
        files = read_files(draft.dialogs_dir, draft.locales_dir)
        scripts = LiveScripts(storage, (await load_or_publish(storage, files, clock.now())).live)
        await approve_all(storage, scripts.current.script.answers or NO_ANSWERS, DEMO, clock.now())
        await scripts.refresh()
        language = _spoken(language, scripts)
        await add_loans(storage, scripts.current, clock, None)
        conversation = await _seated(storage, loan_id, language)
        await storage.commit((SaveConversation(conversation, None, clock.now()),))
        channel = console.ConsoleChannel(_write, _CHAT)
        parts = ChannelParts(channel, console.read, console.sign)
        application = Application(
            storage,
            scripts,
            clock,
            MemoryWakeUps(clock),
            {channel.name: parts},
            Pace(),
            messages_per_second=1000,
            ears=ears or PlainEars(),
        )
        await application.start()
        stack.push_async_callback(application.stop)
        await _hear(application, channel, "/start")
        async for line in console.lines(sys.stdin):
            if line.strip() == "/quit":
                break
            await _hear(application, channel, line)
            if not sys.stdin.isatty():
                await _answered(application)


def _spoken(language: str | None, scripts: LiveScripts) -> str | None:
    """The language to speak, a pseudo-locale included. Raises ConfigurationProblems where the bot does not speak it."""
    if language is None:
        return None
    tag = canonical_tag(language)
    if is_pseudo(tag):
        scripts.current = with_pseudo_languages(scripts.current)
    elif tag not in scripts.current.languages:
        known = ", ".join(scripts.current.languages)
        raise ConfigurationProblems([f"{language} is no language of the bot; it speaks {known}."])
    return tag


async def _hear(application: Application, channel: console.ConsoleChannel, line: str) -> None:
    update = channel.update(line, application.clock.now())
    if update is not None:
        await application.storage.commit((update,))
        await application.wake_ups.put(WakeUp("inbox", f"{channel.name}:{_CHAT}"))


async def _answered(application: Application) -> None:
    """Returns when all that was said is answered: a line from a pipe may be the number of a button of the answer."""
    storage = application.storage
    while (  # noqa: ASYNC110 - only the database tells
        await storage.chats_waiting(1)
        or await storage.shards_waiting(application.clock.now() + _PACE)
        or (await storage.counts()).get("outbox_sending")
    ):
        await asyncio.sleep(0.05)


async def _seated(storage: Storage, loan_id: str | None, language: str | None) -> Conversation:
    """The conversation of whoever sits at the terminal."""
    fresh = new_conversation(Received(Address(console.CHANNEL, _CHAT), LinkOpened("")))
    if loan_id is None:
        return replace(fresh, version=1, language=language)
    ledger = await storage.ledger(loan_id)
    if ledger is None:
        known = ", ".join([x async for x in storage.loan_ids()])
        raise ConfigurationProblems([f"There is no loan {loan_id}; the sample book has {known}."])
    clock = SystemClock()
    return replace(fresh, version=1, language=language, borrower_id=ledger.loan.borrower_id, verified_at=clock.now())


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
