"""Which schema this program works on. It says no to any other: a column it does not know of could be one it must fill."""

from __future__ import annotations

from sqlalchemy import column, select, table

from bot.domain.errors import ConfigurationProblems, StorageError, StorageUnavailable
from bot.storage.statements import Program, Statement, fetch

#: The newest step under `migrations/versions`; steps are numbered with four digits.
SCHEMA = "0009"

_REVISION = Statement(select(column("version_num")).select_from(table("alembic_version")))


def stored_revision() -> Program[str]:
    """The number of the last step that the database took, "" where it took none."""
    try:
        rows = yield from fetch(_REVISION)
    except StorageUnavailable:
        raise
    except StorageError:
        return ""  # there is no such table: the database is empty
    return str(rows[0][0]) if rows else ""


def look_at_schema() -> Program[None]:
    """Raises ConfigurationProblems with what to do where the schema is older or newer than this program."""
    found = yield from stored_revision()
    if found < SCHEMA:
        state = f"is at schema {found}" if found else "has no tables yet"
        raise ConfigurationProblems(
            [f"The database {state}, this version needs {SCHEMA}: run `python run_bot.py database upgrade`."]
        )
    if found > SCHEMA:
        raise ConfigurationProblems(
            [f"The database is at schema {found}, newer than {SCHEMA}: a newer version of the program has used it."]
        )
