"""What came in: raw updates, conversations, turns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from bot.domain.borrower import Address
from bot.domain.errors import Conflict, StorageError
from bot.domain.situation import Conversation as ConversationValue
from bot.domain.situation import Holder
from bot.services.ports import UNREADABLE, InboxRow, OpenTalk, PastTurn, TurnRecord
from bot.services.writes import AppendTurn, MarkHandled, MarkUnreachable, SaveConversation, StoreUpdate
from bot.storage.keys import seal_for_writing, seal_of
from bot.storage.sealing import Keyring, Seal
from bot.storage.statements import Parameters, Program, Row, Statement, change, columns, fetch, fetch_one, insert_all
from bot.storage.tables import Conversation, Inbox, Turn, table_of
from bot.storage.types import from_instant, from_instant_or_none, to_instant, to_instant_or_none, to_json

_inbox = table_of(Inbox)
_conversation = table_of(Conversation)
_turn = table_of(Turn)

# -- the inbox --------------------------------------------------------------------------------------------------------

_STORE_UPDATE = Statement(insert_all(_inbox, "inbox_id").on_conflict_do_nothing().returning(_inbox.c.inbox_id))
_MARK_HANDLED = Statement(
    update(_inbox)
    .values(handled_at=bindparam("handled_at"), turn_id=bindparam("turn_id"), outcome=bindparam("outcome"), raw=None)
    .where(_inbox.c.inbox_id == bindparam("the_inbox_id"), _inbox.c.handled_at.is_(None))
)
# By the channel's own order, not by arrival: two web processes may store neighbours the wrong way round.
_OLDEST_UPDATE = Statement(
    select(
        _inbox.c.inbox_id, _inbox.c.update_key, _inbox.c.raw, _inbox.c.received_at, _inbox.c.failures, _inbox.c.retry_at
    )
    .where(
        _inbox.c.channel == bindparam("channel"),
        _inbox.c.chat_key == bindparam("chat_key"),
        _inbox.c.handled_at.is_(None),
    )
    .order_by(_inbox.c.update_key)
    .limit(1)
)
_CHATS_WAITING = Statement(
    select(_inbox.c.channel, _inbox.c.chat_key)
    .where(_inbox.c.handled_at.is_(None))
    .group_by(_inbox.c.channel, _inbox.c.chat_key)
    .order_by(func.min(_inbox.c.inbox_id))
    .limit(bindparam("most"))
)
_COUNT_FAILURE = Statement(
    update(_inbox)
    .values(failures=_inbox.c.failures + 1, retry_at=bindparam("retry_at"))
    .where(_inbox.c.inbox_id == bindparam("the_inbox_id"))
    .returning(_inbox.c.failures)
)


def store_updates(writes: Sequence[StoreUpdate], keyring: Keyring) -> Program[list[int]]:
    """Ids of the new ones; a repeated update has no id, since nothing is stored."""
    ids: list[int] = []
    for write in writes:
        # The chat may be somebody's, but whose is not looked up here: an update is stored as fast as it can be.
        raw = keyring.installation.close("inbox", "raw", f"{write.channel}:{write.update_key}", write.raw)
        row = yield from fetch_one(
            _STORE_UPDATE,
            channel=write.channel,
            update_key=write.update_key,
            chat_key=write.chat_key,
            raw=raw,
            received_at=to_instant(write.received_at),
            failures=0,
            handled_at=None,
            turn_id=None,
            outcome=None,
            retry_at=None,
        )
        ids += [] if row is None else [row[0]]
    return ids


def mark_handled(writes: Sequence[MarkHandled], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        count = yield from change(
            _MARK_HANDLED,
            handled_at=to_instant(write.handled_at),
            turn_id=write.turn_id,
            outcome=write.outcome,
            the_inbox_id=write.inbox_id,
        )
        if not count:
            raise Conflict(f"update {write.inbox_id} was handled before")
    return []


def oldest_update(keyring: Keyring, channel: str, chat_key: str) -> Program[InboxRow | None]:
    row = yield from fetch_one(_OLDEST_UPDATE, channel=channel, chat_key=chat_key)
    if row is None:
        return None
    inbox_id, update_key, sealed, received_at, failures, retry_at = row
    raw = keyring.installation.open("inbox", "raw", f"{channel}:{update_key}", sealed)
    return InboxRow(
        inbox_id,
        channel,
        update_key,
        chat_key,
        raw,
        from_instant(received_at),
        failures,
        from_instant_or_none(retry_at),
    )


def chats_waiting(limit: int) -> Program[list[tuple[str, str]]]:
    rows = yield from fetch(_CHATS_WAITING, most=limit)
    return [(channel, chat_key) for channel, chat_key in rows]


def count_failure(inbox_id: int, retry_at: datetime) -> Program[int]:
    row = yield from fetch_one(_COUNT_FAILURE, the_inbox_id=inbox_id, retry_at=to_instant(retry_at))
    return row[0] if row else 0


# -- conversations ----------------------------------------------------------------------------------------------------

_SAVED = (
    "channel chat_key private borrower_id verified_at language holder epoch version script_version state "
    "reachable unreachable_reason proof_attempts last_inbound_at changed_at"
)
_ADD_CONVERSATION = Statement(insert_all(_conversation, "conversation_id").on_conflict_do_nothing())
_SAVE_CONVERSATION = Statement(
    update(_conversation)
    .values({name: bindparam(name) for name in _SAVED.split()})
    .where(
        _conversation.c.conversation_id == bindparam("the_conversation_id"),
        _conversation.c.version == bindparam("expected_version"),
    )
)
_MARK_UNREACHABLE = Statement(
    update(_conversation)
    .values(reachable=0, unreachable_reason=bindparam("unreachable_reason"), changed_at=bindparam("changed_at"))
    .where(_conversation.c.channel == bindparam("the_channel"), _conversation.c.chat_key == bindparam("the_chat_key"))
)

CONVERSATION_COLUMNS = columns(
    _conversation,
    "conversation_id channel chat_key private borrower_id verified_at language "
    "holder epoch version script_version state reachable proof_attempts last_inbound_at",
)
_CONVERSATION = Statement(
    select(*CONVERSATION_COLUMNS).where(
        _conversation.c.channel == bindparam("channel"), _conversation.c.chat_key == bindparam("chat_key")
    )
)


def save_conversations(writes: Sequence[SaveConversation], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        stored = _conversation_row(write)
        if write.expected_version is None:
            count = yield from change(_ADD_CONVERSATION, **stored, created_at=to_instant(write.at))
        else:
            count = yield from change(
                _SAVE_CONVERSATION,
                **stored,
                the_conversation_id=write.conversation.conversation_id,
                expected_version=write.expected_version,
            )
        if not count:
            raise Conflict("the conversation moved on meanwhile")
    return []


def _conversation_row(write: SaveConversation) -> Parameters:
    value = write.conversation
    return {
        "channel": value.address.channel,
        "chat_key": value.address.key,
        "private": int(value.address.private),
        "borrower_id": value.borrower_id,
        "verified_at": to_instant_or_none(value.verified_at),
        "language": value.language,
        "holder": value.holder.value,
        "epoch": value.epoch,
        "version": value.version,
        "script_version": value.script_version,
        "state": value.state,
        "reachable": int(value.reachable),
        "unreachable_reason": None if value.reachable else "blocked",
        "proof_attempts": value.proof_attempts,
        "last_inbound_at": to_instant_or_none(value.last_inbound_at),
        "changed_at": to_instant(write.at),
    }


def conversation_from(row: Row) -> ConversationValue:
    """From a row of CONVERSATION_COLUMNS."""
    return ConversationValue(
        conversation_id=row[0],
        address=Address(row[1], row[2], bool(row[3])),
        borrower_id=row[4],
        verified_at=from_instant_or_none(row[5]),
        language=row[6],
        holder=Holder(row[7]),
        epoch=row[8],
        version=row[9],
        script_version=row[10],
        state=row[11],
        reachable=bool(row[12]),
        proof_attempts=row[13],
        last_inbound_at=from_instant_or_none(row[14]),
    )


def conversation(address: Address) -> Program[ConversationValue | None]:
    row = yield from fetch_one(_CONVERSATION, channel=address.channel, chat_key=address.key)
    return None if row is None else conversation_from(row)


def mark_unreachable(writes: Sequence[MarkUnreachable], _keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        yield from change(
            _MARK_UNREACHABLE,
            unreachable_reason=write.reason,
            changed_at=to_instant(write.at),
            the_channel=write.address.channel,
            the_chat_key=write.address.key,
        )
    return []


# As the dialog's state writes a stack of flows that is not empty.
_IN_A_FLOW = '{"f":[[%'
_OPEN_TALKS = Statement(
    select(*columns(_conversation, "conversation_id borrower_id script_version state"))
    .where(_conversation.c.conversation_id > bindparam("after"), _conversation.c.state.like(bindparam("in_a_flow")))
    .order_by(_conversation.c.conversation_id)
    .limit(bindparam("most"))
)


def page_of_open_talks(after: int, limit: int) -> Program[tuple[list[OpenTalk], int]]:
    rows = yield from fetch(_OPEN_TALKS, after=after, in_a_flow=_IN_A_FLOW, most=limit)
    return [OpenTalk(*row) for row in rows], rows[-1][0] if rows else after


# -- turns ------------------------------------------------------------------------------------------------------------

_APPEND_TURN = Statement(insert_all(_turn, "turn_no"))
_TURN_COLUMNS = columns(
    _turn,
    "turn_no turn_id at borrower_id channel event intent confidence flow step effects script_version why said",
)
_TURN = Statement(select(*_TURN_COLUMNS).where(_turn.c.turn_id == bindparam("turn_id")))
_TURNS_OF_BORROWER = Statement(
    select(*_TURN_COLUMNS)
    .where(_turn.c.borrower_id == bindparam("borrower_id"), _turn.c.turn_no > bindparam("after"))
    .order_by(_turn.c.turn_no)
    .limit(bindparam("most"))
)

_TURNS_NOT_UNDERSTOOD = Statement(
    select(*_TURN_COLUMNS)
    .where(
        _turn.c.turn_no > bindparam("after"),
        _turn.c.at >= bindparam("since"),
        _turn.c.why.like(bindparam("line")),
    )
    .order_by(_turn.c.turn_no)
    .limit(bindparam("most"))
)


def append_turns(writes: Sequence[AppendTurn], keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        seal = yield from seal_for_writing(keyring, write.borrower_id)
        # The slots too: what was typed as an answer may be a birth date.
        # Where the talk stood too: amounts and days that somebody named are in it.
        told = {"text": write.text, "slots": write.slots, "began": write.began}
        said = to_json(told) if write.text is not None or write.slots or write.began else None
        yield from change(
            _APPEND_TURN,
            turn_id=write.turn_id,
            at=to_instant(write.at),
            channel=write.address.channel,
            chat_key=write.address.key,
            borrower_id=write.borrower_id,
            event=write.event,
            intent=write.intent,
            confidence=write.confidence,
            flow=write.flow,
            step=write.step,
            effects=to_json(write.effects),
            script_version=write.script_version,
            why=to_json(write.why),
            said=seal.close_or_none("turn", "said", write.turn_id, said),
        )
    return []


_PAST_TURNS = Statement(
    select(*columns(_turn, "turn_no turn_id channel chat_key borrower_id said"))
    .where(_turn.c.turn_no < bindparam("before"))
    .order_by(_turn.c.turn_no.desc())
    .limit(bindparam("most"))
)
#: No row has a higher number.
LAST_ROW = 2**62


def page_of_past_turns(keyring: Keyring, before: int, limit: int) -> Program[tuple[list[PastTurn], int]]:
    """One page, newest first, and the number to go on before."""
    rows = yield from fetch(_PAST_TURNS, before=before, most=limit)
    turns = []
    for _, turn_id, channel, chat_key, borrower_id, sealed in rows:
        said: dict[str, str | None] = {}
        try:
            seal = yield from seal_of(keyring, borrower_id)
            said = json.loads(seal.open("turn", "said", turn_id, sealed)) if seal is not None and sealed else {}
        except StorageError:
            pass  # the key is lost or the bytes were changed: this turn cannot be gone through again
        turns.append(PastTurn(turn_id, Address(channel, chat_key), borrower_id, said.get("began"), said.get("text")))
    return turns, rows[-1][0] if rows else before


def turn(keyring: Keyring, turn_id: str) -> Program[TurnRecord | None]:
    row = yield from fetch_one(_TURN, turn_id=turn_id)
    return None if row is None else _turn_from(row, (yield from seal_of(keyring, row[3])))


def turns_of(keyring: Keyring, borrower_id: str, after: int, limit: int) -> Program[tuple[list[TurnRecord], int]]:
    """One page, oldest first, and the number to go on after."""
    rows = yield from fetch(_TURNS_OF_BORROWER, borrower_id=borrower_id, after=after, most=limit)
    last = rows[-1][0] if rows else after
    try:
        seal = yield from seal_of(keyring, borrower_id)
    except StorageError:
        return [_unreadable(row) for row in rows], last
    return [_listed_turn(row, seal) for row in rows], last


def turns_not_understood(
    keyring: Keyring, since: datetime, after: int, limit: int
) -> Program[tuple[list[TurnRecord], int]]:
    """One page of those whose trace says so, oldest first, and the number to go on after."""
    rows = yield from fetch(
        _TURNS_NOT_UNDERSTOOD, since=to_instant(since), after=after, line='%"not understood%', most=limit
    )
    turns = []
    for row in rows:
        try:
            turns.append(_turn_from(row, (yield from seal_of(keyring, row[3]))))
        except StorageError:
            turns.append(_unreadable(row))
    return turns, rows[-1][0] if rows else after


def _listed_turn(row: Row, seal: Seal | None) -> TurnRecord:
    try:
        return _turn_from(row, seal)
    except StorageError:
        return _unreadable(row)


def _unreadable(row: Row) -> TurnRecord:
    """A turn of which all is known but what was said: its key is lost, or its bytes were changed."""
    words = row[-1] is not None and row[5] == "TextReceived"
    return replace(_turn_from(row, None), text=UNREADABLE if words else None)


def _turn_from(row: Row, seal: Seal | None) -> TurnRecord:
    _, turn_id, at, borrower_id, channel, event, intent, confidence, flow, step, effects, version, why, sealed = row
    said = json.loads(seal.open("turn", "said", turn_id, sealed)) if seal is not None and sealed is not None else {}
    return TurnRecord(
        turn_id=turn_id,
        at=from_instant(at),
        borrower_id=borrower_id,
        channel=channel,
        event=event,
        intent=intent,
        confidence=confidence,
        slots=tuple((name, value) for name, value in said.get("slots", ())),
        flow=flow,
        step=step,
        effects=tuple(json.loads(effects)),
        script_version=version,
        why=tuple(json.loads(why)),
        text=said.get("text"),
    )
