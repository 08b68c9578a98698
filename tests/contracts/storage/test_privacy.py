"""Personal data at rest: not readable in the files, bound to its row, gone with its key; keys can be rotated."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import pytest

from bot.domain.borrower import IdentityFacts
from bot.domain.delivery import Button, Content, SendMessage
from bot.domain.errors import ConfigurationProblems, StorageError
from bot.services.writes import AppendTurn, MarkHandled, OpenCase, UpsertBorrower
from bot.storage.place import place_of
from bot.storage.sealing import Keyring
from tests.contracts.storage.builders import (
    CHAT,
    NOW,
    a_borrower,
    a_conversation,
    a_message,
    after,
    an_update,
    claim,
    first_seen,
    settled,
    with_borrower,
)
from tests.databases import SECRET_KEYS, run_sql

CANARIES = (
    "Canary Borrower 名字",
    "+861399990000",
    "1971-03-04",
    "9753",
    "canary@example.org",
    "canary words typed",
    "canary slot 8642",
    "canary words sent",
    "canary button",
    "canary update",
    "canary of nobody",
    "canary brief",
)

PERSON = a_borrower(
    "B1",
    name=CANARIES[0],
    identity=IdentityFacts(CANARIES[1], date(1971, 3, 4), CANARIES[3]),
    email=CANARIES[4],
)


def a_turn(turn_id: str, text: str, borrower_id: str | None = "B1") -> AppendTurn:
    return AppendTurn(
        turn_id,
        NOW,
        CHAT,
        borrower_id,
        "TextReceived",
        None,
        None,
        (("digits", CANARIES[6]),),
        None,
        None,
        (),
        1,
        (),
        text,
    )


async def live_a_little(storage) -> None:
    (inbox_id, _) = await storage.commit((an_update(1, raw=CANARIES[9]), an_update(2, raw=CANARIES[9])))
    content = Content(CANARIES[7], ((Button(CANARIES[8], data="x"),),))
    await storage.commit(
        (
            UpsertBorrower(PERSON, NOW),
            MarkHandled(inbox_id, "T1", NOW),
            first_seen(a_conversation()),
            a_turn("T1", CANARIES[5]),
            a_turn("T2", CANARIES[10], None),
            a_message("D1", act=SendMessage(content), borrower_id="B1"),
            a_message("D2", text=CANARIES[7]),
            OpenCase("C1", NOW, "human", (("said", CANARIES[11]),), False, False, "B1", None, CHAT, "k"),
        )
    )
    for row in await claim(storage):
        await storage.commit((settled(row),))


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


async def dump(url: str) -> bytes:
    """All bytes of the database: the files of SQLite, every row of every table of PostgreSQL."""
    path = place_of(url).path
    if path is not None:
        return b"".join(_bytes(Path(f"{path}{end}")) for end in ("", "-wal"))
    tables = [row[0] for row in await run_sql(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    rows = [str(row) for table in tables for row in await run_sql(url, f"SELECT * FROM {table}")]
    return "\n".join(rows).encode()


async def test_nothing_personal_is_readable_in_the_database(storage, database_url):
    await live_a_little(storage)
    stored = await dump(database_url)
    assert b"TextReceived" in stored  # so we looked at the right bytes
    for canary in CANARIES:
        assert canary.encode() not in stored, canary
        assert canary.encode("utf-16-le") not in stored, canary
        assert base64.b64encode(canary.encode()) not in stored, canary


async def test_it_is_readable_through_the_storage(storage):
    await live_a_little(storage)
    assert (await storage.situation_of_chat(CHAT, NOW)).borrower == PERSON
    assert [(t.text, t.slots) async for t in storage.turns("B1")] == [(CANARIES[5], (("digits", CANARIES[6]),))]
    assert [c.brief async for c in storage.cases()] == [(("said", CANARIES[11]),)]


@pytest.mark.parametrize("column", ["name", "phone", "birth_date", "id_last4", "email"])
async def test_a_ciphertext_moved_to_another_borrower_does_not_open(storage, database_url, column):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), first_seen(a_conversation())))
    await run_sql(
        database_url,
        f"UPDATE borrower SET {column} = (SELECT b.{column} FROM borrower b WHERE b.borrower_id = 'B2') "
        "WHERE borrower_id = 'B1'",
    )
    with pytest.raises(StorageError, match=rf"borrower\|{column}\|B1 does not open"):
        await storage.situation_of_chat(CHAT, NOW)


async def test_a_ciphertext_moved_to_another_column_does_not_open(storage, database_url):
    await storage.commit((*with_borrower("B1"), first_seen(a_conversation())))
    await run_sql(database_url, "UPDATE borrower SET name = email WHERE borrower_id = 'B1'")
    with pytest.raises(StorageError, match="does not open"):
        await storage.situation_of_chat(CHAT, NOW)


async def test_a_message_moved_to_another_row_does_not_open(storage, database_url):
    await storage.commit((a_message("D1", text="one"), a_message("D2", text="two")))
    await run_sql(database_url, "UPDATE outbox SET act = (SELECT o.act FROM outbox o WHERE o.delivery_id = 'D2')")
    with pytest.raises(StorageError, match="does not open"):
        await storage.delivery("D1")


async def test_the_same_text_sealed_twice_looks_different(storage, database_url):
    await storage.commit((a_message("D1", text="same"), a_message("D2", text="same")))
    assert len(set(await run_sql(database_url, "SELECT act FROM outbox"))) == 2


async def test_every_borrower_has_a_key_of_their_own(storage, database_url):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2")))
    keyring = Keyring(SECRET_KEYS)
    rows = await run_sql(database_url, "SELECT borrower_id, wrapped FROM borrower_key ORDER BY borrower_id")
    keys = [keyring.unwrap(borrower_id, wrapped) for borrower_id, wrapped in rows]
    assert [len(key) for key in keys] == [32, 32]
    assert keys[0] != keys[1]
    with pytest.raises(StorageError):
        keyring.unwrap("B1", rows[1][1])


async def test_with_the_key_destroyed_a_person_is_gone_and_the_records_stay(opening, database_url):
    storage = await opening()
    await live_a_little(storage)
    await run_sql(database_url, "UPDATE borrower_key SET wrapped = NULL, destroyed_at = 1 WHERE borrower_id = 'B1'")
    storage = await opening()
    borrower = (await storage.situation_of_chat(CHAT, NOW)).borrower
    assert (borrower.borrower_id, borrower.name, borrower.identity, borrower.email) == ("B1", "", IdentityFacts(), None)
    assert [(t.turn_id, t.text, t.slots) async for t in storage.turns("B1")] == [("T1", None, ())]
    assert [(d.delivery_id, d.text) async for d in storage.deliveries(with_text=True)] == [
        ("D1", None),
        ("D2", CANARIES[7]),
    ]
    assert [c.brief async for c in storage.cases()] == [()]
    for again in (a_turn("T9", "new words"), UpsertBorrower(a_borrower("B1"), NOW)):
        with pytest.raises(StorageError, match="erased"):
            await storage.commit((again,))


async def test_a_message_to_an_erased_person_is_withheld_and_holds_nobody_up(opening, database_url):
    storage = await opening()
    await storage.commit((*with_borrower("B1"), a_message("D1", borrower_id="B1"), a_message("D2", text="next")))
    await run_sql(database_url, "UPDATE borrower_key SET wrapped = NULL, destroyed_at = 1 WHERE borrower_id = 'B1'")
    storage = await opening()
    assert [row.message.outbox_id for row in await claim(storage)] == [2]
    record = await storage.delivery("D1")
    assert (record.status, record.reason) == ("withheld", "erased")


async def test_a_message_that_no_key_opens_is_withheld_and_holds_nobody_up(opening, database_url):
    storage = await opening()
    lost = Keyring(("a key that nobody has any more, 32 characters",)).wrap("B1", bytes(32))
    await storage.commit((*with_borrower("B1"), a_message("D1", borrower_id="B1"), a_message("D2", text="changed")))
    await storage.commit((a_message("D3", text="next"),))
    await run_sql(
        database_url, f"UPDATE borrower_key SET wrapped = {_literal(database_url, lost)} WHERE borrower_id = 'B1'"
    )
    await run_sql(database_url, f"UPDATE outbox SET act = {_literal(database_url, bytes(40))} WHERE delivery_id = 'D2'")
    storage = await opening()
    opened = [row.message.outbox_id for _ in range(3) for row in await claim(storage)]
    assert opened == [3]
    became = {d.delivery_id: (d.status, d.reason) async for d in storage.deliveries()}
    assert became["D1"] == became["D2"] == ("withheld", "unreadable")


async def test_a_record_that_no_key_opens_is_listed_as_such_with_all_the_others(opening, database_url):
    storage = await opening()
    lost = Keyring(("a key that nobody has any more, 32 characters",)).wrap("B1", bytes(32))
    case = OpenCase("C1", NOW, "dispute", (("said", "x"),), False, False, "B1", None, None, "c")
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), a_turn("T1", "gone"), case))
    await storage.commit((a_turn("T2", "changed", "B2"), a_turn("T3", "whole", "B2")))
    await storage.commit((a_message("D1", borrower_id="B1"), a_message("D2"), a_message("D3", text="whole")))
    await run_sql(
        database_url, f"UPDATE borrower_key SET wrapped = {_literal(database_url, lost)} WHERE borrower_id = 'B1'"
    )
    changed = _literal(database_url, bytes(40))
    await run_sql(database_url, f"UPDATE outbox SET act = {changed} WHERE delivery_id = 'D2'")
    await run_sql(database_url, f"UPDATE turn SET said = {changed} WHERE turn_id = 'T2'")
    storage = await opening()
    said = [d.text async for d in storage.deliveries(with_text=True)]
    assert said == ["[unreadable]", "[unreadable]", "whole"]
    assert [d.text async for d in storage.deliveries()] == [None, None, None]
    assert [t.text async for t in storage.turns("B1")] == ["[unreadable]"]
    assert [t.text async for t in storage.turns("B2")] == ["[unreadable]", "whole"]
    assert [c.brief async for c in storage.cases()] == [(("brief", "[unreadable]"),)]


def _literal(url: str, value: bytes) -> str:
    return f"X'{value.hex()}'" if url.startswith("sqlite") else f"'\\x{value.hex()}'::bytea"


async def test_keys_can_be_rotated_with_the_older_one_behind_the_newer(opening, database_url):
    new = ("a newer key, also at least 32 characters",)
    storage = await opening()
    await storage.commit((*with_borrower("B1"), first_seen(a_conversation())))
    storage = await opening(new + SECRET_KEYS)
    assert (await storage.situation_of_chat(CHAT, NOW)).borrower == a_borrower("B1")
    await storage.commit(with_borrower("B2"))
    wrapped = await run_sql(database_url, "SELECT wrapped FROM borrower_key WHERE borrower_id = 'B2'")
    Keyring(new).unwrap("B2", wrapped[0][0])


async def test_a_wrong_key_is_refused_when_opening(opening):
    await opening()
    with pytest.raises(ConfigurationProblems, match="GRACE_SECRET_KEY does not open this database"):
        await opening(("another key of at least 32 characters",))
    with pytest.raises(ConfigurationProblems, match="GRACE_SECRET_KEY is not set"):
        await opening(())


async def test_a_key_of_an_undone_batch_is_never_used_again(opening):
    """A key remembered from a transaction that was undone would seal what nobody could ever open."""
    storage = await opening()
    doomed = (UpsertBorrower(PERSON, NOW), a_turn("T1", "first"), MarkHandled(99, "T1", NOW))
    with pytest.raises(StorageError):
        await storage.commit(doomed)
    await storage.commit((UpsertBorrower(PERSON, NOW), a_turn("T2", "second"), first_seen(a_conversation())))
    await storage.commit((a_turn("T3", "third"),))
    storage = await opening()
    assert [t.text async for t in storage.turns("B1")] == ["second", "third"]
    assert (await storage.situation_of_chat(CHAT, after(days=1))).borrower == PERSON


async def test_the_phone_index_finds_equal_phones_and_reveals_none(storage, database_url):
    same = [UpsertBorrower(a_borrower(b), NOW) for b in ("B1", "B2")]
    other = UpsertBorrower(a_borrower("B3", identity=IdentityFacts("+8613800000001")), NOW)
    none = UpsertBorrower(a_borrower("B4", identity=IdentityFacts()), NOW)
    await storage.commit((*same, other, none))
    rows = await run_sql(database_url, "SELECT phone_index FROM borrower ORDER BY borrower_id")
    (first,), (second,), (third,), (fourth,) = rows
    assert first == second
    assert first != third
    assert (len(first), fourth) == (64, None)


async def test_errors_carry_no_personal_data(storage):
    await storage.commit((UpsertBorrower(PERSON, NOW), first_seen(a_conversation())))
    with pytest.raises(StorageError) as caught:
        await storage.commit((a_turn("T1", CANARIES[5]), a_turn("T1", CANARIES[5])))
    told = f"{caught.value!r} {caught.value}"
    assert not any(canary in told for canary in CANARIES)
