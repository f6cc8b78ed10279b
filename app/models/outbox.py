"""A message to be mailed. The row is the job: what is written here goes out, whatever dies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, SealedText, UtcDateTime, one_of
from app.models.work import WorkRow


class MailStatus(StrEnum):
    QUEUED = "queued"
    KEPT = "kept"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxMessage(WorkRow, Record):
    """The bodies are sealed, since they hold links that sign somebody in.

    They are opened only by whoever asks for them, and wiped once the message has gone out.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index("ix_outbox_messages_organization_id_id", "organization_id", "id"),
        Index("ix_outbox_messages_status_due_at", "status", "due_at"),
    )

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    on_behalf_of_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )
    template: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(SealedText, deferred=True)
    html: Mapped[str | None] = mapped_column(SealedText, deferred=True)
    status: Mapped[MailStatus] = mapped_column(one_of(MailStatus), default=MailStatus.QUEUED)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(300), default="")
