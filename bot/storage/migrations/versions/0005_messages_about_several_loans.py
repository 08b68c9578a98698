"""The loans of a message about several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("parts", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "parts")
