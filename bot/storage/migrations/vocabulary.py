"""Words that migrations share: column types, altering a STRICT table, and tables whose rows never change.

A migration is history: what stands here may be added to, never changed in meaning.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def altering(table: str) -> AbstractContextManager[BatchOperations]:
    """`op.batch_alter_table`, which on SQLite copies the table: the copy stays STRICT, which reflection would forget.

    Triggers do not survive the copy either: call `make_append_only` again after altering such a table.
    """
    return op.batch_alter_table(table, table_kwargs={"sqlite_strict": True})


def prepare_append_only() -> None:
    """PostgreSQL's triggers need a function; once for the database."""
    if _on_postgres():
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )


def remove_append_only() -> None:
    if _on_postgres():
        op.execute("DROP FUNCTION refuse_change()")


def make_append_only(table: str) -> None:
    """Rows of this table can be added, and then neither changed nor deleted, by anybody."""
    if _on_postgres():
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _on_postgres() -> bool:
    return op.get_context().dialect.name == "postgresql"
