"""A loan goes up the ladder of a shipped programme, day by day, in the program itself: messages, tasks, notices and history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.delivery import DeliveryResult, OutboundMessage, Refused
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.domain.situation import Holder
from bot.jobs.clock import MovableClock
from bot.services.plan_day import PlanDay
from bot.services.post_payments import Posted, post_payment
from bot.services.publish_scripts import publish
from bot.services.writes import AppendHold, FinishHolds, SaveConversation
from tests.end_to_end.terminals import NoWakeUps, Terminals
from tests.end_to_end.test_older_epochs import a_person_takes
from tests.end_to_end.test_timers_after_changes import imports

#: Due on a Thursday. The hour of reminders is just over in Shanghai at this time of day.
DUE = date(2026, 12, 3)
AT_TEN = datetime(2026, 12, 3, 2, 1, tzinfo=UTC)
P2P = {"programme": "p2p", "timezone": "Asia/Shanghai", "region": "CN", "currency": "CNY", "due_date": DUE.isoformat()}


async def on_day(office: Terminals, number: int, programme: str = "p2p") -> list[str]:
    """What a day of the ladder brings: rules of messages that went, and media of tasks for people."""
    now = AT_TEN + timedelta(days=number)
    office.clock.move_to(now)
    before = {d.delivery_id async for d in office.storage.deliveries("B1")}
    cases = {c.case_id async for c in office.storage.cases()}
    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps()).programme(programme)
    await office.decide()
    await office.sent()
    sent = [d async for d in office.storage.deliveries("B1") if d.delivery_id not in before and d.status == "sent"]
    opened = [c async for c in office.storage.cases() if c.case_id not in cases and c.borrower_id == "B1"]
    return [str(d.rule) for d in sent] + [c.reason for c in opened]


async def begin(office: Terminals, folder: Path, day: int, *changes: dict[str, str], language: str = "en") -> None:
    office.clock.move_to(AT_TEN + timedelta(days=day, hours=-8))
    await imports(office, folder, *({**P2P, **changed} for changed in changes or ({},)))
    await office.sit("t1", "B1", language)


async def test_a_loan_that_nobody_pays_sees_every_stage_in_its_order(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, -4)
    days = (-4, -3, -1, 0, 1, 2, 4, 5, 8, 11, 18, 25, 31, 45, 60, 75, 91, 120)
    seen = {day: found for day in days if (found := await on_day(office, day))}
    assert seen == {
        -3: ["upcoming.d-3"],
        0: ["due.d0"],
        1: ["warning.d1"],
        5: ["reminder.d5"],
        8: ["reminder.d8"],
        11: ["task_call"],
        18: ["task_call"],
        25: ["task_call"],
        31: ["task_review"],
        45: ["task_letter"],
        75: ["task_call"],
        91: ["task_legal"],
    }
    history = await office.storage.stage_entries("L1")
    assert [((entry.entered_on - DUE).days, entry.stage, entry.reason) for entry in history] == [
        (-3, "upcoming", "day_passed"),
        (0, "due", "day_passed"),
        (1, "warning", "day_passed"),
        (4, "reminder", "day_passed"),
        (11, "phone", "day_passed"),
        (31, "third_party", "day_passed"),
        (91, "legal", "day_passed"),
    ]
    told = "\n".join(office.shown["t1"]).lower()
    assert not [word for word in ("court", "lawyer", "agency", "visit", "call you") if word in told]


async def test_a_loan_imported_long_overdue_is_warned_before_anything_else(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, 200)
    assert await on_day(office, 200) == ["warning.d1"]
    assert "Perhaps it is on its way." in "\n".join(office.shown["t1"])
    [entry] = await office.storage.stage_entries("L1")
    assert (entry.stage, entry.reason) == ("legal", "import")
    assert await on_day(office, 201) == []


async def test_after_a_part_payment_the_next_part_is_warned_of_before_it_is_called_about(
    office: Terminals, tmp_path: Path
) -> None:
    second = {"instalment": "2", "due_date": (DUE + timedelta(days=2)).isoformat()}
    await begin(office, tmp_path, 0, {}, second)
    seen = [found for day in (0, 1, 5, 8, 11) for found in await on_day(office, day)]
    assert seen == ["due.d0", "warning.d1", "reminder.d5", "reminder.d8", "task_call"]
    payment = Payment("R1", "L1", Money(11000, "CNY"), DUE + timedelta(days=13))
    now = AT_TEN + timedelta(days=13, hours=-1)
    office.clock.move_to(now)
    assert await post_payment(office.storage, office.scripts.current, payment, now, "test") is Posted.NOW
    # Both parts are in the same stage, so no warning stage lies between them, and yet the warning comes.
    assert await on_day(office, 13) == ["warning.d1", "task_call"]
    history = await office.storage.stage_entries("L1")
    assert [(entry.stage, (entry.anchor or DUE) - DUE, entry.reason) for entry in history[-2:]] == [
        ("phone", timedelta(0), "day_passed"),
        ("phone", timedelta(days=2), "payment"),
    ]


async def test_a_hold_puts_a_mandatory_notice_off_and_does_not_end_it(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, 0)
    start = AT_TEN + timedelta(hours=1)
    hold = Hold("H1", HoldKind.DISPUTE, "B1", "L1", start, None, "borrower", "not mine")
    assert await on_day(office, 0) == ["due.d0"]
    await office.storage.commit((AppendHold(hold),))
    assert [found for day in (1, 2, 5, 8) for found in await on_day(office, day)] == []
    await office.storage.commit(
        (FinishHolds("B1", "L1", HoldKind.DISPUTE, AT_TEN + timedelta(days=9), "operator:ann", "settled"),)
    )
    assert await on_day(office, 10) == ["warning.d1"]
    assert await on_day(office, 11) == ["task_call"]


async def warning_waits(office: Terminals, folder: Path) -> None:
    """The mandatory warning is decided and not yet on its way."""
    await begin(office, folder, 0)
    assert await on_day(office, 0) == ["due.d0"]
    office.clock.move_to(AT_TEN + timedelta(days=1))
    await PlanDay(office.storage, office.scripts, office.clock, NoWakeUps()).programme("p2p")
    await office.decide()


async def test_a_mandatory_notice_that_a_part_payment_withdrew_is_made_anew(office: Terminals, tmp_path: Path) -> None:
    await warning_waits(office, tmp_path)
    payment = Payment("R1", "L1", Money(1000, "CNY"), DUE)
    assert await post_payment(office.storage, office.scripts.current, payment, office.clock.now(), "t") is Posted.NOW
    assert await on_day(office, 1) == ["warning.d1"]
    told = [(d.rule, d.status, d.reason) async for d in office.storage.deliveries("B1")]
    assert told[1:] == [("warning.d1", "withheld", "payment_posted"), ("warning.d1", "sent", None)]
    assert await on_day(office, 2) == []


async def test_a_mandatory_notice_that_a_person_overtook_goes_when_the_bot_speaks_again(
    office: Terminals, tmp_path: Path
) -> None:
    await warning_waits(office, tmp_path)
    await a_person_takes(office, "t1")
    assert await on_day(office, 1) == []
    before = await office.storage.conversation(Address(console.CHANNEL, "t1"))
    assert before is not None
    back = replace(before, holder=Holder.BOT, epoch=before.epoch + 1, version=before.version + 1)
    await office.storage.commit((SaveConversation(back, before.version, office.clock.now()),))
    assert await on_day(office, 2) == ["warning.d1"]


async def test_people_are_told_where_the_gate_cannot_decide_a_mandatory_notice(
    office: Terminals, tmp_path: Path
) -> None:
    await begin(office, tmp_path, 1)
    office.clock.move_to(AT_TEN + timedelta(days=1, hours=3))
    await office.say("t1", "hello")
    office.clock = MovableClock(AT_TEN + timedelta(days=1), standing=True)
    assert await on_day(office, 1) == []
    assert "gate_clock" in [case.reason async for case in office.storage.cases()]


class Blocked:
    """A chat whose owner has blocked the bot."""

    async def send(self, message: OutboundMessage) -> DeliveryResult:
        return Refused("blocked", unreachable=True)


async def test_a_mandatory_notice_that_does_not_arrive_becomes_a_task_for_a_person(
    office: Terminals, tmp_path: Path
) -> None:
    await warning_waits(office, tmp_path)
    office.channels["t1"] = Blocked()
    assert await on_day(office, 1) == []
    assert await on_day(office, 2) == ["unreached_blocked"]
    assert [d.status async for d in office.storage.deliveries("B1")] == ["sent", "refused"]


async def test_a_reversal_brings_the_old_stage_back_at_once(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, 5)
    live, now = office.scripts.current, AT_TEN + timedelta(days=5)
    office.clock.move_to(now)
    for reference, minor, reverses in (("R1", 11000, None), ("R2", -11000, "R1")):
        payment = Payment(reference, "L1", Money(minor, "CNY"), DUE, reverses=reverses)
        assert await post_payment(office.storage, live, payment, now, "test") is Posted.NOW
        now += timedelta(minutes=1)
    history = await office.storage.stage_entries("L1")
    assert [(entry.stage, entry.reason) for entry in history] == [
        ("reminder", "import"),
        (None, "payment"),
        ("reminder", "reversal"),
    ]


async def test_a_back_dated_due_date_is_a_change_of_schedule(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, 5)
    office.clock.move_to(AT_TEN + timedelta(days=5))
    await imports(office, tmp_path, {**P2P, "due_date": (DUE - timedelta(days=20)).isoformat()})
    history = await office.storage.stage_entries("L1")
    assert [(entry.stage, entry.reason) for entry in history] == [
        ("reminder", "import"),
        ("phone", "schedule_changed"),
    ]


async def test_the_chinese_words_of_every_stage_are_there(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, -3, language="zh-Hans")
    for day in (-3, 0, 1, 5, 8):
        assert len(await on_day(office, day)) == 1
    told = [d.text or "" async for d in office.storage.deliveries("B1", with_text=True)]
    assert len(told) == 5
    assert [text for text in told if "您好，我是Example Lender的智能助理" not in text] == []


async def test_another_ladder_is_told_as_another_policy(office: Terminals, tmp_path: Path) -> None:
    await begin(office, tmp_path, 5)
    await on_day(office, 5)
    files = dict(office.scripts.current.files)
    path = "dialogs/policies/p2p.yaml"
    text = files[path]
    changed = text.replace("reminder, from: 4, to: 10", "reminder, from: 7, to: 10")
    changed = changed.replace("warning, from: 1, to: 3", "warning, from: 1, to: 6").replace("[5, 8]", "[8]")
    assert changed != text
    await publish(office.storage, {**files, path: changed}, office.clock.now(), "ann", "a longer warning")
    assert await office.scripts.refresh()
    await on_day(office, 6)
    history = [(entry.stage, entry.reason, entry.policy_version) for entry in await office.storage.stage_entries("L1")]
    assert history == [("reminder", "import", 1), ("warning", "policy_changed", 2)]
