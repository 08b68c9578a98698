"""A batch of writes as one program: each kind of write has one function, and neighbours of a kind go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.services import writes
from bot.services.writes import AppendAudit, Batch, Write
from bot.storage import (
    agreements,
    audit,
    borrowers,
    inbound,
    installation,
    loan_book,
    outgoing,
    planning,
    records,
    waking,
)
from bot.storage.sealing import Keyring
from bot.storage.statements import Program

_Writer = Callable[[Sequence[Any], Keyring], Program[list[int]]]

_WRITERS: dict[type[Write], _Writer] = {
    writes.StoreUpdate: inbound.store_updates,
    writes.MarkHandled: inbound.mark_handled,
    writes.SaveConversation: inbound.save_conversations,
    writes.MarkUnreachable: inbound.mark_unreachable,
    writes.AppendTurn: inbound.append_turns,
    writes.PutOutbox: outgoing.put_outbox,
    writes.SettleOutbox: outgoing.settle_outbox,
    writes.CancelOutbox: outgoing.cancel_outbox,
    writes.RecordWithheld: outgoing.record_withheld,
    writes.PutTimer: waking.put_timers,
    writes.PutAnchorTimers: planning.put_anchor_timers,
    writes.FinishTimer: waking.finish_timers,
    writes.MoveTimer: waking.move_timers,
    writes.CancelTimers: waking.cancel_timers,
    writes.UpsertBorrower: borrowers.upsert_borrowers,
    writes.UpsertLoan: loan_book.upsert_loans,
    writes.UpsertInstalment: loan_book.upsert_instalments,
    writes.AppendPayment: loan_book.append_payments,
    writes.SaveLedger: loan_book.save_ledgers,
    writes.EnterStage: loan_book.enter_stages,
    writes.EnterStagesOfAnchor: planning.enter_stages_of_anchor,
    writes.AppendCommitment: agreements.append_commitments,
    writes.ChangeCommitmentStatus: agreements.change_commitments,
    writes.AppendHold: agreements.append_holds,
    writes.FinishHolds: agreements.finish_holds,
    writes.OpenCase: records.open_cases,
    writes.CreateLink: installation.create_links,
    writes.UseLink: installation.use_links,
    writes.AppendDecision: records.append_decisions,
    writes.PublishVersion: installation.publish_versions,
    writes.AppendApproval: installation.append_approvals,
    writes.PutSetting: installation.put_settings,
    writes.AppendAudit: audit.append_audit,
}

#: A loan book's rows come loan by loan; written kind by kind, in the order in which they refer to each other, they are
#: a few statements for thousands of rows.
_BOOK_ORDER: dict[type[Write], int] = {
    writes.UpsertBorrower: 0,
    writes.UpsertLoan: 1,
    writes.UpsertInstalment: 2,
    writes.AppendPayment: 3,
    writes.SaveLedger: 4,
}


def write_batch(batch: Batch, keyring: Keyring) -> Program[tuple[int, ...]]:
    """All writes of the batch; ids of inserted updates and outbox rows, in order."""
    ids: list[int] = []
    for kind, group in groupby(_ordered(batch), key=type):
        ids += yield from _WRITERS[kind](list(group), keyring)
    return tuple(ids)


def _ordered(batch: Batch) -> Iterator[Write]:
    for of_book, run in groupby(batch, key=lambda write: type(write) in _BOOK_ORDER):
        if of_book:
            yield from sorted(run, key=lambda write: _BOOK_ORDER[type(write)])
        else:
            yield from (write for write in run if not isinstance(write, AppendAudit))
    # Last, because on PostgreSQL everybody queues for the end of the chain from here to the commit.
    yield from (write for write in batch if isinstance(write, AppendAudit))
