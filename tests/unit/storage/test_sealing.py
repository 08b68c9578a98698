"""Seals and keys, without a database."""

from __future__ import annotations

import pytest

from bot.domain.errors import ConfigurationProblems, StorageError
from bot.storage import sealing
from bot.storage.sealing import Keyring, Seal

KEY = bytes(range(32))
OLD, NEW = "an older key of at least 32 characters", "a newer key of at least 32 characters"


def test_what_is_sealed_opens_in_its_own_place_only():
    seal = Seal(KEY)
    closed = seal.close("turn", "said", "T1", "我周五还500")
    assert seal.open("turn", "said", "T1", closed) == "我周五还500"
    for place in (("turn", "said", "T2"), ("turn", "why", "T1"), ("outbox", "said", "T1")):
        with pytest.raises(StorageError, match="does not open"):
            seal.open(*place, closed)


def test_a_changed_byte_does_not_open():
    seal = Seal(KEY)
    closed = bytearray(seal.close("turn", "said", "T1", "words"))
    for position in range(len(closed)):
        changed = bytearray(closed)
        changed[position] ^= 1
        with pytest.raises(StorageError):
            seal.open("turn", "said", "T1", bytes(changed))


def test_nothing_is_sealed_as_nothing():
    seal = Seal(KEY)
    assert seal.close_or_none("t", "c", "r", None) is None
    assert seal.open_or_none("t", "c", "r", None) is None
    assert seal.open_or_none("t", "c", "r", seal.close_or_none("t", "c", "r", "")) == ""


def test_an_older_key_still_opens_what_it_wrapped_and_the_newer_wraps():
    data_key = Keyring.fresh_data_key()
    wrapped = Keyring([OLD]).wrap("B1", data_key)
    assert Keyring([NEW, OLD]).unwrap("B1", wrapped) == data_key
    with pytest.raises(StorageError):
        Keyring([NEW]).unwrap("B1", wrapped)
    assert Keyring([NEW]).unwrap("B1", Keyring([NEW, OLD]).wrap("B1", data_key)) == data_key


def test_a_wrapped_key_belongs_to_its_borrower():
    keyring = Keyring([NEW])
    with pytest.raises(StorageError):
        keyring.unwrap("B2", keyring.wrap("B1", KEY))


def test_without_a_key_nothing_begins():
    with pytest.raises(ConfigurationProblems, match="GRACE_SECRET_KEY"):
        Keyring([])


def test_keys_are_remembered_up_to_a_limit_the_least_used_forgotten_first(monkeypatch):
    monkeypatch.setattr(sealing, "_REMEMBERED", 2)
    keyring = Keyring([NEW])
    for borrower_id in ("B1", "B2"):
        keyring.seal(borrower_id, keyring.wrap(borrower_id, KEY))
    assert keyring.known("B1") is not None
    keyring.seal("B3", keyring.wrap("B3", KEY))
    assert keyring.known("B2") is None
    assert keyring.known("B1") is not None


def test_the_blind_index_is_equal_for_equal_values_of_one_purpose_and_one_installation():
    one, other = Keyring([NEW]), Keyring([NEW])
    one.install(KEY)
    other.install(bytes(32))
    assert one.blind_index("phone", "+861") == one.blind_index("phone", "+861")
    assert len({one.blind_index("phone", "+861"), one.blind_index("phone", "+862"), one.blind_index("x", "+861")}) == 3
    assert one.blind_index("phone", "+861") != other.blind_index("phone", "+861")
