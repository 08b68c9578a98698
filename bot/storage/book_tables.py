"""The tables of the loan book, of agreements, of people's work and of the installation. `tables` has those of chats.

Money records, commitments, holds, stage entries, decisions and the audit log are only ever added to: triggers refuse the rest.
What changes beside them (`loan`, `instalment.paid_minor`, `commitment_state`) is derived and could be reckoned anew.
"""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from bot.domain.commitments import CommitmentKind, CommitmentStatus
from bot.domain.holds import HoldKind
from bot.domain.loan import LoanStatus
from bot.storage.tables import STRICT, check, index
from bot.storage.types import code, currency, day, flag, instant, minor_units, number, row_id, sealed, text

#: Rows of these tables are never changed and never deleted.
APPEND_ONLY = (
    "payment",
    "stage_entry",
    "commitment",
    "commitment_payment",
    "commitment_status",
    "hold",
    "hold_end",
    "decision",
    "audit",
    "script_version",
    "answer_approval",
)


class BorrowerKey(SQLModel, table=True):
    """The data key of one borrower, wrapped by a key made from SECRET_KEY. `wrapped` NULL: destroyed, the person is erased."""

    __tablename__ = "borrower_key"
    __table_args__ = (STRICT,)
    borrower_id: str = text("borrower_id", key=True)
    wrapped: bytes | None = sealed("wrapped")
    created_at: int = instant("created_at")
    destroyed_at: int | None = instant("destroyed_at", null=True)


class Borrower(SQLModel, table=True):
    """`digest` and `phone_index` are keyed hashes: equal for equal values, useless without the installation's key."""

    __tablename__ = "borrower"
    __table_args__ = (index("ix_borrower_phone", "phone_index", where="phone_index IS NOT NULL"), STRICT)
    borrower_id: str = text("borrower_id", key=True, refers="borrower_key.borrower_id")
    digest: str = text("digest")
    language: str | None = text("language", null=True)
    timezone: str | None = text("timezone", null=True)
    region: str | None = text("region", null=True)
    name: bytes | None = sealed("name")
    phone: bytes | None = sealed("phone")
    birth_date: bytes | None = sealed("birth_date")
    id_last4: bytes | None = sealed("id_last4")
    email: bytes | None = sealed("email")
    phone_index: str | None = text("phone_index", null=True)
    changed_at: int = instant("changed_at")


class Loan(SQLModel, table=True):
    """The second half of the columns is derived from the payments by SaveLedger."""

    __tablename__ = "loan"
    __table_args__ = (
        index("ix_loan_anchor", "programme", "oldest_unpaid_due_on", "loan_id", where="status = 'open'"),
        index("ix_loan_borrower", "borrower_id", "status"),
        check("settled", "status <> 'settled' OR settled_at IS NOT NULL"),
        STRICT,
    )
    loan_id: str = text("loan_id", key=True)
    programme: str = text("programme")
    borrower_id: str = text("borrower_id", refers="borrower.borrower_id")
    currency: str = currency()
    risk: str | None = text("risk", null=True)
    flags: str = text("flags")
    status: str = code("status", LoanStatus)
    oldest_unpaid_due_on: str | None = day("oldest_unpaid_due_on", null=True)
    outstanding_minor: int = minor_units("outstanding_minor", least=0)
    ledger_version: int = number("ledger_version")
    settled_at: int | None = instant("settled_at", null=True)
    changed_at: int = instant("changed_at")


class Instalment(SQLModel, table=True):
    __tablename__ = "instalment"
    __table_args__ = (
        check("paid", "paid_minor <= principal_minor + interest_minor + fees_minor + late_fees_minor"),
        # Clustered by loan: a loan and its schedule are always read together.
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )
    loan_id: str = text("loan_id", key=True, refers="loan.loan_id")
    number: int = number("number", key=True)
    due_on: str = day("due_on")
    principal_minor: int = minor_units("principal_minor", least=0)
    interest_minor: int = minor_units("interest_minor", least=0)
    fees_minor: int = minor_units("fees_minor", least=0)
    late_fees_minor: int = minor_units("late_fees_minor", least=0)
    paid_minor: int = minor_units("paid_minor", least=0)


