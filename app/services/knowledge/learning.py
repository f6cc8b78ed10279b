"""Learning a document: read it, cut it into passages, make them searchable by words, then meaning.

The row is the job, and every step is written down with it, so that a worker that dies at any
moment is followed by one that goes on. Passages of the new version stay invisible until all of
them are there; then one statement shows them and hides the old ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, case, delete, func, select, update

from app.adapters import adapters
from app.adapters.native_work import give_memory_back
from app.adapters.text_extraction import Reading, Source
from app.errors import ProviderError
from app.extensions import db
from app.models import Document, DocumentStatus, Organization, Passage, SourceKind, now
from app.services import removals
from app.services.holds import DocumentHold, Superseded
from app.services.knowledge import web_sources
from app.services.knowledge.intake import Intake, Unlearnable, forget_half_read
from app.services.knowledge.relearning import read_again
from app.services.search import lexical
from app.services.work import back_off, claim

log = structlog.get_logger(__name__)
JOB = "learn_document"
MAX_TRIES = 30
EMBEDDED_AT_ONCE = 8
TOO_OFTEN = "Learning was interrupted again and again. Retry, or ask whoever runs this server."
NO_TEXT = "There is no text in it that could be quoted."


def ready() -> ColumnElement[bool]:
    """Which documents still have to be learned."""
    waiting = (DocumentStatus.QUEUED, DocumentStatus.READING, DocumentStatus.EMBEDDING)
    return Document.status.in_(waiting)


def learn(document_id: UUID) -> None:
    """Bring one document to its end, from wherever it stands. Safe to call twice."""
    document = claim(Document, document_id, ready())
    if document is None:
        return
    hold = DocumentHold(document)
    try:
        _advance(hold)
    except Superseded:
        db.session.rollback()


def _advance(hold: DocumentHold) -> None:
    try:
        if hold.tries > MAX_TRIES:
            raise Unlearnable(TOO_OFTEN)
        if hold.status is not DocumentStatus.EMBEDDING:
            _read(hold)
        _embed(hold)
        _finish(hold)
    except Unlearnable as error:
        _fail(hold, str(error))
    except ProviderError as error:
        if error.permanent:
            _fail(hold, str(error))
        else:
            _wait(hold, error)


def _read(hold: DocumentHold) -> None:
    # What only has another title is not read again, so what was said of its reading still holds.
    unread = {} if hold.from_passages else {"pages_total": 0, "pages_done": 0, "warnings": []}
    hold.note(status=DocumentStatus.READING, passages_total=0, passages_done=0, error="", **unread)
    forget_half_read(hold)
    if not hold.from_passages and hold.source is SourceKind.PAGE and not hold.storage_key:
        _fetch(hold)
    intake = Intake(hold)
    db.session.rollback()
    for event in _events(hold):
        intake.take(event)
    if not intake.count:
        raise Unlearnable(NO_TEXT)
    warned = {} if hold.from_passages else {"warnings": intake.warnings}
    hold.note(status=DocumentStatus.EMBEDDING, passages_total=intake.count, **warned)
    if _live_version(hold) == 0:
        # A new document is found by its words at once; a changed one waits for its vectors too.
        _go_live(hold)


def _events(hold: DocumentHold) -> Iterator[Reading]:
    if hold.from_passages:
        yield from read_again(hold)
        return
    with adapters.file_storage.local_copy(hold.storage_key) as path:
        source = Source(path=path, media_type=hold.media_type, file_name=hold.file_name)
        yield from adapters.text_extraction.read(source)


def _fetch(hold: DocumentHold) -> None:
    db.session.rollback()
    page = web_sources.fetch(hold.source_url)
    key = adapters.file_storage.keep(hold.organization_id, page.body)
    try:
        hold.note(
            storage_key=key,
            media_type=page.media_type,
            file_name=page.file_name,
            size_bytes=page.size,
        )
    except Superseded:
        adapters.file_storage.remove(key)
        raise
    hold.storage_key, hold.media_type, hold.file_name = key, page.media_type, page.file_name


def _embed(hold: DocumentHold) -> None:
    """Give every passage of the version its vector, in slices too small for a socket to notice."""
    if not adapters.embeddings.available:
        return
    space = adapters.embeddings.name
    done = _count_embedded(hold, space)
    while part := _next_unembedded(hold, space):
        vectors = adapters.embeddings.embed([each.as_indexed(hold.title) for each in part])
        ids = [passage.id for passage in part]
        adapters.vector_store.put(hold.organization_id, space, ids, vectors)
        done += len(part)
        try:
            hold.check(passages_done=done)
        except Superseded:
            removals.schedule_unknown(hold.organization_id, ids)
            raise
        db.session.execute(
            update(Passage)
            .where(Passage.id.in_(ids))
            .values(embedded_in=space)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    _settle_space(hold.organization_id, space)
    if done > EMBEDDED_AT_ONCE:
        give_memory_back()


def _next_unembedded(hold: DocumentHold, space: str) -> Sequence[Passage]:
    query = (
        select(Passage)
        .where(
            Passage.document_id == hold.id,
            Passage.version == hold.version,
            Passage.embedded_in.is_distinct_from(space),
        )
        .order_by(Passage.ordinal)
        .limit(EMBEDDED_AT_ONCE)
    )
    found = db.session.scalars(query).all()
    # Plain values from here on: no transaction is to be open while the model works.
    db.session.expunge_all()
    db.session.rollback()
    return found


def _count_embedded(hold: DocumentHold, space: str) -> int:
    query = select(func.count()).where(
        Passage.document_id == hold.id,
        Passage.version == hold.version,
        Passage.embedded_in == space,
    )
    return db.session.scalar(query) or 0


def _settle_space(organization_id: UUID, space: str) -> None:
    """The first vectors of an organization decide which space answers."""
    db.session.execute(
        update(Organization)
        .where(Organization.id == organization_id, Organization.embedding_space.is_(None))
        .values(embedding_space=space)
    )
    db.session.commit()


def _live_version(hold: DocumentHold) -> int:
    return db.session.scalar(select(Document.live_version).where(Document.id == hold.id)) or 0


def _go_live(hold: DocumentHold) -> None:
    """Show the new version and hide the old one: one statement, and no moment with neither."""
    db.session.execute(
        update(Passage)
        .where(Passage.document_id == hold.id)
        .values(live=case((Passage.version == hold.version, True), else_=False))
        .execution_options(synchronize_session=False)
    )
    hold.note(live_version=hold.version, learned_at=now())


def _finish(hold: DocumentHold) -> None:
    if _live_version(hold) != hold.version:
        _go_live(hold)
    _forget_older(hold)
    hold.release(
        status=DocumentStatus.READY,
        from_passages=False,
        error="",
        pages_done=Document.pages_total,
        tries=0,
    )


def _forget_older(hold: DocumentHold) -> None:
    # Never the newer ones: somebody may have given the next version just now.
    hold.check()
    older = Passage.document_id == hold.id, Passage.version < hold.version
    rows = db.session.execute(select(Passage.number, Passage.id).where(*older)).all()
    replaced = db.session.scalar(select(Document.live_storage_key).where(Document.id == hold.id))
    keys = [replaced] if replaced and replaced != hold.storage_key else []
    if rows or keys:
        lexical.remove(hold.organization_id, [number for number, _ in rows])
        db.session.execute(delete(Passage).where(*older))
        removals.schedule(hold.organization_id, [each for _, each in rows], keys)
    hold.note(live_storage_key=hold.storage_key)


def _fail(hold: DocumentHold, message: str) -> None:
    db.session.rollback()
    hold.check()
    if forgotten := forget_half_read(hold):
        # Some of them may have had their vectors already.
        removals.schedule(hold.organization_id, forgotten, [])
    hold.release(status=DocumentStatus.FAILED, error=message[:400], tries=0)


def _wait(hold: DocumentHold, error: ProviderError) -> None:
    """A provider that may come back is waited for; the passages that are done stay done."""
    db.session.rollback()
    log.warning("learning_waits", document_id=str(hold.id), reason=str(error))
    words = f"Waiting to try again: {error}"[:400]
    hold.release(due_at=back_off(hold.tries), error=words)
