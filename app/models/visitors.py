"""A browser that writes to an organization, and the files it sends along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, UtcDateTime, now


class Visitor(Record):
    """Known by a secret token of which only the hash is kept.

    `identified` says that the host site has vouched, by its signature, for who the contact is;
    an address that a visitor merely typed opens nobody's history.
    """

    __tablename__ = "visitors"
    __table_args__ = (
        Index("ix_visitors_organization_id_id", "organization_id", "id"),
        Index("ix_visitors_contact_id", "contact_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
    identified: Mapped[bool] = mapped_column(default=False)
    blocked: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(20), default="")
    page_url: Mapped[str] = mapped_column(String(500), default="")
    page_title: Mapped[str] = mapped_column(String(200), default="")
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Attachment(Record):
    """A file that was uploaded; it belongs to a message once one has been sent with it."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_visitor_id", "visitor_id"),
        Index("ix_attachments_user_id", "user_id"),
        Index("ix_attachments_conversation_id", "conversation_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    visitor_id: Mapped[UUID | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    # It came with a note: no visitor may fetch it.
    for_team: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column()
    storage_key: Mapped[str] = mapped_column(String(200))