class Payment(SQLModel, table=True):
    """Money received, or taken back with a negative amount."""

    __tablename__ = "payment"
    __table_args__ = (
        index("ix_payment_loan", "loan_id"),
        check("amount", "amount_minor <> 0"),
        STRICT,
    )
    reference: str = text("reference", key=True)
    loan_id: str = text("loan_id", refers="loan.loan_id")
    amount_minor: int = minor_units("amount_minor")
    currency: str = currency()
    paid_on: str = day("paid_on")
    instalment: int | None = number("instalment", null=True)
    reverses: str | None = text("reverses", null=True)
    posted_at: int = instant("posted_at")
    source: str = text("source")


class StageEntry(SQLModel, table=True):
    """`entry_key` is day, anchor, stage, cause and loan in one word, because NULLs never equal each other in a unique index."""

    __tablename__ = "stage_entry"
    __table_args__ = (index("ix_stage_entry_loan", "loan_id"), STRICT)
    entry_key: str = text("entry_key", key=True)
    loan_id: str = text("loan_id", refers="loan.loan_id")
    stage: str | None = text("stage", null=True)
    anchor: str | None = day("anchor", null=True)
    entered_on: str = day("entered_on")
    reason: str = text("reason")
    policy_version: int = number("policy_version")
    at: int = instant("at")


class Commitment(SQLModel, table=True):
    __tablename__ = "commitment"
    __table_args__ = (index("ix_commitment_borrower", "borrower_id", "made_at"), STRICT)
    commitment_id: str = text("commitment_id", key=True)
    reference: str = text("reference", unique=True)
    kind: str = code("kind", CommitmentKind)
    loan_id: str = text("loan_id", refers="loan.loan_id")
    borrower_id: str = text("borrower_id", refers="borrower.borrower_id")
    currency: str = currency()
    cost_minor: int = minor_units("cost_minor", least=0)
    paid_before_minor: int = minor_units("paid_before_minor")
    made_at: int = instant("made_at")
    channel: str = text("channel")
    policy_version: int = number("policy_version")
    script_version: int = number("script_version")
    supersedes: str | None = text("supersedes", null=True, refers="commitment.commitment_id")
    message_id: str | None = text("message_id", null=True)


class CommitmentPayment(SQLModel, table=True):
    __tablename__ = "commitment_payment"
    __table_args__ = (STRICT,)
    commitment_id: str = text("commitment_id", key=True, refers="commitment.commitment_id")
    position: int = number("position", key=True)
    due_on: str = day("due_on")
    amount_minor: int = minor_units("amount_minor", least=1)


class CommitmentStatusEntry(SQLModel, table=True):
    """The history of a commitment; the last entry is its present status."""

    __tablename__ = "commitment_status"
    __table_args__ = (STRICT,)
    commitment_id: str = text("commitment_id", key=True, refers="commitment.commitment_id")
    seq: int = number("seq", key=True, least=1)
    status: str = code("status", CommitmentStatus)
    reason: str = text("reason")
    at: int = instant("at")


class CommitmentState(SQLModel, table=True):
    """The present status, beside the history, so that it can be found by index and two open promises on a loan cannot be."""

    __tablename__ = "commitment_state"
    __table_args__ = (
        index("uq_commitment_state_open", "loan_id", "kind", where="status = 'open'", unique=True),
        index("ix_commitment_state_status", "status", "commitment_id"),
        STRICT,
    )
    commitment_id: str = text("commitment_id", key=True, refers="commitment.commitment_id")
    loan_id: str = text("loan_id", refers="loan.loan_id")
    kind: str = code("kind", CommitmentKind)
    status: str = code("status", CommitmentStatus)
    seq: int = number("seq", least=1)


class Hold(SQLModel, table=True):
    __tablename__ = "hold"
    __table_args__ = (
        index("ix_hold_borrower", "borrower_id", "kind"),
        check("period", "ends_at IS NULL OR ends_at >= starts_at"),
        STRICT,
    )
    hold_id: str = text("hold_id", key=True)
    kind: str = code("kind", HoldKind)
    borrower_id: str = text("borrower_id", refers="borrower.borrower_id")
    loan_id: str | None = text("loan_id", null=True, refers="loan.loan_id")
    starts_at: int = instant("starts_at")
    ends_at: int | None = instant("ends_at", null=True)
    set_by: str = text("set_by")
    reason: str = text("reason")
    opens: int | None = number("opens", null=True, least=None)
    closes: int | None = number("closes", null=True, least=None)


