"""Several loans of one borrower: what is due of them on one day is one message, and each loan is still decided by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.services.dry_run import dry_run
from bot.services.explain_loan import explain_loan
from bot.services.post_payments import post_payment
from bot.services.writes import AppendHold
from tests.end_to_end.terminals import Terminals
from tests.end_to_end.test_timers_after_changes import AT_TEN, MORNING, imports

THREE = ({}, {"loan_id": "L2", "due_date": "2026-11-25"}, {"loan_id": "L3", "due_date": "2026-11-29"})


async def morning(office: Terminals, folder: Path, language: str = "en", *loans: dict[str, str]) -> None:
    """Loans due today, yesterday and in three days; the day is planned."""
    office.clock.move_to(MORNING)
    await imports(office, folder, *(loans or THREE))
    await office.sit("t1", "B1", language)
    await office.day()


async def sent(office: Terminals) -> list[str]:
    """The words of what was sent to the borrower."""
    return [d.text or "" async for d in office.storage.deliveries("B1", with_text=True) if d.status == "sent"]


async def records(office: Terminals) -> list[tuple[str | None, str, str | None]]:
    return [(d.loan_id, d.status, d.reason) async for d in office.storage.deliveries("B1")]


async def test_what_is_due_on_one_day_is_one_message_in_the_tone_of_the_most_pressing(
    office: Terminals, tmp_path: Path
) -> None:
    await morning(office, tmp_path)
    office.clock.move_to(AT_TEN)
    await office.day()
    (told,) = await sent(office)
    assert "It is about 3 loans:" in told
    assert [line for line in told.splitlines() if "Loan ending" in line] == [
        "Loan ending in L2: £110.00, open since Wednesday, 25 November.",
        "Loan ending in L1: £110.00, due today.",
        "Loan ending in L3: £110.00, due on Sunday, 29 November.",
    ]
    assert "Perhaps it is on its way." in told
    (record,) = [d async for d in office.storage.deliveries("B1")]
    assert (record.loan_id, record.rule, record.loan_ids) == ("L2", "mild.d1", ("L2", "L1", "L3"))
    assert await office.storage.timers_of("B1") == []
    (contact,) = (await office.storage.situation_of_borrower("B1", AT_TEN)).contacts
    assert {loan for loan, _ in contact.loans} == {"L1", "L2", "L3"}


async def test_the_message_is_worded_in_chinese_as_well(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path, "zh-Hans")
    office.clock.move_to(AT_TEN)
    await office.day()
    (told,) = await sent(office)
    assert "涉及您的3笔借款：" in told
    assert "尾号L1" in told


async def test_the_borrower_is_asked_which_loan_is_meant(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path)
    office.clock.move_to(AT_TEN)
    await office.day()
    answer = await office.say("t1", "1")
    assert "Which one do you mean?" in answer


async def test_a_hold_of_one_loan_does_not_explain_another(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path)
    hold = Hold("H1", HoldKind.DISPUTE, "B1", "L2", MORNING, None, "borrower", "not mine")
    await office.storage.commit((AppendHold(hold),))
    told = [await explain_loan(office.storage, office.scripts.current, loan, AT_TEN) for loan in ("L1", "L2")]
    assert [found.holds for found in told if found] == [(), (hold,)]


async def test_a_loan_that_is_held_is_left_out_and_its_reason_kept(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path)
    hold = Hold("H1", HoldKind.DISPUTE, "B1", "L2", MORNING, None, "borrower", "not mine")
    await office.storage.commit((AppendHold(hold),))
    office.clock.move_to(AT_TEN)
    await office.day()
    (told,) = await sent(office)
    assert "L2" not in told
    assert "It is about 2 loans:" in told
    assert sorted(await records(office)) == [("L1", "sent", None), ("L2", "withheld", "dispute")]


async def test_a_loan_paid_before_its_hour_is_left_out(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path, "en", {}, {"loan_id": "L2"})
    await pays(office, "L2")
    office.clock.move_to(AT_TEN)
    await office.day()
    (told,) = await sent(office)
    assert "It is about" not in told
    assert "£110.00 is due today" in told


async def test_a_loan_paid_while_the_message_waits_takes_it_back_and_the_others_are_reminded(
    office: Terminals, tmp_path: Path
) -> None:
    await morning(office, tmp_path, "en", {}, {"loan_id": "L2"})
    office.clock.move_to(AT_TEN)
    await office.decide()
    await pays(office, "L2")
    await office.day()
    (told,) = await sent(office)
    assert "It is about" not in told
    assert sorted(await records(office)) == [("L1", "sent", None), ("L1", "withheld", "payment_posted")]


async def test_a_hold_set_while_the_message_waits_leaves_the_others(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path, "en", {}, {"loan_id": "L2"})
    office.clock.move_to(AT_TEN)
    await office.decide()
    await office.storage.commit(
        (AppendHold(Hold("H1", HoldKind.DISPUTE, "B1", "L2", AT_TEN, None, "borrower", "not mine")),)
    )
    await office.sent()
    assert office.shown["t1"] == []
    await office.day()
    (told,) = await sent(office)
    assert "It is about" not in told


async def test_what_is_due_another_day_waits_for_its_day(office: Terminals, tmp_path: Path) -> None:
    await morning(office, tmp_path, "en", {}, {"loan_id": "L2", "due_date": "2026-11-30"})
    for at in (AT_TEN, datetime(2026, 11, 27, 0, 30, tzinfo=UTC), AT_TEN + timedelta(days=1)):
        office.clock.move_to(at)
        await office.day()
    first, second = await sent(office)
    assert "It is about" not in first
    assert "It is about 2 loans:" in second


async def test_a_mandatory_notice_goes_alone_and_past_the_cap_of_the_day(office: Terminals, tmp_path: Path) -> None:
    live = office.scripts.current
    generic = live.programme("generic")
    assert generic is not None
    stages = tuple(replace(s, mandatory=s.stage_id == "mild") for s in generic.reminders.stages)
    changed = replace(generic, reminders=replace(generic.reminders, stages=stages))
    programmes = tuple(changed if p is generic else p for p in live.programmes)
    office.scripts.current = replace(live, programmes=programmes)
    await morning(office, tmp_path, "en", {}, {"loan_id": "L2", "due_date": "2026-11-25"})
    office.clock.move_to(AT_TEN)
    await office.day()
    assert sorted(await records(office)) == [("L1", "sent", None), ("L2", "sent", None)]


async def pays(office: Terminals, loan_id: str) -> None:
    payment = Payment(f"P-{loan_id}", loan_id, Money(11_000, "GBP"), office.clock.now().date())
    await post_payment(office.storage, office.scripts.current, payment, office.clock.now(), "test")


async def test_a_dry_run_says_what_the_day_then_brings(office: Terminals, tmp_path: Path) -> None:
    await imports(office, tmp_path, *THREE)
    await office.sit("t1", "B1", "en")
    hold = Hold("H1", HoldKind.DISPUTE, "B1", "L3", MORNING, None, "borrower", "not mine")
    await office.storage.commit((AppendHold(hold),))
    foretold = [
        row
        async for row in dry_run(office.storage, office.scripts.current, MORNING.date(), office.clock.now())
        if row.borrower_id == "B1"
    ]
    assert sorted((row.loan_ids, row.outcome, row.reason) for row in foretold) == [
        (("L2", "L1"), "send", "allowed"),
        (("L3",), "withhold", "dispute"),
    ]
    office.clock.move_to(MORNING)
    await office.day()
    office.clock.move_to(AT_TEN)
    await office.day()
    assert await sent(office) == [row.text for row in foretold if row.outcome == "send"]
    again = dry_run(office.storage, office.scripts.current, AT_TEN + timedelta(hours=1), AT_TEN)
    assert [row async for row in again if row.borrower_id == "B1"] == []
