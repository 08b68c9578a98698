"""Data keys as rows: one for each borrower, made when the borrower is first stored, and the installation's own.

Nothing here makes the keyring remember a key: it may have been made in this very transaction, and if that is undone, what
others seal with the remembered key could never be opened again. Reads of committed rows do (`Keyring.seal`).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.errors import ConfigurationProblems, StorageError
from bot.storage.book_tables import BorrowerKey, Setting
from bot.storage.sealing import INSTALLATION, Keyring, Seal
from bot.storage.statements import (
    AmongTexts,
    Program,
    Statement,
    change,
    change_many,
    fetch,
    fetch_one,
    insert_all,
    listed,
)
from bot.storage.tables import table_of
from bot.storage.types import to_instant

_key = table_of(BorrowerKey)
_setting = table_of(Setting)

_WRAPPED = Statement(select(_key.c.wrapped).where(_key.c.borrower_id == bindparam("borrower_id")))
_WRAPPED_OF = Statement(
    select(_key.c.borrower_id, _key.c.wrapped).where(AmongTexts(_key.c.borrower_id, "borrower_ids"))
)
_ADD_KEY = Statement(insert_all(_key).on_conflict_do_nothing())
_INSTALLATION_KEY = Statement(select(_setting.c.value).where(_setting.c.name == bindparam("name")))
_ADD_INSTALLATION_KEY = Statement(insert_all(_setting).on_conflict_do_nothing())

_SETTING = "installation_key"


def seal_of(keyring: Keyring, borrower_id: str | None) -> Program[Seal | None]:
    """The seal for a row: its borrower's, or the installation's for a row of nobody's. None: the person was erased."""
    if borrower_id is None:
        return keyring.installation
    known = keyring.known(borrower_id)
    if known is not None:
        return known
    row = yield from fetch_one(_WRAPPED, borrower_id=borrower_id)
    return None if row is None or row[0] is None else Seal(keyring.unwrap(borrower_id, row[0]))


def seal_for_writing(keyring: Keyring, borrower_id: str | None) -> Program[Seal]:
    """Raises StorageError for a borrower who is unknown or was erased: nothing about them may be stored."""
    seal = yield from seal_of(keyring, borrower_id)
    if seal is None:
        raise StorageError(f"there is no key for borrower {borrower_id}: unknown, or erased")
    return seal


def seals_for_borrowers(
    keyring: Keyring, borrower_ids: Sequence[str], now: datetime
) -> Program[dict[str, Seal | None]]:
    """The seals of these borrowers, making keys for those who are new."""
    found = {b: w for b, w in (yield from fetch(_WRAPPED_OF, borrower_ids=listed(borrower_ids)))}
    at = to_instant(now)
    fresh = {b: keyring.wrap(b, keyring.fresh_data_key()) for b in borrower_ids if b not in found}
    added = [
        {"borrower_id": b, "wrapped": wrapped, "created_at": at, "destroyed_at": None} for b, wrapped in fresh.items()
    ]
    yield from change_many(_ADD_KEY, added)
    if fresh:
        # Another process may have made a key for the same person in between; the stored one is the right one.
        found |= {b: w for b, w in (yield from fetch(_WRAPPED_OF, borrower_ids=listed(fresh)))}
    return {b: None if w is None else Seal(keyring.unwrap(b, w)) for b, w in found.items()}


def installation_key(keyring: Keyring) -> Program[None]:
    """Gives the keyring the installation's data key; makes it in a new database.

    Raises ConfigurationProblems where no SECRET_KEY opens it: everything stored would be unreadable.
    """
    wrapped = base64.b64encode(keyring.wrap(INSTALLATION, keyring.fresh_data_key())).decode()
    row = yield from fetch_one(_INSTALLATION_KEY, name=_SETTING)
    if row is None:
        yield from change(_ADD_INSTALLATION_KEY, name=_SETTING, value=wrapped)
        row = yield from fetch_one(_INSTALLATION_KEY, name=_SETTING)
    assert row is not None
    try:
        keyring.install(keyring.unwrap(INSTALLATION, base64.b64decode(row[0])))
    except StorageError:
        raise ConfigurationProblems(
            ["GRACE_SECRET_KEY does not open this database; set the key it was made with, older keys after newer ones."]
        ) from None
