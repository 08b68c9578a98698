"""Commitments: recorded once, one open of a kind on a loan, their status only ever moved from the one that was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commitments import CommitmentKind, CommitmentStatus
from bot.domain.errors import Conflict, Duplicate
from bot.services.writes import AppendCommitment, ChangeCommitmentStatus
from tests.contracts.storage.builders import NOW, a_commitment, a_loan, after, with_borrower
from tests.databases import run_sql

OPEN, KEPT, BROKEN, SUPERSEDED = (
    CommitmentStatus.OPEN,
    CommitmentStatus.KEPT,
    CommitmentStatus.BROKEN,
    CommitmentStatus.SUPERSEDED,
)


def change(commitment_id, expected, status):
    return ChangeCommitmentStatus(commitment_id, expected, status, "why", NOW)


async def test_a_commitment_is_found_by_reference_and_by_id_as_it_was_made(storage):
    made = a_commitment("C1", message_id="17")
    await storage.commit((*with_borrower(), AppendCommitment(made)))
    assert await storage.commitment("C1") == made
    assert await storage.commitment("REFC1") == made
    assert await storage.commitment("C9") is None


@pytest.mark.parametrize("taken", [{"commitment_id": "C1"}, {"reference": "REFC1"}])
async def test_an_id_or_reference_is_taken_for_ever(storage, taken):
    await storage.commit((*with_borrower(), *a_loan("L2"), AppendCommitment(a_commitment("C1"))))
    with pytest.raises(Duplicate):
        await storage.commit((AppendCommitment(replace(a_commitment("C2", loan_id="L2"), **taken)),))


async def test_a_loan_has_one_open_commitment_of_a_kind(storage):
    await storage.commit((*with_borrower(), *a_loan("L2"), AppendCommitment(a_commitment("C1"))))
    with pytest.raises(Conflict):
        await storage.commit((AppendCommitment(a_commitment("C2")),))
    await storage.commit(
        (
            AppendCommitment(a_commitment("C3", loan_id="L2")),
            AppendCommitment(a_commitment("C4", kind=CommitmentKind.EXTENSION)),
            AppendCommitment(a_commitment("C5", status=CommitmentStatus.AWAITING_APPROVAL)),
        )
    )
    assert await storage.commitment("C2") is None


async def test_a_new_promise_takes_the_place_of_the_old_one_in_one_batch(storage):
    await storage.commit((*with_borrower(), AppendCommitment(a_commitment("C1"))))
    await storage.commit((change("C1", OPEN, SUPERSEDED), AppendCommitment(a_commitment("C2", supersedes="C1"))))
    assert (await storage.commitment("C1")).status is SUPERSEDED
    assert (await storage.commitment("C2")).supersedes == "C1"


async def test_a_status_moves_only_from_the_one_that_was_seen(storage):
    await storage.commit((*with_borrower(), AppendCommitment(a_commitment("C1"))))
    await storage.commit((change("C1", OPEN, KEPT),))
    with pytest.raises(Conflict):
        await storage.commit((change("C1", OPEN, BROKEN),))
    with pytest.raises(Conflict):
        await storage.commit((change("C9", OPEN, KEPT),))
    assert (await storage.commitment("C1")).status is KEPT


async def test_a_promise_cannot_reopen_beside_another_open_one(storage):
    await storage.commit((*with_borrower(), AppendCommitment(a_commitment("C1")), change("C1", OPEN, KEPT)))
    await storage.commit((AppendCommitment(a_commitment("C2")),))
    with pytest.raises(Conflict):
        await storage.commit((change("C1", KEPT, OPEN),))


async def test_the_history_of_a_commitment_is_kept(storage, database_url):
    await storage.commit((*with_borrower(), AppendCommitment(a_commitment("C1"))))
    await storage.commit((change("C1", OPEN, KEPT),))
    await storage.commit((change("C1", KEPT, OPEN),))
    rows = await run_sql(database_url, "SELECT seq, status, reason FROM commitment_status ORDER BY seq")
    assert rows == [(1, "open", "made"), (2, "kept", "why"), (3, "open", "why")]


async def test_commitments_are_listed_by_status_and_by_borrower(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2")))
    await storage.commit(
        (
            AppendCommitment(a_commitment("C1", status=KEPT)),
            AppendCommitment(a_commitment("C2")),
            AppendCommitment(a_commitment("C3", loan_id="L-B2", borrower_id="B2")),
        )
    )

    async def listed(**wanted):
        return [c.commitment_id async for c in storage.commitments(**wanted)]

    assert await listed() == ["C1", "C2", "C3"]
    assert await listed(status="open") == ["C2", "C3"]
    assert await listed(borrower_id="B1") == ["C1", "C2"]
    assert await listed(status="open", borrower_id="B1") == ["C2"]


@pytest.mark.parametrize("count", [2, 3, 7])
async def test_commitments_are_listed_over_many_pages(by_threes, count):
    await by_threes.commit(with_borrower())
    made = [a_commitment(f"C{n}", status=KEPT, made_at=after(seconds=n)) for n in range(count)]
    await by_threes.commit(tuple(AppendCommitment(c) for c in made))
    for wanted in ({}, {"status": "kept"}, {"borrower_id": "B1"}):
        assert [c async for c in by_threes.commitments(**wanted)] == made