class HoldEnd(SQLModel, table=True):
    """A hold that somebody ended before its time."""

    __tablename__ = "hold_end"
    __table_args__ = (STRICT,)
    hold_id: str = text("hold_id", key=True, refers="hold.hold_id")
    at: int = instant("at")
    ended_by: str = text("ended_by")
    reason: str = text("reason")


class CaseFile(SQLModel, table=True):
    """Something a person must do. (`case` is a word of SQL.)"""

    __tablename__ = "case_file"
    __table_args__ = (
        index("uq_case_file_open", "dedup_key", where="closed_at IS NULL", unique=True),
        STRICT,
    )
    case_id: str = text("case_id", key=True)
    at: int = instant("at")
    reason: str = text("reason")
    brief: bytes | None = sealed("brief")
    urgent: int = flag("urgent")
    takes_chat: int = flag("takes_chat")
    borrower_id: str | None = text("borrower_id", null=True, refers="borrower.borrower_id")
    loan_id: str | None = text("loan_id", null=True, refers="loan.loan_id")
    channel: str | None = text("channel", null=True)
    chat_key: str | None = text("chat_key", null=True)
    dedup_key: str = text("dedup_key")
    closed_at: int | None = instant("closed_at", null=True)


class Link(SQLModel, table=True):
    """An invitation, known by its token's SHA-256 alone."""

    __tablename__ = "link"
    __table_args__ = (
        index("ix_link_borrower", "borrower_id"),
        check("used", "(used_at IS NULL) = (used_key IS NULL)"),
        STRICT,
    )
    link_id: str = text("link_id", key=True)
    token_hash: str = text("token_hash", unique=True)
    borrower_id: str = text("borrower_id", refers="borrower.borrower_id")
    created_at: int = instant("created_at")
    expires_at: int = instant("expires_at")
    used_at: int | None = instant("used_at", null=True)
    used_channel: str | None = text("used_channel", null=True)
    used_key: str | None = text("used_key", null=True)


class Decision(SQLModel, table=True):
    __tablename__ = "decision"
    __table_args__ = (index("ix_decision_subject", "subject", "decision_id"), STRICT)
    decision_id: int | None = row_id("decision_id")
    at: int = instant("at")
    subject: str = text("subject")
    rule: str = text("rule")
    facts: str = text("facts")
    outcome: str = text("outcome")
    policy_version: int | None = number("policy_version", null=True)


class Audit(SQLModel, table=True):
    """A chain: each entry's hash covers the one before it."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("previous"), STRICT)
    seq: int = number("seq", key=True, least=1)
    at: int = instant("at")
    actor: str = text("actor")
    act: str = text("act")
    subject: str = text("subject")
    detail: str = text("detail")
    previous: str = text("previous")
    hash: str = text("hash")


class ScriptVersion(SQLModel, table=True):
    """All scripts, policies, catalogs and phrases of one published version; `files` is JSON of path and text."""

    __tablename__ = "script_version"
    __table_args__ = (STRICT,)
    number: int = number("number", key=True, least=1)
    files: str = text("files")
    digest: str = text("digest")
    at: int = instant("at")
    by: str = text("by")
    note: str = text("note")
    moves: str | None = text("moves", null=True)


class AnswerApproval(SQLModel, table=True):
    """Which facts and answers of places may be said; the last row of a digest counts."""

    __tablename__ = "answer_approval"
    __table_args__ = (STRICT,)
    approval_id: int | None = row_id("approval_id")
    place: str = text("place")
    name: str = text("name")
    digest: str = text("digest")
    approved: int = flag("approved")
    at: int = instant("at")
    by: str = text("by")


class Setting(SQLModel, table=True):
    """A value of the installation itself."""

    __tablename__ = "setting"
    __table_args__ = (STRICT,)
    name: str = text("name", key=True)
    value: str = text("value")
