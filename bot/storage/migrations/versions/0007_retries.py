"""When an update whose turn failed is tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("retry_at", INTEGER, nullable=True))


def downgrade() -> None:
    op.drop_column("inbox", "retry_at")
