"""Cases, invitations, decisions, the audit log, published versions and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER, make_append_only, where

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("decision", "audit", "script_version")


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("brief", sa.LargeBinary, nullable=True),
        sa.Column(
            "urgent", INTEGER, sa.CheckConstraint("urgent IN (0, 1)", name=op.f("ck_case_file_urgent")), nullable=False
        ),
        sa.Column(
            "takes_chat",
            INTEGER,
            sa.CheckConstraint("takes_chat IN (0, 1)", name=op.f("ck_case_file_takes_chat")),
            nullable=False,
        ),
        sa.Column("borrower_id", sa.Text, nullable=True),
        sa.Column("loan_id", sa.Text, nullable=True),
        sa.Column("channel", sa.Text, nullable=True),
        sa.Column("chat_key", sa.Text, nullable=True),
        sa.Column("dedup_key", sa.Text, nullable=False),
        sa.Column("closed_at", INTEGER, nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_file")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_case_file_borrower_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_case_file_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("uq_case_file_open", "case_file", ["dedup_key"], unique=True, **where("closed_at IS NULL"))
    op.create_table(
        "link",
        sa.Column("link_id", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("borrower_id", sa.Text, nullable=False),
        sa.Column("created_at", INTEGER, nullable=False),
        sa.Column("expires_at", INTEGER, nullable=False),
        sa.Column("used_at", INTEGER, nullable=True),
        sa.Column("used_channel", sa.Text, nullable=True),
        sa.Column("used_key", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_link")),
        sa.CheckConstraint("(used_at IS NULL) = (used_key IS NULL)", name=op.f("ck_link_used")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_link_borrower_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_link_borrower", "link", ["borrower_id"])
    op.create_table(
        "decision",
        sa.Column("decision_id", INTEGER, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column(
            "policy_version",
            INTEGER,
            sa.CheckConstraint("policy_version >= 0", name=op.f("ck_decision_policy_version")),
            nullable=True,
            autoincrement=False,
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        sqlite_strict=True,
    )
    op.create_index("ix_decision_subject", "decision", ["subject", "decision_id"])
    op.create_table(
        "audit",
        sa.Column(
            "seq",
            INTEGER,
            sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_seq")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
        sqlite_strict=True,
    )
    op.create_table(
        "script_version",
        sa.Column(
            "number",
            INTEGER,
            sa.CheckConstraint("number >= 1", name=op.f("ck_script_version_number")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_script_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        sqlite_strict=True,
    )
    for table in APPEND_ONLY:
        make_append_only(table)


def downgrade() -> None:
    op.drop_table("setting")
    op.drop_table("script_version")
    op.drop_table("audit")
    op.drop_table("decision")
    op.drop_table("link")
    op.drop_table("case_file")
