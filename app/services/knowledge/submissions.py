"""Taking in what an organization gives its assistant to know: files, texts, questions."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from uuid import uuid4

import structlog

from app.adapters import adapters
from app.errors import AppError, Invalid, ProviderError, TooLarge, Unavailable
from app.extensions import db
from app.models import SourceKind
from app.services.actors import Actor
from app.services.knowledge.placing import Given, Label, Taken, place
from app.services.naming import bare_name

__all__ = [
    "KINDS",
    "MEDIA_TYPES",
    "MOST_BYTES",
    "Attempt",
    "Label",
    "Taken",
    "add_file",
    "add_files",
    "add_question",
    "add_text",
    "bare_name",
]
log = structlog.get_logger(__name__)
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


@dataclass(frozen=True)
class Attempt:
    """What became of one of several files: either it was taken, or there is an error."""

    file_name: str
    taken: Taken | None = None
    error: AppError | None = None


@dataclass(frozen=True)
class _Content:
    source: SourceKind
    key: str
    file_name: str
    media_type: str
    content: IO[bytes]
    label: Label


def add_files(actor: Actor, files: Iterable[tuple[str, IO[bytes]]], label: Label) -> list[Attempt]:
    """Take each by itself: whatever happens to one, the others are told of all the same."""
    attempts = []
    for name, content in files:
        try:
            attempts.append(Attempt(name, taken=add_file(actor, name, content, label)))
        except AppError as error:
            attempts.append(Attempt(name, error=error))
        except Exception:
            # Nobody has foreseen it, and the files before it are taken already.
            log.exception("file_not_taken", file_name=name[:200])
            attempts.append(Attempt(name, error=AppError(f"{_quoted(name)}: {AppError.message}")))
    return attempts


def add_file(actor: Actor, name: str, content: IO[bytes], label: Label) -> Taken:
    """Take a file; a changed one by the same name becomes a new version of the same document."""
    name = bare_name(name)
    media_type = MEDIA_TYPES.get(PurePosixPath(name.lower()).suffix)
    if media_type is None:
        message = f"{_quoted(name)} cannot be read. Please upload {KINDS}."
        raise Invalid(message, code="unknown_kind", fields={"file": message})
    return _take(
        actor, _Content(SourceKind.FILE, name.casefold(), name, media_type, content, label)
    )


def add_text(actor: Actor, text: str, label: Label) -> Taken:
    """Take a snippet that somebody typed."""
    # Two texts may well have one title: each is a document of its own.
    return _take(actor, _typed(SourceKind.TEXT, uuid4().hex, text, label))


def add_question(actor: Actor, question: str, answer: str, category: str) -> Taken:
    """Take a question with its answer; the question becomes the title that search sees."""
    label = Label(title=question[:200], category=category)
    return _take(actor, _typed(SourceKind.QUESTION, question.casefold(), answer, label))


def _typed(source: SourceKind, key: str, text: str, label: Label) -> _Content:
    content = io.BytesIO(text.encode())
    return _Content(source, key, "typed.md", "text/markdown", content, label)


def _take(actor: Actor, given: _Content) -> Taken:
    measured = _Measured(given.content)
    key = _kept(actor, given.file_name, measured)
    try:
        if measured.size > MOST_BYTES:
            limit = f"{MOST_BYTES // 1024**2} MB"
            message = f"{_quoted(given.file_name)} is larger than {limit}. Please split it."
            raise TooLarge(message, fields={"file": message})
        taken = place(
            actor,
            Given(
                given.source,
                given.key,
                given.file_name,
                given.media_type,
                given.label,
                measured.size,
                measured.digest,
                key,
            ),
        )
        db.session.commit()
    except Exception:
        db.session.rollback()
        _forget(key)
        raise
    if not taken.is_kept:
        _forget(key)
    return taken


def _kept(actor: Actor, name: str, measured: _Measured) -> str:
    # Storing may take long; nobody is to wait for a connection to the database meanwhile.
    db.session.rollback()
    try:
        return adapters.file_storage.keep(actor.organization_id, measured)
    except ProviderError as error:
        log.warning("file_not_stored", reason=str(error))
        message = f"{_quoted(name)} could not be stored just now. Please try again in a moment."
        raise Unavailable(message, fields={"file": message}) from error


def _forget(key: str) -> None:
    try:
        adapters.file_storage.remove(key)
    except ProviderError as error:
        # It does no harm where it is, and `flask reconcile` finds it.
        log.warning("file_left_behind", reason=str(error))


def _quoted(name: str) -> str:
    return f"“{bare_name(name)[:80]}”"


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
