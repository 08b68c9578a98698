"""Situations: what a turn and the gate get to know, and nothing of anybody else."""

from __future__ import annotations

from datetime import date

from bot.domain.borrower import Address
from bot.domain.commitments import CommitmentKind, CommitmentStatus
from bot.domain.delivery import MessageKind, OutboxState
from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import LoanStatus
from bot.domain.situation import Contact, Reach, Situation
from bot.services.writes import (
    AppendCommitment,
    AppendHold,
    ChangeCommitmentStatus,
    FinishHolds,
    SaveConversation,
    SaveLedger,
    UpsertBorrower,
    UpsertInstalment,
)
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_borrower,
    a_commitment,
    a_conversation,
    a_loan,
    a_message,
    after,
    an_instalment,
    claim,
    cny,
    first_seen,
    settled,
    with_borrower,
)


async def test_of_a_chat_never_seen_nothing_is_known(storage):
    assert await storage.situation_of_chat(CHAT, NOW) == Situation(NOW, None)


async def test_a_chat_that_belongs_to_nobody_shows_no_borrower(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation(borrower_id=None))))
    situation = await storage.situation_of_chat(CHAT, NOW)
    assert situation.conversation is not None
    assert (situation.borrower, situation.loans, situation.reach) == (None, (), Reach.UNPROVEN)


async def test_the_borrower_of_a_chat_is_known_with_all_identity_facts(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), first_seen(a_conversation())))
    situation = await storage.situation_of_chat(CHAT, NOW)
    assert situation.borrower == a_borrower("B1")
    assert [loan.loan_id for loan in situation.loans] == ["L-B1"]
    assert situation.reach is Reach.OK


