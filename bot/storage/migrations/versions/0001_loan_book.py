"""Borrowers with their keys, loans, instalments, payments and stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import (
    INTEGER,
    make_append_only,
    prepare_append_only,
    remove_append_only,
    where,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("payment", "stage_entry")


def upgrade() -> None:
    prepare_append_only()
    op.create_table(
        "borrower_key",
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=True),
        sa.Column("created_at", INTEGER, nullable=False),
        sa.Column("destroyed_at", INTEGER, nullable=True),
        sa.PrimaryKeyConstraint("borrower_id", name=op.f("pk_borrower_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "borrower",
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column("timezone", sa.Text, nullable=True),
        sa.Column("region", sa.Text, nullable=True),
        sa.Column("name", sa.LargeBinary, nullable=True),
        sa.Column("phone", sa.LargeBinary, nullable=True),
        sa.Column("birth_date", sa.LargeBinary, nullable=True),
        sa.Column("id_last4", sa.LargeBinary, nullable=True),
        sa.Column("email", sa.LargeBinary, nullable=True),
        sa.Column("phone_index", sa.Text, nullable=True),
        sa.Column("changed_at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("borrower_id", name=op.f("pk_borrower")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower_key.borrower_id"], name=op.f("fk_borrower_borrower_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_borrower_phone", "borrower", ["phone_index"], **where("phone_index IS NOT NULL"))
    op.create_table(
        "loan",
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column(
            "currency",
            sa.Text,
            sa.CheckConstraint("length(currency) = 3", name=op.f("ck_loan_currency")),
            nullable=False,
        ),
        sa.Column("risk", sa.Text, nullable=True),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column(
            "status",
            sa.Text,
            sa.CheckConstraint("status IN ('open', 'settled', 'closed')", name=op.f("ck_loan_status")),
            nullable=False,
        ),
        sa.Column(
            "oldest_unpaid_due_on",
            sa.Text,
            sa.CheckConstraint("oldest_unpaid_due_on LIKE '____-__-__'", name=op.f("ck_loan_oldest_unpaid_due_on")),
            nullable=True,
        ),
        sa.Column(
            "outstanding_minor",
            INTEGER,
            sa.CheckConstraint(
                "outstanding_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_loan_outstanding_minor")
            ),
            nullable=False,
        ),
        sa.Column(
            "ledger_version",
            INTEGER,
            sa.CheckConstraint("ledger_version >= 0", name=op.f("ck_loan_ledger_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("settled_at", INTEGER, nullable=True),
        sa.Column("changed_at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_loan")),
        sa.CheckConstraint("status <> 'settled' OR settled_at IS NOT NULL", name=op.f("ck_loan_settled")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_loan_borrower_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_loan_anchor", "loan", ["programme", "oldest_unpaid_due_on", "loan_id"], **where("status = 'open'")
    )
    op.create_index("ix_loan_borrower", "loan", ["borrower_id", "status"])
    op.create_table(
        "instalment",
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column(
            "number",
            INTEGER,
            sa.CheckConstraint("number >= 0", name=op.f("ck_instalment_number")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "due_on",
            sa.Text,
            sa.CheckConstraint("due_on LIKE '____-__-__'", name=op.f("ck_instalment_due_on")),
            nullable=False,
        ),
        sa.Column(
            "principal_minor",
            INTEGER,
            sa.CheckConstraint(
                "principal_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_instalment_principal_minor")
            ),
            nullable=False,
        ),
        sa.Column(
            "interest_minor",
            INTEGER,
            sa.CheckConstraint(
                "interest_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_instalment_interest_minor")
            ),
            nullable=False,
        ),
        sa.Column(
            "fees_minor",
            INTEGER,
            sa.CheckConstraint("fees_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_instalment_fees_minor")),
            nullable=False,
        ),
        sa.Column(
            "late_fees_minor",
            INTEGER,
            sa.CheckConstraint(
                "late_fees_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_instalment_late_fees_minor")
            ),
            nullable=False,
        ),
        sa.Column(
            "paid_minor",
            INTEGER,
            sa.CheckConstraint("paid_minor BETWEEN 0 AND 1000000000000000", name=op.f("ck_instalment_paid_minor")),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("loan_id", "number", name=op.f("pk_instalment")),
        sa.CheckConstraint(
            "paid_minor <= principal_minor + interest_minor + fees_minor + late_fees_minor",
            name=op.f("ck_instalment_paid"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_instalment_loan_id")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payment",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column(
            "amount_minor",
            INTEGER,
            sa.CheckConstraint(
                "amount_minor BETWEEN -1000000000000000 AND 1000000000000000", name=op.f("ck_payment_amount_minor")
            ),
            nullable=False,
        ),
        sa.Column(
            "currency",
            sa.Text,
            sa.CheckConstraint("length(currency) = 3", name=op.f("ck_payment_currency")),
            nullable=False,
        ),
        sa.Column(
            "paid_on",
            sa.Text,
            sa.CheckConstraint("paid_on LIKE '____-__-__'", name=op.f("ck_payment_paid_on")),
            nullable=False,
        ),
        sa.Column(
            "instalment",
            INTEGER,
            sa.CheckConstraint("instalment >= 0", name=op.f("ck_payment_instalment")),
            nullable=True,
            autoincrement=False,
        ),
        sa.Column("reverses", sa.Text, nullable=True),
        sa.Column("posted_at", INTEGER, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_payment")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_payment_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_loan", "payment", ["loan_id"])
    op.create_table(
        "stage_entry",
        sa.Column("entry_key", sa.Text, nullable=False),
        sa.Column("loan_id", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=True),
        sa.Column(
            "anchor",
            sa.Text,
            sa.CheckConstraint("anchor LIKE '____-__-__'", name=op.f("ck_stage_entry_anchor")),
            nullable=True,
        ),
        sa.Column(
            "entered_on",
            sa.Text,
            sa.CheckConstraint("entered_on LIKE '____-__-__'", name=op.f("ck_stage_entry_entered_on")),
            nullable=False,
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column(
            "policy_version",
            INTEGER,
            sa.CheckConstraint("policy_version >= 0", name=op.f("ck_stage_entry_policy_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("entry_key", name=op.f("pk_stage_entry")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_stage_entry_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_stage_entry_loan", "stage_entry", ["loan_id"])
    for table in APPEND_ONLY:
        make_append_only(table)


def downgrade() -> None:
    op.drop_table("stage_entry")
    op.drop_table("payment")
    op.drop_table("instalment")
    op.drop_table("loan")
    op.drop_table("borrower")
    op.drop_table("borrower_key")
    remove_append_only()
