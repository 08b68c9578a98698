"""Records for people: deliveries, decisions, cases, and borrowers whom nothing reaches. Read page by page, by a rising key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, bindparam, or_, select, update

from bot.domain.delivery import OutboxState
from bot.domain.errors import StorageError
from bot.domain.situation import Conversation as ConversationValue
from bot.domain.situation import Reach, Situation
from bot.services.ports import UNREADABLE, CaseRecord, DecisionRecord, DeliveryRecord, Unreached
from bot.services.writes import AppendDecision, Facts, OpenCase
from bot.storage.acts import act_from_json, text_of
from bot.storage.book_tables import BorrowerKey, CaseFile, Decision, Loan
from bot.storage.inbound import CONVERSATION_COLUMNS, conversation_from
from bot.storage.keys import seal_for_writing
from bot.storage.parts import from_parts
from bot.storage.sealing import Keyring, Seal
from bot.storage.statements import (
    AmongTexts,
    Program,
    Row,
    Statement,
    change,
    change_many,
    columns,
    fetch,
    fetch_one,
    insert_all,
    listed,
    word,
)
from bot.storage.tables import Conversation, Outbox, table_of
from bot.storage.types import from_facts, from_instant, from_instant_or_none, to_facts, to_instant

_outbox = table_of(Outbox)
_decision = table_of(Decision)
_case = table_of(CaseFile)
_key = table_of(BorrowerKey)
_loan = table_of(Loan)
_conversation = table_of(Conversation)


def _seal_from(keyring: Keyring, borrower_id: str | None, wrapped: bytes | None) -> Seal | None:
    """From a row joined with its borrower's key; None for an erased borrower."""
    if borrower_id is None:
        return keyring.installation
    return None if wrapped is None else keyring.seal(borrower_id, wrapped)


# -- deliveries -------------------------------------------------------------------------------------------------------

_deliveries = (
    select(
        *columns(
            _outbox, "outbox_id delivery_id loan_id borrower_id kind rule stage channel language at settled_at state"
        ),
        *columns(_outbox, "run_at reason policy_version script_version message_key attempts act parts"),
        _key.c.wrapped,
    )
    .join_from(_outbox, _key, _key.c.borrower_id == _outbox.c.borrower_id, isouter=True)
    # Answering a press and the like is not a message to anybody.
    .where(_outbox.c.kind != word("act"))
)


def _page(chosen: Select[*tuple[object, ...]]) -> Statement:
    after = _outbox.c.outbox_id > bindparam("after")
    return Statement(chosen.where(after).order_by(_outbox.c.outbox_id).limit(bindparam("most")))


_ALL = _page(_deliveries)
_OF_BORROWER = _page(_deliveries.where(_outbox.c.borrower_id == bindparam("borrower_id")))
# Messages about several loans are the borrower's with more than one part; which of them name this loan is sifted here.
_OF_LOAN = _page(
    _deliveries.where(
        _outbox.c.borrower_id
        == select(_loan.c.borrower_id).where(_loan.c.loan_id == bindparam("loan_id")).scalar_subquery(),
        or_(_outbox.c.loan_id == bindparam("loan_id"), _outbox.c.parts.is_not(None)),
    )
)
_DELIVERY = Statement(_deliveries.where(_outbox.c.delivery_id == bindparam("delivery_id")))


def page_of_deliveries(
    keyring: Keyring, borrower_id: str | None, loan_id: str | None, with_text: bool, after: int, limit: int
) -> Program[tuple[list[DeliveryRecord], int]]:
    if loan_id is not None:
        rows = yield from fetch(_OF_LOAN, loan_id=loan_id, after=after, most=limit)
    elif borrower_id is not None:
        rows = yield from fetch(_OF_BORROWER, borrower_id=borrower_id, after=after, most=limit)
    else:
        rows = yield from fetch(_ALL, after=after, most=limit)
    last = rows[-1][0] if rows else after
    records = [_listed_delivery(keyring, row, with_text) for row in rows if borrower_id in (None, row[3])]
    return [d for d in records if loan_id in (None, d.loan_id, *d.loan_ids)], last


def delivery(keyring: Keyring, delivery_id: str) -> Program[DeliveryRecord | None]:
    row = yield from fetch_one(_DELIVERY, delivery_id=delivery_id)
    return None if row is None else _delivery_from(keyring, row, with_text=True)


def _listed_delivery(keyring: Keyring, row: Row, with_text: bool) -> DeliveryRecord:
    """One row that does not open, for its key is lost or its bytes were changed, must not hide all that come after it."""
    try:
        return _delivery_from(keyring, row, with_text)
    except StorageError:
        return replace(_delivery_from(keyring, row, with_text=False), text=UNREADABLE)