async def test_a_loan_has_its_schedule_by_due_date(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    await storage.commit(
        (
            UpsertInstalment("L-B1", an_instalment(3, date(2026, 10, 1)), NOW),
            UpsertInstalment("L-B1", an_instalment(2, date(2027, 1, 1)), NOW),
            SaveLedger("L-B1", ((3, 400),), date(2026, 10, 1), 2600, LoanStatus.OPEN, NOW),
        )
    )
    (loan,) = (await storage.situation_of_chat(CHAT, NOW)).loans
    assert [(i.number, i.due_on, i.paid) for i in loan.instalments] == [
        (3, date(2026, 10, 1), cny(400)),
        (1, date(2026, 12, 1), cny(0)),
        (2, date(2027, 1, 1), cny(0)),
    ]
    assert (loan.programme, loan.currency, loan.status, loan.risk, loan.flags) == (
        "generic", "CNY", LoanStatus.OPEN, "low", frozenset({"staff"}),
    )  # fmt: skip


async def test_loans_settled_in_the_last_35_days_can_still_be_asked_about_and_closed_ones_cannot(storage):
    await storage.commit(
        (
            *with_borrower(),
            *a_loan("settled lately", status=LoanStatus.SETTLED, at=after(days=-34)),
            *a_loan("settled long ago", status=LoanStatus.SETTLED, at=after(days=-36)),
            *a_loan("closed", status=LoanStatus.CLOSED),
            first_seen(a_conversation()),
        )
    )
    situation = await storage.situation_of_chat(CHAT, NOW)
    assert [loan.loan_id for loan in situation.loans] == ["L-B1", "settled lately"]


async def test_a_ledger_reckoned_again_does_not_make_an_old_settlement_young(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    await storage.commit(a_loan("old", status=LoanStatus.SETTLED, at=after(days=-40)))
    again = SaveLedger("old", ((1, 1000),), None, 0, LoanStatus.SETTLED, NOW)
    await storage.commit((again,))
    assert [loan.loan_id for loan in (await storage.situation_of_chat(CHAT, NOW)).loans] == ["L-B1"]
    reopened = SaveLedger("old", ((1, 0),), date(2026, 12, 1), 1000, LoanStatus.OPEN, NOW)
    await storage.commit((reopened,))
    await storage.commit((again,))
    assert [loan.loan_id for loan in (await storage.situation_of_chat(CHAT, NOW)).loans] == ["L-B1", "old"]


def a_hold(hold_id: str, kind: HoldKind = HoldKind.DISPUTE, **changed) -> AppendHold:
    values = {"loan_id": None, "starts_at": NOW, "ends_at": None, "borrower_id": "B1"} | changed
    return AppendHold(Hold(hold_id=hold_id, kind=kind, set_by="borrower", reason="said so", **values))


async def holds_of(storage, at=NOW):
    return [hold.hold_id for hold in (await storage.situation_of_chat(CHAT, at)).holds]


async def test_holds_that_are_not_over_are_known(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    await storage.commit(
        (
            a_hold("now", loan_id="L-B1"),
            a_hold("over", ends_at=NOW, starts_at=after(days=-1)),
            a_hold("later", starts_at=after(days=1)),
        )
    )
    situation = await storage.situation_of_chat(CHAT, NOW)
    assert [hold.hold_id for hold in situation.holds] == ["now", "later"]
    assert situation.holds[0] == Hold("now", HoldKind.DISPUTE, "B1", "L-B1", NOW, None, "borrower", "said so")
    assert situation.held(HoldKind.DISPUTE, "L-B1")


async def test_hours_that_a_hold_names_are_known(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    wish = a_hold("wish", HoldKind.INCONVENIENT_TIMES, opens=18 * 60, closes=21 * 60)
    await storage.commit((wish,))
    assert (await storage.situation_of_chat(CHAT, NOW)).holds == (wish.hold,)


async def test_finishing_holds_ends_the_active_ones_of_that_kind(storage):
    await storage.commit((*with_borrower(), *a_loan("L2"), first_seen(a_conversation())))
    await storage.commit(
        (
            a_hold("whole"),
            a_hold("one loan", loan_id="L-B1"),
            a_hold("other loan", loan_id="L2"),
            a_hold("other kind", HoldKind.STOP),
            a_hold("to come", starts_at=after(days=9)),
        )
    )
    await storage.commit((FinishHolds("B1", "L-B1", HoldKind.DISPUTE, after(hours=1), "operator:5", "resolved"),))
    assert "one loan" in await holds_of(storage, NOW)
    assert await holds_of(storage, after(hours=1)) == ["other kind", "other loan", "whole", "to come"]
    await storage.commit((FinishHolds("B1", None, HoldKind.DISPUTE, after(hours=2), "operator:5", "resolved"),))
    assert await holds_of(storage, after(hours=2)) == ["other kind", "to come"]


async def test_a_hold_that_was_ended_can_be_placed_again(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation()), a_hold("first")))
    await storage.commit((FinishHolds("B1", None, HoldKind.DISPUTE, NOW, "operator:5", "resolved"), a_hold("second")))
    assert await holds_of(storage) == ["second"]


async def test_live_commitments_and_the_last_ten_are_known(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    kinds = [CommitmentKind.PROMISE, CommitmentKind.WAIVER, CommitmentKind.EXTENSION]
    old = [
        a_commitment("open", made_at=after(days=-50)),
        a_commitment("waits", kind=kinds[1], status=CommitmentStatus.AWAITING_APPROVAL, made_at=after(days=-49)),
        *(a_commitment(f"kept{i:02}", status=CommitmentStatus.KEPT, made_at=after(days=i - 30)) for i in range(12)),
    ]
    await storage.commit(tuple(AppendCommitment(c) for c in old))
    found = (await storage.situation_of_chat(CHAT, NOW)).commitments
    assert [c.commitment_id for c in found] == ["open", "waits", *(f"kept{i:02}" for i in range(2, 12))]
    assert found[0] == old[0]


async def test_a_commitments_present_status_is_the_last_one_recorded(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation()), AppendCommitment(a_commitment())))
    await storage.commit((ChangeCommitmentStatus("C1", CommitmentStatus.OPEN, CommitmentStatus.KEPT, "paid", NOW),))
    (commitment,) = (await storage.situation_of_chat(CHAT, NOW)).commitments
    assert commitment.status is CommitmentStatus.KEPT


async def sent(storage, delivery_id, kind, at, state=OutboxState.SENT, address=CHAT, borrower_id="B1", **more):
    await storage.commit((a_message(delivery_id, kind, address, borrower_id=borrower_id, run_at=at, at=at, **more),))
    (row,) = await claim(storage, address, at=at)
    await storage.commit((settled(row, state, at),))


async def test_contacts_are_what_was_or_may_have_been_sent_in_a_month_on_any_chat(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), first_seen(a_conversation())))
    other = Address("console", "me")
    await sent(storage, "D0", MessageKind.REMINDER, after(days=-33))
    await sent(storage, "D1", MessageKind.REMINDER, after(days=-32), loan_id="L-B1", rule="r1")
    await sent(storage, "D2", MessageKind.NOTICE, after(days=-6), OutboxState.UNKNOWN)
    await sent(storage, "D3", MessageKind.OPERATOR, after(days=-5), address=other)
    await sent(storage, "D4", MessageKind.REPLY, after(days=-4))
    await sent(storage, "D5", MessageKind.REMINDER, after(days=-3), OutboxState.REFUSED)
    await sent(storage, "D6", MessageKind.REMINDER, after(days=-2), borrower_id="B2")
    assert (await storage.situation_of_chat(CHAT, NOW)).contacts == (
        Contact(after(days=-32), MessageKind.REMINDER, "telegram", "L-B1", "r1"),
        Contact(after(days=-6), MessageKind.NOTICE, "telegram", None, None),
        Contact(after(days=-5), MessageKind.OPERATOR, "console", None, None, by="operator"),
    )


