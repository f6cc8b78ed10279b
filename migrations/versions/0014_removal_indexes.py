"""removal indexes: what points at a visitor or a contact is found without reading everybody's."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_turns_visitor_id", "turns", ["visitor_id"])
    op.create_index("ix_tickets_contact_id", "tickets", ["contact_id"])


def downgrade() -> None:
    op.drop_index("ix_tickets_contact_id", table_name="tickets")
    op.drop_index("ix_turns_visitor_id", table_name="turns")
