"""knowledge jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sitemaps",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        *_work_columns(),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_sitemaps_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitemaps")),
    )
    with op.batch_alter_table("sitemaps", schema=None) as batch_op:
        batch_op.create_index("ix_sitemaps_organization_id_id", ["organization_id", "id"])
        batch_op.create_index("ix_sitemaps_status_due_at", ["status", "due_at"])

    op.create_table(
        "askings",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("better", sa.JSON(), nullable=False),
        sa.Column("worse", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        *_work_columns(),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_askings_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_askings")),
    )
    with op.batch_alter_table("askings", schema=None) as batch_op:
        batch_op.create_index("ix_askings_organization_id_id", ["organization_id", "id"])
        batch_op.create_index("ix_askings_status_due_at", ["status", "due_at"])

    _add("embedding_moves", sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add("embedding_moves", sa.Column("error", sa.String(400), nullable=False, server_default=""))
    _add("documents", sa.Column("from_passages", sa.Boolean(), nullable=False, server_default=sa.false()))


def _add(table: str, column: sa.Column) -> None:
    """With a value for the rows that are there, and none afterwards: the models say it."""
    op.add_column(table, column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, server_default=None)


def _work_columns() -> list[sa.Column]:
    return [
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("from_passages")
    with op.batch_alter_table("embedding_moves", schema=None) as batch_op:
        batch_op.drop_column("error")
        batch_op.drop_column("stopped")
    op.drop_table("askings")
    op.drop_table("sitemaps")
