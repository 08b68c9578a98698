"""Records that are only ever added to, and the chain of the audit log: also whoever has the database cannot change them unseen."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from datetime import date

import asyncpg
import pytest

from bot.domain.holds import Hold, HoldKind
from bot.domain.loan import Payment
from bot.services.writes import (
    AppendApproval,
    AppendAudit,
    AppendCommitment,
    AppendDecision,
    AppendHold,
    AppendPayment,
    EnterStage,
    FinishHolds,
    PublishVersion,
)
from bot.storage.book_tables import APPEND_ONLY
from tests.contracts.storage.builders import NOW, a_commitment, after, cny, with_borrower
from tests.databases import run_sql

A_COLUMN = {
    "payment": "source",
    "stage_entry": "reason",
    "commitment": "channel",
    "commitment_payment": "due_on",
    "commitment_status": "reason",
    "hold": "reason",
    "hold_end": "reason",
    "decision": "outcome",
    "audit": "act",
    "script_version": "note",
    "answer_approval": "by",
}

ONE_OF_EACH = (
    *with_borrower(),
    AppendPayment(Payment("P1", "L-B1", cny(100), date(2026, 11, 20)), NOW, "file"),
    EnterStage("L-B1", "mild", None, date(2026, 12, 4), "r1", 3, NOW),
    AppendCommitment(a_commitment()),
    AppendHold(Hold("H1", HoldKind.STOP, "B1", None, NOW, None, "borrower", "said so")),
    FinishHolds("B1", None, HoldKind.STOP, NOW, "operator:1", "resolved"),
    AppendDecision(NOW, "t", "gate", (), "allowed", 3),
    AppendAudit(NOW, "bot", "turn", "B1"),
    PublishVersion(1, (), "d", NOW, "admin", ""),
    AppendApproval("CN", "fact_limitation_years", "d", True, NOW, "demo"),
)


async def test_rows_of_records_are_neither_changed_nor_deleted(storage, database_url):
    await storage.commit(ONE_OF_EACH)
    assert sorted(A_COLUMN) == sorted(APPEND_ONLY)
    for table, column in A_COLUMN.items():
        assert len(await run_sql(database_url, f"SELECT 1 FROM {table}")) > 0
        for change in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises((sqlite3.IntegrityError, asyncpg.RaiseError), match=f"{table} is append-only"):
                await run_sql(database_url, change)


# -- the chain


def an_entry(act: str) -> AppendAudit:
    return AppendAudit(NOW, "operator:5", act, "B1", (("loan_id", "L1"), ("reason", "because")))


async def test_an_untouched_chain_is_whole(storage):
    assert await storage.verify_audit() is None
    for n in range(3):
        await storage.commit((an_entry(f"act {n}"), an_entry("another")))
    assert await storage.verify_audit() is None


async def test_the_hash_is_what_the_documentation_says(storage, database_url):
    await storage.commit((an_entry("act"),))
    body = '[1,1795262400000000,"operator:5","act","B1","[[\\"loan_id\\",\\"L1\\"],[\\"reason\\",\\"because\\"]]"]'
    expected = hashlib.sha256(("0" * 64 + body).encode()).hexdigest()
    assert await run_sql(database_url, "SELECT seq, previous, hash FROM audit") == [(1, "0" * 64, expected)]


@pytest.mark.parametrize(
    ("tampering", "first_wrong"),
    [
        ("UPDATE audit SET act = 'something else' WHERE seq = 3", 3),
        ("UPDATE audit SET detail = '[]' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET hash = 'x' WHERE seq = 5", 5),
    ],
)
async def test_the_first_entry_that_does_not_fit_is_named(by_threes, database_url, tampering, first_wrong):
    await by_threes.commit(tuple(an_entry(f"act {n}") for n in range(6)))
    if database_url.startswith("sqlite"):
        for trigger in ("audit_no_update", "audit_no_delete"):
            await run_sql(database_url, f"DROP TRIGGER {trigger}")
    else:
        await run_sql(database_url, "ALTER TABLE audit DISABLE TRIGGER ALL")
    await run_sql(database_url, tampering)
    assert await by_threes.verify_audit() == first_wrong


@pytest.mark.parametrize("count", [2, 3, 7])
async def test_a_long_chain_is_checked_page_by_page(by_threes, count):
    await by_threes.commit(tuple(an_entry(f"act {n}") for n in range(count)))
    assert await by_threes.verify_audit() is None


async def test_entries_of_two_processes_at_once_make_one_chain(opening, database_url):
    storages = [await opening() for _ in range(2)]
    await asyncio.gather(*(storages[n % 2].commit((an_entry(f"act {n}"),)) for n in range(40)))
    assert await storages[0].verify_audit() is None
    assert (await run_sql(database_url, "SELECT count(*), max(seq) FROM audit")) == [(40, 40)]


async def test_an_entry_is_undone_with_its_batch(storage):
    await storage.commit((*with_borrower(), AppendCommitment(a_commitment())))
    for _ in range(2):
        with pytest.raises(Exception, match="commitment"):
            await storage.commit((an_entry("promised"), AppendCommitment(a_commitment(made_at=after(days=1)))))
    await storage.commit((an_entry("act"),))
    assert await storage.verify_audit() is None
