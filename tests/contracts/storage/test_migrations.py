"""The schema: up, down and up again on both databases, the same as the tables say, and refused where it is another."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Text, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import ConfigurationProblems, StorageUnavailable
from bot.storage import book_tables
from bot.storage.migrations.running import newest
from bot.storage.migrations.vocabulary import altering
from bot.storage.open import open_storage
from bot.storage.place import place_of
from bot.storage.schema import SCHEMA
from bot.storage.tables import metadata
from bot.storage.upgrade import check, downgrade, upgrade
from tests.databases import SECRET_KEYS, in_thread, run_sql, sqlite_url_of

assert book_tables


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url_of(tmp_path / "folder" / "empty.db")
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def on_connection(url: str, work: Callable[[Connection], Any]) -> Any:
    """Runs `work` on a SQLAlchemy connection in a transaction that is committed."""
    place = place_of(url)
    if place.path is not None:
        engine = create_engine(f"sqlite:///{place.path}")
        with engine.begin() as connection:
            result = work(connection)
        engine.dispose()
        return result

    async def run() -> Any:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            result = await connection.run_sync(work)
        await engine.dispose()
        return result

    return in_thread(lambda: asyncio.run(run()))


def sql(url: str, statement: str) -> list[tuple[Any, ...]]:
    return in_thread(lambda: asyncio.run(run_sql(url, statement)))


def schema_of(url: str) -> list[tuple[Any, ...]]:
    """Everything that makes up the schema, in words that can be compared: tables, checks, indexes."""
    if place_of(url).path is not None:
        rows = sql(
            url,
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version' ORDER BY 1, 2",
        )
        return [(kind, name, re.sub(r"\s+", " ", text)) for kind, name, text in rows if kind != "trigger"]
    columns = sql(
        url,
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY table_name, ordinal_position",
    )
    constraints = sql(
        url,
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2",
    )
    indexes = sql(
        url,
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1",
    )
    return [*columns, *constraints, *indexes]


def names_left(url: str) -> list[str]:
    """What is left in the database besides Alembic's own table."""
    if place_of(url).path is not None:
        rows = sql(url, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    else:
        rows = sql(
            url,
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "UNION SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        )
    return [name for (name,) in rows if not name.startswith("alembic_version")]


def test_up_down_and_up_again(empty_url):
    assert check(empty_url) == ("", SCHEMA)
    assert upgrade(empty_url) == SCHEMA
    before = schema_of(empty_url)
    assert check(empty_url) == (SCHEMA, SCHEMA)
    assert downgrade(empty_url, "base") == ""
    assert names_left(empty_url) == []
    assert upgrade(empty_url) == SCHEMA
    assert schema_of(empty_url) == before


def test_every_single_step_goes_up_and_down(empty_url):
    steps = [f"{n:04}" for n in range(1, int(SCHEMA) + 1)]
    for step in steps:
        assert upgrade(empty_url, step) == step
    for step in reversed(["", *steps[:-1]]):
        assert downgrade(empty_url, step or "base") == step


def test_upgrading_what_is_up_to_date_changes_nothing(database_url):
    before = schema_of(database_url)
    assert upgrade(database_url) == SCHEMA
    assert schema_of(database_url) == before


def test_the_newest_step_is_the_one_the_program_works_on():
    assert newest() == SCHEMA


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_migrated_schema_is_the_one_the_tables_describe(kind, request, tmp_path):
    migrated = request.getfixturevalue(f"{kind}_url")
    fresh = sqlite_url_of(tmp_path / "fresh.db") if kind == "sqlite" else request.getfixturevalue("empty_postgres_url")
    on_connection(fresh, metadata.create_all)
    assert len(schema_of(fresh)) > len(metadata.tables)
    assert schema_of(migrated) == schema_of(fresh)


def test_alembic_finds_nothing_to_generate(database_url):
    def difference(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    assert on_connection(database_url, difference) == []


def strictness(url: str) -> dict[str, bool]:
    rows = sql(url, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: text.rstrip().endswith("STRICT") for name, text in rows}


def test_every_table_on_sqlite_is_strict(sqlite_url):
    found = strictness(sqlite_url)
    assert found.pop("alembic_version") is False
    assert len(found) == len(metadata.tables)
    assert all(found.values())


def test_a_table_stays_strict_when_alembic_copies_it(sqlite_url):
    """The test would fail with Alembic's own batch_alter_table, which forgets STRICT."""

    def alter(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)), altering("lease") as lease:
            lease.alter_column("holder", nullable=True)
            lease.add_column(Column("note", Text))

    on_connection(sqlite_url, alter)
    assert strictness(sqlite_url)["lease"]
    with (
        closing(sqlite3.connect(place_of(sqlite_url).path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="INTEGER"),
    ):
        connection.execute("INSERT INTO lease (name, expires_at) VALUES ('x', 'no number')")


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0001", "is at schema 0001, this version needs"), ("9999", "is at schema 9999, newer than")],
)
async def test_another_schema_is_refused_with_what_to_do(database_url, revision, sentence):
    await run_sql(database_url, f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(ConfigurationProblems, match=sentence):
        await open_storage(database_url, SECRET_KEYS)


async def test_an_empty_database_is_refused_with_what_to_do(empty_url):
    path = place_of(empty_url).path
    with pytest.raises(ConfigurationProblems, match=r"(has no tables yet|There is no database at).*database upgrade"):
        await open_storage(empty_url, SECRET_KEYS)
    if path is not None:
        assert not path.exists()  # a mistyped path makes no empty database


@pytest.mark.parametrize("url", ["mysql://x", "sqlite:///x.db", "sqlite+aiosqlite:///", "postgresql+asyncpg://"])
async def test_a_url_of_another_kind_is_refused(url):
    with pytest.raises(ConfigurationProblems, match="GRACE_DATABASE_URL"):
        await open_storage(url, SECRET_KEYS)


async def test_a_server_that_does_not_answer_is_named_without_its_password():
    url = "postgresql+asyncpg://grace:secret@127.0.0.1:1/gracebot"
    assert "secret" not in repr(place_of(url))
    with pytest.raises(StorageUnavailable) as caught:
        await open_storage(url, SECRET_KEYS)
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"
    with pytest.raises(StorageUnavailable) as caught:
        in_thread(lambda: upgrade(url))
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"
