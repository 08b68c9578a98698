"""Commitments with their history, and holds with their ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER, make_append_only, where

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("commitment", "commitment_payment", "commitment_status", "hold", "hold_end")


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("commitment_id", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column(
            "kind",
            sa.Text,
            sa.CheckConstraint(
                "kind IN ('promise', 'extension', 'instalment_plan', 'waiver')", name=op.f("ck_commitment_kind")
            ),
            nullable=False,
        ),
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column(
            "currency",
            sa.Text,
            sa.CheckConstraint("length(currency) = 3", name=op.f("ck_commitment_currency")),
            nullable=False,
        ),
        sa.Column(
            "cost_minor",
            INTEGER,
            sa.CheckConstraint("cost_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_commitment_cost_minor")),
            nullable=False,
        ),
        sa.Column(
            "paid_before_minor",
            INTEGER,
            sa.CheckConstraint(
                "paid_before_minor BETWEEN -1000000000000000 AND 1000000000000000",
                name=op.f("ck_commitment_paid_before_minor"),
            ),
            nullable=False,
        ),
        sa.Column("made_at", INTEGER, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column(
            "policy_version",
            INTEGER,
            sa.CheckConstraint("policy_version >= 0", name=op.f("ck_commitment_policy_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "script_version",
            INTEGER,
            sa.CheckConstraint("script_version >= 0", name=op.f("ck_commitment_script_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("supersedes", sa.Text, nullable=True),
        sa.Column("message_id", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("reference", name=op.f("uq_commitment_reference")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_commitment_loan_id")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_commitment_borrower_id")),
        sa.ForeignKeyConstraint(["supersedes"], ["commitment.commitment_id"], name=op.f("fk_commitment_supersedes")),
        sqlite_strict=True,
    )
    op.create_index("ix_commitment_borrower", "commitment", ["borrower_id", "made_at"])
    op.create_table(
        "commitment_payment",
        sa.Column("commitment_id", sa.Text, nullable=False),
        sa.Column(
            "position",
            INTEGER,
            sa.CheckConstraint("position >= 0", name=op.f("ck_commitment_payment_position")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "due_on",
            sa.Text,
            sa.CheckConstraint("due_on LIKE '____-__-__'", name=op.f("ck_commitment_payment_due_on")),
            nullable=False,
        ),
        sa.Column(
            "amount_minor",
            INTEGER,
            sa.CheckConstraint(
                "amount_minor BETWEEN 1 AND 1000000000000000", name=op.f("ck_commitment_payment_amount_minor")
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("commitment_id", "position", name=op.f("pk_commitment_payment")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.commitment_id"], name=op.f("fk_commitment_payment_commitment_id")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "commitment_status",
        sa.Column("commitment_id", sa.Text, nullable=False),
        sa.Column(
            "seq",
            INTEGER,
            sa.CheckConstraint("seq >= 1", name=op.f("ck_commitment_status_seq")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "status",
            sa.Text,
            sa.CheckConstraint(
                "status IN ('proposed', 'open', 'kept', 'partly_kept', 'broken', 'withdrawn', 'superseded', 'awaiting_approval', 'declined')",
                name=op.f("ck_commitment_status_status"),
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("commitment_id", "seq", name=op.f("pk_commitment_status")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.commitment_id"], name=op.f("fk_commitment_status_commitment_id")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "commitment_state",
        sa.Column("commitment_id", sa.Text, nullable=False),
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column(
            "kind",
            sa.Text,
            sa.CheckConstraint(
                "kind IN ('promise', 'extension', 'instalment_plan', 'waiver')", name=op.f("ck_commitment_state_kind")
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Text,
            sa.CheckConstraint(
                "status IN ('proposed', 'open', 'kept', 'partly_kept', 'broken', 'withdrawn', 'superseded', 'awaiting_approval', 'declined')",
                name=op.f("ck_commitment_state_status"),
            ),
            nullable=False,
        ),
        sa.Column(
            "seq",
            INTEGER,
            sa.CheckConstraint("seq >= 1", name=op.f("ck_commitment_state_seq")),
            nullable=False,
            autoincrement=False,
        ),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_state")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.commitment_id"], name=op.f("fk_commitment_state_commitment_id")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_commitment_state_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_commitment_state_status", "commitment_state", ["status", "commitment_id"])
    op.create_index(
        "uq_commitment_state_open", "commitment_state", ["loan_id", "kind"], unique=True, **where("status = 'open'")
    )
    op.create_table(
        "hold",
        sa.Column("hold_id", sa.Text, nullable=False),
        sa.Column(
            "kind",
            sa.Text,
            sa.CheckConstraint(
                "kind IN ('dispute', 'hardship', 'vulnerable', 'deceased', 'minor', 'attorney', 'moratorium', 'complaint', 'wrong_person', 'stop', 'inconvenient_times', 'paid_claim', 'promise_open', 'plan_active', 'human_holds', 'paused')",
                name=op.f("ck_hold_kind"),
            ),
            nullable=False,
        ),
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column("loan_id", sa.Text, nullable=True),
        sa.Column("starts_at", INTEGER, nullable=False),
        sa.Column("ends_at", INTEGER, nullable=True),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_hold")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_hold_period")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_hold_borrower_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_hold_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_hold_borrower", "hold", ["borrower_id", "kind"])
    op.create_table(
        "hold_end",
        sa.Column("hold_id", sa.Text, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_hold_end")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.hold_id"], name=op.f("fk_hold_end_hold_id")),
        sqlite_strict=True,
    )
    for table in APPEND_ONLY:
        make_append_only(table)


def downgrade() -> None:
    op.drop_table("hold_end")
    op.drop_table("hold")
    op.drop_table("commitment_state")
    op.drop_table("commitment_status")
    op.drop_table("commitment_payment")
    op.drop_table("commitment")
