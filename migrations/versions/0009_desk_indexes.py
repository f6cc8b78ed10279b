"""files of notes, and indexes for the piles of the inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_conversations_escalated": "escalated_at IS NOT NULL",
    "ix_conversations_snoozed": "snoozed_until IS NOT NULL",
}


def upgrade() -> None:
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("for_team", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index("ix_attachments_user_id", ["user_id"], unique=False)
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.alter_column("for_team", server_default=None)
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_organization_id_person_id")
        batch_op.create_index(
            "ix_conversations_organization_id_person_id_assigned_at",
            ["organization_id", "person_id", "assigned_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_conversations_organization_id_status_person_id",
            ["organization_id", "status", "person_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_conversations_organization_id_status_last_event_at",
            ["organization_id", "status", "last_event_at"],
            unique=False,
        )
    for name, condition in PARTIAL.items():
        op.create_index(
            name,
            "conversations",
            ["organization_id"],
            unique=False,
            postgresql_where=sa.text(condition),
            sqlite_where=sa.text(condition),
        )


def downgrade() -> None:
    for name in PARTIAL:
        op.drop_index(name, table_name="conversations")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_organization_id_status_last_event_at")
        batch_op.drop_index("ix_conversations_organization_id_status_person_id")
        batch_op.drop_index("ix_conversations_organization_id_person_id_assigned_at")
        batch_op.create_index(
            "ix_conversations_organization_id_person_id",
            ["organization_id", "person_id"],
            unique=False,
        )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index("ix_attachments_user_id")
        batch_op.drop_column("for_team")
