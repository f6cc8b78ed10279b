"""A document of an organization: what its answers may be made from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, UtcDateTime, now, one_of
from app.models.work import WorkRow


class DocumentStatus(StrEnum):
    """How far the newest version has come. The version before it answers meanwhile."""

    QUEUED = "queued"
    READING = "reading"
    EMBEDDING = "embedding"
    READY = "ready"
    FAILED = "failed"


class SourceKind(StrEnum):
    FILE = "file"
    TEXT = "text"
    QUESTION = "question"
    PAGE = "page"


class Document(WorkRow, Record):
    """The row is the job that learns it.

    `version` is the newest version that was given to us, `live_version` the one that answers
    (0 for none). They differ while a change is being learned, and after it failed.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_organization_id_id", "organization_id", "id"),
        Index("ix_documents_organization_id_content_hash", "organization_id", "content_hash"),
        UniqueConstraint("organization_id", "source_key"),
        Index("ix_documents_status_due_at", "status", "due_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    title: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(80), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[SourceKind] = mapped_column(one_of(SourceKind))
    source_key: Mapped[str] = mapped_column(String(64))
    source_url: Mapped[str | None] = mapped_column(String(2_000))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200), default="")
    live_storage_key: Mapped[str | None] = mapped_column(String(200))

    status: Mapped[DocumentStatus] = mapped_column(
        one_of(DocumentStatus), default=DocumentStatus.QUEUED
    )
    version: Mapped[int] = mapped_column(default=1)
    live_version: Mapped[int] = mapped_column(default=0)
    # The newest version only says the same under another title: its passages are at hand.
    from_passages: Mapped[bool] = mapped_column(default=False)
    pages_total: Mapped[int] = mapped_column(default=0)
    pages_done: Mapped[int] = mapped_column(default=0)
    passages_total: Mapped[int] = mapped_column(default=0)
    passages_done: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(String(400), default="")
    times_cited: Mapped[int] = mapped_column(default=0)
    learned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    @property
    def is_unnamed(self) -> bool:
        """Whether its title is only what it was called before anybody had read it."""
        return self.title in {PurePosixPath(self.file_name).stem, (self.source_url or "")[:200]}

    @property
    def is_searchable(self) -> bool:
        return self.live_version > 0

    @property
    def is_busy(self) -> bool:
        return self.status not in {DocumentStatus.READY, DocumentStatus.FAILED}

    @property
    def has_its_passages(self) -> bool:
        """Whether the passages that answer are those of the newest file that was given."""
        return self.status is DocumentStatus.READY or self.from_passages
