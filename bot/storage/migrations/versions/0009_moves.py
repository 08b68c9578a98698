"""Where a published version takes conversations that wait in older ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("script_version", sa.Column("moves", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("script_version", "moves")
