"""Where something that was given belongs: a document of its own, or a new version of one.

Nothing here commits: whoever gives decides what else belongs to the same change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict
from app.extensions import db
from app.models import Document, DocumentStatus, SourceKind
from app.services import audit
from app.services.actors import Actor
from app.services.knowledge import knowledge

# What is only its content. An answer is no document without its question, nor a page without its
# address: two of them may well say the same.
ONLY_CONTENT = (SourceKind.FILE, SourceKind.TEXT)


@dataclass(frozen=True)
class Label:
    """What a person says about a document."""

    title: str = ""
    category: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Given:
    """Something that is kept already, and what it is known by when it comes again."""

    source: SourceKind
    key: str
    file_name: str
    media_type: str
    label: Label
    size: int
    digest: str
    storage_key: str


@dataclass(frozen=True)
class Taken:
    """What became of it.

    "added", "replaced" (a new version), "duplicate" (known already), or "relabelled" (known
    already, and what is said about it was changed).
    """

    document: Document
    outcome: str

    @property
    def is_kept(self) -> bool:
        """Whether the content that was given is one that the document is learned from."""
        return self.outcome in {"added", "replaced"}


def place(actor: Actor, given: Given) -> Taken:
    """Find the document that it is a version of, or make one."""
    key = source_key(given.source, given.key)
    known = by_source(actor.organization_id, key)
    same = _same(actor.organization_id, known, given)
    if same is not None:
        return _known_already(actor, same, given.label)
    document = known or Document(
        organization_id=actor.organization_id,
        title=PurePosixPath(given.file_name).stem,
        source=given.source,
        source_key=key,
    )
    _describe(document, given)
    return place_new(actor, document) if known is None else place_again(actor, document)


def place_new(actor: Actor, document: Document) -> Taken:
    """Have a document learned that was not there."""
    db.session.add(document)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody gave the same thing at the same moment.
        db.session.rollback()
        message = "This was given twice at once. Please try again."
        raise Conflict(message, fields={"file": message}) from error
    knowledge.queue(document, first=True)
    _record(actor, document, "added", "added")
    return Taken(document, "added")


def place_again(actor: Actor, document: Document) -> Taken:
    """Have a new version of a document learned."""
    knowledge.queue(document)
    _record(actor, document, "replaced", "renewed")
    return Taken(document, "replaced")


def source_key(source: SourceKind, key: str) -> str:
    return hashlib.sha256(f"{source.value}:{key}".encode()).hexdigest()


def by_source(organization_id: UUID, key: str) -> Document | None:
    """The document, locked: of two changes at once the second has to see the first."""
    query = (
        select(Document)
        .where(Document.organization_id == organization_id, Document.source_key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one_or_none()


def _same(organization_id: UUID, known: Document | None, given: Given) -> Document | None:
    """The document that says this already, word for word."""
    if known is not None:
        is_same = known.content_hash == given.digest and known.status is not DocumentStatus.FAILED
        return known if is_same else None
    if given.source not in ONLY_CONTENT:
        return None
    query = select(Document).where(
        Document.organization_id == organization_id,
        Document.content_hash == given.digest,
        Document.status != DocumentStatus.FAILED,
        Document.source.in_(ONLY_CONTENT),
    )
    return db.session.scalars(query.order_by(Document.id)).first()


def _known_already(actor: Actor, same: Document, label: Label) -> Taken:
    """Word for word; but what is said about it may be new."""
    db.session.refresh(same, with_for_update=True)
    said: dict[str, Any] = {}
    if label.title:
        said["title"] = label.title
    if label.category:
        said["category"] = label.category
    if label.attributes:
        said["attributes"] = {**same.attributes, **dict(label.attributes)}
    changed = bool(said) and knowledge.describe(actor, same, said)
    return Taken(same, "relabelled" if changed else "duplicate")


def _describe(document: Document, given: Given) -> None:
    label = given.label
    document.title = (label.title or document.title)[:200]
    document.category = label.category or document.category or ""
    document.attributes = {**(document.attributes or {}), **dict(label.attributes)}
    document.file_name = given.file_name
    document.media_type = given.media_type
    document.size_bytes = given.size
    document.content_hash = given.digest
    knowledge.renew_original(document, given.storage_key)


def _record(actor: Actor, document: Document, outcome: str, verb: str) -> None:
    audit.record(
        actor,
        f"document.{outcome}",
        f"{actor.name} {verb} “{document.title}”",
        target=str(document.id),
    )
