"""Changing the embedding model: passages get new vectors while the old ones answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped

from app.adapters import adapters
from app.errors import Conflict, ProviderError
from app.extensions import db
from app.models import Document, DocumentStatus, EmbeddingMove, Organization, Passage, now
from app.services import removals
from app.services.actors import Actor
from app.services.holds import Hold, Superseded
from app.services.work import back_off, claim, wake_after_commit

log = structlog.get_logger(__name__)
JOB = "move_embeddings"
AT_ONCE = 8


def ready() -> ColumnElement[bool]:
    """Which moves still have to be made: all that did not stop for somebody to look."""
    return ~EmbeddingMove.stopped


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
    # What stopped one model says nothing about another.
    stopped = EmbeddingMove.stopped, EmbeddingMove.to_space != space
    for row in db.session.scalars(select(EmbeddingMove).where(*stopped)):
        _go_on(row)
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
    return current(organization_id) is not None


def current(organization_id: UUID) -> EmbeddingMove | None:
    """The organization's move, if there is one that is not done."""
    query = select(EmbeddingMove).where(EmbeddingMove.organization_id == organization_id)
    return db.session.scalars(query).one_or_none()


def retry(actor: Actor) -> EmbeddingMove:
    """Go on with a move that stopped."""
    query = select(EmbeddingMove).where(EmbeddingMove.organization_id == actor.organization_id)
    row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is None or not row.stopped:
        raise Conflict("No move to another embedding model has stopped.")
    _go_on(row)
    db.session.commit()
    return row


def move(move_id: UUID) -> None:
    """Make the new vectors from wherever it stands; then switch, and drop the old ones."""
    row = claim(EmbeddingMove, move_id, ready())
    if row is None:
        return
    hold = Hold(row)
    try:
        if adapters.embeddings.available:
            # The model may have been changed again before this was done: then it goes there.
            _embed_all(hold, adapters.embeddings.name)
            _switch(hold, adapters.embeddings.name)
        else:
            hold.release(due_at=back_off(hold.tries))
    except Superseded:
        db.session.rollback()
    except ProviderError as error:
        db.session.rollback()
        _put_off(hold, error)


def _embed_all(hold: Hold, space: str) -> None:
    total = _count(hold.organization_id, Passage.live)
    done = _count(hold.organization_id, Passage.live, Passage.embedded_in == space)
    hold.note(to_space=space, total=total, done=done, error="")
    while part := _next(hold.organization_id, space):
        vectors = adapters.embeddings.embed([each.as_indexed(title) for each, title in part])
        ids = [passage.id for passage, _ in part]
        adapters.vector_store.put(hold.organization_id, space, ids, vectors)
        marked: Any = db.session.execute(
            update(Passage)
            .where(Passage.id.in_(ids))
            .values(embedded_in=space)
            .execution_options(synchronize_session=False)
        )
        done += len(ids)
        hold.note(done=done)
        if marked.rowcount < len(ids):
            removals.schedule_unknown(hold.organization_id, ids)


def _count(organization_id: UUID, *conditions: ColumnElement[bool] | Mapped[bool]) -> int:
    query = select(func.count()).where(Passage.organization_id == organization_id, *conditions)
    return db.session.scalar(query) or 0


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


def _switch(hold: Hold, space: str) -> None:
    db.session.execute(
        update(Organization)
        .where(Organization.id == hold.organization_id)
        .values(embedding_space=space)
    )
    db.session.execute(
        update(Document)
        .where(
            Document.organization_id == hold.organization_id,
            Document.status == DocumentStatus.READY,
        )
        .values(passages_done=Document.passages_total)
    )
    hold.note()
    # The row goes last: until then a crash or a store that is away only delays this.
    adapters.vector_store.drop(hold.organization_id, keep=space)
    db.session.execute(delete(EmbeddingMove).where(EmbeddingMove.id == hold.id))
    db.session.commit()


def _put_off(hold: Hold, error: ProviderError) -> None:
    """Stop for somebody to look, or wait for what may come back."""
    log.warning("embedding_move_put_off", permanent=error.permanent, reason=str(error))
    try:
        if error.permanent:
            hold.release(stopped=True, error=str(error)[:400])
        else:
            words = f"Waiting to try again: {error}"[:400]
            hold.release(due_at=back_off(hold.tries), error=words)
    except Superseded:
        db.session.rollback()


def _go_on(row: EmbeddingMove) -> None:
    row.stopped, row.error = False, ""
    row.due_at, row.lease_until = now(), None
    wake_after_commit(JOB, row.id)
