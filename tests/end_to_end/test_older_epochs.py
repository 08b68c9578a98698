"""A chat that changes hands: what the bot had still to say there is not said, but what it has done is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.situation import Holder
from bot.services.handle_inbound import HandleInbound
from bot.services.writes import SaveConversation
from tests.end_to_end.terminals import NoWakeUps, Terminals


async def handled_before_sending(office: Terminals, chat: str, line: str) -> None:
    """The line is said and handled, and the answer is not yet on its way."""
    update = office.channels[chat].update(line, office.clock.now() + timedelta(seconds=1))
    assert update is not None
    await office.storage.commit((update,))
    readers, signers = {console.CHANNEL: console.read}, {console.CHANNEL: console.sign}
    inbound = HandleInbound(office.storage, office.scripts, office.clock, NoWakeUps(), readers, signers)
    await inbound.chat(f"{console.CHANNEL}:{chat}")


async def a_person_takes(office: Terminals, chat: str) -> None:
    before = await office.storage.conversation(Address(console.CHANNEL, chat))
    assert before is not None
    taken = replace(before, holder=Holder.OPERATOR, epoch=before.epoch + 1, version=before.version + 1)
    await office.storage.commit((SaveConversation(taken, before.version, office.clock.now()),))


async def test_an_answer_that_a_person_overtook_is_not_given(office: Terminals) -> None:
    await office.sit("sam", "S-4", "en")
    await handled_before_sending(office, "sam", "what do I owe?")
    await a_person_takes(office, "sam")
    await office.sent()
    assert office.shown["sam"] == []
    (dropped,) = [d async for d in office.storage.deliveries("S-4")]
    assert (dropped.status, dropped.reason) == ("withheld", "older_epoch")


async def test_a_receipt_is_given_whoever_has_the_chat_by_then(office: Terminals) -> None:
    await office.sit("sam", "S-4", "en")
    await office.say("sam", "I'll pay 95 on Friday")
    office.shown["sam"].clear()
    await handled_before_sending(office, "sam", "1")
    await a_person_takes(office, "sam")
    await office.sent()
    (promise,) = [c async for c in office.storage.commitments()]
    assert promise.reference in "\n".join(office.shown["sam"])
