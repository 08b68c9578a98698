"""Statements and programs: what is asked of a database, told apart from how.

A statement is built once with SQLAlchemy Core from the tables and compiled to the SQL text of each database. A program is a
generator that yields questions and is sent the answers; it holds all the logic, and each database needs only a small driver
that answers. Parameters and results are primitives (see `types`), so nothing is converted on the way.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Table, bindparam, column, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import Insert, asyncpg, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import BigInteger, NullType, Text, TypeEngine

T = TypeVar("T")

Row = Sequence[Any]
Parameters = Mapping[str, Any]

_SQLITE: Dialect = sqlite.dialect(paramstyle="named")
_POSTGRES: Dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Statement:
    """One SQL statement in the words of both databases."""

    def __init__(self, construct: ClauseElement) -> None:
        self._construct = construct

    @cached_property
    def for_sqlite(self) -> tuple[str, dict[str, Any]]:
        """The text with `:name` parameters, and the values that the construct itself carries."""
        compiled = self._construct.compile(dialect=_SQLITE)
        return str(compiled), _constants(compiled)

    @cached_property
    def for_postgres(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        """The text with `$1` parameters, their names in order, and the values that the construct itself carries."""
        compiled: Any = self._construct.compile(dialect=_POSTGRES)
        return str(compiled), tuple(compiled.positiontup or ()), _constants(compiled)


def _constants(compiled: Any) -> dict[str, Any]:
    return {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}


# -- questions and programs -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetch:
    """Wants all rows, also of an INSERT or UPDATE with RETURNING."""

    statement: Statement
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Change:
    """Wants the number of rows changed."""

    statement: Statement
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class ChangeMany:
    """The same statement for many parameter sets; wants nothing back."""

    statement: Statement
    parameters: Sequence[Parameters]


@dataclass(frozen=True, slots=True)
class Alone:
    """From here to the end of the transaction nobody else passes the same point. SQLite's one writer is always alone."""

    point: int


Question = Fetch | Change | ChangeMany | Alone
Program = Generator[Question, Any, T]


def fetch(statement: Statement, **parameters: Any) -> Program[list[Row]]:
    rows: list[Row] = yield Fetch(statement, parameters)
    return rows


def fetch_one(statement: Statement, **parameters: Any) -> Program[Row | None]:
    rows: list[Row] = yield Fetch(statement, parameters)
    return rows[0] if rows else None


def change(statement: Statement, **parameters: Any) -> Program[int]:
    count: int = yield Change(statement, parameters)
    return count


def change_many(statement: Statement, parameters: Sequence[Parameters]) -> Program[None]:
    if len(parameters) == 1:
        yield Change(statement, parameters[0])
    elif parameters:
        yield ChangeMany(statement, parameters)


# -- parts of statements ----------------------------------------------------------------------------------------------


def word(value: str) -> ColumnElement[Any]:
    """A code written into the text itself, so that the planner sees that a partial index fits."""
    return literal_column(f"'{value}'")


def words(values: Iterable[str]) -> list[ColumnElement[Any]]:
    return [word(value) for value in values]


def columns(table: Table, names: str) -> tuple[Column[Any], ...]:
    """Columns by their names, divided by spaces, in that order."""
    return tuple(table.c[name] for name in names.split())


def insert_all(table: Table, *without: str) -> Insert:
    """An INSERT of every column except those named; its parameters bear the columns' names."""
    # PostgreSQL's construct: SQLite's ON CONFLICT has the same words, and the compilers share them.
    return insert(table).inline().values({c.name: bindparam(c.name) for c in table.columns if c.name not in without})


class _Among(ColumnElement[Any]):
    """`column` is one of a list that comes as one JSON parameter, so that the statement's text never changes."""

    inherit_cache = True
    type = NullType()  # as a Boolean, SQLite would be asked for `... = 1`, which no index answers
    kind_on_postgres: str

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name


class AmongTexts(_Among):
    inherit_cache = True
    kind_on_postgres = "text"


class AmongNumbers(_Among):
    inherit_cache = True
    kind_on_postgres = "bigint"


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    listed = compiler.process(bindparam(element.name), **options)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - names only


@compiles(_Among, "postgresql")
def _among_on_postgres(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    listed = compiler.process(bindparam(element.name), **options)
    # An array and not a subselect to join with, so that a short list means a few look-ups in the index.
    kind = element.kind_on_postgres
    return f"{column} = ANY (ARRAY(SELECT CAST(jsonb_array_elements_text(CAST({listed} AS jsonb)) AS {kind})))"


class ListedRows(TableClause):
    """A table whose few rows come as one JSON parameter of the table's name: a list of lists in the order of the columns."""

    inherit_cache = True

    def __init__(self, name: str, **kinds: type[TypeEngine[Any]]) -> None:
        super().__init__(name, *(column(key, kind()) for key, kind in kinds.items()))


_ON_POSTGRES: Mapping[type[TypeEngine[Any]], str] = {Text: "text", BigInteger: "bigint"}


@compiles(ListedRows, "sqlite")
def _listed_rows_on_sqlite(
    element: ListedRows, compiler: SQLCompiler, asfrom: bool = False, fromhints: object = None, **options: Any
) -> str:
    parameter = compiler.process(bindparam(element.name), **options)
    chosen = ", ".join(f"json_extract(value, '$[{at}]') AS {c.name}" for at, c in enumerate(element.columns))
    # The LIMIT, which limits nothing, has the JSON read once and not for every row that it is joined with.
    return f"(SELECT {chosen} FROM json_each({parameter}) LIMIT -1) AS {element.name}"  # noqa: S608 - names only


@compiles(ListedRows, "postgresql")
def _listed_rows_on_postgres(
    element: ListedRows, compiler: SQLCompiler, asfrom: bool = False, fromhints: object = None, **options: Any
) -> str:
    parameter = compiler.process(bindparam(element.name), **options)
    chosen = ", ".join(
        f"CAST(item ->> {at} AS {_ON_POSTGRES[type(c.type)]}) AS {c.name}" for at, c in enumerate(element.columns)
    )
    return f"(SELECT {chosen} FROM jsonb_array_elements(CAST({parameter} AS jsonb)) AS item) AS {element.name}"  # noqa: S608


def listed(values: Iterable[str] | Iterable[int] | Iterable[Row]) -> str:
    """The parameter of AmongTexts, AmongNumbers and ListedRows."""
    return json.dumps(list(values))