async def test_a_borrower_without_a_chat_is_known_but_has_no_address(storage):
    await storage.commit(with_borrower())
    situation = await storage.situation_of_borrower("B1", NOW)
    assert (situation.borrower.borrower_id, situation.reach) == ("B1", Reach.NO_ADDRESS)


async def test_a_borrower_nobody_knows_has_an_empty_situation(storage):
    assert await storage.situation_of_borrower("B9", NOW) == Situation(NOW, None)


async def test_a_borrower_is_reached_through_the_conversation_proven_last(storage):
    await storage.commit(with_borrower())
    await storage.commit(
        (
            first_seen(a_conversation(Address("telegram", "unproven"), verified_at=None)),
            first_seen(a_conversation(Address("telegram", "older"), verified_at=after(days=-2))),
            first_seen(a_conversation(Address("console", "newer"), verified_at=after(days=-1))),
            first_seen(a_conversation(Address("telegram", "somebody else"), borrower_id=None)),
        )
    )
    situation = await storage.situation_of_borrower("B1", NOW)
    assert situation.conversation.address == Address("console", "newer")
    assert situation.loans != ()


async def test_an_unproven_chat_stands_in_where_none_is_proven(storage):
    await storage.commit(with_borrower())
    await storage.commit((first_seen(a_conversation(verified_at=None)),))
    assert (await storage.situation_of_borrower("B1", NOW)).reach is Reach.UNPROVEN


async def test_a_borrower_stored_again_with_other_facts_is_known_by_the_new_ones(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    await storage.situation_of_chat(CHAT, NOW)
    changed = a_borrower(name="Wang Wei Wei", language="en", email=None)
    await storage.commit((UpsertBorrower(changed, after(days=1)),))
    assert (await storage.situation_of_chat(CHAT, NOW)).borrower == changed


async def test_unbinding_a_chat_hides_the_borrower_from_the_next_turn(storage):
    await storage.commit((*with_borrower(), first_seen(a_conversation())))
    stored = (await storage.situation_of_chat(CHAT, NOW)).conversation
    unbound = a_conversation(borrower_id=None, version=2, conversation_id=stored.conversation_id)
    await storage.commit((SaveConversation(unbound, 1, NOW),))
    situation = await storage.situation_of_chat(CHAT, NOW)
    assert (situation.borrower, situation.loans) == (None, ())
