"""What an organization's assistant knows: looking at it, changing it, removing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update

from app.adapters import adapters
from app.errors import Conflict, NotFound, ProviderError
from app.extensions import db
from app.models import Document, DocumentStatus, Passage, SourceKind, now
from app.services import audit, removals
from app.services.actors import Actor
from app.services.knowledge.learning import JOB
from app.services.paging import Page, page_of
from app.services.search import lexical
from app.services.work import wake_after_commit

__all__ = [
    "DocumentStatus",
    "SourceKind",
    "categories",
    "change_document",
    "describe",
    "fetch_again",
    "find_document",
    "get_document",
    "has_documents",
    "list_documents",
    "original_of",
    "passages_of",
    "queue",
    "remove_document",
    "renew_original",
    "retry",
]


def list_documents(
    organization_id: UUID,
    *,
    search: str = "",
    category: str = "",
    status: DocumentStatus | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Document]:
    """The organization's documents, newest first."""
    query = select(Document).where(Document.organization_id == organization_id)
    # PostgreSQL cannot even be asked for this character.
    search, category = search.replace("\0", ""), category.replace("\0", "")
    if search:
        wanted = search.lower()
        query = query.where(
            or_(
                func.lower(Document.title).contains(wanted, autoescape=True),
                func.lower(Document.file_name).contains(wanted, autoescape=True),
            )
        )
    if category:
        query = query.where(Document.category == category)
    if status:
        query = query.where(Document.status == status)
    return page_of(query, Document.id, cursor, limit)


def has_documents(organization_id: UUID) -> bool:
    query = select(Document.id).where(Document.organization_id == organization_id).limit(1)
    return db.session.scalar(query) is not None


def get_document(organization_id: UUID, document_id: UUID, *, lock: bool = False) -> Document:
    """`lock` has whoever else wants to change it wait until the caller has committed."""
    query = select(Document).where(
        Document.id == document_id, Document.organization_id == organization_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    document = db.session.scalars(query).one_or_none()
    if document is None:
        raise NotFound("There is no document by this id.")
    return document


def find_document(organization_id: UUID, written: str) -> Document | None:
    """The document that an address names, if it names one."""
    try:
        return get_document(organization_id, UUID(written))
    except (ValueError, NotFound):
        return None


def categories(organization_id: UUID) -> list[str]:
    query = (
        select(Document.category)
        .where(Document.organization_id == organization_id, Document.category != "")
        .distinct()
        .order_by(Document.category)
    )
    return list(db.session.scalars(query))


def passages_of(
    organization_id: UUID, document_id: UUID, after: int = -1, limit: int = 100
) -> Sequence[Passage]:
    """The passages that answer now, in the order of the document."""
    document = get_document(organization_id, document_id)
    query = (
        select(Passage)
        .where(
            Passage.document_id == document.id,
            Passage.version == document.live_version,
            Passage.ordinal > after,
        )
        .order_by(Passage.ordinal)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def original_of(document: Document) -> bytes | None:
    """The file that was given, if it is still kept."""
    key = document.live_storage_key or document.storage_key
    if not key:
        return None
    # A storage elsewhere may take long; nobody is to wait for our connection meanwhile.
    db.session.rollback()
    try:
        with adapters.file_storage.local_copy(key) as path:
            return path.read_bytes()
    except (OSError, ProviderError):
        return None


def change_document(actor: Actor, document_id: UUID, changes: dict[str, Any]) -> Document:
    """Change what is said about it."""
    document = get_document(actor.organization_id, document_id, lock=True)
    describe(actor, document, changes)
    db.session.commit()
    return document


def describe(actor: Actor, document: Document, said: dict[str, Any]) -> bool:
    """Change title, category or attributes within the caller's change. Says whether any differed.

    A title is part of what search sees, so under a new one the document is learned anew: from
    its passages, since its text is the same and its original may be gone.
    """
    changes = {name: value for name, value in said.items() if getattr(document, name) != value}
    if not changes:
        return False
    for name, value in changes.items():
        setattr(document, name, value)
    audit.record(
        actor,
        "document.changed",
        f"{actor.name} changed what is said about “{document.title}”",
        target=str(document.id),
    )
    if "title" in changes:
        queue(document, from_passages=document.has_its_passages)
    return True


def retry(actor: Actor, document_id: UUID) -> Document:
    """Learn it again from its original."""
    document = get_document(actor.organization_id, document_id, lock=True)
    if document.is_busy:
        raise Conflict("This document is being learned already.")
    # Where only the new title was not learned to the end, there is still no need for a file.
    queue(document, from_passages=document.from_passages)
    db.session.commit()
    return document


def fetch_again(actor: Actor, document_id: UUID) -> Document:
    """Fetch a web page anew; the old text answers until the new one is learned."""
    document = get_document(actor.organization_id, document_id, lock=True)
    if document.source is not SourceKind.PAGE:
        raise Conflict("Only a web page can be fetched again.")
    renew_original(document, "")
    queue(document)
    db.session.commit()
    return document


def remove_document(actor: Actor, document_id: UUID) -> None:
    """Remove it everywhere. From this commit on nothing of it can be found or answered."""
    document = get_document(actor.organization_id, document_id, lock=True)
    # Whoever is learning it has to stop first; otherwise passages could come in behind our back.
    db.session.execute(
        update(Document).where(Document.id == document.id).values(version=Document.version + 1)
    )
    rows = db.session.execute(
        select(Passage.number, Passage.id).where(Passage.document_id == document.id)
    ).all()
    lexical.remove(actor.organization_id, [number for number, _ in rows])
    keys = {document.storage_key, document.live_storage_key or ""}
    removals.schedule(actor.organization_id, [each for _, each in rows], sorted(keys))
    audit.record(
        actor,
        "document.removed",
        f"{actor.name} removed “{document.title}”",
        target=str(document.id),
    )
    db.session.delete(document)
    db.session.commit()


def renew_original(document: Document, storage_key: str) -> None:
    """Have the next version made from this file. The one that answers keeps its own."""
    unused, document.storage_key = document.storage_key, storage_key
    if unused and unused != document.live_storage_key:
        removals.schedule(document.organization_id, [], [unused])


def queue(document: Document, *, first: bool = False, from_passages: bool = False) -> None:
    """Have the document learned after the caller's commit.

    That makes a version of its own: whoever works on an earlier one finds out at the next step,
    and stops.
    """
    document.version = 1 if first else document.version + 1
    document.error = ""
    document.from_passages = from_passages
    if not from_passages:
        document.warnings = []
    document.status = DocumentStatus.QUEUED
    document.tries, document.due_at, document.lease_until = 0, now(), None
    wake_after_commit(JOB, document.id)
