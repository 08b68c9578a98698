"""Identifiers: opaque sortable ids for records, and the short references that people read to each other."""

from __future__ import annotations

import secrets
from datetime import datetime

#: No 0/O, 1/I/L, 2/Z, 5/S, 8/B: whatever is read aloud or copied by hand stays unmistakable.
REFERENCE_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"
REFERENCE_LENGTH = 8


def fresh_id(now: datetime) -> str:
    """32 hexadecimal digits: 48 bits of milliseconds, then 80 random bits, so that ids sort by time and cannot be guessed."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"


def fresh_reference() -> str:
    """Eight unmistakable characters, about 37 bits; a doubled one is refused by the database and drawn again."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def fresh_token() -> str:
    """128 random bits for a deep link, in 22 characters of [A-Za-z0-9_-]."""
    return secrets.token_urlsafe(16)
