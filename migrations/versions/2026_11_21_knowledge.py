"""knowledge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "removals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("passage_ids", sa.JSON(), nullable=False),
        sa.Column("storage_keys", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    with op.batch_alter_table("removals", schema=None) as batch_op:
        batch_op.create_index("ix_removals_due_at", ["due_at"], unique=False)

    op.create_table(
        "documents",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("source_url", sa.String(length=2000), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("live_storage_key", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=False),
        sa.Column("pages_total", sa.Integer(), nullable=False),
        sa.Column("pages_done", sa.Integer(), nullable=False),
        sa.Column("passages_total", sa.Integer(), nullable=False),
        sa.Column("passages_done", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.Column("times_cited", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_documents_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "organization_id", "source_key", name=op.f("uq_documents_organization_id_source_key")
        ),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_documents_organization_id_content_hash",
            ["organization_id", "content_hash"],
            unique=False,
        )
        batch_op.create_index(
            "ix_documents_organization_id_id", ["organization_id", "id"], unique=False
        )
        batch_op.create_index("ix_documents_status_due_at", ["status", "due_at"], unique=False)

    op.create_table(
        "passages",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("page_from", sa.Integer(), nullable=True),
        sa.Column("page_to", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("embedded_in", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_passages_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_passages_organization_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_passages")),
        sa.UniqueConstraint("id", name=op.f("uq_passages_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passages_document_id_version_ordinal",
            ["document_id", "version", "ordinal"],
            unique=False,
        )
        batch_op.create_index(
            "ix_passages_organization_id_live_number",
            ["organization_id", "live", "number"],
            unique=False,
        )

    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("embedding_space", sa.String(length=80), nullable=True))

    op.create_table(
        "embedding_moves",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("to_space", sa.String(length=80), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_embedding_moves_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_moves")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_embedding_moves_organization_id")),
    )
    with op.batch_alter_table("embedding_moves", schema=None) as batch_op:
        batch_op.create_index("ix_embedding_moves_due_at", ["due_at"], unique=False)

    op.create_table(
        "test_runs",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_test_runs_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_runs")),
    )
    with op.batch_alter_table("test_runs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_test_runs_organization_id_id", ["organization_id", "id"], unique=False
        )

    op.create_table(
        "test_questions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("previous", sa.String(length=1000), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("answerable", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_test_questions_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_test_questions_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_questions")),
    )
    with op.batch_alter_table("test_questions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_test_questions_organization_id_id", ["organization_id", "id"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        _make_word_index()


def _make_word_index() -> None:
    """SQLite has an FTS5 table for each organization instead, made when it is first needed."""
    op.execute(
        "CREATE TABLE passage_words (number integer PRIMARY KEY, organization_id uuid NOT NULL, "
        "words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_passage_words_words ON passage_words USING gin (words)")
    op.execute("CREATE INDEX ix_passage_words_organization_id ON passage_words (organization_id)")


def _drop_word_indexes() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute("DROP TABLE passage_words")
        return
    found = bind.execute(
        sa.text(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' "
            "AND name LIKE 'passage\\_words\\_%' ESCAPE '\\'"
        )
    )
    for name in found.scalars().all():
        op.execute(f"DROP TABLE {name}")


def downgrade() -> None:
    _drop_word_indexes()
    op.drop_table("embedding_moves")
    with op.batch_alter_table("test_questions", schema=None) as batch_op:
        batch_op.drop_index("ix_test_questions_organization_id_id")

    op.drop_table("test_questions")
    with op.batch_alter_table("test_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_test_runs_organization_id_id")

    op.drop_table("test_runs")
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.drop_column("embedding_space")

    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_index("ix_passages_organization_id_live_number")
        batch_op.drop_index("ix_passages_document_id_version_ordinal")

    op.drop_table("passages")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_status_due_at")
        batch_op.drop_index("ix_documents_organization_id_id")
        batch_op.drop_index("ix_documents_organization_id_content_hash")

    op.drop_table("documents")
    with op.batch_alter_table("removals", schema=None) as batch_op:
        batch_op.drop_index("ix_removals_due_at")

    op.drop_table("removals")
