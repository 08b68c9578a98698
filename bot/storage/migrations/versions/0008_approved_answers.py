"""Which facts and answers of places may be said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER, make_append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_approval",
        sa.Column("approval_id", INTEGER, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column(
            "approved",
            INTEGER,
            sa.CheckConstraint("approved IN (0, 1)", name=op.f("ck_answer_approval_approved")),
            nullable=False,
        ),
        sa.Column("at", INTEGER, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_answer_approval")),
        sqlite_strict=True,
    )
    make_append_only("answer_approval")


def downgrade() -> None:
    op.drop_table("answer_approval")
