"""What agents keep to work with: views, ready-made replies, macros, drafts, who looks at what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, Record, UtcDateTime, now


class Tagging(Model):
    """One word on one conversation; `Conversation.tags` is the copy that is shown."""

    __tablename__ = "taggings"
    __table_args__ = (Index("ix_taggings_organization_id_name", "organization_id", "name"),)

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))


class Mention(Record):
    """Somebody was called by a colleague in a note."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        Index("ix_mentions_user_id_id", "user_id", "id"),
        Index("ix_mentions_conversation_id", "conversation_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID] = mapped_column()
    seq: Mapped[int] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedView(Record):
    """Filters and an order under a name; without a person it is everybody's."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_organization_id_id", "organization_id", "id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sort: Mapped[str] = mapped_column(String(20), default="newest")


class CannedReply(Record):
    """A reply that is written once; `shortcut` is what is typed behind the slash."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("organization_id", "shortcut"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    shortcut: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class Macro(Record):
    """Several steps under one name, done one after the other."""

    __tablename__ = "macros"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(60))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class Draft(Model):
    """What somebody has begun to write in a conversation: a reply, a note, or one of each."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_conversation_id", "conversation_id"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    is_note: Mapped[bool] = mapped_column(default=False, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class Viewing(Model):
    """One open screen, and the conversation on it; what is not renewed is over."""

    __tablename__ = "viewings"
    __table_args__ = (
        Index("ix_viewings_conversation_id", "conversation_id"),
        Index("ix_viewings_organization_id_seen_at", "organization_id", "seen_at"),
        Index("ix_viewings_user_id", "user_id"),
    )

    screen_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
