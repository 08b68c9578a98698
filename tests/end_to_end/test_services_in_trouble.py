"""The services by themselves where something fails in the middle: nobody else waits, and nothing is forgotten or done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from bot.channels import console
from bot.dialog.effects import Choice
from bot.domain.borrower import Address
from bot.domain.delivery import Content, Delivered, DeliveryResult, MessageKind, OutboundMessage, SendMessage
from bot.domain.errors import Duplicate, StorageUnavailable
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.loanbook.payments import PaymentRow
from bot.services.deliver_outbox import MOST_IN_FLIGHT, DeliverOutbox
from bot.services.handle_inbound import HandleInbound
from bot.services.plan_day import PlanDay
from bot.services.ports import SHARDS, Storage, WakeUp
from bot.services.post_payments import post_payments
from bot.services.run_timers import RunTimers
from bot.services.send_claimed import SendClaimed
from bot.services.writes import AppendPayment, AppendTurn, Batch, MarkHandled, PutOutbox, PutSetting, SettleOutbox
from bot.storage.database import DatabaseStorage
from tests.databases import migrated_sqlite_file  # noqa: F401
from tests.end_to_end.terminals import NoPace, NoWakeUps, Terminals, furnished, office  # noqa: F401

T = TypeVar("T")


@dataclass
class HeardWakeUps(NoWakeUps):
    """Keeps those for the programme `generic`, of all that come along."""

    heard: list[WakeUp] = field(default_factory=list)

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        if wake_up.key.startswith("generic@"):
            self.heard.append(wake_up)


class Failing(DatabaseStorage):
    """The same database, on which some batches fail."""

    def __init__(self, storage: Storage, error: Exception, kind: type, times: int) -> None:
        assert isinstance(storage, DatabaseStorage)
        self.__dict__.update(storage.__dict__)
        self._error, self._kind, self.times = error, kind, times

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        if self.times and any(isinstance(write, self._kind) for write in batch):
            self.times -= 1
            raise self._error
        return await super().commit(batch)


# -- turns ------------------------------------------------------------------------------------------------------------


async def test_a_race_that_is_lost_again_and_again_ends_with_a_person_and_not_never(office: Terminals) -> None:  # noqa: F811
    await office.sit("sam", "S-4")
    real = office.storage
    # Three times as many races as are run at once.
    office.storage = Failing(real, Duplicate("a reference"), AppendTurn, times=63)
    assert "Something went wrong on our side" in await office.say("sam", "what do I owe?")
    office.storage = real
    assert [case.reason async for case in real.cases()] == ["error"]


async def test_a_race_that_is_lost_a_few_times_is_simply_run_again(office: Terminals) -> None:  # noqa: F811
    await office.sit("sam", "S-4")
    office.storage = Failing(office.storage, Duplicate("a reference"), AppendTurn, times=5)
    assert "£95.00" in await office.say("sam", "what do I owe?")


async def test_a_database_that_is_away_counts_against_no_update(office: Terminals) -> None:  # noqa: F811
    await office.sit("sam", "S-4")
    (update,) = [office.channels["sam"].update("what do I owe?", office.clock.now())]
    assert update is not None
    await office.storage.commit((update,))
    away = Failing(office.storage, StorageUnavailable("away"), MarkHandled, times=9)
    inbound = HandleInbound(
        away,
        office.scripts,
        office.clock,
        NoWakeUps(),
        {console.CHANNEL: console.read},
        {console.CHANNEL: console.sign},
    )
    for _ in range(9):
        try:
            await inbound.chat("console:sam")
        except StorageUnavailable:
            continue
    await inbound.chat("console:sam")
    await office.sent()
    assert "£95.00" in "\n".join(office.shown["sam"])


# -- payments ---------------------------------------------------------------------------------------------------------


class OneLoanFails(DatabaseStorage):
    """The same database, which is away for one loan and does not answer for the others."""

    def __init__(self, storage: Storage, loan_id: str) -> None:
        assert isinstance(storage, DatabaseStorage)
        self.__dict__.update(storage.__dict__)
        self._loan_id, self.called_off = loan_id, 0

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        if any(isinstance(write, AppendPayment) and write.payment.loan_id == self._loan_id for write in batch):
            raise StorageUnavailable("away")
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            self.called_off += 1


async def test_a_payment_file_that_fails_leaves_no_posting_behind(office: Terminals) -> None:  # noqa: F811
    now = office.clock.now()
    rows = [
        PaymentRow(line, Payment(f"P{line}", loan_id, Money(500, "GBP"), now.date()))
        for line, loan_id in enumerate(("L-4001", "L-7001"), 1)
    ]
    failing = OneLoanFails(office.storage, "L-7001")
    with pytest.raises(StorageUnavailable):
        await post_payments(failing, office.scripts.current, rows, now)
    assert failing.called_off == 1


# -- timers and plans -------------------------------------------------------------------------------------------------


async def test_a_timer_that_fails_steps_back_for_an_hour_and_keeps_no_other_waiting(office: Terminals) -> None:  # noqa: F811
    for chat, borrower_id in (("sam", "S-4"), ("ravi", "S-6")):
        await office.sit(chat, borrower_id)

    def signs_not_for_sam(chat_key: str, choice: Choice, place: int, keyboard: int) -> str:
        if chat_key == "sam":
            raise KeyError("a bug")
        return console.sign(chat_key, choice, place, keyboard)

    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps()).programme("generic")
    signers = {console.CHANNEL: signs_not_for_sam}
    await RunTimers(office.storage, office.scripts, office.clock, NoWakeUps(), signers, "test").all("all")
    await office.sent()
    assert office.shown["sam"] == []
    assert any("4,500.00" in line for line in office.shown["ravi"])
    (back,) = await office.storage.timers_of("S-4")
    assert back.due_at == office.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("its_own", [True, False])
async def test_only_a_timer_whose_own_message_exists_is_done_without_it(office: Terminals, its_own: bool) -> None:  # noqa: F811
    await office.sit("sam", "S-4")
    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps()).programme("generic")
    (timer,) = await office.storage.timers_of("S-4")
    if its_own:
        await office.storage.commit((replace(a_message(1, "sam", office), dedup_key=timer.key),))
    taken = Failing(office.storage, Duplicate("a key"), PutOutbox, times=1)
    signers = {console.CHANNEL: console.sign}
    await RunTimers(taken, office.scripts, office.clock, NoWakeUps(), signers, "test").all("all")
    in_an_hour = office.clock.now() + timedelta(hours=1)
    left = [waiting.due_at for waiting in await office.storage.timers_of("S-4")]
    assert left == ([] if its_own else [in_an_hour])


async def test_each_hour_is_planned_once_and_until_it_is(office: Terminals) -> None:  # noqa: F811
    heard = HeardWakeUps()
    plan = PlanDay(office.storage, office.scripts, office.clock, heard, "one")
    await plan.sweep()
    await plan.sweep()
    # Whatever became of the first wake-up, the second is there.
    this_hour = WakeUp("plan", "generic@2026-11-25T12")
    assert heard.heard == [this_hour, this_hour]
    away = Failing(office.storage, StorageUnavailable("away"), PutSetting, times=1)
    try:
        await PlanDay(away, office.scripts, office.clock, NoWakeUps(), "one").programme(this_hour.key)
    except StorageUnavailable:
        await plan.sweep()
    assert heard.heard[2:] == [this_hour]
    await plan.programme(this_hour.key)
    heard.heard.clear()
    await plan.sweep()
    assert heard.heard == []
    office.clock.move_to(office.clock.now() + timedelta(hours=1))
    await plan.sweep()
    assert heard.heard == [WakeUp("plan", "generic@2026-11-25T13")]


async def test_one_process_plans_an_hour(office: Terminals) -> None:  # noqa: F811
    key = "generic@2026-11-25T12"
    assert await office.storage.hold_lease("plan:generic", "another", office.clock.now(), 300)
    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps(), "one").programme(key)
    assert await office.storage.setting("planned:generic") is None
    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps(), "another").programme(key)
    assert await office.storage.setting("planned:generic") == "2026-11-25T12"


# -- sending ----------------------------------------------------------------------------------------------------------


@dataclass
class SlowChannel:
    """Answers when it is told to."""

    name: str = console.CHANNEL
    begun: list[str] = field(default_factory=list)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        assert isinstance(message.act, SendMessage)
        self.begun.append(message.act.content.text)
        await self.answering.wait()
        return Delivered("1")


def delivery(office: Terminals, channel: SlowChannel, storage: Storage | None = None) -> DeliverOutbox:  # noqa: F811
    used = storage or office.storage
    sending = SendClaimed(used, office.scripts, office.clock, {console.CHANNEL: channel}, NoPace())
    return DeliverOutbox(used, office.clock, NoWakeUps(), sending, "test", 10_000)


def a_message(number: int, chat: str, office: Terminals) -> PutOutbox:  # noqa: F811
    now = office.clock.now()
    act = SendMessage(Content(str(number)))
    return PutOutbox(f"D{number:04}", Address(console.CHANNEL, chat), act, MessageKind.REPLY, now, now)


async def drain(outbox: DeliverOutbox) -> None:
    for shard in range(SHARDS):
        await outbox.shard(str(shard))
    await asyncio.sleep(0)


async def until(ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds(await ask()):  # noqa: ASYNC110 - nothing tells when a database changes
            await asyncio.sleep(0.01)


async def states(storage: Storage) -> Sequence[str]:
    return [record.status async for record in storage.deliveries()]


async def test_so_many_are_in_flight_at_once_and_the_others_follow_by_themselves(office: Terminals) -> None:  # noqa: F811
    count = MOST_IN_FLIGHT + 30
    await office.storage.commit(tuple(a_message(n, f"chat {n}", office) for n in range(count)))
    channel = SlowChannel()
    outbox = delivery(office, channel)
    await drain(outbox)
    assert len(channel.begun) == MOST_IN_FLIGHT
    channel.answering.set()
    await until(lambda: states(office.storage), lambda found: set(found) == {"sent"})
    await outbox.close()
    assert sorted(channel.begun, key=int) == [str(n) for n in range(count)]


async def test_what_a_chat_was_told_is_written_down_however_long_the_database_is_away(office: Terminals) -> None:  # noqa: F811
    await office.storage.commit((a_message(1, "sam", office), a_message(2, "sam", office)))
    channel = SlowChannel()
    channel.answering.set()
    away = Failing(office.storage, StorageUnavailable("away"), SettleOutbox, times=3)
    outbox = delivery(office, channel, away)
    await drain(outbox)
    async with asyncio.timeout(20):
        while await states(office.storage) != ["sent", "sent"]:
            office.clock.move_to(office.clock.now() + timedelta(seconds=1))
            await asyncio.sleep(0.01)
    await outbox.close()
    assert (channel.begun, away.times) == (["1", "2"], 0)


async def test_a_slow_answer_is_waited_for_and_not_taken_for_a_death(office: Terminals) -> None:  # noqa: F811
    await office.storage.commit((a_message(1, "sam", office),))
    channel = SlowChannel()
    outbox = delivery(office, channel)
    await drain(outbox)
    for _ in range(8):
        office.clock.move_to(office.clock.now() + timedelta(seconds=5))
        await outbox.renew()
        assert await office.storage.recover_outbox(office.clock.now(), 15) == 0
    channel.answering.set()
    await outbox.close()
    assert (channel.begun, await states(office.storage)) == (["1"], ["sent"])


async def test_closing_lets_what_is_in_flight_arrive_and_begins_nothing_more(office: Terminals) -> None:  # noqa: F811
    await office.storage.commit((a_message(1, "sam", office), a_message(2, "sam", office)))
    channel = SlowChannel()
    outbox = delivery(office, channel)
    await drain(outbox)
    closing = asyncio.create_task(outbox.close())
    await asyncio.sleep(0)
    channel.answering.set()
    await closing
    assert (channel.begun, sorted(await states(office.storage))) == (["1"], ["queued", "sent"])
