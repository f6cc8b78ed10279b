"""deadlines that the sweeper watches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
WATCHED = ("conversations", "tickets")


def upgrade() -> None:
    for table in WATCHED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("due_watch_at", sa.DateTime(timezone=True), nullable=True)
            )
            batch_op.create_index(f"ix_{table}_due_watch_at", ["due_watch_at"], unique=False)


def downgrade() -> None:
    for table in WATCHED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"ix_{table}_due_watch_at")
            batch_op.drop_column("due_watch_at")
