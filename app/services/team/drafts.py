"""What somebody has begun to write, kept for them in each conversation: a reply and a note."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import Draft, now
from app.services.states import get_state

__all__ = ["Draft"]
MOST_LISTED = 500


def list_drafts(user_id: UUID) -> Sequence[Draft]:
    """A person's own, the newest first."""
    query = (
        select(Draft)
        .where(Draft.user_id == user_id)
        .order_by(Draft.updated_at.desc())
        .limit(MOST_LISTED)
    )
    return db.session.scalars(query).all()


def begun_in(conversation_id: UUID, user_id: UUID) -> Sequence[Draft]:
    """A reply and a note at most; what was kept last lies on top, and comes first."""
    query = (
        select(Draft)
        .where(Draft.user_id == user_id, Draft.conversation_id == conversation_id)
        .order_by(Draft.updated_at.desc(), Draft.is_note)
    )
    return db.session.scalars(query).all()


def keep(
    organization_id: UUID, user_id: UUID, conversation_id: UUID, text: str, *, is_note: bool
) -> None:
    """Nothing to keep, and it is forgotten. Two tabs may keep at once: the later one stays."""
    get_state(organization_id, conversation_id)
    if not text.strip():
        forget(user_id, conversation_id, is_note=is_note)
        db.session.commit()
        return
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    said = {"text": text, "updated_at": now()}
    db.session.execute(
        insert(Draft)
        .values(
            user_id=user_id,
            conversation_id=conversation_id,
            is_note=is_note,
            organization_id=organization_id,
            **said,
        )
        .on_conflict_do_update(index_elements=["user_id", "conversation_id", "is_note"], set_=said)
    )
    db.session.commit()


def forget(user_id: UUID, conversation_id: UUID, *, is_note: bool) -> None:
    """It was sent, or taken back; inside the caller's transaction."""
    db.session.execute(
        delete(Draft)
        .where(
            Draft.user_id == user_id,
            Draft.conversation_id == conversation_id,
            Draft.is_note.is_(is_note),
        )
        .execution_options(synchronize_session=False)
    )
