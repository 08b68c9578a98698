"""Whatever comes as an update, however broken: it is refused, ignored or read, and nothing ever breaks on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.receive import ALLOWED_UPDATES, to_event, to_store
from bot.channels.telegram.signing import Signer
from bot.channels.telegram.webhook import read_update

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
VERIFY = Signer(["a-secret-key-of-32-characters---"], 123456).verify
FIELDS = st.sampled_from(
    [
        *("update_id", "chat", "id", "type", "from", "text", "caption", "contact", "phone_number", "user_id", "data"),
        *("message", "message_id", "new_chat_member", "status", "photo", "left_chat_member", "migrate_to_chat_id"),
        *("username", "language_code", "forward_origin", "pinned_message"),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["private", "group", "kicked", "/start x", "/help@B", "a\0b", "\ud83d"]),
)
BODIES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=6), max_leaves=20
)
CHATS = st.fixed_dictionaries({"id": st.integers(-(2**52), 2**52), "type": st.sampled_from(["private", "group"])})
NEARLY = st.fixed_dictionaries(
    {"chat": CHATS, "from": st.fixed_dictionaries({"id": st.integers(1, 9)})},
    optional={"text": LEAVES, "caption": LEAVES, "contact": BODIES, "message": BODIES, "data": LEAVES, "photo": BODIES},
)


@given(st.text() | st.binary().map(lambda body: body.decode("latin-1")))
def test_any_text_is_an_update_or_refused(raw: str) -> None:
    try:
        update = read_update(raw)
    except ValueError:
        return
    to_store(update, raw, NOW)
    to_event(update, "B", VERIFY)


@given(st.dictionaries(st.sampled_from(ALLOWED_UPDATES) | FIELDS, BODIES | NEARLY, max_size=3))
def test_any_object_is_stored_or_ignored_and_what_is_stored_can_be_written(update: dict[str, Any]) -> None:
    raw = json.dumps(update)
    stored = to_store(read_update(raw), raw, NOW)
    if stored is not None:
        assert -(2**53) < stored.update_key < 2**53
        assert int(stored.chat_key) == int(str(int(stored.chat_key)))
        stored.raw.encode()


@given(st.sampled_from(ALLOWED_UPDATES), BODIES | NEARLY)
def test_reading_never_fails_and_its_words_can_be_stored(kind: str, body: Any) -> None:
    received = to_event({"update_id": 1, kind: body}, "B", VERIFY)
    if received is not None:
        text = getattr(received.event, "text", "")
        assert "\0" not in text
        text.encode()
