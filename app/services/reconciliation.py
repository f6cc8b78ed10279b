"""Finding and mending differences between the database and the stores beside it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select, update

from app.adapters import adapters
from app.extensions import db
from app.models import Document, DocumentStatus, Organization, Passage
from app.services import knowledge, lexical


def reconcile(organization_id: UUID | None = None, *, mend: bool = True) -> Iterator[str]:
    """A line for each organization: what differs, and what was done about it."""
    query = select(Organization).order_by(Organization.slug)
    if organization_id is not None:
        query = query.where(Organization.id == organization_id)
    for organization in db.session.scalars(query).all():
        yield f"{organization.slug}: {_vectors(organization, mend)}; {_words(organization, mend)}"
        db.session.commit()


def _vectors(organization: Organization, mend: bool) -> str:
    space = organization.embedding_space
    if space is None:
        return "no vectors yet"
    stored = adapters.vector_store.ids(organization.id, space)
    known = set(
        db.session.scalars(
            select(Passage.id).where(
                Passage.organization_id == organization.id, Passage.embedded_in == space
            )
        )
    )
    stray, missing = stored - known, known - stored
    if mend and stray:
        adapters.vector_store.remove(organization.id, sorted(stray))
    if mend and missing:
        _learn_again(missing)
    done = " (mended)" if mend and (stray or missing) else ""
    return f"{len(known)} vectors, {len(missing)} missing, {len(stray)} too many{done}"


def _learn_again(missing: set[UUID]) -> None:
    """Mark what lost its vector; the document's embedding goes on from there."""
    ids = list(missing)
    documents = set(
        db.session.scalars(select(Passage.document_id).where(Passage.id.in_(ids)).distinct())
    )
    db.session.execute(update(Passage).where(Passage.id.in_(ids)).values(embedded_in=None))
    for document_id in documents:
        document = db.session.get(Document, document_id)
        if document is not None and not document.is_busy:
            knowledge.queue(document, status=DocumentStatus.EMBEDDING)


def _words(organization: Organization, mend: bool) -> str:
    indexed = lexical.numbers(organization.id)
    rows = {
        number: (heading, text, title)
        for number, heading, text, title in db.session.execute(
            select(Passage.number, Passage.heading, Passage.text, Document.title)
            .join(Document, Document.id == Passage.document_id)
            .where(Passage.organization_id == organization.id)
        )
    }
    stray, missing = indexed - rows.keys(), rows.keys() - indexed
    if mend:
        lexical.remove(organization.id, sorted(stray))
        lexical.add(organization.id, [_row(number, *rows[number]) for number in sorted(missing)])
    done = " (mended)" if mend and (stray or missing) else ""
    return f"{len(rows)} passages, {len(missing)} not indexed, {len(stray)} too many{done}"


def _row(number: int, heading: str, text: str, title: str) -> lexical.Row:
    return lexical.Row(number, Passage(heading=heading, text=text).as_indexed(title))