def _delivery_from(keyring: Keyring, row: Row, with_text: bool) -> DeliveryRecord:
    _, delivery_id, loan_id, borrower_id, kind, rule, stage, channel, language, at, settled_at, state = row[:12]
    run_at, reason, policy_version, script_version, message_key, attempts, act, parts, wrapped = row[12:]
    seal = _seal_from(keyring, borrower_id, wrapped) if with_text and act is not None else None
    loan_ids = tuple(part.loan_id for part in from_parts(parts))
    return DeliveryRecord(
        delivery_id=delivery_id,
        loan_id=loan_id,
        borrower_id=borrower_id,
        kind=kind,
        rule=rule,
        stage=stage,
        channel=channel,
        language=language,
        planned_at=from_instant(at),
        sent_at=from_instant_or_none(settled_at) if state == OutboxState.SENT else None,
        # Who reads a delivery need not know that a worker holds it at this moment.
        status="queued" if state == OutboxState.SENDING else state,
        until=from_instant(run_at) if state == OutboxState.DEFERRED else None,
        reason=reason,
        policy_version=policy_version,
        script_version=script_version,
        message_id=message_key,
        attempts=attempts,
        loan_ids=loan_ids if len(loan_ids) > 1 else (),
        text=text_of(act_from_json(seal.open("outbox", "act", delivery_id, act))) if seal else None,
    )


# -- decisions --------------------------------------------------------------------------------------------------------

_APPEND_DECISION = Statement(insert_all(_decision, "decision_id"))
_decisions = (
    select(*columns(_decision, "decision_id at subject rule facts outcome policy_version"))
    .where(_decision.c.decision_id > bindparam("after"))
    .order_by(_decision.c.decision_id)
    .limit(bindparam("most"))
)
_DECISIONS = Statement(_decisions)
_DECISIONS_OF = Statement(_decisions.where(_decision.c.subject == bindparam("subject")))


def append_decisions(writes: Sequence[AppendDecision], _keyring: Keyring) -> Program[list[int]]:
    rows = [
        {
            "at": to_instant(write.at),
            "subject": write.subject,
            "rule": write.rule,
            "facts": to_facts(write.facts),
            "outcome": write.outcome,
            "policy_version": write.policy_version,
        }
        for write in writes
    ]
    yield from change_many(_APPEND_DECISION, rows)
    return []


def page_of_decisions(subject: str | None, after: int, limit: int) -> Program[tuple[list[DecisionRecord], int]]:
    if subject is None:
        rows = yield from fetch(_DECISIONS, after=after, most=limit)
    else:
        rows = yield from fetch(_DECISIONS_OF, subject=subject, after=after, most=limit)
    records = [
        DecisionRecord(from_instant(at), about, rule, from_facts(facts), outcome, policy_version)
        for _, at, about, rule, facts, outcome, policy_version in rows
    ]
    return records, rows[-1][0] if rows else after


# -- cases ------------------------------------------------------------------------------------------------------------

_OPEN_CASE = Statement(
    insert_all(_case).on_conflict_do_nothing(index_elements=["dedup_key"], index_where=_case.c.closed_at.is_(None))
)
#: A case is read at a glance; the transcript has all of it.
MOST_TOLD = 60

_OPEN_ALIKE = Statement(
    select(*columns(_case, "case_id brief urgent borrower_id"), _key.c.wrapped)
    .join_from(_case, _key, _key.c.borrower_id == _case.c.borrower_id, isouter=True)
    .where(_case.c.dedup_key == bindparam("alike"), _case.c.closed_at.is_(None))
)
_TELL_MORE = Statement(
    update(_case)
    .where(_case.c.case_id == bindparam("told"))
    .values(brief=bindparam("brief"), urgent=bindparam("urgent"))
)
_cases = (
    select(
        *columns(_case, "case_id at reason brief urgent takes_chat borrower_id loan_id closed_at"),
        _key.c.wrapped,
    )
    .join_from(_case, _key, _key.c.borrower_id == _case.c.borrower_id, isouter=True)
    .where(_case.c.case_id > bindparam("after"))
    .order_by(_case.c.case_id)
    .limit(bindparam("most"))
)
_CASES = Statement(_cases)
_OPEN_CASES = Statement(_cases.where(_case.c.closed_at.is_(None)))


