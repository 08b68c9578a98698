"""Records for people, invitations, versions, settings and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.borrower import Address
from bot.domain.delivery import AnswerPress, MessageKind, OutboxState
from bot.domain.errors import Conflict, Duplicate
from bot.domain.loan import LoanStatus
from bot.domain.situation import Reach
from bot.services.ports import (
    CaseRecord,
    DecisionRecord,
    DeliveryRecord,
    ExactVersion,
    StoredLink,
    Unreached,
    VersionRecord,
)
from bot.services.writes import (
    AppendDecision,
    CreateLink,
    MarkHandled,
    OpenCase,
    PublishVersion,
    PutSetting,
    PutTimer,
    UpsertBorrower,
    UseLink,
)
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_borrower,
    a_conversation,
    a_loan,
    a_message,
    after,
    an_update,
    claim,
    first_seen,
    settled,
    with_borrower,
)

# -- deliveries


async def test_a_delivery_is_the_export_record(storage):
    await storage.commit(with_borrower())
    reminder = a_message(
        "D1",
        MessageKind.REMINDER,
        text="10.00 is due",
        borrower_id="B1",
        loan_id="L-B1",
        rule="r1",
        stage="mild",
        language="en",
        policy_version=3,
        script_version=4,
        run_at=after(minutes=5),
    )
    await storage.commit((reminder,))
    planned = DeliveryRecord(
        delivery_id="D1",
        loan_id="L-B1",
        borrower_id="B1",
        kind="reminder",
        rule="r1",
        stage="mild",
        channel="telegram",
        language="en",
        planned_at=NOW,
        sent_at=None,
        status="queued",
        until=None,
        reason=None,
        policy_version=3,
        script_version=4,
        message_id=None,
        attempts=0,
        text="10.00 is due",
    )
    assert await storage.delivery("D1") == planned
    (row,) = await claim(storage, at=after(minutes=5))
    assert (await storage.delivery("D1")).status == "queued"  # in flight is nobody's business
    await storage.commit(
        (settled(row, OutboxState.DEFERRED, after(minutes=5), reason="quiet_hours", run_at=after(hours=9)),)
    )
    deferred = replace(planned, status="deferred", reason="quiet_hours", until=after(hours=9), attempts=1)
    assert await storage.delivery("D1") == deferred
    (row,) = await claim(storage, at=after(hours=9))
    await storage.commit((settled(row, at=after(hours=9), message_key="55"),))
    assert await storage.delivery("D1") == replace(
        planned, status="sent", sent_at=after(hours=9), attempts=2, message_id="55"
    )
    assert await storage.delivery("D9") is None


async def test_deliveries_are_listed_by_borrower_and_loan_with_words_only_where_asked_for(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), *a_loan("L2", "B1")))
    await storage.commit(
        (
            a_message("D1", borrower_id="B1", loan_id="L-B1", text="one"),
            a_message("D2", borrower_id="B1", loan_id="L2"),
            a_message("D3", borrower_id="B2", loan_id="L-B2"),
            a_message("D4", text="to nobody we know"),
            a_message("A1", MessageKind.ACT, act=AnswerPress("q", "Noted"), borrower_id="B1"),
        )
    )

    async def listed(**wanted):
        return [(d.delivery_id, d.text) async for d in storage.deliveries(**wanted)]

    assert await listed() == [("D1", None), ("D2", None), ("D3", None), ("D4", None)]
    assert await listed(borrower_id="B1") == [("D1", None), ("D2", None)]
    assert await listed(loan_id="L-B1", with_text=True) == [("D1", "one")]
    assert await listed(borrower_id="B2", loan_id="L-B1") == []
    assert (await storage.delivery("D4")).text == "to nobody we know"


@pytest.mark.parametrize("count", [2, 3, 7])
async def test_records_are_listed_over_many_pages(by_threes, count):
    decisions = [AppendDecision(NOW, f"S{n}", "gate", (), "allowed", 3) for n in range(count)]
    cases = [a_case(f"C{n}", f"k{n}") for n in range(count)]
    await by_threes.commit((*with_borrower(), *(a_message(f"D{n}") for n in range(count)), *decisions, *cases))
    assert [d.delivery_id async for d in by_threes.deliveries()] == [f"D{n}" for n in range(count)]
    assert [d.subject async for d in by_threes.decisions()] == [f"S{n}" for n in range(count)]
    assert [c.case_id async for c in by_threes.cases()] == [f"C{n}" for n in range(count)]


# -- decisions


async def test_decisions_are_listed_by_subject_in_order(storage):
    first = AppendDecision(NOW, "timer-1", "gate", (("hour", "12"), ("zone", "Asia/Shanghai")), "allowed", 3)
    other = AppendDecision(NOW, "C1", "promise", (), "kept", None)
    await storage.commit((first, other, replace(first, outcome="deferred")))
    assert [d.outcome async for d in storage.decisions()] == ["allowed", "kept", "deferred"]
    (allowed, _) = [d async for d in storage.decisions("timer-1")]
    assert allowed == DecisionRecord(NOW, "timer-1", "gate", (("hour", "12"), ("zone", "Asia/Shanghai")), "allowed", 3)
    assert [d.outcome async for d in storage.decisions("timer-1")] == ["allowed", "deferred"]


# -- cases


def a_case(case_id: str, dedup_key: str, **changed) -> OpenCase:
    values = {"borrower_id": "B1", "loan_id": "L-B1", "address": CHAT, "brief": (("said", "I lost my job"),)} | changed
    return OpenCase(
        case_id=case_id, at=NOW, reason="hardship", urgent=True, takes_chat=False, dedup_key=dedup_key, **values
    )


async def test_a_case_comes_back_as_it_was_opened_and_a_repeat_is_ignored(storage):
    await storage.commit((*with_borrower(), a_case("C1", "k"), a_case("C2", "k")))
    await storage.commit((a_case("C3", "k"), a_case("C4", "other", borrower_id=None, loan_id=None, address=None)))
    cases = [case async for case in storage.cases()]
    assert [case.case_id for case in cases] == ["C1", "C4"]
    assert cases[0] == CaseRecord("C1", NOW, "hardship", (("said", "I lost my job"),), True, False, "B1", "L-B1", None)
    assert cases[1].brief == (("said", "I lost my job"),)
    assert [case.case_id async for case in storage.cases(open_only=False)] == ["C1", "C4"]


async def test_a_repeat_adds_to_the_open_case_what_it_did_not_say(storage):
    said, told = ("said", "I lost my job"), ("reason", "lost_income")
    await storage.commit((*with_borrower(), a_case("C1", "k")))
    await storage.commit((a_case("C2", "k", brief=(said, told)),))
    assert [(case.case_id, case.brief) async for case in storage.cases()] == [("C1", (said, told))]


async def test_a_case_id_is_taken_for_ever(storage):
    await storage.commit((*with_borrower(), a_case("C1", "k")))
    with pytest.raises(Duplicate):
        await storage.commit((a_case("C1", "another"),))


# -- whom nothing reaches


async def test_borrowers_with_open_loans_whom_nothing_reaches_are_named_with_the_reason(storage):
    writes = []
    for borrower_id in ("blocked", "no address", "proven", "unproven", "proven elsewhere"):
        writes += with_borrower(borrower_id)
    writes += (UpsertBorrower(a_borrower("paid"), NOW), *a_loan("LP", "paid", status=LoanStatus.SETTLED))
    writes += a_loan("L2", "no address")
    await storage.commit(tuple(writes))
    await storage.commit(
        (
            first_seen(a_conversation(Address("telegram", "1"), "blocked", reachable=False)),
            first_seen(a_conversation(Address("telegram", "2"), "proven")),
            first_seen(a_conversation(Address("telegram", "3"), "unproven", verified_at=None)),
            first_seen(a_conversation(Address("telegram", "4"), "proven elsewhere", verified_at=None)),
            first_seen(a_conversation(Address("console", "5"), "proven elsewhere")),
        )
    )
    assert [u async for u in storage.unreached()] == [
        Unreached("blocked", Reach.BLOCKED, ("L-blocked",)),
        Unreached("no address", Reach.NO_ADDRESS, ("L-no address", "L2")),
        Unreached("unproven", Reach.UNPROVEN, ("L-unproven",)),
    ]


async def test_the_unreached_are_listed_over_many_pages_also_where_a_page_has_none(by_threes):
    await by_threes.commit(tuple(w for n in range(10) for w in with_borrower(f"B{n}")))
    reached = [first_seen(a_conversation(Address("telegram", str(n)), f"B{n}")) for n in range(2, 7)]
    await by_threes.commit(tuple(reached))
    assert [u.borrower_id async for u in by_threes.unreached()] == ["B0", "B1", "B7", "B8", "B9"]


# -- invitations


async def test_a_link_is_found_by_the_hash_of_its_token_and_used_by_one_address(storage):
    await storage.commit((*with_borrower(), CreateLink("K1", "a" * 64, "B1", NOW, after(days=7))))
    assert await storage.link("a" * 64) == StoredLink("K1", "B1", after(days=7), None)
    assert await storage.link("b" * 64) is None
    await storage.commit((UseLink("K1", CHAT, NOW),))
    assert (await storage.link("a" * 64)).used_by == CHAT
    await storage.commit((UseLink("K1", CHAT, after(hours=1)),))
    for other in (Address("telegram", "78"), Address("console", CHAT.key)):
        with pytest.raises(Conflict):
            await storage.commit((UseLink("K1", other, NOW),))


# -- versions and settings


def a_version(number: int, text: str = "say: hello") -> PublishVersion:
    return PublishVersion(
        number, (("dialogs/flows/a.yaml", text), ("locales/en/x", "你好")), "d" * 64, NOW, "admin", "first"
    )


async def test_the_latest_version_is_live_and_older_ones_stay(storage):
    assert await storage.live_version() is None
    await storage.commit((a_version(1),))
    assert await storage.live_version() == ExactVersion(
        1, (("dialogs/flows/a.yaml", "say: hello"), ("locales/en/x", "你好")), "d" * 64, NOW, "admin", "first"
    )
    await storage.commit((a_version(2, "say: hi"),))
    assert (await storage.live_version()).files[0] == ("dialogs/flows/a.yaml", "say: hi")
    assert (await storage.version(1)).files[0] == ("dialogs/flows/a.yaml", "say: hello")
    assert await storage.version(3) is None
    assert await storage.versions() == tuple(VersionRecord(n, "d" * 64, NOW, "admin", "first") for n in (2, 1))


@pytest.mark.parametrize("number", [1, 3])
async def test_versions_are_numbered_without_gaps_or_repeats(storage, number):
    await storage.commit((a_version(1),))
    with pytest.raises(Conflict):
        await storage.commit((a_version(number),))


async def test_a_setting_is_the_last_value_put(storage):
    assert await storage.setting("offset") is None
    await storage.commit((PutSetting("offset", "5"),))
    await storage.commit((PutSetting("offset", "6"), PutSetting("bot", "x")))
    assert await storage.setting("offset") == "6"


# -- figures


async def test_figures_count_what_waits_and_what_went_wrong(storage):
    chats = [Address("telegram", str(n)) for n in range(7)]
    ids = await storage.commit((an_update(1), an_update(2)))
    await storage.commit(
        (MarkHandled(ids[0], "T1", NOW), *(a_message(f"D{n}", address=c) for n, c in enumerate(chats)))
    )
    states = (OutboxState.SENT, OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.DEAD, OutboxState.DEFERRED)
    for chat, state in zip(chats, states, strict=False):
        (row,) = await claim(storage, chat)
        later = {"run_at": after(days=1)} if state is OutboxState.DEFERRED else {}
        await storage.commit((settled(row, state, **later),))
    await claim(storage, chats[5])
    await storage.commit(
        (
            *with_borrower(),
            a_case("C1", "k"),
            PutTimer("t", "reminder", NOW + timedelta(days=1), "B1", None, None),
        )
    )
    assert await storage.counts() == {
        "outbox_queued": 1,
        "outbox_sending": 1,
        "outbox_deferred": 1,
        "outbox_refused": 1,
        "outbox_unknown": 1,
        "outbox_dead": 1,
        "updates_waiting": 1,
        "timers_pending": 1,
        "cases_open": 1,
    }
