"""A help article that a reply may become, once somebody in charge has read it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, UtcDateTime, now, one_of


class ArticleStatus(StrEnum):
    OPEN = "open"
    PUBLISHED = "published"
    REJECTED = "rejected"


class ArticleDraft(Record):
    """It goes with the conversation it was written from; what was published stays."""

    __tablename__ = "article_drafts"
    __table_args__ = (
        Index("ix_article_drafts_organization_id_id", "organization_id", "id"),
        Index("ix_article_drafts_conversation_id", "conversation_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(String(1_000))
    answer: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[ArticleStatus] = mapped_column(one_of(ArticleStatus), default=ArticleStatus.OPEN)
    made_by: Mapped[str] = mapped_column(String(120), default="")
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("documents.id", ondelete="SET NULL")
    )
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
