"""The whole spine, as a borrower, a lender and the clock see it: invitation, identity, promise, reminders, payment, outcome.

Everything is real but Telegram and the clock: updates travel over HTTP, the loan book through import, payments through
the ledger.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.running import Demo, demo
from bot.domain.commitments import CommitmentStatus
from bot.domain.money import Money
from bot.jobs.clock import MovableClock
from bot.standin.people import Person
from tests.end_to_end.settling import settled

#: A Wednesday, at noon in London and in the evening in Shanghai.
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
async def running() -> AsyncIterator[Demo]:
    async with demo(port=0, clock=MovableClock(START)) as started:
        yield started


def person(running: Demo, borrower_id: str) -> Person:
    return next(p for p in running.standin.people.values() if p.about["borrower_id"] == borrower_id)


async def said(who: Person) -> str:
    shown = await who.next_message(timeout=20)
    return shown.text


async def proven(running: Demo, borrower_id: str) -> Person:
    """A borrower who pressed Start on the invitation and shared the own contact."""
    who = person(running, borrower_id)
    await who.start(who.about["link"])
    await who.until(lambda chat: bool(chat.chat.reply_keyboard), timeout=20)
    await who.share_contact()
    return who


async def until(who: Person, words: str) -> str:
    """The next message that holds these words."""
    while words not in (text := await said(who)):
        pass
    return text


async def later(running: Demo, passed: timedelta) -> None:
    """Lets all that is under way end, moves the clock, and lets all that is then due happen."""
    await settled(running)
    running.clock.move_to(START + passed)
    await running.acts.moved()
    await settled(running)


async def test_a_promise_goes_from_start_to_kept(running: Demo) -> None:
    who = await proven(running, "S-4")
    told = await until(who, "95.00")
    assert "debt" not in told.lower()
    await who.say("I'll pay 95 on Friday")
    card = await until(who, "Is this right?")
    assert "£95.00" in card
    assert "27 November" in card
    await who.press("Confirm")
    receipt = await until(who, "Reference")
    storage = running.application.storage
    (commitment,) = [c async for c in storage.commitments()]
    assert commitment.reference in receipt
    assert (commitment.status, str(commitment.total), commitment.last_due_on.isoformat()) == (
        CommitmentStatus.OPEN,
        "95.00 GBP",
        "2026-11-27",
    )

    await later(running, timedelta(days=1))
    assert "Tomorrow" in await until(who, "95.00")
    await later(running, timedelta(days=2))
    assert "Today" in await until(who, "95.00")
    await running.acts.pay("L-4001", Money.of("95.00", "GBP"))
    kept = await storage.commitment(commitment.reference)
    assert kept is not None
    assert kept.status is CommitmentStatus.KEPT
    # One message a day and none at the weekend: the thanks come on Monday.
    await later(running, timedelta(days=5))
    await until(who, "Thank you")


async def test_a_promise_that_is_not_kept_is_broken_and_reminders_go_on(running: Demo) -> None:
    who = await proven(running, "S-6")
    await until(who, "4,500.00")
    await who.say("I can pay 4500 on Friday")
    await until(who, "Is this right?")
    await who.press("Confirm")
    await until(who, "Reference")
    storage = running.application.storage
    (commitment,) = [c async for c in storage.commitments()]
    for day in range(1, 15):
        await later(running, timedelta(days=day))
    broken = await storage.commitment(commitment.reference)
    assert broken is not None
    assert broken.status is CommitmentStatus.BROKEN
    sent = [d async for d in storage.deliveries("S-6") if d.kind == "reminder" and d.status == "sent"]
    assert [d.rule for d in sent if d.rule and d.rule.startswith("promise")] == ["promise_day_before", "promise_day"]
    assert [d.rule for d in sent if d.rule and not d.rule.startswith("promise")], "the ladder goes on"


async def test_a_chinese_borrower_promises_in_own_words(running: Demo) -> None:
    who = await proven(running, "S-2")
    await until(who, "1,200.00")
    await who.say("我周五还500")
    card = await until(who, "500.00")
    assert "11月27日" in card
    await who.press("确认")
    await until(who, "编号")
    (commitment,) = [c async for c in running.application.storage.commitments()]
    assert (commitment.loan_id, str(commitment.total)) == ("L-2001", "500.00 CNY")


async def test_nothing_of_the_debt_is_told_before_identity_is_proven(running: Demo) -> None:
    stranger = running.standin.add_person("Stranger", phone="+15550001111", language_code="en")
    await stranger.start(person(running, "S-4").about["link"])
    await stranger.say("how much do I owe?")
    await stranger.share_contact()
    await settled(running)
    texts = " ".join(m.text for m in stranger.messages if m.sender == "bot")
    assert texts
    for word in ("95", "L-4001", "debt", "overdue", "past due"):
        assert word not in texts


async def test_a_stop_ends_reminders_at_once(running: Demo) -> None:
    who = await proven(running, "S-5")
    await until(who, "180.00")
    await who.say("stop messaging me")
    await said(who)
    for day in range(1, 20):
        await later(running, timedelta(days=day))
    sent = [
        d async for d in running.application.storage.deliveries("S-5") if d.kind == "reminder" and d.status == "sent"
    ]
    assert sent == []
