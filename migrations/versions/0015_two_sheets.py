"""two sheets: a reply and a note may be begun at once, and both are kept."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
ALL_BUT_THE_NEWEST = """
    DELETE FROM drafts WHERE EXISTS (
        SELECT 1 FROM drafts AS other
        WHERE other.user_id = drafts.user_id AND other.conversation_id = drafts.conversation_id
        AND other.is_note != drafts.is_note
        AND (other.updated_at > drafts.updated_at
             OR (other.updated_at = drafts.updated_at AND drafts.is_note))
    )
"""


def upgrade() -> None:
    _identify_by("user_id", "conversation_id", "is_note")


def downgrade() -> None:
    op.execute(ALL_BUT_THE_NEWEST)
    _identify_by("user_id", "conversation_id")


def _identify_by(*columns: str) -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_constraint("pk_drafts", type_="primary")
        batch_op.create_primary_key("pk_drafts", list(columns))
