"""Plans: no statement reads a table that grows from end to end, and a turn asks few questions, however much is stored."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import asyncpg
import pytest

from bot.services.writes import AppendCommitment
from bot.storage import (
    agreements,
    audit,
    borrowers,
    claiming,
    inbound,
    installation,
    keys,
    loan_book,
    outgoing,
    planning,
    records,
    schema,
    situations,
    waking,
)
from bot.storage.place import place_of
from bot.storage.sealing import Keyring
from bot.storage.sqlite import _answer
from bot.storage.statements import Fetch, Statement
from bot.storage.writing import write_batch
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_commitment,
    a_conversation,
    a_loan,
    a_message,
    first_seen,
    with_borrower,
)
from tests.databases import SECRET_KEYS

MODULES = (
    agreements,
    audit,
    borrowers,
    claiming,
    inbound,
    installation,
    keys,
    loan_book,
    outgoing,
    planning,
    records,
    schema,
    situations,
    waking,
)
STATEMENTS = [
    (f"{module.__name__.rpartition('.')[2]}.{name}", value)
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Statement)
]

#: Tables of at most a few rows, and what is no table at all.
SMALL = {
    "shard_lease",
    "lease",
    "token_bucket",
    "alembic_version",
    "answer_approval",  # what admins decided about the places' facts, read whole with a version
    "shards",
    "page",
    "json_each",
    "zones",
    "least",
    "anchors",
    "CONSTANT",
}
#: Partial indexes that hold only what waits or went wrong; reading one from end to end costs what is there to be done.
WAITING = {
    "ix_inbox_waiting",
    "ix_outbox_unsent",
    "ix_outbox_sending",
    "ix_outbox_trouble",
    "ix_timer_due",
    "uq_case_file_open",
}
#: From the far end of the primary key: one row of the chain, and the versions, of which there are as many as people publish.
FROM_THE_END = {"audit._LAST", "installation._VERSIONS"}
#: A page of loans is sorted after it was cut; a borrower has a handful of commitments.
SORTED_WHEN_SMALL = {"loan_book._PAGE_BY_ANCHOR", "planning._PAGE_BELOW", "agreements._PAGE_OF_BORROWER"}


def test_every_statement_is_looked_at():
    assert len(STATEMENTS) > 90


def test_no_statement_scans_a_growing_table_on_sqlite(sqlite_url):
    with closing(sqlite3.connect(place_of(sqlite_url).path)) as connection:
        for name, statement in STATEMENTS:
            sql, _ = statement.for_sqlite
            nothing = dict.fromkeys(re.findall(r":(\w+)", sql))
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", nothing):
                scanned = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
                if scanned and name not in FROM_THE_END:
                    assert scanned[1] in SMALL or scanned[2] in WAITING, f"{name}: {step}"


async def test_no_statement_scans_a_growing_table_on_postgresql(postgres_url):
    """Asked for a plan that fits any parameters, with reading from end to end made so dear that only need leads to it."""
    connection = await asyncpg.connect(place_of(postgres_url).for_asyncpg)
    await connection.execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
    for number, (name, statement) in enumerate(STATEMENTS):
        sql, parameters, _ = statement.for_postgres
        await connection.execute(f"PREPARE p{number} AS {sql}")
        nothing = f"({', '.join(['NULL'] * len(parameters))})" if parameters else ""
        for (step,) in await connection.fetch(f"EXPLAIN EXECUTE p{number}{nothing}"):
            scanned = re.search(r"Seq Scan on (\w+)", step)
            assert scanned is None or scanned[1] in SMALL, f"{name}: {step}"
    await connection.close()


def test_statements_need_no_sorting_of_what_grows(sqlite_url):
    """The pages of every stream come straight off an index."""
    with closing(sqlite3.connect(place_of(sqlite_url).path)) as connection:
        for name, statement in STATEMENTS:
            sql, _ = statement.for_sqlite
            if ":after" not in sql or name in SORTED_WHEN_SMALL:
                continue
            nothing = dict.fromkeys(re.findall(r":(\w+)", sql))
            plan = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", nothing)]
            assert not [step for step in plan if "TEMP B-TREE" in step], name


@pytest.mark.parametrize("loans", [1, 50])
def test_a_situation_is_a_handful_of_questions_however_much_there_is(sqlite_url, loans):
    keyring = Keyring(SECRET_KEYS)
    with closing(sqlite3.connect(place_of(sqlite_url).path, isolation_level=None)) as connection:

        def run(program) -> list[Statement]:
            asked = []
            try:
                question = next(program)
                while True:
                    if isinstance(question, Fetch):
                        asked.append(question.statement)
                    question = program.send(_answer(connection, question))
            except StopIteration:
                return asked

        run(keys.installation_key(keyring))
        many = tuple(w for n in range(loans) for w in (*a_loan(f"L{n}"), a_message(f"D{n}", borrower_id="B1")))
        promises = tuple(AppendCommitment(a_commitment(f"C{n}", loan_id=f"L{n}", made_at=NOW)) for n in range(loans))
        run(write_batch((*with_borrower(), *many, *promises, first_seen(a_conversation())), keyring))
        assert len(run(situations.situation_of_chat(keyring, CHAT, NOW))) == 7
        assert len(run(situations.situation_of_borrower(keyring, "B1", NOW))) == 7
