"""The outbox: what may be sent now, by whom, in which order and how fast, and what becomes of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.borrower import Address
from bot.domain.delivery import (
    AnswerPress,
    Button,
    Content,
    LeaveChat,
    MessageKind,
    OutboxState,
    SendMessage,
    StripButtons,
)
from bot.domain.errors import Conflict, Duplicate
from bot.services.ports import SHARDS, shard_of
from bot.services.writes import CancelOutbox, LoanPart, PutOutbox, RecordWithheld
from bot.storage.database import DatabaseStorage
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    PLENTY,
    a_loan,
    a_message,
    after,
    claim,
    settled,
    texts,
    with_borrower,
)
from tests.databases import run_sql

REMINDER, NOTICE, REPLY, OPERATOR, ACT = (
    MessageKind.REMINDER,
    MessageKind.NOTICE,
    MessageKind.REPLY,
    MessageKind.OPERATOR,
    MessageKind.ACT,
)
LEASE = 30


def chats_of_one_shard(count: int) -> list[Address]:
    """Different chats that share the shard of CHAT."""
    numbers = (Address("telegram", str(n)) for n in range(1, 100_000))
    same = (a for a in numbers if shard_of(a) == shard_of(CHAT) and a != CHAT)
    return [next(same) for _ in range(count)]


async def state_of(storage: DatabaseStorage, delivery_id: str) -> tuple[str, str | None]:
    record = await storage.delivery(delivery_id)
    return record.status, record.reason


# -- what a claimed row carries


async def test_a_row_carries_all_that_was_put(storage):
    await storage.commit(with_borrower())
    content = Content(
        "Pay <b>10</b>",
        (
            (Button("Yes", data="y", style="primary"), Button("Site", url="https://x")),
            (Button("Phone", request_contact=True),),
        ),
        "html",
        remove_reply_keyboard=True,
        protect=True,
    )
    await storage.commit(
        (
            a_message(
                "D1",
                REMINDER,
                act=SendMessage(content),
                borrower_id="B1",
                loan_id="L-B1",
                rule="r1",
                stage="mild",
                language="en",
                policy_version=3,
                script_version=4,
                epoch=2,
                dedup_key="k1",
            ),
        )
    )
    (row,) = await claim(storage)
    assert row.message.act == SendMessage(content)
    assert (row.message.address, row.message.kind, row.message.attempt) == (CHAT, REMINDER, 1)
    assert (row.borrower_id, row.loan_id, row.rule, row.stage, row.epoch, row.policy_version) == (
        "B1", "L-B1", "r1", "mild", 2, 3,
    )  # fmt: skip
    assert row.state_before is OutboxState.QUEUED


@pytest.mark.parametrize("act", [StripButtons("5"), AnswerPress("q", "Noted"), AnswerPress("q"), LeaveChat()])
async def test_every_act_comes_back_as_it_was_put(storage, act):
    await storage.commit((a_message("D1", ACT, act=act),))
    (row,) = await claim(storage)
    assert row.message.act == act


async def test_a_group_is_still_a_group_when_sending(storage):
    group = Address("telegram", "-5", private=False)
    await storage.commit((a_message("D1", address=group),))
    (row,) = await claim(storage, group)
    assert row.message.address == group


async def test_a_dedup_key_is_taken_for_ever(storage):
    await storage.commit((a_message("D1", REMINDER, dedup_key="k"),))
    (row,) = await claim(storage)
    await storage.commit((settled(row),))
    assert (await storage.was_put("k"), await storage.was_put("another")) == (True, False)
    with pytest.raises(Duplicate):
        await storage.commit((a_message("D2", REMINDER, dedup_key="k"),))


# -- order


async def test_replies_leave_before_reminders(storage):
    one, two, three, four = chats_of_one_shard(4)
    await storage.commit(
        (
            a_message("D1", REMINDER, one, "reminder"),
            a_message("D2", NOTICE, two, "notice"),
            a_message("D3", REPLY, three, "reply"),
            a_message("D4", OPERATOR, four, "operator"),
        )
    )
    assert texts(await claim(storage)) == ["reply", "operator", "reminder", "notice"]


async def test_nothing_is_sent_before_its_time(storage):
    await storage.commit((a_message("D1", run_at=after(seconds=10)),))
    assert await claim(storage, at=after(seconds=9)) == []
    assert await storage.next_outbox_at(shard_of(CHAT)) == after(seconds=10)
    assert texts(await claim(storage, at=after(seconds=10))) == ["Hello"]
    assert await storage.next_outbox_at(shard_of(CHAT)) is None


async def test_a_chats_rows_leave_in_the_order_they_were_put(storage):
    await storage.commit(tuple(a_message(f"D{i}", text=f"{i}") for i in range(3)))
    sent = []
    for _ in range(3):
        (row,) = await claim(storage)
        sent += texts([row])
        await storage.commit((settled(row),))
    assert sent == ["0", "1", "2"]


async def test_of_a_chat_one_message_is_claimed_at_a_time_with_the_acts_before_it(storage):
    (other,) = chats_of_one_shard(1)
    await storage.commit(
        (
            a_message("A1", ACT, act=AnswerPress("q")),
            a_message("A2", ACT, act=StripButtons("5")),
            a_message("D1", text="one"),
            a_message("A3", ACT, act=StripButtons("6")),
            a_message("D2", text="two"),
            a_message("D3", address=other, text="other"),
        )
    )
    first = await claim(storage)
    assert [row.message.act for row in first[:2]] == [AnswerPress("q"), StripButtons("5")]
    assert texts(first) == ["one", "other"]
    await storage.commit(tuple(settled(row) for row in first))
    second = await claim(storage)
    assert [row.message.act for row in second[:1]] == [StripButtons("6")]
    assert texts(second) == ["two"]


async def test_a_row_in_flight_holds_back_the_later_ones_of_its_chat(storage):
    (other,) = chats_of_one_shard(1)
    await storage.commit((a_message("D1", text="first"),))
    (first,) = await claim(storage)
    await storage.commit((a_message("D2", text="second"), a_message("D3", address=other, text="other")))
    assert texts(await claim(storage)) == ["other"]
    await storage.commit((settled(first),))
    assert texts(await claim(storage)) == ["second"]


async def test_a_deferred_row_holds_back_the_later_ones_of_its_chat_and_kind_only(storage):
    await storage.commit((a_message("D1", REMINDER, text="first"), a_message("D2", REMINDER, text="second")))
    (first,) = await claim(storage)
    tomorrow = after(days=1)
    await storage.commit((settled(first, OutboxState.DEFERRED, run_at=tomorrow),))
    await storage.commit((a_message("D3", REMINDER, text="third"), a_message("D4", REPLY, text="reply")))
    assert texts(await claim(storage, at=after(minutes=2))) == ["reply"]
    rows = []
    for _ in range(3):
        rows += (claimed := await claim(storage, at=tomorrow))
        await storage.commit(tuple(settled(row) for row in claimed))
    assert texts(rows) == ["first", "second", "third"]
    assert [row.state_before for row in rows] == [OutboxState.DEFERRED, OutboxState.QUEUED, OutboxState.QUEUED]


async def test_order_in_a_chat_holds_whatever_is_deferred_and_however_little_is_claimed(storage):
    await storage.commit(tuple(a_message(f"D{i}", text=f"{i}") for i in range(6)))
    sent: list[str] = []
    now = NOW
    for turn in range(60):
        now = after(seconds=turn)
        for row in await claim(storage, at=now, limit=1 + turn % 3):
            if turn % 4 == 0:
                await storage.commit((settled(row, OutboxState.DEFERRED, now, run_at=after(seconds=turn + 2)),))
            else:
                sent += texts([row])
                await storage.commit((settled(row, at=now),))
    assert sent == ["0", "1", "2", "3", "4", "5"]


async def test_what_waits_behind_a_deferred_row_is_due_with_it_and_not_asked_for_before(storage):
    await storage.commit((a_message("D1", text="first"), a_message("D2", text="second")))
    (first,) = await claim(storage, limit=1)
    await storage.commit((settled(first, OutboxState.DEFERRED, run_at=after(seconds=10)),))
    assert await storage.next_outbox_at(shard_of(CHAT)) == after(seconds=10)
    assert await storage.shards_waiting(after(seconds=9)) == []
    (first,) = await claim(storage, at=after(seconds=10))
    assert texts([first]) == ["first"]
    await storage.commit((settled(first),))
    assert texts(await claim(storage, at=after(seconds=10))) == ["second"]


async def test_a_row_deferred_for_less_still_waits_for_the_one_ahead(storage):
    """Of acts several are in flight at once, and each may be told another time to come again."""
    await storage.commit(tuple(a_message(f"A{n}", ACT, act=AnswerPress(f"q{n}")) for n in range(2)))
    first, second = await claim(storage)
    await storage.commit((settled(first, OutboxState.DEFERRED, run_at=after(minutes=10)),))
    await storage.commit((settled(second, OutboxState.DEFERRED, run_at=after(minutes=1)),))
    assert await claim(storage, at=after(minutes=9)) == []
    assert await storage.next_outbox_at(shard_of(CHAT)) == after(minutes=10)
    rows = await claim(storage, at=after(minutes=10))
    assert [row.message.act for row in rows] == [AnswerPress("q0"), AnswerPress("q1")]


async def test_a_row_that_came_out_of_order_waits_for_the_one_ahead(storage, database_url):
    """Two processes that write at the same moment do not see each other, so the rule is kept when claiming as well."""
    await storage.commit(tuple(a_message(f"D{i}", text=f"{i}") for i in range(3)))
    later = "UPDATE outbox SET run_at = run_at + 60000000 WHERE delivery_id IN ('D0', 'D2')"
    await run_sql(database_url, later)
    assert await claim(storage, at=after(seconds=59)) == []
    sent = []
    for _ in range(3):
        for row in await claim(storage, at=after(seconds=60)):
            sent += texts([row])
            await storage.commit((settled(row),))
    assert sent == ["0", "1", "2"]


# -- settling


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (OutboxState.SENT, "sent"),
        (OutboxState.REFUSED, "refused"),
        (OutboxState.UNKNOWN, "unknown"),
        (OutboxState.DEAD, "dead"),
        (OutboxState.WITHHELD, "withheld"),
    ],
)
async def test_a_settled_row_is_not_claimed_again(storage, state, shown):
    await storage.commit((a_message("D1"),))
    (row,) = await claim(storage)
    await storage.commit((settled(row, state, reason="why"),))
    assert await claim(storage, at=after(days=1)) == []
    assert await state_of(storage, "D1") == (shown, "why")


async def test_attempts_are_counted_when_the_caller_says_so(storage):
    await storage.commit((a_message("D1"),))
    (row,) = await claim(storage)
    await storage.commit((settled(row, OutboxState.QUEUED, run_at=NOW),))
    (row,) = await claim(storage)
    assert row.message.attempt == 2
    await storage.commit((settled(row, OutboxState.QUEUED, run_at=NOW, count_attempt=False),))
    (row,) = await claim(storage)
    assert row.message.attempt == 2


async def test_a_row_is_settled_once(storage):
    await storage.commit((a_message("D1"),))
    (row,) = await claim(storage)
    await storage.commit((settled(row, message_key="9"),))
    with pytest.raises(Conflict):
        await storage.commit((settled(row),))
    assert (await storage.delivery("D1")).message_id == "9"


async def test_a_settlement_from_an_older_claim_is_refused(storage):
    await storage.commit((a_message("D1"),))
    (old,) = await claim(storage, holder="one")
    await storage.recover_outbox(after(seconds=LEASE), LEASE)
    (new,) = await claim(storage, holder="one", at=after(seconds=LEASE))
    with pytest.raises(Conflict):
        await storage.commit((settled(old),))
    await storage.commit((settled(new),))


async def test_sending_later_needs_a_time(storage):
    await storage.commit((a_message("D1"),))
    (row,) = await claim(storage)
    with pytest.raises(ValueError, match="when"):
        await storage.commit((settled(row, OutboxState.DEFERRED),))


# -- who


async def test_a_chat_waits_for_its_row_in_flight_whoever_asks_and_the_others_do_not(storage):
    (other,) = chats_of_one_shard(1)
    await storage.commit((a_message("D1"),))
    (row,) = await claim(storage, holder="one")
    await storage.commit((a_message("D2", text="behind"), a_message("D3", address=other, text="free")))
    assert texts(await claim(storage, holder="two")) == ["free"]
    assert await storage.next_outbox_at(shard_of(CHAT)) is None
    await storage.commit((settled(row),))
    assert texts(await claim(storage, holder="two")) == ["behind"]


async def test_two_workers_never_claim_the_same_row_nor_break_the_order_of_a_chat(opening):
    first, second = await opening(), await opening()
    chats = chats_of_one_shard(5)
    await first.commit(tuple(a_message(f"D{i}", address=chats[i % 5], text=f"{i}") for i in range(60)))
    sent: dict[str, list[int]] = {}

    async def work(storage: DatabaseStorage, holder: str) -> None:
        while sum(map(len, sent.values())) < 60:
            for row in await claim(storage, holder=holder, limit=4):
                sent.setdefault(row.message.address.key, []).extend(map(int, texts([row])))
                await storage.commit((settled(row),))

    await asyncio.gather(work(first, "one"), work(second, "two"))
    assert sorted(n for numbers in sent.values() for n in numbers) == list(range(60))
    assert all(numbers == sorted(numbers) for numbers in sent.values())


# -- how fast


async def test_no_more_rows_are_claimed_than_there_are_tokens(storage):
    chats = chats_of_one_shard(10)
    await storage.commit(tuple(a_message(f"D{i}", address=chat, text=f"{i}") for i, chat in enumerate(chats)))
    assert texts(await claim(storage, rate=30)) == ["0", "1", "2"]
    assert texts(await claim(storage, rate=30)) == []
    assert texts(await claim(storage, rate=30, at=after(milliseconds=34))) == ["3"]
    assert texts(await claim(storage, rate=30, at=after(seconds=60))) == ["4", "5", "6"]


async def test_the_pace_holds_over_all_shards_and_holders(storage):
    chats = [
        next(a for n in range(10_000) if shard_of(a := Address("telegram", str(n))) == shard) for shard in range(8)
    ]
    await storage.commit(tuple(a_message(f"D{i}", address=chat) for i, chat in enumerate(chats)))
    claimed = [len(await claim(storage, chat, holder=chat.key, rate=30)) for chat in chats]
    assert sum(claimed) == 3


async def test_over_a_minute_the_pace_is_exactly_the_configured_one(storage):
    chats = chats_of_one_shard(400)
    await storage.commit(tuple(a_message(f"D{i}", address=chat) for i, chat in enumerate(chats)))
    claimed = 0
    for tick in range(200):
        claimed += len(await claim(storage, at=after(milliseconds=50 * tick), rate=30))
    assert claimed == 3 + 298  # the burst, then 9.95 seconds at 30 a second


async def test_acts_cost_no_token_but_keep_their_place_in_the_chat(storage):
    chats = chats_of_one_shard(4)
    await storage.commit(tuple(a_message(f"D{i}", address=chat) for i, chat in enumerate(chats[:3])))
    assert len(await claim(storage, rate=30)) == 3
    await storage.commit(
        (
            a_message("A1", ACT, chats[3], act=AnswerPress("q")),
            a_message("D4", address=chats[3], text="needs a token"),
            a_message("A2", ACT, chats[3], act=StripButtons("5")),
        )
    )
    assert [row.message.act for row in await claim(storage, rate=30)] == [AnswerPress("q")]


async def test_a_pause_stops_everybody_and_a_shorter_one_does_not_end_it(storage):
    await storage.commit((a_message("D1"), a_message("A1", ACT, act=AnswerPress("q"))))
    await storage.pause_sending(after(seconds=20))
    await storage.pause_sending(after(seconds=5))
    assert await claim(storage, at=after(seconds=19)) == []
    assert await storage.next_outbox_at(shard_of(CHAT)) == after(seconds=20)
    assert texts(await claim(storage, at=after(seconds=21))) == ["Hello"]


# -- after a crash


async def test_a_dead_holders_replies_and_acts_are_sent_once_more_and_its_reminders_are_unknown(storage):
    chats = chats_of_one_shard(5)
    kinds = [REPLY, ACT, OPERATOR, REMINDER, NOTICE]
    acts = {ACT: AnswerPress("q")}
    await storage.commit(
        tuple(
            a_message(f"D-{kind}", kind, chat, act=acts.get(kind, SendMessage(Content(kind))))
            for kind, chat in zip(kinds, chats, strict=True)
        )
    )
    assert len(await claim(storage, holder="dead")) == 5
    assert await storage.recover_outbox(after(seconds=LEASE - 1), LEASE) == 0
    assert await storage.recover_outbox(after(seconds=LEASE), LEASE) == 5
    rows = await claim(storage, holder="two", at=after(seconds=LEASE))
    assert sorted(row.message.kind for row in rows) == sorted([REPLY, ACT, OPERATOR])
    assert {row.message.attempt for row in rows} == {2}
    assert await state_of(storage, "D-reminder") == ("unknown", "interrupted")
    assert await state_of(storage, "D-notice") == ("unknown", "interrupted")


async def test_a_reply_caught_by_two_crashes_is_not_sent_a_third_time(storage):
    await storage.commit((a_message("A1", ACT, act=AnswerPress("q")), a_message("D1")))
    for crash in range(2):
        assert len(await claim(storage, holder="dead", at=after(seconds=LEASE * crash))) == 2
        await storage.recover_outbox(after(seconds=LEASE * (crash + 1)), LEASE)
    assert await state_of(storage, "D1") == ("unknown", "interrupted")
    (row,) = await claim(storage, at=after(seconds=3 * LEASE))
    assert row.message.kind is ACT


async def test_an_act_that_never_ends_is_repeated_ten_times_and_then_given_up(storage, database_url):
    await storage.commit((a_message("A1", ACT, act=AnswerPress("q")),))
    for crash in range(11):
        (row,) = await claim(storage, holder="dead", at=after(seconds=LEASE * crash))
        assert row.message.attempt == crash + 1
        assert await storage.recover_outbox(after(seconds=LEASE * (crash + 1)), LEASE) == 1
    assert await claim(storage, at=after(days=1)) == []
    assert await run_sql(database_url, "SELECT state, reason FROM outbox") == [("dead", "interrupted")]
    await storage.commit((a_message("D1"),))
    assert texts(await claim(storage, at=after(days=1))) == ["Hello"]


async def test_a_row_whose_holder_shows_signs_of_life_is_not_left_behind(storage):
    await storage.commit((a_message("D1"),))
    (slow,) = await claim(storage, holder="one")
    await storage.renew_outbox([slow.message.outbox_id], "one", after(seconds=20))
    await storage.renew_outbox([slow.message.outbox_id], "two", after(seconds=40))
    assert await storage.recover_outbox(after(seconds=40), LEASE) == 0
    await storage.commit((settled(slow),))


async def test_a_row_that_its_living_holder_does_not_know_of_is_recovered(storage):
    """The answer to a claim can be lost on the way; the holder then goes on without those rows."""
    (other,) = chats_of_one_shard(1)
    await storage.commit((a_message("D1"),))
    await claim(storage)
    await storage.commit((a_message("D2", address=other),))
    (known,) = await claim(storage, at=after(seconds=20))
    await storage.renew_outbox([known.message.outbox_id], "one", after(seconds=40))
    assert await storage.recover_outbox(after(seconds=40), LEASE) == 1


async def test_a_dead_holders_row_holds_its_chat_back_until_it_is_recovered(storage):
    await storage.commit((a_message("D1", REMINDER, text="first"),))
    await claim(storage, holder="dead")
    await storage.commit((a_message("D2", REMINDER, text="behind"),))
    assert await claim(storage, holder="two", at=after(days=1)) == []
    assert await storage.next_outbox_at(shard_of(CHAT)) is None
    await storage.recover_outbox(after(days=1), LEASE)
    assert texts(await claim(storage, holder="two", at=after(days=1))) == ["behind"]


async def test_a_process_that_starts_again_under_its_old_name_takes_all_it_left(storage):
    await storage.commit((a_message("D1"),))
    await claim(storage, holder="same")
    assert await storage.recover_outbox(NOW, 0) == 1
    assert texts(await claim(storage, holder="same")) == ["Hello"]


# -- withholding


async def test_cancelling_withholds_unsent_reminders_and_notices_of_the_borrower_only(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), *a_loan("L2", "B1")))
    await storage.commit(
        (
            a_message("D1", REMINDER, borrower_id="B1", loan_id="L-B1"),
            a_message("D2", NOTICE, borrower_id="B1", loan_id="L2", run_at=after(days=1)),
            a_message("D3", REPLY, borrower_id="B1"),
            a_message("D4", REMINDER, borrower_id="B2"),
        )
    )
    await storage.commit((CancelOutbox("B1", "L2", "paid", NOW),))
    assert [(await state_of(storage, f"D{i}"))[0] for i in (1, 2, 3, 4)] == ["queued", "withheld", "queued", "queued"]
    await storage.commit((CancelOutbox("B1", None, "stop", NOW),))
    assert [(await state_of(storage, f"D{i}"))[0] for i in (1, 2, 3, 4)] == ["withheld", "withheld", "queued", "queued"]
    assert await state_of(storage, "D1") == ("withheld", "stop")


async def test_what_is_in_flight_is_not_cancelled(storage):
    await storage.commit((*with_borrower("B1"), a_message("D1", REMINDER, borrower_id="B1")))
    (row,) = await claim(storage)
    await storage.commit((CancelOutbox("B1", None, "paid", NOW),))
    await storage.commit((settled(row),))
    assert (await state_of(storage, "D1"))[0] == "sent"


async def test_a_withheld_reminder_is_a_record_and_never_sent(storage):
    await storage.commit(with_borrower())
    withheld = RecordWithheld("D1", "k1", NOW, REMINDER, "B1", "L-B1", "r1", "mild", "opted_out", 3)
    await storage.commit((withheld,))
    await storage.commit((withheld,))
    (record,) = [r async for r in storage.deliveries()]
    assert (record.delivery_id, record.status, record.reason, record.rule, record.channel) == (
        "D1", "withheld", "opted_out", "r1", None,
    )  # fmt: skip
    for shard in range(SHARDS):
        assert await storage.claim_outbox(shard, "one", after(days=9), 8, PLENTY) == []


# -- the sweep


async def test_the_sweep_names_the_shards_with_something_due(storage):
    other = next(a for n in range(1000) if shard_of(a := Address("telegram", str(n))) != shard_of(CHAT))
    await storage.commit((a_message("D1"), a_message("D2", address=other, run_at=after(hours=1))))
    assert await storage.shards_waiting(NOW) == [shard_of(CHAT)]
    assert await storage.shards_waiting(after(hours=1)) == sorted([shard_of(CHAT), shard_of(other)])


def about_two(delivery_id: str = "D1") -> PutOutbox:
    facts = (("rule", "mild.d1"), ("stage", "mild"), ("anchor", "2026-11-20"), ("attempt", "1"))
    parts = tuple(LoanPart(loan, f"{loan}:mild.d1:2026-11-20:1", "generic", facts) for loan in ("L-B1", "L2"))
    return a_message(delivery_id, MessageKind.REMINDER, borrower_id="B1", loan_id="L-B1", parts=parts)


async def test_a_message_about_several_loans_names_them_all(storage):
    await storage.commit((*with_borrower(), *a_loan("L2"), *a_loan("L3"), about_two()))
    (row,) = await claim(storage)
    assert [part.loan_id for part in row.parts] == ["L-B1", "L2"]
    await storage.commit((settled(row),))
    for loan_id, found in (("L-B1", ["D1"]), ("L2", ["D1"]), ("L3", [])):
        assert [d.delivery_id async for d in storage.deliveries(loan_id=loan_id)] == found
    (record,) = [d async for d in storage.deliveries("B1")]
    assert record.loan_ids == ("L-B1", "L2")
    (contact,) = (await storage.situation_of_borrower("B1", NOW)).contacts
    assert contact.loans == (("L-B1", None), ("L2", "mild.d1"))


async def test_what_is_withheld_for_one_loan_is_decided_once_more_for_the_others(storage):
    await storage.commit((*with_borrower(), *a_loan("L2"), about_two()))
    await storage.commit((CancelOutbox("B1", "L2", "payment_posted", NOW),))
    (record,) = [d async for d in storage.deliveries("B1")]
    assert (record.status, record.reason) == ("withheld", "payment_posted")
    (timer,) = await storage.timers_of("B1")
    assert (timer.key, timer.loan_id, timer.due_at) == ("L-B1:mild.d1:2026-11-20:2", "L-B1", NOW)
    assert dict(timer.about)["attempt"] == "2"


async def test_a_stop_of_the_borrower_withholds_it_for_all_loans(storage):
    await storage.commit((*with_borrower(), *a_loan("L2"), about_two()))
    await storage.commit((CancelOutbox("B1", None, "stop", NOW), CancelOutbox("B1", "L2", "payment_posted", NOW)))
    assert await storage.timers_of("B1") == []
