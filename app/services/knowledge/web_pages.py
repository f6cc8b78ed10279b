"""Taking in web pages by their address."""

from __future__ import annotations

from app.extensions import db
from app.models import Document, SourceKind
from app.services.actors import Actor
from app.services.knowledge import knowledge, web_sources
from app.services.knowledge.placing import (
    Label,
    Taken,
    by_source,
    place_again,
    place_new,
    source_key,
)


def add_page(actor: Actor, url: str, label: Label) -> Taken:
    """Take a web page. It is fetched when it is its turn; one that is known is fetched again."""
    # Finding the address out may take long; no connection to the database waits for it.
    db.session.rollback()
    web_sources.refuse_private(url)
    taken = place_page(actor, url, label)
    db.session.commit()
    return taken


def place_page(actor: Actor, url: str, label: Label) -> Taken:
    """The same as part of the caller's change, for an address that may be asked."""
    key = source_key(SourceKind.PAGE, url)
    known = by_source(actor.organization_id, key)
    if known is not None:
        _describe(known, label)
        knowledge.renew_original(known, "")
        return place_again(actor, known)
    document = Document(
        organization_id=actor.organization_id,
        title=(label.title or url)[:200],
        category=label.category,
        attributes=dict(label.attributes),
        source=SourceKind.PAGE,
        source_key=key,
        source_url=url,
        file_name="page.html",
        media_type="text/html",
        size_bytes=0,
        content_hash="",
    )
    return place_new(actor, document)


def _describe(document: Document, label: Label) -> None:
    document.title = label.title[:200] or document.title
    document.category = label.category or document.category
    document.attributes = {**document.attributes, **dict(label.attributes)}
