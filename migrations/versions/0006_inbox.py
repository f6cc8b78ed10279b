"""inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The rows that are there already get a value; new ones get theirs from the models.
FILLED = {
    "conversations": ("tags", "mailed_seq"),
    "tickets": ("due_is_set",),
    "users": ("capacity", "notifications"),
}


def upgrade() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_canned_replies_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint(
            "organization_id", "shortcut", name=op.f("uq_canned_replies_organization_id_shortcut")
        ),
    )
    op.create_table(
        "macros",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_macros_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_macros")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_macros_organization_id_name")),
    )
    op.create_table(
        "saved_views",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_saved_views_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(
            "ix_saved_views_organization_id_id", ["organization_id", "id"], unique=False
        )

    op.create_table(
        "drafts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_note", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_drafts_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_drafts_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index("ix_drafts_conversation_id", ["conversation_id"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_mentions_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_mentions_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mentions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_mentions_event_id_user_id")),
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index("ix_mentions_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_mentions_user_id_id", ["user_id", "id"], unique=False)

    op.create_table(
        "taggings",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_taggings_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_taggings_organization_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "name", name=op.f("pk_taggings")),
    )
    with op.batch_alter_table("taggings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_taggings_organization_id_name", ["organization_id", "name"], unique=False
        )

    op.create_table(
        "viewings",
        sa.Column("screen_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_viewings_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_viewings_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_viewings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_viewings")),
    )
    with op.batch_alter_table("viewings", schema=None) as batch_op:
        batch_op.create_index("ix_viewings_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index(
            "ix_viewings_organization_id_seen_at", ["organization_id", "seen_at"], unique=False
        )
        batch_op.create_index("ix_viewings_user_id", ["user_id"], unique=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_kind", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("due_warned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("mood_overruled_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("mood_overruled_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("mailed_seq", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index("ix_conversations_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_conversations_mail_due_at", ["mail_due_at"], unique=False)
        batch_op.create_index("ix_conversations_merged_into_id", ["merged_into_id"], unique=False)
        batch_op.create_index(
            "ix_conversations_organization_id_due_at", ["organization_id", "due_at"], unique=False
        )
        batch_op.create_index(
            "ix_conversations_organization_id_person_id",
            ["organization_id", "person_id"],
            unique=False,
        )
        batch_op.create_index("ix_conversations_snoozed_until", ["snoozed_until"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_conversations_mood_overruled_by_id"),
            "users",
            ["mood_overruled_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_conversations_merged_into_id"),
            "conversations",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("due_is_set", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("due_warned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_tickets_due_at", ["due_at"], unique=False)

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=False, server_default="8"))
        batch_op.add_column(
            sa.Column("notifications", sa.JSON(), nullable=False, server_default="{}")
        )

    for table, columns in FILLED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("notifications")
        batch_op.drop_column("capacity")

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_due_at")
        batch_op.drop_column("breached_at")
        batch_op.drop_column("due_warned_at")
        batch_op.drop_column("due_is_set")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_conversations_merged_into_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_conversations_mood_overruled_by_id"), type_="foreignkey"
        )
        batch_op.drop_index("ix_conversations_snoozed_until")
        batch_op.drop_index("ix_conversations_organization_id_person_id")
        batch_op.drop_index("ix_conversations_organization_id_due_at")
        batch_op.drop_index("ix_conversations_merged_into_id")
        batch_op.drop_index("ix_conversations_mail_due_at")
        batch_op.drop_index("ix_conversations_due_at")
        batch_op.drop_column("mailed_seq")
        batch_op.drop_column("mail_due_at")
        batch_op.drop_column("mood_overruled_by_id")
        batch_op.drop_column("mood_overruled_at")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("breached_at")
        batch_op.drop_column("due_warned_at")
        batch_op.drop_column("due_kind")
        batch_op.drop_column("due_at")
        batch_op.drop_column("first_reply_at")
        batch_op.drop_column("assigned_at")
        batch_op.drop_column("tags")
        batch_op.drop_column("snoozed_until")

    with op.batch_alter_table("viewings", schema=None) as batch_op:
        batch_op.drop_index("ix_viewings_user_id")
        batch_op.drop_index("ix_viewings_organization_id_seen_at")
        batch_op.drop_index("ix_viewings_conversation_id")

    op.drop_table("viewings")
    with op.batch_alter_table("taggings", schema=None) as batch_op:
        batch_op.drop_index("ix_taggings_organization_id_name")

    op.drop_table("taggings")
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_index("ix_mentions_user_id_id")
        batch_op.drop_index("ix_mentions_conversation_id")

    op.drop_table("mentions")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_drafts_conversation_id")

    op.drop_table("drafts")
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_views_organization_id_id")

    op.drop_table("saved_views")
    op.drop_table("macros")
    op.drop_table("canned_replies")
