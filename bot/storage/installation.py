"""The installation itself: published versions, settings, invitations, and figures for those who watch over it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, func, literal_column, or_, select, update

from bot.domain.borrower import Address
from bot.domain.errors import Conflict, Duplicate
from bot.services.ports import Approval, ExactVersion, StoredLink, VersionRecord
from bot.services.writes import AppendApproval, CreateLink, PublishVersion, PutSetting, UseLink
from bot.storage.book_tables import AnswerApproval, CaseFile, Link, ScriptVersion, Setting
from bot.storage.sealing import Keyring
from bot.storage.statements import Program, Row, Statement, change, columns, fetch, fetch_one, insert_all, word, words
from bot.storage.tables import IN_TROUBLE, UNSENT, Inbox, Outbox, Timer, table_of
from bot.storage.types import from_instant, to_instant, to_json

_version = table_of(ScriptVersion)
_setting = table_of(Setting)
_approval = table_of(AnswerApproval)
_link = table_of(Link)
_inbox = table_of(Inbox)
_outbox = table_of(Outbox)
_timer = table_of(Timer)
_case = table_of(CaseFile)

# -- versions and settings --------------------------------------------------------------------------------------------

_VERSION_COLUMNS = columns(_version, "number files digest at by note moves")
_LATEST_NUMBER = Statement(select(func.max(_version.c.number)))
_VERSION = Statement(select(*_VERSION_COLUMNS).where(_version.c.number == bindparam("number")))
_VERSIONS = Statement(select(*columns(_version, "number digest at by note moves")).order_by(_version.c.number.desc()))
_PUBLISH = Statement(insert_all(_version))
_PUT_SETTING = Statement(
    insert_all(_setting).on_conflict_do_update(index_elements=["name"], set_={"value": bindparam("value")})
)
_SETTING = Statement(select(_setting.c.value).where(_setting.c.name == bindparam("name")))


def publish_versions(writes: Sequence[PublishVersion], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        if write.number != (yield from latest_number()) + 1:
            raise Conflict(f"version {write.number} is not the next")
        try:
            yield from change(
                _PUBLISH,
                number=write.number,
                files=to_json([list(pair) for pair in write.files]),
                digest=write.digest,
                at=to_instant(write.at),
                by=write.by,
                note=write.note,
                moves=write.moves,
            )
        except Duplicate as error:
            raise Conflict(f"version {write.number} was published meanwhile") from error
    return []


def latest_number() -> Program[int]:
    """0 where nothing was published."""
    row = yield from fetch_one(_LATEST_NUMBER)
    return (row[0] if row else None) or 0


def version(number: int) -> Program[ExactVersion | None]:
    row = yield from fetch_one(_VERSION, number=number)
    return None if row is None else _version_from(row)


def versions() -> Program[tuple[VersionRecord, ...]]:
    """All of them without their files, the newest first."""
    rows = yield from fetch(_VERSIONS)
    return tuple(
        VersionRecord(number, digest, from_instant(at), by, note, moves) for number, digest, at, by, note, moves in rows
    )


def _version_from(row: Row) -> ExactVersion:
    number, files, digest, at, by, note, moves = row
    return ExactVersion(
        number, tuple((path, text) for path, text in json.loads(files)), digest, from_instant(at), by, note, moves
    )


_APPROVE = Statement(insert_all(_approval, "approval_id"))
_APPROVALS = Statement(
    select(*columns(_approval, "place name digest approved at by")).order_by(_approval.c.approval_id)
)


def append_approvals(writes: Sequence[AppendApproval], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from change(
            _APPROVE,
            place=write.place,
            name=write.name,
            digest=write.digest,
            approved=int(write.approved),
            at=to_instant(write.at),
            by=write.by,
        )
    return []


def approvals() -> Program[tuple[Approval, ...]]:
    """The last word about every content, in the order in which they were first approved."""
    rows = yield from fetch(_APPROVALS)
    last = {
        digest: Approval(place, name, digest, bool(approved), from_instant(at), by)
        for place, name, digest, approved, at, by in rows
    }
    return tuple(last.values())


def put_settings(writes: Sequence[PutSetting], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from change(_PUT_SETTING, name=write.name, value=write.value)
    return []


def setting(name: str) -> Program[str | None]:
    row = yield from fetch_one(_SETTING, name=name)
    return None if row is None else row[0]


#: The setting that is written only to see whether writing works.
PROBE = "probe"


def probe() -> Program[None]:
    """The smallest real write, to learn whether there is room again."""
    yield from change(_PUT_SETTING, name=PROBE, value="written")


# -- invitations ------------------------------------------------------------------------------------------------------

_CREATE_LINK = Statement(insert_all(_link))
_USE_LINK = Statement(
    update(_link)
    .values(
        used_at=func.coalesce(_link.c.used_at, bindparam("used_at")),
        used_channel=bindparam("used_channel"),
        used_key=bindparam("used_key"),
    )
    .where(
        _link.c.link_id == bindparam("the_link_id"),
        or_(
            _link.c.used_at.is_(None),
            (_link.c.used_channel == bindparam("used_channel")) & (_link.c.used_key == bindparam("used_key")),
        ),
    )
)
_LINK = Statement(
    select(*columns(_link, "link_id borrower_id expires_at used_channel used_key")).where(
        _link.c.token_hash == bindparam("token_hash")
    )
)


def create_links(writes: Sequence[CreateLink], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from change(
            _CREATE_LINK,
            link_id=write.link_id,
            token_hash=write.token_hash,
            borrower_id=write.borrower_id,
            created_at=to_instant(write.created_at),
            expires_at=to_instant(write.expires_at),
            used_at=None,
            used_channel=None,
            used_key=None,
        )
    return []


def use_links(writes: Sequence[UseLink], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        count = yield from change(
            _USE_LINK,
            used_at=to_instant(write.at),
            used_channel=write.address.channel,
            used_key=write.address.key,
            the_link_id=write.link_id,
        )
        if not count:
            raise Conflict(f"invitation {write.link_id} was used by somebody else")
    return []


def link(token_hash: str) -> Program[StoredLink | None]:
    row = yield from fetch_one(_LINK, token_hash=token_hash)
    if row is None:
        return None
    link_id, borrower_id, expires_at, channel, key = row
    return StoredLink(link_id, borrower_id, from_instant(expires_at), None if key is None else Address(channel, key))


# -- figures ----------------------------------------------------------------------------------------------------------

_one: ColumnElement[int] = literal_column("1")
# Only what partial indexes hold is counted, so that a scrape costs the same however much was ever sent.
_UNSENT = Statement(
    select(_outbox.c.state, func.count(_one)).where(_outbox.c.state.in_(words(UNSENT))).group_by(_outbox.c.state)
)
_SENDING = Statement(select(func.count(_one)).select_from(_outbox).where(_outbox.c.state == word("sending")))
_TROUBLE = Statement(
    select(_outbox.c.state, func.count(_one)).where(_outbox.c.state.in_(words(IN_TROUBLE))).group_by(_outbox.c.state)
)
_WAITING = Statement(select(func.count(_one)).select_from(_inbox).where(_inbox.c.handled_at.is_(None)))
_PENDING = Statement(select(func.count(_one)).select_from(_timer).where(_timer.c.outcome.is_(None)))
_OPEN_CASES = Statement(select(func.count(_one)).select_from(_case).where(_case.c.closed_at.is_(None)))


def counts() -> Program[dict[str, int]]:
    """`outbox_<state>` for every state but sent and withheld, `updates_waiting`, `timers_pending`, `cases_open`."""
    found = {f"outbox_{state}": 0 for state in (*UNSENT, *IN_TROUBLE)}
    for statement in (_UNSENT, _TROUBLE):
        found |= {f"outbox_{state}": count for state, count in (yield from fetch(statement))}
    for name, statement in (
        ("outbox_sending", _SENDING),
        ("updates_waiting", _WAITING),
        ("timers_pending", _PENDING),
        ("cases_open", _OPEN_CASES),
    ):
        row = yield from fetch_one(statement)
        found[name] = row[0] if row else 0
    return found
