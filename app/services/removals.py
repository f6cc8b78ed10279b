"""Cleaning the other stores up after what has left the database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, select

from app.adapters import adapters
from app.errors import ProviderError
from app.extensions import db
from app.models import Passage, Removal
from app.services.holds import Hold, Superseded
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
    hold = Hold(removal)
    try:
        _remove(
            removal.organization_id,
            [UUID(each) for each in removal.passage_ids],
            list(removal.storage_keys),
        )
    except ProviderError as error:
        log.warning("clean_up_waits", reason=str(error))
        with suppress(Superseded):
            hold.release(due_at=back_off(hold.tries))
    else:
        db.session.execute(delete(Removal).where(Removal.id == removal_id))
        db.session.commit()


def _remove(organization_id: UUID, ids: Sequence[UUID], keys: Sequence[str]) -> None:
    # The stores may be slow; nobody is to wait for our connection to the database meanwhile.
    db.session.rollback()
    if ids:
        adapters.vector_store.remove(organization_id, ids)
    for key in keys:
        adapters.file_storage.remove(key)
