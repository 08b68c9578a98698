"""The hours at which a borrower wants to be written to, as a hold names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.vocabulary import INTEGER

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hold", sa.Column("opens", INTEGER, nullable=True))
    op.add_column("hold", sa.Column("closes", INTEGER, nullable=True))


def downgrade() -> None:
    op.drop_column("hold", "closes")
    op.drop_column("hold", "opens")
