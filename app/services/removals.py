"""Cleaning the other stores up after what has left the database."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select

from app.adapters import adapters
from app.errors import ProviderError
from app.extensions import db
from app.models import Passage, Removal
from app.services.work import back_off, claim, wake_after_commit

log = structlog.get_logger(__name__)
JOB = "clean_up"


def ready() -> ColumnElement[bool]:
    """Every removal that is there still has to be done."""
    return Removal.id.is_not(None)


def schedule(
    organization_id: UUID, passage_ids: Sequence[UUID], storage_keys: Sequence[str]
) -> None:
    """Have vectors and files removed after the caller's commit, however often it takes."""
    removal = Removal(
        organization_id=organization_id,
        passage_ids=[str(each) for each in passage_ids],
        storage_keys=[key for key in storage_keys if key],
    )
    db.session.add(removal)
    db.session.flush()
    wake_after_commit(JOB, removal.id)


def schedule_unknown(organization_id: UUID, passage_ids: Sequence[UUID]) -> None:
    """The same for vectors that came too late: their passages have been removed meanwhile."""
    known = db.session.scalars(select(Passage.id).where(Passage.id.in_(passage_ids))).all()
    if gone := sorted(set(passage_ids) - set(known)):
        schedule(organization_id, gone, [])
    db.session.commit()


def clean_up(removal_id: UUID) -> None:
    """Remove from the vector store and from the file storage what the database has no more."""
    removal = claim(Removal, removal_id, ready())
    if removal is None:
        return
    ids = [UUID(each) for each in removal.passage_ids]
    try:
        if ids:
            adapters.vector_store.remove(removal.organization_id, ids)
        for key in removal.storage_keys:
            adapters.file_storage.remove(key)
    except ProviderError as error:
        log.warning("clean_up_waits", reason=str(error))
        removal.due_at, removal.lease_until = back_off(removal.tries), None
    else:
        db.session.delete(removal)
    db.session.commit()
