"""desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEARCHED = "kind IN ('message', 'note')"
# An index beside the log, kept up by the database itself: whoever adds to the log, or removes
# a conversation with everything in it, need not think of it.
SQLITE = (
    "CREATE VIRTUAL TABLE message_words USING "
    "fts5(text, content='events', content_rowid='number', tokenize='trigram')",
    "CREATE TRIGGER message_words_added AFTER INSERT ON events "
    "WHEN new.kind IN ('message', 'note') BEGIN "
    "INSERT INTO message_words (rowid, text) VALUES (new.number, new.text); END",
    "CREATE TRIGGER message_words_removed AFTER DELETE ON events "
    "WHEN old.kind IN ('message', 'note') BEGIN "
    "INSERT INTO message_words (message_words, rowid, text) "
    "VALUES ('delete', old.number, old.text); END",
    f"INSERT INTO message_words (rowid, text) SELECT number, text FROM events WHERE {SEARCHED}",
)


def upgrade() -> None:
    op.create_table(
        "widget_origins",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_widget_origins_organization_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "origin", name=op.f("pk_widget_origins")),
    )
    op.add_column(
        "conversations",
        sa.Column("priority_is_set", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.alter_column("priority_is_set", server_default=None)
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_organization_id_target", ["organization_id", "target"])
    _index_messages()


def _index_messages() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        # Not installed, or not ours to install: search still works, by looking at every message.
        return
    op.execute(
        "CREATE INDEX message_words ON events USING gin (lower(text) gin_trgm_ops) "
        f"WHERE {SEARCHED}"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER message_words_removed")
        op.execute("DROP TRIGGER message_words_added")
        op.execute("DROP TABLE message_words")
    else:
        op.execute("DROP INDEX IF EXISTS message_words")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_organization_id_target")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("priority_is_set")
    op.drop_table("widget_origins")
