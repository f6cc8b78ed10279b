"""Changing the embedding model: passages get new vectors while the old ones answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from app.adapters import adapters
from app.errors import ProviderError
from app.extensions import db
from app.models import Document, DocumentStatus, EmbeddingMove, Organization, Passage, now
from app.services import removals
from app.services.work import back_off, claim, wake_after_commit

log = structlog.get_logger(__name__)
JOB = "move_embeddings"
AT_ONCE = 8


def ready() -> ColumnElement[bool]:
    """Every move that is there still has to be made."""
    return EmbeddingMove.id.is_not(None)


def plan() -> None:
    """Notice organizations whose vectors are of another model than the one configured now.

    Or that have none of some documents, since there was no model when those were learned.
    """
    if not adapters.embeddings.available:
        return
    space = adapters.embeddings.name
    left_out = exists().where(
        Document.organization_id == Organization.id,
        Document.status == DocumentStatus.READY,
        Document.passages_done < Document.passages_total,
    )
    other = and_(Organization.embedding_space.is_not(None), Organization.embedding_space != space)
    for organization_id in db.session.scalars(select(Organization.id).where(or_(other, left_out))):
        begin(organization_id)
    db.session.commit()


def begin(organization_id: UUID) -> None:
    """Have every passage that answers embedded by today's model, after the caller's commit."""
    if is_moving(organization_id):
        return
    row = EmbeddingMove(organization_id=organization_id, to_space=adapters.embeddings.name)
    db.session.add(row)
    db.session.flush()
    wake_after_commit(JOB, row.id)


def is_moving(organization_id: UUID) -> bool:
    query = select(EmbeddingMove.id).where(EmbeddingMove.organization_id == organization_id)
    return db.session.scalar(query) is not None


def move(move_id: UUID) -> None:
    """Make the new vectors from wherever it stands; then switch, and drop the old ones."""
    row = claim(EmbeddingMove, move_id, ready())
    if row is None:
        return
    if not adapters.embeddings.available:
        _release(move_id)
        return
    # The model may have been changed again before this was done: then it goes there instead.
    organization_id, space = row.organization_id, adapters.embeddings.name
    row.to_space = space
    db.session.commit()
    try:
        _embed_all(move_id, organization_id, space)
        _switch(move_id, organization_id, space)
    except ProviderError as error:
        db.session.rollback()
        log.warning("embedding_move_waits", reason=str(error))
        _release(move_id)


def _embed_all(move_id: UUID, organization_id: UUID, space: str) -> None:
    while part := _next(organization_id, space):
        vectors = adapters.embeddings.embed([each.as_indexed(title) for each, title in part])
        ids = [passage.id for passage, _ in part]
        adapters.vector_store.put(organization_id, space, ids, vectors)
        marked: Any = db.session.execute(
            update(Passage)
            .where(Passage.id.in_(ids))
            .values(embedded_in=space)
            .execution_options(synchronize_session=False)
        )
        _note(move_id, organization_id, space)
        if marked.rowcount < len(ids):
            removals.schedule_unknown(organization_id, ids)


def _next(organization_id: UUID, space: str) -> Sequence[tuple[Passage, str]]:
    query = (
        select(Passage, Document.title)
        .join(Document, Document.id == Passage.document_id)
        .where(
            Passage.organization_id == organization_id,
            Passage.live,
            Passage.embedded_in.is_distinct_from(space),
        )
        .order_by(Passage.number)
        .limit(AT_ONCE)
    )
    found = [(passage, title) for passage, title in db.session.execute(query)]
    # Plain values from here on: no transaction is to be open while the model works.
    db.session.expunge_all()
    db.session.rollback()
    return found


def _note(move_id: UUID, organization_id: UUID, space: str) -> None:
    count = (
        select(func.count())
        .where(Passage.organization_id == organization_id, Passage.embedded_in == space)
        .scalar_subquery()
    )
    db.session.execute(
        update(EmbeddingMove)
        .where(EmbeddingMove.id == move_id)
        .values(done=count, lease_until=now() + current_app.config["FRONTDESK"].job_lease)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _switch(move_id: UUID, organization_id: UUID, space: str) -> None:
    organization = db.session.get(Organization, organization_id)
    row = db.session.get(EmbeddingMove, move_id)
    if organization is None or row is None:
        return
    organization.embedding_space = space
    db.session.execute(
        update(Document)
        .where(Document.organization_id == organization_id, Document.status == DocumentStatus.READY)
        .values(passages_done=Document.passages_total)
    )
    db.session.commit()
    # The row goes last: until then a crash or a store that is away only delays this.
    adapters.vector_store.drop(organization_id, keep=space)
    db.session.delete(row)
    db.session.commit()


def _release(move_id: UUID) -> None:
    row = db.session.get(EmbeddingMove, move_id)
    if row is not None:
        row.due_at, row.lease_until = back_off(row.tries), None
        db.session.commit()
