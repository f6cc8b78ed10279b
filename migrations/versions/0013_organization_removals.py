"""organization removals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organization_removals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("recipient_name", sa.String(length=120), nullable=False),
        sa.Column("organization_name", sa.String(length=120), nullable=False),
        sa.Column("rows_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_removals")),
        sa.UniqueConstraint(
            "organization_id", name=op.f("uq_organization_removals_organization_id")
        ),
    )
    op.create_index("ix_organization_removals_due_at", "organization_removals", ["due_at"])


def downgrade() -> None:
    op.drop_table("organization_removals")
