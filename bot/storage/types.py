"""Column types and their primitives: the same on both databases, so that the hot path needs no conversion per database.

An instant is microseconds since 1970 in UTC, a day is ISO text, a flag 0 or 1, a code a word from a closed list, money is
minor units, facts are JSON text. STRICT tables on SQLite hold exactly these types; CHECK constraints hold the ranges.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import REAL, BigInteger, CheckConstraint, Column, Double, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine
from sqlmodel import Field

from bot.domain.money import MAX_MINOR

# STRICT tables know INTEGER, REAL, TEXT and BLOB only; PostgreSQL needs the eight bytes named.
_INTEGER = BigInteger().with_variant(Integer(), "sqlite")
_REAL: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# -- columns, for the tables ------------------------------------------------------------------------------------------


def row_id(name: str) -> Any:
    """A number that the database gives, rising."""
    return Field(default=None, sa_column=Column(name, _INTEGER, primary_key=True))


def text(name: str, *, key: bool = False, null: bool = False, unique: bool = False, refers: str | None = None) -> Any:
    """`refers` names the column of another table, as in `loan.loan_id`."""
    links = [ForeignKey(refers)] if refers else []
    return Field(
        sa_column=Column(name, Text, *links, primary_key=key, nullable=null and not key, unique=unique or None)
    )


def code(name: str, values: Iterable[str], *, null: bool = False) -> Any:
    """One word from a closed list."""
    words = ", ".join(f"'{value}'" for value in values)
    return Field(sa_column=Column(name, Text, CheckConstraint(f"{name} IN ({words})", name=name), nullable=null))


def number(name: str, *, key: bool = False, null: bool = False, least: int | None = 0) -> Any:
    checks = [] if least is None else [CheckConstraint(f"{name} >= {least}", name=name)]
    return Field(
        sa_column=Column(name, _INTEGER, *checks, primary_key=key, nullable=null and not key, autoincrement=False)
    )


def minor_units(name: str, *, least: int = -MAX_MINOR) -> Any:
    """An amount of money; the currency stands beside it."""
    check = CheckConstraint(f"{name} BETWEEN {least} AND {MAX_MINOR}", name=name)
    return Field(sa_column=Column(name, _INTEGER, check, nullable=False))


def currency(name: str = "currency") -> Any:
    return Field(sa_column=Column(name, Text, CheckConstraint(f"length({name}) = 3", name=name), nullable=False))


def share(name: str, *, null: bool = False) -> Any:
    """A real number; money is never one."""
    return Field(sa_column=Column(name, _REAL, nullable=null))


def instant(name: str, *, null: bool = False) -> Any:
    return Field(sa_column=Column(name, _INTEGER, nullable=null))


def day(name: str, *, null: bool = False) -> Any:
    check = CheckConstraint(f"{name} LIKE '____-__-__'", name=name)
    return Field(sa_column=Column(name, Text, check, nullable=null))


def flag(name: str) -> Any:
    return Field(sa_column=Column(name, _INTEGER, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=False))


def sealed(name: str) -> Any:
    """A personal text, encrypted (see `sealing`); NULL where there is none or it was erased."""
    return Field(sa_column=Column(name, LargeBinary, nullable=True))


# -- primitives, for the statements -----------------------------------------------------------------------------------


def to_instant(instant: datetime) -> int:
    """Raises ValueError for an instant without a zone: nobody could say when that was."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - _EPOCH) // _MICROSECOND


def to_instant_or_none(instant: datetime | None) -> int | None:
    return None if instant is None else to_instant(instant)


def from_instant(stored: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stored)


def from_instant_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else from_instant(stored)


def to_day_or_none(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def from_day_or_none(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)


def to_json(value: object) -> str:
    """Canonical: the same value always gives the same text, as the hash chain and the digests need."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def to_facts(facts: Iterable[tuple[str, str]]) -> str:
    return to_json([list(pair) for pair in facts])


def from_facts(stored: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(stored)) if stored else ()
