"""Numbers that a customer can quote: each organization counts its own, without a gap."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import Counter


def next_number(organization_id: UUID, name: str) -> int:
    """The next one, inside the caller's transaction: a rollback gives it back."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    db.session.execute(
        insert(Counter)
        .values(organization_id=organization_id, name=name, value=0)
        .on_conflict_do_nothing()
    )
    value: int = db.session.execute(
        update(Counter)
        .where(Counter.organization_id == organization_id, Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return value
