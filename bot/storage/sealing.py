"""Sealing: personal texts are encrypted field by field, each borrower's with a key of their own.

A field is AES-256-GCM under a random data key; table, column and row are authenticated with it, so a ciphertext moved
elsewhere does not open. Data keys are wrapped by keys made from SECRET_KEY (a list, newest first). What belongs to no borrower
yet is sealed with the installation's own data key, which also keys the blind index. Erasing is destroying a data key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import ConfigurationProblems, StorageError

_KEY_BYTES = 32
_NONCE_BYTES = 12
#: First byte of all that is sealed, so that another way can be told apart one day.
_FORM = b"\x01"
#: Unwrapped data keys kept in memory; about 1 MB.
_REMEMBERED = 4096

#: Whose key it is that no borrower has.
INSTALLATION = "installation"


class Seal:
    """One data key. Threads may share it."""

    __slots__ = ("_cipher",)

    def __init__(self, data_key: bytes) -> None:
        self._cipher = AESGCM(data_key)

    def close(self, table: str, column: str, row: str, text: str) -> bytes:
        """The text, encrypted for this one field of this one row."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORM + nonce + self._cipher.encrypt(nonce, text.encode(), _place(table, column, row))

    def close_or_none(self, table: str, column: str, row: str, text: str | None) -> bytes | None:
        return None if text is None else self.close(table, column, row, text)

    def open(self, table: str, column: str, row: str, sealed: bytes) -> str:
        """Raises StorageError where the bytes were not sealed with this key for this field of this row."""
        return _decrypt(self._cipher, sealed, _place(table, column, row)).decode()

    def open_or_none(self, table: str, column: str, row: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else self.open(table, column, row, sealed)


class Keyring:
    """Wraps and unwraps data keys and remembers the ones lately used."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise ConfigurationProblems(["GRACE_SECRET_KEY is not set; personal data cannot be encrypted without it."])
        self._wrapping = [AESGCM(_derived(secret.encode(), b"gracebot wrapping key")) for secret in secret_keys]
        self._seals: OrderedDict[str, Seal] = OrderedDict()
        self._lock = threading.Lock()
        self._installation: Seal | None = None
        self._index_key = b""

    @staticmethod
    def fresh_data_key() -> bytes:
        return os.urandom(_KEY_BYTES)

    def wrap(self, owner: str, data_key: bytes) -> bytes:
        """With the newest key."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORM + nonce + self._wrapping[0].encrypt(nonce, data_key, _place("borrower_key", "wrapped", owner))

    def unwrap(self, owner: str, wrapped: bytes) -> bytes:
        """Tries every key. Raises StorageError where none fits."""
        for cipher in self._wrapping[:-1]:
            try:
                return _decrypt(cipher, wrapped, _place("borrower_key", "wrapped", owner))
            except StorageError:
                continue
        return _decrypt(self._wrapping[-1], wrapped, _place("borrower_key", "wrapped", owner))

    def known(self, borrower_id: str) -> Seal | None:
        """The borrower's seal where it was used lately."""
        with self._lock:
            seal = self._seals.get(borrower_id)
            if seal is not None:
                self._seals.move_to_end(borrower_id)
            return seal

    def seal(self, borrower_id: str, wrapped: bytes) -> Seal:
        """The borrower's seal from its wrapped key, remembered from now on. Only for a key that is known to be committed."""
        seal = self.known(borrower_id)
        if seal is not None:
            return seal
        seal = Seal(self.unwrap(borrower_id, wrapped))
        with self._lock:
            self._seals[borrower_id] = seal
            while len(self._seals) > _REMEMBERED:
                self._seals.popitem(last=False)
        return seal

    def install(self, data_key: bytes) -> None:
        """Takes over the installation's data key, once, when the storage is opened."""
        self._installation = Seal(data_key)
        self._index_key = _derived(data_key, b"gracebot blind index")

    @property
    def installation(self) -> Seal:
        assert self._installation is not None
        return self._installation

    def blind_index(self, purpose: str, value: str) -> str:
        """Equal values give equal words, which without the key say nothing, not even by trying all phone numbers."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}|{column}|{row}".encode()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret)


def _decrypt(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    if sealed[:1] != _FORM:
        raise StorageError(f"{place.decode()} is not sealed in a way this version knows")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], place)
    except InvalidTag:
        raise StorageError(f"{place.decode()} does not open: another key, another row, or changed bytes") from None