def open_cases(writes: Sequence[OpenCase], keyring: Keyring) -> Program[list[int]]:
    for write in writes:
        alike = yield from fetch_one(_OPEN_ALIKE, alike=write.dedup_key)
        if alike is not None:
            yield from _tell_more(keyring, alike, write)
            continue
        seal = yield from seal_for_writing(keyring, write.borrower_id)
        yield from change(
            _OPEN_CASE,
            case_id=write.case_id,
            at=to_instant(write.at),
            reason=write.reason,
            brief=seal.close("case_file", "brief", write.case_id, to_facts(write.brief)),
            urgent=int(write.urgent),
            takes_chat=int(write.takes_chat),
            borrower_id=write.borrower_id,
            loan_id=write.loan_id,
            channel=write.address.channel if write.address else None,
            chat_key=write.address.key if write.address else None,
            dedup_key=write.dedup_key,
            closed_at=None,
        )
    return []


def _tell_more(keyring: Keyring, alike: Row, write: OpenCase) -> Program[None]:
    """A case that is open already learns what was said since; one of an erased borrower stays as it is."""
    case_id, sealed, urgent, borrower_id, wrapped = alike
    seal = _seal_from(keyring, borrower_id, wrapped)
    if seal is None or borrower_id not in (None, write.borrower_id):
        return
    try:
        known = from_facts(seal.open("case_file", "brief", case_id, sealed))
    except StorageError:
        return  # what was there cannot be read any more, and must not be written over
    more = to_facts((*known, *(fact for fact in write.brief if fact not in known))[:MOST_TOLD])
    yield from change(
        _TELL_MORE,
        told=case_id,
        brief=seal.close("case_file", "brief", case_id, more),
        urgent=max(int(urgent), int(write.urgent)),
    )


def page_of_cases(keyring: Keyring, open_only: bool, after: str, limit: int) -> Program[tuple[list[CaseRecord], str]]:
    rows = yield from fetch(_OPEN_CASES if open_only else _CASES, after=after, most=limit)
    return [_case_from(row, _brief(keyring, row)) for row in rows], rows[-1][0] if rows else after


def _brief(keyring: Keyring, row: Row) -> Facts:
    case_id, sealed, borrower_id, wrapped = row[0], row[3], row[6], row[9]
    try:
        seal = _seal_from(keyring, borrower_id, wrapped)
        return from_facts(seal.open("case_file", "brief", case_id, sealed)) if seal else ()
    except StorageError:
        return (("brief", UNREADABLE),)


def _case_from(row: Row, brief: Facts) -> CaseRecord:
    case_id, at, reason, _, urgent, takes_chat, borrower_id, loan_id, closed_at, _ = row
    return CaseRecord(
        case_id=case_id,
        at=from_instant(at),
        reason=reason,
        brief=brief,
        urgent=bool(urgent),
        takes_chat=bool(takes_chat),
        borrower_id=borrower_id,
        loan_id=loan_id,
        closed_at=from_instant_or_none(closed_at),
    )


# -- borrowers whom nothing reaches -----------------------------------------------------------------------------------

_BORROWERS_WITH_OPEN_LOANS = Statement(
    select(_loan.c.borrower_id)
    .where(_loan.c.status == word("open"), _loan.c.borrower_id > bindparam("after"))
    .group_by(_loan.c.borrower_id)
    .order_by(_loan.c.borrower_id)
    .limit(bindparam("most"))
)
_OPEN_LOANS_OF = Statement(
    select(_loan.c.borrower_id, _loan.c.loan_id)
    .where(AmongTexts(_loan.c.borrower_id, "borrower_ids"), _loan.c.status == word("open"))
    .order_by(_loan.c.borrower_id, _loan.c.loan_id)
)
# In the order in which `situation_of_borrower` prefers them, so that both say the same.
_CONVERSATIONS_OF = Statement(
    select(*CONVERSATION_COLUMNS)
    .where(AmongTexts(_conversation.c.borrower_id, "borrower_ids"))
    .order_by(_conversation.c.verified_at.desc().nulls_last(), _conversation.c.conversation_id.desc())
)


def _reach(found: ConversationValue | None) -> Reach:
    return Situation(from_instant(0), found).reach


def page_of_unreached(after: str, limit: int) -> Program[tuple[list[Unreached], str]]:
    rows = yield from fetch(_BORROWERS_WITH_OPEN_LOANS, after=after, most=limit)
    if not rows:
        return [], after
    ids = listed(row[0] for row in rows)
    loans: dict[str, list[str]] = {}
    for borrower_id, loan_id in (yield from fetch(_OPEN_LOANS_OF, borrower_ids=ids)):
        loans.setdefault(borrower_id, []).append(loan_id)
    preferred: dict[str, ConversationValue] = {}
    for row in (yield from fetch(_CONVERSATIONS_OF, borrower_ids=ids)):
        preferred.setdefault(row[4], conversation_from(row))
    reached = {b: _reach(preferred.get(b)) for b in loans}
    found = [Unreached(b, reached[b], tuple(ids)) for b, ids in loans.items() if reached[b] is not Reach.OK]
    return found, rows[-1][0]
