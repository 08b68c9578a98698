"""Timers and leases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import Conflict
from bot.services.ports import DueTimer
from bot.services.writes import CancelTimers, FinishTimer, MoveTimer, PutTimer
from tests.contracts.storage.builders import NOW, a_loan, after, with_borrower
from tests.databases import run_sql


def a_timer(key: str, **changed) -> PutTimer:
    values = {
        "kind": "reminder",
        "due_at": NOW,
        "borrower_id": "B1",
        "loan_id": "L-B1",
        "programme": "generic",
        "about": (("rule", "r1"), ("stage", "mild")),
    } | changed
    return PutTimer(key, **values)


async def keys_due(storage, at=NOW):
    return [timer.key for timer in await storage.due_timers(at, 100)]


async def test_due_timers_come_oldest_first_with_all_that_was_put(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_timer("b"), a_timer("a", due_at=after(hours=-1)), a_timer("c", due_at=after(seconds=1))))
    due = await storage.due_timers(NOW, 100)
    assert [timer.key for timer in due] == ["a", "b"]
    assert due[1] == DueTimer(
        due[1].timer_id, "b", "reminder", NOW, "B1", "L-B1", "generic", (("rule", "r1"), ("stage", "mild"))
    )
    assert [timer.key for timer in await storage.due_timers(NOW, 1)] == ["a"]


async def test_a_timer_of_nobody_is_a_timer_too(storage):
    await storage.commit((a_timer("plan", borrower_id=None, loan_id=None, programme=None, about=()),))
    (timer,) = await storage.due_timers(NOW, 1)
    assert (timer.borrower_id, timer.loan_id, timer.programme, timer.about) == (None, None, None, ())


async def test_the_next_timer_is_known(storage):
    assert await storage.next_timer_at() is None
    await storage.commit(with_borrower())
    await storage.commit((a_timer("a", due_at=after(hours=2)), a_timer("b", due_at=after(hours=1))))
    assert await storage.next_timer_at() == after(hours=1)


async def test_a_key_is_one_timer_whatever_became_of_it(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_timer("k"),))
    await storage.commit((a_timer("k", due_at=after(days=1)), a_timer("other", due_at=after(days=1))))
    (timer,) = await storage.due_timers(NOW, 100)
    await storage.commit((FinishTimer(timer.timer_id, NOW, "done"),))
    await storage.commit((a_timer("k"),))
    assert await keys_due(storage) == []


async def test_a_timer_finishes_once(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_timer("k"),))
    (timer,) = await storage.due_timers(NOW, 100)
    await storage.commit((FinishTimer(timer.timer_id, NOW, "withheld:opted_out"),))
    for again in (FinishTimer(timer.timer_id, NOW, "done"), MoveTimer(timer.timer_id, after(days=1), "quiet_hours")):
        with pytest.raises(Conflict):
            await storage.commit((again,))


async def test_a_moved_timer_is_due_later(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_timer("k"),))
    (timer,) = await storage.due_timers(NOW, 100)
    await storage.commit((MoveTimer(timer.timer_id, after(hours=10), "quiet_hours"),))
    assert await keys_due(storage) == []
    assert await keys_due(storage, after(hours=10)) == ["k"]


async def test_cancelling_is_as_narrow_as_it_says(storage, database_url):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), *a_loan("L2", "B1")))
    about = (("commitment_id", "C1"),)
    await storage.commit(
        (
            a_timer("reminder"),
            a_timer("reminder of other loan", loan_id="L2"),
            a_timer("day before", kind="promise_day_before", about=about),
            a_timer("other promise", kind="promise_day_before", about=(("commitment_id", "C2"),)),
            a_timer("other borrower", borrower_id="B2", loan_id="L-B2"),
        )
    )
    await storage.commit(
        (CancelTimers("B1", None, "kept", NOW, ("promise_day_before", "promise_day"), ("commitment_id", "C1")),)
    )
    assert await keys_due(storage) == ["reminder", "reminder of other loan", "other promise", "other borrower"]
    await storage.commit((CancelTimers("B1", "L-B1", "paid", NOW, ("reminder",)),))
    assert await keys_due(storage) == ["reminder of other loan", "other promise", "other borrower"]
    await storage.commit((CancelTimers("B1", None, "stop", NOW),))
    assert await keys_due(storage) == ["other borrower"]
    outcomes = await run_sql(database_url, "SELECT key, outcome FROM timer WHERE outcome IS NOT NULL ORDER BY timer_id")
    assert outcomes == [
        ("reminder", "cancelled:paid"),
        ("reminder of other loan", "cancelled:stop"),
        ("day before", "cancelled:kept"),
        ("other promise", "cancelled:stop"),
    ]


async def test_pending_timers_of_a_borrower(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2")))
    await storage.commit(
        (a_timer("late", due_at=after(days=9)), a_timer("soon"), a_timer("other", borrower_id="B2", loan_id="L-B2"))
    )
    assert [timer.key for timer in await storage.timers_of("B1")] == ["soon", "late"]


async def test_a_lease_has_one_holder_until_it_runs_out(storage):
    assert await storage.hold_lease("polling", "one", NOW, 60)
    assert not await storage.hold_lease("polling", "two", after(seconds=59), 60)
    assert await storage.hold_lease("polling", "one", after(seconds=59), 60)
    assert not await storage.hold_lease("polling", "two", after(seconds=60), 60)
    assert await storage.hold_lease("timers", "two", NOW, 60)
    assert await storage.hold_lease("polling", "two", NOW + timedelta(seconds=119), 60)
    assert not await storage.hold_lease("polling", "one", after(seconds=120), 60)


async def test_a_holder_gives_all_its_leases_back_and_nobody_else_s(storage):
    for name, holder in (("polling", "one"), ("timers", "one"), ("plan:generic", "two")):
        assert await storage.hold_lease(name, holder, NOW, 60)
    await storage.release_leases("one")
    assert await storage.hold_lease("polling", "two", NOW, 60)
    assert await storage.hold_lease("timers", "three", NOW, 60)
    assert not await storage.hold_lease("plan:generic", "one", NOW, 60)


async def test_timers_are_known_by_their_keys_and_decided_ones_for_what_they_are(storage):
    await storage.commit(with_borrower())
    await storage.commit((a_timer("pending"), a_timer("decided")))
    (decided,) = [timer for timer in await storage.due_timers(NOW, 100) if timer.key == "decided"]
    await storage.commit((FinishTimer(decided.timer_id, NOW, "done"),))
    known = await storage.timers_by_key(["pending", "decided", "unheard of"])
    assert known["decided"] is None
    assert known["pending"].due_at == NOW
    assert set(known) == {"pending", "decided"}
