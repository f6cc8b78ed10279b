"""The documents that an organization's answers are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.extensions import db
from app.models import Document


def list_documents(organization_id: UUID) -> Sequence[Document]:
    """Titles and categories, without the texts."""
    query = (
        select(Document)
        .where(Document.organization_id == organization_id)
        .options(defer(Document.content))
        .order_by(Document.category, Document.title)
    )
    return db.session.scalars(query).all()


def add_text(organization_id: UUID, title: str, category: str, content: str) -> Document:
    """Add a text to the caller's transaction, unless the same one is there."""
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    query = select(Document).where(
        Document.organization_id == organization_id, Document.content_hash == content_hash
    )
    document = db.session.scalars(query).first()
    if document is None:
        document = Document(
            organization_id=organization_id,
            title=title,
            category=category,
            content=content,
            content_hash=content_hash,
        )
        db.session.add(document)
    return document
