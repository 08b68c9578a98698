"""Conversations, what came in, what goes out, and what wakes later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER, REAL, where

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("conversation_id", INTEGER, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column(
            "private",
            INTEGER,
            sa.CheckConstraint("private IN (0, 1)", name=op.f("ck_conversation_private")),
            nullable=False,
        ),
        sa.Column("borrower_id", sa.Text, nullable=True),
        sa.Column("verified_at", INTEGER, nullable=True),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column(
            "holder",
            sa.Text,
            sa.CheckConstraint("holder IN ('bot', 'queue', 'operator')", name=op.f("ck_conversation_holder")),
            nullable=False,
        ),
        sa.Column(
            "epoch",
            INTEGER,
            sa.CheckConstraint("epoch >= 0", name=op.f("ck_conversation_epoch")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "version",
            INTEGER,
            sa.CheckConstraint("version >= 1", name=op.f("ck_conversation_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "script_version",
            INTEGER,
            sa.CheckConstraint("script_version >= 0", name=op.f("ck_conversation_script_version")),
            nullable=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.Text, nullable=True),
        sa.Column(
            "reachable",
            INTEGER,
            sa.CheckConstraint("reachable IN (0, 1)", name=op.f("ck_conversation_reachable")),
            nullable=False,
        ),
        sa.Column("unreachable_reason", sa.Text, nullable=True),
        sa.Column(
            "proof_attempts",
            INTEGER,
            sa.CheckConstraint("proof_attempts >= 0", name=op.f("ck_conversation_proof_attempts")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("last_inbound_at", INTEGER, nullable=True),
        sa.Column("created_at", INTEGER, nullable=False),
        sa.Column("changed_at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("channel", "chat_key", name=op.f("uq_conversation_channel_chat_key")),
        sa.CheckConstraint("verified_at IS NULL OR borrower_id IS NOT NULL", name=op.f("ck_conversation_verified")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_conversation_borrower_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_conversation_borrower", "conversation", ["borrower_id", "verified_at"])
    op.create_table(
        "inbox",
        sa.Column("inbox_id", INTEGER, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("update_key", INTEGER, nullable=False, autoincrement=False),
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=True),
        sa.Column("received_at", INTEGER, nullable=False),
        sa.Column(
            "failures",
            INTEGER,
            sa.CheckConstraint("failures >= 0", name=op.f("ck_inbox_failures")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("handled_at", INTEGER, nullable=True),
        sa.Column("turn_id", sa.Text, nullable=True),
        sa.Column(
            "outcome",
            sa.Text,
            sa.CheckConstraint("outcome IN ('done', 'ignored', 'poison')", name=op.f("ck_inbox_outcome")),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "update_key", name=op.f("uq_inbox_channel_update_key")),
        sa.CheckConstraint("(handled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_inbox_handled")),
        sqlite_strict=True,
    )
    op.create_index("ix_inbox_waiting", "inbox", ["channel", "chat_key", "update_key"], **where("handled_at IS NULL"))
    op.create_table(
        "turn",
        sa.Column("turn_no", INTEGER, nullable=False),
        sa.Column("turn_id", sa.Text, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat_key", sa.Text, nullable=False),
        sa.Column("borrower_id", sa.Text, nullable=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("intent", sa.Text, nullable=True),
        sa.Column("confidence", REAL, nullable=True),
        sa.Column("flow", sa.Text, nullable=True),
        sa.Column("step", sa.Text, nullable=True),
        sa.Column("effects", sa.Text, nullable=False),
        sa.Column(
            "script_version",
            INTEGER,
            sa.CheckConstraint("script_version >= 0", name=op.f("ck_turn_script_version")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("turn_no", name=op.f("pk_turn")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_turn_turn_id")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_turn_borrower_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_turn_borrower", "turn", ["borrower_id", "turn_no"])
    op.create_table(
        "outbox",
        sa.Column("outbox_id", INTEGER, nullable=False),
        sa.Column("delivery_id", sa.Text, nullable=False),
        sa.Column("dedup_key", sa.Text, nullable=True),
        sa.Column("channel", sa.Text, nullable=True),
        sa.Column("chat_key", sa.Text, nullable=True),
        sa.Column(
            "private", INTEGER, sa.CheckConstraint("private IN (0, 1)", name=op.f("ck_outbox_private")), nullable=False
        ),
        sa.Column(
            "shard",
            INTEGER,
            sa.CheckConstraint("shard >= 0", name=op.f("ck_outbox_shard")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("act", sa.LargeBinary, nullable=True),
        sa.Column(
            "kind",
            sa.Text,
            sa.CheckConstraint(
                "kind IN ('reply', 'reminder', 'notice', 'operator', 'act')", name=op.f("ck_outbox_kind")
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            INTEGER,
            sa.CheckConstraint("priority >= 0", name=op.f("ck_outbox_priority")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "state",
            sa.Text,
            sa.CheckConstraint(
                "state IN ('queued', 'sending', 'sent', 'deferred', 'withheld', 'refused', 'unknown', 'dead')",
                name=op.f("ck_outbox_state"),
            ),
            nullable=False,
        ),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("run_at", INTEGER, nullable=False),
        sa.Column(
            "attempts",
            INTEGER,
            sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "recoveries",
            INTEGER,
            sa.CheckConstraint("recoveries >= 0", name=op.f("ck_outbox_recoveries")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("holder", sa.Text, nullable=True),
        sa.Column(
            "fence",
            INTEGER,
            sa.CheckConstraint("fence >= 0", name=op.f("ck_outbox_fence")),
            nullable=True,
            autoincrement=False,
        ),
        sa.Column("claimed_at", INTEGER, nullable=True),
        sa.Column("settled_at", INTEGER, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("message_key", sa.Text, nullable=True),
        sa.Column("borrower_id", sa.Text, nullable=True),
        sa.Column("loan_id", sa.Text, nullable=True),
        sa.Column("rule", sa.Text, nullable=True),
        sa.Column("stage", sa.Text, nullable=True),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column(
            "policy_version",
            INTEGER,
            sa.CheckConstraint("policy_version >= 0", name=op.f("ck_outbox_policy_version")),
            nullable=True,
            autoincrement=False,
        ),
        sa.Column(
            "script_version",
            INTEGER,
            sa.CheckConstraint("script_version >= 0", name=op.f("ck_outbox_script_version")),
            nullable=True,
            autoincrement=False,
        ),
        sa.Column(
            "epoch",
            INTEGER,
            sa.CheckConstraint("epoch >= 0", name=op.f("ck_outbox_epoch")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("not_after", INTEGER, nullable=True),
        sa.Column("turn_id", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_outbox")),
        sa.CheckConstraint(
            "state = 'withheld' OR (channel IS NOT NULL AND chat_key IS NOT NULL AND act IS NOT NULL)",
            name=op.f("ck_outbox_sendable"),
        ),
        sa.CheckConstraint(
            "state <> 'sending' OR (holder IS NOT NULL AND fence IS NOT NULL AND claimed_at IS NOT NULL)",
            name=op.f("ck_outbox_claimed"),
        ),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_outbox_delivery_id")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_outbox_borrower_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_outbox_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_borrower", "outbox", ["borrower_id", "outbox_id"])
    op.create_index(
        "ix_outbox_chat",
        "outbox",
        ["channel", "chat_key", "priority", "outbox_id"],
        **where("state IN ('queued', 'deferred', 'sending')"),
    )
    op.create_index(
        "ix_outbox_contact",
        "outbox",
        ["borrower_id", "settled_at"],
        **where("state IN ('sent', 'unknown') AND kind IN ('reminder', 'notice', 'operator')"),
    )
    op.create_index("ix_outbox_loan", "outbox", ["loan_id", "outbox_id"], **where("loan_id IS NOT NULL"))
    op.create_index("ix_outbox_sending", "outbox", ["shard"], **where("state = 'sending'"))
    op.create_index("ix_outbox_trouble", "outbox", ["state"], **where("state IN ('refused', 'unknown', 'dead')"))
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["shard", "priority", "run_at", "outbox_id"],
        **where("state IN ('queued', 'deferred')"),
    )
    op.create_table(
        "timer",
        sa.Column("timer_id", INTEGER, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", INTEGER, nullable=False),
        sa.Column("borrower_id", sa.Text, nullable=True),
        sa.Column("loan_id", sa.Text, nullable=True),
        sa.Column("programme", sa.Text, nullable=True),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("moved_because", sa.Text, nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("finished_at", INTEGER, nullable=True),
        sa.PrimaryKeyConstraint("timer_id", name=op.f("pk_timer")),
        sa.CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name=op.f("ck_timer_finished")),
        sa.UniqueConstraint("key", name=op.f("uq_timer_key")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.borrower_id"], name=op.f("fk_timer_borrower_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.loan_id"], name=op.f("fk_timer_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_timer_borrower", "timer", ["borrower_id"], **where("outcome IS NULL"))
    op.create_index("ix_timer_due", "timer", ["due_at", "timer_id"], **where("outcome IS NULL"))
    op.create_table(
        "shard_lease",
        sa.Column(
            "shard",
            INTEGER,
            sa.CheckConstraint("shard >= 0", name=op.f("ck_shard_lease_shard")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column(
            "fence",
            INTEGER,
            sa.CheckConstraint("fence >= 0", name=op.f("ck_shard_lease_fence")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("renewed_at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_shard_lease")),
        sqlite_strict=True,
    )
    op.create_table(
        "token_bucket",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tokens", REAL, nullable=False),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("paused_until", INTEGER, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_token_bucket")),
        sqlite_strict=True,
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("expires_at", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("lease")
    op.drop_table("token_bucket")
    op.drop_table("shard_lease")
    op.drop_table("timer")
    op.drop_table("outbox")
    op.drop_table("turn")
    op.drop_table("inbox")
    op.drop_table("conversation")
