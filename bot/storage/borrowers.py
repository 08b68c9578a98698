"""Borrowers: their personal facts sealed, a keyed digest beside them so that an unchanged borrower costs no write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.borrower import Borrower as BorrowerValue
from bot.domain.borrower import IdentityFacts
from bot.domain.errors import StorageError
from bot.services.writes import UpsertBorrower
from bot.storage.book_tables import Borrower, BorrowerKey
from bot.storage.keys import seals_for_borrowers
from bot.storage.sealing import Keyring, Seal
from bot.storage.statements import (
    AmongTexts,
    Parameters,
    Program,
    Statement,
    change_many,
    columns,
    fetch,
    fetch_one,
    listed,
)
from bot.storage.tables import table_of
from bot.storage.types import to_day_or_none, to_instant, to_json

_borrower = table_of(Borrower)
_key = table_of(BorrowerKey)

_COLUMNS = "borrower_id digest language timezone region name phone birth_date id_last4 email phone_index changed_at"
_row = insert(_borrower).values({name: bindparam(name) for name in _COLUMNS.split()})
_UPSERT = Statement(
    _row.on_conflict_do_update(
        index_elements=["borrower_id"],
        set_={name: _row.excluded[name] for name in _COLUMNS.split() if name != "borrower_id"},
    )
)
_DIGESTS = Statement(
    select(_borrower.c.borrower_id, _borrower.c.digest).where(AmongTexts(_borrower.c.borrower_id, "borrower_ids"))
)
_BORROWER = Statement(
    select(
        *columns(_borrower, "language timezone region name phone birth_date id_last4 email"),
        _key.c.wrapped,
    )
    .join_from(_borrower, _key)
    .where(_borrower.c.borrower_id == bindparam("borrower_id"))
)


def borrower_digest(keyring: Keyring, value: BorrowerValue) -> str:
    """Keyed, because whoever holds the database could otherwise try all birth dates and phone numbers."""
    facts = value.identity
    return keyring.blind_index(
        "borrower",
        to_json(
            [
                value.borrower_id,
                value.name,
                value.language,
                value.timezone,
                value.region,
                facts.phone,
                to_day_or_none(facts.birth_date),
                facts.id_last4,
                value.email,
            ]
        ),
    )


def known_borrowers(borrower_ids: Sequence[str]) -> Program[dict[str, str]]:
    rows = yield from fetch(_DIGESTS, borrower_ids=listed(borrower_ids))
    return {borrower_id: digest for borrower_id, digest in rows}


def upsert_borrowers(writes: Sequence[UpsertBorrower], keyring: Keyring) -> Program[list[int]]:
    latest = {write.borrower.borrower_id: write for write in writes}
    known = yield from known_borrowers(list(latest))
    digests = {b: borrower_digest(keyring, write.borrower) for b, write in latest.items()}
    changed = {b: write for b, write in latest.items() if known.get(b) != digests[b]}
    if not changed:
        return []
    seals = yield from seals_for_borrowers(keyring, list(changed), writes[0].at)
    rows = [_sealed_row(keyring, write, digests[b], seals[b]) for b, write in changed.items()]
    yield from change_many(_UPSERT, rows)
    return []


def _sealed_row(keyring: Keyring, write: UpsertBorrower, digest: str, seal: Seal | None) -> Parameters:
    value = write.borrower
    if seal is None:
        raise StorageError(f"borrower {value.borrower_id} was erased and cannot be stored again under the same id")
    facts = value.identity

    def sealed(column: str, text: str | None) -> bytes | None:
        return seal.close_or_none("borrower", column, value.borrower_id, text)

    return {
        "borrower_id": value.borrower_id,
        "digest": digest,
        "language": value.language,
        "timezone": value.timezone,
        "region": value.region,
        "name": sealed("name", value.name),
        "phone": sealed("phone", facts.phone),
        "birth_date": sealed("birth_date", to_day_or_none(facts.birth_date)),
        "id_last4": sealed("id_last4", facts.id_last4),
        "email": sealed("email", value.email),
        "phone_index": None if facts.phone is None else keyring.blind_index("phone", facts.phone),
        "changed_at": to_instant(write.at),
    }


def borrower(keyring: Keyring, borrower_id: str) -> Program[BorrowerValue | None]:
    """Of an erased borrower nothing personal is left: an empty name and no facts."""
    row = yield from fetch_one(_BORROWER, borrower_id=borrower_id)
    if row is None:
        return None
    language, timezone, region, *sealed, wrapped = row
    if wrapped is None:
        return BorrowerValue(borrower_id, "", language, timezone, region)
    seal = keyring.seal(borrower_id, wrapped)
    name, phone, birth_date, id_last4, email = (
        seal.open_or_none("borrower", column, borrower_id, value)
        for column, value in zip(("name", "phone", "birth_date", "id_last4", "email"), sealed, strict=True)
    )
    return BorrowerValue(
        borrower_id=borrower_id,
        name=name or "",
        language=language,
        timezone=timezone,
        region=region,
        identity=IdentityFacts(phone, date.fromisoformat(birth_date) if birth_date else None, id_last4),
        email=email,
    )
