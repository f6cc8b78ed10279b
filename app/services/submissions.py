"""Taking in what an organization gives its assistant to know: files, texts, questions, pages."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.adapters import adapters
from app.errors import Conflict, Invalid, TooLarge
from app.extensions import db
from app.models import Document, DocumentStatus, SourceKind
from app.services import audit, web_sources
from app.services.actors import Actor
from app.services.knowledge import queue, renew_original

MOST_BYTES = 50 * 1024 * 1024
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
KINDS = "PDF, Word (.docx), Markdown, HTML, plain text or CSV"
# Marks that reverse the writing direction can show "fdp.exe" as "exe.pdf".
MISLEADING = frozenset(map(chr, (0x200B, 0xFEFF, *range(0x200E, 0x2010), *range(0x202A, 0x202F))))
MISLEADING |= frozenset(map(chr, range(0x2066, 0x206A)))


@dataclass(frozen=True)
class Label:
    """What a person says about a document."""

    title: str = ""
    category: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Given:
    """Something with content, and what it is known by when it comes again."""

    source: SourceKind
    key: str
    file_name: str
    media_type: str
    content: IO[bytes]
    label: Label


@dataclass(frozen=True)
class Taken:
    """What became of it: "added", "replaced" (a new version), or "duplicate" (known already)."""

    document: Document
    outcome: str


def add_file(actor: Actor, name: str, content: IO[bytes], label: Label) -> Taken:
    """Take a file; a changed one by the same name becomes a new version of the same document."""
    name = bare_name(name)
    media_type = MEDIA_TYPES.get(PurePosixPath(name.lower()).suffix)
    if media_type is None:
        message = f"“{name[:80]}” cannot be read. Please upload {KINDS}."
        raise Invalid(message, code="unknown_kind", fields={"file": message})
    return _take(actor, Given(SourceKind.FILE, name.casefold(), name, media_type, content, label))


def add_text(actor: Actor, text: str, label: Label) -> Taken:
    """Take a snippet that somebody typed."""
    # Two texts may well have one title: each is a document of its own.
    return _take(actor, _typed(SourceKind.TEXT, uuid4().hex, text, label))


def add_question(actor: Actor, question: str, answer: str, category: str) -> Taken:
    """Take a question with its answer; the question becomes the title that search sees."""
    label = Label(title=question[:200], category=category)
    return _take(actor, _typed(SourceKind.QUESTION, question.casefold(), answer, label))


def add_page(actor: Actor, url: str, label: Label) -> Taken:
    """Take a web page. It is fetched when it is its turn; one that is known is fetched again."""
    web_sources.refuse_private(url)
    key = _source_key(SourceKind.PAGE, url)
    known = _by_source(actor.organization_id, key)
    if known is not None:
        renew_original(known, "")
        queue(known)
        return _recorded(actor, known, "replaced")
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
    return _added(actor, document)


def add_sitemap(actor: Actor, url: str, category: str) -> list[Taken]:
    """Take every page of a sitemap that may be asked."""
    web_sources.refuse_private(url)
    taken = []
    for address in web_sources.pages_of_sitemap(url):
        try:
            taken.append(add_page(actor, address, Label(category=category)))
        except Invalid:
            # One address inside a private network must not cost the others.
            continue
    return taken


def bare_name(name: str) -> str:
    """The last part of whatever path was sent, without what only confuses an eye or a terminal."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    visible = "".join(each for each in last if each.isprintable() and each not in MISLEADING)
    return visible.strip(" .")[-200:] or "document"


def _typed(source: SourceKind, key: str, text: str, label: Label) -> Given:
    content = io.BytesIO(text.encode())
    return Given(source, key, "typed.md", "text/markdown", content, label)


def _take(actor: Actor, given: Given) -> Taken:
    measured = _Measured(given.content)
    storage_key = adapters.file_storage.keep(actor.organization_id, measured)
    try:
        if measured.size > MOST_BYTES:
            limit = f"{MOST_BYTES // 1024**2} MB"
            message = f"“{given.file_name[:80]}” is larger than {limit}. Please split it."
            raise TooLarge(message, fields={"file": message})
        return _place(actor, given, measured, storage_key)
    except Exception:
        db.session.rollback()
        adapters.file_storage.remove(storage_key)
        raise


def _place(actor: Actor, given: Given, measured: _Measured, storage_key: str) -> Taken:
    source_key = _source_key(given.source, given.key)
    known = _by_source(actor.organization_id, source_key)
    same = _by_content(actor.organization_id, measured.digest)
    is_new = known is None and given.source in {SourceKind.FILE, SourceKind.TEXT}
    if same is not None and (same is known or is_new):
        adapters.file_storage.remove(storage_key)
        return Taken(same, "duplicate")
    document = known or Document(
        organization_id=actor.organization_id,
        title=PurePosixPath(given.file_name).stem,
        source=given.source,
        source_key=source_key,
    )
    _describe(document, given, measured, storage_key)
    if known is None:
        return _added(actor, document)
    queue(document)
    return _recorded(actor, document, "replaced")


def _describe(document: Document, given: Given, measured: _Measured, storage_key: str) -> None:
    label = given.label
    document.title = (label.title or document.title)[:200]
    document.category = label.category or document.category or ""
    document.attributes = {**(document.attributes or {}), **dict(label.attributes)}
    document.file_name = given.file_name
    document.media_type = given.media_type
    document.size_bytes = measured.size
    document.content_hash = measured.digest
    renew_original(document, storage_key)


def _added(actor: Actor, document: Document) -> Taken:
    db.session.add(document)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody gave the same thing at the same moment.
        db.session.rollback()
        message = "This was given twice at once. Please try again."
        raise Conflict(message, fields={"file": message}) from error
    queue(document, first=True)
    return _recorded(actor, document, "added")


def _recorded(actor: Actor, document: Document, outcome: str) -> Taken:
    verb = "added" if outcome == "added" else "renewed"
    audit.record(
        actor,
        f"document.{outcome}",
        f"{actor.name} {verb} “{document.title}”",
        target=str(document.id),
    )
    db.session.commit()
    return Taken(document, outcome)


def _source_key(source: SourceKind, key: str) -> str:
    return hashlib.sha256(f"{source.value}:{key}".encode()).hexdigest()


def _by_source(organization_id: UUID, source_key: str) -> Document | None:
    """The document, locked: of two changes at once the second has to see the first."""
    query = (
        select(Document)
        .where(Document.organization_id == organization_id, Document.source_key == source_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one_or_none()


def _by_content(organization_id: UUID, digest: str) -> Document | None:
    query = select(Document).where(
        Document.organization_id == organization_id,
        Document.content_hash == digest,
        Document.status != DocumentStatus.FAILED,
    )
    return db.session.scalars(query).first()


class _Measured:
    """Counts and hashes what is read through it, so that a file passes by only once."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        # Beyond the limit the rest is not even stored.
        chunk = self._content.read(size) if self.size <= MOST_BYTES else b""
        self._hash.update(chunk)
        self.size += len(chunk)
        # Between two pieces others have their turn: hashing and writing 50 MB takes a while.
        time.sleep(0)
        return chunk

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()
